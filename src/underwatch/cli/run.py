"""`run` lives one scenario; `show` tells of a run that was made."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli import tables
from underwatch.cli.options import (
    DEFAULT,
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
from underwatch.cli.progress import Bar, interrupted
from underwatch.errors import UserError

SAYS = {
    "people": "inventing people", "ties": "weaving ties", "days": "living",
    "compiling": "compiling the day (once; then it is kept)",
}  # fmt: skip


def run(
    scenario: World = DEFAULT,
    citizens: Citizens = None,
    days: Days = None,
    seed: Seed = None,
    threads: Threads = None,
    out: Out = None,
    set_: Set = None,
    panel: Annotated[int, typer.Option(help="Follow so many citizens record by record.")] = 100,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Live a scenario and leave a run folder.

    Ctrl-C keeps what is lived: the same command with the same --out goes on.
    """
    import gc
    import shutil
    import time

    from underwatch.report.artist import Artist
    from underwatch.scenario import reading

    gc.disable()  # a run's memory is in arrays; looking through imports for cycles costs .2 s
    clock = time.perf_counter()
    read = reading(scenario, settings(set_, citizens, seed))
    folder, halfway = folders(out, Path(scenario).stem)

    from underwatch.engine.simulation import ctrl_c_waits
    from underwatch.measurement.summary import summarise
    from underwatch.results import folder as store
    from underwatch.results import run as running

    with Artist() as artist, Bar(quiet) as bar:
        try:
            lived = running.run(
                read.value, days=days, threads=threads, panel=panel, sources=read.sources,
                checkpoint=halfway, progress=_fetching(counted(bar)),
            )  # fmt: skip
        except KeyboardInterrupt:
            interrupted(folder)
            raise typer.Exit(130) from None
        with ctrl_c_waits():  # a second more, and all of it is kept
            lines = summarise(lived.tallies)
            provenance = lived.provenance | {
                "command": ["underwatch", *sys.argv[1:]],
                "summary": {x.name: {"value": x.value, "unit": x.unit} for x in lines},
            }
            from underwatch.report.page import render

            page = render(provenance, lived.tallies, lines, artist)
            store.save(folder, provenance, lived.tallies, lived.panel, page)
    if halfway.exists():
        shutil.rmtree(halfway)
    if not quiet:
        _tell(provenance, lines, folder, sys.stderr if as_json else sys.stdout)
    if as_json:
        keys = ("citizens", "days", "seconds", "citizen_days_per_second", "state_hash",
                "scenario_hash", "summary")  # fmt: skip
        found = {"run": str(folder)} | {k: provenance[k] for k in keys}
        print(json.dumps(found | {"seconds_in_all": round(time.perf_counter() - clock, 3)}))


def _fetching(tell):
    """Import what only the end of a run needs, in a thread, once others live the days."""
    from importlib import import_module
    from threading import Thread

    late = ("xarray", "netCDF4", "underwatch.report.page")
    thread = Thread(target=lambda: [*map(import_module, late)], daemon=True)

    def progress(step) -> None:
        if step.stage == "days" and thread.ident is None:
            thread.start()
        tell(step)

    return progress


def counted(bar: Bar):
    """A bar as the engine's steps are told to it."""

    def tell(step) -> None:
        bar(SAYS[step.stage], step.done, step.total if step.stage == "days" else None)

    return tell


def show(
    run: Annotated[Path, typer.Argument(help="The folder of a run, or of a study.")],
    picture: Annotated[
        Path | None, typer.Option(help="Draw the run in four panels into this .svg file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Print the summary of a run, or what a study found."""
    from underwatch.measurement.summary import remembered
    from underwatch.results import folder as store

    told = store.load_provenance(run)
    if "scenario" not in told:
        _show_study(told, run, picture, as_json)
        return
    if picture:
        from underwatch.report import artist, charts

        drawn = charts.picture(store.load(run).tallies, told)
        picture.write_text(artist.standalone(drawn), "utf-8")
    if as_json:
        print(json.dumps({"run": str(run)} | told))
    else:
        _tell(told, remembered(told["summary"]), run, sys.stdout)


def _show_study(told: dict, folder: Path, picture: Path | None, as_json: bool) -> None:
    """What the folder of a study tells."""
    from underwatch.cli import told_diffusion
    from underwatch.cli.told import tell
    from underwatch.results import folder as store

    if picture:
        raise UserError(f"{folder} holds a study; --picture draws one run. Its page has charts.")
    if as_json:
        print(json.dumps({"study": str(folder)} | told))
    elif "kind" in told:
        tell(told, folder, sys.stdout)
    else:
        told_diffusion.tell(*store.load_states(folder), folder, sys.stdout)


def _tell(provenance: dict, lines: list, folder: Path, stream) -> None:
    """The summary as a table for people."""
    console = tables.console(stream)
    rate = provenance["citizen_days_per_second"] / 1e6
    console.print(
        f"[bold]{provenance['title']}[/bold]: {provenance['citizens']:,} citizens, "
        f"{provenance['days']:,} days from {provenance['first_day']}, "
        f"{provenance['seconds']:.1f} s ({rate:.1f} M citizen-days a second)"
    )
    rows = tables.table("measure", "value", "unit")
    rows.columns[2].justify = "left"
    kind = None
    for line in lines:
        if line.kind != kind:
            kind = line.kind
            rows.add_row(f"[bold]{kind}[/bold]", "", "")
        rows.add_row(f"  {line.label}", tables.figure(line.value), line.unit)
    console.print(rows)
    console.print(tables.where(folder, provenance["sources"]))
