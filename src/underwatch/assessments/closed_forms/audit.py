"""The power of a fairness audit: which inequality could have been found at all (case 38).

A finding of "no significant difference" says nothing where the events were too few to show one.
"""

from functools import cache

from scipy.optimize import brentq
from scipy.stats import binom


@cache
def _region(events: int, share: float, level: float) -> tuple[int, int]:
    """The exact two-sided binomial test at a level: reject at most `low`, or at least `high`."""
    low = int(binom.ppf(level / 2, events, share))
    while low >= 0 and binom.cdf(low, events, share) > level / 2:
        low -= 1
    high = int(binom.isf(level / 2, events, share))
    while binom.sf(high - 1, events, share) > level / 2:
        high += 1
    return low, high


def power(events: int, ratio: float, share: float = 0.5, level: float = 0.05) -> float:
    """The chance to find that one group bears `ratio` times as many events per head as the other.

    events: of both groups together. share: of the first group among those exposed. level: of the
    two-sided exact binomial test.

    Examples
    --------
    >>> round(power(10, 11.0), 2)
    0.8
    """
    low, high = _region(events, share, level)
    chance = ratio * share / (ratio * share + 1 - share)
    return float(binom.cdf(low, events, chance) + binom.sf(high - 1, events, chance))


def ratio_interval(
    events: tuple[float | None, float | None, float], times: float, share: float
) -> tuple[float | None, float | None, float]:
    """The ends of `smallest_ratio` that an interval of the number of events leaves.

    events: its ends, and the share of draws that define it, as `ranges.intervals` gives them.
    times: events of the period for one in that unit. The upper end is open if the fewest events
    show no ratio at all.

    Examples
    --------
    >>> [round(end, 1) for end in ratio_interval((10.0, 100.0, 1.0), 1, 0.5)[:2]]
    [1.8, 11.0]
    """
    low, high, defined = events
    least, most = (
        None if end is None else smallest_ratio(round(times * end), round(share, 6))
        for end in (high, low)
    )
    return least if least is not None else 1.0, most, defined


def smallest_ratio(
    events: int, share: float = 0.5, wanted: float = 0.8, level: float = 0.05
) -> float | None:
    """The smallest ratio between two groups that so many events show with 80 % power.

    Returns None if no ratio is found with that power: then the audit could not have found
    anything.

    Examples
    --------
    >>> [round(smallest_ratio(n), 1) for n in (10, 50, 100)]
    [11.0, 2.4, 1.8]
    >>> smallest_ratio(5) is None
    True
    """
    if events < 1 or not 0 < share < 1:
        return None
    _, high = _region(events, share, level)
    if high > events:
        return None

    def beyond(log_ratio: float) -> float:
        return power(events, 10**log_ratio, share, level) - wanted

    return float(10 ** brentq(beyond, 0, 9)) if beyond(0) < 0 else 1.0
