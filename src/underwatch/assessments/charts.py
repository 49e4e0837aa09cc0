"""One measure of an assessment as a chart: by group, threshold and world."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underwatch.assessments.open_ends import arrows, edge, ends, is_open
from underwatch.assessments.result import ALL, Assessed, Estimate
from underwatch.errors import UserError, did_you_mean
from underwatch.report.charts import BLUE, COLOURS, WIDTH, styled, to_altair

if TYPE_CHECKING:
    import altair as alt


def measure_chart(assessed: Assessed, measure: str | None = None) -> alt.TopLevelMixin:
    """A point for each estimate, with a line from end to end of what the inputs leave.

    A range without an upper end has an arrow there.

    measure: by default the first that is known by group. Raises UserError if it is unknown.
    """
    known = list(dict.fromkeys(each.measure for each in assessed.estimates))
    if measure is None:
        grouped = (each.measure for each in assessed.estimates if each.group != ALL)
        measure = next(grouped, known[0])
    if measure not in known:
        raise UserError(
            f"{measure} is not a measure of this assessment{did_you_mean(measure, known)}"
        )
    found = assessed.select(measure)
    groups = [each for each in found if each.group != ALL and each.world == "as declared"]
    rows = groups or [each for each in found if each.group == ALL]
    label = f"{rows[0].label} ({rows[0].unit})"
    across = {"field": "value", "type": "quantitative", "title": label}
    down = {"field": "row", "type": "nominal", "title": None, "sort": None}
    by = {
        "field": "threshold", "type": "nominal", "title": "Threshold",
        "scale": {"range": list(COLOURS)},
    } if len({each.threshold for each in rows}) > 1 else {"value": BLUE}  # fmt: skip
    beyond = edge(rows)
    shift = {"field": "threshold"} if "field" in by else {"value": 0}
    spec = {
        "title": {"text": label, "subtitle": assessed.stamp},
        "data": {"values": [_row(each, bool(groups), beyond) for each in rows]},
        "width": WIDTH,
        "height": {"step": 44 if groups else 22},
        "layer": [
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {
                    "x": {**across, "field": "low"}, "x2": {"field": "high"},
                    "y": down, "yOffset": shift, "color": by,
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {"x": across, "y": down, "yOffset": shift, "color": by},
            },
            *([arrows(across, {"y": down, "yOffset": shift, "color": by})]
              if any(map(is_open, rows)) else []),
        ],
    }  # fmt: skip
    return to_altair(styled(spec))


def _row(estimate: Estimate, grouped: bool, beyond: float) -> dict[str, object]:
    low, high = ends(estimate, beyond)
    where = estimate.group if grouped else estimate.world
    threshold = "" if estimate.threshold is None else f"{estimate.threshold:g}"
    if not grouped and threshold:
        where = f"{where}, threshold {threshold}"
    return {
        "row": where, "value": estimate.value, "low": low, "high": high, "threshold": threshold,
        "open": is_open(estimate),
    }  # fmt: skip
