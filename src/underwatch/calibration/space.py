"""The space of parameters that no wave has ruled out, and the posterior in it, by sampling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from underwatch.calibration.emulator import Emulator

CUTOFF = 3.0  # three standard deviations hold 95 % of any distribution with one peak
CLOUD = 1_000  # points by which a space is known
KEPT = 0.25  # of the points at each step towards a small space
STEPS = 8  # moves of every point after it was copied
MOST_STAGES = 60
Density = Callable[[np.ndarray], np.ndarray]


class Cloud(NamedTuple):
    """Points spread over a space, and the share of the unit cube that the space has.

    least: the least implausibility that was met on the way; above `CUTOFF`, the space is empty
    and the points are the least implausible ones.
    """

    points: np.ndarray
    share: float
    least: float

    @property
    def empty(self) -> bool:
        """Whether no point was found."""
        return self.least > CUTOFF


@dataclass
class Space:
    """Points are ruled out by the emulators of every wave.

    values: the published figures. variances: of their errors and of the discrepancy of the model.
    waves: the emulators of each wave, one for each target. correlations: of these errors, float64
    (targets, targets); None if they are independent.
    """

    values: np.ndarray
    variances: np.ndarray
    waves: list[Sequence[Emulator]] = field(default_factory=list)
    correlations: np.ndarray | None = None

    def distances(self, units: np.ndarray, wave: int = -1) -> np.ndarray:
        """Implausibility by target: float64 (points, targets).

        The distance between figure and prediction in standard deviations of all that is unsure.
        """
        means, variances = self._predicted(units, wave)
        found: np.ndarray = np.abs(means - self.values) / np.sqrt(variances + self.variances)
        return found

    def implausibility(self, units: np.ndarray) -> np.ndarray:
        """The largest implausibility over all targets and waves: float64 (points,)."""
        found = [self.distances(units, wave).max(1) for wave in range(len(self.waves))]
        return np.max(found, 0) if found else np.zeros(len(units))

    def log_likelihood(self, units: np.ndarray) -> np.ndarray:
        """Of the published figures, with the emulators of the last wave: float64 (points,).

        Minus infinity where a wave has ruled out a point.
        """
        means, variances = self._predicted(units, -1)
        total = variances + self.variances
        squares = (self.values - means) ** 2 / total
        found: np.ndarray = -0.5 * (squares + np.log(total)).sum(1)
        if self.correlations is not None:
            found = self._joint(self.values - means, variances)
        inside = squares.max(1) <= CUTOFF**2
        for wave in range(len(self.waves) - 1):
            some = np.flatnonzero(inside)
            if some.size:
                inside[some] = self.distances(units[some], wave).max(1) <= CUTOFF
        return np.where(inside, found, -np.inf)

    def _joint(self, away: np.ndarray, variances: np.ndarray) -> np.ndarray:
        """The log likelihood with correlated errors; those of the emulators are independent.

        away, variances: of the emulators' predictions, float64 (points, targets) each.
        """
        spread = np.sqrt(self.variances)
        known = self.correlations * np.outer(spread, spread)
        roots = np.linalg.cholesky(known + variances[:, :, None] * np.eye(len(spread)))
        scaled = np.linalg.solve(roots, away[:, :, None])[:, :, 0]
        logs = np.log(np.diagonal(roots, axis1=1, axis2=2))
        found: np.ndarray = -(0.5 * scaled**2 + logs).sum(1)
        return found

    def _predicted(self, units: np.ndarray, wave: int) -> tuple[np.ndarray, np.ndarray]:
        """Means and variances of the emulators of a wave: float64 (points, targets) each."""
        predicted = [one.predict(units) for one in self.waves[wave]]
        means, variances = (np.stack(parts, 1) for parts in zip(*predicted, strict=True))
        return means, variances


def explored(space: Space, parameters: int, rng: np.random.Generator) -> Cloud:
    """Points spread evenly over what is not ruled out, however small it is.

    Subset simulation: the least implausible quarter of the points is kept, copied and moved within
    its own bound, until the bound is the cutoff; the shares that are kept multiply.
    """
    from scipy.stats import qmc

    points = qmc.LatinHypercube(parameters, rng=rng).random(CLOUD)
    away = space.implausibility(points)
    share, bounds = 1.0, [np.inf]
    for _ in range(MOST_STAGES):
        inside = away <= CUTOFF
        bound = CUTOFF if inside.mean() >= KEPT else float(np.quantile(away, KEPT))
        if bound > CUTOFF and _stalled(bounds, bound):
            return Cloud(points[away <= bound], 0.0, float(away.min()))
        bounds.append(bound)
        kept = away <= bound
        share *= float(kept.mean())
        if kept.all():
            break

        def log_density(units: np.ndarray, bound: float = bound) -> np.ndarray:
            return np.where(space.implausibility(units) <= bound, 0.0, -np.inf)

        points = moved(_copied(points, kept.astype(float), rng), log_density, rng)
        away = space.implausibility(points)
        if bound == CUTOFF:
            break
    return Cloud(points, share, float(away.min()))


def _stalled(bounds: list[float], bound: float) -> bool:
    """Whether the bound has hardly come down over three stages."""
    return len(bounds) > 3 and bound > 0.98 * bounds[-3]


def posterior(space: Space, cloud: Cloud, rng: np.random.Generator) -> np.ndarray:
    """Points drawn from the posterior: float64 (CLOUD, parameters).

    Every point of the cube that is not ruled out is as plausible before as any other. The
    likelihood is let in by degrees, so that points follow it (sequential Monte Carlo).
    """
    points = _copied(cloud.points, np.ones(len(cloud.points)), rng)
    power = 0.0
    while power < 1:
        likelihood = space.log_likelihood(points)
        step = _next_step(likelihood, 1 - power)
        power += step
        weights = np.exp(step * (likelihood - likelihood.max()))

        def log_density(units: np.ndarray, power: float = power) -> np.ndarray:
            return power * space.log_likelihood(units)

        points = moved(_copied(points, weights, rng), log_density, rng)
    return points


def _next_step(likelihood: np.ndarray, most: float) -> float:
    """How much of the likelihood may be let in while half of the points still count."""

    def counting(step: float) -> float:
        weights = np.exp(step * (likelihood - likelihood.max()))
        return float(weights.sum() ** 2 / (weights**2).sum() / len(weights))

    if counting(most) >= 0.5:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if counting(middle) >= 0.5 else (low, middle)
    return max(low, most * 1e-6)


def _copied(points: np.ndarray, weights: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """CLOUD points, each copied in proportion to its weight (systematic resampling)."""
    places = (rng.random() + np.arange(CLOUD)) / CLOUD
    chosen = np.searchsorted(np.cumsum(weights) / weights.sum(), places)
    return points[np.minimum(chosen, len(points) - 1)]


def moved(points: np.ndarray, log_density: Density, rng: np.random.Generator) -> np.ndarray:
    """Points after some steps of Metropolis' walk, all at once, that stay in the unit cube."""
    count, parameters = points.shape
    spread = np.cov(points.T).reshape(parameters, parameters) + 1e-12 * np.eye(parameters)
    root = np.linalg.cholesky(spread)
    now = log_density(points)
    size = 2.38 / np.sqrt(parameters)
    for _ in range(STEPS):
        tried = points + size * rng.standard_normal((count, parameters)) @ root.T
        possible = ((tried >= 0) & (tried <= 1)).all(1)
        then = np.full(count, -np.inf)
        if possible.any():
            then[possible] = log_density(tried[possible])
        with np.errstate(invalid="ignore"):
            taken = np.log(rng.random(count)) < then - now
        points = np.where(taken[:, None], tried, points)
        now = np.where(taken, then, now)
        size *= 1.3 if taken.mean() > 0.3 else 0.7
    return points


def spread_out(points: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    """Some of the points, each as far as possible from those before it."""
    chosen = [int(rng.integers(len(points)))]
    nearest = ((points - points[chosen[0]]) ** 2).sum(1)
    while len(chosen) < min(count, len(points)):
        chosen.append(int(nearest.argmax()))
        nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(1))
    return points[chosen]
