"""The share of each organ, or of each safeguard, in a measure.

The components are the players of a cooperative game: the worth of a set of them is the measure
in the world with exactly these present, with the same people and the same random draws. The
share of a component is its Shapley value (see `shapley`).

Up to eight components, all sets are simulated. Beyond, each seed has random orders of its own
with their reverses, so that the spread of seeds holds the error of sampling orders as well. Each
seed is one replicate: intervals are over seeds, whatever the number of orders.
"""

import time
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from underwatch.errors import UserError
from underwatch.results.folder import as_path
from underwatch.scenario import Scenario
from underwatch.scenario.limits import check_seeds, check_size
from underwatch.study.asked import begun
from underwatch.study.attribution import Attribution
from underwatch.study.attribution_findings import Share, Undefined
from underwatch.study.budget import BUDGET, sized
from underwatch.study.capacity import bounds
from underwatch.study.components import Components, Names, organ_components, safeguard_components
from underwatch.study.events import few_between
from underwatch.study.keyed import Keyed
from underwatch.study.measures import MeasureInfo, check_measure, describe_measure
from underwatch.study.own_code import own_code, refuse_observe
from underwatch.study.progress import Report
from underwatch.study.result import study_provenance
from underwatch.study.runs import Outcome, events_over_seeds
from underwatch.study.shapley import Coalition, coalitions_of, marginal, sample_orders, shapley
from underwatch.study.shapley import subsets as all_subsets
from underwatch.study.shared import opened, run_worlds
from underwatch.study.statistics import MIN_SEEDS, UNDEFINED, Estimate, estimate
from underwatch.study.worlds import ScenarioLike, Worlds, read_worlds

__all__ = ["Attribution", "attribute"]
RESOLUTION = 1 << 20  # shares are rounded to 1/RESOLUTION, so that their sum is exact
MAX_ALL_ORDERS = 8  # components; beyond, orders are sampled


def attribute(
    scenario: ScenarioLike | Mapping[str, ScenarioLike],
    measure: str,
    *,
    organs: Names | None = None,
    safeguards: Names | None = None,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    seeds: int | Iterable[int] = 5,
    orders: int = 20,
    score: Any = None,
    observe: None = None,
    budget: float | None = BUDGET,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
    progress: Report | None = None,
) -> Attribution:
    """Attribute a measure to the organs of a scenario, or to safeguards.

    Parameters
    ----------
    scenario : a Scenario, the name of a shipped one or a path. An organ that is absent is
        switched off as in its `without-…` scenario; all else is as this scenario declares it.
    measure : a measure of the summary, or a tally (then its total over the run).
    organs : their numbers, such as ["M7", "M11"]; by default eight that observe, score or
        sanction.
    safeguards : their keys, or "all", in place of organs. A safeguard that is present has the
        level that it has in the scenario `safeguarded`.
    citizens, days, seed : replace those of the scenario.
    seeds : how many seeds, from `seed` on, or the seeds themselves. Intervals over seeds need
        three.
    orders : with more than eight components, how many orders to sample for each seed, each with
        its reverse.
    score : a scoring rule of your own, in place of the points of the scenario.
    observe : refused; measures of your own can be compared, but not attributed.
    budget, checkpoint, scheduler, progress : as in `compare`.

    Returns
    -------
    Attribution
        `.shares["M7"]` has value, low and high. The values sum to `.total`, exactly. Where the
        measure is undefined in one of the worlds, there are no shares, and `.undefined` lists
        these worlds: a measure that is undefined is not zero. Where the worlds differ by fewer
        than 30 events, the shares are not ranked, and `.few` is the reason.

    Raises
    ------
    UserError
        if a measure, an organ or a safeguard is unknown, or a size is out of range.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.attribute(
    ...     "atlantic-2018", "chilled_acts", organs=["M7", "M14"], citizens=2000, days=60, seeds=1
    ... )
    >>> found.shares["M7"].value + found.shares["M14"].value == found.total
    True
    """
    clock = time.perf_counter()
    check_measure(measure)
    refuse_observe(observe, "attribute")
    if organs is not None and safeguards is not None:
        raise UserError("Name either organs or safeguards.")
    worlds = read_worlds([scenario], citizens, seed)
    name, base = worlds.baseline

    def made(base: Scenario) -> Components:
        if safeguards is None:
            return organ_components(base, organs)
        return safeguard_components(base, safeguards)

    keys = made(base).keys
    days = base.days if days is None else check_size("days", days)
    orders = check_size("orders", orders)
    numbers = check_seeds(seeds, base.society.seed)
    own = own_code(None, 30, score)
    folder = None if checkpoint is None else as_path(checkpoint)
    plan = _plan(keys, orders, numbers)
    runs = sum(map(len, plan.coalitions.values()))
    worlds, size = sized(
        Worlds({name: base}, worlds.sources), citizens, runs, days, budget, folder, progress,
        scheduler=scheduler,
    )  # fmt: skip
    _, base = worlds.baseline
    components = made(base)
    scenarios = {c: components.scenario(c) for wanted in plan.coalitions.values() for c in wanted}
    by_seed = {
        seed_: {components.code(c): scenarios[c] for c in wanted}
        for seed_, wanted in plan.coalitions.items()
    }
    with begun(opened(folder, by_seed, days, own)) as ledger:
        found = run_worlds(
            by_seed, days, own=own, ledger=ledger, progress=progress, scheduler=scheduler
        )
    outcomes = {
        (seed_, c): found[seed_][components.code(c)]
        for seed_, wanted in plan.coalitions.items()
        for c in wanted
    }
    about = describe_measure(measure, next(iter(outcomes.values())))
    parts = f"{len(components.keys)} {components.kind}"
    title = f"{about.label}: contributions of {parts} in “{base.title}”"
    provenance = study_provenance("attribute", title, worlds, days, numbers, clock) | size
    return _attribution(components, about, plan, outcomes, provenance)


Values = dict[tuple[int, Coalition], float | int | None]  # by seed and coalition


class Plan(NamedTuple):
    """Which sets are simulated under which seed; orders: None where all sets are."""

    coalitions: dict[int, list[Coalition]]
    orders: dict[int, list[tuple[str, ...]]] | None


def _plan(keys: tuple[str, ...], orders: int, seeds: tuple[int, ...]) -> Plan:
    if len(keys) <= MAX_ALL_ORDERS:
        return Plan(dict.fromkeys(seeds, all_subsets(keys)), None)
    sampled = {seed: sample_orders(keys, orders, seed) for seed in seeds}
    return Plan({seed: coalitions_of(sampled[seed]) for seed in seeds}, sampled)


def _attribution(
    components: Components, about: MeasureInfo, plan: Plan,
    outcomes: dict[tuple[int, Coalition], Outcome], provenance: dict[str, Any],
) -> Attribution:  # fmt: skip
    values = {key: outcome.value(about.name) for key, outcome in outcomes.items()}
    undefined = _undefined(components, values)
    seeds = list(plan.coalitions)
    without = _mean([values[seed, frozenset()] for seed in seeds])
    with_all = _mean([values[seed, frozenset(components.keys)] for seed in seeds])
    total = over = None
    events = [
        events_over_seeds([outcomes[seed, c] for seed in seeds], about.name)
        for c in (frozenset[str](), frozenset(components.keys))
    ]
    few = ""
    if undefined or without is None or with_all is None:
        shares = {key: Share(key, components.names[key], *UNDEFINED) for key in components.keys}
    else:
        total = with_all - without
        estimates, over = estimates_of(components.keys, plan, values, total)
        few = few_between((without, events[0]), (with_all, events[1]))
        ranked = list(components.keys)
        if few:  # a few events without spread give no interval
            estimates = {
                key: Estimate(one.value) if one.low == one.high else one
                for key, one in estimates.items()
            }
        else:
            ranked.sort(key=lambda key: -abs(estimates[key].value or 0))
        shares = {key: Share(key, components.names[key], *estimates[key]) for key in ranked}
    return Attribution(
        provenance=provenance,
        measure=about.name,
        label=about.label,
        unit=about.unit,
        definition=about.definition,
        components=components.kind,
        without=without,
        with_all=with_all,
        total=total,
        shares=Keyed(shares, components.kind.removesuffix("s")),
        all_orders=plan.orders is None,
        interval_over=over,
        few=few,
        seeds=tuple(seeds),
        undefined=undefined,
        values=[
            (tuple(k for k in components.keys if k in coalition), seed, value)
            for (seed, coalition), value in values.items()
        ],
        limited=bounds({about.name: about.label}, (one.summary for one in outcomes.values())),
    )


def _undefined(components: Components, values: Values) -> tuple[Undefined, ...]:
    """The worlds in which the measure has no value, with the seeds in which it has none."""
    by_world: dict[Coalition, list[int]] = {}
    for (seed, coalition), value in values.items():
        if value is None:
            by_world.setdefault(coalition, []).append(seed)
    return tuple(
        Undefined(
            tuple(key for key in components.keys if key in coalition),
            components.describe(coalition),
            tuple(seeds),
        )
        for coalition, seeds in sorted(by_world.items(), key=lambda item: len(item[0]))
    )


def estimates_of(
    keys: tuple[str, ...], plan: Plan, values: Values, total: float
) -> tuple[dict[str, Estimate], str | None]:
    """(estimate by component, what the intervals are over: "seeds" or None)."""
    known = {key: Fraction(value) for key, value in values.items() if value is not None}
    by_seed = [
        _samples(keys, plan, seed, {c: known[seed, c] for c in wanted})
        for seed, wanted in plan.coalitions.items()
    ]
    found: dict[str, Estimate] = {}
    for key in keys:
        made = estimate([float(_mean_of(of_seed[key])) for of_seed in by_seed])
        exact = sum((_mean_of(of_seed[key]) for of_seed in by_seed), Fraction(0)) / len(by_seed)
        found[key] = _centred(made, _rounded(exact))
    # Rounded one by one, the shares may miss the total; the largest share takes the rest.
    rounded = {key: share.value or 0.0 for key, share in found.items()}
    largest = max(keys, key=lambda key: abs(rounded[key]))
    rest = total - sum(rounded.values())
    found[largest] = _centred(found[largest], rounded[largest] + rest)
    return found, "seeds" if len(by_seed) >= MIN_SEEDS else None


def _samples(
    keys: tuple[str, ...], plan: Plan, seed: int, worth: dict[Coalition, Fraction]
) -> dict[str, list[Fraction]]:
    """Independent estimates of each share under one seed; of all orders there is one."""
    if plan.orders is None:
        return {key: [shapley(key, keys, worth)] for key in keys}
    added = [marginal(order, worth) for order in plan.orders[seed]]
    # An order and its reverse depend on each other, so both are one sample.
    return {
        key: [(a[key] + b[key]) / 2 for a, b in zip(added[::2], added[1::2], strict=True)]
        for key in keys
    }


def _centred(found: Estimate, value: float) -> Estimate:
    """An estimate with its interval about a value that is equal to it but for rounding."""
    if found.low is None or found.high is None:
        return Estimate(value)
    reach = (found.high - found.low) / 2
    return Estimate(value, value - reach, value + reach)


def _mean_of(samples: list[Fraction]) -> Fraction:
    return sum(samples, Fraction(0)) / len(samples)


def _mean(values: list[float | int | None]) -> float | None:
    """The mean over seeds, rounded; None if the measure is undefined under one of them."""
    if any(value is None for value in values):
        return None
    return _rounded(_mean_of([Fraction(value) for value in values if value is not None]))


def _rounded(value: Fraction) -> float:
    """The nearest multiple of 1/RESOLUTION, a power of two: sums of such numbers are exact."""
    return round(value * RESOLUTION) / RESOLUTION
