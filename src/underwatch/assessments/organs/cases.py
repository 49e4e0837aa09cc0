"""M26 at work: from cases to scores, checks, findings, debts and appeals, round by round.

The order of a round: 1 which cases hold an error, 2 the features and the score, 3 who is checked,
4 what the check finds, 5 what a second person strikes out, 6 the outcome, 7 the appeal and its
ruling, 8 what the score learns. Every step is whole numbers at an address of chance; the plain
twin in `reference/risk_score.py` agrees with it case by case.
"""

import math
from dataclasses import dataclass

import numpy as np

from underwatch.assessments.organs import chance
from underwatch.assessments.organs.attributes import CELLS, Caseload
from underwatch.assessments.organs.chance import draws
from underwatch.assessments.organs.risk_score import LEVELS_OF_RISK, Whole

# Bits of what happened to a case in a round.
ERROR, CHECKED, FINDING, CLEARED, DEBT, SUSPENDED, APPEALED, UPHELD = (1 << k for k in range(8))
Array = np.ndarray
TYPICAL = 20  # cases by which a cell's share is drawn towards that of all
_LEVEL = 32 - (LEVELS_OF_RISK - 1).bit_length()  # bits of a draw below its level of risk


@dataclass(frozen=True)
class Handled:
    """What happened to every case: bits by round and case, uint8 (rounds, n); cells, int64 (n)."""

    cell: np.ndarray
    person: np.ndarray
    events: np.ndarray

    def has(self, bits: int) -> np.ndarray:
        """Whether all of some bits are set: bool (rounds, n)."""
        return np.asarray((self.events & bits) == bits)

    @property
    def wrong(self) -> np.ndarray:
        """Whether a finding stands, after the second person, in a case without an error."""
        return np.asarray(self.has(FINDING) & ~self.has(ERROR) & ~self.has(CLEARED))


def handle(cases: Caseload, whole: Whole, seed: int) -> Handled:
    """Simulate all rounds of a risk score over a caseload.

    cases: invented people and their cells. whole: from `resolved`. seed: of all random draws.
    """
    who, cell = cases.person, cases.cell
    risk = whole.risks[cell, draws(seed, chance.RISK, 0, who) >> _LEVEL]
    memory = np.zeros((2, CELLS), np.int64)
    if whole.strength:
        memory = _before(who, cell, risk, whole, seed)
    events = np.zeros((whole.rounds, len(who)), np.uint8)
    for this in range(whole.rounds):
        error = draws(seed, chance.ERROR, this, who) < risk
        scores = _scores(who, cell, error, risk, memory, this, whole, seed)
        checked = _checked(who, scores, this, whole, seed)
        happened = error * ERROR + checked * CHECKED
        at = np.flatnonzero(checked)
        happened[at] += _outcome(who[at], error[at], this, whole, seed)
        events[this] = happened
        if whole.relearns:
            found = (happened & FINDING != 0) & (happened & CLEARED == 0)
            memory += _labels(cell, checked, found)
    return Handled(cell, who, events)


def learned(memory: np.ndarray, cases: np.ndarray, whole: Whole) -> np.ndarray:
    """What the score adds for each cell, in 65,536ths: int64 (16).

    memory: int64 (2, 16), checked cases and those entered as an error. cases: all cases of each
    cell. The log odds of an entered error in the cell over those in all. The share in the cell is
    drawn towards that in all, as if TYPICAL more cases of all had been seen there.
    """
    if whole.strength == 0:
        return np.zeros(CELLS, np.int64)
    among = (cases if whole.learns_from_all else memory[0]).tolist()
    entered = memory[1].tolist()
    yes, no = 2 * sum(entered) + 1, max(1, 2 * (sum(among) - sum(entered)) + 1)
    return np.array(
        [round(whole.strength * (log_odds(one, of, yes, no) - math.log(yes / no)))
         for one, of in zip(entered, among, strict=True)], np.int64
    )  # fmt: skip


def log_odds(entered: int, of: int, yes: int, no: int) -> float:
    """The log odds of an entered error in a cell, drawn towards the odds yes : no of all."""
    every = yes + no
    return math.log(
        (entered * every + TYPICAL * yes) / (max(0, of - entered) * every + TYPICAL * no)
    )


def _before(who: Array, cell: Array, risk: Array, whole: Whole, seed: int) -> Array:
    """Checks before the first round, and what was entered, by cell: int64 (2, 16)."""
    error = draws(seed, chance.ERROR_BEFORE, 0, who) < risk
    checked = draws(seed, chance.CHECKED_BEFORE, 0, who) < whole.checked_before[cell]
    enters = np.where(error, whole.label_found, whole.label_wrong)
    return _labels(cell, checked, checked & (draws(seed, chance.LABEL_BEFORE, 0, who) < enters))


def _labels(cell: np.ndarray, checked: np.ndarray, found: np.ndarray) -> np.ndarray:
    return np.array([np.bincount(cell[of], minlength=CELLS) for of in (checked, found)], np.int64)


def _scores(
    who: Array, cell: Array, error: Array, risk: Array, memory: Array, this: int, whole: Whole,
    seed: int,
) -> Array:  # fmt: skip
    """The score of each case, in 65,536ths of a standard deviation, or the risk itself."""
    if whole.reads_risk:
        return risk
    normal = chance.normal_table()
    total = np.zeros(len(who), np.int64)
    for k, weight in enumerate(whole.weights):
        lasting, fresh = whole.lasting[k]
        noise = normal[draws(seed, chance.FEATURE + k, this, who) >> 16]
        if lasting:
            stays = normal[draws(seed, chance.LASTING + k, 0, who) >> 16]
            noise = (lasting * stays + fresh * noise) >> 16
        total += weight * (whole.signals[k] * error + whole.proxies[k, cell] + noise)
    cases = np.bincount(cell, minlength=CELLS)
    return np.asarray((total >> 16) + learned(memory, cases, whole)[cell])


def _checked(who: Array, scores: Array, this: int, whole: Whole, seed: int) -> Array:
    """Who is checked in a round: bool (n)."""
    if whole.select == "none":
        return np.zeros(len(who), bool)
    if whole.cut is not None:
        return np.asarray(scores >= whole.cut)
    places = len(who) * whole.capacity + (1 << 31) >> 32
    by_chance = places if whole.select == "random" else places * whole.drawn + (1 << 31) >> 32
    checked = np.zeros(len(who), bool)
    if by_chance:
        drawn = np.lexsort((who, draws(seed, chance.RANDOM_CHECK, this, who)))[:by_chance]
        checked[drawn] = True
    left = places - by_chance
    if left <= 0:
        return checked
    # Only whoever has the score of the last place or more is put in order.
    rest = np.flatnonzero(~checked)
    at = max(0, len(rest) - left)
    near = rest[scores[rest] >= np.partition(scores[rest], at)[at]]
    order = np.lexsort((who[near], draws(seed, chance.TIE, this, who[near]), -scores[near]))
    checked[near[order[:left]]] = True
    return checked


def _outcome(who: Array, error: Array, this: int, whole: Whole, seed: int) -> Array:
    """What follows from the check of each case: bits, int64 (n)."""

    def happens(stream: int, if_error: int, if_right: int) -> Array:
        return np.asarray(draws(seed, stream, this, who) < np.where(error, if_error, if_right))

    finding = happens(chance.FOUND, whole.found, whole.wrongly_found)
    cleared = finding & happens(chance.REVIEWED, whole.clears_right, whole.clears_wrong)
    stands = finding & ~cleared
    outcome = draws(seed, chance.OUTCOME, this, who)
    debt = stands & (outcome < whole.debts)
    suspended = stands & ~debt & (outcome < whole.ended)
    appealed = (debt | suspended) & happens(
        chance.APPEALED, whole.appeals_if_right, whole.appeals_if_wrong
    )
    upheld = appealed & happens(chance.RULED, whole.upheld_if_right, whole.upheld_if_wrong)
    return np.asarray(
        finding * FINDING + cleared * CLEARED + debt * DEBT
        + suspended * SUSPENDED + appealed * APPEALED + upheld * UPHELD
    )  # fmt: skip
