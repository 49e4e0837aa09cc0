"""Every sentence that a page or a script asks for is in the file of texts and in that page."""

import re
from pathlib import Path

import pytest

from underwatch.lab import pages
from underwatch.lab.catalogue import catalogue
from underwatch.lab.jobs.bands import sentence
from underwatch.lab.settings import Settings
from underwatch.lab.texts import texts

LAB = Path(pages.__file__).parent
WHOLE_KEY = re.compile(r"""\bt\(["'`]([a-z_]+(?:\.[a-z_0-9]+)+)["'`]""")


def modules(name: str, found: dict[str, str] | None = None) -> dict[str, str]:
    """A script and all that it imports: name → text."""
    found = {} if found is None else found
    if name not in found:
        found[name] = (LAB / "static" / name).read_text("utf-8")
        for other in re.findall(r'from "\./([a-z_]+\.js)"', found[name]):
            modules(other, found)
    return found


@pytest.mark.parametrize("page", sorted({*pages.PAGES.values()}))
def test_a_page_has_the_sentences_that_its_scripts_ask_for(page):
    template = (LAB / "templates" / f"{page}.html.j2").read_text("utf-8")
    [listed] = re.findall(r"t\.section\((.*?)\) \| data }}</script>", template)
    sent = re.findall(r'"([a-z_]+)"', listed)
    for name, text in modules(f"{page}.js").items():
        for key in WHOLE_KEY.findall(text):
            assert key.partition(".")[0] in sent, (name, key)
            assert texts()(key), (name, key)


def test_every_switch_has_a_sentence_and_a_source():
    offered = catalogue(Settings())
    for organ in (one for one in offered.organs if one.can_be_off):
        assert organ.sentence and organ.source
        assert texts()(f"organs.{organ.number}").endswith(".")
    for guard in offered.safeguards:
        assert texts()(f"safeguards.{guard.key}").endswith(".") and guard.law


def test_what_changed_is_no_difference_where_chance_explains_it():
    row = {"name": "trust", "label": "Trust", "unit": "of 100", "difference": 1.0, "low": 0.5,
           "high": 1.5, "beyond_chance": False}  # fmt: skip
    assert sentence([row]) == "No difference beyond chance."
    assert "0.50 to 1.50" in sentence([{**row, "beyond_chance": True}])


def test_templates_and_routes_ask_for_sentences_that_there_are():
    for file in (*LAB.glob("templates/*.j2"), *LAB.rglob("*.py")):
        text = file.read_text("utf-8").replace("texts()(", "t(")
        for key in WHOLE_KEY.findall(text):
            assert texts()(key), (file.name, key)
