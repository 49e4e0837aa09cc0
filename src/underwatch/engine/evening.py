"""What can be read of a simulation in the evening of a day."""

import hashlib
from functools import cached_property
from typing import Any

import numpy as np

from underwatch.measurement.catalogue import OPINION_CLASSES

_EVERYONE = slice(None)
CLASSES = ("below the line", "below base", "at base or above", "privileged access")


class Evening:
    """The people of a simulation after its last day so far: what they are, hold and show.

    Attributes:
        population: the citizens and their ties on the first day.
        params, epochs: PARAMS records, and which of them holds on each day.
        day: days simulated so far.
        device: "cpu", or "cuda" for a graphics card.
        score: a rule of the user's, or None.
    """

    population: Any
    params: np.ndarray
    epochs: np.ndarray
    day: int
    device: str
    score: Any

    @property
    def own(self) -> tuple[int, int]:
        """The first citizen whom this process simulates, and the one after the last: everyone."""
        return 0, self.population.citizens

    @cached_property
    def on_device(self):
        """The loop over days on a graphics card."""
        from underwatch.engine.cuda.functions import device_for
        from underwatch.engine.cuda.running import DaysOnDevice

        return DaysOnDevice(device_for(self.score))

    @property
    def world(self) -> "World":  # noqa: F821
        """The world this evening, in the processor's memory."""
        return self._up_to_date()

    @world.setter
    def world(self, world: "World") -> None:  # noqa: F821
        self._world = world

    def _up_to_date(self, *names: str) -> "World":  # noqa: F821
        """The world, with all its arrays, or some, brought from the device that changed them."""
        if "on_device" in self.__dict__:
            self.on_device.bring_back(self._world, *([names] if names else []))
        return self._world

    def people(self, citizens: np.ndarray | slice = _EVERYONE) -> np.ndarray:
        """Some citizens, or all, as they are this evening, as PERSON records (n)."""
        from underwatch.kernel.columns import as_records
        from underwatch.model.society.people import PERSON

        return as_records(self.world.people[:, citizens], PERSON)

    def ages(self) -> np.ndarray:
        """Everyone's age this evening, in years: uint8 (n), a view of the people."""
        from underwatch.kernel.columns import field_of
        from underwatch.model.society.people import PERSON

        return field_of(self.world.people, PERSON, "age")

    def opinions(self) -> np.ndarray:
        """Everyone's private opinion this evening, 0 to 255: uint8 (n), a view of the states."""
        from underwatch.kernel.columns import field_of
        from underwatch.model.state import STATE

        return field_of(self.world.states, STATE, "opinion")

    def states(self, citizens: np.ndarray | slice = _EVERYONE) -> np.ndarray:
        """The state of some citizens, or of all, this evening, as STATE records (n)."""
        from underwatch.kernel.columns import as_records
        from underwatch.model.state import STATE

        return as_records(self.world.states[:, citizens], STATE)

    def signals(self) -> np.ndarray:
        """Everyone's public signals as they are stored this evening: uint32 (n), a view."""
        return self._up_to_date("signals").signals[self.day & 1][:-1]

    def scores(self, citizens: np.ndarray | slice = _EVERYONE) -> np.ndarray:
        """The scores of some citizens, or of all, as contacts read them; -1 = not scored.

        In points with four fraction bits, float64 (n).
        """
        from underwatch.model.state import all_in_lanes, scores_shown

        return scores_shown(all_in_lanes(self.signals()[citizens]))

    def score_moments(self) -> "Moments":  # noqa: F821
        """Sums over all open ties this evening, from which the assortativity by score follows."""
        from underwatch.engine.assortativity import moments_of

        return moments_of(self)

    def opinions_held(self) -> np.ndarray:
        """How many adults hold each class of private opinion: int64 (OPINION_CLASSES)."""
        from underwatch.kernel.columns import pieces

        if self.device == "cuda":
            return self.on_device.opinions(self._world)
        held, ages, opinions = np.zeros(256, np.int64), self.ages(), self.opinions()
        begin, end = self.own
        for here in pieces(end, first=begin):
            held += np.bincount(opinions[here].compress(ages[here] >= 18), minlength=256)
        return held.reshape(OPINION_CLASSES, -1).sum(1)

    def score_classes(self, citizens: slice) -> np.ndarray:
        """The place in CLASSES of some citizens' scores: int8 (n), -1 = not scored."""
        params = self.params[self.epochs[self.day - 1]]
        privileged = int(params["privilege_line"]) or 1 << 16
        edges = [int(params["line"]), int(params["base"]), privileged]
        score = np.floor(self.scores(citizens) + 0.5)  # whole points, as a line reads them
        classes = np.searchsorted(edges, score, "right")
        return np.where(score >= 0, classes, -1).astype(np.int8)

    def hash(self) -> str:
        """SHA-256 of all that the next day reads.

        People, states, open ties, signals and flags, and who waits in which queue.
        """
        from underwatch.engine.queues import everyone_waiting
        from underwatch.kernel.columns import pieces
        from underwatch.model.state import all_in_lanes

        world, digest = self.world, hashlib.sha256()
        for array in (world.states, world.people, world.slots):
            digest.update(array.reshape(-1))
        signals = world.signals[self.day & 1]
        for here in pieces(len(signals)):
            digest.update(all_in_lanes(signals[here]))
        digest.update(world.flags[self.day & 1])
        digest.update(everyone_waiting(world))
        return digest.hexdigest()
