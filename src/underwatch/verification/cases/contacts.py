"""Cases of contacts: how many are sanctioned, and how many they know themselves (M10, M18)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from underwatch.engine.population import Population
from underwatch.model.dossiers.records import GOOD, REPAID
from underwatch.model.state import KNOWS, ONE, PENALISED, PENALISED_FOR_SPEECH, SANCTIONED
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import mean_and_error
from underwatch.verification.populations import (
    BASE,
    adults,
    everyone_scored,
    parameters,
    population,
    society,
    staged,
    table_of,
)

_NEWS = "M10/M18 Contacts' public signals of yesterday (engine.signals, model.response.overnight)"
_SCORES = "M10 Association: scores over observed ties (model.scoring.scores)"


def _learned(among: Population, sanctioned: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Who hears overnight of a contact with a penalty, if anybody of these has one."""
    record = parameters(news_passes=ONE, learn=1 << 21)  # one contact of 28 is enough
    signals = np.where(sanctioned, PENALISED | SANCTIONED, 0)
    night = staged(among, record, 1, signals=signals)
    night.run()
    return np.asarray(night.states()["standing"] & KNOWS != 0)


def some_sanctioned(replicates: int, seed: int) -> list[Check]:
    """Case 9: who knows somebody who was sanctioned, where a twentieth of adults was."""
    share, checks = 0.05, []
    random, n = np.random.default_rng(seed), 20_000
    for k in (2, 8, 16):
        pairs = [random.permutation(n).reshape(2, -1).T for _ in range(k)]
        among = population(adults(n), table_of(np.concatenate(pairs), n), seed)
        degree = np.bitwise_count(among.ties.candidate_slots)  # a pair drawn twice is one tie
        whole = [_learned(among, random.permutation(n) < share * n)[degree == k].mean()
                 for _ in range(replicates)]  # fmt: skip
        got, error = mean_and_error(whole)
        expected = 1 - (1 - share) ** k
        checks.append(Check(
            f"Citizens with {k} contacts, one of them sanctioned", 100 * expected, 100 * got, "%",
            100 * error, replicates=replicates * n,
        ))  # fmt: skip
    nation = society(50_000, seed)
    expected = (1 - (1 - share) ** nation.degree[nation.adults]).mean()
    found = []
    for _ in range(replicates):
        sanctioned = np.zeros(len(nation.degree), bool)
        sanctioned[random.permutation(nation.adults)[: round(share * len(nation.adults))]] = True
        found.append(_learned(nation.among, sanctioned)[nation.adults].mean())
    got, error = mean_and_error(found)
    checks.append(Check(
        "Adults of the built society with a sanctioned contact", 100 * expected, 100 * got, "%",
        100 * error, replicates=replicates * len(nation.adults),
    ))  # fmt: skip
    return checks


def friends_of_friends(replicates: int, seed: int) -> list[Check]:
    """Case 10: contacts have more contacts than people have, and are sanctioned more often."""
    nation, random = society(50_000, seed), np.random.default_rng(seed)
    degree, citizens = nation.degree, len(nation.degree)
    k = degree[nation.adults]
    mean, spread = k.mean(), k.var()
    # Everyone's own score is 10 points above base for each contact.
    file = np.minimum(k, 15) << 4 * GOOD | np.maximum(0, k - 15) << 4 * REPAID
    files = np.zeros(citizens, np.int64)
    files[nation.adults] = file
    record = everyone_scored(0.5, good=10, repaid=10)
    scored = staged(nation.among, record, 2, {"file": files})
    scored.run()
    added = (scored.scores()[nation.adults] - BASE - 10 * k) / 0.5  # 10 · mean contacts of theirs
    contacts = (added * k).sum() / 10 / k.sum()

    p, rates = 0.05, []
    for _ in range(replicates):
        sanctioned = np.zeros(citizens, bool)
        sanctioned[nation.adults] = random.random(len(k)) < p * k / mean
        felt = staged(
            nation.among, parameters(news_passes=ONE, risk_heard=ONE), 1,
            signals=np.where(sanctioned, PENALISED | PENALISED_FOR_SPEECH, 0),
        )  # fmt: skip
        felt.run()
        rates.append((felt.states()["risk"][nation.adults] * k).sum() / 256 / k.sum())
    got, error = mean_and_error(rates)
    expected = mean + spread / mean
    return [
        Check("Contacts of a contact", expected, contacts, tolerance=expected / 100,
              replicates=len(k)),
        Check("Contacts sanctioned where sanctions follow degree", 100 * p * (1 + spread / mean**2),
              100 * got, "%", 100 * error, tolerance=p * (1 + spread / mean**2),
              replicates=replicates * len(k)),
    ]  # fmt: skip


CASES = (
    Case(
        9, "At least one sanctioned contact", _NEWS,
        "1 − (1 − p)^k, and its mean over the degrees of the built society", "C", "exact",
        some_sanctioned, replicates=40, quick=10, seconds=6.0,
        notices="One contact in a hundred not read: with eight contacts the share would fall by "
        ".27 points; the error is .03.",
    ),
    Case(
        10, "Contacts know more people than people do", f"{_SCORES}; {_NEWS}",
        "Feld 1991: μ + σ²/μ, and p(1 + CV²) where sanctions follow degree", "C", "exact",
        friends_of_friends, replicates=20, quick=6, seconds=1.5,
        notices="A layer of ties left out of the mean over contacts, or a tie that only one end "
        "reads: contacts of a contact would change by 5 % or more, where 1 % is accepted.",
    ),
)  # fmt: skip
