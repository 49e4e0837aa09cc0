"""Paired differences of measures between two worlds with the same seeds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from underwatch.errors import UserError, did_you_mean
from underwatch.measurement.estimates import TOO_FEW, too_few
from underwatch.study.keyed import Keyed
from underwatch.study.multiplicity import beyond_chance, judged_together, mark_sentence
from underwatch.study.statistics import Estimate, defined, estimate, ratio_of_means, unpaired_seeds

if TYPE_CHECKING:
    from underwatch.measurement.summary import SummaryLine

# Measures whose difference has a name of its own.
OF_A_CHANGE = {"acts": "Change in lawful acts against the first world"}

# How the note begins where a count is zero by construction and not by chance; worlds follow.
CANNOT = "cannot occur in"

Values = Sequence[float | None]  # by seed; None = not defined


@dataclass(frozen=True)
class Difference:
    """One measure in one world beside the first.

    first, here: mean over the seeds in which the measure is defined in both worlds. difference:
    here - first. low, high: its 95 % interval; None with fewer than three such seeds.
    unpaired_seeds: how many seeds unpaired worlds would take for an interval of equal width.
    seeds: in how many seeds the measure is defined in both worlds. None = not defined.
    ratio: here / first; None where either rests on fewer than 30 events over all seeds, or on
    none that can be counted. ratio_low, ratio_high: its 95 % interval (Fieller's); None with fewer
    than three seeds, or where the first mean is not distinguished from zero.
    events_first, events_here: these events. note: why there is no value or no ratio, such as
    "too few events (3 and 10)", or "cannot occur in unwatched" where a count is zero because what
    causes the events is switched off. distinguished: whether the difference is beyond chance,
    with all differences of the comparison judged together (see `multiplicity`); None without an
    interval.
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
    ratio: float | None = None
    events_first: int | None = None
    events_here: int | None = None
    note: str = ""
    distinguished: bool | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None

    @property
    def estimate(self) -> Estimate:
        """The difference with its interval."""
        return Estimate(self.difference, self.low, self.high)


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


def judged(rows: Sequence[Difference]) -> list[Difference]:
    """The differences, each with whether it is beyond chance, all judged together."""
    found = beyond_chance([(row.estimate, row.seeds) for row in rows])
    return [replace(row, distinguished=one) for row, one in zip(rows, found, strict=True)]


def judged_sentence(rows: Iterable[Difference]) -> str:
    """How the intervals and marks of these differences are to be read; empty of none."""
    return mark_sentence(judged_together([(row.estimate, row.seeds) for row in rows]))


def check_known(wanted: Iterable[str], known: Collection[str], what: str) -> None:
    """Refuse the names of worlds or measures that a comparison does not have."""
    for name in wanted:
        if name not in known:
            raise UserError(
                f"{name} is no {what} of this comparison{did_you_mean(str(name), known)}"
            )


class Cell(NamedTuple):
    """What the values of one measure in one world rest on.

    events: over all seeds; None where they do not rest on events. note: why the measure has no
    value under some seed. never: the name of the world, if no such event can occur in it.
    """

    events: int | None = None
    note: str = ""
    never: str = ""


UNKNOWN = Cell()


def paired(
    world: str, line: SummaryLine, first: Values, here: Values,
    cells: tuple[Cell, Cell] = (UNKNOWN, UNKNOWN), same: bool = False,
) -> Difference:  # fmt: skip
    """One measure in one world beside another, over the seeds in which both are defined.

    first, here: the values by seed in the other world and in this one. cells: what these rest on.
    same: whether the two worlds are the same to the bit, under every seed.
    """
    label = OF_A_CHANGE.get(line.name, line.label)
    about = (world, line.name, label, line.kind, line.unit, line.definition)
    return _with_interval(Difference(*about, *_statistics(first, here, cells, same)), first, here)


def of_pair(
    world: str, like: Difference, first: Values, here: Values, cells: tuple[Cell, Cell],
    same: bool,
) -> Difference:  # fmt: skip
    """The same as `paired` for the measure of another difference."""
    about = (world, like.measure, like.label, like.kind, like.unit, like.definition)
    return _with_interval(Difference(*about, *_statistics(first, here, cells, same)), first, here)


def _with_interval(found: Difference, first: Values, here: Values) -> Difference:
    """A difference with the interval of its ratio, if it has a ratio."""
    if found.ratio is None:
        return found
    a, b = _both(first, here)
    times = ratio_of_means(a, b)
    return replace(found, ratio_low=times.low, ratio_high=times.high)


def _both(first: Values, here: Values) -> tuple[list[float], list[float]]:
    """The values of the seeds in which both worlds have one."""
    pairs = [(a, b) for a, b in zip(first, here, strict=True) if a is not None and b is not None]
    return [float(a) for a, _ in pairs], [float(b) for _, b in pairs]


def _statistics(
    first: Values, here: Values, cells: tuple[Cell, Cell], same: bool
) -> tuple[Any, ...]:
    """The fields of a `Difference` from `first` on."""
    events = cells[0].events, cells[1].events
    a, b = _both(first, here)
    worlds = [cell.never for cell in cells if cell.never and not cell.events]
    never = f"{CANNOT} {' and '.join(worlds)}" if worlds else ""
    few = next((cell.note for cell in cells if cell.note.startswith(TOO_FEW)), "")
    if few:  # the seeds that have enough events are no fair sample of all
        return (None, None, None, None, None, None, 0, None, *events, never or few)
    if not a:
        ends = (estimate(defined(first), 1 << 30).value, estimate(defined(here), 1 << 30).value)
        note = cells[0].note or cells[1].note
        return (*ends, None, None, None, None, 0, None, *events, note)
    found = estimate([y - x for x, y in zip(a, b, strict=True)])
    ends = (estimate(a).value, estimate(b).value)
    ratio, note = _ratio(*ends, *events)
    if note and found.low == found.high and not same:
        found = estimate([found.value or 0.0])  # a few events without spread: no interval
    if note and never:
        note = never
    return (*ends, *found, unpaired_seeds(a, b), len(a), ratio, *events, note)


def _ratio(
    first: float | None, here: float | None, events_first: int | None, events_here: int | None
) -> tuple[float | None, str]:
    """(here / first, why there is none)."""
    if not first or here is None or events_first is None or events_here is None:
        counted = events_first is not None and events_here is not None
        return None, too_few(events_first, events_here) if counted else ""
    note = too_few(events_first, events_here)
    return (None, note) if note else (here / first, "")
