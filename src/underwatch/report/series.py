"""The tallies as the few series that a report shows, each with what it says in one sentence.

Numbers only: nothing is drawn here. Flows are told per adult and year, so that
a month of 17 days stands fairly beside one of 31.
"""

from collections.abc import Callable
from dataclasses import dataclass
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
    across: str | None = None  # what x counts, where it is neither time nor labels
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


def ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Part by whole; NaN where the whole is nothing."""
    whole = np.asarray(whole, float)
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)


def share(value: float) -> str:
    """A share in words of three figures at most: 0.01234 is '1.23 %'."""
    return "an unknown share" if np.isnan(value) else f"{figures(value * 100)}\N{NO-BREAK SPACE}%"


def figures(value: float) -> str:
    """A number with as many figures as its size deserves, thousands set apart."""
    if value and abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}"


def chilled(c: Counts) -> Series | None:
    """Lawful acts of expression that were not done, of those that would have been."""
    if not c.have("chilled_acts", "would_acts"):
        return None
    months, over_all = c.months, ratio(c.total("chilled_acts"), c.total("would_acts"))
    says = f"Over the whole run {share(float(over_all))} of lawful acts of expression were never done"
    if c.have("chilled_acts_by_month", "would_acts_by_month"):
        labels, unwritten = c.split("chilled_acts", "conviction")
        _, wanted = c.split("would_acts", "conviction")
        months = c.tallies["month"].values.astype("datetime64[D]")
        lines = dict(zip(labels, ratio(unwritten, wanted).T, strict=True))
        each = ratio(unwritten.sum(0), wanted.sum(0))
        parts = (f"{label} {share(x)}" for label, x in zip(labels, each, strict=True))
        says += f" ({', '.join(parts)})"
    else:
        unwritten, wanted = (c.by_month(c.daily(n)) for n in ("chilled_acts", "would_acts"))
        lines = {"everyone": ratio(unwritten, wanted)}
    title = "How much lawful speech was held back, by what people think of the state"
    unit = "share of lawful acts never done"
    return Series("chilled", title, says + ".", unit, True, months, lines)


def restricted(c: Counts) -> Series | None:
    """Adults who may not do something today because of a decision."""
    if not c.have("restricted", "adults"):
        return None
    part = ratio(c.daily("restricted"), c.adults)
    if np.isnan(part).all():
        return None
    most = int(np.nanargmax(part))
    says = (
        f"On the last day {share(part[-1])} of adults were under at least one restriction; "
        f"the most was {share(part[most])}, on {c.days[most]}."
    )
    title = "How many adults were under restrictions in force"
    lines = {"restricted": part}
    return Series("restricted", title, says, "share of adults", True, c.days, lines)


def wrongful(c: Counts) -> Series | None:
    """Restrictions for which the person had done nothing."""
    names = {"wrongful": "wrongful", "association_only": "for association only"}
    if not c.have("imposed", "adults", *names):
        return None
    imposed = c.total("imposed")
    parts = [share(float(ratio(c.total(name), imposed))) for name in names]
    says = "No restriction was imposed."
    if imposed:
        says = (
            f"Of {imposed:,} restrictions imposed, {parts[0]} had no true cause of the person's "
            f"own, and {parts[1]} rested on whom the person knows and nothing else."
        )
    title = "How often people were restricted without a true cause of their own"
    lines = {label: c.yearly(name, 100_000) for name, label in names.items()}
    unit = "restrictions per 100,000 adults and year"
    return Series("wrongful", title, says, unit, False, c.months, lines)


def offences(c: Counts) -> Series | None:
    """What was done beside what would have been done had nobody felt watched."""
    if not c.have("offences", "adults"):
        return None
    lines = {"committed": c.yearly("offences", 1000)}
    says = f"{c.total('offences'):,} offences were committed."
    if c.have("would_offences"):
        lines["had nobody felt watched"] = c.yearly("would_offences", 1000)
        would = c.total("would_offences")
        fewer = float(ratio(would - c.total("offences"), would))
        says = (
            f"{c.total('offences'):,} minor offences were committed; had nobody felt watched it "
            f"would have been {would:,}, so {share(fewer)} were averted."
        )
    title = "How many offences were committed"
    return Series(
        "offences", title, says, "minor offences per 1,000 adults and year", False, c.months, lines
    )


def defaults(c: Counts) -> Series | None:
    """Adults who are behind with what they owe."""
    if not c.have("in_default", "adults"):
        return None
    part = ratio(c.by_month(c.daily("in_default")), c.by_month(c.daily("adults")))
    if np.isnan(part).all():
        return None
    known = part[~np.isnan(part)]
    says = f"{share(known[0])} of adults were in default at first and {share(known[-1])} at last."
    title = "How many adults were in default"
    lines = {"in default": part}
    return Series("defaults", title, says, "share of adults", True, c.months, lines)


def alerts(c: Counts) -> Series | None:
    """What the cameras announced, and how much of it was so."""
    names = {"alerts": "all alerts", "true_alerts": "true alerts"}
    if not c.have("adults", *names):
        return None
    total = c.total("alerts")
    says = "There was no alert."
    if total:
        true = share(float(ratio(c.total("true_alerts"), total)))
        says = f"Of {total:,} alerts, {true} were for somebody who was on a watch list."
    title = "How many alerts were raised, and how many of them were true"
    lines = {label: c.yearly(name, 100_000) for name, label in names.items()}
    unit = "alerts per 100,000 adults and year"
    return Series("alerts", title, says, unit, False, c.months, lines)


def appeals(c: Counts) -> Series | None:
    """What became of those who asked for another look."""
    names = {"appeals_filed": "filed", "appeals_heard": "heard", "appeals_upheld": "upheld"}
    if not c.have("adults", *names):
        return None
    filed, heard, upheld = (c.total(name) for name in names)
    says = f"{filed:,} appeals were filed, {heard:,} were heard and {upheld:,} upheld."
    title = "How many people appealed, and how many were heard and believed"
    lines = {label: c.yearly(name, 100_000) for name, label in names.items()}
    unit = "appeals per 100,000 adults and year"
    return Series("appeals", title, says, unit, False, c.months, lines)


def groups(c: Counts) -> Series | None:
    """Wrongful restrictions in each group, as a rate, for groups differ in size."""
    if not c.have("wrongful_by_month", "adults_by_month", "adults"):
        return None
    labels, cases = c.split("wrongful", "group")
    _, people = c.split("adults", "group")
    if not people.sum():
        return None
    # Stocktakings may be rarer than days, so only the groups' shares are taken from them.
    years = people.sum(0) / people.sum() * c.adults.sum() / YEAR_DAYS
    rate = ratio(cases.sum(0), years) * 100_000
    low, high = np.argmin(rate), np.argmax(rate)
    says = f"Group {labels[high]} was hit most often and group {labels[low]} least"
    says += f": {figures(rate[high] / rate[low])} times as often." if rate[low] else "."
    if not cases.sum():
        says = "No restriction was wrongful."
    title = "How wrongful restrictions fell on the groups"
    lines = {"wrongful": rate}
    unit = "wrongful restrictions per 100,000 adults and year"
    return Series("groups", title, says, unit, False, labels, lines)


ALL: tuple[Callable[[Counts], Series | None], ...] = (
    chilled, restricted, wrongful, groups, offences, defaults, alerts, appeals,
)  # fmt: skip


def all_series(tallies: "xr.Dataset") -> list[Series]:
    """Every series that these tallies can tell, in the order of the page."""
    counts = Counts(tallies)
    if not counts.days.size:
        return []
    return [series for make in ALL if (series := make(counts)) is not None]
