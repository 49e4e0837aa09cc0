"""What the assumptions leave of each headline: bands, what matters most, and what is open.

The results for shipped scenarios are data (data/sensitivity/NAME.json), written by
`python -m underwatch.sensitivities`. They hold for any number of citizens and any seed, and for
the days that they were computed over; a page of anything else offers the command.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from underwatch.report.numbers import COUNTED, format_column, format_value
from underwatch.report.words import lower_first, upper_first
from underwatch.scenario.data import DATA

FOLDER = DATA / "sensitivity"
MOST_SHOWN = 5  # assumptions beside each measure


@dataclass(frozen=True)
class FactorEffect:
    """How far an assumption, or several that mean the same, moves a measure.

    effect: the mean absolute change over its range, in the unit of the measure, with its 95 %
    interval over trajectories. mean: that of the signed changes; spread: their standard
    deviation. first, total: Sobol' indices, as shares of the variance among the assumptions that
    matter most; None where they were not estimated.
    """

    factor: str
    keys: tuple[str, ...]
    range: str
    effect: float
    effect_low: float
    effect_high: float
    mean: float
    spread: float
    first: float | None = None
    first_low: float | None = None
    first_high: float | None = None
    total: float | None = None
    total_low: float | None = None
    total_high: float | None = None


@dataclass(frozen=True)
class Contrast:
    """The difference from the baseline over the band.

    value: with all assumptions as declared. below, above: points with a difference below and
    above zero.
    """

    value: float | None
    low: float
    high: float
    below: int
    above: int

    @property
    def open(self) -> bool:
        """Whether the sign changes within the band, from its 5 % to its 95 % end."""
        return self.low < 0 < self.high


@dataclass(frozen=True)
class Robustness:
    """What the assumptions leave of one measure.

    value: with all assumptions as declared. low, high: the band, from the 5 % to the 95 % quantile
    of the points at which the measure is defined; None where it is not shown. defined: how many
    these are. counts: whether it is a count, in proportion to the citizens. note: why there is no
    band or no ranking. effects: largest first.
    """

    measure: str
    label: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    defined: int
    counts: bool
    note: str
    difference: Contrast | None
    effects: tuple[FactorEffect, ...]


@dataclass(frozen=True)
class Shipped:
    """The results for a shipped scenario; see `Robustness`.

    varied: how many assumptions the bands are over. ranked: how many were screened for what
    matters most.
    """

    scenario: str
    title: str
    lasting_hash: str
    baseline: str | None
    baseline_hash: str | None
    citizens: int
    days: int
    seeds: tuple[int, ...]
    design: Mapping[str, int]
    varied: int
    ranked: int
    version: str
    measures: Mapping[str, Robustness]


def lasting_hash(scenario: Mapping[str, Any]) -> str:
    """SHA-256 of a declared scenario, as JSON, without its title, text, size and seed."""
    society = {
        name: value
        for name, value in scenario["society"].items()
        if name not in ("citizens", "seed")
    }
    declared = {k: v for k, v in scenario.items() if k not in ("title", "text")}
    text = json.dumps(declared | {"society": society}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def shipped() -> dict[str, Shipped]:
    """The results for shipped scenarios, by the name of the scenario; read once."""
    found = {}
    for path in sorted(FOLDER.glob("*.json")):
        written = json.loads(path.read_text("utf-8"))
        measures = {name: of_json(one) for name, one in written.pop("measures").items()}
        seeds = tuple(written.pop("seeds"))
        found[path.stem] = Shipped(measures=measures, seeds=seeds, **written)
    return found


def of_json(written: Mapping[str, Any]) -> Robustness:
    """A measure as `asdict` and JSON leave it."""
    effects = tuple(
        FactorEffect(**{**one, "keys": tuple(one["keys"])}) for one in written["effects"]
    )
    difference = written["difference"] and Contrast(**written["difference"])
    return Robustness(**{**written, "effects": effects, "difference": difference})


def to_json(found: Robustness) -> dict[str, Any]:
    """The inverse of `of_json`."""
    return asdict(found)


Rows = tuple[str, list[str], list[list[str]]]  # caption, head and rows of a table


def robustness_rows(provenance: Mapping[str, Any], measures: Sequence[str]) -> Rows | str:
    """The table of what the assumptions leave of some measures, as caption, head and rows.

    Of the (first) scenario of a run or the replicates of one. Without results that hold for it,
    a sentence with the command that computes them.
    """
    scenario = provenance.get("scenario")
    if not isinstance(scenario, Mapping) or not isinstance(scenario.get("society"), Mapping):
        return ""
    found, stale = _holding(scenario)
    if found is None:
        return (
            f"What the assumptions leave of these figures is not computed: {_command(provenance)}"
        )
    if provenance.get("days") != found.days:
        return (
            f"What the assumptions leave is computed over {found.days:,} days, not over these: "
            f"{_command(provenance)} --days {provenance.get('days')}"
        )
    scale = float(provenance.get("citizens", found.citizens)) / found.citizens
    shown = [found.measures[name] for name in measures if name in found.measures]
    return caption(found, stale), ["Measure", "5 to 95 %", "Unit", "What matters most"], [
        _row(one, scale if one.counts else 1.0) for one in shown
    ]  # fmt: skip


def _holding(scenario: Mapping[str, Any]) -> tuple[Shipped | None, bool]:
    """The results for a scenario, and whether they were computed for an earlier version of it."""
    digest = lasting_hash(scenario)
    for found in shipped().values():
        if found.lasting_hash == digest:
            return found, False
    for found in shipped().values():
        if found.title == scenario.get("title") and _now(found.scenario) == digest:
            return found, True
    return None, False


@cache
def _now(name: str) -> str:
    """The hash of a shipped scenario as this version ships it; empty if it does not."""
    from underwatch.errors import UserError
    from underwatch.scenario import Scenario

    try:
        return lasting_hash(Scenario.load(name).model_dump(mode="json"))
    except UserError:
        return ""


def caption(found: Shipped, stale: bool) -> str:
    """What the table shows, how it was computed, and that it is stale if it is."""
    text = (
        f"What the assumptions leave: 5 to 95 % of {found.design['band']:,} points over the ranges "
        f"of {found.varied:,} assumptions ({found.citizens:,} citizens), and what moves a measure "
        f"most of {_all(found)}, with the mean change over the range of each"
    )
    if stale:
        text += "; computed for an earlier version of this scenario, and out of date"
    return text


def _all(found: Shipped) -> str:
    return "all" if found.ranked == found.varied else f"{found.ranked:,} of them"


def _command(provenance: Mapping[str, Any]) -> str:
    """The command that computes what is missing, for the file that was run if it is known."""
    command = provenance.get("command")
    words = list(map(str, command)) if isinstance(command, list | tuple) else []
    known = len(words) > 2 and words[1] == "run" and not words[2].startswith("-")
    return f"underwatch sensitivity {words[2] if known else 'FILE'}"


def _row(found: Robustness, scale: float) -> list[str]:
    if found.low is None or found.high is None:
        return [found.label, "–", found.unit, upper_first(found.note)]
    ends = [scale * end for end in (found.low, found.high)]
    low, high = format_column(_whole(ends, found), unit=found.unit)
    return [found.label, f"{low} to {high}", found.unit, most_important(found, scale)]


def _whole(values: Sequence[float], found: Robustness) -> list[float]:
    return [round(v) if found.unit in COUNTED else v for v in values]


def most_important(found: Robustness, scale: float = 1.0) -> str:
    """The assumptions that move a measure most, each with its effect and interval."""
    if not found.effects:
        return upper_first(found.note) or "–"
    parts = []
    for one in found.effects[:MOST_SHOWN]:
        value, low, high = (scale * x for x in (one.effect, one.effect_low, one.effect_high))
        if value <= 0:
            continue
        texts = format_column([value, low, high], [(low, high)] * 3, "of the measure")
        parts.append(f"{one.factor} {texts[0]} ({texts[1]} to {texts[2]})")
    return ", ".join(parts) or "None moves it"


def contrast_for(
    scenarios: Mapping[str, Mapping[str, Any]], days: int, first: str, world: str
) -> tuple[Shipped, int] | None:
    """Shipped results for the difference of a world from the first, and its sign here.

    The sign is -1 where the first world is the scenario and the other one its baseline.
    """
    hashes = {name: lasting_hash(scenarios[name]) for name in (first, world)}
    for found in shipped().values():
        if found.days == days and found.baseline_hash is not None:
            pair = found.lasting_hash, found.baseline_hash
            if pair == (hashes[world], hashes[first]):
                return found, 1
            if pair == (hashes[first], hashes[world]):
                return found, -1
    return None


def contrast_sentence(found: Robustness, sign: int, scale: float, world: str, first: str) -> str:
    """What the assumptions leave of the difference of a measure between two worlds."""
    made = found.difference
    if made is None:
        return ""
    ends = sorted(sign * scale * end for end in (made.low, made.high))
    low, high = format_column(_whole(ends, found), unit=found.unit, signed=True)
    text = f"{lower_first(found.label)}, {world} less {first}: {low} to {high} {found.unit}"
    if made.open:
        return f"{upper_first(text)}; open, for its sign changes within the ranges"
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
        low, high = format_column(_whole([one.low, one.high], one), unit=one.unit)
        most = [each.factor for each in one.effects[:MOST_SHOWN] if each.effect > 0]
        moved = f" (most by {', '.join(most)})" if most else ""
        parts.append(f"{lower_first(one.label)} {low} to {high} {one.unit}{moved}")
    return (
        f"The run also rests on the assumptions of the scenario {name}, which are not varied here; "
        f"over their ranges they leave in that scenario: {'; '.join(parts)}."
    )


def in_one_value(found: Robustness) -> str:
    """A measure with its band, in one line of text."""
    value = format_value(found.value, unit=found.unit)
    if found.low is None or found.high is None:
        return f"{value} ({found.note})"
    low, high = format_column(_whole([found.low, found.high], found), unit=found.unit)
    return f"{value} (the assumptions leave {low} to {high})"
