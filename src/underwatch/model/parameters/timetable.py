"""Which parameters hold on which day."""

from datetime import date, timedelta

import numpy as np

from underwatch.model.parameters import decisions, response, sensors, society
from underwatch.model.parameters.record import PARAMS
from underwatch.model.safeguards import guard
from underwatch.scenario.changes import changes, check_days


def params_on(scenario, day: date) -> np.ndarray:
    """The PARAMS record that holds on a day, as an array of one."""
    r = np.zeros(1, PARAMS)
    society.life(r, scenario)
    society.vital(r, scenario)
    society.response(r, scenario, day)
    sensors.sensors(r, scenario, day)
    decisions.files(r, scenario, day)
    decisions.scores(r, scenario, day)
    decisions.decisions(r, scenario, day)
    response.feelings(r, scenario, day)
    guard(r, scenario, day)
    society.caps(r, scenario.life.critical_skew)
    return r


def timetable(scenario, days: int) -> tuple[np.ndarray, np.ndarray]:
    """(parameters, epochs): PARAMS records, and for each of `days` days the index of its record."""
    check_days(scenario, days)
    dates = changes(scenario, days)
    table = np.concatenate([params_on(scenario, d) for d in dates])
    every = [scenario.first_day + timedelta(t) for t in range(days)]
    return table, np.searchsorted(np.array(dates), np.array(every), "right").astype(np.int64) - 1
