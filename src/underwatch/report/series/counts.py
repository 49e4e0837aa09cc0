"""A run's tallies by day, month and stratum, and the numbers of captions."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from underwatch.measurement.estimates import MIN_EVENTS, too_few
from underwatch.measurement.tallies import TallyTable, summed
from underwatch.report.few import share_interval
from underwatch.report.numbers import format_value

YEAR_DAYS = 365.25
OF_100 = 100 / 255  # attitudes are kept in bytes


class Series(NamedTuple):
    """The numbers of one chart: `lines` by label, each with a value for every `x`.

    `x` holds dates, numbers, or names of categories. NaN is a value that is not defined. With
    `percent` the values are shares of one. finding: a title that states the result, such as
    "2.1 % of appeals filed are upheld"; empty for none. bands: the 95 % interval of each line,
    (low, high) by label.
    """

    name: str
    title: str
    caption: str  # what the chart shows, in one or two sentences
    unit: str
    percent: bool
    x: np.ndarray
    lines: dict[str, np.ndarray]
    across: str | None = None  # what x is, where it is not time
    spans: tuple[np.ndarray, np.ndarray] | None = None  # (low, high) of the only line
    finding: str = ""
    bands: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None

    @property
    def in_time(self) -> bool:
        """Whether x holds dates."""
        return np.issubdtype(self.x.dtype, np.datetime64)

    @property
    def blank(self) -> bool:
        """Whether nothing but zeros could be drawn."""
        return not any(np.nan_to_num(line).any() for line in self.lines.values())


@dataclass(frozen=True)
class Counts:
    """A run's tallies by name, by day or by calendar month."""

    tallies: TallyTable

    def have(self, *names: str) -> bool:
        """Whether all of these were counted."""
        return all(name in self.tallies for name in names)

    def daily(self, name: str) -> np.ndarray:
        """A tally by day, over all strata."""
        return self.tallies[name].values.astype(float)

    def total(self, name: str) -> int:
        """A tally summed over all days."""
        return int(self.tallies[name].values.sum())

    @property
    def days(self) -> np.ndarray:
        return self.tallies["day"].values.astype("datetime64[D]")

    @property
    def months(self) -> np.ndarray:
        return np.unique(self.days.astype("datetime64[M]")).astype("datetime64[D]")

    def by_month(self, daily: np.ndarray) -> np.ndarray:
        """Sums of a daily series over the calendar months."""
        _, first = np.unique(self.days.astype("datetime64[M]"), return_index=True)
        return np.add.reduceat(daily, first)

    @property
    def adults(self) -> np.ndarray:
        """Adults on every day; on a day without a measurement, as many as at the last one."""
        adults = self.daily("adults")
        known = np.flatnonzero(adults)
        if not known.size:
            return np.full_like(adults, np.nan)
        latest = np.searchsorted(known, np.arange(adults.size), side="right") - 1
        return adults[known[np.maximum(latest, 0)]]

    @cached_property
    def ends(self) -> np.ndarray:
        """Of each month the last day with a measurement; a month without one has none."""
        known = np.flatnonzero(self.daily("adults"))
        return known[last_of_each(self.days[known], "M")]

    def level(self, name: str, whole: str = "adults") -> np.ndarray:
        """A level at the ends of months, per adult or as a share of another level."""
        return ratio(self.daily(name)[self.ends], self.daily(whole)[self.ends])

    def yearly(self, name: str, people: int) -> np.ndarray:
        """A flow by month, per so many adults and year."""
        return ratio(self.by_month(self.daily(name)), self.by_month(self.adults)) * (
            people * YEAR_DAYS
        )

    def split(self, name: str, along: str) -> tuple[np.ndarray, np.ndarray]:
        """(labels, counts by month and label) along one trait; strata without adults left out."""
        table = summed(self.tallies[f"{name}_by_month"], "month", along)
        peopled = "adults" if self.have("adults_by_month") else name
        used = summed(self.tallies[f"{peopled}_by_month"], along) > 0
        used |= not used.any()
        return self.tallies[along].values[used].astype(str), table[:, used].astype(float)


def last_of_each(days: np.ndarray, unit: str) -> np.ndarray:
    """Indices of the days that are the last of their week ("W"), month ("M") and so on.

    days: rising dates.
    """
    unit_of = days.astype(f"datetime64[{unit}]")
    return np.flatnonzero(np.append(unit_of[1:] != unit_of[:-1], True)[: days.size])


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part divided by whole; NaN where the whole is zero."""
    whole = np.asarray(whole, float)
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def percent_text(share: float, events: int | None = None) -> str:
    """A share of one as a percentage: 0.0123 is "1.23 %", with a space that does not break."""
    return format_value(100 * share, unit="%", events=events).replace(" %", "\N{NO-BREAK SPACE}%")


def number_text(value: float, events: int | None = None) -> str:
    """A number in a caption, with three significant digits or as its events allow."""
    return format_value(float(value), events=events)


def share_text(part: int, whole: int) -> str:
    """A share with the events it rests on: "4.3 % (43 of 1,000)".

    On few events there is no percentage, but an exact interval.
    """
    events = min(part, whole - part)
    if whole and events < MIN_EVENTS:
        low, high = (percent_text(end / 100) for end in share_interval(part, whole))
        return f"{part:,} of {whole:,} (exact 95 % interval {low} to {high})"
    share = float(ratio(np.float64(part), np.float64(whole)))
    return f"{percent_text(share, events or None)} ({part:,} of {whole:,})"


def level_text(count: float, whole: float) -> str:
    """A level as a share of adults, or as a number of them where they are few."""
    if too_few(count, what="adults"):
        return f"{count:,.0f} of {whole:,.0f}"
    return percent_text(count / whole)
