"""The rule in ambr: a column of the population, read and set as a whole."""

import ambr
import numpy as np
from bench.peers.on_numpy import Step


class Opinions(ambr.Model):
    """The vectorised lane: `agents.numpy` reads a column without a copy, `agents.set` writes it."""

    def __init__(self, contacts, opinions, flips, seed):
        super().__init__({"seed": seed, "show_progress": False})
        self.first, self.after = opinions, Step(contacts, flips)

    def setup(self):
        self.add_agents(len(self.first), opinion=self.first)

    def step_vectorized(self):
        self.agents.set(opinion=self.after(self.agents.numpy("opinion"), self.rng))


class Model:
    """An ambr model as the measurement asks for it."""

    def __init__(self, contacts, opinions, flips, seed):
        self.model = Opinions(contacts, opinions, flips, seed).cpu(mode="vectorized")
        self.steps = 0
        self.step(0)

    def step(self, steps):
        self.steps += steps
        self.model.run(steps=self.steps)

    def opinions(self):
        return np.array(self.model.agents.numpy("opinion"))
