"""The command that writes a starter scenario."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.errors import UserError

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The .yaml file to write.")]
Title = Annotated[str | None, typer.Option(help="Title of the scenario.  [the file's name]")]


def new(file: NewFile, title: Title = None) -> None:
    """Write a commented starter scenario that extends the default; existing files are kept."""
    from underwatch.scenario.starter import starter_text

    if file.suffix not in (".yaml", ".yml"):
        raise UserError(f"{file}: a scenario file ends in .yaml; write {file.name}.yaml.")
    named = title or file.stem.replace("-", " ").replace("_", " ").capitalize()
    try:
        with open(file, "x", encoding="utf-8") as stream:
            stream.write(starter_text(named))
    except FileExistsError:
        raise UserError(f"{file} exists already; choose another name, or remove it.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{file} cannot be written ({why}).") from None
    print(f"Wrote {file}. Edit it, then run:\n  underwatch run {file}")
