"""Assortativity by score: the sums over ties from which it follows."""

from types import SimpleNamespace

import numpy as np

from helpers.ties import open_pairs
from underwatch.engine.assortativity import moments_of
from underwatch.engine.population import build, empty_world
from underwatch.model.state import SCORE_BITS, SCORED_STORED
from underwatch.scenario import Scenario


def _check(citizens):
    population = build(Scenario.load("atlantic-2018", [f"society.citizens={citizens}"]))
    world = empty_world(*population.take())
    signals = np.random.default_rng(1).integers(0, 1 << 32, citizens, np.uint32)
    found = moments_of(SimpleNamespace(world=world, own=(0, citizens), signals=lambda: signals))
    here, there = (signals[ends] for ends in open_pairs(world, 0, world.starts.shape[1] - 1))
    both = here & there & np.uint32(SCORED_STORED) != 0
    assert 0 < both.sum() < len(both)  # some are not scored
    here, there = (ends[both].astype(np.int64) % (1 << SCORE_BITS) for ends in (here, there))
    assert found == (len(here), here.sum(), here @ here, here @ there)
    assert here.sum() == there.sum()  # each tie is seen from both ends


def test_sums_over_ties_are_those_of_a_look_at_every_open_tie():
    _check(1_100)


def test_sums_over_ties_of_two_districts_are_those_of_a_look_at_every_open_tie():
    _check(66_600)
