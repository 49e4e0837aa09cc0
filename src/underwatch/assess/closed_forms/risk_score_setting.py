"""A risk score of a deployment file as numbers, with or without safeguards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from underwatch.assess.organs.attributes import ATTRIBUTES, Mix
from underwatch.assess.organs.risk_score import Feature, History, Outcomes, RiskScore
from underwatch.assess.result import Deployment

_ATTRIBUTE = {names[0]: attribute for attribute, names in ATTRIBUTES.items()}
DAYS_A_YEAR = 365


@dataclass(frozen=True)
class ScoreSetting:
    """What the closed forms and the runs of one setting share: its inputs, and no formula.

    score, mix: of the organ. cases: that a round ranks. claiming: share of adults with a case.
    debt: its amount. held_days, suspended_days: without payment. paid: share of cases whose
    payment goes on until a decision is final.
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


def values_of(deployment: Deployment) -> dict[str, float]:
    """The figures of a file by dotted path."""
    return {path: float(figure.value) for path, figure in deployment.figures.items()}


def setting(
    values: Mapping[str, float], deployment: Deployment, safeguards: frozenset[str] | None
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
        values["appeals.days_each"],
    )  # fmt: skip
    return _guarded(made, values, safeguards)


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
    made: ScoreSetting, values: Mapping[str, float], safeguards: frozenset[str] | None
) -> ScoreSetting:
    score = made.score
    if safeguards is None:
        return replace(made, score=replace(score, select="none", capacity=None))
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
