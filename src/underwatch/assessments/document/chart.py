"""The one chart of an assessment: what the system does to each group, at each threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import isclose
from typing import Any

from underwatch.assessments.answers.estimates import bare_note, in_words, ratio, too_few
from underwatch.assessments.answers.topics import figures_of, group_name, grouped_measure
from underwatch.assessments.document.blocks import Picture, Table
from underwatch.assessments.open_ends import CAPTION, arrows, edge, ends, is_open
from underwatch.assessments.result import ALL, Assessed, Estimate
from underwatch.assessments.wording import counted, span, with_range
from underwatch.report.charts import BLUE, GREEN, INK, VERMILION, styled
from underwatch.report.numbers import format_interval, format_value
from underwatch.report.rendering import Spec

WORLDS = {"absent": "without it", "as declared": "as declared", "safeguarded": "with safeguards"}
COLOURS = (VERMILION, BLUE, GREEN)
WIDTH = 440  # as wide as the charts of reports: text keeps its size on a phone


def picture(assessed: Assessed) -> Picture | None:
    """The chart, its title and its numbers; None if nothing has groups or worlds to compare."""
    drawn = _by_group(assessed) or _by_world(assessed)
    if len(drawn) < 2:
        return None
    first = drawn[0]
    rows = tuple((_name(each), _series(each), with_range(each, "") if is_open(each)
                  else format_interval(each.value, *_span(each)))
                 for each in drawn)  # fmt: skip
    of_chance = all(each.input_low is None for each in drawn)
    leaves = "the 95 % interval over seeds" if of_chance else "what the ranges of the inputs leave"
    caption = f"{first.label}, {first.unit}; lines show {leaves}."
    caption += f" {CAPTION}" if any(map(is_open, drawn)) else ""
    table = Table("Numbers of the chart", ("Group", "Setting", caption), rows, frozenset({2}))
    return Picture(_title(drawn, assessed), caption, spec(drawn), table)


def spec(drawn: Sequence[Estimate]) -> Spec:
    """The chart as Vega-Lite: a point for each estimate, a line for its interval."""
    series = list(dict.fromkeys(map(_series, drawn)))
    beyond = edge(drawn)
    rows = [_row(each, beyond) for each in drawn]
    numbers = [end for each in drawn for end in ends(each, beyond)]
    spread = max(numbers) / min(numbers) if min(numbers) > 0 else 0
    across: dict[str, Any] = {
        "type": "quantitative",
        "title": None,
        "scale": {"type": "log"} if spread > 30 else {"zero": True},
        "axis": {"tickCount": 5, "format": "~r", "grid": True},
    }
    colours = {"domain": series, "range": [*COLOURS, INK][: len(series)]}
    colour: dict[str, Any] = {"field": "series", "scale": colours, "legend": None}
    room = min(260, 9 * max(len(_name(each)) for each in drawn))  # the reader's font may be wide
    offset = {"field": "series", "type": "nominal", "sort": series}
    down = {
        "field": "name", "type": "nominal", "title": None, "sort": None,
        "axis": {"ticks": False, "labelFontSize": 14, "labelLimit": 260, "domain": False,
                 "minExtent": room},
    }  # fmt: skip
    shared = {"y": down, "yOffset": offset, "color": colour}
    labelled = [{"filter": {"field": "name", "equal": rows[0]["name"]}}]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {**shared, "x": {**across, "field": "low"}, "x2": {"field": "high"}}},
        {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
         "encoding": {**shared, "x": {**across, "field": "value"}}},
    ]  # fmt: skip
    if any(map(is_open, drawn)):
        layers.append(arrows(across, shared))
    if len(series) > 1:
        layers.append({
            "transform": labelled,
            "mark": {"type": "text", "dy": -11, "fontSize": 13},
            "encoding": {**shared, "x": {**across, "field": "value"}, "text": {"field": "series"}},
        })  # fmt: skip
    height = max(120, len({row["name"] for row in rows}) * (20 + 22 * len(series)))
    return styled(
        {
            "data": {"values": rows},
            "layer": layers,
            "width": WIDTH - 15 - room,
            "height": height,
        }
    )


def _by_group(assessed: Assessed) -> list[Estimate]:
    """One measure in each group, at three of the thresholds that the file asks for."""
    measure = grouped_measure(assessed)
    found = assessed.select(measure, "as declared") if measure else ()
    grouped = [each for each in found if each.group != ALL]
    kept = list(dict.fromkeys(each.threshold for each in grouped))[:3]
    return [
        replace(each, group=group_name(assessed, each.group))
        for each in grouped
        if each.threshold in kept
    ]


def _by_world(assessed: Assessed) -> list[Estimate]:
    """The measure that the conclusion rests on, in each world; of too few events, the next one."""
    for measure in (assessed.conclusion, *figures_of(assessed)):
        found = [assessed.estimate(measure, world) for world in WORLDS]
        drawn = [each for each in found if each is not None and not too_few(each)]
        if len(drawn) > 1 and any(each.world == "as declared" for each in drawn):
            return drawn
    return []


def _title(drawn: Sequence[Estimate], assessed: Assessed) -> str:
    """The finding that the chart shows, at the threshold in use if that is drawn.

    How many times as high it is in one group as in another, where that has an interval.
    """
    label, threshold = drawn[0].label, assessed.deployment.threshold
    known = [each.threshold for each in drawn]
    shown = threshold if threshold in known else known[len(known) // 2]
    declared = [each for each in drawn if each.threshold == shown]
    apart = ratio(declared)
    if drawn[0].group == ALL:
        parts = (f"{in_words(each).partition(' (')[0]} {WORLDS[each.world]}" for each in drawn)
        return f"{label}: {', '.join(parts)}"
    if apart is None:
        return label
    high, low, _ = apart
    for times in assessed.select("group_ratio", "as declared"):
        same = isclose(times.value, high.value / low.value, rel_tol=1e-3)
        if same and times.interval and times.threshold in (None, shown):
            many = f"{counted(times, 'times')} as high{span(times)}"
            return bare_note(f"{label}: for {_name(high)} {many} as for {_name(low)}")
    return f"{label}: highest for {_name(high)} and lowest for {_name(low)}"


def _name(estimate: Estimate) -> str:
    if estimate.group == ALL:
        return WORLDS[estimate.world]
    return f"group {estimate.group}" if len(estimate.group) == 1 else estimate.group


def _series(estimate: Estimate) -> str:
    if estimate.threshold is None:
        return "as declared"
    return f"threshold {format_value(estimate.threshold).rstrip('0').rstrip('.')}"


def _row(estimate: Estimate, beyond: float) -> dict[str, Any]:
    low, high = ends(estimate, beyond)
    return {
        "name": _name(estimate), "series": _series(estimate), "value": estimate.value, "low": low,
        "high": high, "open": is_open(estimate),
    }  # fmt: skip


def _span(estimate: Estimate) -> tuple[float | None, float | None]:
    return estimate.interval or (None, None)
