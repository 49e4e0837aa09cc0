"""Runs of a risk score: the same invented people and draws under every setting of it (M26)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from underwatch.assessments.closed_forms.risk_score_estimates import measured
from underwatch.assessments.closed_forms.risk_score_setting import (
    ScoreSetting,
    setting,
    simulated_people,
)
from underwatch.assessments.organs.attributes import ATTRIBUTES, GROUPS, caseload
from underwatch.assessments.organs.averaging import false_debts
from underwatch.assessments.organs.cases import Handled, handle
from underwatch.assessments.organs.chance import AVERAGED, draws, threshold
from underwatch.assessments.organs.measures import (
    Counts,
    checked_people,
    counted,
    wrongly_found_people,
)
from underwatch.assessments.organs.population import adults
from underwatch.assessments.organs.risk_score import resolved
from underwatch.assessments.result import ALL, Deployment, Key, Measured, Safeguards


def run(
    deployment: Deployment,
    seed: int,
    citizens: int | None,
    worlds: Mapping[str, Safeguards],
) -> dict[str, dict[Key, Measured]]:
    """One seed: every world on the same people and draws; (value, events) by measure.

    citizens: invented people, of whom the adults with a case are ranked; counts are those of all
    cases of the file. worlds: the safeguards in force by world; None: there is no score.
    """
    values = deployment.values
    settings = {world: setting(values, deployment, guards) for world, guards in worlds.items()}
    first = next(iter(settings.values()))
    people = adults(simulated_people(first, citizens), seed)
    cases = caseload(people.person, people.low_income, first.mix, first.claiming, seed)
    found = {}
    for world, one in settings.items():
        found[world] = _measured(handle(cases, resolved(one.score, one.mix), seed), one)
        found[world] |= _averaged(cases.person, one, seed)
    return found


def _averaged(person: npt.NDArray[np.int64], one: ScoreSetting, seed: int) -> dict[Key, Measured]:
    """The debts that averaged income raises, for all cases of the file."""
    if one.rule is None or not len(person):
        return {}
    whose = person[draws(seed, AVERAGED, 0, person) < threshold(one.averaged)]
    debts = false_debts(whose, one.rule, seed) / 100
    times, charged = one.cases / len(person), int(np.count_nonzero(debts))
    total = float(debts.sum())
    found: dict[Key, Measured] = {
        ("averaging_people", ALL, None): (times * charged, charged),
        ("averaging_debt", ALL, None): (times * total, charged),
    }
    if charged:
        found["averaging_debt_each", ALL, None] = total / charged, charged
    return found


def _measured(handled: Handled, one: ScoreSetting) -> dict[Key, Measured]:
    """Every measure with the events that it rests on, for all cases of the file."""
    counts = {group: counted(handled, group) for group in (ALL, *GROUPS)}
    times = one.cases / max(1, len(handled.cell))
    scaled = {group: Counts(*(times * part for part in n)) for group, n in counts.items()}
    found: dict[tuple[str, str], Measured] = {
        key: (value, _events(key[0], counts[key[1]]))
        for key, value in measured(scaled, one).items()
        if math.isfinite(value)
    }
    for name, of, least in (
        ("checked_repeatedly", checked_people, 2),
        ("wrongly_found_once", wrongly_found_people, 1),
        ("wrongly_found_repeatedly", wrongly_found_people, 2),
    ):
        for group in (ALL, *GROUPS):
            people = counts[group].cases / one.score.rounds
            share = of(handled, least, group)
            if people:
                found[name, group] = times * share * people, round(share * people)
    for group, n in counts.items():
        if ("share_of_wrong_ends", group) in found:
            rest = counts[ALL].wrong_ends - (n.wrong_ends if group != ALL else 0)
            share = found["share_of_wrong_ends", group][0]
            found["share_of_wrong_ends", group] = share, int(min(n.wrong_ends, rest))
    for first, other in ATTRIBUTES.values():
        if ("group_ratio", first) in found:
            fewest = min(counts[first].wrong_ends, counts[other].wrong_ends)
            found["group_ratio", first] = found["group_ratio", first][0], int(fewest)
    return {(name, group, None): value for (name, group), value in found.items()}


_OF_ALL_CASES = ("cases_checked", "checked_share")
_EVENTS = {
    "error_share": lambda n: n.errors,
    "hit_rate": lambda n: min(n.hits, n.checked - n.hits),
    "lift": lambda n: n.hits,
    "false_positive_rate": lambda n: n.checked - n.hits,
    "missed_share": lambda n: min(n.hits, n.errors - n.hits),
    "errors_found": lambda n: n.right_findings,
    "wrong_findings": lambda n: n.wrong_findings,
    "wrong_share_of_findings": lambda n: min(n.wrong_findings, n.right_findings),
    "debt_wrongly_claimed": lambda n: n.wrong_debts,
    # Suspensions are fewer than checks and last longer.
    "days_without_payment": lambda n: n.wrong_ends - n.wrong_debts,
    "review_load": lambda n: n.right_findings + n.wrong_findings,
    "wrong_ends_corrected": lambda n: n.upheld_wrong,
    "wrong_if_appealed": lambda n: min(n.appealed_wrong, n.appealed_right),
    "wrong_if_not_appealed": lambda n: min(
        n.wrong_ends - n.appealed_wrong, n.right_ends - n.appealed_right
    ),
    "appeals": lambda n: n.appealed_wrong + n.appealed_right,
    "appeal_load": lambda n: n.appealed_wrong + n.appealed_right,
}


def _events(name: str, n: Counts) -> int:
    """The events that a measure rests on: those inside or those outside, if fewer."""
    if name in _OF_ALL_CASES:
        return int(n.checked)
    return int(_EVENTS.get(name, lambda each: each.wrong_ends)(n))
