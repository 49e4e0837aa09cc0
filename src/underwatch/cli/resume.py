"""`resume` goes on with a run that ended early, from its folder alone."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli import streams
from underwatch.cli.options import CheckpointMinutes, Json, Quiet, Threads
from underwatch.errors import UserError


def resume(
    folder: Annotated[
        Path, typer.Argument(metavar="RUN", help="The folder of a run that ended early.")
    ],
    threads: Threads = None,
    checkpoint_minutes: CheckpointMinutes = 5.0,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Go on with a run that was interrupted or killed, or that could not be saved.

    The folder holds all that is needed. The run ends in the same bits as one that was never
    interrupted. A complete run is printed.
    """
    import gc

    from underwatch.results import reservation
    from underwatch.results.folder import as_path
    from underwatch.results.interrupted import finish, settings_in
    from underwatch.results.settings import settings_from
    from underwatch.scenario.limits import check_run_size

    gc.disable()  # see `run`
    check_run_size(threads=threads)
    minutes = reservation.check_minutes(checkpoint_minutes)
    place = as_path(folder)
    if finish(place):
        _print_complete(place, quiet, as_json)
        return
    from underwatch.cli.run import simulate_in
    from underwatch.report.rendering import ChartRenderer

    with ChartRenderer() as renderer:
        declared = settings_from(settings_in(place), threads=threads)
        held = reservation.reserved(place, declared, minutes, resuming=True, note=streams.complain)
        simulate_in(held, declared, renderer, quiet, as_json)


def _print_complete(folder: Path, quiet: bool, as_json: bool) -> None:
    """Print a run that needs nothing more as if it had just ended."""

    from underwatch.cli.run import as_object, print_run
    from underwatch.results.folder import load_provenance
    from underwatch.results.run_result import Run
    from underwatch.study.load import kind_of

    if kind_of(load_provenance(folder)) != "run":
        raise UserError(f"{folder} is a complete study, not a run; `underwatch show` prints it.")
    made = Run.load(folder)
    with streams.output():
        if not quiet:
            print_run(made, folder, sys.stderr if as_json else sys.stdout)
        if as_json:
            streams.print_object(as_object(made, folder))
