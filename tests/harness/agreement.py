"""Faults planted in the runs of assessments: does the page's "agree" turn to "differ"?

    python -m tests.harness.agreement [--only station,patrols] [--faults notified,day]
        [--citizens 200000] [--seeds 10]

A fault goes into the runs alone; the formulas are those of the file. Each trial runs the world as
declared over some seeds and counts the figures that then differ, as the page would, beside those
that differ with nothing planted. Prints a table; the exit code is 1 if a fault goes unseen where a
formula could see it.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.result import ALL, Deployment, Estimate
from underwatch.assessments.worlds import citizen_score, patrols, risk_score, watch_list
from underwatch.assessments.worlds import watch_list_counts as counts
from underwatch.assessments.worlds.comparing import by_key, estimate

SIZES = {"station": 400_000, "welfare-fraud": None, "patrols": None, "citizen-score-pilot": 20_000,
         "income-averaging": None}  # fmt: skip
Change = Callable[[Deployment], Deployment]
Patch = Callable[[], Any]  # a context in which the runs have a fault


class Fault(NamedTuple):
    """What is planted in the runs: other figures of the file, other code, or both.

    unseen: why nothing on the page can see it; empty if something must.
    """

    file: str
    what: str
    change: Change = lambda deployment: deployment
    code: Patch | None = None
    unseen: str = ""


def times(path: str, factor: float) -> Change:
    """One figure of the file off by a factor."""
    return lambda made: made.with_figure(path, made.figure(path) * factor)


def swapped(one: str, other: str) -> Change:
    """Two figures of the file exchanged."""
    return lambda made: made.with_figure(one, made.figure(other)).with_figure(
        other, made.figure(one)
    )


def becomes(path: str, value: float) -> Change:
    """One figure of the file with another value."""
    return lambda made: made.with_figure(path, value)


def lasts(days: int) -> Change:
    """A period that is longer by some days."""
    return lambda made: replace(made, period=replace(made.period, days=made.period.days + days))


def entry(path: str, value: object) -> Change:
    """One entry of the file that is no figure."""
    section, key = path.split(".")

    def changed(made: Deployment) -> Deployment:
        inside = {**made.sections[section], key: value}
        return replace(made, sections={**made.sections, section: inside})

    return changed


@contextmanager
def no_review() -> Iterator[None]:
    """Every alert leads to a stop, whatever the reviewer says."""
    with patch.object(watch_list, "_stopped", lambda drawn, *_: np.full(drawn.shape[1], True)):
        yield


@contextmanager
def thrice() -> Iterator[None]:
    """People who are alerted on three times or more are counted as those alerted on twice."""
    own = counts._people

    def people(alerts: Any, camera: Any) -> dict[Any, Any]:
        _, often = np.unique(alerts.false.people, return_counts=True)
        many = int((often > 2).sum())
        wrong = {("falsely_alerted_repeatedly", ALL): (many / alerts.share, many)}
        return own(alerts, camera) | wrong

    with patch.object(counts, "_people", people):
        yield


@contextmanager
def other_group() -> Iterator[None]:
    """Alerts on the last group are booked on the first, and the other way round."""
    own = counts._by_group

    def by_group(alerts: Any, camera: Any) -> dict[Any, Any]:
        last = len(camera.groups) - 1
        sides = [
            replace(side, groups=np.where(side.groups == 0, last, np.where(
                side.groups == last, 0, side.groups)))
            for side in (alerts.false, alerts.true)
        ]  # fmt: skip
        return own(replace(alerts, false=sides[0], true=sides[1]), camera)

    with patch.object(counts, "_by_group", by_group):
        yield


@contextmanager
def one_round_less() -> Iterator[None]:
    """The last round of checks is lost."""
    own = risk_score.handle

    def handle(cases: Any, whole: Any, seed: int) -> Any:
        done = own(cases, whole, seed)
        events = done.events.copy()
        events[-1] = 0
        return replace(done, events=events)

    with patch.object(risk_score, "handle", handle):
        yield


@contextmanager
def fortnights(number: int) -> Iterator[None]:
    """A year of another number of fortnights."""
    from underwatch.assessments.organs import averaging

    with patch.object(averaging, "FORTNIGHTS", number):
        yield


@contextmanager
def first_day_lost() -> Iterator[None]:
    """Patrols of the first day are not counted."""
    own = patrols.sent

    def sent(*args: Any) -> Any:
        done = own(*args)
        first = np.bincount(done.where[0].ravel(), minlength=done.visits.shape[1])
        return done._replace(visits=done.visits - first)

    with patch.object(patrols, "sent", sent):
        yield


@contextmanager
def keys(**scenario: str) -> Iterator[None]:
    """Figures of the file that reach other keys of the scenario."""
    wanted = citizen_score.SCENARIO_KEYS | {
        name.replace("__", "."): key for name, key in scenario.items()
    }
    with patch.object(citizen_score, "SCENARIO_KEYS", wanted):
        yield


_RULINGS = dict(appeals__upheld_if_wrong="redress.reversed_rightful",
                appeals__upheld_if_right="redress.reversed_wrongful")  # fmt: skip
_NO_FORMULA = "what follows from whole lives has no formula"
STATION, WELFARE, PATROLS, PILOT = "station", "welfare-fraud", "patrols", "citizen-score-pilot"
FAULTS = (
    Fault(STATION, "false-match rate 20 % higher",
          times("accuracy.curve.tested.false_match_rate", 1.2)),
    Fault(STATION, "miss rate 20 % higher", times("accuracy.curve.tested.miss_rate", 1.2)),
    Fault(STATION, "reviewer confirms 20 % fewer false alerts",
          times("review.false_confirmed", 0.8)),
    Fault(STATION, "list 20 % shorter", times("list.size", 0.8)),
    Fault(STATION, "shares of groups A and D exchanged",
          swapped("people.groups.A.share", "people.groups.D.share")),
    Fault(STATION, "alerts booked on another group", code=other_group),
    Fault(STATION, "no review", code=no_review),
    Fault(STATION, "nobody resembles others more", becomes("accuracy.lookalike_spread", 0.0)),
    Fault(STATION, "three alerts counted as two", code=thrice),
    Fault(STATION, "rulings for right and wrong stops exchanged",
          swapped("appeals.upheld_if_wrong", "appeals.upheld_if_right")),
    Fault(STATION, "reviewer 20 % slower", times("review.minutes_each", 1.2)),
    Fault(STATION, "a year too many", lasts(365)),
    Fault(WELFARE, "errors 20 % more frequent", times("errors.share", 1.2)),
    Fault(WELFARE, "shares of women and men exchanged", becomes("people.shares.women", 0.45)),
    Fault(WELFARE, "no review", lambda made: becomes("review.false_confirmed", 1.0)(
        becomes("review.true_confirmed", 1.0)(made))),
    Fault(WELFARE, "a round of checks lost", code=one_round_less),
    Fault(WELFARE, "nothing learned from earlier checks", becomes("labels.strength", 0.0)),
    Fault(WELFARE, "a proxy of background 20 % weaker",
          times("score.features.language of letters.proxies.foreign background", 0.8)),
    Fault(WELFARE, "checks err 20 % more", times("checks.wrongly_found", 1.2)),
    Fault(WELFARE, "the noise of a person is new in each round",
          becomes("score.features.changes reported late.lasting", 0.0)),
    Fault(WELFARE, "appeals in wrong and right cases exchanged",
          swapped("appeals.filed_if_wrong", "appeals.filed_if_right")),
    Fault(PATROLS, "20 % more incidents reported in one district",
          times("people.districts.the river district.reported", 1.2)),
    Fault(PATROLS, "reports weigh 20 % less", times("allocation.reported_weight", 0.8)),
    Fault(PATROLS, "residents of the group exchanged between districts",
          swapped("people.districts.the river district.of_group",
                  "people.districts.the hill district.of_group")),
    Fault(PATROLS, "one stop of a patrol lost", entry("stops.per_patrol", 5)),
    Fault(PATROLS, "the first day lost", code=first_day_lost),
    Fault(PATROLS, "a year too many", lasts(365)),
    Fault(PILOT, "20 % more are notified", times("appeals.notified", 1.2)),
    Fault(PILOT, "20 % fewer appeal", times("appeals.filed_after_notice", 0.8)),
    Fault(PILOT, "rulings for right and wrong restrictions exchanged",
          code=lambda: keys(**_RULINGS)),
    Fault(PILOT, "association 20 % stronger", times("score.association", 1.2)),
    Fault(PILOT, "restrictions a day longer",
          lambda made: made.with_figure("decisions.days", made.figure("decisions.days") + 1)),
    Fault(PILOT, "restrictions a year longer",
          lambda made: made.with_figure("decisions.days", made.figure("decisions.days") + 365)),
    Fault(PILOT, "line 20 points higher",
          lambda made: made.with_figure("decisions.line", made.figure("decisions.line") + 20),
          unseen=_NO_FORMULA),
    Fault("income-averaging", "a year of 27 fortnights", code=lambda: fortnights(27)),
    Fault("income-averaging", "income of a fortnight 20 % higher", times("averaging.earned", 1.2)),
)  # fmt: skip


def differing(
    file: str, seeds: int | None = None, citizens: int | None = None, fault: Fault | None = None
) -> tuple[int, list[Estimate]]:
    """How many figures were compared, and those that differ, with a fault or without."""
    declared = read_deployment(file)
    kind = KINDS[declared.kind]
    world = {"as declared": frozenset[str]()}
    made = fault.change(declared) if fault else declared
    size = citizens or SIZES[file]
    found: list[Mapping[Any, Any]] = []
    with fault.code() if fault and fault.code else nullcontext():
        for seed in range(2018, 2018 + (seeds or kind.seeds)):
            # Where laws are simulated alone, these alone have a formula.
            simulate = kind.probes if kind.laws else kind.run
            found.append(simulate(made, seed, size, world)["as declared"])
    closed, left_out = kind.compared(declared.values, declared, frozenset(), size)
    simulated = by_key(found)
    both = [
        one for key in closed.keys() & simulated.keys()
        if (one := estimate(key, "as declared", kind.measures[key[0]], closed[key], None,
                            simulated[key], None, left_out)) is not None and one.agrees is not None
    ]  # fmt: skip
    return len(both), [one for one in both if not one.agrees]


def _by_distance(one: Estimate) -> float:
    """How far the run is from the formula, in parts of the formula."""
    return -abs((one.simulated or 0.0) - one.value) / max(abs(one.value), 1e-300)


def main() -> int:
    """Plant every fault in turn; the number of those that are missed."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--only", default="", help="files, with commas between them")
    options.add_argument("--faults", default="", help="parts of their names, with commas between")
    options.add_argument("--seeds", type=int)
    options.add_argument("--citizens", type=int)
    given = options.parse_args()
    wanted = [one for one in given.only.split(",") if one] or [*SIZES]
    parts = given.faults.split(",")
    faults = [one for one in FAULTS if any(part in one.what for part in parts)]
    begun, missed, without = time.perf_counter(), 0, 0
    print("| file | planted in the runs | figures that differ | first of them |\n|---|---|--:|---|")
    for file in wanted:
        compared, differ = differing(file, given.seeds, given.citizens)
        without += len(differ)
        known_to = {(one.measure, one.group) for one in differ}
        print(f"| {file} | nothing | {len(differ)} of {compared} | {_first(differ)} |", flush=True)
        for fault in (one for one in faults if one.file == file):
            compared, found = differing(file, given.seeds, given.citizens, fault)
            differ = [one for one in found if (one.measure, one.group) not in known_to]
            missed += not differ and not fault.unseen
            why = f"not seen: {fault.unseen}" if fault.unseen and not differ else _first(differ)
            print(f"| {file} | {fault.what} | {len(differ)} of {compared} | {why} |", flush=True)
    planted = sum(one.file in wanted for one in faults)
    known = sum(one.file in wanted and bool(one.unseen) for one in faults)
    print(f"\n{planted} faults planted, {known} of them where nothing can see them, {missed} "
          f"others missed; {without} figures differ without a fault; "
          f"{time.perf_counter() - begun:.0f} s.")  # fmt: skip
    return int(bool(missed))


def _first(differ: list[Estimate]) -> str:
    if not differ:
        return "–"
    one = min(differ, key=_by_distance)
    return f"{one.label}, {one.group}: {one.simulated:.4g} instead of {one.value:.4g}"


if __name__ == "__main__":
    sys.exit(main())
