"""A face matcher's rates: an operating curve, groups, look-alikes, galleries (M12).

The threshold is the lever, and the rates follow from the operating curve of the matcher:

    FMR   linear in its logarithm between the curve's thresholds
    FNMR  linear in its log-odds; beyond the ends, the slopes of the last two points
    FMR(group)  = FMR · group_factors[group] / mean of group_factors over the tested mix
    FPIR(group) = 1 − (1 − FMR(group))^gallery

A rate that a scenario gives outright is a curve of one point: no threshold moves it.
"""

from functools import cache

import numpy as np

from underwatch.model.sensing.galleries import COARSE, FACE, FACTORS, PARTS

_LEAST = 1e-15  # of a rate whose logarithm is taken


def set_rates(r, scenario, level: float = 0.0) -> None:
    """Set the rates of both uses of the matcher in PARAMS records.

    level: of the safeguard `match_threshold`; 0 = the thresholds that the scenario sets.
    """
    cameras, shares = scenario.cameras, np.array(scenario.society.group_shares)
    strict = scenario.safeguards.strict

    def rates(threshold, given):
        return operating_point(cameras, threshold, given, strict, level)

    missed = rates(cameras.threshold, cameras.false_match_rate)[1]
    r["match_hit"] = _of_2_32(1 - missed)
    found = _found_in_gallery(scenario, level)
    r["match_false"] = _of_2_32(within_groups(found, shares, cameras.double_in_group))

    false_match, missed = rates(cameras.watch_list_threshold, cameras.watch_list_false_match_rate)
    r["alert_hit"] = _of_2_32(1 - missed)
    hazard = _hazard(by_group(false_match, cameras, shares))
    galleries = 2.0 ** np.arange(PARTS) / FACE
    r["found_in_list"] = _of_2_32(-np.expm1(-np.multiply.outer(hazard, galleries)))
    r["resemblances"] = np.round(1024 * resemblances(cameras.lookalike_spread))


def _found_in_gallery(scenario, level: float = 0.0) -> np.ndarray:
    """FPIR of the national gallery, by [factor, group]."""
    cameras, shares = scenario.cameras, np.array(scenario.society.group_shares)
    strict = scenario.safeguards.strict
    threshold, given = cameras.threshold, cameras.false_match_rate
    false_match = operating_point(cameras, threshold, given, strict, level)[0]
    factors = resemblances(cameras.lookalike_spread).reshape(COARSE, -1).mean(1)
    hazard = _hazard(by_group(false_match, cameras, shares))
    return -np.expm1(-np.multiply.outer(factors * cameras.gallery, hazard))


def operating_point(cameras, threshold, given, strict, level=0.0) -> tuple[float, float]:
    """(FMR, FNMR) of one use of the matcher.

    threshold: on the scale of the curve. given: an FMR that the scenario gives outright, or
    None. level: how far the safeguard `match_threshold` moves them towards `strict`.
    """
    false_match, missed = given, cameras.miss_rate
    if cameras.operating_curve.thresholds:
        moved = threshold + level * strict.threshold_higher
        curve = rates_at(cameras.operating_curve, moved, cameras.within_interval)
        false_match = curve[0] if given is None else given
        missed = curve[1] if missed is None else missed
    if given is not None:
        false_match *= strict.false_matches**level
    if cameras.miss_rate is not None:
        missed = min(1.0, missed * strict.misses**level)
    return float(false_match), float(missed)


def rates_at(curve, threshold: float, within: float = 0.0) -> tuple[float, float]:
    """(FMR, FNMR) of an operating curve at a threshold.

    within: the place in the interval of both rates, -1 its low end, 0 the estimate, 1 its high
    end.
    """

    def line(name, scale):
        ends = (name, f"{name}_{'high' if within > 0 else 'low'}")
        y, far = (scale(np.clip(getattr(curve, key), _LEAST, 1 - _LEAST)) for key in ends)
        return _line(np.array(curve.thresholds), y + abs(within) * (far - y), threshold)

    false_match = np.exp(min(0.0, line("false_match_rates", np.log)))
    missed = (1 + np.tanh(line("miss_rates", lambda p: np.log(p / (1 - p))) / 2)) / 2
    return float(false_match), float(missed)


def _line(x, y, at: float) -> float:
    """Straight lines through the points; beyond the ends, those of the last two points."""
    if len(x) == 1:
        return y[0]
    k = int(np.clip(np.searchsorted(x, at) - 1, 0, len(x) - 2))
    return y[k] + (y[k + 1] - y[k]) * (at - x[k]) / (x[k + 1] - x[k])


def by_group(false_match: float, cameras, shares) -> np.ndarray:
    """FMR of each group; the mean over the tested mix of groups is the published FMR."""
    factors = np.array(cameras.group_factors, float)
    mix = np.array(cameras.tested_mix or shares, float)
    return np.minimum(false_match * factors * mix.sum() / (mix @ factors), 1)


def _hazard(false_match: np.ndarray) -> np.ndarray:
    """−log(1 − FMR): what one more face in the gallery adds to −log(1 − FPIR)."""
    return -np.log1p(-np.minimum(false_match, 1 - 1e-12))


@cache
def resemblances(spread: float) -> np.ndarray:
    """Equally frequent factors on the false-match rate, ascending, with the mean 1.

    Of a gamma distribution whose standard deviation is `spread`: the mean of each of FACTORS
    equal parts. So the chance of at least one false match in n searches at a small rate p is
    1 − (1 + n·p·spread²)^(−1/spread²).
    """
    if spread < 1e-3:
        return np.ones(FACTORS)
    parts = np.arange(FACTORS) / FACTORS
    if spread == 1:  # an exponential distribution, without SciPy, whose import takes 0.2 s
        below = 1 - (1 - parts) * (1 - np.log(1 - parts))
    else:
        from scipy.special import gammainc, gammaincinv

        shape = 1 / spread**2
        below = gammainc(shape + 1, gammaincinv(shape, parts))
    return FACTORS * np.diff(np.append(below, 1.0))  # below: the share of the mean below an edge


def within_groups(found, shares, within: float) -> np.ndarray:
    """P(a citizen is taken for their look-alike), by [factor, citizen's group, its group].

    found: FPIR by [factor, group]. The look-alike is drawn evenly from everyone, so of a
    citizen's false matches at most the share of the own group, divided by `found`, can be with
    the own group. As far as that allows, the share `within` of them is; the others are spread
    evenly over the other groups, and the mean is `found`.
    """
    shares = shares / shares.sum()
    others = 1 - shares
    own = found * np.where(others > 0, within, 1.0)
    own = np.minimum(own, shares)  # every look-alike of the own group is taken for the citizen
    own = np.maximum(own, found - others)  # more than the other groups can supply
    elsewhere = (found - own) / np.where(others > 0, others, np.inf)
    p = np.repeat(elsewhere[..., None], 4, -1)
    same = np.arange(4)
    p[..., same, same] = own / np.where(shares > 0, shares, np.inf)
    return np.clip(p, 0, 1)


def share_within_group(scenario) -> np.ndarray:
    """The share of false matches with a citizen of the own group, for each of the four groups.

    It is `cameras.double_in_group`, unless a group is smaller than that share of the searches
    that find somebody. 0 for a group that is never mistaken.
    """
    cameras, shares = scenario.cameras, np.array(scenario.society.group_shares)
    found = _found_in_gallery(scenario)
    p = within_groups(found, shares, cameras.double_in_group)
    own = np.diagonal(p, axis1=1, axis2=2) * shares / shares.sum()
    return own.sum(0) / np.maximum(found.sum(0), 1e-300)


def _of_2_32(p) -> np.ndarray:
    """Probabilities as thresholds of 2^32."""
    return np.round(np.clip(p, 0, 1) * 2.0**32).astype(np.int64)
