"""A folder for a result that one process alone will write; a second one is refused at its start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

from underwatch.errors import UserError
from underwatch.results.folder import as_path, check_writable
from underwatch.results.interrupted import remove_empty
from underwatch.storage import held_lock


@contextmanager
def held_folder(out: str | Path | None, name: str, parent: Path = Path("runs")) -> Iterator[Path]:
    """The folder that a result will be written to, held for this process meanwhile.

    out: the folder; None for the first of name, name-2, name-3 … in `parent` that nobody has or
    holds.

    Raises UserError unless the result can be written there in the end.
    """
    with ExitStack() as held:
        if out is not None:
            folder = as_path(out)
            _hold(held, folder)
        else:
            folder = next(each for each in _names(parent, name) if _is_free(held, each))
        yield folder


def _names(parent: Path, name: str) -> Iterator[Path]:
    return (parent / (name if k == 1 else f"{name}-{k}") for k in count(1))


def _is_free(held: ExitStack, folder: Path) -> bool:
    """Whether nobody has this name or holds it; it is held then."""
    if folder.exists():
        return False
    check_writable(folder)
    try:
        _hold(held, folder)
    except UserError:  # of the process that holds it
        return False
    return True


def _hold(held: ExitStack, folder: Path) -> None:
    """Lock a folder that is not there yet by a file beside it, until the stack closes."""
    check_writable(folder)
    missing = [each for each in folder.parents if not each.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        held.callback(remove_empty, missing)
        held.enter_context(held_lock(folder.parent / f".{folder.name}.lock", folder))
    except OSError as error:
        why = error.strerror or error
        raise UserError(f"{folder} cannot be written ({why}); choose another folder.") from None
