"""The basis of police visits, namings and dismissals, of notices, appeals and corrections."""

from underwatch.explanation import dossier
from underwatch.model import streams
from underwatch.model.state import DISMISSED, OWN_ACT, POLICE

OF_2_32 = 1 << 32
REFUSED = ("flight refused", "train refused", "visa refused")


def last(who, day: int, what: str) -> str | None:
    """The date of the last such event before a day."""
    found = [d for d, w, *_ in who.lines if w == what and d < day]
    return who.date(found[-1]).isoformat() if found else None


def _visits(who, day: int) -> list[str]:
    """The sightings of a day that order a police visit (model/decisions/police.py)."""
    params, u = who.params(day), who.draws(streams.VISIT)[day]
    found = ["alert"] if who.happened(day, "alert") else []
    posts = who.happened(day, "contradicting post")
    if who.happened(day, "private message") and who.acts[day]["contradicting_message"]:
        posts += 1
    if posts and u < params["visit_speech"]:
        found.append("contradicting post")
    if who.happened(day, "serious offence") and u < params["visit_serious"]:
        found.append("serious offence")
    if u < params["visit_assembly"]:
        found += [what for what in ("protest", "petition") if who.happened(day, what)]
    return found


def stopped(who, day: int) -> dict:
    """The sightings that ordered the visit, since the last visit or lapse."""
    found, lapse = [], who.draws(streams.LAPSE)
    for t in range(day - 1, -1, -1):
        if what := _visits(who, t):
            found.append({"date": who.date(t).isoformat(), "for": what})
        waiting = who.mornings[t]["standing"] & POLICE
        if not waiting or lapse[t] < who.params(t)["lapse"] or who.happened(t, "stopped"):
            break
    rule = "a sighting orders a police visit, which takes place when the queue is served"
    return {"rule": rule, "ordered by": found[::-1] or "not recorded"}


def named(who, day: int) -> dict:
    """The grounds of a naming, and its chance."""
    grounds = [f"{what} ({cause})" for what, cause, _ in who.by_day[day]
               if what in ("listed", "minor offence")]  # fmt: skip
    params = who.params(day)
    chance = max(
        params["named"] * bool(who.happened(day, "minor offence")),
        params["named_listed"] * bool(who.happened(day, "listed")),
    )
    rule = "an offence on camera or a listing may be made public"
    return {"rule": rule, "chance": round(chance / OF_2_32, 4), "grounds": grounds}


def dismissed(who, day: int) -> dict:
    """The chance of a dismissal after a naming."""
    return {"rule": "an employer who is notified of a naming may dismiss",
            "chance": round(who.params(day)["dismissals"] / OF_2_32, 4)}  # fmt: skip


def employed(who, day: int) -> dict:
    """Since when the citizen was without work."""
    since = next(t for t in range(day - 1, -1, -1) if not who.mornings[t]["standing"] & DISMISSED)
    return {"dismissed on": who.date(since).isoformat()}


def notified(who, day: int) -> dict:
    """The decisions that a notice is about."""
    decisions = ("listed", "restricted by score")
    return {"decisions": [what for what in decisions if who.happened(day, what)]}


def appealed(who, day: int) -> dict:
    """The occasion of an appeal: a notice, or a refusal."""
    occasions = ("notified of a restriction", *REFUSED)
    found = [what for what in occasions if who.happened(day, what)]
    return {"occasion": found or "not recorded"}


def heard(who, day: int) -> dict:
    """The ruling on an appeal, and the chance of a reversal."""
    bits = int(who.mornings[day]["reasons"])
    found = {"filed on": last(who, day, "appeal filed"),
             "upheld": bool(who.happened(day, "appeal upheld"))}  # fmt: skip
    if not bits:
        return found | {"ruling": "no restriction was in force any more"}
    own = (bits | bits >> 4) & OWN_ACT
    rate = who.params(day)["reverse_rightful" if own else "reverse_wrongful"]
    rule = f"a restriction that rests on {'an own act' if own else 'no own act'} may be reversed"
    return found | {"rule": rule, "chance": round(rate / OF_2_32, 4)}


def corrected(who, day: int) -> dict:
    """The wrong records that were removed, and by whom."""
    held = dossier.file_on(who, day)
    removed = {kind: min(c.count, c.wrong) for kind, c in held.items() if c.wrong}
    return {"removed": removed, "by": who.reviews[day]}
