"""Runs of a patrol allocation: the same districts and draws under every setting of it (M27)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from underwatch.assessments.closed_forms.patrols_estimates import Course, measured
from underwatch.assessments.closed_forms.patrols_setting import (
    GROUP,
    OTHERS,
    PatrolSetting,
    setting,
)
from underwatch.assessments.organs.chance import CELL, draws, threshold
from underwatch.assessments.organs.patrols import Sent, sent, stopped
from underwatch.assessments.result import ALL, Deployment, Key, Measured, Safeguards

# What follows from who is stopped, and what is an input.
_ELSEWHERE = ("stops_per_1000", "stops_ratio", "share_of_incidents")


def run(
    deployment: Deployment,
    seed: int,
    citizens: int | None,
    worlds: Mapping[str, Safeguards],
) -> dict[str, dict[Key, Measured]]:
    """One seed: every world with the same residents and draws; (value, events) by measure.

    citizens: not used, as the file states how many residents each district has; all of them are
    invented. worlds: the safeguards in force by world; None: patrols go everywhere alike.
    """
    values = deployment.values
    return {
        world: _measured(setting(values, deployment, safeguards), seed)
        for world, safeguards in worlds.items()
    }


def _measured(one: PatrolSetting, seed: int) -> dict[Key, Measured]:
    done = sent(one.patrols, one.days, seed)
    parts = [np.asarray(part[0], float) for part in done[:4]]
    alike = np.full(len(one.names), 1 / len(one.names))
    course = Course(*parts, done.share[0] if one.patrols.follow_records else alike)
    found = {
        key: (value, _events(key, course, one))
        for key, value in measured(one, course).items()
        if key[0] not in _ELSEWHERE and math.isfinite(value)
    }
    return {(name, group, None): value
            for (name, group), value in (found | _stops(one, done, seed)).items()}  # fmt: skip


def _stops(one: PatrolSetting, done: Sent, seed: int) -> dict[tuple[str, str], Measured]:
    """Who is stopped: residents by number, of whom a share is of the group."""
    first = np.concatenate([[0], np.cumsum(one.residents)])
    homes = tuple(np.arange(a, b) for a, b in zip(first[:-1], first[1:], strict=True))
    of_group = np.concatenate([
        draws(seed, CELL, 0, home) < threshold(share)
        for home, share in zip(homes, one.of_group, strict=True)
    ])  # fmt: skip
    times = np.zeros(first[-1], np.int64)
    if one.stops:
        np.add.at(times, stopped(done, homes, one.stops, seed).ravel(), 1)
    found: dict[tuple[str, str], Measured] = {}
    each: dict[str, tuple[float, int]] = {}
    for group, who in ((ALL, np.ones_like(of_group)), (GROUP, of_group), (OTHERS, ~of_group)):
        people = int(np.count_nonzero(who))
        if not people:
            continue
        stops, once = int(times[who].sum()), int(np.count_nonzero(times[who]))
        twice = int(np.count_nonzero(times[who] > 1))
        each[group] = 1000 * stops / people, stops
        found["stops_per_1000", group] = each[group]
        found["stopped_share", group] = 100 * once / people, min(once, people - once)
        found["stopped_repeatedly", group] = 100 * twice / people, min(twice, people - twice)
    if GROUP in each and each.get(OTHERS, (0.0, 0))[0]:
        ratio = each[GROUP][0] / each[OTHERS][0]
        found["stops_ratio", ALL] = ratio, min(each[GROUP][1], each[OTHERS][1])
    return found


def _events(key: tuple[str, str], course: Course, one: PatrolSetting) -> int | None:
    """The events that a measure rests on; None where it is an input, or follows from inputs."""
    name, group = key
    k = one.names.index(group) if group in one.names else slice(None)
    of = {
        "share_of_patrols": course.visits,
        "patrols_over_incidents": course.visits,
        "share_of_patrols_last_day": course.visits,
        "discovered_per_day": course.discovered,
        "records_by_patrols": course.entered,
        "reported_per_day": course.reported,
    }.get(name)  # how many stops are made is fixed: chance decides only where
    return None if of is None else int(np.sum(of[k]))
