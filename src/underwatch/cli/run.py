"""The command line. Heavy imports wait inside the commands, so that `--help` is instant."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from underwatch.errors import UserError

app = typer.Typer(
    help="A laboratory for invented societies under algorithmic surveillance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
DEFAULT = "atlantic-2018"


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="A shipped name, or a .yaml file.")] = DEFAULT,
    citizens: Annotated[int | None, typer.Option(help="How many people.")] = None,
    days: Annotated[int | None, typer.Option(help="How many days.")] = None,
    seed: Annotated[int | None, typer.Option(help="The luck.")] = None,
    threads: Annotated[int | None, typer.Option(help="Of this machine; changes no bit.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the run.  [runs/<scenario>]")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A figure, as KEY=VALUE; may be repeated.")
    ] = None,
    panel: Annotated[int, typer.Option(help="Follow so many citizens record by record.")] = 100,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no summary.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
) -> None:
    """Live a scenario and leave a run folder.

    Ctrl-C keeps what is lived: the same command with the same --out goes on.
    """
    import gc
    import time

    from underwatch import store
    from underwatch.scenario import reading

    gc.disable()  # a run's memory is in arrays; looking through imports for cycles costs .2 s
    clock = time.perf_counter()
    settings = [*(set_ or [])]
    settings += [f"society.citizens={citizens}"] if citizens is not None else []
    settings += [f"society.seed={seed}"] if seed is not None else []
    read = reading(scenario, settings)
    name = Path(scenario).stem
    if out is None:
        folder = store.fresh_folder(Path("runs"), name)
    elif store.is_run(out):
        raise UserError(f"{out} holds a run already; choose another --out, or remove it.")
    else:
        folder = out
    halfway = folder.with_name(f".{folder.name}.halfway")

    from underwatch import running
    from underwatch.journey import ctrl_c_waits
    from underwatch.measures.summary import summarise

    with _progress(quiet) as progress:
        try:
            lived = running.run(
                read.value, days=days, threads=threads, panel=panel, sources=read.sources,
                checkpoint=halfway, progress=progress,
            )  # fmt: skip
        except KeyboardInterrupt:
            again = f"--out {folder}"
            print(f"\nInterrupted. What is lived is kept; go on with the same command and {again}",
                  file=sys.stderr)  # fmt: skip
            raise typer.Exit(130) from None
        with ctrl_c_waits():  # a second more, and all of it is kept
            lines = summarise(lived.tallies)
            provenance = lived.provenance | {
                "command": ["underwatch", *sys.argv[1:]],
                "summary": {x.name: {"value": x.value, "unit": x.unit} for x in lines},
            }
            from underwatch.report.page import render

            page = render(provenance, lived.tallies, lines)
            store.save(folder, provenance, lived.tallies, lived.panel, page)
    if halfway.exists():
        import shutil

        shutil.rmtree(halfway)
    if not quiet:
        _tell(provenance, lines, folder, sys.stderr if as_json else sys.stdout)
    if as_json:
        keys = ("citizens", "days", "seconds", "citizen_days_per_second", "state_hash",
                "scenario_hash", "summary")  # fmt: skip
        found = {"run": str(folder)} | {k: provenance[k] for k in keys}
        print(json.dumps(found | {"seconds_in_all": round(time.perf_counter() - clock, 3)}))


@app.command()
def scenarios(
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON list.")] = False,
) -> None:
    """List the shipped scenarios."""
    from ruamel.yaml import YAML

    from underwatch.scenario import SHELF, shipped

    reader = YAML(typ="safe", pure=True)
    found = [
        {"name": name, "text": _one_line(reader.load((SHELF / f"{name}.yaml").read_text("utf-8")))}
        for name in shipped()
    ]
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    for entry in found:
        print(f"{entry['name']:22} {entry['text']}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a resolved scenario."""
    from underwatch.scenario import Scenario

    print(json.dumps(Scenario.model_json_schema(), indent=2, ensure_ascii=False))


@app.command()
def show(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    picture: Annotated[
        Path | None, typer.Option(help="Draw the run in four panels into this .svg file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Print the summary of a run."""
    from underwatch import store
    from underwatch.measures.summary import summarise

    stored = store.load(run)
    if picture:
        from underwatch.report import charts

        drawn = charts.picture(stored.tallies, stored.provenance)
        picture.write_text(charts.standalone(drawn), "utf-8")
    if as_json:
        print(json.dumps({"run": str(run)} | stored.provenance))
    else:
        _tell(stored.provenance, summarise(stored.tallies), run, sys.stdout)


@app.command()
def organs(
    scenario: Annotated[str, typer.Argument(help="A shipped name, or a .yaml file.")] = DEFAULT,
    as_json: Annotated[bool, typer.Option("--json", help="As a JSON list.")] = False,
) -> None:
    """List the organs M1 to M25: when each is on in a scenario, and what it moves."""
    from underwatch.organs import organs as table
    from underwatch.scenario import Scenario

    world = Scenario.load(scenario)
    found = [
        {
            "organ": organ.number, "name": organ.name, "article": organ.article,
            "switch": list(organ.switch), "without": organ.without,
            "on": {str(day): on for day, on in organ.history(world)},
            "moves": list(organ.moves), "page": organ.page,
        }
        for organ in table()
    ]  # fmt: skip
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    _tell_organs(found, scenario)


def _tell_organs(found: list[dict], scenario: str) -> None:
    """The organs as a table for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 130)
    when = f"in {scenario}"
    table = Table("organ", when, "switch", "moves", "page", box=None, pad_edge=False, title=None)
    for organ in found:
        history = [f"{'on' if on else 'off'} from {day}" for day, on in organ["on"].items()]
        if len(history) == 1:
            history = ["on" if on else "off" for on in organ["on"].values()]
        moves = ", ".join(organ["moves"][:3]) + (" …" if len(organ["moves"]) > 3 else "")
        switch = "\n".join(organ["switch"][:2]) or "–"
        table.add_row(f"{organ['organ']} {organ['name']}", "\n".join(history), switch, moves,
                      organ["page"])  # fmt: skip
    console.print(table)


@app.command()
def diffusion(
    study: Annotated[str, typer.Argument(help="A shipped name, or a .yaml file.")] = "diffusion",
    seed: Annotated[int | None, typer.Option(help="The luck.")] = None,
    citizens: Annotated[int | None, typer.Option(help="People in each state's nation.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder of the study.  [runs/<study>]")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="A figure, as KEY=VALUE; may be repeated.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no table.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
) -> None:
    """Let the organs spread over invented states, and live a small nation for each (M24).

    Ctrl-C keeps the nations lived: the same command with the same --out goes on.
    """
    from underwatch.study.telling import command

    settings = [*(set_ or [])]
    settings += [f"seed={seed}"] if seed is not None else []
    settings += [f"nations.citizens={citizens}"] if citizens is not None else []
    if not command(study, settings, out, quiet, as_json):
        raise typer.Exit(130)


def _one_line(document: dict) -> str:
    return " ".join(str(document.get("text", document.get("title", ""))).split()).split(". ")[0]


def _tell(provenance: dict, lines: list, folder: Path, stream) -> None:
    """The summary as a table for people."""
    from rich.console import Console
    from rich.table import Table

    console = Console(file=stream, width=None if stream.isatty() else 110)
    rate = provenance["citizen_days_per_second"] / 1e6
    console.print(
        f"[bold]{provenance['title']}[/bold]: {provenance['citizens']:,} citizens, "
        f"{provenance['days']:,} days from {provenance['first_day']}, "
        f"{provenance['seconds']:.1f} s ({rate:.1f} M citizen-days a second)"
    )
    table = Table("measure", "value", "unit", box=None, pad_edge=False)
    table.columns[1].justify = "right"
    kind = None
    for line in lines:
        if line.kind != kind:
            kind = line.kind
            table.add_row(f"[bold]{kind}[/bold]", "", "")
        table.add_row(f"  {line.label}", _figure(line.value), line.unit)
    console.print(table)
    assumed = sum(str(s).startswith("assumption") for s in provenance["sources"].values())
    console.print(
        f"{assumed} of {len(provenance['sources'])} figures of this scenario are assumptions; "
        f"the report marks them.\nRun and report: {folder}"
    )


def _figure(value: float | int | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"


class _progress:
    """A bar with rate and time left on a terminal, plain lines elsewhere, on standard error."""

    def __init__(self, quiet: bool):
        self.quiet, self.bar, self.last = quiet, None, 0.0

    def __enter__(self):
        import time

        self.clock = time.perf_counter
        self.begun, self.told = None, ""
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

            self.bar = Progress(
                TextColumn("{task.description}"), BarColumn(),
                TextColumn("{task.completed:,.0f}/{task.total:,.0f} days"),
                TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
                console=Console(stderr=True),
            )  # fmt: skip
            self.bar.start()
            self.task = self.bar.add_task("starting", total=1, rate="")
        return self

    def __exit__(self, *_):
        if self.bar:
            self.bar.stop()

    def __call__(self, step) -> None:
        if self.quiet:
            return
        says = {
            "people": "inventing people", "ties": "weaving ties", "days": "living",
            "compiling": "compiling the day (once; then it is kept)",
        }[step.stage]  # fmt: skip
        now = self.clock()
        if self.begun is None or step.stage != "days":
            self.begun = (now, step.done)
        rate = (step.done - self.begun[1]) / max(1e-9, now - self.begun[0])
        if self.bar:
            total = step.total if step.stage == "days" else None
            self.bar.update(
                self.task, description=says, completed=step.done, total=total,
                rate=f"{rate:,.0f} days/s" if rate else "",
            )  # fmt: skip
        elif now - self.last > 5 or step.done == step.total or step.stage != self.told:
            self.last, self.told = now, step.stage
            left = f", {(step.total - step.done) / rate:,.0f} s left" if rate else ""
            count = f" {step.done:,}/{step.total:,} days, {rate:,.0f} a second{left}"
            print(says + (count if rate else ""), file=sys.stderr, flush=True)


def main() -> None:
    """Run the command line; what a user can put right is told without a traceback, exit 2."""
    try:
        app()
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)


if __name__ == "__main__":
    main()
