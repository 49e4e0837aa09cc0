"""What each office held about a recorded citizen, and what its reader found, traced to records.

A tier's file is traced through its deliveries and halvings, and must end at exactly the file of
the run; if it does not, an AssertionError says on which day.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from underwatch.explanation.dossier import WRONG_OF, Count, check, file_on
from underwatch.model import streams
from underwatch.model.dossiers.records import KINDS
from underwatch.model.dossiers.tiers import NATION

OFFICES = ("local", "regional", "national")
TIERS = ("", "region", "nation")
PURCHASES = ("favoured", "disfavoured")
_MORNING, _EVENING = 0, 1  # before and after the day's halving


@dataclass(frozen=True)
class Delivery:
    """A delivery to a tier: `how` is "right", "linked" or "closed" (no connection)."""

    day: int
    how: str  # linked: somebody else's records came with it, too


@dataclass(frozen=True)
class Read:
    """What a reader finds at an office (`Found` in model/dossiers), and the records behind it."""

    points: int = 0
    wrong: int = 0  # of these, points of wrong records
    contradicting: int = 0
    serious: int = 0
    speech: int = 0
    records: list[dict] = field(default_factory=list)
    delivered: Delivery | None = None


def hands_over(who, params) -> bool:
    """Whether the citizen's marketplace hands over its records."""
    return bool(int(params["compelled"]) >> (who.traits["memberships"] >> 4 & 3) & 1)


def worth(who, params, office: int) -> dict[str, int]:
    """Points of one record of each kind for the reader of an office's file."""
    bought = office > 0 or hands_over(who, params)  # a tier holds only what was handed over
    return {k: int(params[k]) * (bought if k in PURCHASES else 1) for k in KINDS}


def read_at(who, day: int, office: int) -> Read:
    """What the reader of an office found on a day."""
    return _read(who, day, office, *_held(who, day, office, _EVENING))


def morning_read(who, day: int, office: int) -> Read:
    """What the reader of an office found in the morning, before the records of the day."""
    if office:
        return _read(who, day, office, *_held(who, day, office, _MORNING))
    held = file_on(who, day - 1, evening=True) if day else _nothing()
    return _read(who, day, office, held, None)


def delivery(who, day: int, office: int) -> Delivery | None:
    """The last delivery up to a day that changed the file of a tier; None if there was none."""
    return _held(who, day, office, _EVENING)[1]


def _nothing() -> dict[str, Count]:
    return {kind: Count() for kind in KINDS}


def _held(who, day: int, office: int, stage: int) -> tuple[dict[str, Count], Delivery | None]:
    """The file of an office on a day, and the last delivery to it."""
    if office == 0:
        return file_on(who, day), None
    changes, files = _history(who, office)
    held, last = files[bisect_right(changes, (day, stage))]
    if stage == _EVENING:
        check(held, int(who.states[day][TIERS[office]]), day)
    return held, last


def _history(who, office: int) -> tuple[list, list]:
    """(changes, files): when the file of a tier changed, and the file after 0, 1, 2 … changes."""
    kept = who.__dict__.setdefault("_tiers", {})
    if office not in kept:
        held, last, changes = _nothing(), None, []
        files = [(held, last)]
        for day in range(who.recording.days):
            if came := _delivery_on(who, day, office):
                held, last = _received(who, held, came, office), came
                changes.append((day, _MORNING))
                files.append((held, last))
            if day in who.halving_days:
                held = {kind: count.copy() for kind, count in held.items()}
                for count in held.values():
                    count.halve(day)
                changes.append((day, _EVENING))
                files.append((held, last))
        kept[office] = changes, files
    return kept[office]


def _delivery_on(who, day: int, office: int) -> Delivery | None:
    """What a delivery of this day did to the file of a tier; None if nothing."""
    name, params = TIERS[office], who.params(day)
    every = int(params[f"{name}_every"])
    if not every or (who.citizen // 512 * 2_654_435_769 & 0xFFFFFFFF) * every >> 32 != day % every:
        return None
    if not who.adult_days[day]:
        return None
    if who.traits["piloted"] >= params[f"{name}_connected"]:
        return Delivery(day, "closed")
    stream = streams.NATION_DELIVERY if office == NATION else streams.REGION_DELIVERY
    u, missed = int(who.draws(stream)[day]), int(params[f"{name}_missed"])
    if u < missed:
        return None
    return Delivery(day, "linked" if u < missed + int(params[f"{name}_mistaken"]) else "right")


def _received(who, held: dict[str, Count], came: Delivery, office: int) -> dict[str, Count]:
    """The file of a tier after a delivery."""
    if came.how == "closed":
        return _nothing()
    local = file_on(who, came.day - 1, evening=True) if came.day else _nothing()
    params, (whose, others) = who.params(came.day), who.namesake(came.day)
    sees, theirs, found = int(params[f"{TIERS[office]}_sees"]), hands_over(who, params), {}
    for k, kind in enumerate(KINDS):
        reaches = sees >> k & 1 and (theirs or kind not in PURCHASES)
        found[kind] = (local if reaches else held)[kind].copy()
        if came.how == "linked" and reaches and kind in WRONG_OF and others >> 4 * k & 15:
            found[kind].link(whose, others >> 4 * k & 15)
    return found


def _read(who, day: int, office: int, held: dict[str, Count], last: Delivery | None) -> Read:
    """A file as the reader of an office finds it."""
    params = who.params(day)
    each, sees = worth(who, params, office), int(params["sees"])

    def seen(kind):
        return held[kind].count * (sees >> KINDS.index(kind) & 1)

    return Read(
        sum(each[kind] * count.count for kind, count in held.items()),
        sum(each[kind] * count.wrong for kind, count in held.items()),
        seen("contradicting"), seen("serious"),
        sum(seen(k) for k in ("unpermitted", "assembly", "contradicting") if each[k]),
        _lines(who, held, each), last,
    )  # fmt: skip


def _lines(who, held: dict[str, Count], each: dict[str, int]) -> list[dict]:
    """A file kind by kind: points, and the records behind each count."""
    found = []
    for kind, count in held.items():
        own = count.count - count.linked
        if own:
            found.append({
                "kind": kind, "count": own, "each": each[kind], "points": each[kind] * own,
                "wrong": max(0, count.wrong - count.linked),
                "entered": sum(times for _, times in count.entered),
                "from": who.date(count.entered[0][0]).isoformat(),
                "to": who.date(count.entered[-1][0]).isoformat(), "halved": len(count.halved),
            })  # fmt: skip
        if count.linked:
            found.append({
                "kind": kind, "count": count.linked, "each": each[kind],
                "points": each[kind] * count.linked, "wrong": count.linked, "whose": count.whose,
            })  # fmt: skip
    return found
