"""Cases of face matching: the watch list of a run (M12), and that of an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from underwatch.assessments.worlds.watch_list import run
from underwatch.verification.alerts import alerts
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import of_share
from underwatch.verification.deployments import ONE_GROUP, camera

_LIST = 10_000  # faces: FPIR 1/6,000 at the threshold of NPL's figures
_PUBLISHED = {1_000: 1 / 60_000, 10_000: 1 / 6_000, 1_000_000: 0.0165}  # FPIR by faces
_PRECISION = {1e-5: (5.07, 14.5), 1e-4: (34.8, 62.8), 1e-3: (84.2, 94.4)}  # before, after review
_UNEQUAL = {0: 45.6, 1: 37.8, 3: 18.7, 10: 4.0}  # alerted in 3,650 passes, by CV of look-alikes
Found = Mapping[str, tuple[float, int]]  # value and events by measure


def _station(seed: int, **figures: float) -> Found:
    """One run of the assessment's camera at NPL's threshold, with one group.

    figures: by dotted path; look-alikes are equal unless they say otherwise.
    """
    station = camera(ONE_GROUP | {"accuracy.lookalike_spread": 0.0} | figures)
    found = run(station, seed, None, {"as declared": frozenset()})["as declared"]
    return {name: (value, int(events or 0)) for (name, group, _), (value, events) in found.items()
            if group == "all"}  # fmt: skip


def fpir(replicates: int, seed: int) -> list[Check]:
    """Case 1: false alerts of the camera, at three sizes of the list."""
    checks = []
    for faces, expected in _PUBLISHED.items():
        people = max(1_000, round(replicates / expected / _DAYS))
        false = alerts(people, _DAYS, seed, faces)[:, 0].sum()
        million = 1e6
        checks.append(of_share(
            f"False alerts of a run's camera, {faces:,} faces", million * expected, float(false),
            people * _DAYS, "per million passes", million, tolerance=_digits(faces),
        ))  # fmt: skip
    for faces, expected in _PUBLISHED.items():
        found = [
            _station(seed + k, **{"list.size": faces}) for k in range(max(1, replicates // 500))
        ]
        per_thousand, events = _pooled(found, "false_alerts_per_1000_passes")
        checks.append(of_share(
            f"False alerts of an assessment's camera, {faces:,} faces", 1e6 * expected, events,
            1000 * events / per_thousand, "per million passes", 1e6, tolerance=_digits(faces),
        ))  # fmt: skip
    return checks


_DAYS = 1_000  # passes of each person, where people are alike


def _digits(faces: int) -> float:
    """What rounding leaves of the published rate, per million: 1.65 % has three digits."""
    return 50.0 if faces == 1_000_000 else 0.02


def _pooled(found: list[Found], measure: str) -> tuple[float, int]:
    """The mean of a measure over runs of equal size, and its events in all."""
    return float(np.mean([one[measure][0] for one in found])), sum(one[measure][1] for one in found)


def precision(replicates: int, seed: int) -> list[Check]:
    """Case 2: the share of alerts that are true, by prevalence."""
    checks = [_of_run(1e-3, 0, seed, replicates), _of_run(1e-4, 0, seed, replicates)]
    for prevalence, (expected, _) in _PRECISION.items():
        checks.append(_of_station("precision_of_alerts", prevalence, expected, replicates, seed))
    return checks


def two_stages(replicates: int, seed: int) -> list[Check]:
    """Case 19: the same after an operator has confirmed."""
    checks = [_of_run(1e-3, 1, seed, replicates), _of_run(1e-4, 1, seed, replicates)]
    for prevalence, (_, expected) in _PRECISION.items():
        checks.append(_of_station("precision_of_stops", prevalence, expected, replicates, seed))
    return checks


def _of_run(prevalence: float, stage: int, seed: int, replicates: int) -> Check:
    """The precision of a run's alerts, or of those that operators confirm (stage 1)."""
    people, listed = round(10 / prevalence), 10
    days = max(20, round(20_000 * replicates / people))
    found = alerts(people, days, seed, _LIST, listed=listed)[:, stage]
    true, every = float(found[:listed].sum()), float(found.sum())
    which = ("alerts", "confirmed alerts")[stage]
    return of_share(
        f"Precision of {which} of a run's camera, 1 in {1 / prevalence:,.0f} on the list",
        _PRECISION[prevalence][stage], true, every, tolerance=0.05,
    )  # fmt: skip


def _of_station(
    measure: str, prevalence: float, expected: float, replicates: int, seed: int
) -> Check:
    runs = max(1, replicates // 250)
    found = [_station(seed + k, **{"list.share_of_passes": prevalence}) for k in range(runs)]
    stage = "stops" if measure.endswith("stops") else "alerts"
    true, false = (sum(one[f"{side}_{stage}_per_day"][1] for one in found)
                   for side in ("true", "false"))  # fmt: skip
    label = "confirmed alerts" if stage == "stops" else "alerts"
    return of_share(
        f"Precision of {label} of an assessment's camera, 1 in {1 / prevalence:,.0f} on the list",
        expected, true, true + false, tolerance=0.05,
    )  # fmt: skip


def at_least_once(replicates: int, seed: int) -> list[Check]:
    """Case 3: people alerted on at least once, in a year and in ten of daily passes."""
    checks = []
    for passes, expected in ((365, 5.9), (3_650, 45.6)):
        people = round(replicates * 3_650 / passes)
        once = alerts(people, passes, seed, _LIST)[:, 0] > 0
        checks.append(of_share(
            f"Falsely alerted in {passes:,} passes, a run's camera", expected, float(once.sum()),
            people, tolerance=0.05,
        ))  # fmt: skip
        checks.append(_share_alerted(passes, 0, expected, seed))
    return checks


def unequal_people(replicates: int, seed: int) -> list[Check]:
    """Case 20: people alerted on at least once in 3,650 passes, where look-alikes are unequal."""
    checks = []
    for spread, expected in _UNEQUAL.items():
        once = alerts(replicates, 3_650, seed, _LIST, spread=float(spread))[:, 0] > 0
        checks.append(of_share(
            f"Falsely alerted, coefficient of variation {spread}, a run's camera", expected,
            float(once.sum()), replicates, tolerance=0.05,
        ))  # fmt: skip
        checks.append(_share_alerted(3_650, spread, expected, seed))
    return checks


def _share_alerted(passes: int, spread: int, expected: float, seed: int) -> Check:
    """The same from the assessment's camera, whose people pass at random, so often on average."""
    visitors = camera({}).get("people.visitors")
    each = {f"people.visitors.{kind}.passes_per_year": passes for kind in visitors}
    found = _station(seed, **each, **{"accuracy.lookalike_spread": spread})
    share, once = found["share_falsely_alerted"]
    return of_share(
        f"Falsely alerted in {passes:,} passes, coefficient of variation {spread}, an "
        "assessment's camera", expected, once, once / share * 100, tolerance=0.05,
    )  # fmt: skip


def updating(replicates: int, seed: int) -> list[Check]:
    """Case 21: what one alert, two independent ones, and the same photo twice are evidence of."""
    people, listed = 100_000, 10
    days = max(50, replicates)
    found = alerts(people, days, seed, _LIST, listed=listed)[:, 0].astype(float)
    pairs = found * (found - 1) / 2  # of alerts on one person on different days
    errors = float((found[listed:] > 1).sum())  # people wrongly alerted on twice are few
    again = alerts(people, days, seed, _LIST, listed=listed)[:, 0]
    both = np.minimum(found, again)  # each pass searched twice: the same alerts
    share = 100 * pairs[:listed].sum() / pairs.sum()
    return [
        of_share("On the list after one alert", 34.8, found[:listed].sum(), found.sum(),
                 tolerance=0.05),
        Check("On the list after two independent alerts", 99.96, float(share), "%",
              error=float((100 - share) / max(1.0, errors) ** 0.5), tolerance=0.005,
              replicates=round(pairs.sum())),
        replace(
            of_share("On the list after the same photo matched twice", 34.8, both[:listed].sum(),
                     both.sum(), tolerance=0.05),
            role="identity",
        ),
    ]  # fmt: skip


_KERNELS = (
    "M12 Face matching: a run's camera (sensing.cameras.capture) and an assessment's "
    "(worlds.watch_list, worlds.passes)"
)
_MATCHER = "NPL 2023 via press: TPIR .89, FPIR 1/6,000 at 10,000 faces; computed from it"

CASES = (
    Case(
        1, "False alerts and the size of the list", f"{_KERNELS}: FPIR of a list",
        "FPIR(N) = 1 − (1 − FMR)^N at FMR 1.667e-8 (NPL 2023 via press)", "C", "exact", fpir,
        replicates=2_500, quick=500, seconds=30,
        notices="A lost binary digit of the size of the list moves a rate by 12 to 50 %, and a "
        "list that is read per 256th of a face by 256 times; the error is 2 %.",
    ),
    Case(
        2, "Precision of alerts", f"{_KERNELS}: true and false alerts", _MATCHER, "S", "exact",
        precision, replicates=1_000, quick=250, seconds=15,
        notices="Prevalence or FPIR off by a quarter: the precision at 1e-4 would move by 5 "
        "points; the error is .7.",
    ),
    Case(
        3, "Falsely alerted at least once", f"{_KERNELS}: people with an alert", _MATCHER, "S",
        "exact", at_least_once, replicates=20_000, quick=4_000, seconds=15,
        notices="Draws that repeat from day to day or are shared by two people: after ten years "
        "the share would be that of one year; the error is .4 points.",
    ),
    Case(
        19, "Precision after a human review", f"{_KERNELS} with an operator",
        "PPV = pT·h₁/(pT·h₁ + (1−p)F·h₀), T .89, F 1/6,000, h₁ .95, h₀ .30", "C", "exact",
        two_stages, replicates=1_000, quick=250, seconds=15,
        notices="The operator's two rates swapped: the precision at 1e-4 would be 14 % instead of "
        "63 %; the error is 1 point.",
    ),
    Case(
        20, "Repeated looks at unequal people", f"{_KERNELS}: persistent look-alikes",
        "1 − B(a, b+n)/B(a, b), mean 1/6,000, n = 3,650", "C", "exact", unequal_people,
        replicates=16_000, quick=3_000, seconds=25,
        notices="Look-alikes drawn anew every day: the share would be 45.6 % whatever the "
        "coefficient of variation; the error is at most .4 points.",
    ),
    Case(
        21, "Evidence of one alert and of two", "M12 Face matching: a run's camera "
        "(sensing.cameras.capture), alerts on the same person on different days and on the same",
        "Odds × LRᵏ, prior 1e-4, likelihood ratio 5,340", "C", "exact", updating,
        replicates=300, quick=100, seconds=6,
        notices="Days that share a draw: a second alert would add nothing, 35 % instead of "
        "99.96 %.",
        note="The assessment of a photo that is searched twice rests on one draw, because chance "
        "is an address: the second search finds what the first found, whatever the camera does.",
    ),
)  # fmt: skip
