"""Which rules hold on which day."""

from datetime import date, timedelta

import numpy as np

from underwatch.dated import Dated
from underwatch.rules import feelings, judgement, nation, sensors
from underwatch.rules.record import RULES
from underwatch.safeguards import guard
from underwatch.scenario.parts import Part


def changes(scenario) -> list[date]:
    """The first day, and every later day on which a value changes."""
    dates = {scenario.first_day}
    dates.update(day for section in _parts(scenario) for day in _dates(section))
    return sorted(d for d in dates if scenario.first_day <= d <= scenario.last_day)


def _parts(section):
    for _, value in section:
        if isinstance(value, Part):
            yield value
            yield from _parts(value)


def _dates(section):
    for _, value in section:
        if isinstance(value, Dated):
            yield from value.changes


def rules_on(scenario, day: date) -> np.ndarray:
    """The RULES record that holds on a day, as an array of one."""
    r = np.zeros(1, RULES)
    nation.life(r, scenario)
    nation.response(r, scenario, day)
    sensors.sensors(r, scenario, day)
    judgement.files(r, scenario, day)
    judgement.scores(r, scenario, day)
    judgement.decisions(r, scenario, day)
    feelings.feelings(r, scenario, day)
    guard(r, scenario, day)
    nation.caps(r, scenario.life.critical_skew)
    return r


def timetable(scenario, days: int) -> tuple[np.ndarray, np.ndarray]:
    """(rules, epochs): RULES records, and for each of `days` days the one that holds."""
    dates = changes(scenario)
    table = np.concatenate([rules_on(scenario, d) for d in dates])
    every = [scenario.first_day + timedelta(t) for t in range(days)]
    return table, np.searchsorted(np.array(dates), np.array(every), "right").astype(np.int64) - 1
