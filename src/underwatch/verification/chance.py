"""Standard errors of what a case counts, from the counts themselves."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from underwatch.verification.case import ERRORS, Check


def of_share(
    label: str, expected: float, part: float, whole: float, unit: str = "%", times: float = 100.0,
    tolerance: float = 0.0, events: float | None = None,
) -> Check:  # fmt: skip
    """A share of independent trials beside what is expected of it.

    expected, tolerance: in `unit`. part, whole: counts. times: from a share to the unit. events:
    how many independent trials there were, if fewer than `whole`. The error is that of a share
    which is as expected: so none at all is no proof of none.

    Examples
    --------
    >>> check = of_share("Heads", 50.0, 4_920, 10_000)
    >>> check.got, check.error, check.agrees
    (49.2, 0.5, True)
    """
    p = min(1.0, max(0.0, expected / times))
    error = times * float(np.sqrt(p * (1 - p) / (events or whole)))
    return Check(label, expected, times * part / whole, unit, error, tolerance,
                 replicates=round(events or whole))  # fmt: skip


def mean_and_error(values: npt.ArrayLike) -> tuple[float, float]:
    """The mean of independent replicates, and its standard error.

    The error is widened where they are few, so that 3.5 errors to either side cover 99.95 %, as
    they do of a normal distribution.

    Examples
    --------
    >>> mean_and_error([1.0, 2.0, 3.0, 4.0])  # doctest: +ELLIPSIS
    (2.5, 3.08...)
    """
    from scipy.special import ndtr, stdtrit

    found = np.asarray(values, float)
    wider = float(stdtrit(len(found) - 1, ndtr(ERRORS))) / ERRORS
    return float(found.mean()), float(wider * found.std(ddof=1) / len(found) ** 0.5)


def of_mean(
    label: str, expected: float, values: npt.ArrayLike, unit: str = "", tolerance: float = 0.0
) -> Check:
    """The mean of independent values beside what is expected of it.

    Examples
    --------
    >>> check = of_mean("Mean", 1.0, [0.0, 1.0, 2.0, 3.0, 2.0])
    >>> check.got, check.agrees
    (1.6, True)
    """
    got, error = mean_and_error(values)
    return Check(label, expected, got, unit, error, tolerance, replicates=np.size(values))
