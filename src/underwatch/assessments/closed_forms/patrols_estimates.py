"""Patrol allocation of a deployment file in closed form: every measure by district and group.

Over a period the records follow their mean course: each day adds what patrols, sent by the shares
of that morning, discover on average, and what residents report. At rest the shares are those of
`patrols.py`. A resident is stopped with the same chance as any other of the district.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from underwatch.assessments.closed_forms.patrols import resting_shares
from underwatch.assessments.closed_forms.patrols_setting import (
    GROUP,
    OTHERS,
    PatrolSetting,
    setting,
)
from underwatch.assessments.result import ALL, Deployment, Key, Safeguards
from underwatch.errors import UserError

MOST_RESIDENTS, MOST_STOPS = 20_000_000, 50_000_000  # of a run
Vector = npt.NDArray[np.float64]

MEASURES: dict[str, tuple[str, str]] = {
    "stops_ratio": ("Stops per head of the group over those of all others", "times"),
    "stops_per_1000": ("Stops per 1,000 residents in the period", "stops"),
    "stopped_share": ("Residents stopped at least once in the period", "%"),
    "stopped_repeatedly": ("Residents stopped more than once in the period", "%"),
    "stops": ("Stops in the period", "stops"),
    "hours_of_the_stopped": ("Time of people stopped, in the period", "hours"),
    "share_of_patrols": ("Share of the patrols of the period", "%"),
    "share_of_patrols_last_day": ("Share of the patrols on the last day", "%"),
    "share_of_patrols_at_rest": ("Share of the patrols in the long run", "%"),
    "share_of_incidents": ("Share of the incidents that a patrol would discover", "%"),
    "patrols_over_incidents": ("Share of the patrols over share of the incidents", "times"),
    "discovered_per_day": ("Incidents discovered a day", "events"),
    "reported_per_day": ("Incidents reported a day", "events"),
    "records_by_patrols": ("Records of the period that patrols made themselves", "%"),
}
SAFEGUARDS: dict[str, tuple[str, str]] = {
    "repaired": ("Discovered incidents count less where patrols are more", "emergent"),
    "reports_only": ("Only what residents report is recorded", "emergent"),
    "fewer_stops": ("Fewer stops by each patrol", "emergent"),
}
MAIN = ("stops_ratio", "stops", "discovered_per_day", "records_by_patrols")
CONCLUSION = ("stops_ratio", 1.5)  # the limit is in the unit of the measure


class Course(NamedTuple):
    """What happens in a period, by district; the shares are those of the last morning."""

    visits: Vector
    discovered: Vector
    entered: Vector
    reported: Vector
    last: Vector


def faults(deployment: Deployment) -> list[tuple[str, str]]:
    """Figures that cannot be together or would not fit in memory: the section, and a sentence."""
    one = setting(deployment.values, deployment, frozenset())
    found = []
    try:
        one.patrols.check(one.days)
    except UserError as error:
        found.append(("people", str(error)))
    if sum(one.residents) > MOST_RESIDENTS:
        found.append((
            "people", f"{sum(one.residents):,} residents are more than a run holds, "
            f"{MOST_RESIDENTS:,}; take fewer districts or smaller ones.",
        ))  # fmt: skip
    stops = one.patrols.patrols * one.stops * one.days
    if stops > MOST_STOPS:
        found.append((
            "stops", f"{stops:,} stops in the period are more than a run holds, {MOST_STOPS:,}; "
            "take fewer days.",
        ))  # fmt: skip
    return found


def estimates(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards = frozenset(),
) -> dict[Key, float]:
    """Every measure by district and group.

    values: figures by dotted path, in the place of those of the file. safeguards: None if the same
    patrols go to every district alike.
    """
    one = setting(values, deployment, safeguards)
    patrols, course = one.patrols, mean_course(one)
    found = measured(one, course)
    residents, stops = np.array(one.residents, float), one.stops * course.visits
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(residents > 0, stops / residents, 0.0)
    for group, people in _people(one).items():
        never, once = np.exp(-each), each * np.exp(-each)
        if people.sum():
            found["stopped_share", group] = 100 * float(people @ (1 - never)) / people.sum()
            twice = float(people @ (1 - never - once))
            found["stopped_repeatedly", group] = 100 * twice / people.sum()
    rest = (
        resting_shares(
            patrols.rates, patrols.reported, patrols.reported_weight, patrols.patrols,
            patrols.repaired, patrols.reports_only,
        )
        if patrols.follow_records
        else np.full(len(one.names), 1 / len(one.names))
    )  # fmt: skip
    for name, share in zip(one.names, rest, strict=True):
        found["share_of_patrols_at_rest", name] = 100 * share
    return {(name, group, None): float(value)
            for (name, group), value in found.items() if np.isfinite(value)}  # fmt: skip


def mean_course(one: PatrolSetting) -> Course:
    """The mean course of the records over the period, day by day."""
    patrols = one.patrols
    rates, districts = patrols.rates, range(len(one.names))
    reported = [patrols.reported_weight * mean for mean in patrols.reported]
    records = list(patrols.records)
    visits, entered = [0.0] * len(rates), [0.0] * len(rates)
    shares = [1 / len(rates)] * len(rates)
    for _ in range(one.days):  # numbers of Python: for a few districts they are the fastest
        total, least = sum(records), min(records)
        for k in districts:
            if patrols.follow_records:
                shares[k] = records[k] / total
            enters = 0.0 if patrols.reports_only else patrols.patrols * shares[k] * rates[k]
            if patrols.repaired:
                enters *= least / records[k]
            visits[k] += patrols.patrols * shares[k]
            entered[k] += enters
            records[k] += enters + reported[k]
    went = np.array(visits)
    return Course(
        went, went * rates, np.array(entered), one.days * np.array(patrols.reported, float),
        np.array(shares),
    )  # fmt: skip


def measured(one: PatrolSetting, course: Course) -> dict[tuple[str, str], float]:
    """Every measure that is read off a course, by (measure, group): of closed forms and of runs."""
    found: dict[tuple[str, str], float] = {}
    rates = np.array(one.patrols.rates)
    incidents = 100 * rates / rates.sum() if rates.any() else np.full(len(rates), np.nan)
    visits = 100 * course.visits / course.visits.sum()
    for k, name in enumerate(one.names):
        found |= {
            ("share_of_patrols", name): visits[k],
            ("share_of_patrols_last_day", name): 100 * course.last[k],
            ("share_of_incidents", name): incidents[k],
            ("discovered_per_day", name): course.discovered[k] / one.days,
            ("reported_per_day", name): course.reported[k] / one.days,
        }
        if incidents[k] > 0:
            found["patrols_over_incidents", name] = visits[k] / incidents[k]
    found["discovered_per_day", ALL] = course.discovered.sum() / one.days
    found["reported_per_day", ALL] = course.reported.sum() / one.days
    stops = one.stops * course.visits
    found["stops", ALL] = stops.sum()
    found["hours_of_the_stopped", ALL] = stops.sum() * one.minutes / 60
    by_patrols = course.entered.sum()
    by_residents = one.patrols.reported_weight * course.reported.sum()
    if by_patrols + by_residents:
        found["records_by_patrols", ALL] = 100 * by_patrols / (by_patrols + by_residents)
    each: dict[str, float] = {}
    for group, people in _people(one).items():
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(people > 0, people / np.array(one.residents, float), 0.0)
        if people.sum():
            each[group] = 1000 * float(stops @ share) / people.sum()
            found["stops_per_1000", group] = each[group]
    if each.get(OTHERS) and GROUP in each:
        found["stops_ratio", ALL] = each[GROUP] / each[OTHERS]
    return found


def _people(one: PatrolSetting) -> dict[str, Vector]:
    """Residents by district: all, of the group, and others."""
    residents, share = np.array(one.residents, float), np.array(one.of_group)
    return {ALL: residents, GROUP: residents * share, OTHERS: residents * (1 - share)}
