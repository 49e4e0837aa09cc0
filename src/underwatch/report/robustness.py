"""What the assumptions leave of each headline: bands, what matters most, and what is open.

The results for shipped scenarios are data (data/sensitivity/NAME.json), written by
`python -m underwatch.sensitivities`. They hold for any number of citizens and any seed, and for
the days that they were computed over; a page of anything else offers the command.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from underwatch.report.numbers import decimals_for
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
    deviation. first, total: Sobol' indices, as shares of the variance that the few assumptions
    which have them cause, all others held as declared; None where they were not estimated.
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
        """Whether the sign changes within the ranges: between two points, or ends of the band.

        One point of the other sign is enough, whatever its share: of a shipped study it is not
        known how far the random draws of one run move a difference.

        >>> Contrast(-0.5, -0.9, -0.1, below=22, above=2).open
        True
        """
        return self.low < 0 < self.high or (self.below > 0 and self.above > 0)


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

    @property
    def indexed(self) -> list[FactorEffect]:
        """The assumptions with Sobol' indices, largest total first.

        None where the assumption with the largest effect has none: shares of what the others cause
        would mislead.
        """
        if not self.effects or self.effects[0].total is None:
            return []
        return sorted((one for one in self.effects if one.total is not None),
                      key=lambda one: -(one.total or 0.0))  # fmt: skip

    def sign(self, sign: int = 1) -> str:
        """The sign of the difference from the baseline, or of the baseline's with sign = -1."""
        made = self.difference
        if made is None:
            return "–"
        low, high = sorted((sign * made.low, sign * made.high))
        if low == high == 0 and not made.open:
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
    '% of intended acts'
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


def holding(scenario: Mapping[str, Any]) -> tuple[Shipped | None, bool]:
    """The results for a scenario, and whether they were computed for an earlier version of it.

    scenario: as JSON.
    """
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
