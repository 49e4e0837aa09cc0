"""The command line. Heavy imports wait inside the commands, so that `--help` is instant."""

import gc
import sys

import typer

from underwatch.cli import catalogue, explain, new, run, studies
from underwatch.errors import UserError

app = typer.Typer(
    help="A laboratory for invented societies under algorithmic surveillance.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    run.run, run.show,
    studies.compare, explain.explain, studies.attribute, studies.frontier, studies.diffusion,
    catalogue.scenarios, catalogue.organs, catalogue.safeguards, catalogue.measures,
    catalogue.schema, new.new,
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)


def main() -> None:
    """Run the command line; what a user can put right is told without a traceback, exit 2."""
    try:
        app()
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(141)
    finally:
        gc.freeze()  # or Python looks through a million objects on its way out: .25 s
