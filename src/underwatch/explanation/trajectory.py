"""One invented person's life: what they did, and what the file says they did.

Every record carries its true cause; where that is another person, who it was.
Every decision carries what it came from (lives/reasons.py), recomputed from
rules and records and compared with what was decided.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise

import numpy as np

from underwatch.explanation import dossier as filed
from underwatch.explanation.acts import acts, draws
from underwatch.explanation.replay import HOME, Recording
from underwatch.measurement.ledger import KINDS

# Records whose true cause is not an act of the person whom they are about.
NOT_OWN = (
    "another's name", "another's face", "another's act", "an ordinary post misread", "a lie",
    "passing by", "taken for somebody listed", "wrong record", "association",
    "no act of one's own",
)  # fmt: skip
ROUTINE = ("repaid instalment", "favoured purchase", "disfavoured purchase", "good deed",
           "late instalment")  # fmt: skip
NOT_DONE = ("post not made", "message not sent", "petition not signed", "protest not joined",
            "foreign source not opened", "minor offence not committed")  # fmt: skip
STEPS = ("joined the private score", "appeal filed")  # what citizens do about the system
CORRECTED = ("file corrected", "office", "records not one's own")
_RECORDS = 23  # the first of the ledger's kinds are records, then come decisions
# What citizens do, by its name in the law, whether or not anybody sees it.
DONE = {
    "posted": "critical post", "messaged": "critical message", "petitioned": "petition signed",
    "protested": "day of protest", "foreign_visit": "visit to a foreign site", "minor": "minor offence",
    "serious": "serious offence", "due": "instalment due", "kept": "instalment paid in time",
    "good": "good deed", "favoured": "favoured purchase", "disfavoured": "disfavoured purchase",
    "flies": "flight wanted", "rides": "train trip wanted", "applies": "visa wanted",
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """A line of a life. `because` traces a decision to its rule and records."""

    day: int
    date: str
    what: str
    entered_by: str
    true_cause: str
    times: int
    sort: str  # "record", "decision", "step" or "not done"
    own: bool  # False: there is no act of the person's own behind it
    whose: tuple[int, ...] = ()  # whose act it was, where a face or name was mistaken
    meant: int | None = None  # a child on whom the mistake landed, for whom the head answers
    because: dict | None = None


@dataclass(frozen=True, eq=False)
class Life:
    """A watched citizen of a diary, from the first day to the last."""

    recording: Recording
    place: int = 0  # among the watched

    @classmethod
    def of(cls, recording: Recording, citizen: int) -> "Life":
        """The life of a watched citizen, by number."""
        return cls(recording, recording.place(citizen))

    @property
    def citizen(self) -> int:
        return int(self.recording.watched[self.place])

    @property
    def adult(self) -> bool:
        return self.traits["age"] >= 18

    def date(self, day: int) -> date:
        return self.recording.scenario.first_day + timedelta(int(day))

    def params(self, day: int) -> np.void:
        """The rules that held on a day."""
        return self.recording.params[self.recording.epochs[day]]

    @cached_property
    def traits(self) -> dict:
        """Who the citizen is; quantiles run from 0 to 255."""
        from underwatch.measurement.catalogue import LAYERS

        me = self.recording.people[self.place]
        told = {name: int(me[name]) for name in me.dtype.names}
        told["group"] = LAYERS["group"][told["group"]]
        told["place"] = LAYERS["place"][told["place"]]
        return told

    @cached_property
    def states(self) -> np.ndarray:
        """The state of every evening: STATE (days)."""
        return _states(self.recording.evenings[:4, :, self.place])

    @cached_property
    def mornings(self) -> np.ndarray:
        """The state that every day began with, before news and deliveries: STATE (days)."""
        first = _states(self.recording.first[:, self.place : self.place + 1])
        return np.concatenate([first, self.states[:-1]])

    @cached_property
    def signals(self) -> np.ndarray:
        """What others could see every evening: uint64 (days)."""
        return np.ascontiguousarray(self.recording.evenings[4, :, self.place])

    @cached_property
    def scores(self) -> np.ndarray:
        """The score that others see, every evening; -1 where there is none."""
        scored = (self.signals >> np.uint64(36)) & np.uint64(1) == 1
        return np.where(scored, (self.signals >> np.uint64(48)).astype(np.int64), -1)

    @cached_property
    def layers(self) -> np.ndarray:
        """Sums of the words heard every day, from home, local and online contacts: (3, days)."""
        heard = self.recording.signals[:-1, self.place].copy()
        dissolved = self.mornings["dissolved"].astype(np.int64)
        for slot in range(heard.shape[1] - HOME):
            heard[dissolved >> slot & 1 == 1, HOME + slot] = 0
        edges = (0, HOME, HOME + 12, heard.shape[1])
        return np.array([heard[:, a:b].sum(1, np.uint64) for a, b in pairwise(edges)])

    @cached_property
    def acts(self) -> np.ndarray:
        """What the citizen felt on waking, would have done, and did, every day."""
        return acts(self.recording, self.place, np.ascontiguousarray(self.layers))

    def draws(self, stream: int) -> np.ndarray:
        """The citizen's chance of a stream, every day."""
        kept = self.__dict__.setdefault("_draws", {})
        if stream not in kept:
            kept[stream] = draws(self.recording, self.citizen, stream)
        return kept[stream]

    def figures(self, day: int) -> dict:
        """The scenario's figures, by key, that held on a day."""
        from underwatch.explanation.figures import held

        kept, epoch = self.__dict__.setdefault("_figures", {}), int(self.recording.epochs[day])
        if epoch not in kept:
            kept[epoch] = held(self.recording.scenario, self.date(day))
        return kept[epoch]

    def namesake(self, day: int) -> tuple[int, int | None]:
        """Whose name is taken for this one in a delivery of the day, and their score by then."""
        word = int(self.recording.namesakes[day, self.place]) if day else 0
        rotation = int(self.recording.rotations[1, day - 1]) if day else 0
        return (
            rotation - self.citizen
        ) % self.recording.citizens, word >> 48 if word >> 36 & 1 else None

    @cached_property
    def recorded(self) -> list[tuple[int, str, str, int, int]]:
        """(day, what, true cause, times, kind) of the ledger's lines, in the order of days.

        Corrections are left out: the file itself shows them, a line of the ledger not always.
        """
        of = self.recording.lines
        mine = of[np.searchsorted(of[:, 1], self.place) : np.searchsorted(of[:, 1], self.place + 1)]
        return [(int(d), KINDS[k][0], KINDS[k][2], int(n), int(k)) for d, _, k, n in mine
                if KINDS[k] != CORRECTED]  # fmt: skip

    @cached_property
    def lines(self) -> list[tuple[int, str, str, int, int]]:
        """The same with the corrections of the file."""
        kind, (what, _, cause) = KINDS.index(CORRECTED), CORRECTED
        found = [(day, what, cause, 1, kind) for day in filed.corrections(self)]
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
        """(kind of the file, times, whether it is not the citizen's own) by day."""
        found: dict[int, list] = {}
        for day, what, cause, times, kind in self.recorded:
            if kind < _RECORDS and (goes := filed.goes(self, day, what)):
                found.setdefault(day, []).append((goes, times, cause in NOT_OWN))
        return found

    @cached_property
    def halving(self) -> set[int]:
        return set(filed.halvings(self).tolist())

    @cached_property
    def looked_into(self) -> dict[int, list[str]]:
        """The days on which what is wrong in the file is taken out, if anything is, and by whom."""
        return filed.inquiries(self)

    @cached_property
    def file_days(self) -> list[int]:
        """The days on which the file may change."""
        return sorted({*self.entries, *self.halving, *self.looked_into})

    @cached_property
    def events(self) -> list[Event]:
        """Every record of this life, in the order of its days."""
        return [self._event(*line) for line in self.lines]

    def _event(self, day, what, cause, times, kind) -> Event:
        from underwatch.explanation.reasons import because

        sort = "record" if kind < _RECORDS else "decision"
        sort = "not done" if what in NOT_DONE else "step" if what in STEPS else sort
        whose = self.mistakes(day, what) if cause.startswith("another's") else []
        meant = next((m.meant for m in whose if m.meant != self.citizen), None)
        return Event(
            day, self.date(day).isoformat(), what, KINDS[kind][1], cause, times, sort,
            cause not in NOT_OWN, tuple(m.whose for m in whose), meant,
            because(self, day, what, cause),
        )  # fmt: skip

    def mistakes(self, day: int, what: str) -> list:
        """Whose face or name it was, behind what a day says of this citizen."""
        kinds = {"minor offence": ("face",), "protest": ("crowd",), "judgement": ("name",),
                 "listed": ("name",)}.get(what)  # fmt: skip
        if what == "named in public":
            named = (("minor offence", "another's face", "face"),
                     ("listed", "another's name", "name"))  # fmt: skip
            kinds = [kind for w, c, kind in named if self.happened(day, w, c)]
        misattributed = self.recording.misattributed.get((day, self.place), ())
        return [m for m in misattributed if m.kind in kinds]

    @cached_property
    def sums(self) -> dict[str, dict[str, int]]:
        """What the citizen did, what the file says, what of it is wrong, what was not done."""
        did = {label: int(self.acts[name].sum()) for name, label in DONE.items()}
        says: dict[str, int] = {}
        wrong: dict[str, int] = {}
        held: dict[str, int] = {}
        decided: dict[str, int] = {}
        for _, what, cause, times, kind in self.lines:
            sort = says if kind < _RECORDS else held if what in NOT_DONE else decided
            sort[what] = sort.get(what, 0) + times
            if cause in NOT_OWN:
                label = f"{what} ({cause})"
                wrong[label] = wrong.get(label, 0) + times
        did = {label: times for label, times in did.items() if times}
        return {"did": did, "file says": says, "not own": wrong, "decided": decided,
                "no longer did": held}  # fmt: skip

    def told(self) -> dict:
        """The life as plain data."""
        from underwatch.explanation.reasons import sources_of

        last = self.states[-1]
        feelings = ("risk", "detection", "trust", "support", "opinion")
        end = {name: int(last[name]) for name in feelings}
        return {
            "citizen": self.citizen, "world": self.recording.scenario.title, "traits": self.traits,
            "first_day": self.date(0).isoformat(), "days": self.recording.days,
            "events": [_slim(event) for event in self.events], "sums": self.sums,
            "at the end": end | {"score": int(self.scores[-1])}, "rules": sources_of(self),
        }  # fmt: skip


def _states(columns: np.ndarray) -> np.ndarray:
    from underwatch.kernel.columns import as_records
    from underwatch.model.state import STATE

    return as_records(np.ascontiguousarray(columns), STATE)


def _slim(event: Event) -> dict:
    """An event without what does not apply to it."""
    told = asdict(event)
    return {key: value for key, value in told.items() if value not in (None, ())}
