"""Paired differences of measures between two worlds with the same seeds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from underwatch.errors import UserError, did_you_mean
from underwatch.study.keyed import Keyed
from underwatch.study.statistics import defined, estimate, unpaired_seeds

if TYPE_CHECKING:
    from underwatch.measurement.summary import SummaryLine

# Measures whose difference has a name of its own.
OF_A_CHANGE = {"acts": "Change in lawful acts against the first world"}

Values = Sequence[float | None]  # by seed; None = not defined


@dataclass(frozen=True)
class Difference:
    """One measure in one world beside the first.

    first, here: mean over the seeds in which the measure is defined in both worlds. difference:
    here - first. low, high: its 95 % interval; None with fewer than three such seeds.
    unpaired_seeds: how many seeds unpaired worlds would take for an interval of equal width.
    seeds: in how many seeds the measure is defined in both worlds. None = not defined.
    """

    world: str
    measure: str
    label: str
    kind: str
    unit: str
    definition: str
    first: float | None
    here: float | None
    difference: float | None
    low: float | None
    high: float | None
    unpaired_seeds: float | None
    seeds: int


Differences = Keyed[Difference]


class DifferencesByWorld(Keyed[Differences]):
    """The differences of each world from the first, by world; the first has none."""

    def __init__(self, entries: Mapping[str, Differences], first: str):
        super().__init__(entries, "world")
        self._first = first

    def __getitem__(self, key: str) -> Differences:
        if key == self._first and key not in self._entries:
            raise KeyError(f"{key} is the world that the others are compared with")
        return super().__getitem__(key)


def by_world(rows: Mapping[str, Mapping[str, Difference]], first: str) -> DifferencesByWorld:
    """World -> measure -> difference, with names that explain a missing key."""
    made = {world: Keyed(by_measure, "measure") for world, by_measure in rows.items()}
    return DifferencesByWorld(made, first)


def check_known(wanted: Iterable[str], known: Collection[str], what: str) -> None:
    """Refuse the names of worlds or measures that a comparison does not have."""
    for name in wanted:
        if name not in known:
            raise UserError(
                f"{name} is no {what} of this comparison{did_you_mean(str(name), known)}"
            )


def paired(world: str, line: SummaryLine, first: Values, here: Values) -> Difference:
    """One measure in one world beside another, over the seeds in which both are defined.

    first, here: the values by seed in the other world and in this one.
    """
    label = OF_A_CHANGE.get(line.name, line.label)
    about = (world, line.name, label, line.kind, line.unit, line.definition)
    return Difference(*about, *_statistics(first, here))


def of_pair(world: str, like: Difference, first: Values, here: Values) -> Difference:
    """The same as `paired` for the measure of another difference."""
    about = (world, like.measure, like.label, like.kind, like.unit, like.definition)
    return Difference(*about, *_statistics(first, here))


Statistics = tuple[
    float | None, float | None, float | None, float | None, float | None, float | None, int
]


def _statistics(first: Values, here: Values) -> Statistics:
    """(first, here, difference, low, high, unpaired seeds, seeds) of a `Difference`."""
    pairs = [(a, b) for a, b in zip(first, here, strict=True) if a is not None and b is not None]
    if not pairs:
        ends = (estimate(defined(first), 1 << 30).value, estimate(defined(here), 1 << 30).value)
        return (*ends, None, None, None, None, 0)
    a, b = (list(map(float, side)) for side in zip(*pairs, strict=True))
    found = estimate([y - x for x, y in zip(a, b, strict=True)])
    ends = (estimate(a).value, estimate(b).value)
    return (*ends, *found, unpaired_seeds(a, b), len(pairs))
