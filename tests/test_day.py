"""The day: the same bits on any machine, and an account that closes."""

import hashlib

import numba
import numpy as np
import pytest

from underwatch.engine.cpu import Panel, World, live_days
from underwatch.measures.ledger import empty_ledger
from underwatch.measures.tally import NAMES, STRATA
from underwatch.response.state import STATE
from underwatch.rules import RULES

CITIZENS, DAYS = 70_001, 120
P = 1 << 32
NOBODY = np.zeros(0, np.int64)


def harsh() -> np.ndarray:
    """Rules far harsher than any scenario, so that every road is taken in a short test."""
    r = np.zeros(1, RULES)
    x = np.arange(256)
    r["post_rate"] = np.round(P * 0.1 * (x / 255) ** 3)
    r["chill"] = r["deter"] = np.round(65536 * np.exp(-x / 64))
    r["miss_rate"] = np.round(P * 0.6 * (1 - x / 255))
    chances = dict(
        contradicting_share=0.3, true_share=0.5, buy_disfavoured=0.05, buy_favoured=0.05,
        minor_rate=0.05, serious_rate=0.0005, cure_barred=0.3, cure_free=0.1, good_rate=0.1,
        flight_rate=0.02, train_rate=0.04, read_hit=0.5, read_false=0.005, shops_shared=0.9,
        probed=0.8, match_hit=0.7, alert_hit=0.8, instalments_reported=0.95, good_seen=0.5,
        register_missed=0.05, register_mistyped=0.2, notice=0.8, appeals=0.8,
        appeals_refused=0.5, visa_rate=0.3,
        reverse_wrongful=0.7, reverse_rightful=0.1,
    )  # fmt: skip
    shares = dict(
        hear_boost=1, elsewhere=0.1, association=0.5, risk_decay=0.01, risk_heard=0.05,
        detection_heard=0.05, detection_decay=0.01, trust_decay=0.005, court_desk=300,
        police_desk=300, appeal_desk=100, trust_kept=0.005, trust_broke=0.01,
    )  # fmt: skip
    whole = dict(
        halve_days=90, scoring=1, piloted=256, base=1000, floor=0, ceiling=1300, restrict_on=1,
        line=985, restrict_days=30, score_bans=3, list_on=1, list_days=40, list_bans=7,
        watch_line=1, privilege_line=990, visit_speech=1, visit_serious=1,
        appeal_delay=10, correct=1,
        risk_removed=3000, risk_stopped=15000, risk_penalised=10000, detection_caught=10000,
        trust_stopped=2000, trust_wronged=3000,
    )  # fmt: skip
    for group, unit in ((chances, P), (shares, 65536), (whole, 1)):
        for name, value in group.items():
            r[name] = round(value * unit)
    r["watched_spots"] = [round(P * c) for c in (0.1, 0.4, 0.8)]
    r["serious_cleared"], r["pass_checked"] = round(P * 0.5), round(P * 0.05)
    r["match_false"], r["alert_false"], r["observed"] = round(P * 0.2), round(P * 0.01), 1
    r["points"] = [-5, 1, -50, 1, -1, -10, -30, -5, -50, 10]
    return r


def lived(nation, rules, threads=2, chunk=16_384, days=DAYS):
    """(state hash, tallies[day, stratum, measure]) of a run."""
    people, ties = nation
    n = len(people)
    world = World(
        people, ties, np.zeros(n, STATE), np.zeros((2, n + 1), np.uint64), np.zeros(n, np.uint8)
    )
    world.states["trust"], world.states["score"] = 32_768, 1000
    tallies = np.zeros((days, STRATA, len(NAMES)), np.int64)
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, before))
    live_days(world, 0, days, 2018, np.zeros(days, np.int64), rules, chunk, tallies,
              Panel(NOBODY, np.zeros(0, STATE), empty_ledger(days, 0)))  # fmt: skip
    numba.set_num_threads(before)
    digest = hashlib.sha256(world.states.tobytes() + world.words.tobytes()).hexdigest()
    return digest, tallies, world.states


@pytest.fixture(scope="module")
def harsh_run(nation):
    return lived(nation, harsh())


def column(tallies, name):
    return tallies[:, :, NAMES.index(name)].sum(1)


@pytest.mark.parametrize("threads, chunk", [(1, 16_384), (2, 1_000), (2, 65_536), (1, 4_099)])
def test_threads_and_chunks_change_no_bit(nation, harsh_run, threads, chunk):
    digest, tallies, _ = lived(nation, harsh(), threads, chunk)
    assert digest == harsh_run[0]
    assert (tallies == harsh_run[1]).all()


def test_every_road_is_taken_under_harsh_rules(harsh_run):
    total = harsh_run[1].sum((0, 1))
    assert [name for name, value in zip(NAMES, total, strict=True) if value == 0] == []


def test_restrictions_in_force_are_yesterdays_plus_imposed_less_ended(harsh_run):
    _, tallies, states = harsh_run
    stock = column(tallies, "in_force")
    flow = column(tallies, "imposed") - column(tallies, "ended")
    assert (np.diff(stock, prepend=0) == flow).all()
    census = (states["list_until"] > 0).sum() + (states["score_until"] > 0).sum()
    assert stock[-1] == census > 0


def test_chilled_acts_are_those_wished_and_not_done(harsh_run):
    _, tallies, _ = harsh_run
    wished, done = column(tallies, "would_posts"), column(tallies, "posts")
    assert (wished - done == column(tallies, "chilled_acts")).all()


def test_without_the_system_nothing_is_seen_decided_or_chilled(nation):
    rules = harsh()
    kept = {"post_rate", "chill", "deter", "miss_rate", "hear_boost", "minor_rate", "serious_rate"}
    kept |= {"contradicting_share", "good_rate", "flight_rate", "train_rate", "visa_rate"}
    kept |= {"cure_free"}
    for name in RULES.names:
        if name not in kept:
            rules[name] = 0
    _, tallies, _ = lived(nation, rules, days=60)
    total = dict(zip(NAMES, tallies.sum((0, 1)), strict=True))
    for name in ("false_sightings", "alerts", "imposed", "stops", "chilled_acts", "scored"):
        assert total[name] == 0, name
    assert total["would_posts"] == total["posts"] > 0
    assert total["would_offences"] == total["offences"] > 0
