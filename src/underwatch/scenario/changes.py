"""The days on which a scenario changes, and how long a run of it may be."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

from underwatch.errors import UserError
from underwatch.scenario.dated import Dated
from underwatch.scenario.limits import MAX_DAYS, too_long
from underwatch.scenario.sections.values import Section

if TYPE_CHECKING:
    from underwatch.scenario.declaration import Declaration


def changes(scenario: "Declaration", days: int | None = None) -> list[date]:
    """The first day, and every later day of a run on which a value changes.

    days: the length of the run; None for the scenario's own. A run that is longer than the
    scenario meets the changes after its last day, too. A change dated before the first day
    holds from the first day on.
    """
    last = scenario.last_day if days is None else scenario.first_day + timedelta(days - 1)
    dates = {scenario.first_day}
    dates.update(day for section in _sections(scenario) for day in _dates(section))
    return sorted(day for day in dates if scenario.first_day <= day <= last)


def check_days(scenario: "Declaration", days: int) -> None:
    """Refuse a run whose restrictions could end after day 65,535, the last that a state holds.

    Examples
    --------
    >>> from underwatch.scenario import Scenario
    >>> check_days(Scenario.load("atlantic-2018"), 60_000)
    >>> check_days(Scenario.load("atlantic-2018"), 65_000)
    Traceback (most recent call last):
    underwatch.errors.UserError: a run of 65,000 days is too long: blacklist.days is 1,825, and \
65,000 + 1,825 is above 65,535, the last day that can be counted; write at most 63,710 days.
    """
    durations = {
        "blacklist.days": scenario.blacklist.days,
        "restrictions.days": scenario.restrictions.days,
        "redress.ruling_holds_days": scenario.redress.ruling_holds_days,
    }
    key, longest = max(durations.items(), key=lambda item: item[1])
    if days + longest > MAX_DAYS:
        raise UserError(too_long(days, key, longest))


def _sections(section: Section) -> Iterator[Section]:
    for _, value in section:
        if isinstance(value, Section):
            yield value
            yield from _sections(value)


def _dates(section: Section) -> Iterator[date]:
    for _, value in section:
        if isinstance(value, Dated):
            yield from value.changes
