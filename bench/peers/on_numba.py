"""The rule as a loop over the agents, compiled by Numba, with nothing around it."""

import numba
import numpy as np
from bench.peers.rule import CONTACTS, NEEDED


@numba.njit(parallel=True)
def _step(before, opinions, contacts, flips):
    for i in numba.prange(len(opinions)):
        ones = before[i]
        for k in range(CONTACTS):
            ones += before[contacts[i, k]]
        opinions[i] = (ones >= NEEDED) ^ (np.random.random() < flips)


class Model:
    """Two buffers of opinions, and a loop on all threads."""

    def __init__(self, contacts, opinions, flips, seed):
        self.contacts, self.flips = contacts.astype(np.uint32), flips
        self.now, self.then = opinions.copy(), np.empty_like(opinions)

    def step(self, steps):
        for _ in range(steps):
            _step(self.now, self.then, self.contacts, self.flips)
            self.now, self.then = self.then, self.now

    def opinions(self):
        return self.now
