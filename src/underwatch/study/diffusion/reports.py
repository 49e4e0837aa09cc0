"""What states hear of a group from those that hold it: gains that were measured in nations."""

from collections.abc import Callable

import numpy as np

from underwatch.model.parameters.units import part as share
from underwatch.study.diffusion.declaration import REGIMES, Study
from underwatch.study.diffusion.trials import required


class Reports:
    """The gain of each group for each regime, by what a holder held before it.

    gains: int64 (reports, regimes), 65,536ths. rows: the report of each holder, int64 (seeds,
    states and the exporter, groups). Both grow while states adopt.
    """

    def __init__(
        self, study: Study, measured: Callable[[frozenset[str]], np.ndarray],
        shape: tuple[int, int, int],
    ):  # fmt: skip
        seeds, states, groups = shape
        self.study, self.measured, self.names = study, measured, [*study.offers]
        self.wants = np.array(study.adoption.wants.values)
        self.rows = np.zeros((seeds, states + 1, groups), np.int64)
        self.gains = np.zeros((1, len(REGIMES)), np.int64)
        self.first_row: dict[tuple[int, int], int] = {}  # by the groups held before, and the group

    def hear_exporter(self, year: int) -> None:
        """From the year in which a group is on offer, the exporter reports what it measured."""
        for k, name in enumerate(self.names):
            if self.study.offers[name].offered_from == year or (
                year == self.study.years.first and self.study.offers[name].offered_from < year
            ):
                before = sum(1 << self.names.index(n) for n in required(self.study, name))
                self.rows[:, -1, k] = self._row(before, k)

    def hear(
        self, seed: np.ndarray, state: np.ndarray, group: np.ndarray, adopted: np.ndarray, year: int
    ) -> None:
        """Those who adopt in a year report what the group added to what they held before."""
        held = (adopted[seed, state] < year).astype(np.int64)
        before = (held << np.arange(len(self.names))).sum(1)
        pairs, which = np.unique(np.stack([before, group]), axis=1, return_inverse=True)
        rows = np.array([self._row(int(b), int(k)) for b, k in pairs.T], np.int64)
        own = state % self.study.trials.populations
        self.rows[seed, state, group] = rows[which.reshape(-1)] + own if len(state) else 0

    def _row(self, before: int, k: int) -> int:
        """The first of the reports on a group, one for each trial population."""
        if (before, k) not in self.first_row:
            held = frozenset(n for j, n in enumerate(self.names) if before >> j & 1)
            change = self.measured(held | {self.names[k]}) - self.measured(held)
            gain = share((change[:, :, None] * self.wants).sum(1))
            self.first_row[before, k] = len(self.gains)
            self.gains = np.concatenate([self.gains, gain])
        return self.first_row[before, k]
