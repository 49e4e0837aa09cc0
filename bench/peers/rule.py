"""The workload that every peer simulates, and the check that it does no more and no less.

An agent has an opinion, 0 or 1, and ten contacts, drawn once from all others. In a step each
agent counts who holds opinion 1 among itself and its contacts, as all opinions were before the
step. It holds 1 afterwards if at least six of the eleven do: it follows a majority of its
contacts, and at five to five it keeps its own. Then, with a probability of 1 %, it flips.
"""

from collections.abc import Callable
from typing import Protocol

import numpy as np

CONTACTS, NEEDED, FLIPS = 10, 6, 0.01
TINY = 2_000  # agents of the network on which a peer is checked
NEAR = 40  # contacts are near there, so that opinions stay divided for all steps of the check
CHECKED = 10  # steps of the check, without flips and with them
TOLERANCE = 5  # standard errors


class Model(Protocol):
    """What a peer makes of contacts (agents, 10), opinions (agents), a chance and a seed."""

    def step(self, steps: int) -> None:
        """Simulate so many steps."""

    def opinions(self) -> np.ndarray:
        """The opinion of each agent, 0 or 1."""


Maker = Callable[[np.ndarray, np.ndarray, float, int], Model]


def network(agents: int, seed: int, near: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The contacts, int32 (agents, 10), and the first opinions, uint8 (agents), half of them 1.

    An agent's ten contacts are ten different others: any, or only the next `near` agents.

    Examples
    --------
    >>> contacts, opinions = network(50, seed=1)
    >>> contacts.shape, bool((contacts == np.arange(50)[:, None]).any())
    ((50, 10), False)
    """
    chance = np.random.default_rng(seed)
    steps = np.zeros((agents, CONTACTS), np.int32)
    drawn = np.arange(agents)  # rows to draw, since a contact is in them twice
    while len(drawn):
        steps[drawn] = chance.integers(1, (near or agents - 1) + 1, (len(drawn), CONTACTS))
        ordered = np.sort(steps[drawn], axis=1)
        drawn = drawn[(ordered[:, 1:] == ordered[:, :-1]).any(axis=1)]
    contacts = (np.arange(agents, dtype=np.int32)[:, None] + steps) % np.int32(agents)
    return contacts, chance.integers(0, 2, agents, np.uint8)


def after(opinions: np.ndarray, contacts: np.ndarray) -> np.ndarray:
    """The opinions after a step, before any flips."""
    ones = opinions + opinions[contacts].sum(axis=1, dtype=np.uint8)
    return (ones >= NEEDED).astype(np.uint8)


def faults(make: Maker, seed: int = 1) -> list[str]:
    """What a peer does otherwise than the rule says, on a tiny network; nothing if it follows it.

    Without flips every opinion must be that of the rule. With flips the agents that differ from
    the rule must be as many as the chance says, in all steps together, and others in each step.
    """
    contacts, opinions = network(TINY, seed, NEAR)
    found = []
    model = make(contacts, opinions, 0.0, seed)
    for step in range(CHECKED):
        expected = after(opinions, contacts)
        model.step(1)
        opinions = np.asarray(model.opinions()).astype(np.uint8)
        wrong = int((opinions != expected).sum())
        if wrong:
            found.append(f"step {step + 1} without flips: {wrong} of {TINY} opinions are others")
    return found + _faults_of_flips(make, contacts, opinions, seed)


def _faults_of_flips(
    make: Maker, contacts: np.ndarray, opinions: np.ndarray, seed: int
) -> list[str]:
    model = make(contacts, opinions, FLIPS, seed)
    flipped = []
    for _ in range(CHECKED):
        expected = after(opinions, contacts)
        model.step(1)
        opinions = np.asarray(model.opinions()).astype(np.uint8)
        flipped.append(opinions != expected)
    found = []
    draws, count = TINY * CHECKED, int(np.sum(flipped))
    if abs(count - draws * FLIPS) > TOLERANCE * (draws * FLIPS * (1 - FLIPS)) ** 0.5:
        found.append(f"{count} of {draws} opinions flip; expected {draws * FLIPS:.0f}")
    twice = int(np.sum([a & b for a, b in zip(flipped, flipped[1:], strict=False)]))
    expected_twice = TINY * (CHECKED - 1) * FLIPS**2
    if twice > expected_twice + TOLERANCE * expected_twice**0.5:
        found.append(f"{twice} agents flip in two steps in a row; expected {expected_twice:.0f}")
    return found
