"""Cases of rebellion under the eyes of the police: Epstein's rule and its dynamics (M17).

A citizen with hardship H, risk aversion R and perceived chance of arrest P rebels if
H·(1 − L) − R·P > T, where L is the government's legitimacy. That is the protest of this model
where everyone is seen to protest: `opinion` holds H, `prudence` R, `state.risk` P; the threshold
falls with opinion and rises with prudence times risk.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from underwatch.kernel.compile import serial
from underwatch.model.parameters import PARAMS
from underwatch.model.society.people import Person
from underwatch.model.society.speech import protest
from underwatch.model.state import ONE, State
from underwatch.verification.case import Case, Check
from underwatch.verification.populations import CERTAIN

_LEGITIMACY, _ARREST, _NET = 0.82, 2.3, 0.1  # L, k and T of the published model
_SCALE = 8 * ONE  # of the thresholds of the kernel; they only matter relative to each other
_SIDE, _VISION, _JAIL = 40, 7, 30  # patches; patches; days at most
_CITIZENS, _POLICE = 1_120, 64  # 70 % and 4 % of the patches
_OUTBURST = 50  # rebels at once
_DAYS = 500


def rule(least: float = 0.0, most_averse: float = 1.0) -> Any:
    """Epstein's decision as parameters of the kernel, one PARAMS record.

    least, most_averse: the hardship that opinion 0 stands for, and the aversion that prudence
    256 stands for; finer steps than of 0 to 1 where the others never rebel.
    """
    grievance = (1 - least) * (1 - _LEGITIMACY)
    record = np.zeros(1, PARAMS)
    record["join"] = CERTAIN
    record["threshold_loyal"] = round(grievance * _SCALE / 255)
    record["threshold_risk"] = round(most_averse * _SCALE / 255)
    # Grievance that is just enough at no risk: (1 − L) − T above the threshold of opinion 255.
    record["threshold"] = round(ONE - (1 - _LEGITIMACY - _NET) * _SCALE)
    return record


@serial
def _decide(opinion, prudence, risk, params, rebels):  # type: ignore[no-untyped-def]
    """Whether each citizen rebels; everyone else is seen to do so."""
    for i in range(len(opinion)):
        state = State(risk, 0, 0, 0, opinion[i], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        traits = Person(30, 0, 0, 0, 0, 0, prudence[i], 0, 0, 0, 0, 0, 0, 1, 0, 0)
        _, does = protest(traits, state, 65_536, 65_536, 65_536, 0, i, params[0])
        rebels[i] = does


def decisions(citizens: int, seed: int) -> list[Check]:
    """Case 7: the share of citizens who rebel without police, and with one for each rebel."""
    random = np.random.default_rng(seed)
    hardship, aversion = random.random((2, citizens))
    least, averse = 0.5, 0.1  # nobody below the one or above the other rebels, as is checked
    opinion = np.clip((hardship - least) / (1 - least) * 256, 0, 255).astype(np.int64)
    checks = []
    for label, arrest, expected in (
        ("Citizens who rebel at no chance of arrest", 0.0, 44.44),
        ("Citizens who rebel with one of the police for each rebel", 1 - np.exp(-_ARREST), 1.976),
    ):
        finest = 1.0 if arrest == 0 else averse
        prudence = np.clip(aversion / finest * 256, 0, 255).astype(np.int64)
        rebels = np.zeros(citizens, np.int64)
        _decide(opinion, prudence, round(255 * arrest), rule(least, finest), rebels)
        rate = rebels.mean()
        error = (rate * (1 - rate) / citizens) ** 0.5
        checks.append(Check(label, expected, 100 * rate, "%", 100 * error, replicates=citizens))
    return checks


@serial
def _rebellion(opinion, prudence, params, rounded, days, seed, counts):  # type: ignore[no-untyped-def]
    """Rebels by day on a torus: citizens and police move, decide and arrest in random order.

    opinion, prudence: of the citizens, before whom the police are numbered. rounded: whether the
    number of police for each rebel in sight is rounded down.
    """
    np.random.seed(seed)
    citizens, total = len(opinion), len(opinion) + _POLICE
    size = _SIDE * _SIDE
    near = np.empty((size, 256), np.int64)
    sights = 0
    for patch in range(size):
        sights = 0
        for dx in range(-_VISION, _VISION + 1):
            for dy in range(-_VISION, _VISION + 1):
                if dx * dx + dy * dy <= _VISION * _VISION:
                    x, y = (patch % _SIDE + dx) % _SIDE, (patch // _SIDE + dy) % _SIDE
                    near[patch, sights] = y * _SIDE + x
                    sights += 1
    free, police, rebel = -1, 1, 2
    stands = np.full(size, free)  # who stands on a patch; those in jail stand on none
    place = np.random.permutation(size)[:total]
    for i in range(total):
        stands[place[i]] = i
    jail, active = np.zeros(citizens, np.int64), np.zeros(citizens, np.int64)
    order = np.arange(total)
    for day in range(days):
        np.random.shuffle(order)
        for who in order:
            if who < citizens and jail[who] > 0:
                continue
            # Move to a free patch in sight, drawn at random.
            found, target = 0, place[who]
            for k in range(sights):
                patch = near[place[who], k]
                if stands[patch] == free:
                    found += 1
                    if np.random.randint(found) == 0:
                        target = patch
            stands[place[who]] = free
            place[who], stands[target] = target, who
            if who < citizens:
                force, rebels = 0, 1  # a citizen counts as a rebel
                for k in range(sights):
                    other = stands[near[target, k]]
                    if other >= citizens:
                        force += 1
                    elif other >= 0 and other != who:
                        rebels += active[other]
                ratio = force / rebels
                if rounded:
                    ratio = float(force // rebels)
                risk = int(255 * (1 - np.exp(-_ARREST * ratio)) + 0.5)
                state = State(risk, 0, 0, 0, opinion[who], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                traits = Person(30, 0, 0, 0, 0, 0, prudence[who], 0, 0, 0, 0, 0, 0, 1, 0, 0)
                _, active[who] = protest(traits, state, 65_536, 65_536, 65_536, 0, who, params[0])
            else:
                # Arrest one of the rebels in sight, drawn at random.
                found, caught = 0, free
                for k in range(sights):
                    other = stands[near[target, k]]
                    if 0 <= other < citizens and active[other]:
                        found += 1
                        if np.random.randint(found) == 0:
                            caught = other
                if caught != free:
                    stands[target] = free
                    place[who], stands[place[caught]] = place[caught], who
                    active[caught] = 0
                    jail[caught] = 1 + np.random.randint(_JAIL)
        for who in range(citizens):
            if jail[who] > 0:
                jail[who] -= 1
                if jail[who] == 0:  # released on a free patch
                    patch = np.random.randint(size)
                    while stands[patch] != free:
                        patch = np.random.randint(size)
                    place[who], stands[patch] = patch, who
        counts[day] = active.sum()


def outbursts(seed: int, rounded: bool) -> np.ndarray:
    """Rebels by day, int64 (500), in Epstein's world with his decision."""
    random = np.random.default_rng(seed)
    opinion, prudence = random.integers(0, 256, (2, _CITIZENS))
    counts = np.zeros(_DAYS, np.int64)
    _rebellion(opinion, prudence, rule(), rounded, _DAYS, seed, counts)
    return counts
