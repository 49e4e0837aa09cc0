"""Which inputs move the conclusion most, and at which value of an input it would change."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from underwatch.assessments.result import Deployment, Driver, Figure

MOST = 5
_STEPS = 24  # in which an input is moved to look for a turning point
_LATER = ("safeguards.", "conclusion.")  # do not move what is declared without safeguards
_FAR = 1000.0  # times the value, in both directions


Conclude = Callable[[Mapping[str, float]], float | None]


def drivers(
    deployment: Deployment,
    measure: str,
    limit: float | None,
    conclusions: Callable[[Sequence[Mapping[str, float]]], Sequence[float | None]],
    conclude: Conclude | None = None,
    levers: Sequence[Driver] = (),
) -> tuple[Driver, ...]:
    """The five inputs that move the conclusion most over their ranges, one at a time.

    conclusions: the measure at each of several sets of figures; None where it is not defined.
    conclude: the same at one set, if it is found quickly; turning points are sought with it.
    levers: what is chosen and not estimated, such as a threshold; they compete with the inputs.
    """
    values = {path: float(figure.value) for path, figure in deployment.figures.items()}
    moved = {
        path: figure
        for path, figure in deployment.figures.items()
        if figure.low is not None and figure.high is not None and figure.low < figure.high
        and not path.startswith(_LATER)
    }  # fmt: skip
    ends = conclusions(
        [{**values, path: float(end or 0)} for path, f in moved.items() for end in (f.low, f.high)]
    )
    found = [
        (path, low, high)
        for path, low, high in zip(moved, ends[::2], ends[1::2], strict=True)
        if low is not None and high is not None and low != high
    ]
    found.sort(key=lambda one: -abs(one[2] - one[1]))
    made = [
        Driver(
            path, label(path), float(moved[path].value), float(moved[path].low or 0),
            float(moved[path].high or 0), measure, low, high,
            None if conclude is None
            else _turning_point(path, moved[path], limit, conclude, values),
        )
        for path, low, high in found[:MOST]
    ]  # fmt: skip
    return tuple(sorted([*levers, *made], key=lambda one: -one.swing)[:MOST])


def lever(
    path: str, value: float, ends: tuple[float, float], measure: str, limit: float | None,
    conclude: Callable[[float], float | None],
) -> Driver | None:  # fmt: skip
    """What a choice moves between two ends; None where the measure is not defined at both.

    conclude: the measure at a value of the choice.
    """
    at_low, at_high = (conclude(end) for end in ends)
    if at_low is None or at_high is None or at_low == at_high:
        return None
    turning = None
    if limit is not None and (at_low - limit) * (at_high - limit) < 0:
        low, high = ends
        for _ in range(40):
            middle = (low + high) / 2
            there = conclude(middle)
            if there is None:
                break
            if (there - limit) * (at_low - limit) > 0:
                low = middle
            else:
                high = middle
        turning = (low + high) / 2
    return Driver(path, label(path), value, *ends, measure, at_low, at_high, turning)


def label(path: str) -> str:
    """A dotted path in words.

    Examples
    --------
    >>> label("review.false_confirmed"), label("people.groups.A.share")
    ('review: false confirmed', 'people: groups A share')
    """
    section, _, rest = path.partition(".")
    return f"{section}: {rest.replace('.', ' ').replace('_', ' ')}"


def _turning_point(
    path: str,
    figure: Figure,
    limit: float | None,
    conclude: Conclude,
    values: Mapping[str, float],
) -> float | None:
    """The value nearest to the declared one at which the conclusion's measure is at its limit."""
    value = float(figure.value)
    if limit is None or value <= 0:
        return None
    share = (figure.high or 0) <= 1 and value <= 1
    most = 1.0 if share else value * _FAR

    def above(x: float) -> float | None:
        there = conclude({**values, path: x})
        return None if there is None else there - limit

    here = above(value)
    if here is None or here == 0:
        return value if here == 0 else None
    crossings = []
    for end in (value / _FAR, most):
        step = (end / value) ** (1 / _STEPS)
        known, at = value, value
        for _ in range(_STEPS):
            at = at * step
            there = above(min(at, most))
            if there is None:
                break
            if there * here <= 0:
                crossings.append(_root(above, known, min(at, most)))
                break
            known = at
    crossings.sort(key=lambda x: abs(math.log(x / value)))
    return crossings[0] if crossings else None


def _root(above: Callable[[float], float | None], one: float, other: float) -> float:
    """Where a function changes its sign between two values, by bisection of the logarithm."""
    sign = (above(one) or 0) > 0
    for _ in range(40):
        middle = math.sqrt(one * other)
        if ((above(middle) or 0) > 0) == sign:
            one = middle
        else:
            other = middle
    return math.sqrt(one * other)
