"""History matching: waves of runs, each among the points that no wave before it has ruled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from underwatch.calibration.emulator import Diagnosis, Emulator, emulate
from underwatch.calibration.parameters import Parameter
from underwatch.calibration.space import CUTOFF, Cloud, Space, explored, spread_out

CANDIDATES = 4  # times the points of a wave, among which they are chosen to lie apart
SETTLED = 0.1  # of the other variances: a smaller one of the emulators ends the waves
LEAST_KEPT = 5  # earlier points for each parameter, below which an emulator gets all of them


class Simulate(Protocol):
    """Figures of the fitted targets at some points: float64 (points, replicates, targets)."""

    def __call__(self, units: np.ndarray, replicates: int, stage: str = "") -> np.ndarray: ...


@dataclass(frozen=True)
class Wave:
    """One wave: its points, the share of the whole space that is left after it, its emulators.

    least: the least implausibility anywhere. targets: the diagnosis of each target's emulator.
    """

    points: int
    runs: int
    share: float
    least: float
    targets: dict[str, Diagnosis]


@dataclass
class History:
    """The waves so far, all points with their figures, and what they leave of the space."""

    space: Space
    waves: list[Wave] = field(default_factory=list)
    units: list[np.ndarray] = field(default_factory=list)  # by wave: (points, parameters)
    figures: list[np.ndarray] = field(default_factory=list)  # (points, replicates, targets)
    cloud: Cloud | None = None

    @property
    def empty(self) -> bool:
        """Whether no point is plausible."""
        return self.cloud is not None and self.cloud.empty


def matched(
    simulate: Simulate,
    parameters: Sequence[Parameter],
    names: Sequence[str],
    space: Space,
    *,
    points: int,
    replicates: int,
    waves: int,
    rng: np.random.Generator,
) -> History:
    """Run waves until the emulators are sure enough, no point is left, or there are enough waves.

    names: of the fitted targets, which are the first figures of every run.
    """
    from scipy.stats import qmc

    history = History(space)
    for number in range(1, waves + 1):
        if history.cloud is None:
            units = qmc.LatinHypercube(len(parameters), rng=rng).random(points)
        else:
            some = rng.permutation(history.cloud.points)[: CANDIDATES * points]
            units = spread_out(some, points, rng)
        units = rounded(parameters, units)
        stage = f"Wave {number} of at most {waves}: {len(units):,} points."
        figures = simulate(units, replicates, stage)
        history.units.append(units)
        history.figures.append(figures)
        emulators = _emulators(history, len(names))
        space.waves.append(emulators)
        history.cloud = explored(space, len(parameters), rng)
        history.waves.append(
            Wave(
                len(units), units.shape[0] * replicates, history.cloud.share, history.cloud.least,
                {name: one.diagnosis for name, one in zip(names, emulators, strict=True)},
            )
        )  # fmt: skip
        if history.empty or _settled(space, history.cloud):
            break
    return history


def rounded(parameters: Sequence[Parameter], units: np.ndarray) -> np.ndarray:
    """The points at which runs can be: whole numbers where a parameter is one."""
    made = units.copy()
    for k, one in enumerate(parameters):
        if one.whole:
            made[:, k] = [one.unit(one.value(unit)) for unit in units[:, k]]
    return made


def _emulators(history: History, targets: int) -> list[Emulator]:
    """One for each target, from all runs inside the space before this wave."""
    units, figures = np.concatenate(history.units), np.concatenate(history.figures)
    inside = history.space.implausibility(units) <= CUTOFF
    if inside.sum() >= LEAST_KEPT * units.shape[1] + len(history.units[-1]) // 2:
        units, figures = units[inside], figures[inside]
    return [emulate(units, figures[:, :, k]) for k in range(targets)]


def _settled(space: Space, cloud: Cloud) -> bool:
    """Whether another wave could tell little: the emulators are surer than the figures."""
    for emulator, known in zip(space.waves[-1], space.variances, strict=True):
        _, variance = emulator.predict(cloud.points)
        if np.median(variance) > SETTLED * known:
            return False
    return True


def out_of_reach(
    history: History, names: Sequence[str], rng: np.random.Generator
) -> tuple[list[str], list[str]]:
    """Targets that no point reaches by themselves, and those that none reaches together."""
    space, parameters = history.space, history.units[0].shape[1]
    alone = []
    for k, name in enumerate(names):
        single = Space(
            space.values[k : k + 1], space.variances[k : k + 1],
            [[emulators[k]] for emulators in space.waves],
        )  # fmt: skip
        if explored(single, parameters, rng).empty:
            alone.append(name)
    assert history.cloud is not None
    nearest = history.cloud.points[space.implausibility(history.cloud.points).argmin()][None]
    furthest = np.max([space.distances(nearest, w)[0] for w in range(len(space.waves))], 0)
    together = [name for name, away in zip(names, furthest, strict=True) if away > CUTOFF]
    return alone, together
