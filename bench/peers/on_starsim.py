"""Starsim: the rule as a module of its own on a network, and its own disease SIS."""

import warnings

import numba
import numpy as np
import starsim
from bench.peers.rule import CONTACTS, NEEDED

MOST = 100_000  # steps that a simulation is declared to have

starsim.options(verbose=0)
warnings.filterwarnings("ignore", category=RuntimeWarning)  # so many steps, a network at rest


@numba.njit(cache=True)
def _nb_majority(held, p2):
    """Whether each agent and its contacts have a majority; an agent's edges lie side by side."""
    found = np.empty(len(p2) // CONTACTS, np.bool_)
    edge = 0
    for i in range(len(found)):
        ones = np.int64(held[i])
        for _ in range(CONTACTS):
            ones += held[p2[edge]]
            edge += 1
        found[i] = ones >= NEEDED
    return found


class Opinions(starsim.Module):
    """A state of the people; the step reads it across the edges of the network."""

    def __init__(self, first, flips):
        super().__init__()
        self.first = first
        self.define_pars(flip=starsim.bernoulli(p=flips))
        self.define_states(starsim.BoolArr("opinion", default=False))

    def init_post(self):
        super().init_post()
        self.opinion[starsim.uids(np.flatnonzero(self.first))] = True

    def step(self):
        edges = self.sim.networks[0].edges
        majority = _nb_majority(self.opinion.raw, np.asarray(edges.p2))
        self.opinion[:] = majority ^ self.pars.flip.rvs(self.sim.people.auids)


class Model:
    """A simulation with the module and the given contacts as a network of directed edges."""

    def __init__(self, contacts, opinions, flips, seed):
        agents = len(opinions)
        network = starsim.Network(
            p1=np.repeat(np.arange(agents), CONTACTS), p2=contacts.ravel().astype(np.int64),
            beta=np.ones(contacts.size),
        )  # fmt: skip
        self.module = Opinions(opinions, flips)
        self.sim = starsim.Sim(
            n_agents=agents, networks=network, modules=self.module, rand_seed=seed,
            start=0, dur=MOST, dt=1, copy_inputs=False,
        )  # fmt: skip
        self.sim.init()

    def step(self, steps):
        for _ in range(steps):
            self.sim.run_one_step()

    def opinions(self):
        return self.module.opinion.values


class Sis(Model):
    """Another rule: an infection that spreads along ten contacts, lasts ten days and comes back."""

    def __init__(self, contacts, opinions, flips, seed):
        self.sim = starsim.Sim(
            n_agents=len(opinions), rand_seed=seed, start="2020-01-01",
            dt=starsim.days(1), dur=starsim.days(MOST // 10),
            networks=starsim.RandomNet(n_contacts=CONTACTS, dynamic=False),
            diseases=starsim.SIS(
                beta=starsim.perday(0.05), dur_inf=starsim.days(10), waning=starsim.perday(0.1),
                init_prev=0.2,
            ),
        )  # fmt: skip
        self.sim.init()

    def opinions(self):
        return self.sim.diseases[0].infected.values
