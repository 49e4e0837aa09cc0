"""What follows from how a benefit record is read: averaged income, and repeated evidence."""

from underwatch.assessments.organs.averaging import FORTNIGHTS, AveragedIncome


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


def mean_debt(rule: AveragedIncome) -> float:
    """The mean debt that a rule raises, by closed form, in units of the currency.

    Examples
    --------
    >>> mean_debt(AveragedIncome({13: 0.5, 26: 0.5}, earned=2000, free=104, taper=0.5))
    2912.0
    """
    rule.check()
    return sum(
        share * averaged_debt(k * rule.earned, k, rule.free, rule.taper)
        for k, share in rule.worked.items()
    )


def wrongly_indebted(rule: AveragedIncome) -> float:
    """The share of people against whom averaging raises a debt, by closed form.

    Examples
    --------
    >>> wrongly_indebted(AveragedIncome({13: 0.5, 26: 0.5}, earned=2000, free=104, taper=0.5))
    0.5
    """
    rule.check()
    return sum(
        share
        for k, share in rule.worked.items()
        if averaged_debt(k * rule.earned, k, rule.free, rule.taper) > 0
    )
