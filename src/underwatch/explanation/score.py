"""The score of a day, traced to its records and contacts, and compared with the run."""

from underwatch.engine.recording import TOTAL
from underwatch.explanation import dossier, offices
from underwatch.explanation.replay import HOME
from underwatch.model.state import (
    ASSOCIATION,
    FRACTION_BITS,
    OWN_ACT,
    SCORE_LANE,
    SCORED,
    SPEECH,
    WRONG_RECORD,
)
from underwatch.model.streams import HALVES, ROUNDING

REASONS = ((OWN_ACT, "own act"), (WRONG_RECORD, "wrong record"), (ASSOCIATION, "association"),
           (SPEECH, "speech"))  # fmt: skip


def is_scored(who, params) -> bool:
    """Whether the state scores the citizen under some parameters."""
    opted_out = (who.citizen * 2_246_822_519 & 0xFFFFFFFF) < params["opted_out"]
    return bool(params["scoring"] and who.traits["piloted"] < params["piloted"] and not opted_out)


def association(who, day: int) -> dict:
    """Points of association: the observed contacts, and their scores of the day before.

    The term is rounded at random to sixteenths (model/scoring/scores.py).
    """
    params, found, total = who.params(day), [], 0
    signals = who.recording.signals[day, who.index].tolist()
    shut = int(who.closed_by_morning[day])
    for k, signal in enumerate(signals):
        slot = k - HOME
        layer = "home" if slot < 0 else "local" if slot < 12 else "online"
        closed = slot >= 0 and shut >> slot & 1
        if signal & SCORED and params[f"observed_{layer}"] and not closed:
            contact = int(who.recording.contacts[who.index, k])
            found.append({"citizen": contact, "score": in_points(signal >> SCORE_LANE)})
            total += signal >> SCORE_LANE
    weight, term, mean = int(params["association"]), 0, None
    if found:
        above = (total << 16) // len(found) - (int(params["base"]) << FRACTION_BITS + 16)
        rounding = int(who.draws(HALVES + ROUNDING // 2)[day]) >> 16
        term = (weight * above >> 16) + rounding >> 16
        mean = round(total / len(found) / (1 << FRACTION_BITS), 2)
    return {"contacts": len(found), "mean score": mean, "weight": round(weight / 65_536, 4),
            "points": in_points(term), "contact scores": found}  # fmt: skip


def in_points(sixteenths: int) -> float:
    """A score or a difference of scores in points: a whole number, or one with sixteenths."""
    points = sixteenths / (1 << FRACTION_BITS)
    return int(points) if points.is_integer() else points


def score(who, day: int) -> dict:
    """How the score of a day is composed, to the last sixteenth of a point.

    Raises AssertionError if the result is not the score that the run decided on or published.
    """
    params = who.params(day)
    office = int(params["score_reads"])
    read, associated = offices.read_at(who, day, office), association(who, day)
    base, line = int(params["base"]), int(params["line"])

    def within(points):
        return min(int(params["ceiling"]), max(int(params["floor"]), points))

    own = base + read.points
    found = {
        "rule": "score = base + points of records + weight × (mean score of contacts − base), "
        "rounded at random to sixteenths",
        "read at": offices.OFFICES[office], "base": base, "records": read.records,
        "association": associated, "score": within(own + associated["points"]),
        "score without association": within(own),
        "score without wrong records": within(own - read.wrong), "line": line,
    }  # fmt: skip
    if office:
        delivery = read.delivered
        found["delivered"] = who.date(delivery.day).isoformat() if delivery else None
    _compare(who, day, found["score"])
    found["reasons"] = reasons(_reason_bits(found, read.speech))
    return found


def _compare(who, day: int, explained: float) -> None:
    """Compare an explained score with the decided and the published one."""
    decided = in_points(int(who.recording.evenings[TOTAL, day, who.index]))  # 0 without decisions
    published = float(who.scores[day])  # -1 for none
    for found in ([decided] if decided else []) + ([published] if published >= 0 else []):
        if found != explained:
            raise AssertionError(f"day {day}: {explained} explained, {found} decided")


def _reason_bits(found: dict, speech: int) -> int:
    """Why a score is below the line, as model/decisions/restrictions.py decides it."""
    own, line = found["score without association"], found["line"]
    rightful = found["score without wrong records"]
    bits = SPEECH if speech > 0 and own < line else 0
    bits |= OWN_ACT if rightful < line else 0
    bits |= WRONG_RECORD if own < rightful and own < line else 0
    return bits | (ASSOCIATION if own >= line else 0)


def reasons(bits: int) -> list[str]:
    """The names of reason bits."""
    return [name for bit, name in REASONS if bits & bit]


def private_score(who, day: int) -> int:
    """The private company's score on a day (model/scoring/precursor.py)."""
    params, held = who.params(day), dossier.file_on(who, day)
    boasting = sum(int(layer) >> 32 & 15 for layer in who.heard[:, day])
    kinds = ("late", "repaid", "favoured", "disfavoured")
    points = int(params["private_base"]) + sum(
        int(params[f"private_{kind}"]) * held[kind].count for kind in kinds
    )
    share = boasting * int(who.recording.shares[day, who.index])
    points += int(params["private_connections"]) * share + (1 << 15) >> 16
    return min(int(params["private_ceiling"]), max(int(params["private_floor"]), points))
