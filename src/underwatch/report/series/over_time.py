"""Any measure by month, over all adults or by stratum."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from underwatch.errors import UserError, did_you_mean
from underwatch.measurement.catalogue import FLOW, LAYERS, LEVEL, MEASURES
from underwatch.measurement.estimates import OF_100, too_few
from underwatch.measurement.queues import QUEUES
from underwatch.measurement.summary import LINES
from underwatch.measurement.tallies import TallyTable, summed
from underwatch.report.few import in_cell
from underwatch.report.numbers import format_value, is_defined
from underwatch.report.series.counts import YEAR_DAYS, Series, ratio

ADULT_DAYS = "adult-days"  # adults at the month's measurements, times the days of the month


class Ratio(NamedTuple):
    """A measure by month: tallies (those after "-" are taken off) over a tally or adult-days."""

    part: tuple[str, ...]
    whole: str | None
    times: float
    unit: str


def _missing(done: str, intended: str) -> tuple[tuple[str, ...], str, float]:
    return (intended, f"-{done}"), intended, 100


_YEARLY = 1000 * YEAR_DAYS
# The lines of a summary that have a value in each month: part, whole, times.
_SHARES: dict[str, tuple[tuple[str, ...], str, float]] = {
    "default_rate": (("defaults",), "instalments_due", 100 * YEAR_DAYS / 30),
    "repayment": (("instalments_kept",), "instalments_due", 100),
    "offences": (("offences",), ADULT_DAYS, _YEARLY),
    "offences_deterred": _missing("offences", "would_offences"),
    "deterred_watched": _missing("offences_watched", "would_offences_watched"),
    "serious_offences": (("serious_offences",), ADULT_DAYS, _YEARLY),
    "trust": (("trust_sum",), "adults", OF_100),
    "support": (("support_sum",), "adults", OF_100),
    "supporters": (("supporters",), "adults", 100),
    "support_of_knowing": (("knowing_support_sum",), "knowing", OF_100),
    "privileged": (("privileged",), "adults", 100),
    "chilled_share": (("chilled_acts",), "would_acts", 100),
    "chilled_posts": _missing("posts", "would_posts"),
    "chilled_messages": _missing("messages", "would_messages"),
    "chilled_petitions": _missing("petitions", "would_petitions"),
    "chilled_protests": _missing("protests", "would_protests"),
    "chilled_foreign_visits": _missing("foreign_visits", "would_foreign_visits"),
    "posts_filtered": (("posts_filtered", "posts_removed"), "posts", 100),
    "protests": (("protests",), ADULT_DAYS, _YEARLY),
    "reached_abroad": _missing("foreign_visits_blocked", "foreign_visits"),
    "perceived_risk": (("risk_sum",), "adults", OF_100),
    "opinion": (("opinion_sum",), "adults", OF_100),
    "alert_precision": (("true_alerts",), "alerts", 100),
    "wrongful_share": (("wrongful",), "imposed", 100),
    "ties": (("ties_open",), "adults", 1),
    "restricted_now": (("restricted",), ADULT_DAYS, 100),
    "flights_refused": (("flights_refused",), "restricted", YEAR_DAYS),
    "trains_refused": (("trains_refused",), "restricted", YEAR_DAYS),
    "namings": (("namings",), ADULT_DAYS, _YEARLY),
    "stops": (("stops",), ADULT_DAYS, _YEARLY),
    "wrongful_stops": (("wrongful_stops",), "stops", 100),
    "appeals_upheld": (("appeals_upheld",), "appeals_filed", 100),
    **{
        name: shares
        for queue in QUEUES
        for name, shares in {
            f"{queue}_demand": ((f"{queue}_demand",), ADULT_DAYS, _YEARLY),
            f"{queue}_served": ((f"{queue}_served",), f"{queue}_demand", 100),
            f"{queue}_dropped": ((f"{queue}_dropped",), f"{queue}_demand", 100),
            f"{queue}_waiting": ((f"{queue}_waiting",), ADULT_DAYS, 1000),
            f"{queue}_wait": ((f"{queue}_wait_days",), f"{queue}_served", 1),
        }.items()
    },
    "stops_warned": (("police_warnings",), "stops", 100),
    "stops_charged": (("police_charges",), "stops", 100),
    "wrongful_charges": (("wrongful_charges",), "police_charges", 100),
    "scored": (("scored",), "adults", 100),
    "members": (("members",), "adults", 100),
    "under_camera": (("would_offences_watched",), "would_offences", 100),
    "records_held": (("records",), "adults", 1),
    "tiers": (("tiers_with_file",), "adults", 1),
    "watched": (("watched",), "adults", 1000),
    "knowing": (("knowing",), "adults", 100),
}
# Lines that are sums over a run, by the tallies that they add; by month they are rates.
_SUMS = {
    "sightings": ("true_sightings", "false_sightings"),
    "false_reports": ("false_by_neighbour",),
    "appeals": ("appeals_filed",),
    "restricted_person_days": ("restricted",),
}
_MONTHLY_WORDS = ((" at the end", ""), (" on the last day", ""), (" since the first day", ""))


def plottable() -> list[str]:
    """The measures that have a value in each month, those of a summary first."""
    summary = [name for name in LINES if name in _SHARES or name in _SUMS or _is_count(name)]
    return [*summary, *(name for name in MEASURES if name not in summary)]


def measure_over_time(tallies: TallyTable, measure: str, by: str | None = None) -> Series:
    """A measure by month: over all adults, or one line for each stratum.

    Shares have the definition of the summary line, month by month. Events are rates per 1,000
    adults a year, levels are shares of adults or means per adult, from the month's measurements.

    Parameters
    ----------
    tallies: counts by month and stratum, as `Run.tallies` holds them.
    measure: a summary line or a tally; `plottable()` lists them.
    by: "group", "age", "place" or "conviction".

    Errors: UserError for a measure without a value in each month, or an unknown `by`.
    """
    measure = str(measure)
    if by is not None and str(by) not in LAYERS:
        raise UserError(f"by={by!r} is not a grouping{did_you_mean(str(by), LAYERS)}")
    kind = _ratio(measure)
    table = _Months(tallies, by)
    part = sum((-1 if p[0] == "-" else 1) * table.of(p.lstrip("-")) for p in kind.part)
    values = part if kind.whole is None else kind.times * ratio(part, table.of(kind.whole))
    percent = kind.unit.startswith("%")
    shares = values / 100 if percent else values
    lines = {label: shares[:, k] for k, label in enumerate(table.labels)}
    label = _label(measure)
    title = f"{label}, by {by}" if by else label
    unit = f"share of {kind.unit[2:].removeprefix('of ')}" if percent and kind.unit != "%" else (
        "share" if percent else kind.unit)  # fmt: skip
    counted = all(MEASURES[p.lstrip("-")].type == FLOW for p in kind.part)
    caption = _caption(table, values, kind.unit, part if counted else None)
    return Series(measure, title, caption, unit, percent, table.months, lines)


class _Months:
    """Tallies by month and label of a stratum, for strata with adults."""

    def __init__(self, tallies: TallyTable, by: str | None):
        self.tallies, self.by = tallies, by
        self.months = tallies["month"].values.astype("datetime64[D]")
        days = tallies["day"].values.astype("datetime64[M]")
        self.days = np.array(
            [(days == month.astype("datetime64[M]")).sum() for month in self.months]
        )
        adults = self._split("adults")
        peopled = np.nansum(adults, 0) > 0
        self.used = peopled | (not peopled.any())
        names = [str(x) for x in tallies[by].values] if by else ["all adults"]
        if by == "group":
            names = [f"group {name}" for name in names]
        self.labels = [name for name, used in zip(names, self.used, strict=True) if used]

    def _split(self, name: str) -> np.ndarray:
        kept = ("month", self.by) if self.by else ("month",)
        table = summed(self.tallies[f"{name}_by_month"], *kept, skip_missing=False)
        return (table if self.by else table[:, None]).astype(float)

    def of(self, name: str) -> np.ndarray:
        """A tally, or adult-days, by month and label."""
        if name == ADULT_DAYS:
            return self._held("adults") * self.days[:, None]
        return self._split(name)[:, self.used]

    def _held(self, name: str) -> np.ndarray:
        """A level; a month without a measurement has that of the month before."""
        values = self._split(name)[:, self.used]
        for k in range(1, len(values)):
            values[k] = np.where(np.isnan(values[k]), values[k - 1], values[k])
        return values


def _is_count(name: str) -> bool:
    """Whether a summary line is the total of the flow with its name."""
    return name in MEASURES and LINES[name].formula == name and MEASURES[name].type == FLOW


def _ratio(measure: str) -> Ratio:
    """What a measure is in one month."""
    if measure in _SHARES:
        return Ratio(*_SHARES[measure], LINES[measure].unit)
    if measure in _SUMS and measure != "restricted_person_days":
        unit = f"{LINES[measure].unit} per 1,000 adults a year"
        return Ratio(_SUMS[measure], ADULT_DAYS, _YEARLY, unit)
    if measure == "restricted_person_days":
        return Ratio(("restricted",), ADULT_DAYS, YEAR_DAYS, "days per adult and year")
    if measure in LINES and measure not in MEASURES:
        raise UserError(
            f"{measure} is one value for a whole run and has no course over months; "
            "underwatch.report.series.plottable() lists the measures that have one."
        )
    if measure not in MEASURES:
        raise UserError(f"{measure} is not a measure{did_you_mean(measure, plottable())}")
    return _tally(measure)


def _tally(name: str) -> Ratio:
    tally = MEASURES[name]
    if name == "adults":
        return Ratio((name,), None, 1, "adults")
    if tally.type == FLOW:
        return Ratio((name,), ADULT_DAYS, _YEARLY, f"{tally.unit} per 1,000 adults a year")
    whole = "adults" if tally.type == LEVEL else ADULT_DAYS
    if name in ("score_sum", "knowing_support_sum"):
        whole = "scored" if name == "score_sum" else "knowing"
    if tally.unit == "255ths":
        return Ratio((name,), whole, OF_100, "mean, of 100")
    if tally.unit == "people":
        return Ratio((name,), whole, 100, "% of adults")
    return Ratio(
        (name,), whole, 1, f"{tally.unit} per {'scored ' if name == 'score_sum' else ''}adult"
    )


def _label(measure: str) -> str:
    label = LINES[measure].label if measure in LINES else MEASURES[measure].label
    for words, instead in _MONTHLY_WORDS:
        label = label.replace(words, instead)
    return label


def _caption(table: _Months, values: np.ndarray, unit: str, events: np.ndarray | None) -> str:
    """The first and the last month, for all adults or for each stratum.

    events: that the values rest on, if they can be counted. Strata are not set beside each other
    on a few of them.
    """
    found = []
    for k, label in enumerate(table.labels):
        known = np.flatnonzero(np.isfinite(values[:, k]))
        few = ""
        if known.size and table.by and events is not None:
            few = too_few(*events[known[[0, -1]], k])
        if few:
            found.append(f"{label} {in_cell(few)}")
        elif known.size:
            ends = [_text(values[i, k], unit) for i in (known[0], known[-1])]
            found.append(f"{label} {ends[0]}, then {ends[1]}" if table.by else " to ".join(ends))
    if not found:
        return "Not defined in any month."
    first, last = (str(table.months[i])[:7] for i in (0, -1))
    when = f"From {first} to {last}"
    return f"{when}: {'; '.join(found)}." if table.by else f"{when} from {found[0]}."


def _text(value: float, unit: str) -> str:
    text = format_value(float(value))
    return f"{text}\N{NO-BREAK SPACE}%" if unit.startswith("%") and is_defined(value) else text
