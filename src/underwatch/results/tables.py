"""The counts and records of a simulation as tables that anyone can open: xarray and Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.engine.evening import CLASSES
from underwatch.engine.simulation import YEAR, Simulation, month_of
from underwatch.kernel.columns import pieces
from underwatch.measurement.catalogue import LAYERS, MEASURES, OPINION_CLASSES, SHAPE, STOCK
from underwatch.measurement.cohorts import COHORTS, OTHERS
from underwatch.measurement.queues import QUEUES
from underwatch.measurement.tallies import Tallies, Variable
from underwatch.results.parquet import column, schema

if TYPE_CHECKING:
    import pyarrow as pa

Variables = dict[str, Variable]
_EDGES = np.array([0, 1, 30, 90, 180, 365, 730, 1095, 1461, 1826, 65_536])


def tallies(simulation: Simulation) -> Tallies:
    """Counts: totals by day (`posts`), and by month and stratum (`posts_by_month`)."""
    variables = (
        _counts(simulation)
        | _opinions(simulation)
        | _classes(simulation)
        | _burden(simulation)
        | _queues(simulation)
        | _assortativity(simulation)
    )
    about = {"title": simulation.scenario.title, "scenario_hash": simulation.scenario.hash}
    return Tallies(variables, _coordinates(simulation), about)


def _counts(simulation: Simulation) -> Variables:
    """Every tally, by day and by month and stratum."""
    from underwatch.model.streams import LEVELS_EVERY

    days = np.arange(simulation.days)
    measured = days // LEVELS_EVERY * LEVELS_EVERY
    times = np.zeros(len(simulation.months))
    for t in range(0, simulation.days, LEVELS_EVERY):
        times[simulation.months.index(month_of(simulation.scenario.first_day, t))] += 1
    found: Variables = {}
    for k, (name, measure) in enumerate(MEASURES.items()):
        daily: Any = simulation.daily[:, k]
        months: Any = simulation.monthly[:, :, k].reshape(-1, *SHAPE)
        about = {"units": measure.unit, "long_name": measure.definition}
        by_day, by_month = dict(about), dict(about)
        if measure.level:
            daily = daily[measured]
            by_day["sampled"] = f"each {LEVELS_EVERY}th day, held in between"
            with np.errstate(invalid="ignore"):
                months = months / times[:, None, None, None, None]
            by_month["sampled"] = "mean of the days of measurement"
        elif measure.type == STOCK:
            by_month["units"] = f"{measure.unit} × days"
        found[name] = Variable(("day",), daily, by_day)
        found[f"{name}_by_month"] = Variable(("month", *LAYERS), months, by_month)
    return found


def _coordinates(simulation: Simulation) -> Variables:
    """The coordinates of all tallies."""
    first = np.datetime64(simulation.scenario.first_day, "D")
    edge = {"long_name": "lower edge of a class of opinion, 255 = against the official line"}
    burden = {"long_name": "lower edge of a class of days under restriction"}
    years = {"long_name": "years since the first day"}
    months = np.array(simulation.months, "datetime64[D]")
    private = {"long_name": "private opinion, 255 = against the official line"}
    found: dict[str, tuple[Any, dict[str, Any]]] = {
        "day": (first + np.arange(simulation.days), {"long_name": "day"}),
        "month": (months, {"long_name": "month"}),
        "opinion": (np.arange(OPINION_CLASSES) * 256 // OPINION_CLASSES, edge),
        "year": (np.arange(len(simulation.moves)), years),
        "before": (CLASSES, {}),
        "after": (CLASSES, {}),
        "queue": (QUEUES, {}),
        "cohort": (COHORTS, {}),
        "private_opinion": (np.arange(256), private),
        "days_restricted": (_EDGES[:-1], burden),
    }
    found |= {layer: (labels, {}) for layer, labels in LAYERS.items()}
    return {
        dim: Variable((dim,), np.array([*labels]), about) for dim, (labels, about) in found.items()
    }


def _opinions(simulation: Simulation) -> Variables:
    """Private opinions of adults, and the opinions of posts that contacts saw."""
    private = "Adults by class of private opinion, at the end of the month"
    expressed = "Critical posts that contacts saw, by their authors' class of opinion"
    dims = ("month", "opinion")
    posts, private_by_cohort = simulation.expressed_opinions, _opinions_of_cohorts(simulation)
    return {
        "private_opinions": Variable(dims, simulation.private_opinions, {
            "units": "people", "long_name": private}),
        "expressed_opinions": Variable(dims, posts.sum(1), {
            "units": "posts", "long_name": expressed}),
        "expressed_by_cohort": Variable(("cohort", "opinion"), posts[:, :OTHERS].sum(0), {
            "units": "posts", "long_name": f"{expressed}, in the whole run"}),
        "private_by_cohort": Variable(("cohort", "private_opinion"), private_by_cohort, {
            "units": "people",
            "long_name": "People by private opinion, on the last evening"}),
    }  # fmt: skip


def _opinions_of_cohorts(simulation: Simulation) -> np.ndarray:
    """How many of each cohort hold each private opinion this evening: int64 (cohorts, 256)."""
    opinions, cohorts = simulation.opinions(), simulation.world.cohorts
    found = np.zeros((OTHERS, 256), np.int64)
    for here in pieces(len(cohorts)):
        for cohort in range(OTHERS):
            found[cohort] += np.bincount(opinions[here][cohorts[here] == cohort], minlength=256)
    return found


def _classes(simulation: Simulation) -> Variables:
    """Who moved between score classes from one year to the next."""
    label = "People by score class before and after a year"
    about = {"units": "people", "long_name": label, "days_apart": YEAR}
    return {"class_moves": Variable(("year", "before", "after"), simulation.moves, about)}


def _burden(simulation: Simulation) -> Variables:
    """Adults by days under restriction, and the days of the most burdened hundredth.

    Adults who died during the run are among them, with their own days.
    """
    from underwatch.measurement.cohorts import CHILD

    dead = simulation.dead[simulation.dead["cohort"] != CHILD]
    living, ages = simulation.world.restricted_days, simulation.ages()
    most = max(living.max(initial=0), dead["restricted_days"].max(initial=0))
    days = np.arange(1 + int(most))
    adults = np.bincount(dead["restricted_days"], minlength=len(days))  # by days
    for here in pieces(len(ages)):
        adults += np.bincount(living[here][ages[here] >= 18], minlength=len(days))
    counts = np.histogram(days, _EDGES, weights=adults)[0]
    above = adults.sum() - np.cumsum(adults)  # who has more days
    hundredth = np.clip(max(1, -(-adults.sum() // 100)) - above, 0, adults)
    burden = (hundredth * days).sum()
    return {
        "adults_by_days_restricted": Variable(("days_restricted",), counts, {
            "units": "people", "long_name": "Adults by days under restriction in the whole run"}),
        "days_of_most_burdened": Variable((), np.array(burden), {
            "units": "person-days",
            "long_name": "Days under restriction of the most burdened hundredth of adults"}),
    }  # fmt: skip


def _queues(simulation: Simulation) -> Variables:
    """Places of each queue by day, and the share of districts in which it was at capacity."""
    from underwatch.measurement.queues import AT_CAPACITY, PLACES

    dims, capacity = ("day", "queue"), simulation.capacity
    districts = simulation.world.lengths.shape[1]
    full = "Districts in which every place was taken and somebody ready was left, on that day"
    return {
        "queue_places": Variable(dims, capacity[:, :, PLACES], {
            "units": "cases", "long_name": "Places of a queue on that day"}),
        "queue_at_capacity": Variable(dims, capacity[:, :, AT_CAPACITY] / districts, {
            "units": "share of districts", "long_name": full}),
    }  # fmt: skip


def _assortativity(simulation: Simulation) -> Variables:
    """Assortativity by score (Newman 2003): the correlation of scores at both ends of a tie."""
    count, sums, squares, products = simulation.score_moments()
    spread = count * squares - sums * sums  # each tie is seen from both ends
    value = (count * products - sums * sums) / spread if spread else np.nan
    return {
        "score_assortativity": Variable((), np.array(value), {
            "units": "−1 to 1", "long_name": "Correlation of scores over ties, on the last day"}),
    }  # fmt: skip


def records(simulation: Simulation) -> pa.Table:
    """Every record of the followed citizens, in the order of days."""
    import pyarrow as pa

    from underwatch.measurement.ledger import KINDS

    lines = np.concatenate(simulation.lines)
    lines = np.repeat(lines, lines[:, 3], axis=0)
    kinds = np.array(KINDS, object)[lines[:, 2]]
    first = np.datetime64(simulation.scenario.first_day, "D")
    citizens = simulation.followed[lines[:, 1]]
    bearers = _bearers(simulation.dead, citizens, lines[:, 0])
    columns = (first + lines[:, 0], citizens, bearers, *kinds.T)
    return pa.Table.from_arrays([*map(column, columns)], schema=panel_schema())


def _bearers(dead: np.ndarray, citizens: np.ndarray, days: np.ndarray) -> np.ndarray:
    """How many people had each number before its bearer of a day: int64 (n)."""
    deaths = np.sort(dead["citizen"].astype(np.int64) << 16 | dead["day"])
    before = np.searchsorted(deaths, citizens << 16 | days, "right")
    found: np.ndarray = before - np.searchsorted(deaths, citizens << 16)
    return found


def panel_schema() -> pa.Schema:
    """The columns of panel.parquet."""
    return schema(
        day="date", citizen="int", bearer="int", record="str", entered_by="str", true_cause="str"
    )
