"""The days on which a scenario changes."""

from datetime import date

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Section


def changes(scenario) -> list[date]:
    """The first day, and every later day on which a value changes."""
    dates = {scenario.first_day}
    dates.update(day for section in _parts(scenario) for day in _dates(section))
    return sorted(d for d in dates if scenario.first_day <= d <= scenario.last_day)


def _parts(section):
    for _, value in section:
        if isinstance(value, Section):
            yield value
            yield from _parts(value)


def _dates(section):
    for _, value in section:
        if isinstance(value, Dated):
            yield from value.changes
