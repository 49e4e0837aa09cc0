"""What the documents claim holds: pages, paths, keys, commands and links."""

import ast
import importlib.util
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import underwatch as uw
from underwatch.cli import app, pages
from underwatch.scenario import Scenario
from underwatch.scenario.keys import at
from underwatch.scenario.organs import organs

ROOT = Path(__file__).parents[2]
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(pages.PAGES.rglob("*.md")),
]
SECTIONS = [
    "Model",
    "Rules",
    "Parameters",
    "Switch",
    "Measures that it moves",
    "Code and tests",
    "Limits",
]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)


@cache
def generated() -> dict[str, str]:
    """The pages of the site that are made from the package."""
    spec = importlib.util.spec_from_file_location("site_pages", ROOT / "docs" / "site_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.generated()


def commands() -> dict:
    import typer

    return typer.main.get_command(app).commands


@pytest.mark.parametrize("number", [organ.number for organ in organs()])
def test_every_organ_has_a_page_in_the_package(number):
    organ = next(o for o in organs() if o.number == number)
    text = pages.organ_page(number)
    assert text.startswith(f"# {number} {organ.name}\n\nThe article: {organ.article}.\n")
    found = re.findall(r"^## (.+)$", text, re.M)
    wanted = [s for s in SECTIONS if organ.switch or s not in ("Switch", "Measures that it moves")]
    assert [s for s in found if s in wanted] == [s for s in wanted if s in found]
    assert {"Model", "Rules", "Code and tests", "Limits"} <= set(found)


def test_every_key_on_a_page_is_a_key_of_the_default_scenario():
    scenario = Scenario.load("atlantic-2018")
    keys = set()
    for path in pages.PAGES.rglob("*.md"):
        keys |= set(re.findall(r"^\| `(\w+\.[\w.]+)` \|", path.read_text("utf-8"), re.M))
    assert len(keys) > 200
    for key in keys:
        at(scenario, key)


def test_a_page_shows_the_values_and_dates_of_the_scenario_that_is_asked_for():
    here, there = pages.organ_page("M1"), pages.organ_page("m1", "unwatched")
    assert (
        "Values are those of `atlantic-2018`." in here
        and "In `atlantic-2018` it is on throughout." in here
    )
    assert "Values are those of `unwatched`." in there and "In `unwatched` it is off." in there


def test_every_path_that_a_document_names_exists():
    paths = set()
    for document in [*DOCUMENTS, pages.DATA / "organs.toml"]:
        text = document.read_text("utf-8")
        paths |= set(re.findall(r"[`\"]((?:src|tests|reference|docs|bench)/[\w./-]+)[`\"]", text))
    assert len(paths) > 20
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_relative_link_between_documents_leads_somewhere():
    made = generated()
    known = {"/".join(p.relative_to(ROOT / "docs").parts) for p in (ROOT / "docs").rglob("*.*")}
    known |= set(made)
    site = {p.relative_to(ROOT / "docs").as_posix(): p.read_text("utf-8") for p in
            (ROOT / "docs").rglob("*.md")} | made  # fmt: skip
    for uri, text in site.items():
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)", text):
            place = (Path("/") / uri).parent / target
            assert _plain(place) in known, f"{uri} links to {target}"
    for name in ("README.md", "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#\s]+)\)", (ROOT / name).read_text("utf-8")):
            assert (ROOT / target).exists(), f"{name} links to {target}"


def _plain(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts[1:]:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)


def test_every_page_in_the_navigation_exists():
    made = generated()
    config = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text("utf-8"))

    def leaves(entry):
        if isinstance(entry, str):
            return [entry]
        items = entry.values() if isinstance(entry, dict) else entry
        return [leaf for item in items for leaf in leaves(item)]

    listed = leaves(config["nav"])
    assert set(made) <= set(listed)
    assert not [uri for uri in listed if uri not in made and not (ROOT / "docs" / uri).is_file()]


def test_every_command_and_option_in_the_documents_exists():
    known = commands()
    lines = []
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        lines += [line for _, body in FENCE.findall(text) for line in body.splitlines()]
        lines += re.findall(r"`(underwatch [^`]+)`", text)
    used = [line.split("#")[0] for line in lines if line.lstrip().startswith("underwatch ")]
    assert len(used) > 20
    for line in used:
        name = line.split()[1]
        if name.startswith("--"):
            continue
        assert name in known, line
        options = {option for p in known[name].params for option in p.opts}
        for option in re.findall(r"(?<!\S)\[?(--[a-z-]+)", line):
            assert option in options, line


def test_python_in_the_documents_parses_and_uses_public_names_alone():
    for document in DOCUMENTS:
        for language, body in FENCE.findall(document.read_text("utf-8")):
            if language != "python":
                continue
            for node in ast.walk(ast.parse(body)):
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "uw":
                    assert node.attr in dir(uw), f"{document.name}: uw.{node.attr}"


def test_the_citation_names_the_version_of_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert str(citation["version"]) == project["version"]
    assert citation["license"] == project["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
