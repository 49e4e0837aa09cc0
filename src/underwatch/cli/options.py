"""Options that several commands share, and how they are turned into arguments of the API."""

from pathlib import Path
from typing import Annotated

import typer

DEFAULT = "atlantic-2018"

World = Annotated[str, typer.Argument(help="The name of a shipped scenario, or a .yaml file.")]
Citizens = Annotated[int | None, typer.Option(help="Number of citizens.  [the scenario's]")]
Days = Annotated[int | None, typer.Option(help="Number of days.  [the scenario's]")]
Seed = Annotated[int | None, typer.Option(help="Seed of all random draws.  [the scenario's]")]
Threads = Annotated[
    int | None, typer.Option(help="Threads of this machine; changes no result.  [all]")
]
Out = Annotated[Path | None, typer.Option(help="A new folder for the results.  [runs/<name>]")]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Set one figure of the scenario; may be repeated."
    ),
]
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

    folder = out if out is not None else store.fresh_folder(Path("runs"), name)
    store.check_writable(folder)
    return folder, folder.with_name(f".{folder.name}.partial")
