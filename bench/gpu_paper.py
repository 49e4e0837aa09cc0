"""The memory that a citizen-day moves on a device, counted from the types of the arrays.

A roofline on paper: bytes that must come from, or go to, the card's memory, if whatever is read
twice within a launch, or by neighbours, comes from its caches. It says how fast a card could be at
best, and nothing of how fast it is.
"""

from underwatch.engine.cuda.work import BYTES_A_CITIZEN
from underwatch.engine.resources import WORLD
from underwatch.model.streams import LEVELS_EVERY, MONTH

# Bandwidth in bytes a second and memory in bytes, as the maker states them.
CARDS = {
    "NVIDIA A100 80GB (SXM)": (2.039e12, 80e9),
    "NVIDIA H100 (SXM)": (3.35e12, 80e9),
    "NVIDIA H200 (SXM)": (4.8e12, 141e9),
    "NVIDIA B200": (8.0e12, 180e9),
}
NATION, DAYS = 1_410_000_000, 2393  # the nation that is asked for, and its run
ACTIVE = 0.06  # of all citizens, those whose day is simulated in full: with every organ on

# Bytes read and written by each launch, for each citizen whom it concerns.
LISTENING = {
    "people": 16, "candidates": WORLD["near"] + WORLD["wide"], "offsets": 4, "slots": 4,
    "signals of contacts": 8, "flags of lookalikes": 4, "what is heard": 24 + 4 + 1,
}  # fmt: skip
MORNING = {
    "people": 16, "state": 40, "feelings written": 16, "what was heard": 24 + 4 + 1,
    "signals written": 4, "own flags": 2, "flags written": 2, "queues": 2, "levels": 1,
}  # fmt: skip
SECTOR = 32  # bytes that a card reads at least; those who are active stand apart
FULL_DAY = {
    "people": 2, "state": 5, "state written": 5, "what the launches before left": 7,
    "signals, flags, queues": 4, "measures": 2,
}  # fmt: skip
DELIVERY = {"people": 16, "state": 40, "file of the namesake": 8 + 16, "state written": 24}
DELIVER = 1 / 30  # of all citizens, those whose office delivers on a day
LEVELS = {"people": 16, "state": 40, "signals, slots, levels": 4 + 2 + 1}
REVIEW = {
    "people": 16, "candidates, twice": 2 * (WORLD["near"] + WORLD["wide"] + 4), "slots": 10,
    "signals": 8, "choices": 4 + 40,
}  # fmt: skip
BIRTHS = {
    "people": 16 + 8, "birthdays": 2, "events": 4 * 4, "events of contacts": 4,
    "candidates": WORLD["near"] + WORLD["wide"] + 4, "slots, absent": 6 + 4,
}  # fmt: skip


def of_a_day() -> dict[str, float]:
    """Bytes a citizen-day by launch, and in all."""
    parts = {
        "listening": sum(LISTENING.values()),
        "mornings": sum(MORNING.values()),
        "full days": ACTIVE * SECTOR * sum(FULL_DAY.values()),
        "deliveries": DELIVER * sum(DELIVERY.values()),
        "levels": sum(LEVELS.values()) / LEVELS_EVERY,
        "review of ties": sum(REVIEW.values()) / MONTH,
        "births and deaths": sum(BIRTHS.values()) / MONTH,
    }
    parts = {name: round(value, 1) for name, value in parts.items()}
    return parts | {"in all": round(sum(parts.values()), 1)}


def paper() -> dict[str, dict[str, float]]:
    """For each card: citizen-days a second at most, citizens that fit, cards and time of NATION."""
    each = of_a_day()["in all"]
    found = {}
    for name, (bandwidth, memory) in CARDS.items():
        fits = memory * 0.97 / BYTES_A_CITIZEN
        cards = -(-NATION // round(fits))
        found[name] = {
            "citizen_days_per_second_at_most": round(bandwidth / each),
            "citizens_that_fit": round(fits, -6),
            "cards_for_the_nation": cards,
            "minutes_for_the_nation_at_least": round(
                NATION * DAYS * each / bandwidth / cards / 60, 1
            ),
        }
    return found
