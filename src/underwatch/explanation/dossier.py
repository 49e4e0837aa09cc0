"""A file traced to its records: what each count was made of, and what went up to which office.

The walk begins with an empty file and must end at the very file that was kept;
else a line of the ledger is missing, and it says so.
"""

from dataclasses import dataclass, field, replace

import numpy as np

from underwatch.model import streams
from underwatch.model.dossiers.records import KINDS, WRONG
from underwatch.model.dossiers.tiers import NATION

MOST = 15  # an office counts no further
OFFICES = ("local", "regional", "national")
TIERS = ("", "region", "nation")
WRONG_OF = dict(zip(("default", "unpermitted", "minor", "assembly"), WRONG, strict=True))
_MIDDLE, _TOP = 2048, 2047

# Where each line of the ledger goes in the file; a private message goes where its kind says.
GOES = {
    "late instalment": "late", "repaid instalment": "repaid", "judgement": "default",
    "favoured purchase": "favoured", "disfavoured purchase": "disfavoured",
    "unpermitted post": "unpermitted", "contradicting post": "contradicting",
    "petition": "assembly", "evasion of the firewall": "evasion",
    "report by a neighbour": "unpermitted", "minor offence": "minor", "protest": "assembly",
    "serious offence": "serious", "good deed": "good",
}  # fmt: skip


@dataclass
class Kept:
    """One kind of records in a file."""

    count: int = 0
    wrong: int = 0  # of these, not the citizen's own
    since: list[tuple[int, int]] = field(default_factory=list)  # (day, times) since it was empty
    halved: list[int] = field(default_factory=list)  # days, likewise

    def add(self, day: int, times: int, wrong: bool) -> None:
        self.count = min(MOST, self.count + times)
        self.wrong = min(MOST, self.wrong + times * wrong)
        self.since.append((day, times))

    def halve(self, day: int) -> None:
        self.count, self.wrong = self.count >> 1, self.wrong >> 1
        self.halved.append(day)
        self._forget()

    def correct(self) -> int:
        taken = min(self.count, self.wrong)
        self.count, self.wrong = self.count - taken, 0
        self._forget()
        return taken

    def _forget(self) -> None:
        if not self.count:
            self.since, self.halved = [], []


def goes(life, day: int, what: str) -> str | None:
    """The kind of the file that a line of the ledger adds to, if any."""
    if what == "private message":
        contradicts = life.acts[day]["contradicting_message"]
        return "contradicting" if contradicts else "unpermitted"
    return GOES.get(what)


def halvings(life) -> np.ndarray:
    """The days on which the file halves: one in each half-life, by the citizen's number."""
    every = life.recording.params["halve_days"][life.recording.epochs]
    rotation = (life.citizen * 2_654_435_769 & 0xFFFFFFFF) * every >> 32
    days = np.arange(life.recording.days)
    return days[(every > 0) & (days % np.maximum(every, 1) == rotation) & life.adult]


def inquiries(life) -> dict[int, list[str]]:
    """The days on which what is not one's own is looked for, and by whom."""
    params = life.recording.params[life.recording.epochs]
    own = (life.draws(streams.CORRECTION) < params["corrected_daily"]) & life.adult
    found = {int(day): ["the office's own check"] for day in np.flatnonzero(own)}
    for day, what, *_ in life.recorded:
        if what == "appeal upheld" and params["correct"][day]:
            found.setdefault(day, []).append("an appeal")
    return found


def file_on(life, day: int, evening: bool = False) -> dict[str, Kept]:
    """The file on which a day was decided, or that it left in the evening."""
    held = {kind: Kept() for kind in KINDS}
    for t in life.file_days:
        if t > day:
            break
        _live(life, held, t)
        if t in life.looked_into and (evening or t < day):
            for kept in held.values():
                kept.correct()
    if evening or day not in life.looked_into:
        _check(held, int(life.states[day]["file"]), day)
    return held


def _live(life, held: dict[str, Kept], day: int) -> None:
    """A day's halving and records."""
    if day in life.halving:
        for kept in held.values():
            kept.halve(day)
    for kind, times, wrong in life.entries.get(day, ()):
        held[kind].add(day, times, wrong)


def corrections(life) -> list[int]:
    """The days on which something was taken out of the file."""
    held, found = {kind: Kept() for kind in KINDS}, []
    for t in life.file_days:
        _live(life, held, t)
        if t in life.looked_into and any(kept.wrong for kept in held.values()):
            found.append(t)
            for kept in held.values():
                kept.correct()
    return found


def _check(held: dict[str, Kept], file: int, day: int) -> None:
    for k, kind in enumerate(KINDS):
        found = (held[kind].count, held[kind].wrong)
        wrong = file >> 4 * (12 + WRONG.index(WRONG_OF[kind])) & 15 if kind in WRONG_OF else 0
        if found != (file >> 4 * k & 15, wrong):
            raise AssertionError(f"day {day}: {found} of {kind} traced, {file:016x} on file")


def shares_purchases(life, params) -> int:
    """Whether this citizen's marketplace hands over."""
    return int(params["compelled"]) >> (life.traits["memberships"] >> 4 & 3) & 1


def worth(life, params, office: int) -> dict[str, int]:
    """What one record of each kind is worth to an office's reader."""
    shared = shares_purchases(life, params)
    points = [int(params[kind]) for kind in KINDS]
    if office:
        points = [int(p) for p in params[f"{TIERS[office]}_points"]]
    return {
        kind: p * (shared if kind in ("favoured", "disfavoured") else 1)
        for kind, p in zip(KINDS, points, strict=True)
    }


def lines_of(life, held: dict[str, Kept], each: dict[str, int]) -> list[dict]:
    """A file kind by kind, at what each record is worth, with the records it was made of."""
    found = []
    for kind, kept in held.items():
        if not kept.count:
            continue
        told = {
            "kind": kind, "count": kept.count, "each": each[kind],
            "points": each[kind] * kept.count, "not own": kept.wrong,
            "entered": sum(times for _, times in kept.since),
            "from": life.date(kept.since[0][0]).isoformat(),
            "to": life.date(kept.since[-1][0]).isoformat(), "halved": len(kept.halved),
        }  # fmt: skip
        found.append(told)
    return found


def sums(held: dict[str, Kept], each: dict[str, int]) -> tuple[int, int]:
    """(points, points that are not the citizen's own) of a file."""
    own = sum(each[kind] * kept.count for kind, kept in held.items())
    return own, sum(each[kind] * kept.wrong for kind, kept in held.items())


@dataclass(frozen=True)
class Delivery:
    """What a tier last got of a citizen: `how` is "right", "under another's name" or "closed"."""

    day: int
    how: str


def delivery(life, day: int, office: int) -> Delivery | None:
    """The last delivery up to a day that changed what the tier holds; None if none came."""
    stream = streams.NATION_DELIVERY if office == NATION else streams.REGION_DELIVERY
    name, draws = TIERS[office], life.draws(stream)
    block = life.citizen // 512
    for t in range(day, -1, -1):
        params = life.params(t)
        every = int(params[f"{name}_every"])
        if not every or (block * 2_654_435_769 & 0xFFFFFFFF) * every >> 32 != t % every:
            continue
        if life.traits["piloted"] >= params[f"{name}_connected"]:
            return Delivery(t, "closed")
        missed, mistaken = int(params[f"{name}_missed"]), int(params[f"{name}_mistaken"])
        if draws[t] >= missed:
            how = "under another's name" if draws[t] < missed + mistaken else "right"
            return Delivery(t, how)
    return None


@dataclass(frozen=True)
class Read:
    """What a reader finds at an office, as `Copy` of files/tiers.py, and the records behind it."""

    points: int = 0
    foreign: int = 0  # of these, points that are not the person's own
    contradicting: int = 0  # a tier counts to seven
    serious: int = 0  # a tier counts to three
    speech: int = 0
    records: list[dict] = field(default_factory=list)
    delivered: Delivery | None = None


def read_at(life, day: int, office: int) -> Read:
    """What a reader found on a day; the local office keeps the file, the others a copy."""
    if office == 0:
        params = life.params(day)
        return _read(life, file_on(life, day), worth(life, params, 0), int(params["sees"]))
    last = delivery(life, day, office)
    kept = int(life.states[day][TIERS[office]])
    if last is None or last.how == "closed":
        if kept:
            raise AssertionError(f"day {day}: a copy {kept:08x} is held that nobody delivered")
        return Read()
    read = _delivered(life, last, office)
    if kept != _packed(read):
        raise AssertionError(f"day {day}: {_packed(read):08x} traced, {kept:08x} held")
    return read


def morning_read(life, day: int) -> Read:
    """What a reader of the local file found before the day's records: yesterday's file."""
    params = life.params(day)
    held = file_on(life, day - 1, evening=True) if day else {}
    return _read(life, held, worth(life, params, 0), int(params["sees"]))


def _read(life, held, each, sees: int, last: Delivery | None = None) -> Read:
    """A file as a reader finds it."""
    points, foreign = sums(held, each)

    def seen(kind):
        return held[kind].count * (sees >> KINDS.index(kind) & 1) if held else 0

    speech = sum(seen(k) for k in ("unpermitted", "assembly", "contradicting") if each[k])
    return Read(
        points, foreign, seen("contradicting"), seen("serious"), min(3, speech),
        lines_of(life, held, each), last,
    )  # fmt: skip


def _delivered(life, last: Delivery, office: int) -> Read:
    """The copy that a delivery made."""
    params = life.params(last.day)
    held = file_on(life, last.day - 1, evening=True) if last.day else {}
    sees = int(params[f"{TIERS[office]}_sees"])
    read = _read(life, held, worth(life, params, office), sees, last)
    if last.how == "right":
        points = _within(read.points)
        if beyond := points - read.points:
            read.records.append({"kind": "beyond what an office counts", "count": 1,
                                 "each": beyond, "points": beyond, "not own": 0})  # fmt: skip
        return replace(read, points=points, foreign=_within(read.foreign))
    whose, score = life.namesake(last.day)
    others = 0 if score is None else score - int(params["base"])
    mistaken = {"kind": "entered under another's name", "count": 1, "each": others,
                "points": others, "not own": 1, "whose": whose,
                "their score the day before": score}  # fmt: skip
    own = read.points - read.foreign
    return Read(_within(others), _within(others - own), records=[mistaken], delivered=last)


def _within(points: int) -> int:
    return min(_TOP, max(-_MIDDLE, points))


def _packed(read: Read) -> int:
    """A copy as a tier holds it (files/tiers.py)."""
    return (
        1 << 31 | read.speech << 29 | min(3, read.serious) << 27
        | min(7, read.contradicting) << 24
        | (read.foreign + _MIDDLE) << 12 | (read.points + _MIDDLE)
    )  # fmt: skip
