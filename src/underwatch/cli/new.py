"""The command that writes a starter scenario."""

from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.options import DEFAULT
from underwatch.errors import UserError, printable

NewFile = Annotated[Path, typer.Argument(metavar="FILE", help="The .yaml file to write.")]
Extends = Annotated[str, typer.Option(help="The shipped scenario that the new one extends.")]
Title = Annotated[str | None, typer.Option(help="Title of the scenario.  [from the file name]")]


def new(file: NewFile, title: Title = None, extends: Extends = DEFAULT) -> None:
    """Write a commented starter scenario; a file that exists is kept."""
    from underwatch.scenario.starter import starter_text

    if file.suffix not in (".yaml", ".yml"):
        raise UserError(f"{file}: a scenario file ends in .yaml; write {file.name}.yaml.")
    text = starter_text(title or _title(file), extends)
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


def _title(file: Path) -> str:
    """A title from a file name: my-country.yaml is "My country"."""
    words = file.stem.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:] or "My scenario"
