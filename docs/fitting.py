"""The fit of the court's places and of wanted trips to published series; see docs/refit.py.

All series are fitted together, because refused tickets follow from who is on the list: the largest
relative error is least, where an error of the list counts twice as much as one of tickets.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from underwatch.scenario.evidence import figures

COURT = "blacklist.court_places_per_million_a_day"
FLIGHTS, TRAINS = "life.flights_per_year", "life.train_trips_per_year"
LAST_FITTED = date(2018, 12, 31)
DECIMALS = {COURT: 1, FLIGHTS: 2, TRAINS: 2}
WEIGHT_OF_LIST = 2

ON_THE_LIST = "people on the list"
Constants = dict[str, Any]  # key → number, or first day → number
Daily = dict[str, np.ndarray]  # series → count of each day, scaled to the nation; and ON_THE_LIST


class Published(NamedTuple):
    """A published cumulative series, and the tally that corresponds to it.

    before: what was counted before the first day of the scenario. constant: the key that is
    fitted to the series.
    """

    name: str
    tally: str
    figures: dict[date, float]
    before: float
    evidence: str
    constant: str

    @property
    def fitted(self) -> list[date]:
        """The dates of the figures that are fitted."""
        return [day for day in self.figures if day <= LAST_FITTED]


def published(first_day: date) -> list[Published]:
    """The published series after the first day, that of the list first."""
    listed = _by_date(figures()["court_blacklist"].value)
    before = max((count for day, count in listed.items() if day <= first_day), default=0.0)
    later = {day: count for day, count in listed.items() if day > first_day}
    made = [Published("people put on the list", "imposed", later, before, "court_blacklist", COURT)]
    for name, constant in (("flights", FLIGHTS), ("trains", TRAINS)):
        tickets = _by_date(figures()["refused_travel"].value[name])
        made.append(
            Published(f"{name} refused", f"{name}_refused", tickets, 0, "refused_travel", constant)
        )
    return made


def _by_date(values: Mapping[str, float]) -> dict[date, float]:
    return {date.fromisoformat(str(day)): float(value) for day, value in values.items()}


def errors(series: Published, first_day: date, cumulative: np.ndarray) -> np.ndarray:
    """The relative errors at the fitted dates. cumulative: the simulated series by day."""
    found = np.array([cumulative[(day - first_day).days] for day in series.fitted])
    return (series.before + found) / [series.figures[day] for day in series.fitted] - 1


def refitted(first_day: date, constants: Constants, daily: Daily) -> Constants:
    """The constants that fit best, given a simulation with other constants.

    The court is always at capacity, so the listings of a period are proportional to its places.
    People leave the list at the mean rate of the simulation. Refused tickets are proportional to
    the people on the list, day by day as in the simulation, and to the trips that people want.
    """
    from scipy.optimize import minimize

    listed, *tickets = published(first_day)
    steps = constants[COURT]
    period = _periods(first_day, list(steps), len(daily[listed.name]))
    places = np.array(list(steps.values()))
    leaving = _rate_of_leaving(daily[listed.name], daily[ON_THE_LIST])
    here = np.cumsum(_stock(daily[listed.name], leaving))

    def of_tickets(times: np.ndarray) -> list[np.ndarray]:
        there = np.cumsum(_stock(daily[listed.name] * times[period], leaving))
        ratio = np.divide(there, here, out=np.ones_like(here), where=here > 0)
        return [errors(each, first_day, np.cumsum(daily[each.name]) * ratio) for each in tickets]

    def largest(times: np.ndarray) -> float:
        of_list = errors(listed, first_day, np.cumsum(daily[listed.name] * times[period]))
        all_errors = [WEIGHT_OF_LIST * of_list, *(_centred(each) for each in of_tickets(times))]
        return float(np.abs(np.concatenate(all_errors)).max())

    options = {"xatol": 1e-4, "fatol": 1e-5, "maxiter": 4_000}
    times = minimize(largest, np.ones(len(places)), method="Nelder-Mead", options=options).x
    values = [round(float(value), DECIMALS[COURT]) for value in places * times]
    made: Constants = {COURT: dict(zip(steps, values, strict=True))}
    for each, found in zip(tickets, of_tickets(times), strict=True):
        value = constants[each.constant] * _factor(found)
        made[each.constant] = round(float(value), DECIMALS[each.constant])
    return made


def _periods(first_day: date, steps: list[date], days: int) -> np.ndarray:
    """For each day, the number of the period of the court's places in which it lies."""
    dates = [first_day + timedelta(day) for day in range(days)]
    return np.array([sum(day >= step for step in steps) - 1 for day in dates]).clip(0)


def _rate_of_leaving(listings: np.ndarray, on_the_list: np.ndarray) -> float:
    """Share of the people on the list who leave it in a day, on average."""
    return float((listings.sum() - on_the_list[-1]) / on_the_list.sum())


def _stock(listings: np.ndarray, leaving: float) -> np.ndarray:
    """The people on the list by day."""
    from scipy.signal import lfilter

    return lfilter([1.0], [1.0, leaving - 1.0], listings)


def _factor(found: np.ndarray) -> float:
    """The factor that makes the largest error of a series least: extremes lie as far from 0."""
    return 2 / (2 + found.max() + found.min())


def _centred(found: np.ndarray) -> np.ndarray:
    return (1 + found) * _factor(found) - 1
