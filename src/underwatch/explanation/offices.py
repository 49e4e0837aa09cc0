"""What each office held about a recorded citizen, and what its reader found, traced to records.

A tier's file is traced through its deliveries and halvings, and must end at exactly the file of
the run; if it does not, an AssertionError says on which day.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from underwatch.explanation.acts import linked
from underwatch.explanation.dossier import Count, check, file_on
from underwatch.model import streams
from underwatch.model.dossiers.deliveries import reached
from underwatch.model.dossiers.handed import PURCHASES as PURCHASE_BITS
from underwatch.model.dossiers.linkage import LINKABLE
from underwatch.model.dossiers.records import KINDS
from underwatch.model.dossiers.tiers import NATION
from underwatch.model.society.people import BLOCK
from underwatch.model.streams import delivers_today

OFFICES = ("local", "regional", "national")
TIERS = ("", "region", "nation")
PURCHASES = ("favoured", "disfavoured")
_WRONG_AT = {"favoured": 8, "disfavoured": 10}  # bits of model/dossiers/handed.py
_MORNING, _EVENING, _NIGHT = 0, 1, 2  # before and after the day's halving; after its corrections


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


def worth(params) -> dict[str, int]:
    """Points of one record of each kind in a file that is read."""
    return {kind: int(params[kind]) for kind in KINDS}


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
    changes, files = _history(who, office)
    held, last = files[bisect_right(changes, (day, stage))]
    if office == 0:
        return file_on(who, day) | held, None
    if stage == _EVENING:
        check(held, int(who.states[day][TIERS[office]]), day)
    return held, last


def _history(who, office: int) -> tuple[list, list]:
    """(changes, files): when the file of a tier changed, and the file after 0, 1, 2 … changes."""
    kept = who.__dict__.setdefault("_tiers", {})
    if office not in kept:
        held, last, changes = _nothing(), None, []
        files = [(held, last)]
        if office == 0:
            held = _no_purchases()
            files = [(held, last)]
        for day in range(who.recording.days):
            if office == 0 and (purchases := _handed_on(who, day)):
                held = purchases
                changes.append((day, _MORNING))
                files.append((held, last))
            if office and (came := _delivery_on(who, day, office)):
                held, last = _received(who, held, came, office), came
                changes.append((day, _MORNING))
                files.append((held, last))
            if day in who.halving_days:
                held = {kind: count.copy() for kind, count in held.items()}
                for count in held.values():
                    count.halve(day)
                changes.append((day, _EVENING))
                files.append((held, last))
            if office == 0:
                if day in who.reviews and any(count.wrong for count in held.values()):
                    held = {kind: count.copy() for kind, count in held.items()}
                    for count in held.values():
                        count.correct()
                    changes.append((day, _NIGHT))
                    files.append((held, last))
                _check_handed(who, held, day)
        kept[office] = changes, files
    return kept[office]


def _no_purchases() -> dict[str, Count]:
    return {kind: Count() for kind in PURCHASES}


def _handed_on(who, day: int) -> dict[str, Count] | None:
    """The purchases at the local office after a delivery of the marketplace; None on other days."""
    params, market = who.params(day), who.traits["memberships"] >> 4 & 3
    if not hands_over(who, params) or not who.adult_days[day]:
        return None
    if not delivers_today.py_func(who.citizen // BLOCK, int(params["market_every"][market]), day):
        return None
    own = file_on(who, day - 1, evening=True) if day else _nothing()
    whose, others = who.namesake(day)
    wrong = linked(
        who.recording, who.citizen, day, 0, others & PURCHASE_BITS, int(params["mislinked"])
    )
    found = {kind: own[kind].copy() for kind in PURCHASES}
    for kind, count in found.items():
        if more := min(3, wrong >> 4 * KINDS.index(kind) & 15):
            count.link(whose, more)
    return found


def _check_handed(who, held: dict[str, Count], day: int) -> None:
    """Raise an AssertionError unless the traced purchases are those of the local office."""
    if not who.adult_days[day]:
        return
    handed = int(who.states[day]["handed"])
    for k, kind in enumerate(PURCHASES):
        kept = handed >> 4 * k & 15, handed >> _WRONG_AT[kind] & 3
        if (held[kind].count, held[kind].wrong) != kept:
            raise AssertionError(f"day {day}: {held[kind]} of {kind} traced, {kept} on file")


def _delivery_on(who, day: int, office: int) -> Delivery | None:
    """What a delivery of this day did to the file of a tier; None if nothing."""
    name, params = TIERS[office], who.params(day)
    every = int(params[f"{name}_every"])
    if not delivers_today.py_func(who.citizen // BLOCK, every, day):
        return None
    if not who.adult_days[day]:
        return None
    if who.traits["piloted"] >= params[f"{name}_connected"]:
        return Delivery(day, "closed")
    stream = streams.NATION_DELIVERY if office == NATION else streams.REGION_DELIVERY
    if int(who.draws(stream)[day]) < int(params[f"{name}_missed"]):
        return None
    return Delivery(day, "linked" if _linked_on(who, day, office) else "right")


def _linked_on(who, day: int, office: int) -> int:
    """The records of the namesake that a delivery to a tier links, as counts of a file."""
    params, (_, others) = who.params(day), who.namesake(day)
    others &= reached.py_func(int(params[f"{TIERS[office]}_sees"])) & LINKABLE
    mistaken = int(params[f"{TIERS[office]}_mistaken"])
    return linked(who.recording, who.citizen, day, office, others, mistaken)


def _received(who, held: dict[str, Count], came: Delivery, office: int) -> dict[str, Count]:
    """The file of a tier after a delivery."""
    if came.how == "closed":
        return _nothing()
    local = file_on(who, came.day - 1, evening=True) if came.day else _nothing()
    local |= _own_purchases(who, came.day)
    more = _linked_on(who, came.day, office)
    whose, _ = who.namesake(came.day)
    sees, found = int(who.params(came.day)[f"{TIERS[office]}_sees"]), {}
    for k, kind in enumerate(KINDS):
        found[kind] = (local if sees >> k & 1 else held)[kind].copy()
        if more >> 4 * k & 15:
            found[kind].link(whose, more >> 4 * k & 15)
    return found


def _own_purchases(who, day: int) -> dict[str, Count]:
    """The purchases that the local office delivers: another person's stay there."""
    changes, files = _history(who, 0)
    held = {
        k: count.copy() for k, count in files[bisect_right(changes, (day, _MORNING))][0].items()
    }
    for count in held.values():
        count.correct()
    return held


def _read(who, day: int, office: int, held: dict[str, Count], last: Delivery | None) -> Read:
    """A file as the reader of an office finds it."""
    params = who.params(day)
    each, sees = worth(params), int(params["sees"])

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
