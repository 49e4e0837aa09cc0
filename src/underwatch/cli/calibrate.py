"""`calibrate`: reads a targets file, calls the API and prints."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import Citizens, Estimate, Json, Out, Quiet, Scheduler, Workers, folders
from underwatch.cli.save import save_and_print, simulating
from underwatch.errors import UserError


def calibrate(
    targets: Annotated[
        str, typer.Argument(help="The name of shipped targets, or a .yaml file.")
    ] = "atlantic-2018",
    citizens: Citizens = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Set one figure of the targets file, such as waves=2; may be repeated.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fit assumptions of a scenario to published figures, and say how surely.

    Ends with exit code 2 if no point of the space is plausible: nothing is fitted then. Killed
    anywhere, it resumes with the same command and --out.
    """
    from underwatch.calibration import Targets
    from underwatch.calibration import calibrate as run_study

    declared = Targets.load(targets, set_ or ())
    folder, partial = folders(out, f"{Path(targets).stem}-calibration")
    given = dict(citizens=citizens, checkpoint=partial, scheduler=scheduler, workers=workers)
    if estimate:
        print_forecast(quiet, as_json, run_study, declared, **given)
        return
    with simulating(quiet, folder) as progress:
        found = run_study(declared, progress=progress, **given)
    save_and_print(found, folder, partial, quiet, as_json, lambda one: one._record())
    if not found.fitted:
        raise UserError(found.sentences()[0])
