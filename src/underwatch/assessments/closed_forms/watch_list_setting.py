"""A watch-list camera as numbers: one threshold, with or without safeguards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import numpy.typing as npt

from underwatch.assessments.result import Deployment, Safeguards
from underwatch.model.sensing.matcher import by_group, rates_at

Vector = npt.NDArray[np.float64]
DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class CameraSetting:
    """What the closed forms and the runs of one setting share: its inputs, and no formula.

    passes: a day, in the hours in use. faces: on the list. listed: share of the passes that are
    of people on it. false_match: FMR by group. found: TPIR. true_stopped, false_stopped: chance
    that a true or a false alert is confirmed and acted on. spared: share of people who are not
    alerted on again after a false stop. group_shares: of passes. people, passes_each: by kind of
    visitor, over the period.
    """

    days: int
    hours: float
    passes: float
    faces: float
    listed: float
    false_match: Vector
    spread: float
    found: float
    true_confirmed: float
    false_confirmed: float
    acted_on: float
    spared: float
    groups: tuple[str, ...]
    group_shares: Vector
    people: Vector
    passes_each: Vector
    minutes_of_the_person: float
    reviewers: int
    minutes_each: float
    hours_share: float

    @property
    def true_stopped(self) -> float:
        """The chance that a true alert is confirmed and acted on."""
        return self.true_confirmed * self.acted_on

    @property
    def false_stopped(self) -> float:
        """The chance that a false alert is confirmed and acted on."""
        return self.false_confirmed * self.acted_on


def thresholds_of(deployment: Deployment) -> tuple[float, ...]:
    """The thresholds to report, ascending; the one in use is among them."""
    declared = [float(each) for each in deployment.get("accuracy.compare_thresholds", [])]
    return tuple(sorted({*declared, float(deployment.get("accuracy.threshold"))}))


def setting(
    values: Mapping[str, float],
    deployment: Deployment,
    threshold: float,
    safeguards: Safeguards = frozenset(),
) -> CameraSetting:
    """One setting of the camera from the figures of its file.

    values: figures by dotted path, which replace those of the file (`Deployment.values`).
    safeguards: keys of those in force, out of `safeguards` in the file; None: no camera at all.
    """
    absent, safeguards = safeguards is None, safeguards or frozenset()
    hours = deployment.period.hours_per_day
    used = hours
    if "fewer_hours" in safeguards:
        used = min(hours, float(deployment.get("safeguards.fewer_hours.hours_per_day")))
    if "higher_threshold" in safeguards:
        threshold += values["safeguards.higher_threshold.by"]
    source = "safeguards.smaller_list" if "smaller_list" in safeguards else "list"
    listed = values[f"{source}.share_of_passes"]
    if source != "list" and values["list.size"]:  # drawn apart, they must stay parts of the list
        most = values["list.share_of_passes"] * values[f"{source}.size"] / values["list.size"]
        listed = min(listed, most)
    confirmed = {
        which: values[f"review.{which}"] for which in ("true_confirmed", "false_confirmed")
    }
    if "second_reviewer" in safeguards:  # two people confirm no more than the first of them
        confirmed = {which: min(share, values[f"safeguards.second_reviewer.{which}"])
                     for which, share in confirmed.items()}  # fmt: skip
    spared = "safeguards.no_repeated_alert.works_for"
    false_match, missed = _rates(values, deployment, threshold)
    if absent:
        false_match, missed = np.zeros_like(false_match), 1.0
    days, passes = deployment.period.days, values["people.passes_per_day"]
    groups, shares = _shares(values, deployment, "people.groups", "share")
    kinds, of_passes = _shares(values, deployment, "people.visitors", "share_of_passes")
    each = np.array([values[f"people.visitors.{kind}.passes_per_year"] for kind in kinds])
    return CameraSetting(
        days=days,
        hours=used,
        passes=passes * used / hours,
        faces=values[f"{source}.size"],
        listed=listed,
        false_match=false_match,
        spread=values["accuracy.lookalike_spread"],
        found=1 - missed,
        true_confirmed=confirmed["true_confirmed"],
        false_confirmed=confirmed["false_confirmed"],
        acted_on=values["decisions.acted_on"],
        spared=values[spared] if "no_repeated_alert" in safeguards else 0.0,
        groups=groups,
        group_shares=shares,
        people=of_passes * passes * DAYS_A_YEAR / each,
        passes_each=each * days / DAYS_A_YEAR * used / hours,
        minutes_of_the_person=values["decisions.minutes_of_the_person"],
        reviewers=int(deployment.get("review.reviewers")),
        minutes_each=values["review.minutes_each"],
        hours_share=used / hours,
    )


def _rates(
    values: Mapping[str, float], deployment: Deployment, threshold: float
) -> tuple[Vector, float]:
    """(FMR by group, miss rate) at a threshold, by the matcher of the engine."""
    points = sorted(
        (
            float(point["threshold"]),
            values[f"accuracy.curve.{name}.false_match_rate"],
            values[f"accuracy.curve.{name}.miss_rate"],
        )
        for name, point in deployment.get("accuracy.curve").items()
    )
    at, false_matches, misses = (list(column) for column in zip(*points, strict=True))
    curve = SimpleNamespace(
        thresholds=at, false_match_rates=false_matches, false_match_rates_low=false_matches,
        miss_rates=misses, miss_rates_low=misses,
    )  # fmt: skip
    false_match, missed = rates_at(curve, threshold)
    groups = list(deployment.get("people.groups"))
    factors = [values.get(f"accuracy.group_factors.{group}", 1.0) for group in groups]
    tested = deployment.get("accuracy.tested_mix") or {}
    mix = [values[f"accuracy.tested_mix.{group}"] for group in groups] if tested else None
    shares = [values[f"people.groups.{group}.share"] for group in groups]
    camera = SimpleNamespace(group_factors=factors, tested_mix=mix)
    return by_group(false_match, camera, shares), missed


def _shares(
    values: Mapping[str, float], deployment: Deployment, section: str, key: str
) -> tuple[tuple[str, ...], Vector]:
    """Names, and shares that add up to 1 also where each is moved within its range."""
    names = tuple(deployment.get(section))
    shares = np.array([values[f"{section}.{name}.{key}"] for name in names])
    return names, shares / shares.sum()
