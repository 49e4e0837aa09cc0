"""The invented citizens of a run as a table, and how to find some of them.

`people.parquet` holds one row per citizen alive on the last evening, so that rows of the panel can
be joined (by citizen and bearer) and a citizen can be chosen for `underwatch explain`. Above a
million citizens it holds a keyed sample of a million and everyone in the panel; the metadata of
the table say which.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.errors import Problem, UserError, did_you_mean
from underwatch.results.parquet import column
from underwatch.scenario.limits import LIMITS, Range, check_size

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from underwatch.engine.simulation import Simulation

MOST = 1_000_000  # rows of a full table; above, a sample

_OF_255 = "0 to 255"
_BOOL = "true or false"
# Column: (unit, what it means). The names of HISTORY follow, in the order of their bits.
COLUMNS: dict[str, tuple[str, str]] = {
    "citizen": ("number", "the number by which `explain` knows the citizen"),
    "household": ("number", "the number of the first member of the household"),
    "bearer": ("people", "how many people had this number before; 0 on the first day"),
    "age": ("years", "age on the last evening"),
    "group": ("A to D", "one abstract demographic group"),
    "place": ("rural, town or metropolis", "where the citizen lives"),
    "income": (_OF_255, "quantile of income"),
    "thrift": (_OF_255, "quantile of thrift"),
    "conviction": (_OF_255, "0 = with the official line, 255 = against it; fixed for life"),
    "prudence": (_OF_255, "how much perceived risk weighs"),
    "independence": (_OF_255, "independence of rules and neighbours"),
    "sociability": (_OF_255, "quantile of sociability"),
    "mobility": (_OF_255, "quantile of mobility"),
    "taste": (_OF_255, "taste for purchases that the score penalises"),
    "shops_online": (_BOOL, "shops at an online marketplace"),
    "on_platforms": (_BOOL, "is a member of online platforms"),
    "borrows": (_BOOL, "has a loan to repay"),
    "evades_firewall": (_BOOL, "knows how to evade the firewall"),
    "risk": (_OF_255, "perceived risk of speaking, on the last evening"),
    "detection": (_OF_255, "perceived chance of being caught, on the last evening"),
    "trust": (_OF_255, "generalised trust, on the last evening"),
    "support": (_OF_255, "support for the system, on the last evening"),
    "opinion": (_OF_255, "private opinion, 255 = against the official line, last evening"),
    "score": ("points", "the state's score on the last evening; null if there is none"),
    "restricted": (_BOOL, "under a restriction on the last evening"),
    "restricted_days": ("days", "days under a restriction during the run"),
    "records": ("records", "records that the local file holds on the last evening"),
    "wrong_records": ("records", "of these, records that are not the citizen's own"),
    "regional_records": ("records", "records in the file of the region on the last evening"),
    "national_records": ("records", "records in the file of the nation on the last evening"),
    "ties": ("ties", "open ties outside the household on the last evening"),
    "in_panel": (_BOOL, "every record of the citizen is in panel.parquet"),
}
HISTORY_MEANING = {
    "listed": "was put on the court blacklist",
    "restricted_by_score": "was restricted because of the score",
    "wrongful_restriction": "was restricted without an act of the citizen's own",
    "association_only": "was restricted because of contacts' scores alone",
    "named": "was named in public",
    "wrongfully_named": "was named in public for another person's act",
    "dismissed": "was dismissed by an employer who was notified",
    "stopped": "was stopped by the police",
    "wrongfully_stopped": "was stopped without an act of the citizen's own",
    "false_record": "the file gained a record that is not the citizen's own",
    "false_alert": "a camera mistook the citizen for somebody on the watch list",
    "appealed": "filed an appeal",
    "appeal_upheld": "an appeal was upheld",
    "defaulted": "defaulted on a loan",
}
# Short names that filters accept.
ALIASES = {"wrongful": "wrongful_restriction"}
CONVICTIONS = {"loyal": (0, 85), "in between": (86, 170), "critical": (171, 255)}


def people_table(simulation: Simulation) -> pa.Table:
    """Every invented citizen of a simulation that has ended: traits, state, what happened.

    simulation: on its last evening.

    Returns one row per citizen in ascending order (above `MOST` citizens: of a keyed sample and
    the panel); columns as in `COLUMNS` and `HISTORY_MEANING`, with unit and meaning in the
    metadata of each column.
    """
    chosen = _rows(simulation)
    people, states = simulation.people(chosen), simulation.states(chosen)
    world = simulation.world
    household = chosen - people["place_in_home"]
    columns: dict[str, Any] = {
        "citizen": chosen.astype(np.uint32),
        "household": household.astype(np.uint32),
        "bearer": world.bearers[chosen],
        "age": people["age"],
        "group": _categories(people["group"], "group"),
        "place": _categories(people["place"], "place"),
    }
    traits = ("income", "thrift", "conviction", "prudence", "independence", "sociability",
              "mobility", "taste")  # fmt: skip
    columns |= {name: people[name] for name in traits}
    columns |= _memberships(people["memberships"])
    feelings = ("risk", "detection", "trust", "support", "opinion")
    columns |= {name: states[name] for name in feelings}
    columns["score"] = _scores(simulation.scores(chosen))
    columns["restricted"] = (states["list_until"] > 0) | (
        (states["score_until"] > 0) & (states["reasons"] > 15)
    )
    columns["restricted_days"] = world.restricted_days[chosen]
    columns["records"], columns["wrong_records"] = _on_file(states["file"])
    columns["regional_records"], _ = _on_file(states["region"])
    columns["national_records"], _ = _on_file(states["nation"])
    columns["ties"] = np.bitwise_count(world.slots[chosen])
    columns["in_panel"] = np.isin(chosen, simulation.followed)
    columns |= _flags(world.history[chosen])
    return _table(columns, simulation.population.citizens)


def _rows(simulation: Simulation) -> np.ndarray:
    """The citizens of the table, ascending: int64."""
    from underwatch.model.society.people import sample

    total = simulation.population.citizens
    if total <= MOST:
        return np.arange(total)
    chosen = np.zeros(MOST, np.int64)
    sample(chosen, total, simulation.population.seed)
    return np.union1d(chosen, simulation.followed)


def _categories(codes: np.ndarray, layer: str) -> pa.Array:
    import pyarrow as pa

    from underwatch.measurement.catalogue import LAYERS

    labels = column(np.array(LAYERS[layer]))
    return pa.DictionaryArray.from_arrays(column(codes.astype(np.int8)), labels)


def _memberships(bits: np.ndarray) -> dict[str, np.ndarray]:
    from underwatch.model.society.people import BORROWS, EVADES, POSTS, SHOPS

    names = {"shops_online": SHOPS, "on_platforms": POSTS, "borrows": BORROWS,
             "evades_firewall": EVADES}  # fmt: skip
    return {name: bits & bit > 0 for name, bit in names.items()}


def _scores(scores: np.ndarray) -> pa.Array:
    return column(np.maximum(scores, 0).astype(np.float32), missing=scores < 0)


def _on_file(files: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(records, records that are not the citizen's own) of each file: uint8."""
    from underwatch.model.dossiers.records import KINDS, WRONG, counts

    held = counts(files)
    total = np.add.reduce([held[kind] for kind in KINDS], 0, np.uint8)
    wrong = np.add.reduce([held[kind] for kind in WRONG], 0, np.uint8)
    return np.asarray(total), np.asarray(wrong)


def _flags(history: np.ndarray) -> dict[str, np.ndarray]:
    from underwatch.measurement.history import HISTORY

    return {name: history & np.uint16(bit) > 0 for name, bit in HISTORY.items()}


def _table(columns: dict[str, Any], total: int) -> pa.Table:
    """The columns with their units and meanings, and the number of citizens they stand for."""
    import pyarrow as pa

    meanings = COLUMNS | {name: (_BOOL, text) for name, text in HISTORY_MEANING.items()}
    arrays, fields = [], []
    for name, values in columns.items():
        array = values if isinstance(values, pa.Array) else column(values)
        unit, meaning = meanings[name]
        fields.append(pa.field(name, array.type, metadata={"unit": unit, "meaning": meaning}))
        arrays.append(array)
    rows = "every citizen"
    if len(arrays[0]) < total:
        rows = f"a random sample of {MOST:,} citizens, and the panel"
    about = {"citizens": str(total), "rows": rows}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, about))


def find(
    people: pd.DataFrame, /, *, order: str | None = None, limit: int | None = 20, **filters: Any
) -> pd.DataFrame:
    """Invented citizens who are alive on the last evening, with what happened to them.

    Those who died during the run are in the counts of the run and not in this table. A number has
    one row, that of its present bearer.

    Parameters
    ----------
    people
        The table of a run, index citizen (`Run.people`).
    order
        A column; the highest values first. With a minus before its name, the lowest first.
        By default in the order of their numbers.
    limit
        The most rows to return; None for all.
    filters
        A column and what is wanted of it. True or False for flags (wrongful=True is short for
        wrongful_restriction). For numbers a value, "100+", "10-50", or (low, high) with None for
        an open end. For group and place one or several labels: "D", "C,D" or ["C", "D"].
        conviction also takes "loyal", "in between" and "critical".

    Raises
    ------
    UserError
        For a filter or column that is not in the table, or a value that it cannot have.

    Examples
    --------
    >>> import underwatch as uw
    >>> run = uw.run("atlantic-2018", citizens=2000, days=60)
    >>> run.find(age="60-69", place="metropolis", order="age", limit=3)["age"].tolist()
    [69, 69, 69]
    """
    wanted = {key: value for key, value in filters.items() if value is not None}
    if order is not None and not isinstance(order, str):
        raise UserError(f"order is {order!r}, but it is the name of a column.")
    if limit is not None:
        limit = check_size("limit", limit, Range(0, LIMITS["citizens"].high))
    _check_names(people, wanted, order)
    kept, problems = np.ones(len(people), bool), []
    for key, value in wanted.items():
        try:
            kept &= _matches(people, ALIASES.get(key, key), key, value)
        except UserError as error:
            problems += error.problems
    if problems:
        raise UserError(problems)
    found = people[kept]
    if order is not None:
        name = order.removeprefix("-")
        by = ALIASES.get(name, name)
        lowest_first = order.startswith("-")
        found = found.sort_values(by, ascending=lowest_first, kind="stable")
    return found if limit is None else found.head(limit)


def _check_names(people: pd.DataFrame, wanted: Iterable[str], order: str | None) -> None:
    known = [*people.columns, *ALIASES]
    problems = [
        Problem(
            None,
            f"{name or repr(name)} is not a column of this run's people{did_you_mean(name, known)}",
        )
        for name in (*wanted, *((order.removeprefix("-"),) if order is not None else ()))
        if name not in known
    ]
    if problems:
        raise UserError(problems)


def _matches(people: pd.DataFrame, column: str, name: str, value: Any) -> np.ndarray:
    """Which rows have what is wanted of a column: bool (rows)."""
    values = people[column]
    if values.dtype == bool:
        if not isinstance(value, bool | np.bool_):
            raise UserError(f"{name} is {value!r}, but it is True or False.")
        equal: np.ndarray = np.equal(np.asarray(values), bool(value))
        return equal
    if column in ("group", "place"):
        labels = _labels(value)
        known = [str(label) for label in values.cat.categories]
        for label in labels:
            if label not in known:
                raise UserError(f"there is no {name} {label!r}{did_you_mean(label, known)}")
        return np.asarray(values.isin(labels))
    if column == "conviction" and isinstance(value, str) and value in CONVICTIONS:
        value = CONVICTIONS[value]
    low, high = _range(name, value)
    if low is not None and high is not None and low > high:
        raise UserError(f"{name} is {value!r}, a range that ends before it begins.")
    kept = np.ones(len(values), bool) if low is None else np.asarray(values >= low)
    if high is not None:
        kept = kept & np.asarray(values <= high)
    return kept


def _labels(value: Any) -> list[str]:
    """Labels as one text with commas, or as a sequence."""
    if isinstance(value, str):
        return [label.strip() for label in value.split(",")]
    return [str(label) for label in value] if isinstance(value, Sequence) else [str(value)]


def _range(name: str, value: Any) -> tuple[float | None, float | None]:
    """The ends of a range, both included; None where it is open."""
    try:
        if isinstance(value, str):
            return _written_range(value.strip())
        if isinstance(value, Sequence):
            low, high = value
            return _number(low), _number(high)
        return _number(value), _number(value)
    except (TypeError, ValueError, OverflowError):
        raise UserError(
            f'{name} is {value!r}; write a number, "100+", "10-50" or (low, high).'
        ) from None


def _written_range(text: str) -> tuple[float | None, float | None]:
    if text.endswith("+"):
        return _number(text[:-1]), None
    low, dash, high = text.partition("-")
    return (_number(low), _number(high)) if dash else (_number(text), _number(text))


def _number(value: Any) -> float | None:
    if value is None:
        return None
    number = float(value)
    if isinstance(value, bool | np.bool_) or np.isnan(number):
        raise TypeError
    return number
