"""M27 in closed form: where patrols that follow records come to rest (case 22).

Records grow each day by what patrols discover and what residents report. The share of a district
rests where its share of what is added equals its share of the records.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import brentq


def urn_root(a: float, b: float, c: float, d: float) -> float:
    """The resting share of the first of two districts (Ensign and others, 2018).

    a, b: what a day with the patrol in the first district adds to the records of the first and of
    the second; c, d: the same with the patrol in the second. It is the root in [0, 1] of
    (c + d − a − b) x² + (a − 2c − d) x + c.

    Examples
    --------
    >>> [round(urn_root(.6 * (1 + w), .4 * w, .6 * w, .4 * (1 + w)), 4) for w in (.1, .25, .5, 1)]
    [0.8521, 0.75, 0.6861, 0.6458]
    """
    roots = np.roots([c + d - a - b, a - 2 * c - d, c])
    inside = [float(root.real) for root in roots if abs(root.imag) < 1e-12 and 0 <= root.real <= 1]
    return min(inside, key=lambda x: abs(_slope(x, a, b, c, d)))


def _slope(x: float, a: float, b: float, c: float, d: float) -> float:
    """How a deviation from x feeds back into what is added; below 1 it dies out."""
    total = x * (a + b) + (1 - x) * (c + d)
    return ((a - c) * total - (x * a + (1 - x) * c) * (a + b - c - d)) / total**2


def resting_shares(
    rates: Sequence[float],
    reported: Sequence[float] = (),
    reported_weight: float = 1.0,
    patrols: int = 1,
    repaired: bool = False,
    reports_only: bool = False,
) -> np.ndarray:
    """The share of patrols of each district at rest: float64, for any number of districts.

    rates: chance that a patrol discovers an incident in a day, by district. reported: incidents
    reported a day. Without reports the district with the highest rate takes all patrols, if it is
    the only one with that rate; with equal rates nothing pulls, and where it rests is chance.

    Examples
    --------
    >>> resting_shares((0.6, 0.4), (0.6, 0.4), 0.25).round(4).tolist()
    [0.75, 0.25]
    >>> resting_shares((0.6, 0.4), (0.6, 0.4), 0.25, repaired=True).round(4).tolist()
    [0.6, 0.4]
    """
    found = patrols * np.asarray(rates, float) * (not reports_only)
    heard = reported_weight * np.asarray(reported or np.zeros(len(found)), float)
    if repaired:
        return _repaired(found, heard)
    if not heard.any():
        top = found == found.max()
        return top / top.sum()

    # x · total = found · x + heard, so x = heard / (total − found), and the shares sum to 1.
    def excess(total: float) -> float:
        return float((heard / (total - found)).sum()) - 1

    low = float(found.max())
    high = low + float(heard.sum()) + 1.0
    step = 1e-12 * max(1.0, low)
    if excess(low + step) < 0:  # the district with the highest rate is never reported
        shares = heard / np.where(found < low, low - found, np.inf)
        top = found == low
        return shares + top * (1 - shares.sum()) / top.sum()
    shares = heard / (float(brentq(excess, low + step, high, xtol=1e-14)) - found)
    return shares / shares.sum()


def _repaired(found: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """At rest with the repair: x · total = found · least + heard, least the smallest share."""

    def shares(least: float) -> np.ndarray:
        added = found * least + heard
        return added / added.sum()

    if not heard.any():
        return found / found.sum() if found.any() else np.full(len(found), 1 / len(found))
    gap = brentq(lambda least: float(shares(least).min()) - least, 0.0, 1.0, xtol=1e-14)
    return shares(float(gap))


def spread_of_chance(records: Sequence[float]) -> float:
    """The standard deviation, over replicates, of the first share at equal rates without reports.

    records: on the first morning, in incidents. The limit of the share has a Beta distribution.

    Examples
    --------
    >>> round(spread_of_chance((1, 1)), 4)
    0.2887
    """
    first, total = float(records[0]), float(sum(records))
    mean = first / total
    return float(np.sqrt(mean * (1 - mean) / (total + 1)))


def stops_per_1000(
    shares: Sequence[float], residents: Sequence[int], of_group: Sequence[float], stops: float
) -> float:
    """Stops a day for each 1,000 residents of a group.

    shares: of patrols by district. residents: by district. of_group: the group's share among
    them. stops: of all patrols in a day. A resident is stopped with the same chance as any other
    of the district, so a group bears more only by where it lives.
    """
    share, people, part = (np.asarray(x, float) for x in (shares, residents, of_group))
    return float(1000 * stops * (share @ part) / (people @ part))
