"""`sensitivity`: parses its options, calls the API and prints."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import (
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
from underwatch.cli.studies import Fitting


def sensitivity(
    scenario: World = DEFAULT,
    measures: Annotated[
        str | None,
        typer.Option(help="Measures, such as trust,wrongful. Default: those of a report."),
    ] = None,
    assumptions: Annotated[
        str | None, typer.Option(help="Keys to vary. Default: all that have a range.")
    ] = None,
    baseline: Annotated[
        str, typer.Option(help="A shipped scenario to take differences from, or none.")
    ] = "unwatched",
    trajectories: Annotated[
        int, typer.Option(help="Trajectories that screen all assumptions, 4 at least.", **WHOLE)
    ] = 8,
    band: Annotated[
        int, typer.Option(help="Points for the band of each measure, 4 at least.", **WHOLE)
    ] = 64,
    samples: Annotated[
        int,
        typer.Option(
            help="Base points of Sobol' indices: a power of two, 4 at least; or 0 for none.",
            **WHOLE,
        ),
    ] = 64,
    matter: Annotated[
        int, typer.Option(help="How many assumptions get Sobol' indices, 1 at least.", **WHOLE)
    ] = 8,
    citizens: Fitting = None,
    days: Days = None,
    seeds: Annotated[int, typer.Option(help="Number of seeds at each point.", **WHOLE)] = 1,
    seed: Seed = None,
    budget: Budget = "60",
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Set = None,
    everything: All = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Vary all assumptions over their ranges: what they leave of each measure, which matter most.

    Killed anywhere, it resumes with the same command and --out: no run is lost or done twice.
    """
    from underwatch.errors import Refusals
    from underwatch.scenario.limits import check_run_size
    from underwatch.sensitivities import sensitivity as run_study
    from underwatch.sensitivities.asked import asked
    from underwatch.study.worlds import read_worlds

    refused = Refusals()
    refused(check_run_size, days=days, seeds=seeds)
    chosen = refused(settings, set_, citizens, seed)
    read = refused(read_worlds, [scenario], settings=settings(set_) if chosen is None else chosen)
    place = refused(folders, out, f"{Path(scenario).stem}-sensitivity")
    limit = refused(minutes, budget, citizens)
    design = dict(trajectories=trajectories, band=band, samples=samples, matter=matter)
    base = None if baseline == "none" else baseline
    asked(
        read.scenarios if read else None, _listed(measures), _listed(assumptions), base,
        dict(citizens=None, days=days, seed=None, seeds=seeds), design, None, refused,
    )  # fmt: skip
    assert read is not None and place is not None
    folder, partial = place
    given = dict(
        assumptions=_listed(assumptions), baseline=base, days=days, seeds=seeds, budget=limit,
        checkpoint=partial, scheduler=scheduler, **design,
    )  # fmt: skip
    if estimate:
        print_forecast(quiet, as_json, run_study, read.scenarios, _listed(measures), **given)
        return
    with simulating(quiet, folder) as progress:
        found = run_study(read.scenarios, _listed(measures), progress=progress, **given)
    save_and_print(found, folder, partial, quiet, as_json, _as_json, everything)


def _listed(written: str | None) -> list[str] | None:
    """Names between commas."""
    if written is None:
        return None
    return [name.strip() for name in written.split(",") if name.strip()]


def _as_json(found) -> dict:
    from underwatch.report.robustness import to_json

    return {"measures": {name: to_json(one) for name, one in found.measures.items()}}
