"""MkDocs hook: pages of the site that come from the package, so that nothing is written twice.

Organ and model pages are those of the wheel; references are made from the scenario
schema, the catalogues and the command line; the notebook becomes a page.
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def on_files(files, config):
    """Add the generated pages to those in docs/."""
    from mkdocs.structure.files import File

    for uri, text in generated().items():
        files.append(File.generated(config, uri, content=text))
    return files


def generated() -> dict[str, str]:
    """Every page that is made here, by its path in the site."""
    from underwatch.cli import assumption_pages, pages
    from underwatch.cli.odd import odd_page
    from underwatch.scenario.organs import organs

    made = assumption_pages.site() | {
        "tutorials/first-run.md": notebook(ROOT / "docs" / "first-run.ipynb"),
        "reference/command-line.md": command_line(),
        "reference/scenario-keys.md": scenario_keys(),
        "reference/measures.md": measures(),
        "reference/safeguards.md": safeguards(),
        "model/model.md": pages.page("model"),
        "model/measures.md": pages.page("measures"),
        "model/limits.md": pages.page("limits"),
        "model/odd.md": odd_page(),
        "reference/evidence.md": evidence(),
        "about/changelog.md": (ROOT / "CHANGELOG.md").read_text("utf-8"),
        "about/contributing.md": repository_links((ROOT / "CONTRIBUTING.md").read_text("utf-8")),
        "about/citation.md": citation(),
    }
    for organ in organs():
        made[f"model/organs/{organ.number}.md"] = pages.organ_page(organ.number, table=True)
    return made


def notebook(path: Path) -> str:
    """A notebook as Markdown: text cells as they are, code cells as code."""
    parts = []
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        text = "".join(cell["source"])
        parts.append(text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```")
    note = "\n\nThis page is the notebook `docs/first-run.ipynb`. The test suite executes it.\n"
    return "\n\n".join(parts) + note


def command_line() -> str:
    """All commands with their arguments and options, read from the command line itself."""
    import typer

    from underwatch.cli import app

    group = typer.main.get_command(app)
    out = [
        "# Command line",
        "",
        "Exit codes: 0 done; 2 a user error, with a message; 130 interrupted.",
        "",
    ]
    for name, command in group.commands.items():
        if command.hidden:
            continue
        out += [
            f"## underwatch {name}",
            "",
            command.help or "",
            "",
            "| parameter | meaning |",
            "|---|---|",
        ]
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                label = parameter.metavar or parameter.name.upper()
            else:
                label = " / ".join([*parameter.opts, *parameter.secondary_opts])
            text = " ".join((getattr(parameter, "help", None) or "").split()).replace("|", "\\|")
            text = text.replace("<", "&lt;")
            out.append(f"| `{label}` | {text} |")
        out.append("")
    return "\n".join(out)


def scenario_keys(name: str = "atlantic-2018") -> str:
    """Every key of a scenario with its meaning, and its value and source in the default."""
    from underwatch.cli.assumption_pages import assumptions
    from underwatch.cli.pages import meaning_of, with_confidence, written
    from underwatch.scenario import Scenario
    from underwatch.scenario.keys import at

    scenario, assumed = Scenario.load(name), assumptions(name)
    sources = scenario.sources
    out = [
        "# Scenario keys",
        "",
        f"Values and sources are those of `{name}`. Dated values apply from their date on. "
        "`underwatch schema` prints the JSON Schema. An assumption links to its page.",
        "",
    ]
    section = None
    for key, source in sorted(sources.items()):
        if key.partition(".")[0] != section:
            section = key.partition(".")[0]
            out += [f"## {section}", "", "| key | meaning | value | source |", "|---|---|---|---|"]
        found = meaning_of(key)
        meaning = re.sub(r"\]\((M\d+)\.md\)", r"](../model/organs/\1.md)", found.text)
        for organ in found.organs[:1]:
            meaning += f" ([{organ}](../model/organs/{organ}.md))"
        value = str(at(scenario, key)) if key == "society.seed" else written(at(scenario, key))
        named = f"`{key}`"
        if key in assumed:
            named = f"[{named}](../assumptions/{assumed[key].section}.md#{key})"
        cells = (named, meaning, value, with_confidence(source))
        out.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        following = [k for k in sorted(sources) if k > key]
        if not following or following[0].partition(".")[0] != section:
            out.append("")
    return "\n".join(out)


def evidence() -> str:
    """Every published figure, with source, year, confidence and the organs on which it bears."""
    from underwatch.scenario.evidence import figures
    from underwatch.scenario.keys import in_words

    out = [
        "# Evidence",
        "",
        "Published figures by which scenarios are set and with which runs are compared. "
        "Confidence: V read in a stored copy of the source, S a press or secondary account, M from "
        "memory, to be checked, C computed. Only aggregates are here.",
        "",
    ]
    for key, figure in figures().items():
        year = "" if figure.year == "none" else f", {figure.year}"
        out += [f"## `{key}` {{ #{key} }}", "", figure.what, ""]
        out += [f"- {name}: {in_words(value)}" for name, value in _numbers(figure.value)]
        out += [f"- Unit: {figure.unit}", f"- Source: {figure.source}{year}. {figure.confidence}."]
        if figure.bears_on:
            linked = [f"[{one}](../model/organs/{one}.md)" for one in figure.bears_on]
            out.append(f"- Bears on: {', '.join(linked)}")
        out += [f"- Note: {' '.join(figure.note.split())}"] if figure.note else []
        out.append("")
    return "\n".join(out)


def _numbers(value, above: str = ""):
    """The parts of a figure with their names; a number without parts is its value."""
    if not isinstance(value, dict):
        yield above.replace("_", " ") or "value", value
        return
    for name, part in value.items():
        yield from _numbers(part, f"{above}, {name}" if above else name)


def measures() -> str:
    """Every measure: unit, definition and how to read it, the summary before the tallies."""
    from underwatch.measurement.pages import SUMMARY, entries

    out = [
        "# Measures",
        "",
        "How to read measures in general: [Measures](../model/measures.md).",
        "",
    ]
    heading = None
    for name, entry in entries().items():
        named = "Summary" if entry.type == SUMMARY else "Tallies"
        if named != heading:
            heading = named
            out += [f"## {heading}", ""]
        out += [f"### {entry.label}", "", f"`{name}`, in {entry.unit}. {entry.definition}", ""]
        if entry.type == SUMMARY:
            out += [f"*Formula:* `{entry.formula}`", ""]
        out += [f"*How to read it:* {entry.reading}", ""]
        if entry.organs:
            links = ", ".join(f"[{organ}](../model/organs/{organ}.md)" for organ in entry.organs)
            out += [f"*Organs that move it:* {links}", ""]
    return "\n".join(out)


def safeguards() -> str:
    """The page of every safeguard."""
    from underwatch.cli.pages import safeguard_page
    from underwatch.scenario.safeguards import safeguards as known

    parts = [safeguard_page(guard.key).replace("# ", "## ", 1) for guard in known()]
    return (
        "# Safeguards\n\nA safeguard is a filter between two stages of the day, with a level from "
        "0 to 1 and a date. At level 0 it changes nothing. No safeguard changes anybody's random "
        "draws.\n\n" + "\n".join(parts)
    )


def citation() -> str:
    """How to cite the software."""
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    how = "Cite the version that you used (`underwatch --version`)."
    return f"# How to cite\n\n{how}\n\n```yaml\n{text}```\n"


def repository_links(text: str) -> str:
    """Links to files of the repository become plain code: the site does not hold them."""
    return re.sub(r"\[([^\]]+)\]\((?!http|#)[^)]+\)", r"`\1`", text)
