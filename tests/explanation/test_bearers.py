"""A number passes from one person to another; each is explained apart."""

import numpy as np
import pytest

from underwatch.errors import UserError
from underwatch.explanation.replay import replay
from underwatch.explanation.summary import profile_of
from underwatch.explanation.trajectory import Trajectory
from underwatch.results.run import run
from underwatch.scenario import Scenario

MANY = "society.deaths_per_1000_a_year=[300,300,300,300,300,300,300,300,400]"
SETTINGS = ["first_day=2019-11-01", "society.citizens=800", MANY, "restrictions.below=985"]


@pytest.fixture(scope="module")
def passed_on():
    """A recording of twenty numbers that passed from an adult to somebody else."""
    scenario = Scenario.load("atlantic-2018", SETTINGS)
    first = run(scenario, days=300)
    people = first.people
    passed = np.flatnonzero((people["bearer"] > 0).to_numpy())
    moved = np.flatnonzero(((people["bearer"] > 0) & (people["age"] >= 18)).to_numpy())
    chosen = [*passed[:15].tolist(), *moved[:10].tolist()]
    return first, replay(first.provenance, chosen)


def test_events_of_one_bearer_lie_within_that_persons_days(passed_on):
    _, recording = passed_on
    explained = 0
    for citizen in recording.citizens.tolist():
        last = Trajectory.of(recording, citizen).number
        for bearer in range(last + 1):
            who = Trajectory.of(recording, citizen, bearer)
            first, end = who.span
            assert all(first <= event.day < end for event in who.events)
            assert not who.acts["posted"][~who.adult_days].any()
            explained += len(who.events)
            profile = profile_of(who)
            assert profile.name == f"{citizen}/{bearer}" and len(profile.bearers) == last + 1
    assert explained > 0


def test_acts_of_a_replay_are_those_of_the_run_for_every_bearer(passed_on):
    _, recording = passed_on
    compared = 0
    for citizen in recording.citizens.tolist():
        for bearer in range(Trajectory.of(recording, citizen).number + 1):
            who = Trajectory.of(recording, citizen, bearer)
            days = np.flatnonzero(who.adult_days)
            opinion = who.states["opinion"][days].astype(int)
            assert (np.abs(who.acts["opinion"][days] - opinion) <= 1).all()  # a foreign site
            kept = who.acts["due"][days].astype(bool) & who.acts["kept"][days].astype(bool)
            shown = who.signals[days] >> np.uint64(12) & np.uint64(1)
            assert (kept == (shown == 1)).all()
            compared += int(kept.sum())
    assert compared > 0


def test_a_bearer_who_never_was_is_refused_with_those_who_were(passed_on):
    _, recording = passed_on
    citizen = int(recording.citizens[0])
    with pytest.raises(UserError, match=f"There is no {citizen}/9.*{citizen}/0 to {citizen}/"):
        Trajectory.of(recording, citizen, 9)
