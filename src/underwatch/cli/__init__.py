"""The command line. Heavy imports wait inside the commands, so that `--help` is instant."""

import gc
import signal
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any

import typer

from underwatch.cli import (
    assess,
    bench,
    calibrate,
    catalogue,
    explain,
    find,
    lab,
    model,
    new,
    resume,
    run,
    sensitivity,
    show,
    streams,
    studies,
    sweep,
    verify,
)
from underwatch.cli.progress import Interrupted
from underwatch.engine import interrupts
from underwatch.engine.ranks import launch
from underwatch.errors import UserError

COMMANDS = (
    run.run,
    resume.resume,
    show.show,
    find.find,
    explain.explain,
    studies.compare,
    studies.attribute,
    studies.frontier,
    studies.diffusion,
    sweep.sweep,
    calibrate.calibrate,
    sensitivity.sensitivity,
    assess.assess,
    verify.verify,
    bench.bench,
    lab.lab,
    catalogue.scenarios,
    catalogue.census,
    catalogue.organs,
    catalogue.safeguards,
    catalogue.measures,
    model.assumptions,
    model.model,
    catalogue.schema,
    new.new,
)


def _interruptible(command: Callable[..., None]) -> Callable[..., None]:
    """The command, with a sentence if it is interrupted where it has none of its own.

    With --json, standard output is for the object alone.
    """

    @wraps(command)
    def wrapped(*args: Any, **options: Any) -> None:
        _collect()
        if command.__name__ not in ("run", "resume"):
            launch.refuse(f"`underwatch {command.__name__}`")
        try:
            with streams.kept_for_object(options.get("as_json", False)):
                command(*args, **options)
        except KeyboardInterrupt:
            raise Interrupted("Interrupted.") from None

    return wrapped


def _collect() -> None:
    """Switch garbage collection on, which is off during the start (`__main__`)."""
    if not gc.isenabled():
        gc.freeze()  # what has been imported stays in use, and is never looked at
        gc.enable()


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"underwatch {version('underwatch')}")
        raise typer.Exit


def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """A laboratory for invented societies under algorithmic surveillance."""


def _with_commands(commands: Sequence[Callable[..., None]]) -> typer.Typer:
    """The command line with these commands."""
    made = typer.Typer(
        help="A laboratory for invented societies under algorithmic surveillance.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for command in commands:
        made.command()(_interruptible(command))
    made.callback()(options)
    return made


app = _with_commands(COMMANDS)


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 2 a problem for the user, 130 ended by Ctrl-C, 143 by SIGTERM.
    """
    interrupts.raise_on_signals()
    streams.prepare()
    code = launch.serve() if launch.is_follower() else _exit_code()
    launch.end(code)
    interrupts.ignore_signals()
    sys.exit(streams.finish(code))


def _exit_code() -> int:
    """Run the command; a problem that the user can solve is a sentence, not a traceback."""
    named = [command for command in COMMANDS if sys.argv[1:2] == [command.__name__]]
    try:
        # Typer inspects the options of all commands, in 7 ms; here, of the one that is named.
        (_with_commands(named) if named else app)()
    except SystemExit as end:
        if interrupts.received() and end.code in (1, 130):  # while the options were read
            return _interrupted("Interrupted.")
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except (Interrupted, KeyboardInterrupt) as end:
        return _interrupted(str(end) or "Interrupted.")
    except UserError as error:
        streams.complain(error)
    except BrokenPipeError:
        return 141
    except MemoryError:
        streams.complain("This machine has too little free memory for this; use fewer --citizens.")
    except ImportError as error:
        if interrupts.received():
            return _interrupted("Interrupted.")
        why = "is there too little memory?"
        if isinstance(error, ModuleNotFoundError):
            why = "install Underwatch again, with what it needs."
        streams.complain(f"A library cannot be loaded ({error}); {why}")
    except OSError as error:
        where = error.filename or "a file or a stream"
        streams.complain(f"{where} cannot be read or written ({error.strerror or error}).")
    except Exception:
        if interrupts.received():  # an import that was interrupted may raise anything
            return _interrupted("Interrupted.")
        raise
    finally:
        gc.freeze()  # without it, Python visits a million objects at its exit: 0.25 s
    return 2


def _interrupted(sentence: str) -> int:
    streams.complain(f"\n{sentence}")
    return 128 + (interrupts.received() or signal.SIGINT)
