"""What the ranges of the inputs leave: every closed form under many draws of all inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import numpy.typing as npt

from underwatch.assessments.result import Deployment, Figure

Vector = npt.NDArray[np.float64]
DRAWS = 256  # a power of two, as the sequence wants
_LOW, _HIGH = 0.025, 0.975  # the quantiles at which the ends of a range lie
_UNDEFINED = 0.025  # share of draws without a value from which an end of the interval is open


def quantile(figure: Figure, u: Vector) -> Vector:
    """The input at quantiles: low at 2.5 %, the value at 50 %, high at 97.5 %, never beyond.

    Between them it is straight in the logarithm where low is above 0, else in the number itself.

    Examples
    --------
    >>> quantile(Figure(10.0, 1.0, 100.0), np.array([0.0, 0.5, 1.0])).round(6).tolist()
    [1.0, 10.0, 100.0]
    """
    if figure.low is None or figure.high is None:
        return np.full(len(u), float(figure.value))
    ends = np.array([figure.low, figure.value, figure.high], float)
    if figure.low > 0:
        return np.asarray(np.exp(np.interp(u, [_LOW, 0.5, _HIGH], np.log(ends))))
    return np.asarray(np.interp(u, [_LOW, 0.5, _HIGH], ends))


def drawn_inputs(deployment: Deployment, draws: int = DRAWS) -> Iterator[dict[str, float]]:
    """All figures, each drawn within its range: a scrambled Sobol' sequence, the same every time.

    Inputs are drawn independently of each other.
    """
    from scipy.stats import qmc

    figures = deployment.figures
    sequence = qmc.Sobol(len(figures), scramble=True, seed=1)
    points = sequence.random(draws)
    columns = [quantile(figure, points[:, j]) for j, figure in enumerate(figures.values())]
    for row in zip(*columns, strict=True):
        yield {path: float(value) for path, value in zip(figures, row, strict=True)}


Answer = Mapping[tuple[str, str, float | None], float]


def answers(
    inputs: list[dict[str, float]], answer: Callable[[Mapping[str, float]], Answer]
) -> list[Answer]:
    """The closed forms at every draw of the inputs."""
    return [answer(values) for values in inputs]


def intervals(
    drawn: list[Answer],
) -> dict[tuple[str, str, float | None], tuple[float | None, float | None, float]]:
    """For every measure: the ends of its 95 % interval, and the share of draws that define it.

    The ends are those quantiles of the draws between which 95 % of further draws are expected
    (p of n + 1 draws, not of n). A draw that leaves the measure undefined, such as the wait of a
    queue that grows without end, counts as one beyond the high end, which is None where too many
    do.
    """
    found: dict[tuple[str, str, float | None], list[float]] = {}
    for one in drawn:
        for key, value in one.items():
            found.setdefault(key, []).append(value)
    made: dict[tuple[str, str, float | None], tuple[float | None, float | None, float]] = {}
    for key, values in found.items():
        defined = len(values) / len(drawn)
        share = min(1.0, _HIGH / defined)  # of the defined draws, the quantile of all draws
        low, high = (float(each) for each in np.quantile(values, (_LOW, share), method="weibull"))
        made[key] = low, (high if 1 - defined < _UNDEFINED else None), defined
    return made


def change(
    before: list[Answer], after: list[Answer], key: tuple[str, str, float | None]
) -> tuple[float | None, float | None]:
    """The ends of the 95 % interval of a change, draw by draw of the same inputs.

    None if a draw leaves the measure undefined before or after.
    """
    drawn = [two[key] - one[key] for one, two in zip(before, after, strict=True)
             if key in one and key in two]  # fmt: skip
    if len(drawn) < len(before) or not drawn:
        return None, None
    low, high = (float(each) for each in np.quantile(drawn, (_LOW, _HIGH), method="weibull"))
    return low, high
