"""The pages that ship with the package: organs, measures and the model, as Markdown.

A page on disk holds what does not change with a scenario. `organ_page` adds what does:
the values and sources of the parameters, the days on which the organ is on, and
what the tables of organs and safeguards say about it. The documentation site is built
from the same functions.
"""

import re
import sys
from datetime import date
from functools import cache

from underwatch.errors import UserError, did_you_mean, nearest, printable
from underwatch.scenario.data import DATA
from underwatch.scenario.meanings import PAGES, ROW, Meaning, meaning_of, meanings, written

__all__ = [
    "PAGES", "ROW", "Meaning", "meaning_of", "meanings", "organ_page", "page", "safeguard_page",
    "section_source", "show", "spans", "with_confidence", "written",
]  # fmt: skip
_CONFIDENCE = (
    "The letter after a source is its confidence: V read in a stored copy, S a press or secondary "
    "account, M from memory, C computed."
)
# Tests and second implementation of the organs outside the day.
_TESTS = {
    "M24": ("tests/study/test_diffusion.py", "reference/day.py"),
    "M26": ("tests/assessments/test_risk_score.py", "reference/risk_score.py"),
    "M27": ("tests/assessments/test_patrols.py", "reference/patrols.py"),
}
_LINK = re.compile(r"\[([^\]]+)\]\([\w./-]+\.md(?:#[\w.-]+)?\)")
_ANCHOR = re.compile(r"^(#+ .*) \{ #[\w.-]+ \}$", re.M)


def organ_page(number: str, scenario: str = "atlantic-2018", table: bool = False) -> str:
    """The page of one organ, with the values and sources of a scenario.

    number: "M1" to "M27", in upper or lower case. table: parameters as a table, for wide
    pages, and not as a list. Raises UserError if the organ or the scenario is unknown.
    """
    from underwatch.scenario import Scenario
    from underwatch.scenario.keys import at
    from underwatch.scenario.organs import organs

    known = {organ.number: organ for organ in organs()}
    organ = known.get(number.upper())
    if organ is None:
        names = {entry.name: entry.number for entry in known.values()}
        close = names.get(nearest(number, names))
        how = f"did you mean {close}?" if close else "organs are M1 to M27."
        raise UserError(f"there is no organ {number}; {how}")
    text = (PAGES / "organs" / f"{organ.number}.md").read_text("utf-8")
    world = Scenario.load(scenario)
    sources, shown = world.sources, printable(scenario)

    def parameter(found: re.Match) -> str:
        key, meaning = found.groups()
        source = printable(sources.get(key) or section_source(key, sources))
        source = with_confidence(source)
        value = str(at(world, key)) if key == "society.seed" else written(at(world, key))
        if not table:
            return f"- `{key}` = {value}  \n  {meaning}; {_origin(source)}"
        cells = (f"`{key}`", meaning, value, source)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    head, _, limits = text.partition("\n## Limits\n")
    top = f"Values are those of `{shown}`. {_CONFIDENCE}\n\n"
    if table:
        top += "| key | meaning | value | source |\n|---|---|---|---|\n"
    head = head.replace("| key | meaning |\n|---|---|\n", top)
    head = ROW.sub(parameter, head)
    return f"{head}\n{_switch(organ, world, shown)}{_code(organ)}\n## Limits\n{limits}"


def safeguard_page(key: str, scenario: str = "safeguarded") -> str:
    """The page of one safeguard, with its level in a scenario. Raises UserError if unknown."""
    from underwatch.scenario import Scenario
    from underwatch.scenario.organs import organs
    from underwatch.scenario.safeguards import safeguards

    known = {guard.key: guard for guard in safeguards()}
    guard = known.get(key.replace("-", "_"))
    if guard is None:
        raise UserError(f"there is no safeguard {key}{did_you_mean(key, known)}")
    level = written(getattr(Scenario.load(scenario).safeguards, guard.key))
    acts_on = [o for o in organs() if f"`safeguards.{guard.key}`" in _safeguards_of(o.number)]
    organs_named = ", ".join(f"{o.number} {o.name}" for o in acts_on) or "none by itself"
    return (
        f"# {guard.name}\n\n"
        f"- Key: `safeguards.{guard.key}`, from 0 (no change) to 1, dated.\n"
        f"- Stages: it acts between *{guard.between}*.\n"
        f"- Level: {guard.level}.\n"
        f"- Legal basis: {guard.law}. Check the text before you quote it.\n"
        f"- Organs on which it acts: {organs_named}.\n"
        f"- Level in `{printable(scenario)}`: {level}.\n"
        f"- Scenario in which it acts alone: `{guard.scenario}`.\n"
    )


def page(name: str) -> str:
    """A page that stands for itself, such as "model" or "measures"."""
    return (PAGES / f"{name}.md").read_text("utf-8")


def show(text: str) -> None:
    """Print a page: formatted on a terminal, as plain text in a pipe. Links become their text."""
    text = _ANCHOR.sub(r"\1", _LINK.sub(r"\1", text))
    if not sys.stdout.isatty():
        print(text.replace("  \n", "\n").rstrip("\n"))
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(text, hyperlinks=False))


def with_confidence(source: str) -> str:
    """A source with the confidence of each figure of the evidence that it names: npl_2023 (S)."""
    from underwatch.scenario.evidence import figures

    known = figures()
    named = re.compile(rf"\b({'|'.join(map(re.escape, known))})\b(?! \()")
    return named.sub(lambda found: f"{found[1]} ({known[found[1]].confidence})", source)


def _origin(source: str) -> str:
    """A source at the end of a line: an assumption as it is, the evidence by name."""
    return source if source.startswith("assumption") else f"source: {source}"


def section_source(key: str, sources: dict[str, str]) -> str:
    """The sources of the figures below a key, each once."""
    return ", ".join(dict.fromkeys(s for k, s in sources.items() if k.startswith(f"{key}.")))


def _switch(organ, scenario, name: str) -> str:
    """When the organ is on, which scenario lacks it, and which safeguards act on it."""
    if not organ.switch:
        return ""
    lines = [
        "## Switch",
        "The organ is on, on a given day, if any of these keys then has a value other than "
        f"false, zero or an empty list: {_names(organ.switch)}.",
    ]
    if organ.needs:
        lines.append(f"One of these must also have such a value: {_names(organ.needs)}.")
    lines.append(f"In `{name}` it is {spans(organ.history(scenario))}.")
    if organ.without:
        lines.append(f"The default scenario without this organ: `{organ.without}`.")
    guards = _safeguards_of(organ.number)
    if guards:
        lines += ["", "Safeguards that act on this organ:", "", guards]
    moves = f"\n## Measures that it moves\n{_names(organ.moves)}.\n" if organ.moves else ""
    return "\n".join(lines) + "\n" + moves


def spans(history: list[tuple[date, bool]]) -> str:
    """When an organ is on: "on from 2015-01-01", "off", "on throughout"."""
    if len(history) == 1:
        return "on throughout" if history[0][1] else "off"
    changes = [f"{'on' if on else 'off'} from {day}" for day, on in history]
    return ", ".join(changes if history[0][1] else changes[1:])


@cache
def _organ_entries() -> dict[str, dict]:
    import tomllib

    return tomllib.loads((DATA / "organs.toml").read_text("utf-8"))


def _safeguards_of(number: str) -> str:
    from underwatch.scenario.safeguards import safeguards

    listed = _organ_entries()[number].get("safeguards", ())
    named = {guard.key: guard for guard in safeguards()}
    return "\n".join(f"- `safeguards.{key}`: {named[key].level}." for key in listed)


def _code(organ) -> str:
    tests, twin = _TESTS.get(organ.number, ("tests/model/", "reference/day.py"))
    return (
        f"\n## Code and tests\n- Code: {_names(organ.files)}.\n"
        f"- Tests: `{tests}`, and the comparison with the second implementation in `{twin}`.\n"
    )


def _names(names) -> str:
    return ", ".join(f"`{name}`" for name in names)
