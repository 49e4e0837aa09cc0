"""The rule on whole arrays; Mesa's, agentpy's and ambr's forms with arrays use this step too."""

import numpy as np
from bench.peers.rule import NEEDED


class Step:
    """A step of all agents: opinions, uint8, to opinions."""

    def __init__(self, contacts, flips):
        # A column for each of the ten contacts: gathering one after the other takes half as
        # long as gathering (agents, 10) and adding along its short side.
        self.columns = [np.ascontiguousarray(column) for column in contacts.T.astype(np.intp)]
        self.flips = flips

    def __call__(self, opinions, chance):
        ones = opinions.copy()
        for column in self.columns:
            ones += opinions.take(column)
        flipped = chance.random(len(opinions), np.float32) < self.flips
        return ((ones >= NEEDED) ^ flipped).view(np.uint8)


class Model:
    """An array of opinions and nothing else."""

    def __init__(self, contacts, opinions, flips, seed):
        self.now, self.after = opinions.copy(), Step(contacts, flips)
        self.chance = np.random.default_rng(seed)

    def step(self, steps):
        for _ in range(steps):
            self.now = self.after(self.now, self.chance)

    def opinions(self):
        return self.now
