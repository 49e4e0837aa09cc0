"""Cases of restrictions and grades: two states, the court's list, moves between classes (M16)."""

from __future__ import annotations

from datetime import date

import numpy as np

from underwatch.kernel.columns import as_columns
from underwatch.kernel.random import draw
from underwatch.measurement.estimates import shorrocks
from underwatch.model.decisions.restrictions import restrict
from underwatch.model.dossiers.records import SERIOUS
from underwatch.model.dossiers.tiers import Found
from underwatch.model.scoring.scores import Score
from underwatch.model.state import IN_DEFAULT, State
from underwatch.model.streams import Today
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import cite, figures
from underwatch.verification.case import Case, Check
from underwatch.verification.compiled import driver
from underwatch.verification.populations import (
    BASE,
    adults,
    advance,
    everyone_scored,
    mean_and_error,
    nobody,
    parameters,
    population,
    staged,
)

_ENTERS, _LEAVES = 0.002, 0.02  # chances a day
_FIRST, _LAST, _DAYS = 500, 1_500, 2_500  # days of which restrictions are followed, and all
_GRADES = np.array([[0.9, 0.1, 0.0], [0.05, 0.9, 0.05], [0.0, 0.1, 0.9]])
_YEARS = 8


@driver
def _restricted(lo, hi, enters, leaves, seed, params, found):  # type: ignore[no-untyped-def]
    """For each citizen lo … hi − 1: days restricted, restrictions, and the days that these last."""
    for i in range(lo, hi):
        until, why, since = 0, 0, 0
        for day in range(1, _DAYS):
            today = Today(seed, day, -1, -1, 0, 0)
            judged = int(draw(seed, 0, day, i) < enters)
            upheld = int(until > 0 and draw(seed, 1, day, i) < leaves)
            state = State(0, 0, 0, 0, 0, 0, 0, why, until, 0, IN_DEFAULT, 0, 0, 0, 0)
            placed = restrict(
                state, Found(0, 0, 0, 0), Score(0, 0, 0, 0), 0, judged, 0, upheld, 0, 0, today,
                params[0],
            )  # fmt: skip
            if placed.ended and _FIRST <= since < _LAST:
                found[i - lo, 1] += 1
                found[i - lo, 2] += day - since
            if placed.listed:
                since = day
            until, why = placed.list_until, placed.reasons & 15
            found[i - lo, 0] += int(until > 0 and _FIRST <= day < _LAST)


def two_states(citizens: int, seed: int) -> list[Check]:
    """Case 13: the share under restriction, how long one lasts, and their balance."""
    record = parameters(list_on=1, list_days=60_000)
    found = np.zeros((citizens, 3))
    whole = round(_ENTERS * 2**32), round(_LEAVES * 2**32)
    _restricted(0, citizens, *whole, seed, record, found)
    share, share_error = mean_and_error(found[:, 0] / (_LAST - _FIRST))
    begun, lasted = found[:, 1].sum(), found[:, 2].sum()
    spell = lasted / begun
    apart = found[:, 2] - spell * found[:, 1]  # of a ratio of means
    spell_error = float(apart.std() * citizens**0.5 / begun)
    inflow = begun / citizens / (_LAST - _FIRST)
    stock = share - inflow * spell
    balance = found[:, 0] - found[:, 2]
    balance_error = float(balance.std() / citizens**0.5 / (_LAST - _FIRST))
    return [
        Check("Share under restriction", 100 * _ENTERS / (_ENTERS + _LEAVES), 100 * share, "%",
              100 * share_error, replicates=citizens),
        Check("Mean duration of a restriction", 1 / _LEAVES, spell, "days", spell_error,
              replicates=int(begun)),
        Check("Stock less inflow times duration", 0.0, 100 * stock, "% of citizens",
              100 * balance_error, replicates=citizens),
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
              tolerance=0.0001, replicates=int(moves.sum())),
        Check("Years until the lead of the higher grade is halved", 6.58, float(half), "years",
              float(half * left_error / left / -np.log(left)), replicates=len(apart)),
    ]  # fmt: skip


CASES = (
    Case(
        13, "A restriction as a chain of two states",
        "M16 Restrictions (model.decisions.restrictions)",
        "a/(a + b), 1/b, stock = inflow × duration", "C", "exact", two_states,
        replicates=40_000, quick=10_000, seconds=3.0,
        notices="A restriction that ends a day late, or an appeal that is heard on the day of "
        "the listing: the mean duration would be 51 days instead of 50; the error is .2.",
    ),
    Case(
        16, "The court's list from 2014 to 2018", "M16 Restrictions by the court's list",
        cite("court_blacklist"), "V", "fitted", blacklist, replicates=200_000, quick=0,
        seconds=21.0,
        notices="Court places a fifth too few, or cases lost from the queue: the curve would be "
        "off by as much, where 10 % is accepted.",
        note="The places of the court (`blacklist.court_places_per_million_a_day`) are fitted to "
        "this curve, so it is reproduced and not predicted. Figures of 2019 were compared "
        "earlier and count as known.",
    ),
    Case(
        32, "Moves between grades",
        "Trap: score classes from year to year (engine.simulation, measurement.estimates)",
        "Shorrocks 1978: (n − tr P)/(n − 1); half-life ln 2/−ln λ₂", "C", "exact", grades,
        replicates=30_000, quick=15_000, seconds=3.0,
        notices="Classes a year apart counted with those of two years ago: mobility would be .27 "
        "instead of .15; the error is .001.",
    ),
)  # fmt: skip
