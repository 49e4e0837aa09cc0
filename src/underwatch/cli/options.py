"""Options that several commands share, and how they are turned into arguments of the API."""

import re
from pathlib import Path
from typing import Annotated

import typer

from underwatch.errors import printable, shortened

DEFAULT = "atlantic-2018"


def whole(written: str | int) -> int:
    """A whole number as written on the command line: 10.000 is none, for it may be ten thousand.

    Raises typer.BadParameter.
    """
    text = str(written).strip()
    if not re.fullmatch(r"[-+]?[0-9]+(_[0-9]+)*", text) or len(text) > MOST_DIGITS:
        shown = printable(shortened(text, 40)) or "''"
        raise typer.BadParameter(f"{shown} is not a whole number; write digits only.")
    return int(text)


MOST_DIGITS = 1000
WHOLE = {"parser": whole, "metavar": "<int>"}  # of every option that is a whole number

World = Annotated[str, typer.Argument(help="The name of a shipped scenario, or a .yaml file.")]
Citizens = Annotated[
    int | None, typer.Option(help="Number of citizens. Default: the scenario's.", **WHOLE)
]
Days = Annotated[int | None, typer.Option(help="Number of days. Default: the scenario's.", **WHOLE)]
Seed = Annotated[
    int | None, typer.Option(help="Seed of all random draws. Default: the scenario's.", **WHOLE)
]
Threads = Annotated[
    int | None,
    typer.Option(help="Threads of this machine; changes no result. Default: all.", **WHOLE),
]
Out = Annotated[
    Path | None, typer.Option(help="A new folder for the results. Default: runs/<name>.")
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Set one figure of the scenario; may be repeated."
    ),
]
BUDGET = "10"  # minutes, as in the Python interface
Budget = Annotated[
    str,
    typer.Option(
        metavar="MINUTES",
        help="Time for a study without --citizens, which sets its size; none for no limit.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        help="Processes of this machine; changes no result. Default: as many as fit.", **WHOLE
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        metavar="ADDRESS",
        help="A Dask scheduler whose workers simulate; changes no result. Default: this machine.",
    ),
]
CheckpointMinutes = Annotated[
    float,
    typer.Option(
        metavar="MINUTES",
        help="Minutes from one checkpoint to the next; 0 for none until the run is interrupted.",
    ),
]
Estimate = Annotated[
    bool,
    typer.Option(
        "--estimate",
        help="Print time, memory, disk and expected events, from a small pilot; run nothing else.",
    ),
]
All = Annotated[bool, typer.Option("--all", help="Print every measure, not only the headline.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no summary.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")]


def settings(
    set_: list[str] | None, citizens: int | None = None, seed: int | None = None
) -> list[str]:
    """The values set on the command line; those with an option of their own come last."""
    from underwatch.scenario.limits import check_run_size

    check_run_size(citizens=citizens, seed=seed)
    found = [*(set_ or [])]
    found += [f"society.citizens={citizens}"] if citizens is not None else []
    found += [f"society.seed={seed}"] if seed is not None else []
    return found


def folders(out: Path | None, name: str) -> tuple[Path, Path]:
    """The folder for the results, and the hidden folder beside it for partial results.

    Raises UserError if the results could not be written there in the end.
    """
    from underwatch.results import folder as store

    folder = store.as_path(out) if out is not None else store.fresh_folder(Path("runs"), name)
    store.check_writable(folder)
    return folder, folder.with_name(f".{folder.name}.partial")


def minutes(budget: str, citizens: int | None) -> float | None:
    """The budget that a study is given; a number of citizens wins over it. Raises UserError."""
    from underwatch.study.budget import check_budget

    found = None if budget.strip().lower() == "none" else check_budget(budget)
    return None if citizens is not None else found
