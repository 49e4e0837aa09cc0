"""What the assumptions leave, in words: bands beside values, tables, sentences, commands.

What was computed is in `robustness`. A result for which nothing was computed, or over other days,
names the command that computes it.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from underwatch.report.few import over_points
from underwatch.report.numbers import COUNTED, format_column, format_value
from underwatch.report.robustness import (
    MOST_SHOWN,
    UNDISTINGUISHED,
    Robustness,
    Shipped,
    band_words,
    holding,
    shipped,
)
from underwatch.report.words import lower_first, upper_first

Rows = tuple[str, list[str], list[list[str]]]  # caption, head and rows of a table
MISSING = "–"
OPEN = "open: its sign changes within the ranges of the assumptions"
FILE = "FILE"  # of a command, where the file is not known


class Bands(NamedTuple):
    """The results that hold for a scenario over some days.

    stale: computed for an earlier version of it. citizens: of the result that they stand beside,
    to which counts are scaled.
    """

    found: Shipped
    stale: bool
    citizens: int

    def scale(self, one: Robustness) -> float:
        """By how much a measure is larger in the result than where the bands were computed."""
        return self.citizens / self.found.citizens if one.counts else 1.0

    def band(self, measure: str) -> str:
        """The band of a measure, such as "8.1 to 13"; a dash where there is none."""
        one = self.found.measures.get(measure)
        if one is None or one.low is None or one.high is None:
            return MISSING
        return from_to(self.scale(one) * one.low, self.scale(one) * one.high, one)

    @property
    def head(self) -> str:
        """The head of a column of bands; short, for a console."""
        return f"Assumptions leave{' (out of date)' if self.stale else ''}"


def bands_for(provenance: Mapping[str, Any], world: str | None = None) -> Bands | str:
    """The results that hold for a run or a world of a study, or a sentence with the command.

    world: of a study; by default its first. An empty text if the provenance has no scenario.
    """
    scenario = _scenario(provenance, world)
    if scenario is None:
        return ""
    found, stale = holding(scenario)
    if found is None:
        return f"What the assumptions leave is not computed: {command(provenance, world)}"
    if provenance.get("days") != found.days:
        return (
            f"What the assumptions leave is computed over {found.days:,} days, not over these: "
            f"{command(provenance, world)} --days {provenance.get('days')}"
        )
    return Bands(found, stale, int(provenance.get("citizens") or found.citizens))


def _scenario(provenance: Mapping[str, Any], world: str | None) -> Mapping[str, Any] | None:
    several = provenance.get("scenarios")
    one = provenance.get("scenario")
    if isinstance(several, Mapping) and several:
        one = several.get(world) if world is not None else next(iter(several.values()))
    known = isinstance(one, Mapping) and isinstance(one.get("society"), Mapping)
    return one if known else None


def command(provenance: Mapping[str, Any], world: str | None = None) -> str:
    """The command that computes what is missing, with the file and settings that were given.

    Examples
    --------
    >>> command({"command": ["underwatch", "run", "mine.yaml", "--set", "scoring.association=0.5"]})
    'underwatch sensitivity mine.yaml --set scoring.association=0.5'
    >>> command({"command": ["underwatch", "compare", "unwatched", "my/town.yaml"]}, "town")
    'underwatch sensitivity my/town.yaml'
    >>> command({"command": ["underwatch", "run", "--citizens", "1000000"]})
    'underwatch sensitivity atlantic-2018'
    """
    written = provenance.get("command")
    words = list(map(str, written)) if isinstance(written, list | tuple) else []
    if world is None and provenance.get("worlds"):
        world = str(provenance["worlds"][0])
    named = [word for word in words[2:] if world is not None and Path(word).stem == world]
    if not named and len(words) > 2 and words[1] != "compare" and not words[2].startswith("-"):
        named = [words[2]]
    if not named and words[1:2] == ["run"]:  # options come first, or there is nothing else
        named = [word for word in words[2:] if word.endswith(".yaml") or word in shipped_names()]
        named = named or ["atlantic-2018"]
    first = named[0] if named else world if world in shipped_names() else FILE
    sets = [
        word
        for option, value in zip(words, [*words[1:], ""], strict=False)
        if option == "--set" or option.startswith("--set=")
        for word in ([option, value] if option == "--set" else [option])
    ]
    return shlex.join(["underwatch", "sensitivity", first, *sets])


def shipped_names() -> list[str]:
    """The names of the scenarios that come with the software."""
    from underwatch.scenario import shipped as names

    return names()


def robustness_rows(provenance: Mapping[str, Any], measures: Sequence[str]) -> Rows | str:
    """The table of what the assumptions leave of some measures, as caption, head and rows.

    Without results that hold for the scenario of the run, a sentence with the command.
    """
    held = bands_for(provenance)
    if isinstance(held, str):
        return held
    found = held.found
    shown = [found.measures[name] for name in measures if name in found.measures]
    head = ["Measure", upper_first(band_words(found.design["band"])), "Unit", "What matters most"]
    rows = [
        [
            one.label,
            held.band(one.measure),
            one.unit,
            most_important(one, held.scale(one), found.citizens),
        ]
        for one in shown
    ]
    return caption(found, held.stale), head, rows


def measure_sentence(
    provenance: Mapping[str, Any], measure: str, label: str, what: str, world: str | None = None
) -> str:
    """What the assumptions leave of one measure of a study, and that they leave `what` unknown.

    what: such as "these shares", of which nothing is computed.
    """
    held = bands_for(provenance, world)
    if held == "":
        return ""
    one = held.found.measures.get(measure) if isinstance(held, Bands) else None
    if isinstance(held, str) or one is None:
        start = f"What the assumptions leave of {lower_first(label)} is not computed: "
        days = f" --days {provenance['days']}" if isinstance(held, str) and "--days" in held else ""
        return f"{start}{command(provenance, world)} --measures {measure}{days}"
    text = f"What the assumptions leave of {lower_first(one.label)}: "
    if one.low is None:
        return f"{text}{over_points(one.note, held.found.citizens)}."
    ends = band_words(held.found.design["band"])
    text += f"{held.band(measure)} {one.unit} ({ends} of {held.found.design['band']:,} points)"
    if most := [each.factor for each in one.movers[:MOST_SHOWN]]:
        text += f", moved most by {', '.join(most)}"
    if one.sign() == "open":
        text += f"; its difference from {held.found.baseline} is {OPEN}"
    stale = "; computed for an earlier version of this scenario" if held.stale else ""
    return f"{text}{stale}. What they leave of {what} is not computed."


def from_to(low: float, high: float, found: Robustness, signed: bool = False) -> str:
    """The ends of a band in the precision of their unit; one number if they do not differ in it."""
    ends = format_column(_whole([low, high], found), unit=found.unit, signed=signed)
    return " to ".join(dict.fromkeys(ends))


def caption(found: Shipped, stale: bool) -> str:
    """What the table shows, how it was computed, and that it is stale if it is."""
    text = (
        f"What the assumptions leave: {band_words(found.design['band'])} of "
        f"{found.design['band']:,} points over the ranges of {varied_words(found)} "
        f"({found.citizens:,} citizens), and what moves a measure most of "
        f"{'these' if found.ranked == found.varied else f'{found.ranked:,} of them'}, with the "
        "mean change over the range of each"
    )
    if stale:
        text += "; computed for an earlier version of this scenario, and out of date"
    return text


def varied_words(found: Shipped) -> str:
    """How many assumptions were varied, of how many that have a range.

    >>> varied_words(shipped()["atlantic-2018"])
    'all 213 assumptions that have one'
    """
    every = with_a_range(found.scenario)
    if every <= found.varied:
        return f"all {found.varied:,} assumptions that have one"
    return f"{found.varied:,} of the {every:,} assumptions that have one"


@cache
def with_a_range(name: str) -> int:
    """How many figures of a shipped scenario are varied when all are; 0 if it does not ship."""
    from underwatch.errors import UserError
    from underwatch.scenario import Scenario
    from underwatch.scenario.ranges import ranges

    try:
        return sum(one.varied for one in ranges(Scenario.load(name)).values())
    except UserError:
        return 0


def _whole(values: Sequence[float], found: Robustness) -> list[float]:
    """Values as they are shown: of what is counted no part, and three digits."""
    return [float(f"{round(v):.3g}") if found.unit in COUNTED else v for v in values]


def most_important(found: Robustness, scale: float = 1.0, citizens: int = 0) -> str:
    """The assumptions that move a measure most, each with its effect and interval.

    citizens: at each point; then how many it would take, where there are too few events.
    """
    if not found.effects:
        note = over_points(found.note, citizens) if citizens else found.note
        return upper_first(note) or "–"
    parts = []
    for one in found.effects[:MOST_SHOWN]:
        value, low, high = (scale * x for x in (one.effect, one.effect_low, one.effect_high))
        if value <= 0:
            continue
        texts = format_column([value, low, high], [(low, high)] * 3, "of the measure")
        parts.append(f"{one.factor} {texts[0]} ({texts[1]} to {texts[2]})")
    return ", ".join(parts) or "None moves it"


def contrast_sentence(found: Robustness, sign: int, scale: float, world: str, first: str) -> str:
    """What the assumptions leave of the difference of a measure between two worlds."""
    made = found.difference
    if made is None:
        return ""
    ends = sorted(sign * scale * end for end in (made.low, made.high))
    span = from_to(*ends, found, signed=True)
    text = f"{lower_first(found.label)}, {world} less {first}: {span} {found.unit}"
    if found.sign() == UNDISTINGUISHED:
        return f"{upper_first(text)}; {UNDISTINGUISHED}"
    if made.open:
        fewer = min(made.below, made.above)
        points = f" ({fewer:,} of {found.defined:,} points have the other sign)" if fewer else ""
        return f"{upper_first(text)}; {OPEN}{points}"
    return upper_first(text)


def scenario_sentence(name: str, measures: Sequence[str]) -> str:
    """What the assumptions of a shipped scenario leave of some measures, for a document on it."""
    found = shipped().get(name)
    if found is None:
        return (
            f"What the other assumptions of the scenario {name} leave is not computed: "
            f"underwatch sensitivity {name}"
        )
    parts = []
    for one in (found.measures[each] for each in measures if each in found.measures):
        if one.low is None or one.high is None:
            continue
        band = from_to(one.low, one.high, one)
        most = [each.factor for each in one.effects[:MOST_SHOWN] if each.effect > 0]
        moved = f" (most by {', '.join(most)})" if most else ""
        parts.append(f"{lower_first(one.label)} {band} {one.unit}{moved}")
    return (
        f"The run also rests on the assumptions of the scenario {name}, which are not varied here; "
        f"over their ranges they leave in that scenario: {'; '.join(parts)}."
    )


def in_one_value(found: Robustness) -> str:
    """A measure with its band, in one line of text."""
    value = format_value(found.value, unit=found.unit)
    if found.low is None or found.high is None:
        return f"{value} ({found.note})"
    return f"{value} (the assumptions leave {from_to(found.low, found.high, found)})"
