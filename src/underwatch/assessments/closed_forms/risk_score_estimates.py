"""A risk score of a deployment file in closed form: every measure by group.

The rates are those of `risk_score.py`; waits by Erlang's formula (queues.py), the audit by exact
binomial (audit.py). A finding stands if the review confirms it; of those that stand a share is
acted on, by a debt or a suspension.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from underwatch.assessments.closed_forms.audit import ratio_interval, smallest_ratio
from underwatch.assessments.closed_forms.queues import mean_wait, settles
from underwatch.assessments.closed_forms.records import mean_debt, wrongly_indebted
from underwatch.assessments.closed_forms.risk_score import (
    checked_by_cell,
    checks,
    expected_of,
    share_of_most_exposed,
    wrongly_found_by_cell,
)
from underwatch.assessments.closed_forms.risk_score_setting import (
    ScoreSetting,
    setting,
    simulated_cases,
    unknown_names,
)
from underwatch.assessments.closed_forms.training import learned
from underwatch.assessments.organs.attributes import (
    ATTRIBUTES,
    CELLS,
    GROUPS,
    claim_chances,
    members,
)
from underwatch.assessments.organs.measures import Counts, rate
from underwatch.assessments.result import ALL, Deployment, Intervals, Key, Safeguards
from underwatch.errors import UserError

MEASURES: dict[str, tuple[str, str]] = {
    "cases_checked": ("Cases checked in the period", "cases"),
    "checked_share": ("Cases checked in a round", "%"),
    "error_share": ("Cases with an error", "%"),
    "hit_rate": ("Checked cases with an error", "%"),
    "lift": ("Hit rate over that of checks at random", "times"),
    "false_positive_rate": ("Cases without an error that are checked in a round", "%"),
    "missed_share": ("Errors in cases that are not checked in a round", "%"),
    "errors_found": ("Errors found in the period", "cases"),
    "wrong_findings": ("Findings in cases without an error, in the period", "cases"),
    "wrong_share_of_findings": ("Findings in cases without an error", "%"),
    "wrong_ends": ("Debts and suspensions in cases without an error, in the period", "cases"),
    "wrong_ends_per_1000_cases": ("Debts and suspensions in cases without an error, per 1,000 "
                                  "cases ranked", "cases"),
    "share_of_wrong_ends": ("Share of the wrong debts and suspensions", "%"),
    "group_ratio": ("Rate of wrong debts and suspensions over that of everybody else", "times"),
    "highest_ratio": ("Highest of these ratios among the groups", "times"),
    "checked_repeatedly": ("People checked more than once in the period", "people"),
    "wrongly_found_once": ("People with a wrong finding in the period", "people"),
    "wrongly_found_repeatedly": ("People with more than one wrong finding", "people"),
    "burden_top_percent": ("Wrong findings on the 1 % of people most exposed to them", "%"),
    "debt_wrongly_claimed": ("Debts claimed in cases without an error", "units of the currency"),
    "days_without_payment": ("Days without payment in cases without an error", "days"),
    "averaging_people": ("People charged a debt because their income was averaged", "people"),
    "averaging_debt_each": ("Mean of these debts; nothing is owed", "units of the currency"),
    "averaging_debt": ("These debts in all", "units of the currency"),
    "review_load": ("Time of the reviewers taken by findings", "%"),
    "appeals": ("Appeals in the period", "appeals"),
    "appeal_load": ("Time of the officers taken by appeals", "%"),
    "appeal_days": ("Mean time until an appeal is decided", "days"),
    "wrong_ends_corrected": ("Wrong debts and suspensions that an appeal puts right", "%"),
    "wrong_if_appealed": ("Appealed debts and suspensions that are wrong", "%"),
    "wrong_if_not_appealed": ("Debts and suspensions not appealed that are wrong", "%"),
    "audit_ratio": ("Smallest ratio of rates that an audit would find", "times"),
}  # fmt: skip
SAFEGUARDS: dict[str, tuple[str, str]] = {
    "less_proxy": ("Weaker proxies of groups", "emergent"),
    "drawn_at_random": ("Part of the checks drawn at random", "emergent"),
    "fewer_checks": ("Fewer checks", "emergent"),
    "second_reviewer": ("A second reviewer", "assumed"),
    "pay_until_decided": ("Payment until a decision is final", "assumed"),
}
MAIN = ("hit_rate", "errors_found", "wrong_ends", "highest_ratio", "wrongly_found_once",
        "wrongly_found_repeatedly", "days_without_payment")  # fmt: skip
FINE = 2_000  # values of the noise that stays with a person
CONCLUSION = ("hit_rate", 50.0)  # the limit is in the unit of the measure


def faults(deployment: Deployment) -> list[tuple[str, str]]:
    """Figures that no population or score can have together: the section, and a sentence."""
    unknown = unknown_names(deployment)
    if unknown:
        return unknown
    one = setting(deployment.values, deployment, frozenset())
    shares = [pattern["share"].value
              for pattern in (deployment.get("averaging.worked") or {}).values()]  # fmt: skip
    if shares and abs(sum(shares) - 1) > 1e-6:
        return [("averaging", f"the shares of worked add up to {sum(shares):.7g}, but all "
                 "patterns together are 1.")]  # fmt: skip
    for section, check in (
        ("people", lambda: claim_chances(one.mix, one.claiming)),
        ("people", one.mix.joint),
        ("score", one.score.check),
        ("errors", lambda: one.score.rates(one.mix)),
    ):
        try:
            check()
        except UserError as error:
            return [(section, str(error))]  # what follows takes it for granted
    return []


def estimates(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards = frozenset(),
    audit: bool = True,
    trained_on: float | None = None,
) -> dict[Key, float]:
    """Every measure by group; what is not defined is absent.

    values: figures by dotted path, in the place of those of the file. safeguards: None if there
    is no score at all. A set of figures that no population can have gives no measure.
    trained_on: cases among which the score was trained; None: all of the file.
    """
    try:
        one = setting(values, deployment, safeguards)
        one.score.check()
        made = checks(one.score, one.mix, trained_on or one.cases)
    except UserError:
        return {}
    ranked = one.cases * one.score.rounds
    counts = expected_of(one.score, made, ranked)
    found = measured(counts, one)
    for share, name in (
        (checked_by_cell(one.score, made, 2), "checked_repeatedly"),
        (wrongly_found_by_cell(one.score, made), "wrongly_found_once"),
        (wrongly_found_by_cell(one.score, made, 2), "wrongly_found_repeatedly"),
    ):
        people = one.cases * made.joint * share
        for group in (ALL, *GROUPS):
            found[name, group] = float(people[members(np.arange(CELLS), group)].sum())
    if one.rule is not None:
        charged = one.cases * one.averaged * wrongly_indebted(one.rule)
        found["averaging_people", ALL] = charged
        found["averaging_debt", ALL] = one.cases * one.averaged * mean_debt(one.rule)
        if charged:
            found["averaging_debt_each", ALL] = found["averaging_debt", ALL] / charged
    ratios = [value for (name, _), value in found.items() if name == "group_ratio"]
    found["highest_ratio", ALL] = max(ratios, default=np.nan)
    fine = FINE if audit else FINE // 8
    top = share_of_most_exposed(one.score, made, fine=fine)
    found["burden_top_percent", ALL] = 100 * top
    a_day = (counts[ALL].appealed_wrong + counts[ALL].appealed_right) / one.days
    if a_day and settles(a_day, one.days_each, one.officers, one.days):
        found["appeal_days", ALL] = mean_wait(a_day, one.days_each, one.officers) + one.days_each
    if audit:
        events = round(counts[ALL].wrong_ends)
        for first, _ in ATTRIBUTES.values():
            ratio = smallest_ratio(events, round(counts[first].cases / ranked, 6))
            if ratio is not None:
                found["audit_ratio", first] = ratio
    return {
        (name, group, None): float(value)
        for (name, group), value in found.items()
        if np.isfinite(value)
    }


def quick(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards = frozenset(),
) -> dict[Key, float]:
    """`estimates` without the power of an audit; for many draws of the inputs."""
    return estimates(values, deployment, safeguards, audit=False)


def compared(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards,
    citizens: int | None,
) -> tuple[dict[Key, float], float]:
    """`estimates` as runs with so many people can meet them, and what part they may be off by.

    A score that learns from fewer cases learns other things.
    """
    one = setting(values, deployment, safeguards)
    cases = simulated_cases(one, citizens)
    noise = learned(one.score, one.mix, cases) if one.score.select == "score" else None
    found = estimates(values, deployment, safeguards, trained_on=cases)
    return found, 0.0 if noise is None else noise.left_out


def more_intervals(
    spans: Intervals, values: Mapping[str, float], deployment: Deployment, safeguards: Safeguards
) -> Intervals:
    """What the ranges of the inputs leave of an audit's power, through the number of events."""
    if ("wrong_ends", ALL, None) not in spans:
        return {}
    one = setting(values, deployment, safeguards)
    joint = one.mix.joint()
    return {
        ("audit_ratio", first, None): ratio_interval(
            spans["wrong_ends", ALL, None], 1.0, float(joint @ members(np.arange(CELLS), first))
        )
        for first, _ in ATTRIBUTES.values()
    }


def measured(counts: Mapping[str, Counts], one: ScoreSetting) -> dict[tuple[str, str], float]:
    """Every measure that is read off counts, by (measure, group): of closed forms and of runs.

    counts: of the period, for "all" and every group.
    """
    found: dict[tuple[str, str], float] = {}
    everyone = counts[ALL]
    for group, n in counts.items():
        wrong, misses = n.wrong_ends, n.checked - n.hits
        found |= {
            ("cases_checked", group): n.checked,
            ("checked_share", group): 100 * rate(n, "checked_share"),
            ("error_share", group): 100 * rate(n, "base_rate"),
            ("hit_rate", group): 100 * rate(n, "hit_rate"),
            ("false_positive_rate", group): 100 * rate(n, "false_positive_rate"),
            ("missed_share", group): 100 * rate(n, "missed_share"),
            ("errors_found", group): n.right_findings,
            ("wrong_findings", group): n.wrong_findings,
            ("wrong_share_of_findings", group): 100 * rate(n, "wrong_share_of_findings"),
            ("wrong_ends", group): wrong,
            ("wrong_ends_per_1000_cases", group): rate(n, "wrong_ends_per_1000_cases"),
            ("debt_wrongly_claimed", group): n.wrong_debts * one.debt,
            ("days_without_payment", group): (1 - one.paid)
            * (misses * one.held_days + (wrong - n.wrong_debts) * one.suspended_days),
        }
        if everyone.wrong_ends:
            found["share_of_wrong_ends", group] = 100 * wrong / everyone.wrong_ends
    for first, other in ATTRIBUTES.values():
        beside = rate(counts[other], "wrong_ends_per_1000_cases")
        if beside > 0:
            own = rate(counts[first], "wrong_ends_per_1000_cases")
            found["group_ratio", first] = own / beside
    found["lift", ALL] = rate(everyone, "hit_rate") / rate(everyone, "base_rate")
    for name, key in (("wrong_ends_corrected", "wrong_ends_corrected"),
                      ("wrong_if_appealed", "wrong_among_appealed"),
                      ("wrong_if_not_appealed", "wrong_among_unappealed")):  # fmt: skip
        found[name, ALL] = 100 * rate(everyone, key)
    did = one.score.outcomes
    confirmed = 1 - did.review_clears_right, 1 - did.review_clears_wrong
    findings = sum(
        part / share if share else 0.0
        for part, share in zip(
            (everyone.right_findings, everyone.wrong_findings), confirmed, strict=True
        )
    )
    minutes = one.days * one.hours * 60 * one.reviewers
    found["review_load", ALL] = 100 * findings * one.minutes_each / minutes
    appeals = everyone.appealed_wrong + everyone.appealed_right
    found["appeals", ALL] = appeals
    found["appeal_load", ALL] = 100 * appeals / one.days * one.days_each / one.officers
    return found
