"""Which sets of safeguards take away most harm for what they give up of a stated benefit.

Of all sets of safeguards, those stay that no other betters: less harm and no
less benefit, or more benefit and no more harm. Only safeguards are searched:
nothing here looks for more control.

Few sets are all lived. Of many, the search begins with none, all and each
alone, and goes on from every set that stands unbettered: with one safeguard
more, with one less. It ends when no such neighbour betters any of them, or
when as many worlds are lived as were allowed.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from underwatch.errors import UserError, did_you_mean
from underwatch.study.attribute import Coalition, Components, coalition_key, subsets
from underwatch.study.pool import Far, run_all
from underwatch.study.runs import Outcome, Task

# Stated goals, and which way each is meant to go.
GOALS = {
    "default_rate": -1, "repayment": 1, "offences": -1, "offences_deterred": 1,
    "deterred_watched": 1, "serious_offences": -1, "trust": 1, "support": 1, "supporters": 1,
}  # fmt: skip
# What is harm the more there is of it.
HARMS = (
    "chilled_acts",
    "chilled_share",
    "chilled_posts",
    "chilled_messages",
    "chilled_petitions",
    "chilled_protests",
    "chilled_foreign_visits",
    "perceived_risk",
    "expression_gap",
    "false_sightings",
    "true_news_flagged",
    "bystanders",
    "false_reports",
    "wrongful",
    "wrongful_namings",
    "association_only",
    "ties_lost",
    "imposed",
    "restricted_person_days",
    "restricted_now",
    "namings",
    "dismissals",
    "stops",
    "records_held",
    "watched",
)
GRAIN = 0.005  # of the span of what was found: finer differences count as none


@dataclass(frozen=True)
class Point:
    """A set of safeguards and what it comes to.

    gives_up: every stated goal that is worse than without safeguards, and by
    how much; in the goal's own unit.
    """

    safeguards: tuple[str, ...]
    harm: float
    benefit: float
    gives_up: dict[str, float]


@dataclass(frozen=True)
class Frontier:
    """The sets that nothing betters, from the least harm to the most."""

    harm: str
    harm_unit: str
    benefit: str
    benefit_unit: str
    none: Point
    points: tuple[Point, ...]
    lived: tuple[Point, ...]  # all that were looked at
    sets: int  # that there are
    finished: bool  # no neighbour is left that could better any of them


def check(harm: str, benefit: str) -> None:
    """Refuse what is no harm or no stated goal, before anything is lived."""
    wrong = []
    if harm not in HARMS:
        wrong.append(f"--harm {harm} is no harm{did_you_mean(harm, HARMS)}")
    if benefit not in GOALS:
        wrong.append(f"--benefit {benefit} is no stated goal{did_you_mean(benefit, GOALS)}")
    if wrong:
        raise UserError("\n".join(wrong))


def frontier(
    parts: Components,
    harm: str,
    benefit: str,
    days: int | None = None,
    most: int = 200,
    partial: Path | None = None,
    progress: Callable[[Far], None] = lambda _: None,
) -> Frontier:
    """Search the sets of these safeguards; `most`: how many worlds to live."""
    check(harm, benefit)
    keys = parts.keys
    whole = parts.scenario(frozenset(keys))
    days = whole.days if days is None else days
    if days < 1 or most < len(keys) + 2:
        raise UserError(
            f"{days} days and {most} worlds cannot be searched; write 1 day or more, and "
            f"{len(keys) + 2} worlds or more: none, all, and each safeguard alone."
        )
    seed = whole.society.seed
    study = hashlib.sha256(f"{whole.hash} {keys} {days} {seed}".encode()).hexdigest()
    found: dict[Coalition, Outcome] = {}
    few = 2 ** len(keys) <= most
    wanted = subsets(keys) if few else _first_sets(keys)
    unbettered: list[Coalition] = []
    while wanted and len(found) < most:
        wanted = wanted[: most - len(found)]
        _live(wanted, found, parts, seed, days, study, partial, progress)
        unbettered = _unbettered(found, harm, benefit)
        wanted = _neighbours(unbettered, keys, found)
    none = _point(frozenset(), found, keys, harm, benefit)
    unit = {line.name: line.unit for line in found[frozenset()].lines}
    points = [_point(some, found, keys, harm, benefit) for some in unbettered]
    return Frontier(
        harm, unit[harm], benefit, unit[benefit], none,
        tuple(sorted(points, key=lambda p: (p.harm, p.benefit))),
        tuple(_point(some, found, keys, harm, benefit) for some in found),
        2 ** len(keys), not wanted,
    )  # fmt: skip


def _live(wanted, found, parts, seed, days, study, partial, progress) -> None:
    keys = parts.keys
    tasks = {
        some: Task(coalition_key(keys, some, seed), {"world": parts.scenario(some)}, seed, days)
        for some in wanted
    }
    before = len(found)

    def tell(far: Far) -> None:
        lived, count = before * days, before + far.of_tasks
        progress(Far(lived + far.days, lived + far.of_days, before + far.tasks, count))

    outcomes = run_all(list(tasks.values()), partial, progress=tell, study=study)
    found |= {some: outcomes[task.key]["world"] for some, task in tasks.items()}


def _first_sets(keys: Sequence[str]) -> list[Coalition]:
    return [frozenset(), frozenset(keys), *(frozenset([key]) for key in keys)]


def _neighbours(sets: Iterable[Coalition], keys, lived) -> list[Coalition]:
    """What is one safeguard away from any of these and not lived yet, the smallest first."""
    near = dict.fromkeys(some ^ {key} for some in sets for key in keys)
    return sorted((some for some in near if some not in lived), key=len)


def _unbettered(found: dict[Coalition, Outcome], harm: str, benefit: str) -> list[Coalition]:
    """The sets that no other betters; of sets that come to the same, the smallest."""
    places = _places(found, harm, benefit)
    smallest: dict[tuple[int, int], Coalition] = {}
    for some in sorted(found, key=lambda some: (len(some), sorted(some))):
        smallest.setdefault(places[some], some)
    best = unbettered(list(smallest))
    return [smallest[place] for place in best]


def unbettered(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of (harm, lost benefit) pairs, those with no other at most as high in both."""
    stay, least = [], None
    for place in sorted(places):
        if least is None or place[1] < least:
            stay.append(place)
            least = place[1]
    return stay


def _places(found, harm, benefit) -> dict[Coalition, tuple[int, int]]:
    """Harm and lost benefit in steps of a grain, so that luck's small change is no gain."""
    sign = GOALS[benefit]
    pairs = {s: (_of(o, harm), -sign * _of(o, benefit)) for s, o in found.items()}
    lows, highs = ([pick(p[k] for p in pairs.values()) for k in (0, 1)] for pick in (min, max))
    steps = [max(1e-12, GRAIN * (high - low)) for low, high in zip(lows, highs, strict=True)]
    return {
        some: tuple(round((pair[k] - lows[k]) / steps[k]) for k in (0, 1))
        for some, pair in pairs.items()
    }


def _of(outcome: Outcome, measure: str) -> float:
    value = outcome.summary[measure]
    return 0.0 if value is None else float(value)


def _point(some: Coalition, found, keys, harm, benefit) -> Point:
    here, none = found[some], found[frozenset()]
    worse = {
        goal: round(_of(here, goal) - _of(none, goal), 4)
        for goal, sign in GOALS.items()
        if sign * (_of(here, goal) - _of(none, goal)) < 0
    }
    chosen = tuple(key for key in keys if key in some)
    return Point(chosen, _of(here, harm), _of(here, benefit), worse)
