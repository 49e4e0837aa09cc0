"""The alerts of one run of a watch-list camera, and how many independent people stand behind them.

The alerts on one person come together: who resembles a face on the list and passes every day is
alerted on hundreds of times. A count of alerts is therefore as uncertain as one of fewer events;
`Side.independent` says of how many, from the variance between people of one kind.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from underwatch.assessments.worlds import passes

Integers = npt.NDArray[np.int64]
Vector = npt.NDArray[np.float64]
_ONE = 1 << 32


@dataclass(frozen=True)
class Side:
    """Alerts that are all true, or all false.

    drawn: the draws of each alert by [stream from MOMENT on, alert]. kinds, places: of the
    visitor and of the resemblance; invented: people by kind of visitor; none of the three for
    people on the list, of whom each passes and is found by the same law.
    """

    people: Integers
    groups: Integers
    stopped: npt.NDArray[np.bool_]
    drawn: Integers
    kinds: Integers | None = None
    places: Integers | None = None
    invented: Integers | None = None

    def draw(self, stream: int) -> Vector:
        """The draws of a stream, uniform between 0 and 1."""
        return (self.drawn[stream - passes.MOMENT] + 0.5) / _ONE

    def independent(self, counted: npt.NDArray[np.bool_]) -> int:
        """How many independent events are as uncertain as the number of alerts counted."""
        return self._events(int(counted.sum()), counted.astype(float))

    def share(self, counted: npt.NDArray[np.generic]) -> tuple[float, int]:
        """The percentage of all alerts that is counted, and the independent events behind it.

        counted: by alert, the part of it that is counted, from 0 to 1.
        """
        whole, part = len(counted), float(counted.sum())
        fewer = min(part, whole - part)
        return 100 * part / whole, self._events(fewer, counted - part / whole)

    def _events(self, counted: float, worth: Vector) -> int:
        """The square of a number over its variance between people, and at most the number."""
        if self.kinds is None or self.invented is None or not counted:
            return int(counted)
        _, first, person = np.unique(self.people, return_index=True, return_inverse=True)
        each, kinds = np.bincount(person, worth), self.kinds[first]
        size = len(self.invented)
        sums, squares = np.bincount(kinds, each, size), np.bincount(kinds, each**2, size)
        variance = float((squares - sums**2 / np.maximum(self.invented, 1)).sum())
        return int(min(counted, counted**2 / variance)) if variance > 0 else int(counted)


@dataclass(frozen=True)
class Alerts:
    """All alerts of one run. passed: passes by people on the list; passes: of others, by group.

    exposed: false alerts to be expected of one person in the period without safeguards, by
    [visitors, group, resemblance].
    """

    false: Side
    true: Side
    passed: int
    passes: Vector
    share: float  # of all passers-by that were invented
    exposed: Vector
