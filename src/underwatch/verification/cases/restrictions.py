"""Cases of restrictions and grades: two states, the court's list, moves between classes (M16)."""

from __future__ import annotations

from datetime import date

import numpy as np

from underwatch.kernel.columns import as_columns
from underwatch.measurement.estimates import shorrocks
from underwatch.model.dossiers.records import SERIOUS
from underwatch.model.society.people import BORROWS
from underwatch.model.streams import MONTH
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import cite, figures
from underwatch.verification.case import SLOW, Case, Check
from underwatch.verification.chance import mean_and_error
from underwatch.verification.populations import (
    BASE,
    CERTAIN,
    adults,
    advance,
    daily,
    everyone_scored,
    nobody,
    parameters,
    population,
    staged,
)

_MISSES, _PAYS = 0.6, 0.5  # of an instalment a month, without and with a restriction
_FIRST, _LAST, _DAYS = 600, 1_200, 1_680  # days of which restrictions are counted, and all
_GRADES = np.array([[0.9, 0.1, 0.0], [0.05, 0.9, 0.05], [0.0, 0.1, 0.9]])
_YEARS = 8


def two_states(citizens: int, seed: int) -> list[Check]:
    """Case 13: the share under restriction, how long one lasts, and their balance.

    Everybody owes an instalment a month. Who misses three in a row is in default; a court without
    a queue lists them, and the listing ends when they pay. The list is read once a month, at
    thirty different ages of a listing: the times that it is found there are its months.
    """
    record = parameters(
        list_on=1, list_days=60_000, court_capacity=1_000_000 << 16,
        miss_rate=round(_MISSES * CERTAIN), cure_free=round(_PAYS * CERTAIN),
        cure_barred=round(_PAYS * CERTAIN),
    )  # fmt: skip
    among = population(adults(citizens, memberships=BORROWS, income=128), nobody(citizens), seed)
    people = staged(among, record, _DAYS)
    inside, begun, months = np.zeros((3, citizens))
    before = np.zeros(citizens, np.int64)
    for day in range(0, _DAYS, MONTH):
        advance(people, day + MONTH)
        until = people.states()["list_until"].astype(np.int64)
        since = np.where(until > 0, until - 60_000, -1)  # the day of the listing
        here = (since >= _FIRST) & (since < _LAST)
        begun += here & (until != before)
        months += here
        inside += (until > 0) & (_FIRST <= day < _LAST)
        before = until
    share, share_error = mean_and_error(100 * inside * MONTH / (_LAST - _FIRST))
    spell = MONTH * months.sum() / begun.sum()
    spell_error = mean_and_error(MONTH * months - spell * begun)[1] / begun.mean()
    window = slice(_FIRST, _LAST)
    stock = daily(people, "restricted")[window].mean() / citizens  # by the run's own counts
    inflow = daily(people, "imposed")[window].sum() / citizens / (_LAST - _FIRST)
    # Three instalments missed in a row, from one that was paid.
    enters = _MISSES**3 * (1 - _MISSES) / (1 - _MISSES**3)
    return [
        Check("Share under restriction", 100 * enters / (enters + _PAYS), share, "%",
              share_error, replicates=citizens),
        Check("Mean duration of a restriction", MONTH / _PAYS, spell, "days", spell_error,
              replicates=int(begun.sum())),
        Check("Stock, of inflow times duration", 100.0, 100 * stock / (inflow * spell), "%",
              100 * mean_and_error(inside - months)[1] / inside.mean(), replicates=citizens),
    ]  # fmt: skip


def blacklist(citizens: int, seed: int) -> list[Check]:
    """Case 16: people ever put on the court's list, at the published dates up to 2018."""
    settings = ["restrictions.on=false", f"society.seed={seed}"]
    scenario = Scenario.load("atlantic-2018", settings)
    first = scenario.first_day
    value = figures()["court_blacklist"].value
    assert isinstance(value, dict)
    curve = {date.fromisoformat(day): float(n) for day, n in value.items()}  # type: ignore[arg-type]
    before = max(n for day, n in curve.items() if day <= first)
    later = {day: n for day, n in curve.items() if first < day <= date(2018, 12, 31)}
    made = run(scenario, citizens=citizens, days=(max(later) - first).days + 1)
    census = figures()["census_2020"].value
    assert isinstance(census, dict)
    listed = np.cumsum(made.tallies["imposed"].values)
    scale = float(census["people"]) / citizens  # type: ignore[arg-type]
    checks = []
    for day, expected in later.items():
        count = listed[(day - first).days]
        checks.append(Check(
            f"People ever on the list by {day}", expected / 1e6,
            (before + scale * count) / 1e6, "million", tolerance=expected / 1e7,
            replicates=int(count),
        ))  # fmt: skip
    return checks


def grades(citizens: int, seed: int) -> list[Check]:
    """Case 32: moves between three classes of scores from year to year, as a run counts them."""
    random = np.random.default_rng(seed)
    record = everyone_scored(0.0, serious=-30, line=BASE - 50)  # 2, 1 or no records: the class
    among = population(adults(citizens), nobody(citizens), seed)
    people = staged(among, record, 365 * _YEARS)
    grade = random.permutation(np.array([0, 1, 1, 2])[np.arange(citizens) % 4])  # at rest
    first = grade
    for year in range(_YEARS):
        states = people.states()
        states["file"] = (2 - grade).astype(np.uint64) << np.uint64(4 * SERIOUS)
        people.world.states[:] = as_columns(states)
        advance(people, 365 * (year + 1))
        grade = (random.random((citizens, 1)) >= np.cumsum(_GRADES, 1)[grade]).sum(1)
    moves = people.moves[:, :3, :3].sum(0)
    got = shorrocks(moves)
    stays = np.diagonal(moves) / moves.sum(1)
    error = float(((stays * (1 - stays) / moves.sum(1)).sum()) ** 0.5 / 2)
    side = 1.0 - first  # below the line 1, at base or above −1: halves like the slowest move
    apart = (1.0 - people.classes)[first != 1] * side[first != 1]
    left, left_error = mean_and_error(apart)
    years = _YEARS - 1
    half = -years * np.log(2) / np.log(left)
    return [
        Check("Mobility by Shorrocks", 0.15, got if got is not None else np.nan, error=error,
              tolerance=0.0001, replicates=int(moves.sum()), role="statistic"),
        Check("Years until the lead of the higher grade is halved", 6.58, float(half), "years",
              float(half * left_error / left / -np.log(left)), replicates=len(apart),
              role="statistic"),
    ]  # fmt: skip


CASES = (
    Case(
        13, "A restriction as a chain of two states",
        "M16 Restrictions: a run's list, from default and judgement to payment "
        "(engine.queues, model.decisions.restrictions, model.response.adapt)",
        "a/(a + b), 1/b, stock = inflow × duration, with a = q³(1 − q)/(1 − q³) a month for three "
        "misses in a row", "C", "exact", two_states, replicates=30_000, quick=8_000, seconds=3.0,
        notices="A restriction that ends a day late, or a judgement lost in a hundred: the mean "
        "duration would be 61 days instead of 60, the share under restriction .15 points lower; "
        "the errors are .14 and .06.",
        note="Chances are a month's: .6 to miss an instalment, .5 to pay while listed.",
    ),
    Case(
        16, "The court's list from 2014 to 2018", "M16 Restrictions by the court's list",
        cite("court_blacklist"), "V", "fitted", blacklist, replicates=200_000, quick=0,
        slow=SLOW, seconds=21.0,
        notices="Court places a fifth too few, or cases lost from the queue: the curve would be "
        "off by as much, where 10 % is accepted.",
        note="The places of the court (`blacklist.court_places_per_million_a_day`) are fitted to "
        "this curve up to June 2018, so it is reproduced and not predicted. The figure of December "
        "2018 is held out of the fit; like those of 2019 it was compared earlier and counts as "
        "known.",
    ),
    Case(
        32, "Moves between grades",
        "Trap: score classes from year to year (engine.simulation, measurement.estimates)",
        "Shorrocks 1978: (n − tr P)/(n − 1); half-life ln 2/−ln λ₂", "C", "exact", grades,
        replicates=30_000, quick=15_000, seconds=3.0,
        notices="Classes a year apart counted with those of two years ago: mobility would be .27 "
        "instead of .15; the error is .001.",
        note="Citizens are moved between classes here, by their files; a run counts the moves.",
    ),
)  # fmt: skip
