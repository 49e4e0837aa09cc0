"""A risk score of a deployment file as numbers, with or without safeguards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from underwatch.assessments.organs.attributes import ATTRIBUTES, NAMES, Mix
from underwatch.assessments.organs.averaging import AveragedIncome
from underwatch.assessments.organs.risk_score import Feature, History, Outcomes, RiskScore
from underwatch.assessments.result import Deployment, Safeguards

_ATTRIBUTE = {names[0]: attribute for attribute, names in ATTRIBUTES.items()}
DAYS_A_YEAR = 365
CITIZENS = 500_000  # invented people of a run at most, unless it is said how many
_PEOPLE_PER_ADULT = 1.25


@dataclass(frozen=True)
class ScoreSetting:
    """What the closed forms and the runs of one setting share: its inputs, and no formula.

    score, mix: of the organ. cases: that a round ranks. claiming: share of adults with a case.
    debt: its amount. held_days, suspended_days: without payment. paid: share of cases whose
    payment goes on until a decision is final. averaged: share of cases whose income of a year is
    averaged, by rule.
    """

    score: RiskScore
    mix: Mix
    cases: float
    claiming: float
    days: int
    hours: float
    debt: float
    held_days: float
    suspended_days: float
    paid: float
    reviewers: int
    minutes_each: float
    officers: int
    days_each: float
    rule: AveragedIncome | None = None
    averaged: float = 0.0


def setting(
    values: Mapping[str, float], deployment: Deployment, safeguards: Safeguards
) -> ScoreSetting:
    """The numbers of one world. safeguards: those in force; None: there is no score at all."""
    mix = Mix(
        by_attribute(values, deployment, "people.shares"),
        {pair: values[f"people.odds_ratios.{pair}"]
         for pair in deployment.get("people.odds_ratios") or {}},
    )  # fmt: skip
    days = deployment.period.days
    rounds = max(1, round(int(deployment.get("people.rounds_per_year")) * days / DAYS_A_YEAR))
    score = RiskScore(
        values["errors.share"], by_attribute(values, deployment, "errors.shares"),
        features=_features(values, deployment), capacity=values["score.checked"], rounds=rounds,
        history=_history(values, deployment), outcomes=_outcomes(values),
    )  # fmt: skip
    made = ScoreSetting(
        score, mix, values["people.cases"], values["people.claiming"], days,
        deployment.period.hours_per_day, values["outcomes.debt"], values["checks.held_days"],
        values["outcomes.suspended_days"], 0.0, int(deployment.get("review.reviewers")),
        values["review.minutes_each"], int(deployment.get("appeals.officers")),
        values["appeals.days_each"], _rule(values, deployment),
        values.get("averaging.share_of_cases", 0.0),
    )  # fmt: skip
    return _guarded(made, values, safeguards)


def simulated_people(made: ScoreSetting, citizens: int | None) -> int:
    """The invented people of a run: as many as have the cases of the file, up to a limit."""
    wanted = made.cases / max(made.claiming, 1e-9) * _PEOPLE_PER_ADULT
    return citizens or min(CITIZENS, math.ceil(wanted))


def simulated_cases(made: ScoreSetting, citizens: int | None) -> float:
    """About how many cases a run has."""
    return simulated_people(made, citizens) * made.claiming / _PEOPLE_PER_ADULT


def unknown_names(deployment: Deployment) -> list[tuple[str, str]]:
    """Groups, attributes and pairs that the invented people do not have: section, sentence."""
    pairs = [f"{a} and {b}" for k, a in enumerate(NAMES) for b in NAMES[k + 1 :]]
    features = deployment.get("score.features") or {}
    lists: list[tuple[str, list[str], Iterable[str]]] = [
        ("people.shares", [*_ATTRIBUTE], deployment.get("people.shares") or {}),
        ("people.odds_ratios", pairs, deployment.get("people.odds_ratios") or {}),
        ("errors.shares", [*_ATTRIBUTE], deployment.get("errors.shares") or {}),
        ("labels.times_as_often", [*NAMES], deployment.get("labels.times_as_often") or {}),
    ]
    for feature, parts in features.items():
        path = f"score.features.{feature}.proxies"
        lists.append((path, [*_ATTRIBUTE], parts.get("proxies") or {}))
    return [
        (path.partition(".")[0], f"{path} names {name}, but it is one of {', '.join(known)}.")
        for path, known, names in lists
        for name in names
        if name not in known
    ]


def by_attribute(
    values: Mapping[str, float], deployment: Deployment, section: str
) -> dict[str, float]:
    """Figures by group, as figures of the attribute whose first group it is."""
    listed = deployment.get(section) or {}
    return {_ATTRIBUTE[group]: values[f"{section}.{group}"] for group in listed}


def _features(values: Mapping[str, float], deployment: Deployment) -> tuple[Feature, ...]:
    found = []
    for name in deployment.get("score.features"):
        path = f"score.features.{name}"
        signal, weight, lasting = (values[f"{path}.{k}"] for k in ("signal", "weight", "lasting"))
        proxies = by_attribute(values, deployment, f"{path}.proxies")
        found.append(Feature(signal, proxies, weight, lasting))
    return tuple(found)


def _history(values: Mapping[str, float], deployment: Deployment) -> History:
    if not deployment.get("labels"):
        return History()
    often = deployment.get("labels.times_as_often") or {}
    return History(
        values["labels.checked"], {name: values[f"labels.times_as_often.{name}"] for name in often},
        values["labels.errors_entered"], values["labels.wrongly_entered"],
        deployment.get("labels.learns_from"), values["labels.strength"],
    )  # fmt: skip


def _rule(values: Mapping[str, float], deployment: Deployment) -> AveragedIncome | None:
    patterns = deployment.get("averaging.worked")
    if not patterns:
        return None
    worked: dict[int, float] = {}
    for name, pattern in patterns.items():
        share = values[f"averaging.worked.{name}.share"]
        worked[pattern["fortnights"]] = worked.get(pattern["fortnights"], 0.0) + share
    total = sum(worked.values()) or 1.0  # drawn within their ranges, shares need not sum to 1
    return AveragedIncome(
        {k: share / total for k, share in worked.items()},
        values["averaging.earned"], values["averaging.free"], values["averaging.taper"],
    )  # fmt: skip


def _outcomes(values: Mapping[str, float]) -> Outcomes:
    acted_on, debts = values["decisions.acted_on"], values["outcomes.debts"]
    return Outcomes(
        values["checks.errors_found"], values["checks.wrongly_found"],
        1 - values["review.false_confirmed"], 1 - values["review.true_confirmed"],
        acted_on * debts, acted_on * (1 - debts),
        appeals_if_wrong=values["appeals.filed_if_wrong"],
        appeals_if_right=values["appeals.filed_if_right"],
        upheld_if_wrong=values["appeals.upheld_if_wrong"],
        upheld_if_right=values["appeals.upheld_if_right"],
    )  # fmt: skip


def _guarded(
    made: ScoreSetting, values: Mapping[str, float], safeguards: Safeguards
) -> ScoreSetting:
    score = made.score
    if safeguards is None:
        none = replace(score, select="none", capacity=None)
        return replace(made, score=none, averaged=0.0)
    if "less_proxy" in safeguards:
        kept = values["safeguards.less_proxy.kept"]
        features = tuple(
            replace(one, proxies={name: kept * by for name, by in one.proxies.items()})
            for one in score.features
        )
        learned = replace(score.history, strength=kept * score.history.strength)
        score = replace(score, features=features, history=learned)
    if "drawn_at_random" in safeguards:
        score = replace(score, drawn=values["safeguards.drawn_at_random.share"])
    if "fewer_checks" in safeguards:
        score = replace(score, capacity=values["safeguards.fewer_checks.checked"])
    if "second_reviewer" in safeguards:
        did = score.outcomes
        true, false = (values[f"safeguards.second_reviewer.{which}_confirmed"]
                       for which in ("true", "false"))  # fmt: skip
        score = replace(score, outcomes=replace(
            did,
            review_clears_wrong=1 - (1 - did.review_clears_wrong) * false,
            review_clears_right=1 - (1 - did.review_clears_right) * true,
        ))  # fmt: skip
    if "pay_until_decided" in safeguards:
        made = replace(made, paid=values["safeguards.pay_until_decided.works_for"])
    return replace(made, score=score)
