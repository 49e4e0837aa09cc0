"""A page for each assumption: value, range, reason, source, and what it moves.

An assumption is a figure of a scenario that no published figure supports. Its page is made from
the scenario's source, the table of ranges and the data of the sensitivity analysis.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from underwatch.cli import pages
from underwatch.errors import UserError, nearest, printable
from underwatch.report import robustness
from underwatch.report.numbers import format_column
from underwatch.scenario import Scenario, shipped
from underwatch.scenario.evidence import is_assumption
from underwatch.scenario.keys import at
from underwatch.scenario.ranges import Range, ranges

SCENARIO = "atlantic-2018"
HOW = (
    "A range says within which values the author holds an assumption to be plausible; it is a "
    "judgement as well. Outside it nothing was tried."
)


class Assumption(NamedTuple):
    """One assumption of a scenario, as its page has it."""

    key: str
    meaning: str
    organs: tuple[str, ...]
    value: str
    range: Range | None
    source: str
    elsewhere: tuple[tuple[str, str], ...]  # (scenario, value), where a shipped one differs

    @property
    def section(self) -> str:
        """The part of the key before the first dot; "period" for the first and the last day."""
        above, _, within = self.key.partition(".")
        return above if within else "period"


@cache
def assumptions(name: str = SCENARIO) -> dict[str, Assumption]:
    """Every assumption of a scenario by key, in the order of declaration."""
    scenario = Scenario.load(name)
    sources, known = scenario.sources, ranges(scenario)
    found = {}
    for key in [key for key in sources if key not in ("title", "text")]:
        if not is_assumption(sources[key]):
            continue
        meaning = pages.meaning_of(key)
        value = _value(scenario, key)
        others = [(other, text) for other, text in _elsewhere(key) if text != value]
        found[key] = Assumption(
            key, meaning.text, meaning.organs, value, known.get(key), printable(sources[key]),
            tuple(others),
        )  # fmt: skip
    return found


def _value(scenario: Scenario, key: str) -> str:
    value = at(scenario, key)
    return str(value) if key == "society.seed" else pages.written(value)


@cache
def _shipped() -> dict[str, Scenario]:
    return {name: Scenario.load(name) for name in shipped()}


@cache
def _elsewhere(key: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, _value(scenario, key)) for name, scenario in _shipped().items())


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
    if one.elsewhere:
        lines.append(
            "- In other scenarios: "
            + "; ".join(f"`{other}` {value}" for other, value in one.elsewhere)
            + "."
        )
    return "\n".join(lines) + "\n"


def moves(one: Assumption, name: str = SCENARIO) -> str:
    """What the sensitivity analysis says that an assumption moves, in one line.

    Measures for which it is among the five that matter most come with the mean change over its
    range, its interval, and its place.
    """
    if one.range is not None and not one.range.varied:
        return "it is not varied."
    computed = robustness.shipped().get(name)
    ranked = [m for m in computed.measures.values() if m.effects] if computed else []
    if computed is None or not ranked:
        return f"not computed: `underwatch sensitivity {printable(name)}`."
    old = (
        ""
        if computed.lasting_hash == _lasting_hash(name)
        else ", for an earlier version of this scenario"
    )
    size = (
        f"{computed.ranked:,} assumptions ranked, {computed.citizens:,} citizens, "
        f"{computed.days:,} days{old}"
    )
    parts = [
        f"{measure.label} by {_change(effect)} {measure.unit} (place {place})"
        for measure in ranked
        for place, effect in enumerate(measure.effects[: robustness.MOST_SHOWN], 1)
        if one.key in effect.keys and effect.effect > 0
    ]
    if parts:
        return f"{'; '.join(parts)}. Mean changes over the range; {size}."
    kept = any(one.key in effect.keys for measure in ranked for effect in measure.effects)
    if not kept and computed.ranked < computed.varied:
        return (
            f"its own effect is not computed; it is one of {computed.varied:,} assumptions that "
            f"were varied together for the bands of the reports. `underwatch sensitivity "
            f"{printable(name)}` ranks all."
        )
    return (
        f"it is among the five that matter most for none of the {len(ranked):,} "
        f"measures that were looked at ({size})."
    )


@cache
def _lasting_hash(name: str) -> str:
    return robustness.lasting_hash(Scenario.load(name).model_dump(mode="json"))


def _change(effect: robustness.FactorEffect) -> str:
    """The mean absolute change over a range with its interval."""
    value, low, high = effect.effect, effect.effect_low, effect.effect_high
    texts = format_column([value, low, high], [(low, high)] * 3, "of the measure")
    return f"{texts[0]} ({texts[1]} to {texts[2]})"


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
