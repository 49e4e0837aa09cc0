"""An emulator: a Gaussian process that predicts one figure of a run at every point.

The mean is a quadratic of the parameters and a smooth deviation from it, with a length of its own
for each parameter. What replicates of one point differ by enters as noise, so that the process
estimates the expected figure and not the figure of one run.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from underwatch.errors import UserError

LONGEST = 20.0  # a length in which a figure hardly changes over the whole range
RESTARTS = 1
INSIDE = 1.959964  # standard deviations of a 95 % interval


@dataclass(frozen=True)
class Diagnosis:
    """How well an emulator predicts each of its points from all the others.

    coverage: the share of points whose figure lies in the 95 % interval. explained: the share of
    the variance between points that is predicted. inflation: the factor by which the variance of
    predictions is multiplied, because left-out points lie further off than it says; at least 1.
    """

    points: int
    coverage: float
    explained: float
    inflation: float


@dataclass(frozen=True)
class Emulator:
    """A fitted process. noise: the variance of one replicate about its expectation."""

    process: Any
    centre: float
    scale: float
    noise: float
    diagnosis: Diagnosis

    def predict(self, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected figure and its variance at points of the unit cube: float64 (points,) each."""
        mean, deviation = self.process.predict(2 * units - 1, return_std=True)
        variance = (self.scale * deviation) ** 2 * self.diagnosis.inflation
        return self.centre + self.scale * mean, variance


def require() -> None:
    """Refuse to start without the package that the emulator needs. Raises UserError."""
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise UserError(
            "calibrate needs scikit-learn; install it with `pip install 'underwatch[calibration]'`."
        ) from None


def emulate(units: np.ndarray, figures: np.ndarray) -> Emulator:
    """Fit an emulator to runs.

    Parameters
    ----------
    units : (points, parameters), each from 0 to 1.
    figures : (points, replicates), at least two replicates.

    Examples
    --------
    >>> units = np.linspace(0, 1, 12)[:, None]
    >>> made = emulate(units, np.repeat(3 * units, 2, 1) + [-0.01, 0.01])
    >>> bool(abs(made.predict(np.array([[0.5]]))[0][0] - 1.5) < 0.02)
    True
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel, DotProduct

    replicates = figures.shape[1]
    means = figures.mean(1)
    noise = float(figures.var(1, ddof=1).mean())
    centre, scale = float(means.mean()), float(means.std())
    scale = scale or max(np.sqrt(noise), 1e-9 * max(1.0, abs(centre)))
    lengths = np.full(units.shape[1], 2.0)
    trend = ConstantKernel(0.3, (1e-4, 1e3)) * DotProduct(1.0, "fixed") ** 2
    bend = ConstantKernel(0.3, (1e-6, 1e2)) * RBF(lengths, (0.3, LONGEST))
    process = GaussianProcessRegressor(
        trend + bend, alpha=max(noise / replicates / scale**2, 1e-8),
        n_restarts_optimizer=RESTARTS, random_state=0,
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a length at the end of its range
        process.fit(2 * units - 1, (means - centre) / scale)
    return Emulator(process, centre, scale, noise, _diagnosed(process, units, means, scale))


def _diagnosed(process: Any, units: np.ndarray, means: np.ndarray, scale: float) -> Diagnosis:
    """Each point predicted from the others, in closed form (Rasmussen and Williams, 5.4.2)."""
    inverse = np.linalg.inv(
        process.kernel_(2 * units - 1) + process.alpha * np.eye(len(units))
    )  # with the noise of a point: what is left out is a mean of replicates
    weights = inverse @ process.y_train_
    residual = weights / np.diag(inverse)
    deviations = residual / np.sqrt(1 / np.diag(inverse))
    explained = 1 - float((residual**2).sum() / max((process.y_train_**2).sum(), 1e-300))
    return Diagnosis(
        len(units), float((np.abs(deviations) < INSIDE).mean()), explained,
        max(1.0, float((deviations**2).mean())),
    )  # fmt: skip
