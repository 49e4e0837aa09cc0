"""A watch-list camera in closed form: the law of FPIR, look-alikes, review, queues, audit.

FPIR(group, person)   1 − (1 − FMR(group))^(faces · resemblance), resemblance with mean 1
false alerts          a person who passes R times on average in the period has a Poisson number
                      of them with the mean λ = R · FPIR; at least one 1 − e^−λ, at least two
                      1 − e^−λ(1 + λ)
precision             true / (true + false), of alerts and, after review, of stops
no repeated alert     of those it works for, alerts end with the first false stop
waits                 Erlang's formula (queues.py); the audit by exact binomial (audit.py)
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from underwatch.assessments.closed_forms.audit import ratio_interval, smallest_ratio
from underwatch.assessments.closed_forms.queues import mean_wait, settles
from underwatch.assessments.closed_forms.watch_list_setting import (
    CameraSetting,
    setting,
    thresholds_of,
)
from underwatch.assessments.result import ALL, Deployment, Intervals, Key, Safeguards
from underwatch.model.sensing.matcher import resemblances

Vector = npt.NDArray[np.float64]

MEASURES: dict[str, tuple[str, str]] = {
    "alerts_per_day": ("Alerts", "per day"),
    "true_alerts_per_day": ("True alerts", "per day"),
    "false_alerts_per_day": ("False alerts", "per day"),
    "false_alerts_per_1000_passes": ("Rate of false alerts", "per 1,000 passes"),
    "share_of_false_alerts": ("Share of the false alerts", "%"),
    "group_ratio": ("Highest rate of false alerts of a group over the lowest", "times"),
    "precision_of_alerts": ("Alerts on people who are on the list", "%"),
    "precision_of_stops": ("Stops of people who are on the list", "%"),
    "missed_share": ("Passes by people on the list without an alert", "%"),
    "missed_after_review": ("Passes by people on the list without a stop", "%"),
    "true_stops_per_day": ("Stops of people who are on the list, by day", "per day"),
    "false_stops_per_day": ("Stops of people who are not on the list", "per day"),
    "listed_stopped": ("People on the list stopped at least once in the period", "people"),
    "falsely_alerted_once": ("People falsely alerted on at least once in the period", "people"),
    "falsely_alerted_repeatedly": ("People falsely alerted on more than once", "people"),
    "share_falsely_alerted": ("Passers-by falsely alerted on at least once in the period", "%"),
    "falsely_stopped_once": ("People wrongly stopped at least once in the period", "people"),
    "hours_of_the_stopped": ("Time of people wrongly stopped, in the period", "hours"),
    "burden_top_percent": ("False alerts on the 1 % of passers-by most exposed", "%"),
    "review_load": ("Time of the reviewers taken by alerts", "%"),
    "review_wait": ("Mean wait of an alert for a reviewer", "minutes"),
    "appeals": ("Appeals in the period", "appeals"),
    "appeal_load": ("Time of the officers taken by appeals", "%"),
    "appeal_days": ("Mean time until an appeal is decided", "days"),
    "wrong_stops_corrected": ("Wrong stops that an appeal puts right", "%"),
    "audit_ratio": ("Smallest ratio of rates that an audit would find", "times"),
}
SAFEGUARDS: dict[str, tuple[str, str]] = {
    "higher_threshold": ("A stricter threshold", "emergent"),
    "smaller_list": ("A shorter list", "emergent"),
    "second_reviewer": ("A second reviewer", "assumed"),
    "no_repeated_alert": ("No alert again on people wrongly stopped", "emergent"),
    "fewer_hours": ("Fewer hours of use", "emergent"),
}
MAIN = ("false_alerts_per_day", "false_stops_per_day", "true_stops_per_day",
        "precision_of_stops", "falsely_alerted_once", "falsely_alerted_repeatedly")  # fmt: skip
_OF_DECISIONS = ("review_wait", "appeal_days", "wrong_stops_corrected")  # nothing without a camera
CONCLUSION = ("precision_of_stops", 50.0)  # the limit is in the unit of the measure


def estimates(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards = frozenset(),
    thresholds: tuple[float, ...] | None = None,
    audit: bool = True,
) -> dict[Key, float]:
    """Every measure by group and threshold; what is not defined is absent.

    values: figures by dotted path, in the place of those of the file. safeguards: None if there is
    no camera at all. thresholds: by default those that the file asks for; with safeguards the one
    in use. audit: also the power of an audit, which takes longest.
    """
    found: dict[Key, float] = {}
    if thresholds is None:
        thresholds = thresholds_of(deployment) if safeguards == frozenset() else (
            float(deployment.get("accuracy.threshold")),
        )  # fmt: skip
    for threshold in thresholds:
        one = setting(values, deployment, threshold, safeguards)
        for (measure, group), value in measured(one, values, deployment, audit).items():
            if np.isfinite(value) and not (safeguards is None and measure in _OF_DECISIONS):
                found[measure, group, threshold] = float(value)
    return found


def quick(
    values: Mapping[str, float],
    deployment: Deployment,
    safeguards: Safeguards = frozenset(),
) -> dict[Key, float]:
    """`estimates` without what takes longest; for many draws of the inputs."""
    return estimates(values, deployment, safeguards, audit=False)


def more_intervals(
    spans: Intervals, values: Mapping[str, float], deployment: Deployment, safeguards: Safeguards
) -> Intervals:
    """What the ranges of the inputs leave of an audit's power, through the number of events."""
    found: Intervals = {}
    for (measure, group, threshold), events in spans.items():
        if (measure, group) == ("false_alerts_per_day", ALL) and threshold is not None:
            one = setting(values, deployment, threshold, safeguards)
            for name, share in zip(one.groups, one.group_shares, strict=True):
                if len(one.groups) > 1:
                    found["audit_ratio", name, threshold] = ratio_interval(
                        events, one.days, float(share)
                    )
    return found


def measured(
    camera: CameraSetting, values: Mapping[str, float], deployment: Deployment, audit: bool
) -> dict[tuple[str, str], float]:
    """Every measure of one setting by (measure, group)."""
    found = _rates(camera)
    found |= _people(camera)
    false, true = found["false_alerts_per_day", ALL], found["true_alerts_per_day", ALL]
    stops_false = found["false_stops_per_day", ALL]
    stops_true = found["true_stops_per_day", ALL]
    found["hours_of_the_stopped", ALL] = (
        stops_false * camera.days * camera.minutes_of_the_person / 60
    )
    per_minute = (false + true) / (camera.hours * 60)
    found["review_load", ALL] = 100 * per_minute * camera.minutes_each / camera.reviewers
    minutes = camera.days * camera.hours * 60
    if settles(per_minute, camera.minutes_each, camera.reviewers, minutes):
        found["review_wait", ALL] = mean_wait(per_minute, camera.minutes_each, camera.reviewers)
    wrong, right = values["appeals.filed_if_wrong"], values["appeals.filed_if_right"]
    a_day = stops_false * wrong + stops_true * right
    officers, days_each = int(deployment.get("appeals.officers")), values["appeals.days_each"]
    found["appeals", ALL] = a_day * camera.days
    found["appeal_load", ALL] = 100 * a_day * days_each / officers
    if settles(a_day, days_each, officers, camera.days):
        found["appeal_days", ALL] = mean_wait(a_day, days_each, officers) + days_each
    found["wrong_stops_corrected", ALL] = 100 * wrong * values["appeals.upheld_if_wrong"]
    if audit and len(camera.groups) > 1:
        events = round(false * camera.days)
        for group, share in zip(camera.groups, camera.group_shares, strict=True):
            ratio = smallest_ratio(events, round(float(share), 6))
            if ratio is not None:
                found["audit_ratio", group] = ratio
    return found


def fpir(camera: CameraSetting) -> Vector:
    """FPIR by [group, resemblance], the columns equally frequent."""
    hazard = -np.log1p(-np.minimum(camera.false_match, 1 - 1e-12))
    return -np.expm1(-np.multiply.outer(hazard * camera.faces, resemblances(camera.spread)))


def _rates(camera: CameraSetting) -> dict[tuple[str, str], float]:
    """Alerts and stops a day, by group."""
    found: dict[tuple[str, str], float] = {}
    alerts_each = _alerts_each(camera)  # expected, by [visitors, group, resemblance]
    people = np.multiply.outer(camera.people, camera.group_shares) * (1 - camera.listed)
    false = (people * alerts_each.mean(2)).sum(0) / camera.days
    passes = camera.passes * camera.group_shares
    true = passes * camera.listed * camera.found
    others = passes * (1 - camera.listed)  # passes by people who are on no list
    missed = 100 * (1 - camera.found)
    stopped = 100 * (1 - camera.found * camera.true_stopped)
    for name, group in [(ALL, slice(None)), *((g, k) for k, g in enumerate(camera.groups))]:
        f, t = np.sum(false[group]), np.sum(true[group])
        f_stop, t_stop = f * camera.false_stopped, t * camera.true_stopped
        found |= {
            ("false_alerts_per_day", name): f,
            ("true_alerts_per_day", name): t,
            ("alerts_per_day", name): f + t,
            ("false_alerts_per_1000_passes", name): 10 * _percent(f, np.sum(others[group])),
            ("precision_of_alerts", name): _percent(t, f + t),
            ("precision_of_stops", name): _percent(t_stop, f_stop + t_stop),
            ("false_stops_per_day", name): f_stop,
            ("true_stops_per_day", name): t_stop,
        }
        if name != ALL:
            found["share_of_false_alerts", name] = _percent(f, np.sum(false))
    rates = false[others > 0] / others[others > 0]
    if rates.size:
        found["group_ratio", ALL] = _percent(rates.max(), rates.min()) / 100
    found["missed_share", ALL], found["missed_after_review", ALL] = missed, stopped
    return found


def _alerts_each(camera: CameraSetting) -> Vector:
    """Expected false alerts of one person in the period, by [visitors, group, resemblance]."""
    mean = np.multiply.outer(camera.passes_each, fpir(camera))
    if camera.spared == 0 or camera.false_stopped == 0:
        return mean
    stops = mean * camera.false_stopped
    with np.errstate(divide="ignore", invalid="ignore"):
        until_stop = np.where(stops > 0, -np.expm1(-stops) / camera.false_stopped, mean)
    return (1 - camera.spared) * mean + camera.spared * until_stop


def _people(camera: CameraSetting) -> dict[tuple[str, str], float]:
    """People by how often they are falsely alerted on or stopped, and how the burden is shared."""
    mean = np.multiply.outer(camera.passes_each, fpir(camera))
    once = -np.expm1(-mean)
    twice = once - mean * np.exp(-mean)
    twice = twice * (1 - camera.spared * camera.false_stopped)
    stopped = -np.expm1(-mean * camera.false_stopped)
    people = np.multiply.outer(camera.people, camera.group_shares) * (1 - camera.listed)
    found: dict[tuple[str, str], float] = {}
    once, twice, stopped = (chance.mean(2) for chance in (once, twice, stopped))
    for name, group in [(ALL, slice(None)), *((g, [k]) for k, g in enumerate(camera.groups))]:
        here = people[:, group]

        def count(chance: Vector, here: Vector = here, group: object = group) -> float:
            return float((here * chance[:, group]).sum())

        found["falsely_alerted_once", name] = count(once)
        found["falsely_alerted_repeatedly", name] = count(twice)
        found["falsely_stopped_once", name] = count(stopped)
        found["share_falsely_alerted", name] = _percent(count(once), here.sum())
    found["burden_top_percent", ALL] = _top_percent(mean, _alerts_each(camera), people)
    listed = camera.passes * camera.days * camera.listed
    each = listed / camera.faces if camera.faces > 0 else 0.0
    found["listed_stopped", ALL] = camera.faces * -np.expm1(
        -each * camera.found * camera.true_stopped
    )
    return found


def _top_percent(exposed: Vector, burden: Vector, people: Vector) -> float:
    """The percentage of the burden on the 1 % of people who are most exposed."""
    weight = np.broadcast_to(people[:, :, None] / exposed.shape[2], exposed.shape).ravel()
    order = np.argsort(-exposed.ravel(), kind="stable")
    weight, carried = weight[order], (weight * burden.ravel())[order]
    above = np.cumsum(weight) - weight
    part = np.clip((0.01 * weight.sum() - above) / np.maximum(weight, 1e-300), 0, 1)
    return _percent(float((carried * part).sum()), float(carried.sum()))


def _percent(part: float, whole: float) -> float:
    return 100 * float(part) / float(whole) if whole > 0 else float("nan")
