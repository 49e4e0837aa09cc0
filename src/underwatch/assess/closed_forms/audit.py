"""What an audit for unequal treatment can find at all: its exact power."""

from __future__ import annotations

from functools import lru_cache

POWER, LEVEL = 0.8, 0.05


@lru_cache(maxsize=4096)
def smallest_ratio(events: int, share: float) -> float | None:
    """The smallest ratio of rates that an exact test of `events` finds with a power of 80 %.

    share: of the exposure that falls on the group, so that under equal rates this share of the
    events does. The test is two-sided at 5 %, half of it on each side. None if no ratio is ever
    found.

    Examples
    --------
    >>> [round(smallest_ratio(n, 0.5), 1) for n in (7, 10, 50, 100)]
    [30.9, 11.0, 2.4, 1.8]
    >>> smallest_ratio(3, 0.5) is None
    True
    """
    from scipy.optimize import brentq
    from scipy.stats import binom

    if events < 1 or not 0 < share < 1:
        return None
    least = int(binom.isf(LEVEL / 2, events, share)) + 1  # that are too many under equal rates
    if least > events:
        return None

    def power(p: float) -> float:
        return float(binom.sf(least - 1, events, p))

    found = brentq(lambda p: power(p) - POWER, share, 1 - 1e-12)
    return float(found / (1 - found) * (1 - share) / share)
