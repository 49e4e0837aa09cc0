"""The rule as a component of a LASER model: properties of a LaserFrame, a step in Numba."""

import numba
import numpy as np
from bench.peers.rule import CONTACTS, NEEDED
from laser.core import LaserFrame
from laser.core.random import seed as set_seed


@numba.njit(nogil=True, parallel=True)
def _nb_step(contacts, before, opinions, flips):
    for i in numba.prange(len(opinions)):
        ones = before[i]
        for k in range(CONTACTS):
            ones += before[contacts[k, i]]
        opinions[i] = (ones >= NEEDED) ^ (np.random.random() < flips)


class Exchange:
    """The component: it adds its properties to the people and steps them by tick."""

    def __init__(self, model, contacts, opinions, flips):
        self.model, self.flips = model, flips
        people = model.people
        people.add_vector_property("contacts", CONTACTS, dtype=np.uint32)
        people.add_scalar_property("even", dtype=np.uint8)
        people.add_scalar_property("odd", dtype=np.uint8)
        people.contacts[:] = contacts.T
        people.even[:] = opinions

    def step(self, tick):
        people = self.model.people
        before, opinions = (people.odd, people.even) if tick % 2 else (people.even, people.odd)
        _nb_step(people.contacts, before, opinions, self.flips)


class Model:
    """People and components, as in LASER's own models."""

    def __init__(self, contacts, opinions, flips, seed):
        set_seed(seed)
        self.people, self.tick = LaserFrame(len(opinions)), 0
        self.components = [Exchange(self, contacts, opinions, flips)]

    def step(self, steps):
        for _ in range(steps):
            for component in self.components:
                component.step(self.tick)
            self.tick += 1

    def opinions(self):
        return self.people.odd if self.tick % 2 else self.people.even
