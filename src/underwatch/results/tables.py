"""The counts and records of a simulation as tables that anyone can open: xarray and Arrow."""

import numpy as np

from underwatch.engine.simulation import CLASSES, YEAR, Simulation, month_of
from underwatch.measurement.catalogue import LAYERS, MEASURES, OPINION_CLASSES, SHAPE


def tallies(simulation: Simulation) -> "xr.Dataset":
    """Counts as an xarray Dataset: totals by day, and by month and stratum."""
    import xarray as xr

    from underwatch.model.streams import LEVELS_EVERY

    days, first = simulation.days, np.datetime64(simulation.scenario.first_day, "D")
    ends = np.arange(days) // LEVELS_EVERY * LEVELS_EVERY
    variables = {}
    taken = np.zeros(len(simulation.months))
    for t in range(0, days, LEVELS_EVERY):
        taken[simulation.months.index(month_of(simulation.scenario.first_day, t))] += 1
    for k, (name, measure) in enumerate(MEASURES.items()):
        daily = simulation.daily[:, k]
        months = simulation.monthly[:, :, k].reshape(-1, *SHAPE)
        about = {"units": measure.unit, "long_name": measure.definition}
        every, many = dict(about), dict(about)
        if measure.level:
            daily = daily[ends]
            every["sampled"] = f"each {LEVELS_EVERY}th day, held in between"
            with np.errstate(invalid="ignore"):
                months = months / taken[:, None, None, None, None]
            many["sampled"] = "mean of the days on which it was taken"
        elif name in ("in_force", "restricted"):
            many["units"] = f"{measure.unit} × days"
        variables[name] = ("day", daily, every)
        variables[f"{name}_by_month"] = (("month", *LAYERS), months, many)
    variables |= (
        _opinions(simulation) | _classes(simulation) | _burden(simulation) | _assortativity(simulation)
    )
    coords = {
        "day": ("day", first + np.arange(days), {"long_name": "day"}),
        "month": ("month", np.array(simulation.months, "datetime64[D]"), {"long_name": "month"}),
        "opinion": (
            "opinion",
            np.arange(OPINION_CLASSES) * 256 // OPINION_CLASSES,
            {"long_name": "lower edge of a class of opinion, 255 = against the official line"},
        ),
        "year": (
            "year",
            np.arange(len(simulation.moves)),
            {"long_name": "years since the first day"},
        ),
        "before": ("before", list(CLASSES)),
        "after": ("after", list(CLASSES)),
        "days_restricted": (
            "days_restricted",
            _EDGES[:-1],
            {"long_name": "lower edge of a class of days under restriction"},
        ),
    } | {layer: (layer, list(labels)) for layer, labels in LAYERS.items()}
    about = {"title": simulation.scenario.title, "scenario_hash": simulation.scenario.hash}
    return xr.Dataset(variables, coords, about)


def _opinions(simulation):
    about = {
        "private_opinions": ("people", "Adults by class of private opinion, at the month's end"),
        "expressed_opinions": (
            "posts",
            "Critical posts that were heard, by their authors' class of opinion",
        ),
    }
    return {
        name: (("month", "opinion"), getattr(simulation, name), {"units": unit, "long_name": label})
        for name, (unit, label) in about.items()
    }


def _classes(simulation):
    label = "People by score class before and after a year"
    about = {"units": "people", "long_name": label, "days_apart": YEAR}
    return {"class_moves": (("year", "before", "after"), simulation.moves, about)}


_EDGES = np.array([0, 1, 30, 90, 180, 365, 730, 1095, 1461, 1826, 65_536])


def _burden(simulation):
    """Adults by days under restriction, and the days of the most burdened hundredth."""
    adults = simulation.population.people["age"] >= 18
    days = simulation.world.restricted_days[adults].astype(np.int64)
    counts = np.histogram(days, _EDGES)[0]
    most = np.sort(days)[::-1][: max(1, -(-days.size // 100))].sum() if days.size else 0
    return {
        "adults_by_days_restricted": ("days_restricted", counts, {
            "units": "people", "long_name": "Adults by days under restriction in the whole run"}),
        "days_of_most_burdened": ((), np.int64(most), {
            "units": "person-days",
            "long_name": "Days under restriction of the most burdened hundredth of adults"}),
    }  # fmt: skip


_AT_ONCE = 1 << 20  # citizens whose ties are expanded at once


def _assortativity(simulation):
    """Assortativity by score (Newman 2003): the correlation of scores at both ends of a tie."""
    world = simulation.world
    scores = np.append(simulation.scores(), -1)  # the closed tie leads to no score
    begin = world.reach[::2]
    count = sums = squares = products = 0
    for lo in range(0, len(begin) - 1, _AT_ONCE):
        some = begin[lo : lo + _AT_ONCE + 1]
        here = np.repeat(scores[lo : lo + len(some) - 1], np.diff(some))
        there = scores[world.contacts[some[0] : some[-1]]]
        both = (here >= 0) & (there >= 0)
        here, there = here[both], there[both]
        count, sums = count + here.size, sums + int(here.sum())
        squares, products = squares + int(here @ here), products + int(here @ there)
    spread = count * squares - sums * sums  # each tie is seen from both ends
    value = (count * products - sums * sums) / spread if spread else np.nan
    return {
        "score_assortativity": ((), value, {
            "units": "of 1", "long_name": "Correlation of scores over ties, on the last day"}),
    }  # fmt: skip


def records(simulation: Simulation) -> "pa.Table":
    """Every record of the followed citizens, a pyarrow Table in the order of days."""
    import pyarrow as pa

    from underwatch.measurement.ledger import KINDS

    lines = np.concatenate(simulation.lines)
    lines = np.repeat(lines, lines[:, 3], axis=0)
    kinds = np.array(KINDS, object)[lines[:, 2]]
    first = np.datetime64(simulation.scenario.first_day, "D")
    return pa.table({
        "day": pa.array(first + lines[:, 0]),
        "citizen": pa.array(simulation.followed[lines[:, 1]]),
        "record": pa.array(kinds[:, 0], pa.string()),
        "entered_by": pa.array(kinds[:, 1], pa.string()),
        "true_cause": pa.array(kinds[:, 2], pa.string()),
    })  # fmt: skip
