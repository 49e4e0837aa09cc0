"""Runs of a watch-list camera: the same invented passers-by under every setting of it.

The camera is the engine's (M12): its operating curve, its groups, its look-alikes and the law by
which a gallery's FPIR is composed. Nothing here reads a closed form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from underwatch.assessments.closed_forms.watch_list_setting import (
    CameraSetting,
    setting,
    thresholds_of,
)
from underwatch.assessments.result import Deployment, Key, Measured, Safeguards
from underwatch.assessments.worlds import passes
from underwatch.assessments.worlds.watch_list_alerts import Alerts, Side
from underwatch.assessments.worlds.watch_list_counts import measured
from underwatch.model.sensing.galleries import FACE, FACTORS, PARTS
from underwatch.model.sensing.matcher import resemblances

CITIZENS = 1_500_000  # invented passers-by of a run at most, unless it is said how many
# Passes, alerts and people on the list of a run at most; fewer people are invented otherwise.
_PASSES, _ALERTS, _PEOPLE = 60_000_000, 4_000_000, 20_000_000
_LISTED = 1 << 40  # people on the list have numbers from here on
_ONE = 1 << 32

Setting = tuple[str, float]  # world, threshold
Integers = npt.NDArray[np.int64]


def run(
    deployment: Deployment,
    seed: int,
    citizens: int | None,
    worlds: Mapping[str, Safeguards],
) -> dict[str, dict[Key, Measured]]:
    """One seed: every world on the same people and draws; (value, events) by measure.

    citizens: how many passers-by are invented; counts are those of all passers-by. worlds: the
    safeguards in force by world; None: there is no camera.
    """
    values, declared = deployment.values, float(deployment.get("accuracy.threshold"))
    settings: dict[Setting, CameraSetting] = {}
    for world, safeguards in worlds.items():
        wanted = thresholds_of(deployment) if safeguards == frozenset() else (declared,)
        for threshold in wanted:
            settings[world, threshold] = setting(values, deployment, threshold, safeguards)
    people = _Passers.draw(seed, citizens, list(settings.values()))
    found: dict[str, dict[Key, Measured]] = {world: {} for world in worlds}
    for k, ((world, threshold), camera) in enumerate(settings.items()):
        for (measure, group), one in measured(people.alerts(k), camera, deployment).items():
            found[world][measure, group, threshold] = one
    return found


@dataclass(frozen=True)
class _Passers:
    """The passes that some setting alerts on, and all passes by people on the list."""

    seed: int
    share: float  # of all passers-by that are invented
    settings: list[CameraSetting]
    chances: Integers  # of 2^32, by [setting, group, resemblance]
    rows: Integers  # by pass: person, number, draw, group, resemblance
    kinds: Integers  # of the visitor, by pass
    invented: Integers  # people, by kind of visitor
    passes: Integers  # by group
    listed: Integers  # by pass: person, number, draw, group

    @classmethod
    def draw(cls, seed: int, citizens: int | None, settings: list[CameraSetting]) -> _Passers:
        """Invent the people and their passes. The first setting is as declared."""
        first = settings[0]
        table = _chances(settings)
        groups = _of_2_32(np.cumsum(first.group_shares))
        most = table.max(0)
        share = _share(first, citizens, most)
        rows, kinds, invented = [], [], []
        passed = np.zeros(len(first.groups), np.int64)
        start = 0
        for kind, (people, each) in enumerate(zip(first.people, first.passes_each, strict=True)):
            count = round(share * people * (1 - first.listed))
            found = _candidates(seed, start, count, each, groups, most, passed)
            rows.append(found)
            kinds.append(np.full(len(found), kind, np.int64))
            invented.append(count)
            start += count
        on_list = round(share * first.faces)
        each = first.passes * first.days * first.listed / max(first.faces, 1)
        all_pass = np.full((len(first.groups), FACTORS), _ONE, np.int64)
        listed = _candidates(seed, _LISTED, on_list, each, groups, all_pass, np.zeros_like(passed))
        return cls(seed, share, settings, table, np.concatenate(rows), np.concatenate(kinds),
                   np.array(invented), passed, listed)  # fmt: skip

    def alerts(self, k: int) -> Alerts:
        """What setting k alerts on."""
        camera = self.settings[k]
        person, number, u, group, place = self.rows.T
        here = u < self.chances[k, group, place]
        person, number, group, place = (one[here] for one in (person, number, group, place))
        kinds = self.kinds[here]
        drawn = self._draws(person, number)
        kept = drawn[passes.HOUR - passes.MOMENT] < camera.hours_share * _ONE
        stopped = _stopped(drawn, camera.false_confirmed, camera.acted_on)
        if camera.spared:
            drawn_once = self._draws(person, np.zeros_like(person))
            spared = drawn_once[passes.SPARED - passes.MOMENT] < camera.spared * _ONE
            kept &= ~_after_first_stop(person, drawn[0], stopped & kept, spared)
        false = Side(
            person[kept], group[kept], stopped[kept], drawn[:, kept], kinds[kept], place[kept],
            self.invented,
        )  # fmt: skip
        passes_of_others = self.passes * camera.hours_share
        exposed = np.multiply.outer(camera.passes_each, self.chances[k] / _ONE)
        return Alerts(false, *self._true_alerts(camera), passes_of_others, self.share, exposed)

    def _true_alerts(self, camera: CameraSetting) -> tuple[Side, int]:
        """What it alerts on of the passes by people on its list, and how many these are."""
        person, number, u, group, _ = self.listed.T
        drawn, first = self._draws(person, number), self.settings[0]
        whom = self._draws(person, np.zeros_like(person))[passes.KEPT - passes.MOMENT]
        faces = camera.faces / first.faces if first.faces else 0.0
        passing = camera.listed / first.listed / faces if first.listed and faces else 0.0
        here = drawn[passes.HOUR - passes.MOMENT] < camera.hours_share * _ONE
        here &= (whom < faces * _ONE) & (drawn[passes.KEPT - passes.MOMENT] < passing * _ONE)
        passed = int(here.sum())
        here &= u < camera.found * _ONE
        stopped = _stopped(drawn, camera.true_confirmed, camera.acted_on)
        return Side(person[here], group[here], stopped[here], drawn[:, here]), passed

    def _draws(self, people: Integers, numbers: Integers) -> Integers:
        """The draws of each pass from MOMENT on, by [stream, pass]."""
        streams = np.arange(passes.MOMENT, passes.KEPT + 1)
        out = np.empty((len(streams), len(people)), np.int64)
        passes.draws(self.seed, streams, np.ascontiguousarray(people),
                     np.ascontiguousarray(numbers), out)  # fmt: skip
        return out


def _share(first: CameraSetting, citizens: int | None, most: Integers) -> float:
    """The share of all passers-by that is invented, so that time and memory suffice."""
    people = first.people.sum() * (1 - first.listed)
    passed = float(first.people @ first.passes_each)
    alerts = passed * float(most.mean(1) @ first.group_shares) / _ONE + passed * first.listed
    limits = (
        _PEOPLE / max(first.faces, 1),
        (CITIZENS if citizens is None else citizens) / max(people, 1),
        _PASSES / max(passed, 1),
        _ALERTS / max(alerts, 1),
    )
    return float(min(1.0, *limits))


def _stopped(drawn: Integers, confirmed: float, acted_on: float) -> npt.NDArray[np.bool_]:
    return (drawn[passes.CONFIRMED - passes.MOMENT] < confirmed * _ONE) & (
        drawn[passes.ACTED_ON - passes.MOMENT] < acted_on * _ONE
    )


def _after_first_stop(
    person: Integers, moment: Integers, stopped: npt.NDArray[np.bool_],
    spared: npt.NDArray[np.bool_],
) -> npt.NDArray[np.bool_]:  # fmt: skip
    """Which alerts come after the first stop of a person who is then spared."""
    first: dict[int, int] = {}
    for one, at in zip(person[stopped & spared], moment[stopped & spared], strict=True):
        first[int(one)] = min(int(at), first.get(int(one), _ONE))
    ends = np.array([first.get(int(one), _ONE) for one in person], np.int64)
    return moment > ends


def _chances(settings: list[CameraSetting]) -> Integers:
    """FPIR of every setting by the engine's law of galleries."""
    galleries = 2.0 ** np.arange(PARTS) / FACE
    hazards = [-np.log1p(-np.minimum(one.false_match, 1 - 1e-12)) for one in settings]
    found = np.array([_of_2_32(-np.expm1(-np.multiply.outer(h, galleries))) for h in hazards])
    sizes = np.array([round(one.faces * FACE) for one in settings], np.int64)
    factors = np.round(1024 * resemblances(settings[0].spread)).astype(np.int64)
    out = np.empty((len(settings), len(settings[0].groups), FACTORS), np.int64)
    passes.chances(found, sizes, factors, out)
    return out


def _candidates(
    seed: int, first: int, count: int, each: float, groups: Integers, most: Integers,
    passed: Integers,
) -> Integers:  # fmt: skip
    """Passes that some setting may alert on, of people who pass `each` times on average."""
    from scipy.stats import poisson

    numbers = _of_2_32(poisson.cdf(np.arange(int(each + 12 * each**0.5 + 12)), each))
    expected = count * each * float(most.mean(1) @ np.diff(groups, prepend=0)) / _ONE / _ONE
    out = np.empty((int(expected + 8 * expected**0.5 + 64), 5), np.int64)
    counted = np.zeros_like(passed)
    filled = passes.candidates(seed, first, count, numbers, groups, most, out, counted)
    if filled > len(out):
        out, counted = np.empty((filled, 5), np.int64), np.zeros_like(passed)
        passes.candidates(seed, first, count, numbers, groups, most, out, counted)
    passed += counted
    return out[:filled]


def _of_2_32(p: npt.ArrayLike) -> Integers:
    return np.round(np.clip(p, 0, 1) * 2.0**32).astype(np.int64)
