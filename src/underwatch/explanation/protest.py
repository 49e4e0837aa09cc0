"""Why a recorded citizen protested, or did not: threshold, the others, fatigue, perceived risk."""

from types import SimpleNamespace
from typing import Any

from underwatch.model.society.people import Person
from underwatch.model.society.speech import threshold_of
from underwatch.model.state import ONE, PROTESTED

_LANE = PROTESTED.bit_length() - 1


def threshold(who, day: int) -> int:
    """The share of others from which the citizen joins at no perceived risk, 65,536 = 1."""
    traits = Person(*(int(who.person[name]) for name in Person._fields))
    opinion, params = int(who.acts[day]["opinion"]), who.params(day)
    names = ("thresholds_listed", "threshold", "threshold_loyal")
    of = SimpleNamespace(**{name: params[name] for name in names})
    return int(threshold_of.py_func(traits, opinion, who.citizen, of))


def others(who, day: int) -> int:
    """The share of the others who protested the day before, 65,536 = 1: contacts or district."""
    if who.params(day)["heeds_district"]:
        return int(who.recording.protesting[day, who.index])
    share = int(who.recording.shares[day, who.index])
    protested = sum(int(layer) >> _LANE & 15 for layer in who.heard[:, day])
    return protested * ONE // (ONE // share) if share else 0


def recent_days(who, day: int) -> int:
    """The citizen's own recent days of protest that morning, which tire: 0 to 15."""
    return int(who.recording.fatigue[day, who.index])


def participation(who, day: int) -> dict[str, Any]:
    """What decides whether the citizen joins a protest; shares from 0 to 1."""
    params = who.params(day)
    alone, risk = threshold(who, day), int(who.acts[day]["risk"])
    felt = alone + int(params["threshold_risk"]) * (int(who.traits["prudence"]) * risk >> 8)
    tired = recent_days(who, day)
    return {
        "rule": "who has reached the threshold joins with a chance that recent days of protest "
                "lower; perceived risk raises the threshold",
        "share of the others who protested": round(others(who, day) / ONE, 4),
        "threshold": round(alone / ONE, 4),
        "threshold at the perceived risk": round(felt / ONE, 4),
        "recent days of protest": tired,
        "chance left by them": round(int(params["tired"][tired]) / ONE, 4),
    }  # fmt: skip
