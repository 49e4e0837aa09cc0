"""`compare`, `attribute` and `frontier`: each parses its options, calls the API and prints."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.diffusion import diffusion
from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import (
    BUDGET,
    DEFAULT,
    WHOLE,
    All,
    Budget,
    Days,
    Estimate,
    Json,
    Out,
    Quiet,
    Scheduler,
    Seed,
    Set,
    World,
    folders,
    minutes,
    settings,
)
from underwatch.cli.save import save_and_print, simulating
from underwatch.errors import UserError

__all__ = ["attribute", "compare", "diffusion", "frontier"]
Fitting = Annotated[
    int | None,
    typer.Option(help="Number of citizens. Default: as many as fit the budget.", **WHOLE),
]
Seeds = Annotated[int, typer.Option(help="Number of seeds; an interval needs three.", **WHOLE)]


def compare(
    worlds: Annotated[
        list[str], typer.Argument(help="Two or more: names of shipped scenarios, or .yaml files.")
    ],
    citizens: Fitting = None,
    days: Days = None,
    seeds: Seeds = 3,
    seed: Seed = None,
    budget: Budget = BUDGET,
    diverge_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="DATE",
            help="The date on which the other worlds branch off from the first.",
        ),
    ] = None,
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Set = None,
    everything: All = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Simulate worlds with the same people and random draws, and compare them with the first.

    What the worlds share up to the date on which they begin to differ is simulated once. Ctrl-C
    keeps the worlds that are finished: the same command with the same --out resumes.
    """
    from underwatch.scenario.limits import check_run_size
    from underwatch.study.compare import compare as run_study
    from underwatch.study.worlds import read_worlds

    check_run_size(days=days, seeds=seeds)
    read = read_worlds(worlds, settings=settings(set_, citizens, seed))
    if len(worlds) < 2:
        raise UserError(f"{worlds[0]} alone cannot be compared; name two worlds or more.")
    folder, partial = folders(out, "-".join(Path(name).stem for name in worlds))
    if estimate:
        print_forecast(
            quiet, as_json, run_study, read.scenarios, days=days, seeds=seeds,
            diverge_on=diverge_on.date() if diverge_on else None,
            budget=minutes(budget, citizens), checkpoint=partial, scheduler=scheduler,
        )  # fmt: skip
        return
    with simulating(quiet, folder) as progress:
        found = run_study(
            read.scenarios, days=days, seeds=seeds, checkpoint=partial, progress=progress,
            diverge_on=diverge_on.date() if diverge_on else None,
            budget=minutes(budget, citizens), scheduler=scheduler,
        )  # fmt: skip
    save_and_print(found, folder, partial, quiet, as_json, _comparison_json, everything)


def attribute(
    scenario: World = DEFAULT,
    measure: Annotated[str, typer.Option(help="The measure, such as chilled_acts.")] = ...,
    organs: Annotated[
        str | None, typer.Option(help="Organs, such as M1,M7,M11. Default: eight of them.")
    ] = None,
    safeguards: Annotated[
        str | None, typer.Option(help="Safeguards in place of organs: names, or all.")
    ] = None,
    citizens: Fitting = None,
    days: Days = None,
    seeds: Seeds = 5,
    budget: Budget = BUDGET,
    orders: Annotated[
        int,
        typer.Option(
            help="Orders to sample, with their reverses, beyond eight components.", **WHOLE
        ),
    ] = 20,
    seed: Seed = None,
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Set = None,
    everything: All = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Attribute a measure to organs, or to safeguards, by Shapley values.

    Up to eight components, every set of them is simulated (2 to the power of their number);
    beyond, sampled orders. Ctrl-C keeps the worlds that are finished.
    """
    from underwatch.scenario.limits import check_run_size
    from underwatch.study.attribute import attribute as run_study
    from underwatch.study.measures import check_measure
    from underwatch.study.worlds import read_worlds

    check_measure(measure)
    if organs is not None and safeguards is not None:
        raise UserError("Name either --organs or --safeguards.")
    check_run_size(days=days, seeds=seeds, orders=orders)
    read = read_worlds([scenario], settings=settings(set_, citizens, seed))
    folder, partial = folders(out, f"{Path(scenario).stem}-{measure}")
    if estimate:
        print_forecast(
            quiet, as_json, run_study, read.scenarios, measure, organs=organs,
            safeguards=safeguards, days=days, seeds=seeds, orders=orders,
            budget=minutes(budget, citizens), checkpoint=partial, scheduler=scheduler,
        )  # fmt: skip
        return
    with simulating(quiet, folder) as progress:
        found = run_study(
            read.scenarios, measure, organs=organs, safeguards=safeguards,
            days=days, seeds=seeds, orders=orders, budget=minutes(budget, citizens),
            checkpoint=partial, scheduler=scheduler, progress=progress,
        )  # fmt: skip
    save_and_print(found, folder, partial, quiet, as_json, _attribution_json, everything)


def frontier(
    scenario: World = DEFAULT,
    harm: Annotated[str, typer.Option(help="The harm to reduce.")] = "chilled_acts",
    benefit: Annotated[str, typer.Option(help="The stated goal to keep.")] = "offences_deterred",
    safeguards: Annotated[str, typer.Option(help="Which to try: names, or all.")] = "all",
    max_sets: Annotated[
        int, typer.Option(help="How many sets to evaluate at most.", **WHOLE)
    ] = 200,
    citizens: Fitting = None,
    days: Days = None,
    seeds: Seeds = 5,
    budget: Budget = BUDGET,
    seed: Seed = None,
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Set = None,
    everything: All = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the sets of safeguards that avoid most harm for the benefit they give up.

    Only safeguards are searched, never more control. Ctrl-C keeps the worlds that are finished.
    """
    from underwatch.scenario.limits import check_run_size
    from underwatch.study.frontier import frontier as run_study
    from underwatch.study.goals import check_goals
    from underwatch.study.worlds import read_worlds

    check_goals(harm, benefit)
    check_run_size(days=days, seeds=seeds)
    read = read_worlds([scenario], settings=settings(set_, citizens, seed))
    folder, partial = folders(out, f"{Path(scenario).stem}-frontier")
    if estimate:
        print_forecast(
            quiet, as_json, run_study, read.scenarios, harm=harm, benefit=benefit,
            safeguards=safeguards, days=days, seeds=seeds, max_sets=max_sets,
            budget=minutes(budget, citizens), checkpoint=partial, scheduler=scheduler,
        )  # fmt: skip
        return
    with simulating(quiet, folder) as progress:
        found = run_study(
            read.scenarios, harm=harm, benefit=benefit, safeguards=safeguards, days=days,
            seeds=seeds, max_sets=max_sets, budget=minutes(budget, citizens),
            checkpoint=partial, scheduler=scheduler, progress=progress,
        )  # fmt: skip
    save_and_print(found, folder, partial, quiet, as_json, _frontier_json, everything)


def _comparison_json(found) -> dict:
    keys = ("first", "here", "difference", "low", "high", "unit", "seeds", "ratio",
            "ratio_low", "ratio_high", "events_first", "events_here", "note",
            "distinguished")  # fmt: skip
    by_world = {
        world: {name: {key: getattr(d, key) for key in keys} for name, d in by_name.items()}
        for world, by_name in found.differences.items()
    }
    one = next(iter(by_world.values()))
    made = {"worlds": [*found.scenarios], "differences": one, "state_hashes": found.state_hashes}
    return made | ({"by_world": by_world} if len(by_world) > 1 else {})


def _attribution_json(found) -> dict:
    keys = ("measure", "unit", "without", "with_all", "total", "all_orders", "interval_over",
            "few", "worlds")  # fmt: skip
    shares = {
        share.key: {"value": share.value, "low": share.low, "high": share.high}
        for share in found.shares.values()
    }
    undefined = [{"world": one.world, "seeds": [*one.seeds]} for one in found.undefined]
    made = {key: getattr(found, key) for key in keys}
    return made | {"shares": shares, "undefined": undefined}


def _frontier_json(found) -> dict:
    keys = ("harm", "harm_unit", "benefit", "benefit_unit", "sets", "complete", "few",
            "tolerance")  # fmt: skip
    made = {key: getattr(found, key) for key in keys}
    points = {"none": vars(found.none), "points": [vars(point) for point in found.points]}
    undefined = [list(point.safeguards) for point in found.undefined]
    return made | points | {"evaluated": len(found.evaluated), "undefined": undefined}
