"""The rule in Mesa 3: as methods of agents, and on attributes of an AgentSet."""

import mesa
import numpy as np
from bench.peers.on_numpy import Step
from bench.peers.rule import NEEDED


class Person(mesa.Agent):
    """An agent that knows its contacts; it decides first and adopts when all have decided."""

    def __init__(self, model, opinion):
        super().__init__(model)
        self.opinion = self.next_opinion = opinion
        self.contacts = []

    def decide(self):
        ones = self.opinion
        for contact in self.contacts:
            ones += contact.opinion
        opinion = int(ones >= NEEDED)
        if self.random.random() < self.model.flips:
            opinion = 1 - opinion
        self.next_opinion = opinion

    def adopt(self):
        self.opinion = self.next_opinion


class Opinions(mesa.Model):
    """`AgentSet.do` in two stages, as Mesa's documentation has it for simultaneous activation."""

    def __init__(self, contacts, opinions, flips, seed):
        super().__init__(seed=seed)
        self.flips = flips
        people = list(Person.create_agents(self, len(opinions), opinions.tolist()))
        for person, row in zip(people, contacts.tolist(), strict=True):
            person.contacts = [people[j] for j in row]

    def step(self):
        self.agents.do("decide")
        self.agents.do("adopt")


class Arrays(Opinions):
    """`AgentSet.get` into an array, the step in NumPy, and every attribute set again."""

    def __init__(self, contacts, opinions, flips, seed):
        mesa.Model.__init__(self, seed=seed)
        Person.create_agents(self, len(opinions), opinions.tolist())
        self.after = Step(contacts, flips)

    def step(self):
        now = np.array(self.agents.get("opinion"), np.uint8)
        for person, opinion in zip(self.agents, self.after(now, self.rng).tolist(), strict=True):
            person.opinion = opinion


class Model:
    """A Mesa model as the measurement asks for it."""

    kind = Opinions

    def __init__(self, contacts, opinions, flips, seed):
        self.model = self.kind(contacts, opinions, flips, seed)

    def step(self, steps):
        for _ in range(steps):
            self.model.step()

    def opinions(self):
        return np.array(self.model.agents.get("opinion"))


class ArrayModel(Model):
    """The same with arrays."""

    kind = Arrays
