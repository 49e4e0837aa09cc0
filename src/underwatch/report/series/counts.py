"""A run's tallies by day, month and stratum, and numbers as a reader sees them."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

YEAR_DAYS = 365.25


class Series(NamedTuple):
    """One chart's worth of numbers: `lines` by label, each with a value for every `x`.

    `x` holds dates for a course of time, or labels for a comparison; NaN is
    what cannot be told; a percentage is held as a share of one.
    """

    name: str
    title: str
    says: str
    unit: str
    percent: bool
    x: np.ndarray
    lines: dict[str, np.ndarray]
    across: str | None = None  # what x counts or names, where it is not time
    spans: tuple[np.ndarray, np.ndarray] | None = None  # (low, high) of the only line

    @property
    def in_time(self) -> bool:
        return np.issubdtype(self.x.dtype, np.datetime64)


@dataclass(frozen=True)
class Counts:
    """A run's tallies by name, by day or by calendar month."""

    tallies: "xr.Dataset"

    def have(self, *names: str) -> bool:
        return all(name in self.tallies for name in names)

    def daily(self, name: str) -> np.ndarray:
        return self.tallies[name].values.astype(float)

    def total(self, name: str) -> int:
        return int(self.tallies[name].sum())

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
        """Adults on every day; on a day without a stocktaking, as many as at the last one."""
        adults = self.daily("adults")
        known = np.flatnonzero(adults)
        if not known.size:
            return np.full_like(adults, np.nan)
        latest = np.searchsorted(known, np.arange(adults.size), side="right") - 1
        return adults[known[np.maximum(latest, 0)]]

    @cached_property
    def ends(self) -> np.ndarray:
        """Of each month the last day on which stock was taken; a month without one has none."""
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
        counts = self.tallies[f"{name}_by_month"]
        table = counts.sum([d for d in counts.dims if d not in ("month", along)])
        table = table.transpose("month", along)
        peopled = self.tallies.get("adults_by_month", counts)
        used = peopled.sum([d for d in peopled.dims if d != along]).values > 0
        used |= not used.any()
        return table[along].values[used].astype(str), table.values[:, used].astype(float)


def last_of_each(days: np.ndarray, unit: str) -> np.ndarray:
    """Which of these rising days are the last in their week ("W"), month ("M") and so on."""
    unit_of = days.astype(f"datetime64[{unit}]")
    return np.flatnonzero(np.append(unit_of[1:] != unit_of[:-1], True)[: days.size])


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part by whole; NaN where the whole is nothing."""
    whole = np.asarray(whole, float)
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def share(value: float) -> str:
    """A share in words of three figures at most: 0.01234 is '1.23 %'."""
    return "an unknown share" if np.isnan(value) else f"{figures(value * 100)}\N{NO-BREAK SPACE}%"


def figures(value: float) -> str:
    """A number with as many figures as its size deserves, thousands set apart."""
    if not value:
        return "0"
    if abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"
