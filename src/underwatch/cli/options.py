"""The options that commands share, and what they come to."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.errors import UserError

DEFAULT = "atlantic-2018"

World = Annotated[str, typer.Argument(help="A shipped name, or a .yaml file.")]
Citizens = Annotated[int | None, typer.Option(help="How many people.")]
Days = Annotated[int | None, typer.Option(help="How many days.")]
Seed = Annotated[int | None, typer.Option(help="The luck.")]
Threads = Annotated[int | None, typer.Option(help="Of this machine; changes no bit.")]
Out = Annotated[Path | None, typer.Option(help="Folder of what comes out.  [runs/<name>]")]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="A figure, as KEY=VALUE; may be repeated.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no summary.")]
Json = Annotated[bool, typer.Option("--json", help="End with one JSON object.")]


def settings(
    set_: list[str] | None, citizens: int | None = None, seed: int | None = None
) -> list[str]:
    """The figures set on the command line, those with an option of their own last."""
    found = [*(set_ or [])]
    found += [f"society.citizens={citizens}"] if citizens is not None else []
    found += [f"society.seed={seed}"] if seed is not None else []
    return found


def folders(out: Path | None, name: str) -> tuple[Path, Path]:
    """Where results go, and the hidden folder beside it that keeps what is lived of them."""
    from underwatch.results import folder as store

    if out is not None and store.is_run(out):
        raise UserError(f"{out} holds a run already; choose another --out, or remove it.")
    folder = out or store.fresh_folder(Path("runs"), name)
    return folder, folder.with_name(f".{folder.name}.halfway")
