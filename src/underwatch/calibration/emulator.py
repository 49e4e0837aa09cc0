"""An emulator: a Gaussian process that predicts one figure of a run at every point.

The mean is a quadratic of the parameters and a smooth deviation from it, with a length of its own
for each parameter. What replicates of one point differ by enters as noise, so that the process
estimates the expected figure and not the figure of one run.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
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
    """A fitted process. noise: the variance of one replicate about its expectation.

    units: of its points. weights, inverse: what a prediction multiplies the kernel by.
    """

    kernel: Any
    units: np.ndarray
    weights: np.ndarray
    inverse: np.ndarray
    centre: float
    scale: float
    noise: float
    diagnosis: Diagnosis

    def predict(self, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected figure and its variance at points of the unit cube: float64 (points,) each."""
        places = 2 * units - 1
        near = self.kernel(places, self.units)
        variance = self.kernel.diag(places) - ((near @ self.inverse) * near).sum(1)
        factor = self.scale**2 * self.diagnosis.inflation
        return self.centre + self.scale * (near @ self.weights), factor * np.maximum(variance, 0)


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread: on small matrices others cost time, and change last bits."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1, "blas"):
        yield


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
    places = process.X_train_
    inverse = np.linalg.inv(process.kernel_(places) + process.alpha * np.eye(len(places)))
    weights = inverse @ process.y_train_
    diagnosis = _diagnosed(inverse, weights, process.y_train_)
    return Emulator(process.kernel_, places, weights, inverse, centre, scale, noise, diagnosis)


def _diagnosed(inverse: np.ndarray, weights: np.ndarray, figures: np.ndarray) -> Diagnosis:
    """Each point predicted from the others, in closed form (Rasmussen and Williams, 5.4.2).

    The noise of a point is part of its variance: what is left out is a mean of replicates.
    """
    residuals = weights / np.diag(inverse)
    away = residuals * np.sqrt(np.diag(inverse))
    explained = 1 - float((residuals**2).sum() / max((figures**2).sum(), 1e-300))
    return Diagnosis(
        len(figures), float((np.abs(away) < INSIDE).mean()), explained,
        max(1.0, float((away**2).mean())),
    )  # fmt: skip
