"""M26: what a risk score over benefits is made of, as declared, and as whole numbers.

A case is an invented person who claims. Some cases hold an error; how many is stated by group. A
score ranks the cases by features, each with a stated signal strength (how far it moves with an
error) and stated proxy strengths (how far it moves with an attribute of the person, error or
not). Those above a cut, or as many as there is capacity for, are checked. A check finds an error,
or finds one where there is none; a finding has an outcome, and may be appealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

from underwatch.assessments.organs.attributes import CELLS, HAS, NAMES, Mix, cell_rates
from underwatch.assessments.organs.chance import CERTAIN, fixed, threshold
from underwatch.errors import UserError

LEVELS_OF_RISK = 4096  # of a cell's distribution of risk
MOST_FEATURES = 32
LEAST = 0.01  # weight of the heaviest feature; whole numbers of 65,536ths are too coarse below it


@dataclass(frozen=True)
class Feature:
    """One input of the score, in standard deviations of its noise.

    signal: how far it lies higher in a case with an error. proxies: how far it lies higher in a
    case of a woman, of foreign background, …, error or not; by attribute. weight: in the score.
    lasting: the share of the noise's variance that stays with a person from round to round.
    """

    signal: float = 0.0
    proxies: Mapping[str, float] = field(default_factory=dict)
    weight: float = 1.0
    lasting: float = 0.0


@dataclass(frozen=True)
class History:
    """What the score learned from: earlier checks, and what was entered about them.

    checked: the share of cases checked before. checked_more: how many times more often cases of a
    woman, of foreign background, … were; by attribute. found: share of errors that were entered
    as one. wrongly_found: share of right cases entered as an error. learns_from: "checked cases",
    or "all cases" where a case that nobody checked counts as one without an error. strength: how
    much of the learned difference between groups enters the score; 1 is all of it, 0 none.
    relearns: whether the checks of each round are learned from as well.
    """

    checked: float = 0.0
    checked_more: Mapping[str, float] = field(default_factory=dict)
    found: float = 1.0
    wrongly_found: float = 0.0
    learns_from: Literal["checked cases", "all cases"] = "checked cases"
    strength: float = 0.0
    relearns: bool = False


@dataclass(frozen=True)
class Outcomes:
    """What follows from a check, as shares from 0 to 1.

    found: of errors, found by a check. wrongly_found: of right cases, in which a check finds an
    error. review_clears_wrong, review_clears_right: of wrong and of right findings that a second
    person strikes out. debts, suspensions: of findings that end in a debt, or in a suspension of
    the payment; the rest have no consequence. debt: its amount. suspended_days: until a payment
    resumes. held_days: for which a payment is held during any check.
    appeals_if_wrong, appeals_if_right: of debts and suspensions that are appealed.
    upheld_if_wrong, upheld_if_right: of these appeals, that succeed. appeal_days: until a ruling.
    """

    found: float = 1.0
    wrongly_found: float = 0.0
    review_clears_wrong: float = 0.0
    review_clears_right: float = 0.0
    debts: float = 1.0
    suspensions: float = 0.0
    debt: float = 0.0
    suspended_days: float = 0.0
    held_days: float = 0.0
    appeals_if_wrong: float = 0.0
    appeals_if_right: float = 0.0
    upheld_if_wrong: float = 1.0
    upheld_if_right: float = 0.0
    appeal_days: float = 0.0


@dataclass(frozen=True)
class RiskScore:
    """A risk score as declared.

    base_rate: share of cases with an error. base_rates: the same of people with the first value
        of an attribute (women, foreign background, no degree, income below median).
    spread: how unequal the risk of cases of one cell is, from 0 (all alike) to below 1 (it is
        known beforehand which cases hold an error): the variance is spread · p · (1 − p).
    reads: "features"; or "risk", the best score there can be: it is the true risk itself.
    select: "score", "random" (as many cases, drawn at random) or "none".
    capacity: share of cases checked in a round; or None, and cut: the score from which a case is
        checked. drawn: the share of a capacity that is drawn at random before the score fills the
        rest. rounds: a year.

    Examples
    --------
    >>> score = RiskScore(base_rate=0.1, features=(Feature(1.5),), capacity=0.05)
    >>> resolved(score, Mix()).rounds
    1
    """

    base_rate: float
    base_rates: Mapping[str, float] = field(default_factory=dict)
    spread: float = 0.0
    features: tuple[Feature, ...] = ()
    reads: Literal["features", "risk"] = "features"
    select: Literal["score", "random", "none"] = "score"
    capacity: float | None = None
    cut: float | None = None
    drawn: float = 0.0
    rounds: int = 1
    history: History = History()
    outcomes: Outcomes = Outcomes()

    def check(self) -> None:
        """Raise UserError, with one sentence, for the first value that cannot be."""
        shares = {"base_rate": self.base_rate, "spread": self.spread, "drawn": self.drawn}
        shares |= self.base_rates
        shares |= {name: getattr(self.history, name)
                   for name in ("checked", "found", "wrongly_found")}  # fmt: skip
        shares |= {f"outcomes.{name}": value for name, value in vars(self.outcomes).items()
                   if name != "debt" and not name.endswith("days")}  # fmt: skip
        shares |= {f"lasting of feature {k + 1}": feature.lasting
                   for k, feature in enumerate(self.features)}  # fmt: skip
        if self.capacity is not None:
            shares["capacity"] = self.capacity
        for name, value in shares.items():
            if not 0 <= value <= 1:
                raise UserError(f"{name} is {value:g}, but it is a share from 0 to 1.")
        if not 0 < self.base_rate < 1 or any(not 0 < rate < 1 for rate in self.base_rates.values()):
            raise UserError("A base rate lies between 0 and 1; without errors nothing is to find.")
        if self.outcomes.debts + self.outcomes.suspensions > 1:
            raise UserError("debts and suspensions are shares of the same findings: at most 1.")
        if self.select == "score" and (self.capacity is None) == (self.cut is None):
            raise UserError("A score has either a capacity or a cut.")
        if self.select == "random" and self.capacity is None:
            raise UserError("Random checks need a capacity.")
        if len(self.features) > MOST_FEATURES or self.rounds < 1 or self.rounds > 366:
            raise UserError(f"At most {MOST_FEATURES} features, and 1 to 366 rounds a year.")
        weights = [abs(feature.weight) for feature in self.features]
        if (self.select, self.reads) == ("score", "features") and max(weights, default=0) < LEAST:
            raise UserError(
                f"A score has a feature with a weight of at least {LEAST:g}, or -{LEAST:g}."
            )
        named = [*self.base_rates, *self.history.checked_more]
        named += [name for feature in self.features for name in feature.proxies]
        for name in named:
            if name not in NAMES:
                raise UserError(f"{name} is no attribute; attributes are {', '.join(NAMES)}.")

    def rates(self, mix: Mix) -> np.ndarray:
        """The share of cases with an error in each cell, float64 (16)."""
        return cell_rates(mix.joint(), self.base_rate, self.base_rates)

    def checked_before(self, mix: Mix) -> np.ndarray:
        """The share of cases of each cell that were checked before, float64 (16)."""
        times = np.ones(CELLS)
        for name, factor in self.history.checked_more.items():
            times[HAS[NAMES.index(name)]] *= factor
        return np.minimum(1, self.history.checked * times / (mix.joint() @ times))


class Whole(NamedTuple):
    """A risk score as the organ and its plain twin read it: whole numbers.

    Probabilities are of 2^32, strengths and weights of 65,536. By cell: risks (16, 4096),
    checked_before (16), proxies (features, 16).
    """

    risks: np.ndarray
    checked_before: np.ndarray
    signals: tuple[int, ...]
    proxies: np.ndarray
    weights: tuple[int, ...]
    lasting: tuple[tuple[int, int], ...]  # factors of the lasting and of the fresh noise
    reads_risk: bool
    select: str
    capacity: int  # of 2^32
    drawn: int  # of 2^32
    cut: int | None  # a score from which a case is checked; None: as many as capacity
    rounds: int
    label_found: int
    label_wrong: int
    learns_from_all: bool
    strength: int  # of 65,536
    relearns: bool
    found: int
    wrongly_found: int
    clears_wrong: int
    clears_right: int
    debts: int
    ended: int  # debts and suspensions
    appeals_if_wrong: int
    appeals_if_right: int
    upheld_if_wrong: int
    upheld_if_right: int


def resolved(score: RiskScore, mix: Mix) -> Whole:
    """The whole numbers of a risk score over a mix of cases. Raises UserError."""
    score.check()
    did, history = score.outcomes, score.history
    features = score.features
    proxies = np.zeros((len(features), CELLS), np.int64)
    for row, feature in zip(proxies, features, strict=True):
        for name, strength in feature.proxies.items():
            row += fixed(strength) * HAS[NAMES.index(name)]
    cut = None
    if score.select == "score" and score.cut is not None:
        cut = threshold(score.cut) if score.reads == "risk" else fixed(score.cut)
    return Whole(
        risk_tables(score.rates(mix), score.spread),
        np.round(score.checked_before(mix) * CERTAIN).astype(np.int64),
        tuple(fixed(feature.signal) for feature in features),
        proxies,
        tuple(fixed(feature.weight) for feature in features),
        tuple((fixed(f.lasting**0.5), fixed((1 - f.lasting) ** 0.5)) for f in features),
        score.reads == "risk", score.select, threshold(score.capacity or 0.0),
        threshold(score.drawn), cut, score.rounds,
        threshold(history.found), threshold(history.wrongly_found),
        history.learns_from == "all cases", fixed(history.strength), history.relearns,
        threshold(did.found), threshold(did.wrongly_found),
        threshold(did.review_clears_wrong), threshold(did.review_clears_right),
        threshold(did.debts), threshold(did.debts + did.suspensions),
        threshold(did.appeals_if_wrong), threshold(did.appeals_if_right),
        threshold(did.upheld_if_wrong), threshold(did.upheld_if_right),
    )  # fmt: skip


def risk_tables(rates: np.ndarray, spread: float) -> np.ndarray:
    """The quantiles of the risk in each cell, of 2^32: int64 (16, 4096).

    A Beta distribution of mean p and variance spread · p · (1 − p); Beta(3, 7) is p = 0.3 and
    spread 1/11.
    """
    if spread == 0:
        level = np.round(np.asarray(rates) * CERTAIN).astype(np.int64)
        return np.repeat(level[:, None], LEVELS_OF_RISK, axis=1)
    if spread >= 1:
        raise UserError("spread is below 1; at 1 it would be known which cases hold an error.")
    from scipy.special import betaincinv

    at = (np.arange(LEVELS_OF_RISK) + 0.5) / LEVELS_OF_RISK
    size = 1 / spread - 1
    rates = np.asarray(rates, float)[:, None]
    quantiles = betaincinv(rates * size, (1 - rates) * size, at)
    return np.asarray(np.round(quantiles * CERTAIN), np.int64)
