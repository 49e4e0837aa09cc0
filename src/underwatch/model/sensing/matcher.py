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

    false_match, missed = rates(cameras.threshold, cameras.false_match_rate)
    r["match_hit"] = _of_2_32(1 - missed)
    hazard = _hazard(by_group(false_match, cameras, shares))
    factors = resemblances(cameras.lookalike_spread)
    coarse = factors.reshape(COARSE, -1).mean(1)
    found = -np.expm1(-np.multiply.outer(coarse * cameras.gallery, hazard))
    r["match_false"] = _of_2_32(within_groups(found, shares, cameras.double_in_group))

    false_match, missed = rates(cameras.watch_list_threshold, cameras.watch_list_false_match_rate)
    r["alert_hit"] = _of_2_32(1 - missed)
    hazard = _hazard(by_group(false_match, cameras, shares))
    galleries = 2.0 ** np.arange(PARTS) / FACE
    r["found_in_list"] = _of_2_32(-np.expm1(-np.multiply.outer(hazard, galleries)))
    r["resemblances"] = np.round(1024 * factors)


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
    from scipy.special import gammainc, gammaincinv

    shape = 1 / spread**2
    edges = gammaincinv(shape, np.arange(FACTORS) / FACTORS)
    below = np.append(gammainc(shape + 1, edges), 1.0)  # the share of the mean below an edge
    return FACTORS * np.diff(below)


def within_groups(found, shares, within: float) -> np.ndarray:
    """P(a citizen is taken for their look-alike), by [factor, citizen's group, its group].

    found: FPIR by [factor, group]. The look-alike is drawn evenly from everyone. Weights by
    group keep the mean at `found` and put the share `within` in the citizen's own group, as
    far as probabilities stay below 1.
    """
    shares = shares / shares.sum()
    wanted = (1 - within) * shares + within * np.eye(4)
    p = found[..., None] * wanted / np.maximum(shares, 1e-9)
    for _ in range(4):  # what exceeds 1 in one group goes to the others
        over = np.clip(p - 1, 0, None) @ shares
        p = np.minimum(p, 1)
        room = (1 - p) @ shares
        moved = np.where(room > 0, np.minimum(1, over / np.maximum(room, 1e-300)), 0)
        p += (1 - p) * moved[..., None]
    return p


def _of_2_32(p) -> np.ndarray:
    """Probabilities as thresholds of 2^32."""
    return np.round(np.clip(p, 0, 1) * 2.0**32).astype(np.int64)
