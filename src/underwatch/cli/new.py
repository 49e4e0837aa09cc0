"""The command that writes a starter scenario."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.options import DEFAULT
from underwatch.errors import UserError, printable

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The .yaml file to write.")]
Extends = Annotated[str, typer.Option(help="The shipped scenario that the new one extends.")]


def new(file: NewFile, extends: Extends = DEFAULT) -> None:
    """Write a commented starter scenario; a file that exists is kept."""
    from underwatch.scenario.starter import starter

    if file.suffix not in (".yaml", ".yml"):
        raise UserError(f"{file}: a scenario file ends in .yaml; write {file.name}.yaml.")
    text = starter(extends)
    try:
        with open(file, "x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UserError(f"{file} exists already; choose another name, or remove it.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{file} cannot be written ({why}).") from None
    name = printable(file)
    print(f"Wrote {name}. Edit it, then run:\n  underwatch run {name}")
