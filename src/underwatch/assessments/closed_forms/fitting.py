"""A risk score fitted to the aggregates of a published audit.

An audit publishes, by group, base rates in a random arm and shares among those that the score
chose. One signal strength is fitted to the overall hit rate, and one proxy strength for each
attribute to the group's share among the chosen. The hit rates of groups are then predictions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import root

from underwatch.assessments.closed_forms.risk_score import expected
from underwatch.assessments.organs.attributes import ATTRIBUTES, Mix
from underwatch.assessments.organs.measures import rate
from underwatch.assessments.organs.risk_score import Feature, RiskScore
from underwatch.errors import UserError


@dataclass(frozen=True)
class Audit:
    """Aggregates of an audit; shares from 0 to 1, by attribute of the first value of each.

    mix: the cases. base_rate, base_rates: with an error, in the random arm. hit_rate: of the
    chosen, all together. chosen: the share of the chosen that has the first value. capacity: the
    share of cases chosen.
    """

    mix: Mix
    base_rate: float
    base_rates: Mapping[str, float]
    hit_rate: float
    chosen: Mapping[str, float]
    capacity: float


def fitted(audit: Audit) -> RiskScore:
    """The risk score with one feature that meets the audit's overall hit rate and its shares.

    Raises UserError if no score does.
    """
    names = tuple(audit.chosen)
    bare = RiskScore(audit.base_rate, audit.base_rates, capacity=audit.capacity)

    def score(at: np.ndarray) -> RiskScore:
        proxies = dict(zip(names, map(float, at[1:]), strict=True))
        return replace(bare, features=(Feature(float(at[0]), proxies),))

    def misses(at: np.ndarray) -> list[float]:
        trial = score(at)
        everyone = expected(trial, audit.mix)
        of_groups = [expected(trial, audit.mix, ATTRIBUTES[name][0]).checked for name in names]
        return [
            rate(everyone, "hit_rate") - audit.hit_rate,
            *(one / everyone.checked - audit.chosen[name]
              for one, name in zip(of_groups, names, strict=True)),
        ]  # fmt: skip

    start = np.concatenate([[0.5], np.zeros(len(names))])
    found = root(misses, start, tol=1e-10)
    if not found.success or max(map(abs, misses(found.x))) > 1e-6:
        raise UserError("No score with one feature has this hit rate and these shares.")
    return score(found.x)
