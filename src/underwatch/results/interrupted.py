"""The folder of a run that ended early: what it holds, and how it is completed or removed.

Nothing is removed but what `underwatch.results.reservation` lays out there.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from underwatch import storage
from underwatch.engine.checkpoint import Checkpoints, differences
from underwatch.engine.checkpoint import settings_in as settings_in_checkpoints
from underwatch.errors import UserError, shortened
from underwatch.results import folder as store
from underwatch.results.ledger import is_ledger
from underwatch.results.settings import RunSettings, check_format
from underwatch.storage import MANIFEST, held_lock

LOCK, SETTINGS, RESULT = "lock", store.SETTINGS, "result"
_MOVING = "manifest"  # that of a result whose files are moving up: no folder is sealed meanwhile
_OURS = re.compile(
    r"lock|settings|result|day-\d{5}"
    r"|\.(settings|result|day-\d{5})\.part-[0-9a-f]+|\.[0-9a-f]+\.part"
)
_FILES = frozenset({store.RUN, store.TALLIES, store.PANEL, store.REPORT, store.PEOPLE,
                    store.CODEBOOK, store.OBSERVATIONS})  # fmt: skip


def is_interrupted(folder: Path) -> bool:
    """Whether a folder holds what an interrupted run leaves, and nothing else."""
    inside = folder / store.CHECKPOINT
    try:
        if folder.is_symlink() or inside.is_symlink() or not inside.is_dir():
            return False
        names = {each.name for each in folder.iterdir()} - {store.CHECKPOINT}
        return (
            MANIFEST not in names
            and names <= (_FILES if is_whole(inside / RESULT) else set())
            and all(_OURS.fullmatch(each.name) for each in inside.iterdir())
        )
    except (OSError, ValueError):
        return False


def settings_in(folder: Path) -> Mapping[str, Any]:
    """The settings of the interrupted run in a folder, from a copy if the first is damaged.

    Raises UserError if the folder holds no interrupted run, or all copies are damaged.
    """
    inside = folder / store.CHECKPOINT
    if not is_interrupted(folder):
        beside = folder.parent / f".{folder.name}.partial"
        kept = is_ledger(beside) or any(map(is_interrupted, beside.glob("seed-*")))
        if is_ledger(folder) or not store.is_folder(folder) and kept:
            raise UserError(
                f"{shortened(folder)} is of a study, which the same command with the same --out "
                "resumes; `resume` takes the folder of a run."
            )
        if not store.is_folder(folder):
            raise UserError(f"{shortened(folder)} is no folder; `resume` takes that of a run.")
        raise UserError(f"{folder} holds no interrupted run.")
    if not has_begun(inside):
        raise UserError(
            f"{folder} was reserved for a run that never began; start it again with the same "
            "command and the same --out."
        )
    faults = storage.faults(inside / SETTINGS, ("settings.json",), "description of a run")
    if not faults:
        found = _read(inside / SETTINGS / "settings.json")
    else:
        found = (settings_in_checkpoints(inside) or {}).get("settings")
    if not isinstance(found, dict):
        raise UserError(
            " ".join(faults) + f" {folder} cannot be resumed; start the run again elsewhere."
        )
    return found


def has_begun(inside: Path) -> bool:
    """Whether a reserved folder says what its run is, or holds a checkpoint of it."""
    return (inside / SETTINGS).exists() or bool(Checkpoints(inside).kept())


def is_whole(result: Path) -> bool:
    """Whether the files of a complete run lie in this folder, or are moving up from it."""
    return store.is_run(result) or (result / _MOVING).is_file()


def finish(folder: Path) -> bool:
    """Complete what needs no simulation; True if the folder then holds a complete run."""
    inside = folder / store.CHECKPOINT
    if not store.is_run(folder) and is_interrupted(folder) and is_whole(inside / RESULT):
        with held_lock(inside / LOCK, folder):
            move_up(folder)
        remove_empty([inside / RESULT, inside])
    return store.is_run(folder)


def is_of(folder: Path, provenance: Mapping[str, Any]) -> bool:
    """Whether a folder holds the checkpoints of the run that a provenance describes."""
    if not is_interrupted(folder):
        return False
    key = settings_in(folder).get("key", {})
    names = {"scenario": "scenario_hash", "days": "days", "panel": "panel", "seed": "seed"}
    rule = key.get("rule", "") == provenance.get("score_rule", "")
    return rule and all(key.get(name) == provenance.get(of) for name, of in names.items())


def discard(folder: Path) -> None:
    """Remove what an interrupted run left, whose result is kept elsewhere; nothing else."""
    inside = folder / store.CHECKPOINT
    if is_interrupted(folder):
        with held_lock(inside / LOCK, folder):
            empty(inside)
        remove_empty([inside, folder])


def refuse_differing(folder: Path, settings: RunSettings, resuming: bool) -> None:
    """Raise UserError if the interrupted run in a folder is another one, or cannot be read."""
    kept = settings_in(folder)
    check_format(kept)
    differing = differences(kept.get("key", {}), settings.key())
    if differing and resuming:
        raise UserError(
            f"{folder} holds a run that cannot be resumed here: it differs in {differing}. "
            "Resume it with the installation that started it, or run it again elsewhere."
        )
    if differing:
        raise UserError(
            f"{folder} holds an interrupted run that differs in {differing}; go on with that "
            f"one by `underwatch resume {folder}`, or choose another folder."
        )


def move_up(folder: Path) -> None:
    """Move the files of a complete result to their places, the manifest last.

    Whoever is killed on the way leaves what this function completes.
    """
    inside = folder / store.CHECKPOINT
    result = inside / RESULT
    if store.is_run(result):
        (result / MANIFEST).rename(result / _MOVING)
        storage.sync(result)
    for path in sorted(result.iterdir()):
        if path.name != _MOVING:
            if os.path.lexists(folder / path.name):
                raise UserError(f"{folder / path.name} is not part of the run; move it elsewhere.")
            path.rename(folder / path.name)
    storage.sync(folder)
    Checkpoints(inside).remove()
    remove(inside / SETTINGS)
    (inside / LOCK).unlink(missing_ok=True)
    (result / _MOVING).rename(folder / MANIFEST)
    with suppress(OSError):  # the run is complete, whether or not the disk confirms it
        storage.sync(folder)


def empty(inside: Path) -> None:
    Checkpoints(inside).remove()
    for name in (SETTINGS, RESULT):
        remove(inside / name)


def remove(ours: Path) -> None:
    """Remove a folder of ours, and what a writer left of it that was killed."""
    parts = re.compile(rf"\.{re.escape(ours.name)}\.part-[0-9a-f]+")
    for path in [*ours.parent.iterdir()] if ours.parent.exists() else []:
        if path == ours or parts.fullmatch(path.name):
            shutil.rmtree(path)


def remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # it holds something, or is gone
            pass


def _read(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError):
        return None
