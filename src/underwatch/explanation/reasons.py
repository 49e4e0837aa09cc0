"""The basis of each event: its rule, its records, and the scenario's figures behind it.

Every basis is recomputed from the recording and compared with what was decided, where that was
recorded as well. What left no trace is not explained.
"""

from math import floor

from underwatch.explanation import dossier, offices, redress
from underwatch.explanation.figures import keys_of, values
from underwatch.explanation.lending import application
from underwatch.explanation.protest import participation
from underwatch.explanation.score import is_scored, private_score, reasons, score
from underwatch.model.decisions.restrictions import FLIGHT_BAN, TRAIN_BAN, VISA_BAN
from underwatch.model.state import (
    ASSOCIATION,
    COURT_SERVED,
    IN_DEFAULT,
    OWN_ACT,
    SPEECH,
)

_BANS = {"flight refused": FLIGHT_BAN, "train refused": TRAIN_BAN, "visa refused": VISA_BAN}
_PERCEIVED = {
    "post withheld": "risk", "message withheld": "risk", "petition signature withheld": "risk",
    "protest participation withheld": "risk", "foreign visit withheld": "risk",
    "minor offence deterred": "detection",
}  # fmt: skip


def basis(who, day: int, what: str, cause: str) -> dict | None:
    """The basis of an event, with the figures of that day that decided it; None if it has none."""
    found = _basis(who, day, what, cause)
    if found is not None and (keys := keys_of(what, cause)):
        found["figures"] = values(who.figures(day), keys)
    return found


def _basis(who, day, what, cause) -> dict | None:
    if what in _DECIDED:
        return _DECIDED[what](who, day)
    if what in _BANS:
        return _refused(who, day, _BANS[what])
    if what in _PERCEIVED:
        return _withheld(who, day, what)
    if what == "protest" and cause == "own act":
        return participation(who, day) | (_points(who, day, what) or {})
    if (what == "alert" and cause == "on the watch list") or what == "private message":
        return _watched(who, day) | (_points(who, day, what) or {})
    return _points(who, day, what)


def figures_of(who) -> dict[str, dict]:
    """The scenario's figures behind decisions, wrong records and withheld acts: values, source."""
    found: dict[str, dict] = {}
    for event in who.events:
        for key, value in (event.basis or {}).get("figures", {}).items():
            source = str(who.recording.sources.get(key, "not recorded"))
            each = found.setdefault(key, {"values": [], "source": source})
            if value not in each["values"]:
                each["values"].append(value)
    return dict(sorted(found.items()))


# --- Records


def _points(who, day: int, what: str) -> dict | None:
    """Points of a record at the office that the score reads; None where nobody is scored."""
    kind, params = dossier.filed_as(who, day, what), who.params(day)
    if kind is None or not is_scored(who, params):
        return None
    office = int(params["score_reads"])
    points = offices.worth(params)[kind]
    if kind in offices.PURCHASES and not offices.hands_over(who, params):
        points = 0  # the marketplace keeps it to itself
    return {"points": points, "read at": offices.OFFICES[office]}


def _watched(who, day: int) -> dict:
    """Why the citizen was on the watch list; it is read before the records of the day."""
    office = int(who.params(day)["police_read"])
    read = offices.morning_read(who, day, office)
    return {
        "rule": "enough contradicting posts or serious offences on file put a citizen on the "
                "watch list",
        "read at": offices.OFFICES[office], "contradicting posts": read.contradicting,
        "serious offences": read.serious,
    }  # fmt: skip


# --- Restrictions


def _restricted(who, day: int) -> dict:
    found, state = score(who, day), who.states[day]
    if found["reasons"] != reasons(int(state["reasons"]) >> 4):
        raise AssertionError(f"day {day}: {found['reasons']} explained, {state} decided")
    return found | {"last day": _last_day(who, state["score_until"])}


def _not_confirmed(who, day: int) -> dict:
    """The score that a reviewer saw, and the last day on which the ruling holds."""
    return score(who, day) | {"last day": _last_day(who, who.states[day]["score_until"])}


def _last_day(who, until: int) -> str:
    """The last day of what ends in the evening of the day `until`, at which it stands no more."""
    return who.date(until - 1).isoformat()


def _listed(who, day: int) -> dict:
    found = {
        "rule": "a judgement for a debt puts the person whose name was entered on the blacklist",
        "last day": _last_day(who, who.states[day]["list_until"]),
    }  # fmt: skip
    return found | (_debt(who, day) if who.happened(day, "judgement", "own act") else {})


def _judgement(who, day: int) -> dict | None:
    found = _points(who, day, "judgement") or {}
    if who.happened(day, "judgement", "own act"):
        found |= _debt(who, day)
    return found or None


def _debt(who, day: int) -> dict:
    """The start of the default, and the instalments missed before it."""
    if not who.mornings[day]["standing"] & COURT_SERVED:
        raise AssertionError(f"day {day}: a judgement without a place in court")
    since = day - 1
    while since >= 0 and not (who.states[since]["standing"] & IN_DEFAULT and not
                              who.mornings[since]["standing"] & IN_DEFAULT):  # fmt: skip
        since -= 1
    due = [t for t in range(since + 1) if who.acts[t]["due"]]
    missed = []
    for t in reversed(due):
        if who.acts[t]["kept"]:
            break
        missed.append(who.date(t).isoformat())
    return {"in default since": who.date(since).isoformat(), "missed instalments": missed[::-1]}


def _ended(who, day: int) -> dict:
    """Which restriction ended, and why."""
    before, after, params = who.mornings[day], who.states[day], who.params(day)
    upheld = who.happened(day, "appeal upheld") > 0
    found = {}
    listed_again = who.happened(day, "listed") > 0
    if before["list_until"] and (listed_again or not after["list_until"]):
        paid = before["reasons"] & OWN_ACT and not before["standing"] & IN_DEFAULT
        found["listing"] = _why(day >= before["list_until"], upheld, paid, params["list_on"])
    changed = after["score_until"] != before["score_until"]
    if before["score_until"] and before["reasons"] >> 4 and changed:
        over = day >= before["score_until"]
        found["restriction by score"] = _why(over, upheld, False, params["restrict_on"])
    return found


def _why(is_over, upheld, paid, on) -> list[str]:
    causes = ((is_over, "expired"), (upheld, "appeal upheld"), (paid, "debt paid"),
              (not on, "rule withdrawn"))  # fmt: skip
    return [text for holds, text in causes if holds]


def _refused(who, day: int, ban: int) -> dict:
    """Which restriction caused a refusal, and since when it stands."""
    morning, params = who.mornings[day], who.params(day)
    bits = int(morning["reasons"]) >> 4
    found: dict = {"rule": "a restriction in force refuses what it bans"}
    if morning["list_until"] and params["list_bans"] & ban:
        found["listed since"] = redress.last(who, day, "listed")
        found["reasons of the listing"] = reasons(int(morning["reasons"]) & 7)
    bans = "speech_bans" if bits & SPEECH else "score_bans"
    bans = "association_bans" if bits == ASSOCIATION else bans
    if morning["score_until"] and bits and params[bans] & ban:
        found["restricted by score since"] = redress.last(who, day, "restricted by score")
        found["reasons of the restriction"] = reasons(bits)
    return found


def _privileged_visa(who, day: int) -> dict:
    params, found = who.params(day), score(who, day)
    line = int(params["privilege_line"])
    if is_scored(who, params) and 0 < line <= floor(found["score"] + 0.5):  # in whole points
        return {"rule": "the state's score grants it", "score": found["score"], "line": line}
    private = private_score(who, day)
    if private < params["perk_line"]:
        raise AssertionError(f"day {day}: a private score of {private} granted privileged access")
    line = int(params["perk_line"])
    return {"rule": "the private score grants it", "score": private, "line": line}


# --- Acts withheld


def _withheld(who, day: int, what: str) -> dict:
    """The perceived risk of the morning, and the share of such acts that are still done at it."""
    act, params = who.acts[day], who.params(day)
    name = _PERCEIVED[what]
    felt = weighed = int(act[name])
    if what == "message withheld":
        weighed = felt * int(params["risk_in_private"]) >> 16
    if name == "detection" and not act["watched"]:
        weighed = felt * int(params["elsewhere"]) >> 16
    found = {f"perceived {name}": felt}
    if what == "protest participation withheld":  # a threshold, not a share
        return found | participation(who, day)
    table = params["deter" if name == "detection" else "chill"]
    share = int(table[who.traits["prudence"] * weighed >> 8])
    return found | {"share still done": round(share / 65_536, 4)}


_DECIDED = {
    "restricted by score": _restricted, "restriction not confirmed": _not_confirmed,
    "listed": _listed, "judgement": _judgement, "restriction ended": _ended,
    "stopped": redress.stopped, "named in public": redress.named, "dismissed": redress.dismissed,
    "re-employed": redress.employed, "notified of a restriction": redress.notified,
    "appeal filed": redress.appealed, "appeal heard": redress.heard,
    "file corrected": redress.corrected, "visa with privileged access": _privileged_visa,
    "loan granted": application, "loan declined": application,
}  # fmt: skip
