"""Files that a user asks for beside the results: pictures, tables, pages.

Each is written whole or not at all, and never into a result folder, which would no longer be
what its manifest says.
"""

import os
from pathlib import Path

from underwatch.errors import UserError, shortened
from underwatch.storage import MANIFEST, write_whole


def check_new_file(path: Path, option: str, suffix: str = "") -> None:
    """Raise UserError unless a new file can be written there; for use before long work.

    option: how the user named it, such as --picture; "" for an argument. suffix: what its name
    must end in.
    """
    name, named = shortened(path), f"{option} {shortened(path)}".strip()
    if suffix and path.suffix != suffix:
        new = f"{shortened(path.stem, 60)}{suffix}"
        raise UserError(f"{option} {name} is not a file of type {suffix}; write {option} {new}.")
    _refuse_inside_result(path, option)
    try:
        if os.path.lexists(path):
            wanted = f"choose another file{f' for {option}' if option else ''}"
            raise UserError(f"{name} already exists; {wanted}.")
        if not path.parent.is_dir():
            where = shortened(path.parent)
            raise UserError(f"{named} cannot be written: {where} is not a folder.")
        write_whole(path, b"")
        path.unlink()
    except (OSError, ValueError) as error:
        raise _unwritable(named, error) from None


def write_file(path: Path, text: str | bytes, option: str = "", *, replace: bool = False) -> None:
    """Write text or bytes to a file, whole or not at all. Raises UserError.

    replace: whether a file of this name is replaced.
    """
    _refuse_inside_result(path, option)
    name = f"{option} {shortened(path)}".strip()
    try:
        held = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
        write_whole(path, held, replace=replace)
    except FileExistsError:
        raise UserError(f"{name} already exists; choose another file.") from None
    except (OSError, ValueError) as error:
        raise _unwritable(name, error) from None


def _refuse_inside_result(path: Path, option: str) -> None:
    """Raise UserError for a file in a folder that was written whole."""
    try:
        folders = path.absolute().parents
        inside = next((folder for folder in folders if (folder / MANIFEST).is_file()), None)
    except (OSError, ValueError) as error:
        raise _unwritable(f"{option} {shortened(path)}".strip(), error) from None
    if inside is not None:
        raise UserError(
            f"{shortened(path)} lies in the result folder {shortened(inside)}, which stays as it "
            f"was written; choose another file{f' for {option}' if option else ''}."
        )


def _unwritable(name: str, error: OSError | ValueError) -> UserError:
    why = getattr(error, "strerror", None) or str(error)
    return UserError(f"{name} cannot be written ({why}).")
