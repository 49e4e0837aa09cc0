"""M27: patrols follow records, and records follow patrols (Ensign and others, 2018).

Each day every patrol is sent to a district, with a probability of the district's share of all
records on that morning. A patrol discovers an incident with the district's own rate. Residents
report incidents wherever the patrols are. Both enter the records, with weights. The repair thins
what was discovered: it enters with the share of the least patrolled district over that of its
own, so that a district which is watched more does not seem worse for it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from underwatch.assessments.organs.chance import (
    CERTAIN,
    INCIDENT,
    REPORT,
    STOP,
    THINNED,
    VISIT,
    draws,
    threshold,
)
from underwatch.errors import UserError

WEIGHT = 1000  # of one discovered incident: records are counted in thousandths
MOST = 1 << 31  # thousandths of records in all, so that a draw times them fits in 63 bits
CITY = 20  # bits of a patrol's number within its city
DRAWS_AT_ONCE = 1 << 20
MOST_DISTRICTS = 64


@dataclass(frozen=True)
class Patrols:
    """Patrol allocation as declared. Each list has one entry a district.

    rates: chance that a patrol discovers an incident in a day. reported: incidents that residents
    report in a day, on average. reported_weight: of one in the records, beside 1 for a discovered
    one. records: on the first morning, in incidents. patrols: a day. repaired: whether what was
    discovered is thinned. follow_records: False sends patrols everywhere alike. reports_only:
    whether nothing that was discovered enters the records.

    Examples
    --------
    >>> two = Patrols(rates=(0.6, 0.4), reported=(0.6, 0.4), reported_weight=0.25)
    >>> sent(two, days=100, seed=1).visits.sum()
    np.int64(100)
    """

    rates: tuple[float, ...]
    reported: tuple[float, ...] = ()
    reported_weight: float = 1.0
    records: tuple[float, ...] = ()
    patrols: int = 1
    repaired: bool = False
    follow_records: bool = True
    reports_only: bool = False

    def check(self, days: int = 1) -> None:
        """Raise UserError, with one sentence, for the first value that cannot be."""
        districts = len(self.rates)
        if not 2 <= districts <= MOST_DISTRICTS:
            raise UserError(f"rates has {districts} districts; write 2 to {MOST_DISTRICTS}.")
        for name in ("reported", "records"):
            if len(getattr(self, name)) not in (0, districts):
                raise UserError(f"{name} has an entry for each of the {districts} districts.")
        if any(not 0 <= rate <= 1 for rate in self.rates):
            raise UserError("rates are chances from 0 to 1 that a patrol discovers an incident.")
        if any(not 0 <= mean <= 1000 for mean in self.reported):
            raise UserError("reported are incidents a day in a district, from 0 to 1,000.")
        if any(not records > 0 for records in self.records):
            raise UserError("records are above 0: a district without any would never be patrolled.")
        if not 0 <= self.reported_weight <= 100 or not 1 <= self.patrols < 1 << CITY:
            raise UserError("reported_weight is from 0 to 100, and patrols at least 1.")
        most = sum(self.records or (1.0,) * districts) + days * (
            self.patrols + self.reported_weight * sum(map(np.ceil, self.reported))
        )
        if most * WEIGHT >= MOST:
            raise UserError(
                f"{days:,} days with {self.patrols:,} patrols could enter more records than can be "
                f"counted, {MOST // WEIGHT:,}; take fewer days or fewer patrols."
            )


class Whole(NamedTuple):
    """Patrol allocation as whole numbers: chances of 2^32, records in thousandths."""

    rates: tuple[int, ...]
    reports: tuple[int, ...]  # the chance of each of `slots` reports a day
    slots: int
    weight: int
    records: tuple[int, ...]
    patrols: int
    repaired: bool
    follow_records: bool
    reports_only: bool


def resolved(declared: Patrols, days: int = 1) -> Whole:
    """The whole numbers of a patrol allocation. Raises UserError."""
    declared.check(days)
    districts = len(declared.rates)
    reported = declared.reported or (0.0,) * districts
    slots = int(np.ceil(max(reported)))
    return Whole(
        tuple(map(threshold, declared.rates)),
        tuple(threshold(mean / max(1, slots)) for mean in reported), slots,
        round(WEIGHT * declared.reported_weight),
        tuple(round(WEIGHT * r) for r in declared.records or (1.0,) * districts),
        declared.patrols, declared.repaired, declared.follow_records,
        declared.reports_only,
    )  # fmt: skip


class Sent(NamedTuple):
    """What happened, by city and district, int64 (cities, districts).

    visits: of patrols. discovered: incidents. entered: of these, in the records. reported:
    incidents. records: on the last evening, in thousandths. where: the district of each patrol on
    each day, int8 (days, cities, patrols).
    """

    visits: np.ndarray
    discovered: np.ndarray
    entered: np.ndarray
    reported: np.ndarray
    records: np.ndarray
    where: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """Each district's share of the records on the last evening: float64."""
        return np.asarray(self.records / self.records.sum(1, keepdims=True))


def sent(declared: Patrols, days: int, seed: int, cities: int = 1) -> Sent:
    """Simulate patrols for some days, in so many cities that are alike and independent.

    days: at least 1. cities: replicates under one seed, each with addresses of its own.
    """
    whole = resolved(declared, days)
    districts = len(whole.rates)
    rates, reports = np.array(whole.rates), np.array(whole.reports)
    records = np.tile(np.array(whole.records, np.int64), (cities, 1))
    counts = np.zeros((4, cities, districts), np.int64)
    where = np.zeros((days, cities, whole.patrols), np.int8)
    city = np.arange(cities, dtype=np.int64)[:, None] << CITY
    unit = city + np.arange(whole.patrols)
    slot = city + np.arange(districts * max(1, whole.slots))
    rows = np.arange(cities)[:, None]
    every = np.ones((cities, whole.patrols), bool)
    at_once = max(1, DRAWS_AT_ONCE // max(unit.size, slot.size))
    for first in range(0, days, at_once):
        block = np.arange(first, min(days, first + at_once))[:, None, None]
        sends, finds = draws(seed, VISIT, block, unit), draws(seed, INCIDENT, block, unit)
        thins = draws(seed, THINNED, block, unit) if whole.repaired else finds
        reported = np.zeros((len(block), cities, districts), np.int64)
        if whole.slots:
            reported = _reported(draws(seed, REPORT, block, slot), reports, whole.slots)
        for k in range(len(block)):
            to = _district(sends[k], records, whole.follow_records)
            found = finds[k] < rates[to]
            enters = found & (not whole.reports_only)
            if whole.repaired:
                share = records[rows, to]
                enters = enters & (thins[k] * share < records.min(1, keepdims=True) << 32)
            place = rows * districts + to
            added = np.array([
                np.bincount(place[of], minlength=cities * districts).reshape(cities, districts)
                for of in (every, found, enters)
            ])  # fmt: skip
            counts[:3] += added
            counts[3] += reported[k]
            records = records + WEIGHT * added[2] + whole.weight * reported[k]
            where[first + k] = to
    return Sent(counts[0], counts[1], counts[2], counts[3], records, where)


def _district(sends: np.ndarray, records: np.ndarray, follow_records: bool) -> np.ndarray:
    """Where each patrol is sent: int64 (cities, patrols)."""
    if not follow_records:
        return np.asarray(sends * records.shape[1] >> 32)
    at = sends * records.sum(1, keepdims=True) >> 32
    return np.asarray((at[:, :, None] >= np.cumsum(records, axis=1)[:, None, :]).sum(2))


def _reported(numbers: np.ndarray, reports: np.ndarray, slots: int) -> np.ndarray:
    """Reported incidents: int64 (days, cities, districts), from draws by district and slot."""
    days, cities, _ = numbers.shape
    drawn = numbers.reshape(days, cities, len(reports), slots)
    return np.asarray((drawn < reports[:, None]).sum(3))


def stopped(
    done: Sent, residents: tuple[np.ndarray, ...], stops: int, seed: int, city: int = 0
) -> np.ndarray:
    """Whom the patrols of a city stop: numbers of people, int64 (days, patrols, stops).

    residents: for each district the numbers of its invented residents. stops: of each patrol a
    day. A patrol stops any resident of its district with the same chance.
    """
    where = done.where[:, city].astype(np.int64)
    days, patrols = where.shape
    day = np.arange(days)[:, None, None]
    number = (city << CITY + 10) + np.arange(patrols * stops).reshape(patrols, stops)
    sizes = np.array([len(people) for people in residents], np.int64)
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    at = draws(seed, STOP, day, number) * sizes[where][:, :, None] // CERTAIN
    return np.concatenate(residents)[offsets[where][:, :, None] + at]
