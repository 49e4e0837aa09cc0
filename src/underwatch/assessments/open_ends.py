"""How a range without an upper end is drawn: a line to the edge of the chart, and an arrow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from underwatch.assessments.result import Estimate

CAPTION = "An arrow shows that there is no upper end."
_BEYOND = 1.25  # times the largest number drawn: where the arrow stands


def is_open(estimate: Estimate) -> bool:
    """Whether the inputs leave no upper end.

    Examples
    --------
    >>> is_open(Estimate("x", "Wait", "days", 10.6, input_low=2.35))
    True
    """
    return estimate.interval is None and estimate.input_low is not None


def edge(estimates: Iterable[Estimate]) -> float:
    """Where the lines of open ranges end: beyond every number that is drawn.

    Examples
    --------
    >>> edge([Estimate("x", "Wait", "days", 10.0, input_low=2.0)])
    12.5
    """
    numbers = [n for each in estimates for n in (*(each.interval or ()), each.value)]
    return _BEYOND * max(numbers) if max(numbers) > 0 else 1.0


def ends(estimate: Estimate, beyond: float) -> tuple[float, float]:
    """The ends of the line of an estimate; the value itself where nothing is known of its range.

    beyond: the `edge` of the chart.

    Examples
    --------
    >>> ends(Estimate("x", "Wait", "days", 10.0, input_low=2.0), 12.5)
    (2.0, 12.5)
    """
    if is_open(estimate):
        return float(estimate.input_low or 0.0), beyond
    return estimate.interval or (estimate.value, estimate.value)


def arrows(across: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """The layer of a Vega-Lite chart with an arrow at each open end.

    across: the encoding of x, of which the field is `high`. shared: the other encodings. Rows have
    a field `open`.
    """
    return {
        "transform": [{"filter": "datum.open"}],
        "mark": {"type": "point", "shape": "triangle-right", "filled": True, "size": 90,
                 "opacity": 1},
        "encoding": {**shared, "x": {**across, "field": "high"}},
    }  # fmt: skip
