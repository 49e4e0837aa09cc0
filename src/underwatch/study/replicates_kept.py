"""What an ensemble keeps until it is saved: a folder with the checkpoints of each seed's run."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

from underwatch.errors import UserError
from underwatch.results import interrupted

_OF_SEED = re.compile(r"seed-\d+")


def check_kept(folder: Path) -> None:
    """Refuse a folder that holds something else than the runs of an ensemble. Raises UserError."""
    try:
        others = [each for each in folder.iterdir() if not _OF_SEED.fullmatch(each.name)]
    except FileNotFoundError:
        return
    except OSError as error:
        why = error.strerror or error
        raise UserError(f"{folder} cannot be read ({why}); choose another folder.") from None
    if others:
        raise UserError(
            f"{others[0]} is no run of an ensemble; move {folder} away, or choose another folder."
        )


def discard_kept(folder: Path) -> None:
    """Remove the runs of an ensemble that is saved, and the folder if it holds nothing else."""
    with suppress(OSError, UserError):
        for each in folder.iterdir():
            if _OF_SEED.fullmatch(each.name):
                interrupted.discard(each)
        folder.rmdir()
