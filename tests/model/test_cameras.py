"""Face matching and the watch list: each test bears the name of a fault that was found."""

from functools import cache

import numpy as np
import pytest

from helpers.twin import twin
from underwatch.engine.population import build
from underwatch.errors import UserError
from underwatch.kernel.fixed import both
from underwatch.model import parameters
from underwatch.model.sensing import matcher
from underwatch.results.run import run
from underwatch.scenario import Scenario

ONE = 1 << 32
NPL = 1.667e-8  # FMR at threshold 0.6
# Everybody on the list is there at random, and nothing else happens.
LIST = ["police.watch_after_serious_offences=0", "police.enrolled_at_random=0.05"]


def params_of(name="atlantic-2018", *settings):
    scenario = Scenario.load(name, settings)
    return parameters.params_on(scenario, scenario.last_day)


@cache
def simulated(*settings, name="met-lfr", citizens=4000, days=30, panel=0):
    return run(Scenario.load(name, [*LIST, *settings]), citizens=citizens, days=days, panel=panel)


def total(result, name):
    return int(result.tallies[name].sum())


def rate(params, faces, group=0, resemblance=None):
    """FPIR of a watch list of some faces, by the plain Python that the engine agrees with."""
    plain = {name: params[name][0].tolist() for name in ("found_in_list", "resemblances")}
    if resemblance is None:
        plain["resemblances"] = [1024]
    around = {"faces": 256 * faces, "resemblance": lambda: resemblance or 0}
    return twin.alert_rate({"group": group}, around, False, plain) / ONE


def mean_rate(params, faces, shares):
    """FPIR of a list, the mean over groups and over look-alike factors."""
    by_group = [np.mean([rate(params, faces, g, k) for k in range(0, 1024, 8)]) for g in range(4)]
    return float(np.dot(shares, by_group))


# --- Products


def test_no_product_of_probabilities_overflows():
    ends = [0, 1, 2**16 - 1, 2**16, 2**31, 2**32 - 1, 2**32]
    ends += np.random.default_rng(1).integers(0, 2**32, 200).tolist()
    with np.errstate(over="raise"):
        for p in ends:
            for q in ends:
                assert int(both.py_func(np.int64(p), np.int64(q))) == p * q >> 32


def test_true_alerts_grow_with_passes():
    """L-3: 4,270, 5,740, 3,630 and 2,869 at 0.2, 0.4, 0.6 and 1, because a product overflowed."""
    scenario = Scenario.load("met-lfr", [*LIST, "society.citizens=4000"])
    people = build(scenario).people
    adults = np.flatnonzero(people["age"] >= 18)
    seed = scenario.society.seed
    params = params_of("met-lfr", *LIST)
    plain = {"enrolled": int(params["enrolled"][0])}
    listed = people[[i for i in adults.tolist() if twin.is_enrolled(i, seed, plain)]]
    for passes in (0.2, 0.4, 0.6, 1):
        setting = f"cameras.passes_checked_per_day={passes}"
        daily = params_of("met-lfr", *LIST, setting)["pass_checked"][0, 0] / ONE
        checked = np.minimum(1, daily * (64 + listed["mobility"].astype(int)) / 256)
        p = checked * int(params["alert_hit"][0]) / ONE
        seen = total(simulated(setting), "true_alerts")
        assert abs(seen - 30 * p.sum()) < 4 * np.sqrt(30 * (p * (1 - p)).sum()), passes


# --- The operating curve


def test_the_threshold_is_the_lever_and_the_rates_follow():
    curve = Scenario.load("atlantic-2018").cameras.operating_curve
    assert matcher.rates_at(curve, 0.6) == pytest.approx((NPL, 0.11))
    assert matcher.rates_at(curve, 0.64) == pytest.approx((2e-10, 0.25))
    rates = np.array([matcher.rates_at(curve, t) for t in np.linspace(0.5, 0.8, 61)])
    assert (np.diff(rates[:, 0]) <= 0).all() and (np.diff(rates[:, 1]) >= 0).all()
    low, best, high = (matcher.rates_at(curve, 0.62, x) for x in (-1, 0, 1))
    assert low < best < high and low[1] < best[1] < high[1]


def test_a_rate_that_is_given_is_a_curve_of_one_point():
    settings = ["cameras.false_match_rate=1e-9", "cameras.miss_rate=0.2"]
    loose, strict = (params_of("atlantic-2018", *settings, f"cameras.threshold={t}")
                     for t in (0.5, 0.7))  # fmt: skip
    assert (loose == strict).all()
    assert int(loose["match_hit"][0]) == round(0.8 * ONE)


def test_the_chance_of_a_false_alert_follows_the_published_law():
    """Case 1, at the rate that NPL's figures imply, on the organ's own tables."""
    params = params_of("met-lfr", "cameras.group_factors=[1, 1, 1, 1]")
    for faces in (1, 1000, 10_000, 1_000_000, 410_000_000):
        law = -np.expm1(faces * np.log1p(-NPL))
        assert rate(params, faces) == pytest.approx(law, rel=1e-3, abs=2 / ONE)


def test_the_published_rate_is_the_mean_over_the_tested_groups():
    """L-6: it was 3.06 times the published one."""
    scenario = Scenario.load("met-lfr")
    shares = np.array(scenario.society.group_shares)
    params = params_of("met-lfr")
    mean = sum(s * rate(params, 10_000, g) for g, s in enumerate(shares))
    assert mean == pytest.approx(1 / 6000, rel=0.01)
    tested = Scenario.load("met-lfr", ["cameras.tested_mix=[1, 0, 0, 0]"]).cameras
    assert matcher.by_group(NPL, tested, shares) == pytest.approx(NPL * np.array([1, 2, 10, 30]))


# --- The list, and look-alikes


def test_the_list_that_is_searched_is_the_list_that_exists():
    """L-5: 10,000 were searched, and 410,000 were on the list."""
    settings = ["cameras.passes_checked_per_day=0.5", "cameras.lookalike_spread=0"]
    people, wider = (simulated(*settings, f"cameras.watch_list_scaled_to={people}")
                     for people in (1_000_000, 10_000_000))  # fmt: skip
    params, shares = params_of("met-lfr"), Scenario.load("met-lfr").society.group_shares
    for result, scaled in ((people, 1_000_000), (wider, 10_000_000)):
        listed = int(result.tallies.watched[0])  # enrolled on every day
        faces = listed * scaled // 4000
        fpir = sum(s * rate(params, faces, g) for g, s in enumerate(shares))
        checks = total(result, "true_alerts") / (int(params["alert_hit"][0]) / ONE) / listed
        expected = checks * (int(result.tallies.adults[0]) - listed) * fpir
        false = total(result, "alerts") - total(result, "true_alerts")
        assert abs(false - expected) < 4 * np.sqrt(expected) + 0.1 * expected


def test_an_empty_list_raises_no_alert():
    settings = ["police.enrolled_at_random=0", "cameras.passes_checked_per_day=1"]
    assert total(simulated(*settings), "alerts") == 0
    assert total(simulated(*settings, "cameras.watch_list_outsiders=10000000"), "alerts") > 0


def test_an_operator_raises_the_precision_of_what_police_follow():
    """Case 19: T·h1 / (T·h1 + F·h0), of true and false alerts followed."""
    result = simulated(
        "police.operator_confirms_true=0.95", "police.operator_confirms_false=0.3",
        "cameras.passes_checked_per_day=0.1", "cameras.watch_list_outsiders=10000000",
        "police.places_per_million_a_day=100000", "police.enrolled_at_random=0.02", days=120,
    )  # fmt: skip
    true = total(result, "true_alerts")
    false = total(result, "alerts") - true
    expected = 0.95 * true / (0.95 * true + 0.3 * false)
    stops = total(result, "stops")
    followed = 1 - total(result, "wrongful_stops") / stops
    assert stops > 500 and true / (true + false) < expected - 0.1
    assert abs(followed - expected) < 4 * np.sqrt(expected * (1 - expected) / stops)


@pytest.mark.parametrize("spread, share", [(0, 0.456), (1, 0.378), (3, 0.187), (10, 0.040)])
def test_repeated_looks_at_unequal_people(spread, share):
    """Case 20: falsely alerted at least once in 3,650 searches at a mean rate of 1/6,000."""
    p = matcher.resemblances(float(spread)) / 6000
    assert np.mean(1 - (1 - p) ** 3650) == pytest.approx(share, abs=0.001)


def test_people_as_unequal_as_waiting_times_are_a_case_of_the_gamma_distribution():
    found, near = matcher.resemblances(1.0), matcher.resemblances(1.0000001)
    assert found == pytest.approx(near, rel=1e-5)


def test_lookalikes_persist():
    """The same citizens are falsely alerted again and again, as often as their factor says."""
    settings = ["cameras.passes_checked_per_day=1", "cameras.lookalike_spread=3",
                "cameras.group_factors=[1, 1, 1, 1]", "police.enrolled_at_random=0",
                "cameras.watch_list_outsiders=300000"]  # fmt: skip
    result = simulated(*settings, days=60, panel=4000)
    panel, adults = result.panel.to_pandas(), int(result.tallies.adults[0])
    alerts = panel[panel.record == "alert"].groupby("citizen").size()
    mean = alerts.sum() / adults
    persistent, anew = 1 - (1 + 9 * mean) ** (-1 / 9), 1 - np.exp(-mean)
    assert persistent < 0.7 * anew
    assert len(alerts) == pytest.approx(adults * persistent, rel=0.15)


# --- Two safeguards where there was one, and South Wales


def test_a_stricter_match_and_a_lower_score_line_are_two_levers():
    """L-8: one safeguard moved both, and what the match did could not be seen."""
    before = params_of()[0]
    levers = {
        "match_threshold": {"match_hit", "alert_hit", "match_false", "found_in_list"},
        "score_line": {"line"},
    }
    for key, expected in levers.items():
        after = params_of("atlantic-2018", f"safeguards.{key}=1")[0]
        moved = {n for n in after.dtype.names if not np.array_equal(before[n], after[n])}
        assert moved - {"cap_checked"} == expected
    strict = params_of("atlantic-2018", "safeguards.match_threshold=1")[0]
    assert strict["alert_hit"] < before["alert_hit"]
    assert (strict["found_in_list"] <= before["found_in_list"]).all()


@pytest.mark.parametrize("key, instead", [
    ("safeguards.threshold=1", "safeguards.match_threshold"),
    ("cameras.watch_list_gallery=400000", "cameras.watch_list_scaled_to"),
])  # fmt: skip
def test_a_key_that_was_split_or_removed_says_what_to_write(key, instead):
    with pytest.raises(UserError, match=instead):
        Scenario.load("atlantic-2018", [key])


def test_the_precision_of_south_wales_is_inside_its_interval():
    """L-14: 173 of 2,470 alerts were true (7.0 %); threshold and prevalence are fitted to it."""
    scenario = Scenario.load("south-wales-2017")
    params = params_of("south-wales-2017")
    listed = scenario.police.enrolled_at_random.on(scenario.first_day)
    faces = round(listed * 0.82 * scenario.cameras.watch_list_scaled_to)
    false = (1 - listed) * mean_rate(params, faces, scenario.society.group_shares)
    true = listed * int(params["alert_hit"][0]) / ONE
    assert 0.061 < true / (true + false) < 0.081
    assert true * 170_000 == pytest.approx(173, rel=0.05)
    assert false * 170_000 == pytest.approx(2297, rel=0.05)
