"""Studies of several worlds as the series that their pages and charts draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from underwatch.errors import UserError, did_you_mean
from underwatch.measurement.estimates import MIN_EVENTS
from underwatch.report.look import PERCENT_SIGN
from underwatch.report.numbers import format_column, format_interval, format_value
from underwatch.report.pairs import Pairs
from underwatch.report.scatter import Point, Points
from underwatch.report.series import Series, ratio
from underwatch.study.bands import Band, band
from underwatch.study.statistics import Estimate, cut, estimate

if TYPE_CHECKING:
    from collections.abc import Mapping

    import altair as alt
    import xarray as xr

    from underwatch.study.attribution_findings import AttributionFindings
    from underwatch.study.comparison_findings import ComparisonFindings
    from underwatch.study.frontier_findings import FrontierFindings
    from underwatch.study.frontier_findings import Point as FrontierPoint
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
RARE = ("wrongful",)  # courses of events, of which a month may have none
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
    # Months with a few events each would be noise; years are used where they are fewer.
    events = int(tallies[course.part].sum()) / max(1, tallies.sizes["world"])
    months = np.unique(days.astype("datetime64[M]")).size
    rare = course.part in RARE and events < MIN_EVENTS * months and months > 24
    unit = f"{course.unit}, by calendar year" if rare else course.unit
    months, first = np.unique(days.astype(f"datetime64[{'Y' if rare else 'M'}]"), return_index=True)
    lines, totals, bands = {}, [], dict[str, Band]()
    worlds = [str(world) for world in tallies["world"].values]
    for world in worlds:
        part, whole = (
            tallies[tally].sel(world=world).transpose("seed", "day").values.astype(float)
            for tally in (course.part, course.whole)
        )
        monthly = [np.add.reduceat(counts, first, axis=1) for counts in (part, whole)]
        lines[world] = course.times * ratio(*(counts.sum(0) for counts in monthly))
        found = band(lines[world], course.times * ratio(*monthly))
        bands |= {world: found} if found is not None else {}
        scale = course.times * (100 if course.percent else 1)
        by_seed = scale * ratio(part.sum(1), whole.sum(1))
        known = [float(value) for value in by_seed if not np.isnan(value)]
        totals.append(cut(estimate(known), "%" if course.percent else course.unit))
    shown = format_column(
        [total.value for total in totals], [(total.low, total.high) for total in totals],
        "%" if course.percent else course.unit,
    )  # fmt: skip
    values = (
        f"{world} {text}{' %' if course.percent and total.value is not None else ''}"
        for world, text, total in zip(worlds, shown, totals, strict=True)
    )
    caption = f"Over the whole run: {'; '.join(values)}."
    x = months.astype("datetime64[D]")
    return Series(
        name,
        course.title,
        caption,
        unit,
        course.percent,
        x,
        lines,
        finding=_course_finding(course, worlds, shown, totals),
        bands=bands or None,
    )


def _course_finding(
    course: Course, worlds: list[str], shown: list[str], totals: list[Estimate]
) -> str:
    """The first world and the one that differs most from it, as the title of a chart."""
    known = [k for k, total in enumerate(totals) if total.value is not None]
    if len(known) < 2 or known[0] != 0:
        return ""
    first, *others = known
    most = max(others, key=lambda k: abs((totals[k].value or 0) - (totals[first].value or 0)))
    sign = PERCENT_SIGN if course.percent else ""
    unit = "" if course.percent else f" {course.unit}"
    return (
        f"{course.title}: {shown[most]}{sign}{unit} in {worlds[most]}, {shown[first]}{sign} in "
        f"{worlds[first]}"
    )


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
        return to_chart(course_series(found.tallies, measure), found.title, found.provenance)
    known = next(iter(found.differences.values()))
    if measure not in known:
        raise UserError(
            f"{measure} is not a measure of a comparison{did_you_mean(measure, [*COURSES, *known])}"
        )
    return to_chart(difference_series(found, measure), found.title, found.provenance)


def attribution_series(found: AttributionFindings) -> Series:
    """The shares as bars, with their intervals if there are any."""
    shares = list(found.shares.values())
    spans = None
    if all(share.low is not None for share in shares):
        spans = tuple(np.array([getattr(s, end) for s in shares]) for end in ("low", "high"))
    caption = f"Largest contribution: {largest_shares(found)}."
    finding = "No contribution is ranked"
    if found.largest:
        one = found.largest[0]
        finding = f"{one.name}: {format_value(one.value, one.low, one.high, found.unit)}"
        if found.percent(one) is not None:
            finding += f", {found.percent(one):.0f} % of the total"
        if len(found.largest) > 1:
            finding = "The largest contributions are not distinguished from each other"
    names = np.array([share.name for share in shares])
    title = f"{found.label}: contribution of each {found.components.removesuffix('s')}"
    return Series("shares", title, caption, found.unit, False, names,
                  {"share": np.array([share.value for share in shares])}, None, spans,
                  finding)  # fmt: skip


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


def frontier_points(found: FrontierFindings) -> Points:
    """Every evaluated set by the benefit kept and the harm left, with the listed ones joined."""
    listed = {point.safeguards for point in found.points}
    shown = [p for p in found.evaluated if p.defined and p.safeguards]
    points = [_of_set(p, "listed" if p.safeguards in listed else "other") for p in shown]
    if found.none.defined:
        points.append(_of_set(found.none, "baseline"))
    numbered = [p for p in found.points if p.safeguards]
    names = {p.safeguards: str(k + 1) for k, p in enumerate(numbered)}
    labelled = [
        made._replace(label=names.get(p.safeguards, ""))
        for made, p in zip(points, shown, strict=False)
    ] + [p._replace(label="no safeguard") for p in points[len(shown) :]]
    return Points(
        "frontier", "Harm left and benefit kept by sets of safeguards", _frontier_caption(found),
        f"{found.harm_label} ({found.harm_unit})", f"{found.benefit_label} ({found.benefit_unit})",
        labelled, _frontier_table(found, names),
        f"{len(numbered):,} of {len(shown):,} sets of safeguards are listed",
    )  # fmt: skip


def _of_set(p: FrontierPoint, kind: str) -> Point:
    spans = [
        (low, high) if low is not None and high is not None else None
        for low, high in ((p.benefit_low, p.benefit_high), (p.harm_low, p.harm_high))
    ]
    return Point(float(p.benefit or 0), float(p.harm or 0), kind, "", *spans)


def _frontier_caption(found: FrontierFindings) -> str:
    """What the listed sets leave, beside the world without safeguards."""
    if not found.points:
        return "No set is listed."
    points = sorted(found.points, key=lambda point: point.benefit or 0)
    harms = [found.none.harm, points[0].harm, points[-1].harm]
    intervals = [(p.harm_low, p.harm_high) for p in (found.none, points[0], points[-1])]
    without, least, most = format_column(harms, intervals, found.harm_unit)
    listed = f"in the listed sets from {least} to {most}"
    if len(points) == 1:
        listed = f"in the only listed set {least}"
    return (
        f"Without safeguards {without} {found.harm_unit}; {listed}. Each point is a set: listed "
        "ones are joined and numbered as in the table, the others grey. Bars are 95 % intervals."
    )


def _frontier_table(
    found: FrontierFindings, names: Mapping[tuple[str, ...], str]
) -> tuple[list[str], list[list[str]]]:
    points = [p for p in found.evaluated if p.defined]
    harms, benefits = (
        format_column(
            [getattr(p, name) for p in points],
            [(getattr(p, f"{name}_low"), getattr(p, f"{name}_high")) for p in points], unit,
        )
        for name, unit in (("harm", found.harm_unit), ("benefit", found.benefit_unit))
    )  # fmt: skip
    rows = [
        [p.name, harm, benefit, names.get(p.safeguards, "–")]
        for p, harm, benefit in zip(points, harms, benefits, strict=True)
    ]
    return ["Safeguards", found.harm_label, found.benefit_label, "Number"], rows


def to_chart(
    series: Series | Points | Pairs, of: str = "", provenance: Mapping[str, Any] | None = None
) -> alt.TopLevelMixin:
    """A series as an Altair chart with a title and the stamp of its result.

    of: whose it is, such as a scenario's title. provenance: of the result.
    """
    from underwatch.report.charts import headed, to_altair
    from underwatch.report.stamp import stamp

    return to_altair(headed(series, of, stamp(provenance or {})))


def base_title(found: Study) -> str:
    """The title of the first scenario of a study."""
    return str(next(iter(found.provenance["scenarios"].values()))["title"])
