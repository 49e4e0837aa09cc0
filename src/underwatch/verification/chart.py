"""Every check of a verification in one chart, for notebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from underwatch.report.charts import GREEN, INK, VERMILION, styled, to_altair
from underwatch.report.stamp import stamp
from underwatch.verification.strips import reach
from underwatch.verification.verdict import CaseResult
from underwatch.verification.wording import headline

if TYPE_CHECKING:
    import altair as alt

_ROW = 18  # pixels
_MOST = 1.0  # the edge of the chart, in reaches


def checks_chart(cases: Sequence[CaseResult], origin: Mapping[str, Any]) -> alt.TopLevelMixin:
    """How far each check lies from what is expected, in units of what its picture shows."""
    rows = []
    for case in cases:
        for check in case.checks:
            places = (check.got, *check.interval, *check.allowed)
            at = [max(-_MOST, min(_MOST, (v - check.expected) / reach(check))) for v in places]
            keys = ("got", "low", "high", "allowed_low", "allowed_high")
            verdict = "agrees" if check.agrees else "does not agree"
            rows.append({"check": f"{case.number} {check.label}", "verdict": verdict}
                        | dict(zip(keys, at, strict=True)))  # fmt: skip
    down = {"field": "check", "type": "nominal", "sort": None, "title": None,
            "axis": {"labelLimit": 420}}  # fmt: skip
    across = {"type": "quantitative", "title": None, "axis": None,
              "scale": {"domain": [-_MOST, _MOST]}}  # fmt: skip
    colour = {
        "field": "verdict",
        "type": "nominal",
        "title": None,
        "scale": {"domain": ["agrees", "does not agree"], "range": [GREEN, VERMILION]},
    }
    shape = colour | {"scale": {"domain": ["agrees", "does not agree"],
                                "range": ["circle", "cross"]}}  # fmt: skip
    layers = [
        {"mark": {"type": "bar", "color": INK, "opacity": 0.15},
         "encoding": {"y": down, "x": {**across, "field": "allowed_low"},
                      "x2": {"field": "allowed_high"}}},
        {"mark": {"type": "rule", "color": INK}, "encoding": {"x": {**across, "datum": 0}}},
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"y": down, "x": {**across, "field": "low"}, "x2": {"field": "high"},
                      "color": colour}},
        {"mark": {"type": "point", "filled": True, "size": 60},
         "encoding": {"y": down, "x": {**across, "field": "got"}, "color": colour,
                      "shape": shape}},
    ]  # fmt: skip
    title = {
        "text": headline(cases),
        "subtitle": [
            "Dot: got; line: expected; grey: allowed. Each row has a scale of its own.",
            stamp(origin),
        ],
    }
    return to_altair(styled({"data": {"values": rows}, "width": 360, "title": title,
                             "height": max(1, len(rows)) * _ROW, "layer": layers}))  # fmt: skip
