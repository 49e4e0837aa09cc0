"""`run` simulates one scenario and leaves a run folder."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import (
    DEFAULT,
    WHOLE,
    Citizens,
    Days,
    Json,
    Out,
    Quiet,
    Seed,
    Set,
    Threads,
    World,
    folders,
    settings,
)
from underwatch.cli.progress import Bar, counted, interrupted
from underwatch.errors import UserError

if TYPE_CHECKING:
    from underwatch.results.run_result import Run


def run(
    scenario: World = DEFAULT,
    citizens: Citizens = None,
    days: Days = None,
    seed: Seed = None,
    threads: Threads = None,
    out: Out = None,
    set_: Set = None,
    panel: Annotated[int, typer.Option(help="Citizens to follow record by record.", **WHOLE)] = 100,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Simulate a scenario and write a run folder.

    Ctrl-C keeps partial results: the same command with the same --out resumes.
    """
    import gc
    import shutil
    import time

    from underwatch.report.rendering import ChartRenderer
    from underwatch.scenario import Scenario
    from underwatch.scenario.limits import check_run_size

    gc.disable()  # a run's memory is in arrays; visiting imports for cycles costs 0.2 s
    clock = time.perf_counter()
    check_run_size(citizens=citizens, days=days, seed=seed, threads=threads, panel=panel)
    world = Scenario.load(scenario, settings(set_, citizens, seed))
    folder, partial = folders(out, Path(scenario).stem)

    from underwatch.engine.simulation import ctrl_c_waits
    from underwatch.study import replicates

    with ChartRenderer() as renderer, Bar(quiet) as bar:
        try:
            made = replicates.run(
                world, days=days, threads=threads, panel=panel, checkpoint=partial,
                progress=_importing(counted(bar)),
            )  # fmt: skip
        except KeyboardInterrupt:
            interrupted(folder)
            raise typer.Exit(130) from None
        made.provenance["command"] = ["underwatch", *sys.argv[1:]]
        with ctrl_c_waits():  # a second more, and the whole run is kept
            _save(made, folder, partial, renderer)
    shutil.rmtree(partial, ignore_errors=True)
    with streams.output(f"The run is complete and kept in {folder}."):
        if not quiet:
            print_run(made, folder, sys.stderr if as_json else sys.stdout)
        if as_json:
            seconds = round(time.perf_counter() - clock, 3)
            print(json.dumps(_as_json(made, folder) | {"seconds_in_all": seconds}))


def _save(made: "Run", folder: Path, partial: Path, draw) -> None:
    """Write the run folder; if that fails, keep the final state to resume from."""
    try:
        made.save(folder, draw=draw)
    except (OSError, UserError) as error:
        why = error if isinstance(error, UserError) else f"{folder}: {error.strerror or error}."
        try:
            made.simulation.save_checkpoint(partial)
        except OSError:
            raise UserError(f"{why} The run is lost, for its state cannot be written.") from None
        raise UserError(
            f"{why} The final state is kept in {partial}; the same command with --out {folder} "
            "writes the run without simulating again."
        ) from None


def _as_json(made: "Run", folder: Path) -> dict:
    """What `run --json` prints."""
    keys = ("citizens", "days", "seconds", "citizen_days_per_second", "state_hash",
            "scenario_hash")  # fmt: skip
    summary = {
        v.name: {"value": v.value, "unit": v.unit} | ({"note": v.note} if v.note else {})
        for v in made.summary.values()
    }
    found = {"run": str(folder)} | {key: made.provenance[key] for key in keys}
    return found | {"summary": summary}


def _importing(notify):
    """Import what only the end of a run needs, in a thread beside the simulation."""
    from importlib import import_module
    from threading import Thread

    late = ("xarray", "netCDF4", "pyarrow.parquet", "underwatch.report.page")
    thread = Thread(target=lambda: [*map(import_module, late)], daemon=True)

    def progress(step) -> None:
        if step.stage == "days" and thread.ident is None:
            thread.start()
        notify(step)

    return progress


def print_run(made: "Run", folder: Path, stream) -> None:
    """The summary of a run as a table for people."""
    from underwatch.report.numbers import format_column
    from underwatch.report.page import KINDS
    from underwatch.results.run_result import size_of

    console = tables.console(stream)
    provenance, values = made.provenance, [*made.summary.values()]
    rate = provenance["citizen_days_per_second"] / 1e6
    speed = f"{provenance['seconds']:.1f} s ({rate:.1f} M citizen-days a second)"
    facts = f": {size_of(provenance)}, {speed}"
    console.print(tables.bold(provenance["title"], facts))
    rows = tables.table("Measure", "Value", "Unit")
    rows.columns[2].justify = "left"
    cells = format_column([v.value for v in values], unit=[v.unit for v in values], missing="–")
    kind = None
    for value, cell in zip(values, cells, strict=True):
        if value.kind != kind:
            kind = value.kind
            rows.add_row(tables.bold(KINDS.get(kind, kind.capitalize())))
        unit = value.unit if value.value is not None else value.note
        rows.add_row(f"  {value.label}", cell, unit)
    console.print(rows)
    if note := tables.notes(made.scenario):
        console.print(note)
    console.print(tables.where(folder, provenance["sources"]))
