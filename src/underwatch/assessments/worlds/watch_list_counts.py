"""What is counted of the alerts of one run of a watch-list camera, measure by measure."""

from __future__ import annotations

from heapq import heapify, heapreplace

import numpy as np
import numpy.typing as npt

from underwatch.assessments.closed_forms.watch_list_setting import CameraSetting
from underwatch.assessments.result import ALL, Deployment, Measured
from underwatch.assessments.worlds import passes
from underwatch.assessments.worlds.watch_list_alerts import Alerts

# Load of a queue from which it must be simulated with all people: a part of them is simulated for a
# part of the period, and a queue that does not come to rest grows with the period.
_HEAVY = 0.8


def measured(
    alerts: Alerts, camera: CameraSetting, deployment: Deployment
) -> dict[tuple[str, str], Measured]:
    """(value, events) by measure and group; what is not defined is absent."""
    found = _by_group(alerts, camera)
    found |= _people(alerts, camera)
    found |= _review(alerts, camera)
    found |= _appeals(alerts, deployment)
    return found


def _by_group(alerts: Alerts, camera: CameraSetting) -> dict[tuple[str, str], Measured]:
    false, true, found = alerts.false, alerts.true, {}
    scale = 1 / (alerts.share * camera.days)
    rates = []
    for name, k in [(ALL, -1), *((g, k) for k, g in enumerate(camera.groups))]:
        mine = [side.groups == k if k >= 0 else np.full(len(side.groups), True)
                for side in (false, true)]  # fmt: skip
        f, t = (int(one.sum()) for one in mine)
        f_stop, t_stop = (
            int(s.stopped[one].sum()) for s, one in zip((false, true), mine, strict=True)
        )
        people, people_stopped = (
            false.independent(one) for one in (mine[0], mine[0] & false.stopped)
        )
        passed = float(alerts.passes.sum() if k < 0 else alerts.passes[k])
        found |= {
            ("false_alerts_per_day", name): (f * scale, people),
            ("true_alerts_per_day", name): (t * scale, t),
            ("alerts_per_day", name): ((f + t) * scale, people + t),
            ("false_stops_per_day", name): (f_stop * scale, people_stopped),
            ("true_stops_per_day", name): (t_stop * scale, t_stop),
        }
        if passed:
            rest = max(0, int(passed) - f)
            found["false_alerts_per_1000_passes", name] = 1000 * f / passed, min(people, rest)
        if f + t:
            found["precision_of_alerts", name] = 100 * t / (f + t), min(t, people)
        if f_stop + t_stop:
            precision = 100 * t_stop / (f_stop + t_stop)
            found["precision_of_stops", name] = precision, min(t_stop, people_stopped)
        if k >= 0 and len(false.people):
            found["share_of_false_alerts", name] = false.share(mine[0])
        if k >= 0 and passed:
            rates.append((f / passed, people))
    if len(rates) > 1 and min(rates)[0] > 0:
        found["group_ratio", ALL] = max(rates)[0] / min(rates)[0], min(f for _, f in rates)
    stops = int(true.stopped.sum())
    if alerts.passed:
        found["missed_share", ALL] = _share(alerts.passed - len(true.people), alerts.passed)
        found["missed_after_review", ALL] = _share(alerts.passed - stops, alerts.passed)
    hours = int(false.stopped.sum()) * camera.minutes_of_the_person / 60 / alerts.share
    found["hours_of_the_stopped", ALL] = hours, false.independent(false.stopped)
    return found


def _people(alerts: Alerts, camera: CameraSetting) -> dict[tuple[str, str], Measured]:
    false, found = alerts.false, {}
    passers = camera.people.sum() * (1 - camera.listed)
    for name, k in [(ALL, -1), *((g, k) for k, g in enumerate(camera.groups))]:
        here = false.groups == k if k >= 0 else np.full(len(false.groups), True)
        _, times = np.unique(false.people[here], return_counts=True)
        stopped = len(np.unique(false.people[here & false.stopped]))
        once, twice = len(times), int((times > 1).sum())
        people = passers * (camera.group_shares[k] if k >= 0 else 1)
        found |= {
            ("falsely_alerted_once", name): (once / alerts.share, once),
            ("falsely_alerted_repeatedly", name): (twice / alerts.share, twice),
            ("falsely_stopped_once", name): (stopped / alerts.share, stopped),
        }
        if people:
            found["share_falsely_alerted", name] = 100 * once / alerts.share / people, once
    listed = len(np.unique(alerts.true.people[alerts.true.stopped]))
    found["listed_stopped", ALL] = listed / alerts.share, listed
    if len(false.people):
        part = _most_exposed(alerts, camera)[false.kinds, false.groups, false.places]
        found["burden_top_percent", ALL] = false.share(part)
    return found


def _most_exposed(alerts: Alerts, camera: CameraSetting) -> npt.NDArray[np.float64]:
    """Whether a passer-by is among the 1 % most exposed, by [visitors, group, resemblance].

    A cell on the border counts in part.
    """
    exposed = alerts.exposed
    weight = np.multiply.outer(camera.people, camera.group_shares)[..., None] / exposed.shape[2]
    weight = np.broadcast_to(weight, exposed.shape).ravel()
    order = np.argsort(-exposed.ravel(), kind="stable")
    above = np.cumsum(weight[order]) - weight[order]
    part = np.empty(weight.size)
    whole = np.maximum(weight[order], 1e-300)  # nobody is in some cells
    part[order] = np.clip((0.01 * weight.sum() - above) / whole, 0, 1)
    return part.reshape(exposed.shape)


def _review(alerts: Alerts, camera: CameraSetting) -> dict[tuple[str, str], Measured]:
    """The queue before the reviewers, in minutes of use; a share of the people is as dense."""
    minutes = camera.days * camera.hours * 60 * alerts.share
    sides = (alerts.false, alerts.true)
    at = np.concatenate([side.draw(passes.MOMENT) for side in sides]) * minutes
    took = np.concatenate([-np.log(side.draw(passes.REVIEW_TIME)) for side in sides])
    took *= camera.minutes_each
    if not len(at):
        return {}
    load = len(at) * camera.minutes_each / minutes / camera.reviewers
    every = np.full(len(alerts.false.people), True)
    events = alerts.false.independent(every) + len(alerts.true.people)
    found = {("review_load", ALL): (100 * load, events)}
    if load < _HEAVY or alerts.share == 1:
        waits = waits_of(at, took, camera.reviewers)
        found["review_wait", ALL] = float(waits.mean()), int((waits > 0).sum())
    return found


def _appeals(alerts: Alerts, deployment: Deployment) -> dict[tuple[str, str], Measured]:
    values, days = deployment.values, deployment.period.days
    officers, each = int(deployment.get("appeals.officers")), values["appeals.days_each"]
    at, took, corrected, events = [], [], 0, 0
    for side, name in ((alerts.false, "wrong"), (alerts.true, "right")):
        files = side.stopped & (side.draw(passes.APPEALS) < values[f"appeals.filed_if_{name}"])
        at.append(side.draw(passes.MOMENT)[files] * days * alerts.share)
        took.append(-np.log(side.draw(passes.APPEAL_TIME)[files]) * each)
        events += side.independent(files)
        if name == "wrong":
            upheld = side.draw(passes.UPHELD)[files] < values["appeals.upheld_if_wrong"]
            corrected = int(upheld.sum())
    arrived, service = np.concatenate(at), np.concatenate(took)
    number, wrong = len(arrived), int(alerts.false.stopped.sum())
    found = {("appeals", ALL): (number / alerts.share, events)}
    if wrong:
        found["wrong_stops_corrected", ALL] = _share(corrected, wrong)
    load = number * each / (days * alerts.share) / officers
    found["appeal_load", ALL] = 100 * load, events
    if number and (load < _HEAVY or alerts.share == 1):
        waits = waits_of(arrived, service, officers)
        found["appeal_days", ALL] = float((waits + service).mean()), number
    return found


def _share(part: float, whole: int) -> Measured:
    """A percentage, and the events that it rests on: those inside or those outside, if fewer."""
    return 100 * part / whole, int(min(part, whole - part))


def waits_of(
    arrived: npt.NDArray[np.float64], service: npt.NDArray[np.float64], officers: int
) -> npt.NDArray[np.float64]:
    """How long each waits for the first free officer, in the order of arrival: float64 (n).

    arrived, service: when each arrives, and how long each takes, in one unit of time.
    """
    order = np.argsort(arrived, kind="stable")
    free = [0.0] * officers
    heapify(free)
    waits = np.empty(len(order))
    for i in order:
        begins = max(free[0], arrived[i])
        waits[i] = begins - arrived[i]
        heapreplace(free, begins + service[i])
    return waits
