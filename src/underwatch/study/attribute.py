"""Which organ is responsible for which share of a harm, or which safeguard buys most.

A coalition is a set of parts that are there; v(S) is the measure in the world
that has these and not the others, lived by the same people with the same luck.
A part's share is its Shapley value: what it adds, averaged over every order in
which the parts could come. The shares sum to v(all) − v(none), exactly.

    φ(i) = Σ over S without i of |S|! (n − |S| − 1)! / n! · (v(S + i) − v(S))

Exact for up to eight parts (2^n worlds); beyond, over sampled orders and their
reverses, each of which sums to the whole by itself.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import factorial, fsum, sqrt
from pathlib import Path

from underwatch.errors import UserError, did_you_mean
from underwatch.scenario import Scenario
from underwatch.scenario.organs import organs
from underwatch.scenario.safeguards import safeguards
from underwatch.study.compare import LEVEL
from underwatch.study.pool import Far, run_all
from underwatch.study.runs import Outcome, Task

GRAIN = 1 << 20  # parts of one in which shares are told
EXACT = 8  # parts; beyond, worlds would be too many
# The organs asked about if none are named: those that see, judge and strike.
USUAL = ("M1", "M6", "M7", "M10", "M11", "M13", "M14", "M16")
Coalition = frozenset[str]


@dataclass(frozen=True)
class Contribution:
    """One part's share; low and high where orders or seeds were sampled."""

    key: str
    name: str
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Attribution:
    """What each part adds to a measure, between the world with none of them and with all."""

    measure: str
    unit: str
    without: float  # v(none), mean over seeds
    with_all: float  # v(all)
    total: float
    parts: tuple[Contribution, ...]
    exact: bool
    worlds: int
    seeds: tuple[int, ...]


@dataclass(frozen=True)
class Components:
    """The parts asked about, and the scenario of any coalition of them."""

    keys: tuple[str, ...]
    names: dict[str, str]
    scenario: Callable[[Coalition], Scenario]


def organ_parts(base: str, settings: Sequence[str], numbers: Iterable[str] = ()) -> Components:
    """Organs; one that is not in a coalition is off, as in its `without-…` world."""
    able = {organ.number: organ for organ in organs() if organ.without}
    keys = tuple(numbers) or USUAL
    _known(keys, able, "organ that can be switched off")

    def scenario(coalition: Coalition) -> Scenario:
        over = [able[key].without for key in keys if key not in coalition]
        return Scenario.load(base, settings, over)

    return Components(keys, {key: f"{key} {able[key].name}" for key in keys}, scenario)


def safeguard_parts(base: str, settings: Sequence[str], names: Iterable[str] = ()) -> Components:
    """Safeguards; one that is in a coalition stands at the level it has in `safeguarded`."""
    able = {guard.key: guard for guard in safeguards()}
    keys = tuple(names) or tuple(able)
    _known(keys, able, "safeguard")
    full = Scenario.load("safeguarded").safeguards

    def scenario(coalition: Coalition) -> Scenario:
        levels = [
            f"safeguards.{key}={getattr(full, key).steps[-1][1] if key in coalition else 0}"
            for key in keys
        ]
        return Scenario.load(base, [*settings, *levels])

    return Components(keys, {key: able[key].name for key in keys}, scenario)


def _known(keys, able, what) -> None:
    unknown = [key for key in keys if key not in able]
    if unknown:
        raise UserError(
            "\n".join(f"{key} is no {what}{did_you_mean(key, able)}" for key in unknown)
        )
    if len(set(keys)) < len(keys) or len(keys) < 1:
        raise UserError("Name each part once.")


def attribute(
    parts: Components,
    measure: str,
    days: int | None = None,
    seeds: int = 1,
    orders: int = 20,
    partial: Path | None = None,
    progress: Callable[[Far], None] = lambda _: None,
) -> Attribution:
    """Shares of a measure: a summary line's name, or a tally's.

    orders: how many orders to sample, and as many reverses, beyond eight parts.
    """
    everything = frozenset(parts.keys)
    whole = parts.scenario(everything)
    days = whole.days if days is None else days
    exact = len(parts.keys) <= EXACT
    if min(days, seeds, orders) < 1:
        raise UserError(f"{days} days, {seeds} seeds and {orders} orders: write 1 or more of each.")
    sampled = [] if exact else _orders(parts.keys, orders, whole.society.seed)
    wanted = subsets(parts.keys) if exact else _passed(sampled)
    numbers = tuple(whole.society.seed + k for k in range(seeds))
    worlds = {coalition: parts.scenario(coalition) for coalition in wanted}
    tasks = [
        Task(coalition_key(parts.keys, coalition, seed), {"world": scenario}, seed, days)
        for seed in numbers
        for coalition, scenario in worlds.items()
    ]
    found = run_all(tasks, partial, progress=progress)
    by_seed = []
    for seed in numbers:
        outcomes = {c: found[coalition_key(parts.keys, c, seed)]["world"] for c in wanted}
        by_seed.append({c: _value(o, measure) for c, o in outcomes.items()})
    unit = _unit(found[tasks[0].key]["world"], measure)
    return _shares(parts, measure, unit, by_seed, sampled, exact, numbers, len(tasks))


def _shares(parts, measure, unit, by_seed, sampled, exact, numbers, worlds) -> Attribution:
    none, everything = frozenset(), frozenset(parts.keys)
    samples: dict[str, list[Fraction]] = {key: [] for key in parts.keys}
    for values in by_seed:
        if exact:
            for key in parts.keys:
                samples[key].append(shapley(key, parts.keys, values))
        else:
            for order in sampled:
                for key, added in marginal(order, values).items():
                    samples[key].append(added)
    without = _grained(_mean([v[none] for v in by_seed]))
    with_all = _grained(_mean([v[everything] for v in by_seed]))
    values = {key: _grained(_mean(some)) for key, some in samples.items()}
    total = with_all - without
    # Rounded one by one they might miss the whole by a grain or two, which the largest takes.
    largest = max(values, key=lambda key: abs(values[key]))
    values[largest] += total - sum(values.values())
    found = []
    for key in sorted(parts.keys, key=lambda key: -abs(values[key])):
        drawn = [float(s) for s in samples[key]]
        if not exact:  # an order and its reverse are one draw
            drawn = [(a + b) / 2 for a, b in zip(drawn[::2], drawn[1::2], strict=True)]
        certain = exact and len(by_seed) == 1
        low, high = (values[key],) * 2 if certain else _interval(drawn, values[key])
        found.append(Contribution(key, parts.names[key], values[key], low, high))
    return Attribution(
        measure, unit, without, with_all, total, tuple(found), exact, worlds, numbers
    )


def shapley(key: str, keys: Sequence[str], values: dict[Coalition, Fraction]) -> Fraction:
    """One part's exact share."""
    n, others, share = len(keys), [k for k in keys if k != key], Fraction(0)
    for size in range(n):
        weight = Fraction(factorial(size) * factorial(n - size - 1), factorial(n))
        for some in combinations(others, size):
            without = frozenset(some)
            share += weight * (values[without | {key}] - values[without])
    return share


def marginal(order: Sequence[str], values: dict[Coalition, Fraction]) -> dict[str, Fraction]:
    """What each part adds where the parts come in this order."""
    here, added = frozenset(), {}
    for key in order:
        there = here | {key}
        added[key] = values[there] - values[here]
        here = there
    return added


def _orders(keys, orders, seed) -> list[tuple[str, ...]]:
    """Orders drawn at random, each with its reverse, which takes noise out of the mean."""
    rng = random.Random(seed)
    found = []
    for _ in range(orders):
        order = list(keys)
        rng.shuffle(order)
        found += [tuple(order), tuple(reversed(order))]
    return found


def _passed(orders) -> list[Coalition]:
    """Every coalition that these orders pass through, each once."""
    return list(dict.fromkeys(frozenset(o[:k]) for o in orders for k in range(len(o) + 1)))


def subsets(keys: Sequence[str]) -> list[Coalition]:
    """Every coalition of these parts, the smallest first."""
    return [frozenset(some) for size in range(len(keys) + 1) for some in combinations(keys, size)]


def coalition_key(keys, coalition, seed) -> str:
    """A coalition's name among the tasks: which parts are there, as bits."""
    return f"{seed}-{sum(1 << k for k, key in enumerate(keys) if key in coalition):x}"


def _value(outcome: Outcome, measure: str) -> Fraction:
    """The measure in one world, exactly; what cannot be told there counts as nought."""
    value = outcome.summary.get(measure, outcome.totals.get(measure))
    return Fraction(0 if value is None else value)


def _unit(outcome: Outcome, measure: str) -> str:
    from underwatch.measurement.catalogue import MEASURES

    for line in outcome.lines:
        if line.name == measure:
            return line.unit
    return MEASURES[measure].unit


def check_measure(measure: str) -> None:
    """Refuse what is neither a summary line nor a tally, before anything is lived."""
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import NAMES

    known = [*NAMES, *MEASURES]
    if measure not in known:
        raise UserError(f"{measure} is no measure{did_you_mean(measure, known)}")


def _grained(value: Fraction) -> float:
    """The nearest millionth or so, a power of two: such sums are exact in any order."""
    return round(value * GRAIN) / GRAIN


def _mean(values) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _interval(drawn: list[float], value: float) -> tuple[float | None, float | None]:
    """An interval about a share, over what was drawn: orders, or seeds."""
    k = len(drawn)
    if k < 2:
        return None, None
    from scipy import stats

    centre = fsum(drawn) / k
    spread = sqrt(fsum((d - centre) ** 2 for d in drawn) / (k - 1))
    reach = float(stats.t.ppf((1 + LEVEL) / 2, k - 1)) * spread / sqrt(k)
    return value - reach, value + reach
