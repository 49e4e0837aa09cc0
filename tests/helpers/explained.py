"""A run far harsher than the default, so that a few thousand people go through everything."""

import random

from underwatch.results.run import run
from underwatch.scenario import Scenario

N, DAYS = 4_000, 420
PEOPLE = ["first_day=2019-11-01", f"society.citizens={N}"]
HARSH = [
    *PEOPLE, "naming.offenders=1", "naming.listed=1",
    "naming.employers_notified=1", "naming.dismissed=0.5", "restrictions.below=985",
    "redress.notice=1", "redress.appeals_after_notice=1", "redress.delay_days=5",
    "redress.places_per_million_a_day=2000", "redress.corrects_file=true",
    "redress.reversed_wrongful=0.7", "cameras.false_match_rate=1e-9",
    "registers.judgement_mistyped=0.3", "neighbours.lies_per_year=1",
    "tiers.national.mistaken=0.1", "tiers.national.days_between_deliveries=7",
    "blacklist.court_places_per_million_a_day=500", "police.places_per_million_a_day=500",
    "protest.occasions_per_year=40", "protest.sparks=0.01", "life.visas_per_year=2",
    "life.missed_instalments_worst=0.7",
]  # fmt: skip


def simulated(name, settings, days=DAYS):
    return run(Scenario.load(name, settings), days=days)


def drawn():
    """Ten citizens drawn at random."""
    return random.Random(2018).sample(range(N), 10)
