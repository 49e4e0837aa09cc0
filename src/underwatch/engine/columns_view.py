"""What a user's own measure may read: every citizen, by column, on one evening."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np

from underwatch.errors import did_you_mean
from underwatch.measurement.history import HISTORY

_TRAITS = (
    "age", "group", "place", "income", "thrift", "conviction", "prudence", "independence",
    "sociability", "mobility", "taste", "threshold", "home_size",
)  # fmt: skip
_MEMBERSHIPS = {"shops_online": 1, "posts_online": 2, "borrows": 4, "evades_firewall": 8}
_LEVELS = ("risk", "detection", "trust", "support", "opinion")
_STANDING = {"in_default": 1, "private_member": 1024, "knows_of_penalties": 2048, "dismissed": 4096}
RECORDS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor_offence", "serious_offence", "good_deed", "assembly", "evasion",
)  # fmt: skip


class Columns:
    """A read-only view of all n citizens on one evening of a run.

    A function that is given as `observe` to a run gets one of these. Each
    attribute is a NumPy array of length n that cannot be written to; it is
    unpacked when it is first asked for, and it is a copy, so that nothing that
    a function does reaches the simulation. Citizen k is element k of each array.

    Traits, fixed for a person's life but for the age (uint8)
        `age` (years, today), `bearer` (how many people had this number before),
        `group` (0 to 3), `place` (0 rural, 1 town, 2 metropolis), `home_size` (people
        in the household); and from 0 to 255: `income` (quantile), `thrift` (quantile),
        `conviction` (0 with the official line, 255 against it), `prudence` (how much
        risk weighs), `independence`, `sociability`, `mobility`, `taste` (towards
        disfavoured goods), `threshold` (quantile of the protest threshold).
    Traits (bool)
        `adult` (18 or over; only adults act and are scored), `shops_online`,
        `posts_online`, `borrows`, `evades_firewall`.
    Feelings and opinion, 0 to 255 (uint8; 0 for children)
        `risk` (perceived risk of expression), `detection` (perceived chance of
        being caught offending), `trust` (in others), `support` (for the system),
        `opinion` (private: 0 with the official line, 255 against it).
    Standing (bool)
        `in_default` (on a loan), `private_member` (of the private score),
        `knows_of_penalties`, `dismissed` (and not yet employed again), `listed`
        (on the court blacklist), `restricted` (by the list or by score),
        `named` (a public naming is still remembered).
    Score (float64, in points with sixteenths)
        `score`: the state's score, as contacts will read it; -1 = not scored.
    File (uint8)
        `records_late`, `records_repaid`, `records_default`, `records_favoured`,
        `records_disfavoured`, `records_unpermitted`, `records_contradicting`,
        `records_minor_offence`, `records_serious_offence`, `records_good_deed`,
        `records_assembly`, `records_evasion`: retained records in the local
        file, 0 to 15 of each kind; `records_wrong`: how many of them are not
        the citizen's own, 0 to 60.
    Ties (uint8)
        `ties`: open ties outside the household, 0 to 16.
    History of the present bearer of the number, since the first day
        `restricted_days` (uint16, days), and whether something ever happened
        (bool): `ever_listed`, `ever_restricted_by_score`,
        `ever_wrongful_restriction`, `ever_association_only`, `ever_named`,
        `ever_wrongfully_named`, `ever_dismissed`, `ever_stopped`,
        `ever_wrongfully_stopped`, `ever_false_record`, `ever_false_alert`,
        `ever_appealed`, `ever_appeal_upheld`, `ever_defaulted`.

    Three attributes are no arrays: `citizens` (n), `day` (int: days before this
    one, so 0 on the first evening) and `date` (datetime.date).

    Raises:
        AttributeError: there is no such column; the message names the nearest.
        ValueError: a function writes to an array (raised by NumPy).

    Examples:
        A function for `observe`: the mean perceived risk of each of four groups.

        >>> import numpy as np
        >>> def risk_by_group(columns):
        ...     adults = columns.adult
        ...     return [columns.risk[adults & (columns.group == g)].mean() for g in range(4)]
    """

    def __init__(self, simulation: Any):
        self._simulation = simulation
        self._read: dict[str, np.ndarray] = {}
        self.citizens: int = simulation.population.citizens
        self.day: int = simulation.day - 1
        self.date: date = simulation.scenario.first_day + timedelta(self.day)

    def __getattr__(self, name: str) -> np.ndarray:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._read:
            if name not in COLUMNS:
                raise AttributeError(
                    f"there is no column {name}{did_you_mean(name, COLUMNS)}", name=name
                )
            column: np.ndarray = np.array(_unpack(self._simulation, name))
            column.flags.writeable = False
            self._read[name] = column
        return self._read[name]

    def __dir__(self) -> Iterator[str]:
        return iter([*COLUMNS, "citizens", "day", "date"])

    def __repr__(self) -> str:
        return f"Columns({self.citizens:,} citizens, {self.date}, {len(COLUMNS)} columns)"


def _field(states: np.ndarray, name: str) -> Any:
    """One field of everyone's state, from its packed column."""
    from underwatch.model.state import STATE

    return _unpacked(states, STATE, name)


def _trait(people: np.ndarray, name: str) -> Any:
    """One trait of everyone, from its packed column."""
    from underwatch.model.society.people import PERSON

    return _unpacked(people, PERSON, name)


def _unpacked(columns: np.ndarray, layout: Any, name: str) -> Any:
    from underwatch.kernel.columns import field_of

    return field_of(columns, layout, name)


def _unpack(simulation: Any, name: str) -> Any:
    """One column of the world as it is this evening."""
    world = simulation.world
    if name in _TRAITS:
        return _trait(world.people, name)
    if name in _MEMBERSHIPS:
        return _trait(world.people, "memberships") & _MEMBERSHIPS[name] != 0
    if name in _LEVELS:
        return _field(world.states, name)
    if name in _STANDING:
        return _field(world.states, "standing") & _STANDING[name] != 0
    if name.startswith("ever_"):
        return world.history & HISTORY[name.removeprefix("ever_")] != 0
    if name.startswith("records_"):
        return _records(_field(world.states, "file"), name.removeprefix("records_"))
    return _DERIVED[name](simulation)


def _records(file: np.ndarray, kind: str) -> Any:
    """Counts of one kind of record; "wrong" for those that are not a citizen's own."""
    places = range(12, 16) if kind == "wrong" else [RECORDS.index(kind)]
    found = [(file >> np.uint64(4 * k)).astype(np.uint8) & np.uint8(15) for k in places]
    return np.sum(found, axis=0, dtype=np.uint8)


def _restricted(simulation: Any) -> Any:
    states = simulation.world.states
    by_score = (_field(states, "score_until") > 0) & (_field(states, "reasons") > 15)
    return by_score | (_field(states, "list_until") > 0)


_DERIVED: dict[str, Any] = {
    "adult": lambda simulation: simulation.ages() >= 18,
    "bearer": lambda simulation: simulation.world.bearers,
    "listed": lambda simulation: _field(simulation.world.states, "list_until") > 0,
    "named": lambda simulation: _field(simulation.world.states, "named") > 0,
    "restricted": _restricted,
    "score": lambda simulation: simulation.scores(),
    "ties": lambda simulation: np.bitwise_count(simulation.world.slots),
    "restricted_days": lambda simulation: simulation.world.restricted_days,
}
COLUMNS = (
    *_TRAITS, *_MEMBERSHIPS, *_LEVELS, *_STANDING, *_DERIVED,
    *(f"records_{kind}" for kind in (*RECORDS, "wrong")), *(f"ever_{event}" for event in HISTORY),
)  # fmt: skip
