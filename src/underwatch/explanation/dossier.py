"""A file traced to its records: which records each count is made of, and what each office holds.

The trace starts from an empty file and must end at exactly the file of the run; if it does not,
a record is missing and an AssertionError says on which day.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from underwatch.model import streams
from underwatch.model.dossiers.records import KINDS, WRONG
from underwatch.model.dossiers.tiers import NATION

MOST = 15  # the highest count of a kind in a file
OFFICES = ("local", "regional", "national")
TIERS = ("", "region", "nation")
WRONG_OF = dict(zip(("default", "unpermitted", "minor", "assembly"), WRONG, strict=True))
_MIDDLE, _TOP = 2048, 2047

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

    def add(self, day: int, times: int, wrong: bool) -> None:
        """Enter records of a day."""
        self.count = min(MOST, self.count + times)
        self.wrong = min(MOST, self.wrong + times * wrong)
        self.entered.append((day, times))

    def halve(self, day: int) -> None:
        """Forget every second record, as the file's half-life demands."""
        self.count, self.wrong = self.count >> 1, self.wrong >> 1
        self.halved.append(day)
        self._forget()

    def correct(self) -> None:
        """Remove the wrong records."""
        self.count, self.wrong = self.count - min(self.count, self.wrong), 0
        self._forget()

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
        _check(held, int(who.states[day]["file"]), day)
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


def _check(held: dict[str, Count], file: int, day: int) -> None:
    for k, kind in enumerate(KINDS):
        found = (held[kind].count, held[kind].wrong)
        wrong = file >> 4 * (12 + WRONG.index(WRONG_OF[kind])) & 15 if kind in WRONG_OF else 0
        if found != (file >> 4 * k & 15, wrong):
            raise AssertionError(f"day {day}: {found} of {kind} traced, {file:016x} on file")


def shares_purchases(who, params) -> int:
    """Whether the citizen's marketplace hands over its records; 0 or 1."""
    return int(params["compelled"]) >> (who.traits["memberships"] >> 4 & 3) & 1


def worth(who, params, office: int) -> dict[str, int]:
    """Points of one record of each kind for a reader at an office."""
    shared = shares_purchases(who, params)
    points = [int(params[kind]) for kind in KINDS]
    if office:
        points = [int(p) for p in params[f"{TIERS[office]}_points"]]
    return {
        kind: p * (shared if kind in ("favoured", "disfavoured") else 1)
        for kind, p in zip(KINDS, points, strict=True)
    }


def lines_of(who, held: dict[str, Count], each: dict[str, int]) -> list[dict]:
    """A file kind by kind: points, and the records behind each count."""
    found = []
    for kind, count in held.items():
        if not count.count:
            continue
        line = {
            "kind": kind, "count": count.count, "each": each[kind],
            "points": each[kind] * count.count, "wrong": count.wrong,
            "entered": sum(times for _, times in count.entered),
            "from": who.date(count.entered[0][0]).isoformat(),
            "to": who.date(count.entered[-1][0]).isoformat(), "halved": len(count.halved),
        }  # fmt: skip
        found.append(line)
    return found


def sums(held: dict[str, Count], each: dict[str, int]) -> tuple[int, int]:
    """(points, points of wrong records) of a file."""
    points = sum(each[kind] * count.count for kind, count in held.items())
    return points, sum(each[kind] * count.wrong for kind, count in held.items())


@dataclass(frozen=True)
class Delivery:
    """The last delivery to a tier: `how` is "right", "wrong name" or "closed" (no connection)."""

    day: int
    how: str


def delivery(who, day: int, office: int) -> Delivery | None:
    """The last delivery up to a day that changed the copy of a tier; None if there was none."""
    stream = streams.NATION_DELIVERY if office == NATION else streams.REGION_DELIVERY
    name, draws = TIERS[office], who.draws(stream)
    block = who.citizen // 512
    for t in range(day, -1, -1):
        params = who.params(t)
        every = int(params[f"{name}_every"])
        if not every or (block * 2_654_435_769 & 0xFFFFFFFF) * every >> 32 != t % every:
            continue
        if who.traits["piloted"] >= params[f"{name}_connected"]:
            return Delivery(t, "closed")
        missed, mistaken = int(params[f"{name}_missed"]), int(params[f"{name}_mistaken"])
        if draws[t] >= missed:
            how = "wrong name" if draws[t] < missed + mistaken else "right"
            return Delivery(t, how)
    return None


@dataclass(frozen=True)
class Read:
    """What a reader finds at an office (`Copy` in model/dossiers), and the records behind it."""

    points: int = 0
    wrong: int = 0  # of these, points of wrong records
    contradicting: int = 0  # a tier counts to seven
    serious: int = 0  # a tier counts to three
    speech: int = 0
    records: list[dict] = field(default_factory=list)
    delivered: Delivery | None = None


def read_at(who, day: int, office: int) -> Read:
    """What a reader found on a day; the local office holds the file, the others hold a copy."""
    if office == 0:
        params = who.params(day)
        return _read(who, file_on(who, day), worth(who, params, 0), int(params["sees"]))
    last = delivery(who, day, office)
    kept = int(who.states[day][TIERS[office]])
    if last is None or last.how == "closed":
        if kept:
            raise AssertionError(f"day {day}: a copy {kept:08x} is held, but none was delivered")
        return Read()
    read = _delivered(who, last, office)
    if kept != _packed(read):
        raise AssertionError(f"day {day}: {_packed(read):08x} traced, {kept:08x} held")
    return read


def morning_read(who, day: int) -> Read:
    """What a reader of the local file found in the morning, before the records of the day."""
    params = who.params(day)
    held = file_on(who, day - 1, evening=True) if day else {}
    return _read(who, held, worth(who, params, 0), int(params["sees"]))


def _read(who, held, each, sees: int, last: Delivery | None = None) -> Read:
    """A file as a reader finds it."""
    points, wrong = sums(held, each)

    def seen(kind):
        return held[kind].count * (sees >> KINDS.index(kind) & 1) if held else 0

    speech = sum(seen(k) for k in ("unpermitted", "assembly", "contradicting") if each[k])
    return Read(
        points, wrong, seen("contradicting"), seen("serious"), min(3, speech),
        lines_of(who, held, each), last,
    )  # fmt: skip


def _delivered(who, last: Delivery, office: int) -> Read:
    """The copy that a delivery left."""
    params = who.params(last.day)
    held = file_on(who, last.day - 1, evening=True) if last.day else {}
    sees = int(params[f"{TIERS[office]}_sees"])
    read = _read(who, held, worth(who, params, office), sees, last)
    if last.how == "right":
        points = _within(read.points)
        if beyond := points - read.points:
            read.records.append({"kind": "points beyond the range of a copy", "count": 1,
                                 "each": beyond, "points": beyond, "wrong": 0})  # fmt: skip
        return replace(read, points=points, wrong=_within(read.wrong))
    whose, score = who.namesake(last.day)
    others = 0 if score is None else score - int(params["base"])
    mistaken = {"kind": "points of another citizen under this name", "count": 1, "each": others,
                "points": others, "wrong": 1, "whose": whose,
                "score of that citizen": score}  # fmt: skip
    own = read.points - read.wrong
    return Read(_within(others), _within(others - own), records=[mistaken], delivered=last)


def _within(points: int) -> int:
    return min(_TOP, max(-_MIDDLE, points))


def _packed(read: Read) -> int:
    """A copy as a tier holds it, in 32 bits (model/dossiers/tiers.py)."""
    return (
        1 << 31 | read.speech << 29 | min(3, read.serious) << 27
        | min(7, read.contradicting) << 24
        | (read.wrong + _MIDDLE) << 12 | (read.points + _MIDDLE)
    )  # fmt: skip
