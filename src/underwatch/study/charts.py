"""Studies of several worlds as the series that their pages and charts draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from underwatch.errors import UserError, did_you_mean
from underwatch.report.numbers import format_column, format_interval
from underwatch.report.series import Series, ratio
from underwatch.study.bands import Band, band, with_bands
from underwatch.study.statistics import cut, estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import xarray as xr

    from underwatch.study.attribution_findings import AttributionFindings
    from underwatch.study.comparison_findings import ComparisonFindings
    from underwatch.study.frontier_findings import FrontierFindings
    from underwatch.study.result import Study


class Course(NamedTuple):
    """A measure by month: the sum of one tally divided by the sum of another, times a factor."""

    title: str
    part: str
    whole: str
    unit: str
    percent: bool = False
    times: float = 1


_A_YEAR = 365.25
COURSES = {
    "chilled_share": Course(
        "Lawful acts withheld because of perceived risk", "chilled_acts", "would_acts",
        "share of intended acts", True,
    ),
    "restricted": Course("Adults under restrictions", "restricted", "adults",
                         "share of adults", True),
    "wrongful": Course("Wrongful restrictions (no act of the person's own)", "wrongful", "adults",
                       "per 100,000 adults a year", times=100_000 * _A_YEAR),
    "offences": Course("Minor offences", "offences", "adults", "per 1,000 adults a year",
                       times=1000 * _A_YEAR),
    "repayment": Course("Instalments paid on time", "instalments_kept", "instalments_due",
                        "share of instalments", True),
    "support": Course("Support for the system", "support_sum", "adults", "of 100",
                      times=100 / 255),
    "trust": Course("Generalised trust", "trust_sum", "adults", "of 100", times=100 / 255),
    "perceived_risk": Course("Perceived risk of expression", "risk_sum", "adults", "of 100",
                             times=100 / 255),
}  # fmt: skip


def comparison_series(found: ComparisonFindings) -> list[Series]:
    """One series for each course, with one line for each world."""
    return courses(found.tallies)


def courses(tallies: xr.Dataset) -> list[Series]:
    """Every course of some tallies with the dimensions `world`, `seed` and `day`."""
    return [course_series(tallies, name) for name in COURSES]


def course_series(tallies: xr.Dataset, name: str) -> Series:
    """A course by month for each world: over all seeds, the part divided by the whole.

    Its caption gives the whole run's value, with the months weighted by their wholes as in the
    summary: each seed's sum of the part by its sum of the whole, and the mean over seeds.
    """
    course = COURSES[name]
    days = tallies["day"].values.astype("datetime64[D]")
    months, first = np.unique(days.astype("datetime64[M]"), return_index=True)
    lines, totals = {}, []
    worlds = [str(world) for world in tallies["world"].values]
    for world in worlds:
        part, whole = (
            tallies[tally].sel(world=world).transpose("seed", "day").values.astype(float)
            for tally in (course.part, course.whole)
        )
        monthly = (np.add.reduceat(counts.sum(0), first) for counts in (part, whole))
        lines[world] = course.times * ratio(*monthly)
        scale = course.times * (100 if course.percent else 1)
        by_seed = scale * ratio(part.sum(1), whole.sum(1))
        known = [float(value) for value in by_seed if not np.isnan(value)]
        totals.append(cut(estimate(known), "%" if course.percent else course.unit))
    unit = "%" if course.percent else course.unit
    shown = format_column(
        [total.value for total in totals], [(total.low, total.high) for total in totals], unit
    )
    values = (
        f"{world} {text}{' %' if course.percent and total.value is not None else ''}"
        for world, text, total in zip(worlds, shown, totals, strict=True)
    )
    caption = f"Over the whole run: {'; '.join(values)}."
    x = months.astype("datetime64[D]")
    return Series(name, course.title, caption, course.unit, course.percent, x, lines)


def course_bands(tallies: xr.Dataset, series: Series) -> dict[str, Band]:
    """The 95 % intervals of a course by month, by world; empty with fewer than three seeds."""
    course = COURSES[series.name]
    days = tallies["day"].values.astype("datetime64[M]")
    _, first = np.unique(days, return_index=True)
    found = {}
    for world, line in series.lines.items():
        part, whole = (
            np.add.reduceat(
                tallies[tally].sel(world=world).transpose("seed", "day").values.astype(float),
                first,
                axis=1,
            )
            for tally in (course.part, course.whole)
        )
        made = band(line, course.times * ratio(part, whole))
        if made is not None:
            found[world] = made
    return found


def difference_series(found: ComparisonFindings, measure: str) -> Series:
    """The differences of one measure from the first world, one bar for each other world."""
    first, *others = found.scenarios
    rows = [found.differences[world][measure] for world in others]
    known = [row for row in rows if row.difference is not None]
    if not known:
        raise UserError(f"{measure} is not defined in both {first} and another world.")
    spans = None
    if all(row.low is not None for row in known):
        spans = tuple(np.array([getattr(row, end) for row in known]) for end in ("low", "high"))
    names = np.array([row.world for row in known])
    values = np.array([row.difference for row in known])
    title = f"{known[0].label}: difference from {first}"
    return Series(measure, title, known[0].definition, known[0].unit, False, names,
                  {"difference": values}, None, spans)  # fmt: skip


def comparison_chart(found: ComparisonFindings, measure: str) -> alt.TopLevelMixin:
    """A measure's course by month, or the differences of a measure that has none."""
    if measure in COURSES:
        series = course_series(found.tallies, measure)
        return to_chart(series, found.title, course_bands(found.tallies, series))
    known = next(iter(found.differences.values()))
    if measure not in known:
        raise UserError(
            f"{measure} is not a measure of a comparison{did_you_mean(measure, [*COURSES, *known])}"
        )
    return to_chart(difference_series(found, measure), found.title)


def attribution_series(found: AttributionFindings) -> Series:
    """The shares as bars, with their intervals if there are any."""
    shares = list(found.shares.values())
    spans = None
    if all(share.low is not None for share in shares):
        spans = tuple(np.array([getattr(s, end) for s in shares]) for end in ("low", "high"))
    caption = f"Largest contribution: {largest_shares(found)}."
    names = np.array([share.name for share in shares])
    title = f"{found.label}: contribution of each {found.components.removesuffix('s')}"
    return Series("shares", title, caption, found.unit, False, names,
                  {"share": np.array([share.value for share in shares])}, None, spans)  # fmt: skip


def largest_shares(found: AttributionFindings) -> str:
    """The largest share with its interval, those that overlap with it, or why none is ranked."""
    if found.few:
        return f"not ranked, {found.few}"
    largest = found.largest
    if not largest:
        return "not ranked, no interval"
    first = largest[0]
    text = f"{first.name}, {format_interval(first.value, first.low, first.high, found.unit)}"
    if len(largest) == 1:
        return text
    others = ", ".join(share.key for share in largest[1:])
    return f"{text}; not distinguished from {others}"


def frontier_series(found: FrontierFindings) -> Series:
    """The harm left against the benefit kept, along the listed sets."""
    points = sorted(found.points, key=lambda point: point.benefit)
    x = np.array([point.benefit for point in points])
    lines = {"listed sets": np.array([point.harm for point in points])}
    harms = [found.none.harm, points[0].harm, points[-1].harm]
    intervals = [(p.harm_low, p.harm_high) for p in (found.none, points[0], points[-1])]
    without, least, most = format_column(harms, intervals, found.harm_unit)
    listed = f"in the listed sets from {least} to {most}"
    if len(points) == 1:
        listed = f"in the only listed set {least}"
    caption = f"Without safeguards {without} {found.harm_unit}; {listed}."
    across = f"{found.benefit_label} ({found.benefit_unit})"
    return Series("frontier", found.harm_label, caption, found.harm_unit, False, x, lines, across)


def to_chart(
    series: Series, of: str = "", bands: Mapping[str, Band] | None = None
) -> alt.TopLevelMixin:
    """A series as an Altair chart with a title; of: whose it is, such as a scenario's title."""
    from underwatch.report.charts import headed, to_altair

    return to_altair(with_bands(headed(series, of), series, bands or {}))


def base_title(found: Study) -> str:
    """The title of the first scenario of a study."""
    return str(next(iter(found.provenance["scenarios"].values()))["title"])
