"""`run` simulates one scenario and leaves a run folder."""

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from underwatch.cli import streams, tables
from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import (
    DEFAULT,
    WHOLE,
    All,
    CheckpointMinutes,
    Citizens,
    Days,
    Estimate,
    Json,
    Out,
    Quiet,
    Seed,
    Set,
    Threads,
    World,
    settings,
)
from underwatch.cli.progress import Bar, Interrupted, counted
from underwatch.cli.seeds import run_seeds
from underwatch.errors import UserError

if TYPE_CHECKING:
    from underwatch.report.bands import Bands
    from underwatch.report.rendering import ChartRenderer
    from underwatch.results.base import Value
    from underwatch.results.reservation import Reservation
    from underwatch.results.run_result import Run
    from underwatch.results.settings import RunSettings


_SEEDS_INSTEAD = (
    "leave out mpiexec to simulate them side by side on the cores of this machine, or start a run "
    "for each with --seed"
)


def run(
    scenario: World = DEFAULT,
    citizens: Citizens = None,
    days: Days = None,
    seed: Seed = None,
    threads: Threads = None,
    out: Out = None,
    set_: Set = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            help="Number of seeds, from --seed on: a run folder for each in --out, and means over "
            "them, with intervals from three on. Default: one run.",
            **WHOLE,
        ),
    ] = None,
    device: Annotated[
        str,
        typer.Option(
            metavar="cpu|cuda",
            help="Where the days are simulated; cuda is a graphics card, and needs the extra gpu. "
            "Changes no result.",
        ),
    ] = "cpu",
    panel: Annotated[int, typer.Option(help="Citizens whose every record is kept.", **WHOLE)] = 100,
    checkpoint_minutes: CheckpointMinutes = 5.0,
    estimate: Estimate = False,
    everything: All = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Simulate a scenario and write a run folder with its data and its report.

    A checkpoint is kept in the folder every few minutes, and when Ctrl-C or SIGTERM ends the run:
    `underwatch resume` with the folder, or the same command with --out, goes on from there. With
    --seeds only the same command does.
    """
    import gc

    gc.disable()  # a run's memory is in arrays; visiting imports for cycles costs 0.2 s

    from underwatch.engine.ranks import launch
    from underwatch.report.rendering import ChartRenderer
    from underwatch.results import reservation
    from underwatch.scenario.limits import check_run_size

    check_run_size(
        citizens=citizens, days=days, seed=seed, seeds=seeds, threads=threads, panel=panel
    )
    minutes = reservation.check_minutes(checkpoint_minutes)
    if estimate and device != "cpu":
        raise UserError("--estimate forecasts a run on the processor; leave out --device.")
    if seeds is not None:
        launch.refuse("--seeds", _SEEDS_INSTEAD)
    sizes: dict[str, Any] = {"days": days, "threads": threads, "panel": panel}
    changes = settings(set_, citizens, seed)
    if seeds is not None:
        from underwatch.scenario import Scenario

        run_seeds(
            Scenario.load(scenario, changes), Path(scenario).stem, out, estimate, quiet, as_json,
            everything, seeds=seeds, checkpoint_minutes=minutes, device=device, **sizes,
        )  # fmt: skip
        return
    if estimate:
        _estimate(scenario, changes, sizes, out, minutes, quiet, as_json)
        return
    with ChartRenderer() as renderer:  # starts on another processor while this one imports
        place, declared = _declared(scenario, changes, sizes | {"device": device}, out, minutes)
        simulate_in(place, declared, renderer, quiet, as_json, everything)


def _declared(
    scenario: str, changes: list[str], sizes: dict[str, Any], out: Path | None, minutes: float
) -> "tuple[AbstractContextManager[Reservation], RunSettings]":
    """A run, checked, and the folder that will be reserved for it."""
    from underwatch.results import reservation
    from underwatch.results.folder import as_path

    declared = _checked(scenario, changes, sizes)
    if out is not None:
        place = reservation.reserved(as_path(out), declared, minutes, note=streams.complain)
    else:
        name, note = Path(scenario).stem, streams.complain
        place = reservation.reserved_fresh(Path("runs"), name, declared, minutes, note)
    return place, declared


def _checked(scenario: str, changes: list[str], sizes: dict[str, Any]) -> "RunSettings":
    """A run as it was asked for, checked."""
    from underwatch.results.settings import settings_of
    from underwatch.scenario import Scenario

    command = ("underwatch", *sys.argv[1:])
    return settings_of(Scenario.load(scenario, changes), command=command, **sizes)


def _estimate(
    scenario: str, changes: list[str], sizes: dict[str, Any], out: Path | None, minutes: float,
    quiet: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print the forecast of a run that could be kept in its folder."""
    from underwatch.results import reservation
    from underwatch.results.folder import as_path, fresh_folder
    from underwatch.study.replicates import run as run_study

    declared = _checked(scenario, changes, sizes)
    folder = fresh_folder(Path("runs"), Path(scenario).stem) if out is None else as_path(out)
    reservation.check(folder, declared, minutes)
    print_forecast(quiet, as_json, run_study, declared.scenario, **sizes)


def simulate_in(
    reserved: "AbstractContextManager[Reservation]", declared: "RunSettings",
    renderer: "ChartRenderer", quiet: bool, as_json: bool, everything: bool = False,
) -> None:  # fmt: skip
    """Simulate a run in its reserved folder, complete the folder, and print the summary."""
    import time

    from underwatch.engine.interrupts import signals_wait
    from underwatch.results.run import simulate
    from underwatch.study.speed import note_run

    clock = time.perf_counter()
    with reserved as place, Bar(quiet) as bar:
        day = place.checkpoints.last_day()
        if day is not None and not quiet:
            streams.complain(f"resuming from day {day:,}")
        try:
            made = simulate(declared, place, _importing(counted(bar)))
            note_run(made.provenance)
            with signals_wait():  # a second more, and the whole run is kept
                place.complete(made, renderer)
        except KeyboardInterrupt:
            raise Interrupted(place.after_interruption()) from None
    kept = f"The run is complete and kept in {place.folder}."
    try:
        with streams.output(kept):
            if not quiet:
                stream = sys.stderr if as_json else sys.stdout
                print_run(made, place.folder, stream, everything)
            if as_json:
                seconds = round(time.perf_counter() - clock, 3)
                streams.print_object(as_object(made, place.folder) | {"seconds_in_all": seconds})
    except KeyboardInterrupt:
        raise Interrupted(place.after_interruption()) from None


def as_object(made: "Run", folder: Path) -> dict:
    """What `run --json` prints."""
    keys = ("citizens", "days", "seconds", "citizen_days_per_second", "state_hash",
            "scenario_hash")  # fmt: skip
    summary = {
        v.name: {"value": v.value, "unit": v.unit} | ({"note": v.note} if v.note else {})
        for v in made.summary.values()
    }
    found = {"run": str(folder)} | {key: made.provenance[key] for key in keys}
    return found | {"summary": summary}


# Seconds after which an importing thread lets the days go on between two strides. Python's own
# setting, 5 ms, is as long as all that happens there.
_SWITCH_SECONDS = 0.0002


def _importing(notify: Callable[[Any], None]) -> Callable[[Any], None]:
    """Import what the charts of a run need, in a thread, while compiled code simulates the days.

    Before the second stride of days this process is busy with Python itself, and two threads in
    Python hinder each other. What only its files need is imported while its charts are drawn.
    """
    from importlib import import_module
    from threading import Thread

    def load() -> None:
        before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            import_module("underwatch.report.page")
            import_module("underwatch.report.special").special()
        finally:
            sys.setswitchinterval(before)

    thread = Thread(target=load, daemon=True)

    def progress(step) -> None:
        if step.stage == "days" and step.done and thread.ident is None:
            thread.start()
        notify(step)

    return progress


def print_run(made: "Run", folder: Path, stream, everything: bool = False) -> None:
    """A run for people: findings and the headline, or every measure."""
    from underwatch.cli.closing import print_brief
    from underwatch.report.bands import bands_for
    from underwatch.report.brief import in_brief
    from underwatch.report.chance import one_draw
    from underwatch.report.page import HEADLINES
    from underwatch.results.run_result import size_of

    console = tables.console(stream)
    provenance = made.provenance
    rate = provenance["citizen_days_per_second"] / 1e6
    speed = f"{provenance['seconds']:.1f} s"
    speed += f" ({rate:.1f} M citizen-days a second)" if everything else ""
    head = tables.bold(provenance["title"], f": {size_of(provenance)}, {speed}")
    note = tables.notes(made.scenario) if everything else ""
    last = [*([note] if note else []), *tables.where(folder, provenance["sources"], everything)]
    events = {line.name: line.events for line in made.summary_lines}
    if not everything:
        chosen = [made.summary[name] for name in CLOSING if name in made.summary]
        chosen += [made.summary[n] for n in HEADLINES if n in made.summary and n not in CLOSING]
        held = bands_for(provenance)
        brief = in_brief(made.summary_lines, citizens=provenance["citizens"])  # bands are beside
        last = [held, *last] if isinstance(held, str) and held else last
        last = [one_draw(provenance), *last]
        print_brief(console, head, brief, _measures(chosen, events, bands=held), last)
        return
    console.print(head)
    console.print(_measures([*made.summary.values()], events, headings=True))
    for line in last:
        console.print(line)


# The rows that stand first on a console, where there is room for a few.
CLOSING = ("chilled_share", "restricted_now", "wrongful", "offences_deterred", "trust")


def _measures(
    values: "Sequence[Value]", events: "Mapping[str, int | None]", headings: bool = False,
    bands: "Bands | str" = "",
):  # fmt: skip
    """Measures as a table; headings: with a row before each kind; bands: beside the values.

    events: by measure; a share on few is not shown.
    """
    from underwatch.report.few import without_few
    from underwatch.report.numbers import format_column
    from underwatch.report.page import KINDS

    left = tables.bands(bands)
    rows = tables.table("Measure", "Value", *left.head, "Unit")
    rows.columns[-1].justify = "left"
    known, few = without_few(
        [v.value for v in values], [v.unit for v in values], [events.get(v.name) for v in values]
    )
    cells = format_column(known, unit=[v.unit for v in values], missing="–")
    kind = None
    for value, cell, unit in zip(values, cells, few, strict=True):
        if headings and value.kind != kind:
            kind = value.kind
            rows.add_row(tables.bold(KINDS.get(kind, kind.capitalize())))
        if headings:
            rows.add_row(
                f"  {value.label}", cell, unit if unit != value.unit else value.unit_and_note
            )
        else:  # what bounds it is in the findings
            unit = value.unit_and_note if value.value is None else unit
            rows.add_row(value.label, cell, *left.cell(value.name), unit)
    return rows
