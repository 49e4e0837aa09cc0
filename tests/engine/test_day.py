"""The day: the same bits on any threads, and counts that add up."""

import hashlib

import numba
import numpy as np
import pytest

from helpers import worlds
from helpers.worlds import harsh
from underwatch.measurement.catalogue import NAMES
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps

DAYS = 100  # with fewer, nobody pays while waiting for the court


def every_branch():
    """Harsh parameters, and in the second half a review before every restriction by score."""
    table = np.concatenate([harsh(), harsh()])
    table["review_on"] = [0, 1]
    table["credit_on"] = 1
    table["instalments_reported"] = table["instalments_reported"] * 3 // 5  # files below the line
    return table


def simulated(nation, params, threads=1, chunk=16_384):
    """(state hash, tallies[day, stratum, measure], states) of a run."""
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    epochs = np.arange(DAYS) * len(params) // DAYS
    world, states, tallies = worlds.simulate(*nation, params, epochs, 2018, chunk)
    numba.set_num_threads(before)
    digest = hashlib.sha256()
    for column in (world.states, world.signals, world.flags, world.restricted_days, world.near,
                   world.wide, world.entries):  # fmt: skip
        digest.update(column.tobytes())
    return digest.hexdigest(), tallies, states


@pytest.fixture(scope="module")
def harsh_run(nation):
    return simulated(nation, every_branch())


def column(tallies, name):
    return tallies[:, :, NAMES.index(name)].sum(1)


@pytest.mark.parametrize("threads, chunk", [(2, 1_000), (2, 65_536), (1, 4_099)])
def test_threads_and_chunks_change_no_bit(nation, harsh_run, threads, chunk):
    digest, tallies, _ = simulated(nation, every_branch(), threads, chunk)
    assert digest == harsh_run[0]
    assert (tallies == harsh_run[1]).all()


def test_every_measure_occurs_under_harsh_parameters(harsh_run):
    total = harsh_run[1].sum((0, 1))
    assert [name for name, value in zip(NAMES, total, strict=True) if value == 0] == []


def test_restrictions_in_force_are_yesterdays_plus_imposed_less_ended(harsh_run):
    _, tallies, states = harsh_run
    level = column(tallies, "in_force")
    flow = column(tallies, "imposed") - column(tallies, "ended")
    assert (np.diff(level, prepend=0) == flow).all()
    by_score = (states["score_until"] > 0) & (states["reasons"] > 15)
    census = (states["list_until"] > 0).sum() + by_score.sum()
    assert level[-1] == census > 0


def test_chilled_acts_are_those_done_at_zero_risk_only(harsh_run):
    _, tallies, _ = harsh_run
    withheld = 0
    for act in ("posts", "messages", "petitions", "protests", "foreign_visits"):
        withheld = withheld + column(tallies, f"would_{act}") - column(tallies, act)
    assert (withheld == column(tallies, "chilled_acts")).all()
    assert withheld.sum() > 0


def test_simulating_everyone_stage_by_stage_changes_no_bit(nation, harsh_run):
    """A citizen who is inactive would have had the same day stage by stage."""
    params = every_branch()
    for name in PARAMS.names:
        if name.startswith("cap_") and name != "cap_slander" and name != "cap_march":
            params[name] = worlds.P
    params["lean"] = 1 << 20
    digest, tallies, _ = simulated(nation, params)
    assert digest == harsh_run[0]
    assert (tallies == harsh_run[1]).all()


# Parameters of what people do without any system.
ACTS = {
    "post_rate", "message_rate", "petition_rate", "foreign_visit_rate", "chill", "deter", "careful",
    "miss_rate",
    "hear_boost", "sign_boost", "minor_rate", "serious_rate", "contradicting_share", "good_rate",
    "flight_rate", "train_rate", "visa_rate", "cure_free", "occasion", "join", "spark",
    "threshold", "tired", "fatigue_days", "trust_rest", "trust_width",
    "support_start", "open_young", "open_middle", "open_old",
    "drift_voices", "drift_official", "drift_home", "foreign_moves",
}  # fmt: skip


def test_without_the_system_nothing_is_seen_decided_or_chilled(nation):
    params = harsh()
    for name in PARAMS.names:
        if name not in ACTS:
            params[name] = 0
    caps(params, 3)
    world, states, tallies = worlds.simulate(*nation, params, np.zeros(100, int), 2018, 16_384)
    total = dict(zip(NAMES, tallies.sum((0, 1)), strict=True))
    expected = {"would_acts", "opinion_sum", "adults", "ties_open", "instalments_due",
             "instalments_kept", "serious_offences", "in_default", "defaults",
                "court_demand", "court_dropped", "court_waiting"}  # fmt: skip
    acts = ("posts", "messages", "petitions", "protests", "foreign_visits", "offences")
    expected |= {f"{wish}{act}" for wish in ("would_", "") for act in acts}
    expected |= {"trust_sum", "support_sum", "supporters"}
    for name, value in total.items():
        assert (value > 0) == (name in expected), (name, value)
    for act in acts:
        assert total[f"would_{act}"] == total[act] > 0
    ties = nation[1]
    assert (states["risk"] == 0).all() and (world.slots == ties.slots).all()
