"""The assumptions of a scenario: value, range, reason, source, and what each moves.

An assumption is a figure of a scenario that no published figure supports. What it moves is data of
the sensitivity analysis that ships for a scenario (robustness.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from underwatch.errors import printable
from underwatch.report import robustness
from underwatch.report.bands import with_a_range
from underwatch.report.numbers import format_column
from underwatch.scenario import Scenario, shipped
from underwatch.scenario.catalogue import Catalogue
from underwatch.scenario.evidence import is_assumption
from underwatch.scenario.figure_range import Range
from underwatch.scenario.keys import at
from underwatch.scenario.meanings import meaning_of, written
from underwatch.scenario.ranges import ranges

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

    @property
    def section(self) -> str:
        """The part of the key before the first dot; "period" for the first and the last day."""
        above, _, within = self.key.partition(".")
        return above if within else "period"


def assumptions(scenario: Scenario | str | Path = SCENARIO) -> Catalogue[Assumption]:
    """Every assumption of a scenario by key, in the order of declaration.

    scenario: a Scenario, a shipped name or a path. Raises UserError if it cannot be read.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.assumptions("atlantic-2018")["scoring.association"]
    >>> found.value, found.range.words
    ('0.2', '0.05 to 0.5')
    """
    if isinstance(scenario, str) and scenario in shipped():
        return _of_shipped(scenario)
    return _assumptions(scenario if isinstance(scenario, Scenario) else Scenario.load(scenario))


@cache
def _of_shipped(name: str) -> Catalogue[Assumption]:
    return _assumptions(Scenario.load(name))


def _assumptions(scenario: Scenario) -> Catalogue[Assumption]:
    sources, known = scenario.sources, ranges(scenario)
    found = {}
    for key in [key for key in sources if key not in ("title", "text")]:
        if is_assumption(sources[key]):
            meaning = meaning_of(key)
            found[key] = Assumption(
                key, meaning.text, meaning.organs, value_of(scenario, key), known.get(key),
                printable(sources[key]),
            )  # fmt: skip
    return Catalogue("assumptions", found)


def value_of(scenario: Scenario, key: str) -> str:
    """What a scenario declares at a key, for people to read."""
    value = at(scenario, key)
    return str(value) if key == "society.seed" else written(value)


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
        if computed.lasting_hash == robustness.hash_of_shipped(name)
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
    if not kept and computed.ranked < with_a_range(name):
        return (
            f"its own effect is not computed, or is smaller than those that are kept: {size}, of "
            f"{with_a_range(name):,} that have a range. `underwatch sensitivity {printable(name)}` "
            "ranks all."
        )
    return (
        f"it is among the five that matter most for none of the {len(ranked):,} "
        f"measures that were looked at ({size})."
    )


def _change(effect: robustness.FactorEffect) -> str:
    """The mean absolute change over a range with its interval."""
    value, low, high = effect.effect, effect.effect_low, effect.effect_high
    texts = format_column([value, low, high], [(low, high)] * 3, "of the measure")
    return f"{texts[0]} ({texts[1]} to {texts[2]})"
