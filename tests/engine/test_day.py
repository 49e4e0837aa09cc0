"""The day: the same bits on any machine, and an account that closes."""

import hashlib

import numba
import numpy as np
import pytest
from helpers import worlds
from helpers.worlds import harsh

from underwatch.measurement.catalogue import NAMES
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps

CITIZENS, DAYS = 70_001, 120


def all_roads():
    """Harsh rules, and in the second half a reviewer before every restriction by score."""
    table = np.concatenate([harsh(), harsh()])
    table["review_on"] = [0, 1]
    return table


def lived(nation, rules, threads=2, chunk=16_384, days=DAYS):
    """(state hash, tallies[day, stratum, measure], states) of a run."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, before))
    epochs = np.arange(days) * len(rules) // DAYS
    world, states, tallies = worlds.live(*nation, rules, epochs, 2018, chunk)
    numba.set_num_threads(before)
    digest = hashlib.sha256()
    for column in (world.states, world.signals, world.flags, world.restricted_days, world.contacts):
        digest.update(column.tobytes())
    return digest.hexdigest(), tallies, states


@pytest.fixture(scope="module")
def harsh_run(nation):
    return lived(nation, all_roads())


def column(tallies, name):
    return tallies[:, :, NAMES.index(name)].sum(1)


@pytest.mark.parametrize("threads, chunk", [(1, 16_384), (2, 1_000), (2, 65_536), (1, 4_099)])
def test_threads_and_chunks_change_no_bit(nation, harsh_run, threads, chunk):
    digest, tallies, _ = lived(nation, all_roads(), threads, chunk)
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
    by_score = (states["score_until"] > 0) & (states["reasons"] > 15)
    census = (states["list_until"] > 0).sum() + by_score.sum()
    assert stock[-1] == census > 0


def test_chilled_acts_are_those_wished_and_not_done(harsh_run):
    _, tallies, _ = harsh_run
    held = 0
    for act in ("posts", "messages", "petitions", "protests", "foreign_visits"):
        held = held + column(tallies, f"would_{act}") - column(tallies, act)
    assert (held == column(tallies, "chilled_acts")).all()
    assert held.sum() > 0


def test_asking_everyone_to_live_the_day_in_full_changes_no_bit(nation, harsh_run):
    """Whoever is passed over because nothing stirs would have lived the same day."""
    rules = all_roads()
    for name in PARAMS.names:
        if name.startswith("cap_") and name != "cap_slander" and name != "cap_march":
            rules[name] = worlds.P
    rules["lean"] = 1 << 20
    digest, tallies, _ = lived(nation, rules)
    assert digest == harsh_run[0]
    assert (tallies == harsh_run[1]).all()


LIFE = {
    "post_rate", "message_rate", "petition_rate", "foreign_visit_rate", "chill", "deter", "careful",
    "miss_rate",
    "hear_boost", "sign_boost", "minor_rate", "serious_rate", "contradicting_share", "good_rate",
    "flight_rate", "train_rate", "visa_rate", "cure_free", "occasion", "join", "spark",
    "threshold", "trust_rest", "support_rest", "support_opinion", "open_young", "open_middle",
    "open_old", "drift_voices", "drift_official", "drift_home", "foreign_moves",
}  # fmt: skip


def test_without_the_system_nothing_is_seen_decided_or_chilled(nation):
    rules = harsh()
    for name in PARAMS.names:
        if name not in LIFE:
            rules[name] = 0
    caps(rules, 3)
    _, tallies, states = lived(nation, rules, days=100)
    total = dict(zip(NAMES, tallies.sum((0, 1)), strict=True))
    lives = {"would_acts", "opinion_sum", "adults", "ties_open", "instalments_due",
             "instalments_kept", "serious_offences", "in_default", "defaults"}  # fmt: skip
    lives |= {f"{w}{a}" for w in ("would_", "") for a in
              ("posts", "messages", "petitions", "protests", "foreign_visits", "offences")}  # fmt: skip
    lives |= {"trust_sum", "support_sum", "supporters"}
    for name, value in total.items():
        assert (value > 0) == (name in lives), (name, value)
    for act in ("posts", "messages", "petitions", "protests", "foreign_visits", "offences"):
        assert total[f"would_{act}"] == total[act] > 0
    assert (states["risk"] == 0).all() and (states["dissolved"] == nation[1].closed).all()
