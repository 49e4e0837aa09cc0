"""The local file traced to its records: which records each count is made of.

The trace starts from an empty file and must end at exactly the file of the run; if it does not,
a record is missing and an AssertionError says on which day.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from underwatch.model import streams
from underwatch.model.dossiers.records import KINDS, WRONG

MOST = 15  # the highest count of a kind in a file
WRONG_OF = dict(zip(("default", "unpermitted", "minor", "assembly"), WRONG, strict=True))

# The kind of the file under which each record is counted; see `filed_as` for private messages.
FILED_AS = {
    "late instalment": "late", "repaid instalment": "repaid", "judgement": "default",
    "favoured purchase": "favoured", "disfavoured purchase": "disfavoured",
    "unpermitted post": "unpermitted", "contradicting post": "contradicting",
    "petition": "assembly", "firewall evasion": "evasion",
    "neighbour's report": "unpermitted", "minor offence": "minor", "protest": "assembly",
    "serious offence": "serious", "good deed": "good",
}  # fmt: skip


@dataclass
class Count:
    """The records of one kind in a file."""

    count: int = 0
    wrong: int = 0  # of these, records that are not the citizen's own
    entered: list[tuple[int, int]] = field(default_factory=list)  # (day, times) since count was 0
    halved: list[int] = field(default_factory=list)  # days since count was 0
    linked: int = 0  # of the wrong ones, records of another person of the same name
    whose: int | None = None  # that person

    def add(self, day: int, times: int, wrong: bool) -> None:
        """Enter records of a day."""
        self.count = min(MOST, self.count + times)
        self.wrong = min(MOST, self.wrong + times * wrong)
        self.entered.append((day, times))

    def halve(self, day: int) -> None:
        """Forget every second record, as the file's half-life demands."""
        self.count, self.wrong, self.linked = self.count >> 1, self.wrong >> 1, self.linked >> 1
        self.halved.append(day)
        self._forget()

    def correct(self) -> None:
        """Remove the wrong records."""
        self.count, self.wrong = self.count - min(self.count, self.wrong), 0
        self.linked = 0
        self._forget()

    def link(self, whose: int, times: int) -> None:
        """Count the records of another person of the same name among these, as wrong ones."""
        before = self.count
        self.count, self.wrong = min(MOST, before + times), min(MOST, self.wrong + times)
        self.linked, self.whose = self.count - before, whose

    def copy(self) -> "Count":
        """The same count, to be changed on its own."""
        return replace(self, entered=[*self.entered], halved=[*self.halved])

    def _forget(self) -> None:
        if not self.count:
            self.entered, self.halved = [], []


def filed_as(who, day: int, what: str) -> str | None:
    """The kind of the file under which a record is counted; None if it is not counted."""
    if what == "private message":
        contradicts = who.acts[day]["contradicting_message"]
        return "contradicting" if contradicts else "unpermitted"
    return FILED_AS.get(what)


def halvings(who) -> np.ndarray:
    """The days on which the counts of the file halve: one in each half-life."""
    every = who.recording.params["halve_days"][who.recording.epochs]
    rotation = (who.citizen * 2_654_435_769 & 0xFFFFFFFF) * every >> 32
    days = np.arange(who.recording.days)
    return days[(every > 0) & (days % np.maximum(every, 1) == rotation) & who.adult_days]


def reviews(who) -> dict[int, list[str]]:
    """The days on which wrong records are looked for, and by whom."""
    params = who.recording.params[who.recording.epochs]
    own = (who.draws(streams.CORRECTION) < params["corrected_daily"]) & who.adult_days
    found = {int(day): ["a check by the office"] for day in np.flatnonzero(own)}
    for day, what, *_ in who.recorded:
        if what == "appeal upheld" and params["correct"][day]:
            found.setdefault(day, []).append("an appeal")
    return found


def file_on(who, day: int, evening: bool = False) -> dict[str, Count]:
    """The file on which the decisions of a day rest, or the file of its evening."""
    held = {kind: Count() for kind in KINDS}
    for t in who.file_days:
        if t > day:
            break
        _advance(who, held, t)
        if t in who.reviews and (evening or t < day):
            for count in held.values():
                count.correct()
    if evening or day not in who.reviews:
        check(held, int(who.states[day]["file"]), day)
    return held


def _advance(who, held: dict[str, Count], day: int) -> None:
    """Apply the halving and the records of a day."""
    if day in who.halving_days:
        for count in held.values():
            count.halve(day)
    for kind, times, wrong in who.entries.get(day, ()):
        held[kind].add(day, times, wrong)


def corrections(who) -> list[int]:
    """The days on which wrong records were removed from the file."""
    held, found = {kind: Count() for kind in KINDS}, []
    for t in who.file_days:
        _advance(who, held, t)
        if t in who.reviews and any(count.wrong for count in held.values()):
            found.append(t)
            for count in held.values():
                count.correct()
    return found


def check(held: dict[str, Count], file: int, day: int) -> None:
    """Raise an AssertionError unless the traced counts are those on file."""
    for k, kind in enumerate(KINDS):
        found = (held[kind].count, held[kind].wrong)
        wrong = file >> 4 * (12 + WRONG.index(WRONG_OF[kind])) & 15 if kind in WRONG_OF else 0
        if found != (file >> 4 * k & 15, wrong):
            raise AssertionError(f"day {day}: {found} of {kind} traced, {file:016x} on file")
