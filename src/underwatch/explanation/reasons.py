"""Why each thing in a life was decided: its rule, its records, and the figures between them.

Whatever is told here is recomputed from what was kept, and compared with what
was decided where that was kept as well. What left no trace is not told.
"""

from underwatch.explanation import dossier as filed
from underwatch.explanation.figures import ruled_by, values
from underwatch.explanation.replay import HOME
from underwatch.model import streams
from underwatch.model.decisions.restrictions import FLIGHT_BAN, TRAIN_BAN, VISA_BAN
from underwatch.model.state import (
    ASSOCIATION,
    COURT_SERVED,
    DISMISSED,
    IN_DEFAULT,
    OWN_ACT,
    POLICE,
    SPEECH,
    WRONG_RECORD,
)

WORDS = ((OWN_ACT, "own act"), (WRONG_RECORD, "wrong record"), (ASSOCIATION, "association"))
OF_2_32 = 1 << 32
_BANS = {"flight refused": FLIGHT_BAN, "train refused": TRAIN_BAN, "visa refused": VISA_BAN}


def because(life, day: int, what: str, cause: str) -> dict | None:
    """What a line of a life came from, with the scenario's figures of that day that ruled it."""
    told = _told(life, day, what, cause)
    if told is not None and (keys := ruled_by(what, cause)):
        told["figures"] = values(life.figures(day), keys)
    return told


def _told(life, day, what, cause) -> dict | None:
    if what in _DECIDED:
        return _DECIDED[what](life, day)
    if what in _BANS:
        return refused(life, day, _BANS[what])
    if what in _HELD_BACK:
        return held_back(life, day, what)
    if what == "alert" and cause == "on the watch list" or what == "private message":
        return watched(life, day) | (points(life, day, what) or {})
    return points(life, day, what)


# --- Records


def points(life, day: int, what: str) -> dict | None:
    """What a record is worth to the office that the score reads; None where nobody is scored."""
    kind, params = filed.goes(life, day, what), life.params(day)
    if kind is None or not is_scored(life, params):
        return None
    office = int(params["score_reads"])
    return {"points": filed.worth(life, params, office)[kind], "read at": filed.OFFICES[office]}


def is_scored(life, params) -> bool:
    """Whether the state scores this citizen."""
    opted_out = (life.citizen * 2_246_822_519 & 0xFFFFFFFF) < params["opted_out"]
    return bool(params["scoring"] and life.traits["piloted"] < params["piloted"] and not opted_out)


def watched(life, day: int) -> dict:
    """Why the citizen was on the watch list."""
    params = life.params(day)
    office = int(params["police_read"])
    # The list is read in the morning, before the day's records.
    read = filed.read_at(life, day, office) if office else filed.morning_read(life, day)
    return {
        "rule": "the police watch whoever has so many contradicting posts or offences on file",
        "read at": filed.OFFICES[office], "contradicting posts": read.contradicting,
        "serious offences": read.serious,
    }  # fmt: skip


# --- The score


def associates(life, day: int) -> dict:
    """What the company one keeps adds or takes: the observed contacts and their scores by then."""
    params = life.params(day)
    layers = life.recording.signals[day, life.place]
    dissolved = int(life.mornings[day]["dissolved"])
    found = []
    for k, word in enumerate(layers.tolist()):
        slot = k - HOME
        layer = "home" if slot < 0 else "local" if slot < 12 else "online"
        let_go = slot >= 0 and dissolved >> slot & 1
        if word >> 36 & 1 and params[f"observed_{layer}"] and not let_go:
            found.append(
                {"citizen": int(life.recording.contacts[life.place, k]), "score": word >> 48}
            )
    total, weight = sum(c["score"] for c in found), int(params["association"])
    mean = total // len(found) if found else None
    added = weight * (mean - int(params["base"])) >> 16 if found else 0
    return {"contacts": len(found), "mean score": mean, "weight": round(weight / 65_536, 4),
            "points": added, "their scores": found}  # fmt: skip


def score(life, day: int) -> dict:
    """What the score of a day came from, to the last point."""
    params = life.params(day)
    office = int(params["score_reads"])
    read, kept = filed.read_at(life, day, office), associates(life, day)
    base, line = int(params["base"]), int(params["line"])

    def within(x):
        return min(int(params["ceiling"]), max(int(params["floor"]), x))

    own = base + read.points
    told = {
        "rule": "score = base + points of records + weight · (mean of contacts − base)",
        "read at": filed.OFFICES[office], "base": base, "records": read.records,
        "company": kept, "score": within(own + kept["points"]),
        "score without company": within(own),
        "score without what is not one's own": within(own - read.foreign), "line": line,
    }  # fmt: skip
    if office:
        told["delivered"] = life.date(read.delivered.day).isoformat() if read.delivered else None
    _compare(life, day, told)
    told["reasons"] = _words(_why(told, read.speech))
    return told


def _compare(life, day, told) -> None:
    """What was explained must be what was decided, and what others were shown."""
    decided, shown = int(life.recording.evenings[5, day, life.place]), int(life.scores[day])
    for found in ([decided] if decided else []) + ([shown] if shown >= 0 else []):
        if found != told["score"]:
            raise AssertionError(f"day {day}: {told['score']} explained, {found} decided")


def _why(told: dict, speech: int) -> int:
    """The reasons of a score below the line (consequences/restrictions.py)."""
    own, line = told["score without company"], told["line"]
    rightful = told["score without what is not one's own"]
    why = SPEECH if speech > 0 and own < line else 0
    why |= OWN_ACT if rightful < line else 0
    why |= WRONG_RECORD if own < rightful and own < line else 0
    return why | (ASSOCIATION if own >= line else 0)


def _words(bits: int) -> list[str]:
    return [word for bit, word in (*WORDS, (SPEECH, "speech")) if bits & bit]


def restricted(life, day: int) -> dict:
    """Why a score closed what it did."""
    told, state = score(life, day), life.states[day]
    if told["reasons"] != _words(int(state["reasons"]) >> 4):
        raise AssertionError(f"day {day}: {told['reasons']} explained, {state} decided")
    return told | {"until": life.date(state["score_until"]).isoformat()}


def spared(life, day: int) -> dict:
    """What a reviewer saw who spared somebody, and until when that holds."""
    until = life.date(life.states[day]["score_until"]).isoformat()
    return score(life, day) | {"until": until}


# --- Lists, ends and refusals


def listed(life, day: int) -> dict:
    """Why somebody is on the court's list."""
    state = life.states[day]
    told = {
        "rule": "whoever is judged for a debt is listed, and whoever bears a name that was entered",
        "until": life.date(state["list_until"]).isoformat(),
    }  # fmt: skip
    return told | (_debt(life, day) if life.happened(day, "judgement", "own act") else {})


def judgement(life, day: int) -> dict | None:
    found = points(life, day, "judgement") or {}
    if life.happened(day, "judgement", "own act"):
        found |= _debt(life, day)
    return found or None


def _debt(life, day: int) -> dict:
    """Since when a debtor was in default, and the instalments missed before."""
    if not life.mornings[day]["standing"] & COURT_SERVED:
        raise AssertionError(f"day {day}: judged without a call")
    since = day - 1
    while since >= 0 and not (life.states[since]["standing"] & IN_DEFAULT and not
                              life.mornings[since]["standing"] & IN_DEFAULT):  # fmt: skip
        since -= 1
    due = [t for t in range(since + 1) if life.acts[t]["due"]]
    missed = []
    for t in reversed(due):
        if life.acts[t]["kept"]:
            break
        missed.append(life.date(t).isoformat())
    return {"in default since": life.date(since).isoformat(), "missed": missed[::-1]}


def ended(life, day: int) -> dict:
    """Which restriction ended, and why."""
    before, after, params = life.mornings[day], life.states[day], life.params(day)
    upheld = life.happened(day, "appeal upheld") > 0
    told = {}
    fresh = life.happened(day, "listed") > 0
    if before["list_until"] and (fresh or not after["list_until"]):
        paid = before["reasons"] & OWN_ACT and not before["standing"] & IN_DEFAULT
        told["of the list"] = _ends(day >= before["list_until"], upheld, paid, params["list_on"])
    again = after["score_until"] != before["score_until"]
    if before["score_until"] and before["reasons"] >> 4 and again:
        told["by score"] = _ends(day >= before["score_until"], upheld, False, params["restrict_on"])
    return told


def _ends(is_over, upheld, paid, on) -> list[str]:
    why = ((is_over, "its time was over"), (upheld, "an appeal was upheld"),
           (paid, "the debt was paid"), (not on, "the rule was withdrawn"))  # fmt: skip
    return [word for holds, word in why if holds]


def refused(life, day: int, ban: int) -> dict:
    """Which restriction stood in the way, and since when."""
    mine, params = life.mornings[day], life.params(day)
    why = int(mine["reasons"]) >> 4
    told: dict = {"rule": "what a standing restriction closes is refused"}
    if mine["list_until"] and params["list_bans"] & ban:
        told["listed since"] = _last(life, day, "listed")
        told["listed for"] = _words(int(mine["reasons"]) & 7)
    by_score = "speech_bans" if why & SPEECH else "score_bans"
    by_score = "association_bans" if why == ASSOCIATION else by_score
    if mine["score_until"] and why and params[by_score] & ban:
        told["restricted by score since"] = _last(life, day, "restricted by score")
        told["restricted for"] = _words(why)
    return told


def _last(life, day: int, what: str) -> str | None:
    """The date of the last such line before a day."""
    found = [d for d, w, *_ in life.lines if w == what and d < day]
    return life.date(found[-1]).isoformat() if found else None


# --- Police, names, appeals


def sent(life, day: int) -> list[str]:
    """The sightings of a day that sent the police, by the same draw (consequences/police.py)."""
    params, u = life.params(day), life.draws(streams.VISIT)[day]
    found = ["alert"] if life.happened(day, "alert") else []
    posts = life.happened(day, "contradicting post")
    if life.happened(day, "private message") and life.acts[day]["contradicting_message"]:
        posts += 1
    if posts and u < params["visit_speech"]:
        found.append("contradicting post")
    if life.happened(day, "serious offence") and u < params["visit_serious"]:
        found.append("serious offence")
    if u < params["visit_assembly"]:
        found += [what for what in ("protest", "petition") if life.happened(day, what)]
    return found


def stopped(life, day: int) -> dict:
    """What sent the police who called: each sighting that did since they last called or gave up."""
    found, lapse = [], life.draws(streams.LAPSE)
    for t in range(day - 1, -1, -1):
        if what := sent(life, t):
            found.append({"date": life.date(t).isoformat(), "for": what})
        waiting = life.mornings[t]["standing"] & POLICE
        if not waiting or lapse[t] < life.params(t)["lapse"] or life.happened(t, "stopped"):
            break
    rule = "police call on whom a sighting sends them to, when they have a place"
    return {"rule": rule, "sent by": found[::-1] or "not recorded"}


def named(life, day: int) -> dict:
    """What was made public."""
    grounds = [
        f"{what} ({cause})" for what, cause, _ in life.by_day[day]
        if what == "listed" or (what == "minor offence")
    ]  # fmt: skip
    params = life.params(day)
    chance = max(
        params["named"] * bool(life.happened(day, "minor offence")),
        params["named_listed"] * bool(life.happened(day, "listed")),
    )
    rule = "whoever a camera claims to have caught, or the court lists, may be named"
    return {"rule": rule, "chance": round(chance / OF_2_32, 4), "for": grounds}


def dismissed(life, day: int) -> dict:
    return {"rule": "an employer who is told of a naming may dismiss",
            "chance": round(life.params(day)["dismissals"] / OF_2_32, 4)}  # fmt: skip


def employed(life, day: int) -> dict:
    since = next(t for t in range(day - 1, -1, -1) if not life.mornings[t]["standing"] & DISMISSED)
    return {"dismissed on": life.date(since).isoformat()}


def grounds_of_notice(life, day: int) -> dict:
    return {"of": [w for w in ("listed", "restricted by score") if life.happened(day, w)]}


def filed_appeal(life, day: int) -> dict:
    """What an appeal was filed upon: a notice, or running into a restriction."""
    what = ("told of a restriction", *_BANS)
    return {"upon": [w for w in what if life.happened(day, w)] or "not recorded"}


def heard(life, day: int) -> dict:
    """When the appeal that was heard was filed, and what its chance was."""
    mine, params = life.mornings[day], life.params(day)
    reasons = int(mine["reasons"])
    told = {"filed on": _last(life, day, "appeal filed"),
            "upheld": bool(life.happened(day, "appeal upheld"))}  # fmt: skip
    if not reasons:
        return told | {"ruling": "nothing was left to rule on"}
    own = (reasons | reasons >> 4) & OWN_ACT
    rate = params["reverse_rightful" if own else "reverse_wrongful"]
    rule = f"what rests on {'an act' if own else 'no act'} of one's own is reversed by chance"
    return told | {"rule": rule, "chance": round(rate / OF_2_32, 4)}


def corrected(life, day: int) -> dict:
    """What was taken out of the file, and by whom."""
    held = filed.file_on(life, day)
    taken = {kind: min(kept.count, kept.wrong) for kind, kept in held.items() if kept.wrong}
    return {"taken out": taken, "by": life.looked_into[day]}


def privileged_visa(life, day: int) -> dict:
    """Which score opened the fast lane."""
    params, told = life.params(day), score(life, day)
    line = int(params["privilege_line"])
    if is_scored(life, params) and 0 < line <= told["score"]:
        return {"rule": "the state's score opens it", "score": told["score"], "line": line}
    found = private_score(life, day)
    if found < params["perk_line"]:
        raise AssertionError(f"day {day}: a private score of {found} opened the fast lane")
    return {"rule": "the private score opens it", "score": found, "line": int(params["perk_line"])}


def private_score(life, day: int) -> int:
    """The company's score on a day (scoring/precursor.py)."""
    params, held = life.params(day), filed.file_on(life, day)
    boasting = sum(int(layer) >> 32 & 15 for layer in life.layers[:, day])
    kinds = ("late", "repaid", "favoured", "disfavoured")
    points = int(params["private_base"]) + sum(
        int(params[f"private_{kind}"]) * held[kind].count for kind in kinds
    )
    share = boasting * int(life.recording.shares[day, life.place])
    points += int(params["private_connections"]) * share >> 16
    return min(int(params["private_ceiling"]), max(int(params["private_floor"]), points))


# --- What was not done

_HELD_BACK = {
    "post not made": "risk", "message not sent": "risk", "petition not signed": "risk",
    "protest not joined": "risk", "foreign source not opened": "risk",
    "minor offence not committed": "detection",
}  # fmt: skip


def held_back(life, day: int, what: str) -> dict:
    """The risk that was felt that morning, and the share of such acts still done at it."""
    act, params = life.acts[day], life.params(day)
    name = _HELD_BACK[what]
    felt = weighs = int(act[name])
    if what == "message not sent":
        weighs = felt * int(params["risk_in_private"]) >> 16
    if name == "detection" and not act["watched"]:
        weighs = felt * int(params["elsewhere"]) >> 16
    told = {f"perceived {name}": felt}
    if what == "protest not joined":
        return told  # a threshold, not a share
    table = params["deter" if name == "detection" else "chill"]
    share = int(table[life.traits["prudence"] * weighs >> 8])
    return told | {"share still done": round(share / 65_536, 4)}


_DECIDED = {
    "restricted by score": restricted, "spared by a reviewer": spared, "listed": listed,
    "judgement": judgement, "restriction ended": ended, "stopped": stopped,
    "named in public": named, "dismissed": dismissed, "employed again": employed,
    "told of a restriction": grounds_of_notice, "appeal filed": filed_appeal,
    "appeal heard": heard, "file corrected": corrected, "visa on the fast lane": privileged_visa,
}  # fmt: skip


def sources_of(life) -> dict:
    """Every figure of the scenario that ruled in this life, with its source."""
    figures = ((event.because or {}).get("figures", ()) for event in life.events)
    keys = sorted({key for each in figures for key in each})
    return {key: str(life.recording.sources.get(key, "not recorded")) for key in keys}
