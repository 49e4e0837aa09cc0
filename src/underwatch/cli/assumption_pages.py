"""A page for each assumption: value, range, reason, source, and what it moves.

An assumption is a figure of a scenario that no published figure supports. Its page is made from
the scenario's source, the table of ranges and the data of the sensitivity analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from underwatch.cli import pages
from underwatch.errors import UserError, nearest, printable
from underwatch.report.assumptions import (
    HOW,
    SCENARIO,
    Assumption,
    assumptions,
    moves,
    value_of,
)
from underwatch.scenario import Scenario, shipped

__all__ = ["HOW", "SCENARIO", "assumptions", "chosen", "entry", "moves", "page", "site"]


@cache
def _shipped() -> dict[str, Scenario]:
    return {name: Scenario.load(name) for name in shipped()}


@cache
def _elsewhere(key: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value_of(scenario, key)) for name, scenario in _shipped().items())


def chosen(asked: str, name: str = SCENARIO) -> list[Assumption]:
    """The assumptions that a word names: a key, a section or the start of keys, an organ.

    Raises UserError if it names none.

    Examples
    --------
    >>> [one.key for one in chosen("scoring.association")]
    ['scoring.association']
    >>> {one.section for one in chosen("ties")}
    {'ties'}
    """
    known = assumptions(name)
    found = [
        one
        for one in known.values()
        if one.key == asked
        or one.section == asked
        or one.key.startswith(f"{asked}.")
        or asked.upper() in one.organs
    ]
    if found:
        return found
    if asked in Scenario.load(name).sources:
        raise UserError(
            f"{asked} is no assumption of {name}: {Scenario.load(name).sources[asked]}."
        )
    close = nearest(asked, known)
    how = f"did you mean {close}?" if close else "underwatch assumptions lists them."
    raise UserError(f"{asked} is no assumption of {name}; {how}")


def entry(one: Assumption, name: str = SCENARIO, organs: str = "organs/") -> str:
    """The page of one assumption, with a heading; organs: the folder of the organ pages."""
    lines = [f"### `{one.key}` {{ #{one.key} }}", ""]
    if one.meaning:
        text = one.meaning.replace("](M", f"]({organs}M")
        lines += [f"{text[:1].upper()}{text[1:]}.", ""]
    lines.append(f"- Value in `{printable(name)}`: {one.value}.")
    if one.range is not None:
        stated = " (stated by the scenario)" if one.range.stated else ""
        lines.append(f"- Range: {one.range.words}{stated}.")
        lines.append(f"- Reason: {one.range.reason.rstrip('.')}.")
        if one.range.together:
            lines.append(f"- It moves together with the other figures of *{one.range.together}*.")
    lines.append(f"- Source: {pages.with_confidence(one.source)}.")
    lines.append(f"- What it moves: {moves(one, name)}")
    if one.organs:
        linked = ", ".join(f"[{number}]({organs}{number}.md)" for number in one.organs)
        lines.append(f"- Organs: {linked}.")
    others = [(other, value) for other, value in _elsewhere(one.key) if value != one.value]
    if others:
        listed = "; ".join(f"`{other}` {value}" for other, value in others)
        lines.append(f"- In other scenarios: {listed}.")
    return "\n".join(lines) + "\n"


def page(asked: str, name: str = SCENARIO) -> str:
    """The pages of the assumptions that a word names; see `chosen`."""
    found = chosen(asked, name)
    head = "" if len(found) == 1 else f"# Assumptions: {asked}\n\n{HOW}\n\n"
    return head + "\n".join(entry(one, name) for one in found)


def site(name: str = SCENARIO) -> dict[str, str]:
    """The pages of the site: one for each section, with an entry for each assumption; an index."""
    by_section: dict[str, list[Assumption]] = {}
    for one in assumptions(name).values():
        by_section.setdefault(one.section, []).append(one)
    made = {"assumptions/index.md": "\n".join(_index(by_section, name))}
    for section, entries in by_section.items():
        text = "\n".join(entry(one, name, "../model/organs/") for one in entries)
        made[f"assumptions/{section}.md"] = (
            f"# Assumptions: {section}\n\n{HOW} Values are those of `{name}`.\n\n{text}"
        )
    return made


def _index(by_section: dict[str, list[Assumption]], name: str) -> Iterator[str]:
    count = sum(map(len, by_section.values()))
    yield (
        f"# Assumptions\n\n{count} figures of `{name}` are assumptions: no published figure "
        f"supports them, and other values may be as good. Each has an entry with its range, the "
        f"reason for it, its source and what it moves. {HOW} On the command line, `underwatch "
        "assumptions` lists them and `underwatch assumptions scoring.association` prints one.\n"
    )
    for section, entries in by_section.items():
        yield f"## [{section}]({section}.md)\n"
        yield "| assumption | value | range |\n|---|---|---|"
        for one in entries:
            words = one.range.words if one.range is not None else "not varied"
            cells = (f"[`{one.key}`]({section}.md#{one.key})", one.value, words)
            yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        yield ""
