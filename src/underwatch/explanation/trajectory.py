"""One recorded citizen through a run: what the citizen did, and what the file recorded.

Every record carries its true cause; where that is another person, it says who. Every decision
carries its basis (reasons.py), recomputed from parameters and records and compared with what was
decided.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np

from underwatch.engine import recording as rows
from underwatch.errors import UserError
from underwatch.explanation import dossier
from underwatch.explanation.acts import acts, draws
from underwatch.explanation.labels import CORRECTED, NOT_OWN, RECORD_KINDS, sort_of
from underwatch.explanation.profile import Event
from underwatch.explanation.replay import ADULT, HOME, Recording, person_on
from underwatch.measurement.ledger import KINDS
from underwatch.model.state import scores_shown


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A recorded citizen from the first day to the last."""

    recording: Recording
    index: int = 0  # among the recorded
    bearer: int = -1  # of the number, from 0; -1 = the one of the last day

    @classmethod
    def of(cls, recording: Recording, citizen: int, bearer: int | None = None) -> "Trajectory":
        """The trajectory of a recorded citizen, by number.

        bearer: which of those who had the number one after the other, from 0; None for the last.
        """
        who = cls(recording, recording.index(citizen))
        last = len(who.deaths)
        if bearer is None:
            return who
        if not 0 <= bearer <= last:
            others = (
                "one person" if last == 0 else f"{last + 1} people, {citizen}/0 to {citizen}/{last}"
            )
            raise UserError(
                f"There is no {citizen}/{bearer}: in this run the number belongs to {others}."
            )
        return cls(recording, who.index, bearer)

    @cached_property
    def deaths(self) -> np.ndarray:
        """The earlier bearers of the number who died, one after the other: DEAD records."""
        dead: np.ndarray = self.recording.dead
        return dead[dead["citizen"] == self.citizen]

    @cached_property
    def number(self) -> int:
        """How many people had the number before this one."""
        return len(self.deaths) if self.bearer < 0 else self.bearer

    @cached_property
    def span(self) -> tuple[int, int]:
        """(first day, day after the last) on which the number is this person's."""
        ends = [0, *self.deaths["day"].tolist(), self.recording.days]
        return ends[self.number], ends[self.number + 1]

    @cached_property
    def own_days(self) -> np.ndarray:
        """Whether the number is this person's: bool (days)."""
        days = np.arange(self.recording.days)
        return (days >= self.span[0]) & (days < self.span[1])

    @cached_property
    def ages(self) -> np.ndarray:
        """The age of whoever has the number: int64 (days)."""
        people = self.recording.evenings[rows.PEOPLE, :, self.index]
        return (people & np.uint64(255)).astype(np.int64)

    @cached_property
    def adult_days(self) -> np.ndarray:
        """Whether this person is alive and an adult: bool (days)."""
        return self.own_days & (self.ages >= ADULT)

    @property
    def citizen(self) -> int:
        """The citizen's number."""
        return int(self.recording.citizens[self.index])

    @property
    def adult(self) -> bool:
        """Whether the citizen acts and has a file at all."""
        return bool(self.adult_days.any())

    def date(self, day: int) -> date:
        """The date of a day of the run."""
        return self.recording.scenario.first_day + timedelta(int(day))

    def params(self, day: int) -> np.void:
        """The parameters of a day."""
        return self.recording.params[self.recording.epochs[day]]

    @cached_property
    def person(self) -> np.void:
        """Who the citizen is on the last own day: a PERSON record."""
        return person_on(self.recording.evenings, self.span[1] - 1, self.index)

    @cached_property
    def traits(self) -> dict:
        """Who the citizen is on the last own day; quantiles run from 0 to 255."""
        from underwatch.measurement.catalogue import LAYERS

        person = self.person
        traits = {name: int(person[name]) for name in person.dtype.names}
        traits["group"] = LAYERS["group"][traits["group"]]
        traits["place"] = LAYERS["place"][traits["place"]]
        return traits

    @cached_property
    def states(self) -> np.ndarray:
        """The state of every evening: STATE (days)."""
        states = _states(self.recording.evenings[: rows.STATE_WORDS, :, self.index])
        states[~self.own_days] = np.zeros((), states.dtype)
        return states

    @cached_property
    def mornings(self) -> np.ndarray:
        """The state at the start of every day, before news and deliveries: STATE (days)."""
        begin, end = self.span
        first = _states(self.recording.first[:-1, self.index : self.index + 1])
        evenings = self.recording.evenings[: rows.STATE_WORDS, :-1, self.index]
        found = np.concatenate([first, _states(evenings)])
        if begin:
            found[begin] = _states(self._came[:-1, None])[0]
        found[:begin] = found[end:] = np.zeros((), found.dtype)
        return found

    @property
    def _came(self) -> np.ndarray:
        """The first state and closed ties of who took the number over; zeros of a newborn."""
        nobody = np.zeros(rows.STATE_WORDS + 1, np.uint64)
        return self.recording.arrivals.get((self.span[0], self.index), nobody)

    @cached_property
    def closed(self) -> np.ndarray:
        """The closed ties of every evening, a bit for each slot: int64 (days)."""
        closed = self.recording.evenings[rows.CLOSED, :, self.index].astype(np.int64)
        return np.where(self.own_days, closed, 0)

    @cached_property
    def closed_by_morning(self) -> np.ndarray:
        """The same at the start of every day: int64 (days)."""
        begin = self.span[0]
        first = self._came[-1] if begin else self.recording.first[-1, self.index]
        evenings = self.recording.evenings[rows.CLOSED, :-1, self.index]
        found = np.concatenate([[first], evenings]).astype(np.int64)
        found[begin] = first
        return np.where(self.own_days, found, 0)

    @cached_property
    def signals(self) -> np.ndarray:
        """What others see every evening: uint64 (days)."""
        signals = self.recording.evenings[rows.SIGNALS, :, self.index]
        return np.where(self.own_days, signals, np.uint64(0))

    @cached_property
    def scores(self) -> np.ndarray:
        """The score that others see every evening, in points; -1 where there is none (days)."""
        return scores_shown(self.signals)

    @cached_property
    def heard(self) -> np.ndarray:
        """Sums of contacts' signals every day: uint64 (3, days), home, local and online."""
        heard = self.recording.signals[:-1, self.index].copy()
        for slot in range(heard.shape[1] - HOME):
            heard[self.closed_by_morning >> slot & 1 == 1, HOME + slot] = 0
        edges = (0, HOME, HOME + 12, heard.shape[1])
        return np.array([heard[:, a:b].sum(1, np.uint64) for a, b in pairwise(edges)])

    @cached_property
    def acts(self) -> np.ndarray:
        """What the citizen felt in the morning, would have done, and did: RECORD (days)."""
        return acts(self, np.ascontiguousarray(self.heard))

    def draws(self, stream: int) -> np.ndarray:
        """The citizen's random draws of a stream, every day: int64 (days), of 2^32."""
        kept = self.__dict__.setdefault("_draws", {})
        if stream not in kept:
            kept[stream] = draws(self.recording, self.citizen, stream)
        return kept[stream]

    def figures(self, day: int) -> dict:
        """The scenario's figures of a day, by key."""
        from underwatch.explanation.figures import figures_on

        kept, epoch = self.__dict__.setdefault("_figures", {}), int(self.recording.epochs[day])
        if epoch not in kept:
            kept[epoch] = figures_on(self.recording.scenario, self.date(day))
        return kept[epoch]

    def namesake(self, day: int) -> tuple[int, int]:
        """(citizen, local file of the evening before) of the double by name of a delivery."""
        file = int(self.recording.namesakes[day, self.index]) if day else 0
        rotation = int(self.recording.rotations[1, day - 1]) if day else 0
        return (rotation - self.citizen) % self.recording.population, file

    @cached_property
    def recorded(self) -> list[tuple[int, str, str, int, int]]:
        """(day, what, true cause, times, kind) of the ledger's lines, in the order of days.

        Corrections are left out: the file itself shows them, a line of the ledger not always.
        """
        of, k = self.recording.lines, self.index
        own = of[np.searchsorted(of[:, 1], k) : np.searchsorted(of[:, 1], k + 1)]
        own = own[self.own_days[own[:, 0]]]
        return [(int(d), KINDS[k][0], KINDS[k][2], int(n), int(k)) for d, _, k, n in own
                if KINDS[k] != CORRECTED]  # fmt: skip

    @cached_property
    def lines(self) -> list[tuple[int, str, str, int, int]]:
        """The same with the corrections of the file."""
        kind, (what, _, cause) = KINDS.index(CORRECTED), CORRECTED
        found = [(day, what, cause, 1, kind) for day in dossier.corrections(self)]
        return sorted([*self.recorded, *found], key=lambda line: (line[0], line[4]))

    @cached_property
    def by_day(self) -> dict[int, list[tuple[str, str, int]]]:
        """(what, true cause, times) by day."""
        found: dict[int, list] = {}
        for day, what, cause, times, _ in self.lines:
            found.setdefault(day, []).append((what, cause, times))
        return found

    def happened(self, day: int, what: str, cause: str | None = None) -> int:
        """How often something was entered on a day."""
        return sum(n for w, c, n in self.by_day.get(day, ()) if w == what and cause in (None, c))

    @cached_property
    def entries(self) -> dict[int, list[tuple[str, int, bool]]]:
        """(kind of the file, times, whether it is wrong) by day."""
        found: dict[int, list] = {}
        for day, what, cause, times, kind in self.recorded:
            if kind < RECORD_KINDS and (filed_as := dossier.filed_as(self, day, what)):
                found.setdefault(day, []).append((filed_as, times, cause in NOT_OWN))
        return found

    @cached_property
    def halving_days(self) -> set[int]:
        """The days on which the counts of the file halve."""
        return set(dossier.halvings(self).tolist())

    @cached_property
    def reviews(self) -> dict[int, list[str]]:
        """The days on which wrong records are removed, if there are any, and by whom."""
        return dossier.reviews(self)

    @cached_property
    def file_days(self) -> list[int]:
        """The days on which the file may change."""
        return sorted({*self.entries, *self.halving_days, *self.reviews})

    @cached_property
    def events(self) -> list[Event]:
        """Every event, in the order of days."""
        return [self._event(*line) for line in self.lines]

    def _event(self, day, what, cause, times, kind) -> Event:
        from underwatch.explanation.reasons import basis

        whose = self.mistakes(day, what) if cause.startswith("another person's") else []
        child = next((m.mistaken_for for m in whose if m.mistaken_for != self.citizen), None)
        return Event(
            day, self.date(day).isoformat(), what, KINDS[kind][1], cause, times,
            sort_of(kind, what), cause not in NOT_OWN, tuple(m.whose for m in whose),
            child, basis(self, day, what, cause),
        )  # fmt: skip

    def mistakes(self, day: int, what: str) -> list:
        """Whose face or name it was, behind a line of the day."""
        kinds = {"minor offence": ("face",), "protest": ("crowd",), "judgement": ("name",),
                 "listed": ("name",)}.get(what)  # fmt: skip
        if what == "named in public":
            grounds = (("minor offence", "another person's face", "face"),
                       ("listed", "another person's name", "name"))  # fmt: skip
            kinds = [kind for w, c, kind in grounds if self.happened(day, w, c)]
        misattributed = self.recording.misattributed.get((day, self.index), ())
        return [m for m in misattributed if m.kind in kinds]


def _states(columns: np.ndarray) -> np.ndarray:
    from underwatch.kernel.columns import as_records
    from underwatch.model.state import STATE

    return as_records(np.ascontiguousarray(columns), STATE)
