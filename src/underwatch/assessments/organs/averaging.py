"""M26, a finding by rule instead of a score: a year's income averaged over its fortnights.

A person is paid a benefit in the fortnights without work and declares every income. A rule that
spreads the year's income evenly finds income in fortnights that had none, and raises a debt. The
true debt is 0. Amounts are in hundredths of the currency, so that nothing is rounded on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from underwatch.assessments.organs.chance import CERTAIN, WORKED, draws, fixed
from underwatch.errors import UserError

FORTNIGHTS = 26  # of a year


@dataclass(frozen=True)
class AveragedIncome:
    """worked: the share of people who work so many fortnights of the year; the shares sum to 1.

    earned: income of a fortnight in work. free: income of a fortnight that does not count. taper:
    the share by which the benefit falls with what exceeds it.

    Examples
    --------
    >>> rule = AveragedIncome({13: 1.0}, earned=2000, free=104, taper=0.5)
    >>> false_debts(np.arange(2), rule, seed=1).tolist()
    [582400, 582400]
    """

    worked: Mapping[int, float]
    earned: float
    free: float
    taper: float

    def check(self) -> None:
        """Raise UserError, with one sentence, for the first value that cannot be."""
        if any(not 0 <= k <= FORTNIGHTS for k in self.worked):
            raise UserError(f"A year has {FORTNIGHTS} fortnights; worked lists 0 to {FORTNIGHTS}.")
        if min(self.worked.values(), default=-1) < 0 or abs(sum(self.worked.values()) - 1) > 1e-6:
            raise UserError("The shares in worked are from 0 to 1 and sum to 1.")
        if min(self.earned, self.free) < 0 or not 0 <= self.taper <= 1:
            raise UserError("Amounts are 0 or more, and taper is a share from 0 to 1.")

    def thresholds(self) -> list[tuple[int, int]]:
        """Cumulative thresholds of 2^32 with the fortnights that each stands for, in order."""
        total, listed = 0.0, []
        for k in sorted(self.worked):
            total += self.worked[k]
            listed.append((round(total * CERTAIN), k))
        listed[-1] = (CERTAIN, listed[-1][1])
        return listed


def false_debts(person: np.ndarray, rule: AveragedIncome, seed: int) -> np.ndarray:
    """The debt that averaging raises against each person, in hundredths: int64 (n)."""
    rule.check()
    bounds, fortnights = (np.array(part) for part in zip(*rule.thresholds(), strict=True))
    at = (draws(seed, WORKED, 0, person)[:, None] >= bounds).sum(1)
    worked = fortnights[at]
    over = np.maximum(0, worked * round(100 * rule.earned) - FORTNIGHTS * round(100 * rule.free))
    return np.asarray(((FORTNIGHTS - worked) * fixed(rule.taper) * over // FORTNIGHTS) >> 16)
