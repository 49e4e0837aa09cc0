"""Underwatch: the rule on the contact read of its engine, and its whole day."""

from datetime import date, timedelta

import numba
import numpy as np
from bench.peers.rule import CONTACTS, NEEDED

from underwatch.engine.population import build
from underwatch.engine.resources import chunk_for
from underwatch.engine.signals import _fetch_first, _sum_contacts
from underwatch.engine.simulation import Simulation
from underwatch.engine.world import SUMMED, TILE
from underwatch.kernel.compile import nopython_nrt, parallel, prange
from underwatch.kernel.random import fill
from underwatch.model.society.segments import SLOTS
from underwatch.model.state import SCORE_BITS, in_lanes, stored
from underwatch.scenario import Scenario

FROM, LONGEST = date(2020, 1, 1), 4_000  # days that are declared; every organ is on in all of them
_FLAG = np.uint32(SCORE_BITS)  # the bit of SPOKE, the first flag above the score
_ONES = np.uint64(15)  # how many of those who are added up hold 1: the lane of SPOKE
QUARTER = TILE // 4  # `fill` makes four streams at once: one for each quarter of a tile


@nopython_nrt
def _tile(contacts, seen, shown, lo, hi, day, seed, flips):
    """A step of agents lo … hi − 1: the engine's read and draws, and the rule."""
    draws = np.empty((4, QUARTER), np.uint32)
    sums = np.empty(SLOTS * SUMMED + 1, np.uint64)
    fill(draws, lo // 4, QUARTER, day, seed, 0)
    _fetch_first(contacts, seen, CONTACTS * lo, CONTACTS * hi)
    for first in range(lo, hi, SUMMED):
        last = min(hi, first + SUMMED)
        _sum_contacts(contacts, seen, CONTACTS * first, CONTACTS * last, CONTACTS * hi, sums)
        for i in range(first, last):
            k = CONTACTS * (i - first)
            heard = sums[k + CONTACTS] - sums[k]
            ones = np.int64(heard & _ONES) + np.int64(in_lanes(seen[i]) & _ONES)
            k = i - lo
            flipped = draws[k // QUARTER, k % QUARTER] < flips
            shown[i] = stored(np.int64((ones >= NEEDED) ^ flipped))


def _steps(contacts, signals, first, steps, seed, flips):
    agents = signals.shape[1] - 1
    for step in range(first, first + steps):
        seen, shown = signals[step & 1], signals[1 - (step & 1)]
        for t in prange((agents + TILE - 1) // TILE):
            lo = np.int64(t) * TILE
            _tile(contacts, seen, shown, lo, min(agents, lo + TILE), step, seed, flips)


class Model:
    """Opinions are one flag of the public signals, which the engine reads with all others."""

    run = None

    def __init__(self, contacts, opinions, flips, seed):
        agents = len(opinions)
        self.contacts = contacts.ravel().astype(np.uint32)  # in one sequence
        self.signals = np.zeros((2, agents + 1), np.uint32)
        self.signals[0, :agents] = opinions.astype(np.uint32) << _FLAG
        self.seed, self.flips, self.day = seed, round(flips * 2**32), 0
        Model.run = Model.run or parallel(_steps, folder="")

    def step(self, steps):
        Model.run(self.contacts, self.signals, self.day, steps, self.seed, self.flips)
        self.day += steps

    def opinions(self):
        return (self.signals[self.day & 1, :-1] >> _FLAG & np.uint32(1)).astype(np.uint8)


class Day:
    """Whole days of the default scenario with as many citizens; contacts and flips are its own."""

    def __init__(self, contacts, opinions, flips, seed):
        dates = [f"first_day={FROM}", f"last_day={FROM + timedelta(LONGEST - 1)}"]
        citizens = f"society.citizens={len(opinions)}"
        scenario = Scenario.load("atlantic-2018", [citizens, *dates])
        chunk = chunk_for(len(opinions), numba.get_num_threads())
        self.simulation = Simulation(scenario, build(scenario), LONGEST, [], chunk)

    def step(self, steps):
        last = self.simulation.day + steps
        if last > LONGEST:  # no day would be simulated, and that fast
            raise RuntimeError(f"only {LONGEST} days are declared")
        self.simulation.run(last)
