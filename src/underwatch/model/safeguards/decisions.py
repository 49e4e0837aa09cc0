"""Between score, decide and respond: human review, proportionality, notice and appeal."""

import numpy as np

_CAPACITY = 65_536  # one place a day for each million people


def score_line(r, level, scenario):
    """A lower score line: fewer people are below it."""
    lower = round(scenario.safeguards.strict.line_lower * level)
    r["line"] = np.maximum(r["line"] - lower, r["floor"])


def review(r, level, scenario):
    """A reviewer confirms each restriction by score; capacity grows with the level."""
    r["review_on"] = level > 0
    r["review_capacity"] = round(scenario.review.places_per_million_a_day * level * _CAPACITY)


def proportionality(r, level, scenario):
    """Limit which restrictions may follow which ground, and for how long."""
    if level >= 0.5:
        r["association_bans"] = 0
    if level >= 1:
        r["speech_bans"] = 0
    r["restrict_days"] = np.maximum(1, np.round(r["restrict_days"] * (1 - level / 2)))


def notice(r, level, scenario):
    """Notify people of restrictions of whom they were not notified."""
    r["notice"] = np.round(r["notice"] + level * (2**32 - r["notice"])).astype(np.int64)


def appeal(r, level, scenario):
    """More places, less delay, and more wrongful restrictions reversed."""
    full = scenario.safeguards.full_appeal
    goals = {
        "appeal_capacity": full.places_per_million_a_day * _CAPACITY,
        "appeal_delay": full.delay_days,
        "reverse_wrongful": full.reversed_wrongful * 2**32,
    }
    for name, goal in goals.items():
        r[name] = np.round(r[name] * (1 - level) + goal * level).astype(np.int64)
