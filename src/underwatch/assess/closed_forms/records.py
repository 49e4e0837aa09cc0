"""What follows from how a benefit record is read: averaged income, and repeated evidence."""

FORTNIGHTS = 26  # of a year


def averaged_debt(
    earned: float, worked: int, free: float, taper: float, fortnights: int = FORTNIGHTS
) -> float:
    """The debt that averaging raises against a person who declared everything (case 36).

    earned: income of the year, earned in `worked` of the fortnights; benefit was paid in the
    others only. free: income of a fortnight that does not count. taper: of what exceeds it, the
    share by which the benefit falls. The true debt is 0.

    Examples
    --------
    >>> averaged_debt(26_000, 13, 104, 0.5)
    5824.0
    >>> averaged_debt(26_000, 26, 104, 0.5)
    0.0
    """
    return (fortnights - worked) * taper * max(0.0, earned / fortnights - free)


def updated(prior: float, likelihood_ratio: float, independent_signs: int = 1) -> float:
    """The chance that an accusation is true after some independent signs (case 21).

    The same sign twice is one sign.

    Examples
    --------
    >>> round(updated(1e-4, 5340), 3), round(updated(1e-4, 5340, 2), 4)
    (0.348, 0.9996)
    """
    odds = prior / (1 - prior) * likelihood_ratio**independent_signs
    return odds / (1 + odds)
