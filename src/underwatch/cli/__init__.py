"""The command line. Heavy imports wait inside the commands, so that `--help` is instant."""

import gc
import sys
from typing import Annotated

import typer

from underwatch.cli import catalogue, explain, find, new, run, show, streams, studies, sweep
from underwatch.errors import UserError

app = typer.Typer(
    help="A laboratory for invented societies under algorithmic surveillance.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    run.run,
    show.show,
    find.find,
    explain.explain,
    studies.compare,
    studies.attribute,
    studies.frontier,
    studies.diffusion,
    sweep.sweep,
    catalogue.scenarios,
    catalogue.census,
    catalogue.organs,
    catalogue.safeguards,
    catalogue.measures,
    catalogue.schema,
    new.new,
)
for command in COMMANDS:
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"underwatch {version('underwatch')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A laboratory for invented societies under algorithmic surveillance."""


def main() -> None:
    """Run the command line. Exit codes: 0 done, 2 a problem for the user, 130 interrupted."""
    streams.prepare()
    sys.exit(streams.finish(_exit_code()))


def _exit_code() -> int:
    """Run the command; a problem that the user can solve is a sentence, not a traceback."""
    try:
        app()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except UserError as error:
        streams.complain(error)
    except BrokenPipeError:
        return 141
    except MemoryError:
        streams.complain("This machine has too little free memory for this; use fewer --citizens.")
    except OSError as error:
        where = error.filename or "a file or a stream"
        streams.complain(f"{where} cannot be read or written ({error.strerror or error}).")
    except KeyboardInterrupt:
        streams.complain("\nInterrupted.")
        return 130
    finally:
        gc.freeze()  # without it, Python visits a million objects at its exit: 0.25 s
    return 2
