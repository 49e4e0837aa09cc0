"""Cases of rebellion under the eyes of the police: Epstein's rule and its dynamics (M17).

A citizen with hardship H, risk aversion R and perceived chance of arrest P rebels if
H·(1 − L) − R·P > T, where L is the government's legitimacy. That is the protest of this model
where everyone is seen to protest: `opinion` holds H, `prudence` R, `state.risk` P; the threshold
falls with opinion and rises with prudence times risk.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from underwatch.kernel.compile import nopython, nopython_nrt
from underwatch.model.parameters import PARAMS
from underwatch.model.society.people import Person
from underwatch.model.society.speech import protest
from underwatch.model.state import ONE, State
from underwatch.verification.case import Case, Check
from underwatch.verification.compiled import driver
from underwatch.verification.populations import CERTAIN

_LEGITIMACY, _ARREST, _NET = 0.82, 2.3, 0.1  # L, k and T of the published model
_SCALE = 64 * ONE  # of the thresholds of the kernel; they only matter relative to each other
_SIDE, _VISION, _JAIL = 40, 7, 30  # patches; patches; days at most
_IN_SIGHT = 149  # patches within the vision
_FREE = -1
_CITIZENS, _POLICE = 1_120, 64  # 70 % and 4 % of the patches
_OUTBURST = 50  # rebels at once
_DAYS = 300


def rule(span: float = 1.0, most_averse: float = 1.0) -> Any:
    """Epstein's decision as parameters of the kernel, one PARAMS record.

    span: the hardship from that of opinion 0 to 1. most_averse: the risk aversion that prudence
    256 stands for. Less than 1, the steps are finer, and whoever lies beyond them never rebels.
    """
    record = np.zeros(1, PARAMS)
    record["join"] = CERTAIN
    record["threshold_loyal"] = round(span * (1 - _LEGITIMACY) * _SCALE / 256)
    record["threshold_risk"] = round(most_averse * _SCALE / 255)
    # Of opinion 255, half a step below full hardship: everyone's share, less what exceeds T.
    record["threshold"] = round(ONE - (1 - _LEGITIMACY - _NET) * _SCALE)
    record["threshold"] += record["threshold_loyal"][:, None] // 2
    return record


@driver
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
    span, averse = 8 / 9, 0.1  # a step of opinion ends at 5/9, from which hardship is enough
    opinion = np.clip(256 - np.ceil((1 - hardship) / span * 256), 0, 255).astype(np.int64)
    # Rounded up, because the kernel rounds prudence times risk down.
    prudence = np.clip(np.ceil(aversion / averse * 256), 0, 255).astype(np.int64)
    checks = []
    for label, arrest, expected in (
        ("Citizens who rebel at no chance of arrest", 0.0, 44.44),
        ("Citizens who rebel with one of the police for each rebel", 1 - np.exp(-_ARREST), 1.976),
    ):
        rebels = np.zeros(citizens, np.int64)
        _decide(opinion, prudence, round(255 * arrest), rule(span, averse), rebels)
        rate = float(rebels.mean())
        error = (rate * (1 - rate) / citizens) ** 0.5
        checks.append(Check(label, expected, 100 * rate, "%", 100 * error, replicates=citizens))
    return checks


@nopython_nrt
def _sights():  # type: ignore[no-untyped-def]
    """The patches in sight of each patch: int64 (patches, 149)."""
    near = np.empty((_SIDE * _SIDE, _IN_SIGHT), np.int64)
    for patch in range(_SIDE * _SIDE):
        k = 0
        for dx in range(-_VISION, _VISION + 1):
            for dy in range(-_VISION, _VISION + 1):
                if dx * dx + dy * dy <= _VISION * _VISION:
                    x, y = (patch % _SIDE + dx) % _SIDE, (patch // _SIDE + dy) % _SIDE
                    near[patch, k] = y * _SIDE + x
                    k += 1
    return near


@nopython
def _free_patch(stands, place, sight):  # type: ignore[no-untyped-def]
    """A free patch in sight, drawn at random; the place itself if none is found."""
    for _ in range(10 * _IN_SIGHT):
        patch = sight[np.random.randint(_IN_SIGHT)]
        if stands[patch] == _FREE:
            return patch
    return place


@nopython
def _police_and_rebels(stands, active, sight, own):  # type: ignore[no-untyped-def]
    """(police, rebels) in sight; a citizen counts as a rebel."""
    police, rebels = 0, 1
    for k in range(_IN_SIGHT):
        other = stands[sight[k]]
        if other >= _CITIZENS:
            police += 1
        elif other != _FREE and other != own:
            rebels += active[other]
    return police, rebels


@nopython
def _rebel_in_sight(stands, active, sight):  # type: ignore[no-untyped-def]
    """A rebel in sight, drawn at random; _FREE if there is none."""
    found, rebel = 0, _FREE
    for k in range(_IN_SIGHT):
        other = stands[sight[k]]
        if _FREE < other < _CITIZENS and active[other]:
            found += 1
            if np.random.randint(found) == 0:
                rebel = other
    return rebel


@driver
def _rebellion(opinion, prudence, params, rounded, days, seed, counts):  # type: ignore[no-untyped-def]
    """Rebels by day on a torus: citizens and police move, decide and arrest in random order.

    opinion, prudence: of the citizens, who are numbered before the police. rounded: whether the
    police for each rebel in sight are rounded down.
    """
    np.random.seed(seed)
    total, size, near = _CITIZENS + _POLICE, _SIDE * _SIDE, _sights()
    stands = np.full(size, _FREE)  # who stands on a patch; those in jail stand on none
    place = np.random.permutation(size)[:total]
    for k in range(total):
        stands[place[k]] = k
    jail, active = np.zeros(total, np.int64), np.zeros(total, np.int64)
    order = np.arange(total)
    for day in range(days):
        np.random.shuffle(order)
        for who in order:
            if jail[who] > 0:
                continue
            target = _free_patch(stands, place[who], near[place[who]])
            stands[place[who]] = _FREE
            place[who], stands[target] = target, who
            if who < _CITIZENS:
                police, rebels = _police_and_rebels(stands, active, near[target], who)
                ratio = float(police // rebels) if rounded else police / rebels
                risk = int(255 * (1 - np.exp(-_ARREST * ratio)) + 0.5)
                state = State(risk, 0, 0, 0, opinion[who], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                traits = Person(30, 0, 0, 0, 0, 0, prudence[who], 0, 0, 0, 0, 0, 0, 1, 0, 0)
                _, active[who] = protest(traits, state, 65_536, 65_536, 65_536, 0, who, params[0])
                continue
            rebel = _rebel_in_sight(stands, active, near[target])
            if rebel != _FREE:
                stands[target] = _FREE
                place[who], stands[place[rebel]] = place[rebel], who
                active[rebel], jail[rebel] = 0, 1 + np.random.randint(_JAIL)
        for k in range(_CITIZENS):
            jail[k] -= int(jail[k] > 0)
            if jail[k] == 0 and stands[place[k]] != k:  # released, on a free patch
                patch = np.random.randint(size)
                while stands[patch] != _FREE:
                    patch = np.random.randint(size)
                place[k], stands[patch] = patch, k
        counts[day] = active.sum()


def outbursts(seed: int, rounded: bool) -> np.ndarray:
    """Rebels by day, int64 (300), in Epstein's world with his decision."""
    random = np.random.default_rng(seed)
    opinion, prudence = random.integers(0, 256, (2, _CITIZENS))
    counts = np.zeros(_DAYS, np.int64)
    _rebellion(opinion, prudence, rule(), rounded, _DAYS, seed, counts)
    return counts


def dynamics(seeds: int, seed: int) -> list[Check]:
    """Case 8: bursts of rebellion where the police per rebel are rounded down, none otherwise."""
    burst = {True: 0, False: 0}
    quiet = 0.0
    for rounded in burst:
        for k in range(seeds):
            counts = outbursts(seed + k, rounded)
            burst[rounded] += int(counts.max() > _OUTBURST)
            quiet += rounded * float((counts[50:] < _CITIZENS // 100).mean()) / seeds
    return [
        Check("Seeds with an outburst of more than 50 rebels, rounded down", 100.0,
              100 * burst[True] / seeds, "%", replicates=seeds),
        Check("Days of quiet between outbursts, rounded down", 75.0, 100 * quiet, "%",
              band=(50.0, 100.0), replicates=seeds * _DAYS),
        Check("Seeds with an outburst of more than 50 rebels, not rounded", 0.0,
              100 * burst[False] / seeds, "%", replicates=seeds),
    ]  # fmt: skip


_ORGAN = "M17 Protest: the decision of a citizen (model.society.speech)"

CASES = (
    Case(
        7, "Epstein's decision to rebel", _ORGAN,
        "Epstein 2002: H·(1 − L) − R·P > T; L .82, k 2.3, T .1", "V", "exact", decisions,
        replicates=200_000, quick=100_000, seconds=0.5,
        notices="Perceived risk without the weight of prudence, or felt twice: with one of the "
        "police for each rebel 0 or .99 % would rebel instead of 1.98; the error is .03.",
    ),
    Case(
        8, "Outbursts of rebellion", _ORGAN,
        "Epstein 2002, as in NetLogo's Rebellion: 40 × 40 torus, vision 7", "V", "replication",
        dynamics, replicates=20, quick=20, seconds=5.0,
        notices="Risk that is felt with a delay, or not weighed by prudence: no outburst ends, "
        "or none begins.",
        note="No exact result: what Epstein's model does with the organ's decision in it, once "
        "with the police for each rebel rounded down and once without. Published is that only the "
        "first has outbursts with quiet between them; 50 rebels and half of the days are lines "
        "that this case draws. Each citizen decides by the kernel of a day. The torus, the police "
        "who walk on it, arrests and the rounding are of this case: in the model police have no "
        "place, and risk is learned from contacts.",
    ),
)  # fmt: skip
