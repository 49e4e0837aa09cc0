"""The rule in agentpy: as methods of agents, and on attributes of an AgentList."""

import agentpy
import numpy as np
from bench.peers.on_numpy import Step
from bench.peers.rule import NEEDED


class Person(agentpy.Agent):
    """An agent that knows its contacts; it decides first and adopts when all have decided."""

    def setup(self, opinion):
        self.opinion = self.next_opinion = opinion
        self.contacts, self.flips = [], self.p.flips  # looking up a parameter takes long

    def decide(self):
        ones = self.opinion
        for contact in self.contacts:
            ones += contact.opinion
        opinion = int(ones >= NEEDED)
        if self.model.random.random() < self.flips:
            opinion = 1 - opinion
        self.next_opinion = opinion


class Opinions(agentpy.Model):
    """Calls of an AgentList reach every agent; so do assignments of attributes."""

    def setup(self):
        first = agentpy.AttrIter(self.p.opinions.tolist())
        self.agents = agentpy.AgentList(self, len(first), Person, opinion=first)
        for person, row in zip(self.agents, self.p.contacts.tolist(), strict=True):
            person.contacts = [self.agents[j] for j in row]

    def step(self):
        self.agents.decide()
        self.agents.opinion = self.agents.next_opinion


class Arrays(agentpy.Model):
    """An attribute of all agents as an array, the step in NumPy, and the attribute assigned."""

    def setup(self):
        self.agents = agentpy.AgentList(self, len(self.p.opinions), agentpy.Agent)
        self.agents.opinion = agentpy.AttrIter(self.p.opinions.tolist())
        self.after = Step(self.p.contacts, self.p.flips)

    def step(self):
        now = np.array(list(self.agents.opinion), np.uint8)
        self.agents.opinion = agentpy.AttrIter(self.after(now, self.nprandom).tolist())


class Model:
    """An agentpy model as the measurement asks for it."""

    kind = Opinions

    def __init__(self, contacts, opinions, flips, seed):
        given = {"contacts": contacts, "opinions": opinions, "flips": flips, "seed": seed}
        self.model = self.kind(given)
        self.model.sim_setup()

    def step(self, steps):
        for _ in range(steps):
            self.model.sim_step()

    def opinions(self):
        return np.array(list(self.model.agents.opinion))


class ArrayModel(Model):
    """The same with arrays."""

    kind = Arrays
