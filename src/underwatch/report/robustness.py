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

from underwatch.report.numbers import COUNTED, decimals_for, format_column, format_value
from underwatch.report.words import lower_first, upper_first
from underwatch.scenario.data import DATA

FOLDER = DATA / "sensitivity"
MOST_SHOWN = 5  # assumptions beside each measure
FEWEST_FOR_QUANTILES = 20  # points of a band; the 5 % end of fewer is below the second of them
UNDISTINGUISHED = "not distinguished from none"


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
        """Whether the sign changes within the band, from its low to its high end."""
        return self.low < 0 < self.high


@dataclass(frozen=True)
class Robustness:
    """What the assumptions leave of one measure.

    value: with all assumptions as declared. low, high: the band, from the 5 % to the 95 % quantile
    of the points at which the measure is defined, of few points from the lowest to the highest;
    None where it is not shown. defined: how many these are. counts: whether it is a
    count, in proportion to the citizens. note: why there is no band or no ranking. effects:
    largest first.
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

    @property
    def precision(self) -> float:
        """Half a unit of the last digit that is printed: what is smaller does not show."""
        sizes = [abs(one) for one in (self.value, self.low, self.high) if one is not None]
        largest = max(sizes, default=0.0)
        return 0.5 * 10.0 ** -decimals_for(largest, unit=self.unit) if largest else 0.0

    @property
    def movers(self) -> list[FactorEffect]:
        """The assumptions that move the measure by at least its precision, largest first."""
        return [one for one in self.effects if one.effect > 0 and one.effect >= self.precision]

    def sign(self, sign: int = 1) -> str:
        """The sign of the difference from the baseline, or of the baseline's with sign = -1."""
        made = self.difference
        if made is None:
            return "–"
        low, high = sorted((sign * made.low, sign * made.high))
        if low == high == 0:
            return "none"
        if max(abs(low), abs(high)) < self.precision:
            return UNDISTINGUISHED
        return "open" if made.open else "negative" if high <= 0 else "positive"


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


def shipped_sensitivity(scenario: str) -> Shipped | None:
    """What the assumptions of a shipped scenario leave, as computed for this version.

    None where nothing is computed for it; then `underwatch sensitivity NAME` does.

    Examples
    --------
    >>> import underwatch as uw
    >>> uw.shipped_sensitivity("atlantic-2018").measures["chilled_share"].unit
    '%'
    """
    return shipped().get(scenario)


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
    head = ["Measure", upper_first(band_words(found.design["band"])), "Unit", "What matters most"]
    return caption(found, stale), head, [
        _row(one, scale if one.counts else 1.0) for one in shown
    ]  # fmt: skip


def _holding(scenario: Mapping[str, Any]) -> tuple[Shipped | None, bool]:
    """The results for a scenario, and whether they were computed for an earlier version of it."""
    digest = lasting_hash(scenario)
    for found in shipped().values():
        if found.lasting_hash == digest:
            return found, False
    for found in shipped().values():
        if found.title == scenario.get("title") and hash_of_shipped(found.scenario) == digest:
            return found, True
    return None, False


@cache
def hash_of_shipped(name: str) -> str:
    """The hash of a shipped scenario as this version ships it; empty if it does not."""
    from underwatch.errors import UserError
    from underwatch.scenario import Scenario

    try:
        return lasting_hash(Scenario.load(name).model_dump(mode="json"))
    except UserError:
        return ""


def band_words(points: int) -> str:
    """Which ends a band of so many points has.

    >>> band_words(64), band_words(4)
    ('5 to 95 %', 'lowest to highest')
    """
    return "5 to 95 %" if points >= FEWEST_FOR_QUANTILES else "lowest to highest"


def from_to(low: float, high: float, found: Robustness, signed: bool = False) -> str:
    """The ends of a band in the precision of their unit; one number if they do not differ in it."""
    ends = format_column(_whole([low, high], found), unit=found.unit, signed=signed)
    return " to ".join(dict.fromkeys(ends))


def caption(found: Shipped, stale: bool) -> str:
    """What the table shows, how it was computed, and that it is stale if it is."""
    text = (
        f"What the assumptions leave: {band_words(found.design['band'])} of "
        f"{found.design['band']:,} points over the ranges of {found.varied:,} "
        f"assumptions ({found.citizens:,} citizens), and what moves a measure most of "
        f"{_all(found)}, with the mean change over the range of each"
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
    band = from_to(scale * found.low, scale * found.high, found)
    return [found.label, band, found.unit, most_important(found, scale)]


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
    span = from_to(*ends, found, signed=True)
    text = f"{lower_first(found.label)}, {world} less {first}: {span} {found.unit}"
    if found.sign() == UNDISTINGUISHED:
        return f"{upper_first(text)}; {UNDISTINGUISHED}"
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
