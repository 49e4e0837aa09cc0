"""Two worlds with the same people and random draws agree until something differs."""

from datetime import date

from helpers.explained import HARSH, PEOPLE, simulated
from underwatch.explanation.divergence import divergence
from underwatch.explanation.fields import in_words
from underwatch.explanation.replay import replay
from underwatch.explanation.trajectory import Trajectory
from underwatch.model.dossiers.handed import WAITING, packed


def test_trajectories_in_two_worlds_agree_until_the_day_on_which_they_diverge(everyone):
    twins = replay(simulated("unwatched", PEOPLE).provenance, [who.citizen for who in everyone])
    diverged = 0
    for who in everyone:
        twin = Trajectory.of(twins, who.citizen)
        found = divergence(who, twin)
        if found is None:
            continue
        diverged += 1
        before = slice(0, found.day)
        assert (who.states[before] == twin.states[before]).all()
        assert (who.signals[before] == twin.signals[before]).all()
        assert (who.closed[before] == twin.closed[before]).all()
        assert found.here or found.there or found.differing
        assert found.cause != "not recorded"
        if found.feels:
            day = (date.fromisoformat(found.feels) - who.date(0)).days
            assert (who.acts["risk"][:day] == twin.acts["risk"][:day]).all() and day >= found.day
    assert diverged > 50


def test_a_parameter_that_changes_on_a_date_changes_nobody_before_it(everyone):
    later = [*HARSH, "police.places_per_million_a_day={2014-06-14: 500, 2020-03-01: 0}"]
    world = simulated("atlantic-2018", later)
    twins = replay(world.provenance, [who.citizen for who in everyone])
    found = [divergence(who, Trajectory.of(twins, who.citizen)) for who in everyone]
    days = [each.day for each in found if each]
    assert days and min(days) >= 121  # 1 March 2020: the queue is served the evening before


def test_a_trajectory_does_not_diverge_from_itself(everyone):
    assert divergence(everyone[0], everyone[0]) is None


def test_fields_that_differ_are_given_in_words(everyone):
    date = everyone[0].date
    handed = packed.py_func(3, 2, 0, 1) | WAITING
    words = "favoured 3, disfavoured 2, wrong disfavoured 1, waiting at a platform 4"
    assert (in_words("handed", handed, date), in_words("handed", 0, date)) == (words, "none")
    assert in_words("closed ties", 5, date) == "2"
    assert in_words("standing", 1 | 4096 | 2 * 8192, date) == (
        "in default, dismissed, 2 missed in a row"
    )
    assert in_words("reasons", 2 | 1 << 4, date) == "blacklist: wrong record; score: own act"
