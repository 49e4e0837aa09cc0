"""Which inputs move the conclusion most, and at which value of an input it would change."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from underwatch.assessments.declaration.bounds import bounds
from underwatch.assessments.result import Deployment, Driver, Figure
from underwatch.assessments.wholes import moved

MOST = 5
_STEPS = 24  # in which an input is moved to look for a turning point
_LATER = ("safeguards.", "conclusion.")  # do not move what is declared without safeguards
_ENDLESS = 100.0  # an upper end from here on is one of what a file can hold
_FAR = 1000.0  # times the value, in both directions; beyond it, the end alone


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
    values, ranged = deployment.values, ranges_of(deployment)
    ends = conclusions(
        [moved(values, path, float(end or 0)) for path, f in ranged.items()
         for end in (f.low, f.high)]
    )  # fmt: skip
    found = [
        (path, low, high)
        for path, low, high in zip(ranged, ends[::2], ends[1::2], strict=True)
        if low is not None and high is not None and low != high
    ]
    found.sort(key=lambda one: -abs(one[2] - one[1]))
    made = [
        Driver(
            path, label(path), float(ranged[path].value), float(ranged[path].low or 0),
            float(ranged[path].high or 0), measure, low, high,
            None if conclude is None or limit is None
            else _turning_point(path, bounds(deployment.kind, path), limit, conclude, values),
            sought=conclude is not None,
        )
        for path, low, high in found[:MOST]
    ]  # fmt: skip
    return tuple(sorted([*levers, *made], key=lambda one: -one.swing)[:MOST])


def ranges_of(deployment: Deployment) -> dict[str, Figure]:
    """The figures with a range that can move what is declared without safeguards, by path."""
    return {
        path: figure
        for path, figure in deployment.figures.items()
        if figure.low is not None and figure.high is not None and figure.low < figure.high
        and not path.startswith(_LATER)
    }  # fmt: skip


def lever(
    path: str, value: float, ends: tuple[float, float], reach: tuple[float, float], within: str,
    measure: str, limit: float | None, conclude: Callable[[float], float | None],
) -> Driver | None:  # fmt: skip
    """What a choice moves between two ends; None where the measure is not defined at both.

    reach: between which values a turning point is sought, and within: these in words.
    conclude: the measure at a value of the choice.
    """
    at_low, at_high = (conclude(end) for end in ends)
    if at_low is None or at_high is None or at_low == at_high:
        return None
    turning = None
    if limit is not None:
        steps = [_steps(value, end) for end in reach]
        turning = _nearest(lambda at: _over(conclude(at), limit), value, steps)
    return Driver(path, label(path), value, *ends, measure, at_low, at_high, turning, within=within)


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
    path: str, ends: tuple[float, float], limit: float, conclude: Conclude,
    values: Mapping[str, float],
) -> float | None:  # fmt: skip
    """The value nearest to the declared one at which the conclusion's measure is at its limit.

    ends: between which the input can be. All of it is searched, in steps, but no further than
    1,000 times the value where it has no upper end of its own.
    """
    value = values[path]

    def above(x: float) -> float | None:
        return _over(conclude(moved(values, path, x)), limit)

    return _nearest(above, value, [_steps(value, end) for end in ends])


def _nearest(
    above: Callable[[float], float | None], value: float, steps: Sequence[Sequence[float]]
) -> float | None:
    """The value nearest to a given one at which a function is zero; steps: in each direction."""
    here = above(value)
    if here is None or here == 0:
        return value if here == 0 else None
    crossings = []
    for direction in steps:
        known = value
        for at in direction:
            there = above(at)
            if there is None:
                break
            if there * here <= 0:
                crossings.append(_root(above, known, at))
                break
            known = at
    return min(crossings, key=lambda x: abs(x - value)) if crossings else None


def _over(there: float | None, limit: float) -> float | None:
    return None if there is None else there - limit


def _steps(value: float, end: float) -> list[float]:
    """Values from one to an end, each by the same factor, or by the same distance around zero."""
    if value <= 0 or end < 0:
        return [value + (end - value) * (k + 1) / _STEPS for k in range(_STEPS)]
    far = min(end, value * _FAR) if end > value else max(end, value / _FAR)
    steps = [value * (far / value) ** ((k + 1) / _STEPS) for k in range(_STEPS)]
    return steps if far == end or end > _ENDLESS else [*steps, end]


def _root(above: Callable[[float], float | None], one: float, other: float) -> float:
    """Where a function changes its sign between two values, by bisection."""
    sign = (above(one) or 0) > 0
    for _ in range(60):
        middle = math.sqrt(one * other) if one * other > 0 else (one + other) / 2
        if ((above(middle) or 0) > 0) == sign:
            one = middle
        else:
            other = middle
    return (one + other) / 2
