"""`sweep`: reads a plan, calls the API and prints."""

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import Estimate, Json, Out, Quiet, Scheduler, Workers, folders
from underwatch.cli.save import save_and_print, simulating
from underwatch.errors import UserError, shortened


def sweep(
    plan: Annotated[str, typer.Argument(help="The name of a shipped plan, or a .yaml file.")],
    functions: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.py", help="The functions that the plan names as outputs; it is executed."
        ),
    ] = None,
    workers: Workers = None,
    scheduler: Scheduler = None,
    estimate: Estimate = False,
    out: Out = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Set one figure of the plan, such as citizens=5000; may be repeated.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Simulate every run of a plan: scenario keys × scenarios × seeds.

    Killed anywhere, it resumes with the same command and --out: no run is lost or done twice.
    """
    from underwatch.scenario.limits import check_run_size
    from underwatch.study.sweep import Plan
    from underwatch.study.sweep import sweep as run_study

    check_run_size(workers=workers)
    declared = Plan.load(plan, set_ or ())
    outputs = load_functions(functions, declared.outputs)
    folder, partial = folders(out, Path(plan).stem)
    if estimate:
        print_forecast(
            quiet, as_json, run_study, declared, outputs=outputs, checkpoint=partial,
            scheduler=scheduler, workers=workers,
        )  # fmt: skip
        return
    with simulating(quiet, folder) as progress:
        found = run_study(
            declared, outputs=outputs, checkpoint=partial, scheduler=scheduler, workers=workers,
            progress=progress,
        )  # fmt: skip
    save_and_print(found, folder, partial, quiet, as_json, _as_json)
    if found.failures:
        many = len(found.failures)
        what = "1 run failed" if many == 1 else f"{many:,} runs failed"
        raise UserError(f"{what}; the messages are in {folder}/report.html and in run.json.")


def load_functions(file: Path | None, names: list[str]) -> dict[str, Callable[..., Any]]:
    """The functions of a Python file that a plan names. Raises UserError for one that is not."""
    if file is None:
        if names:
            raise UserError(
                f"the plan names the output {names[0]}; give the file that defines it: "
                "--functions FILE.py"
            )
        return {}
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.is_file():
        raise UserError(f"--functions {shortened(file)} is not a Python file.")
    import cloudpickle

    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(spec.name, module)
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        why = f"{type(error).__name__}: {shortened(error, 200)}"
        raise UserError(f"--functions {shortened(file)} failed: {why}") from None
    missing = [name for name in names if not callable(getattr(module, name, None))]
    if missing:
        raise UserError(f"{shortened(file)} defines no function {missing[0]}.")
    if sys.modules[spec.name] is module:
        cloudpickle.register_pickle_by_value(module)  # no worker could import it
    return {name: getattr(module, name) for name in names}


def _as_json(found) -> dict:
    failures = [one._asdict() for one in found.failures]
    return {"runs": found.counts, "points": len(found.points), "failures": failures}
