"""`diffusion`: parses its options, calls the API and prints."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli import streams
from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import (
    BUDGET,
    WHOLE,
    All,
    Budget,
    Estimate,
    Json,
    Out,
    Quiet,
    Scheduler,
    Seed,
    Set,
    folders,
    minutes,
)
from underwatch.cli.progress import Bar, interrupted
from underwatch.cli.save import save_and_print


def diffusion(
    study: Annotated[
        str, typer.Argument(help="The name of a shipped study, or a .yaml file.")
    ] = "diffusion",
    seed: Seed = None,
    citizens: Annotated[
        int | None,
        typer.Option(
            help="Citizens in each state's population. Default: as many as fit the budget.",
            **WHOLE,
        ),
    ] = None,
    budget: Budget = BUDGET,
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Set = None,
    everything: All = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Let organs spread over invented states, and simulate a population of each adopter (M24).

    Ctrl-C keeps the populations that are finished: the same command with the same --out resumes.
    """
    from underwatch.study.diffusion import diffusion as run_study
    from underwatch.study.diffusion.study import read_study

    read = read_study(study, seed, citizens, set_ or ())
    folder, partial = folders(out, Path(study).stem)
    if estimate:
        print_forecast(
            quiet, as_json, run_study, read, budget=minutes(budget, citizens), checkpoint=partial,
            scheduler=scheduler,
        )  # fmt: skip
        return
    with Bar(quiet, "states") as bar:
        try:
            found = run_study(
                read,
                budget=minutes(budget, citizens),
                checkpoint=partial,
                scheduler=scheduler,
                progress=lambda step: _show(step, bar),
            )
        except KeyboardInterrupt:
            raise interrupted(folder) from None
    save_and_print(found, folder, partial, quiet, as_json, _as_json, everything)


_STAGES = {"trials": "simulating trial nations", "states": "simulating populations"}


def _show(step, bar: Bar) -> None:
    """The sentence on the size as a line of its own, anything else on the bar."""
    if step.stage in _STAGES:
        bar(_STAGES[step.stage], step.done, step.total or None)
    elif not bar.quiet:
        streams.complain(step.stage)


def _as_json(found) -> dict:
    keys = ("seed", "states", "adopters", "comparison", "study_hash", "result_hash")
    return {key: found.provenance[key] for key in keys}
