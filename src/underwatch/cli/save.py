"""What the commands for studies share: the bar, the folder, and the findings at the end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.cli import streams
from underwatch.cli.progress import Bar, Interrupted, interrupted
from underwatch.errors import UserError

if TYPE_CHECKING:
    from underwatch.study.result import Study


@contextmanager
def simulating(quiet: bool, folder: Path) -> Iterator[Callable[[Any], None]]:
    """A bar over all days of all worlds; after Ctrl-C or SIGTERM a sentence."""
    with Bar(quiet) as bar:
        try:
            yield lambda step: _show(step, bar)
        except KeyboardInterrupt:
            raise interrupted(folder) from None


def _show(step: Any, bar: Bar) -> None:
    """A note of the study as a line of its own, anything else on the bar."""
    if step.note:
        if not bar.quiet:
            streams.complain(step.note)
    else:
        bar(*_shown(step))


def _shown(step: Any) -> tuple[str, int, int | None, str]:
    """What the bar shows of a `StudyProgress`; with all days done, results are collected."""
    if step.days >= step.of_days > 0:
        return "collecting results", step.days, None, ""
    more = f", {step.runs:,}/{step.of_runs:,} runs finished"
    if step.failed:
        more += f", {step.failed:,} failed"
    return "simulating", step.days, step.of_days, more


@contextmanager
def kept_if_unsaved(folder: Path) -> Iterator[None]:
    """If a folder cannot be written, say that the runs are kept and how to save them again."""
    again = (
        f"The runs are kept; the same command with --out {folder} writes them without "
        "simulating them again."
    )
    try:
        yield
    except OSError as error:
        where = error.filename or folder
        why = error.strerror or error
        raise UserError(f"{where} cannot be written ({why}). {again}") from None
    except (MemoryError, ImportError) as error:  # a library that does not fit into memory
        why = error or "too little memory"
        raise UserError(f"{folder} cannot be written ({why}). {again}") from None
    except UserError as error:
        raise UserError(f"{error} {again}") from None


def save_and_print(
    found: "Study", folder: Path, partial: Path, quiet: bool, as_json: bool,
    as_object: Callable[[Any], dict], everything: bool = False,
) -> None:  # fmt: skip
    """Write the folder of a study, remove its partial results, and print its findings.

    as_object: the findings for --json.
    """
    from underwatch.cli.study_tables import print_study
    from underwatch.engine.interrupts import signals_wait
    from underwatch.results.ledger import discard

    found.provenance["command"] = ["underwatch", *sys.argv[1:]]
    kept = f"The study is complete and kept in {folder}."
    try:
        with signals_wait(), kept_if_unsaved(folder):
            found.save(folder)
            discard(partial)
        with streams.output(kept):
            if not quiet:
                stream = sys.stderr if as_json else sys.stdout
                print_study(found, folder, stream, everything)
            if as_json:
                keys = ("citizens", "scenario_citizens", "budget_minutes", "days", "seeds",
                        "seconds")  # fmt: skip
                about = {key: found.provenance[key] for key in keys if key in found.provenance}
                streams.print_object({"study": str(folder)} | as_object(found) | about)
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted. {kept}") from None
