"""The folder of a run, reserved before its first day and complete after its last.

    OUT/
        checkpoint/
            lock              held, and signed, by the process that writes the run
            settings/         what the run is; enough to start it again
            day-00120/        the newest checkpoint, and the one before it
            result/           the files of the run, before they move up
        run.json …            when the run is complete, and then there is no checkpoint/

The manifest moves up last: until then the folder holds an interrupted run, from then on a
complete one, at whatever moment its writer is killed.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from underwatch import storage
from underwatch.engine.checkpoint import MINUTES, Checkpoints, differences
from underwatch.engine.checkpoint import settings_in as settings_in_checkpoints
from underwatch.errors import UserError, shortened
from underwatch.results import folder as store
from underwatch.results.ledger import is_ledger
from underwatch.results.settings import RunSettings, check_format
from underwatch.storage import MANIFEST, held_lock, refuse_if_held

_LOCK, _SETTINGS, _RESULT = "lock", store.SETTINGS, "result"
_OURS = re.compile(
    r"lock|settings|result|day-\d{5}"
    r"|\.(settings|result|day-\d{5})\.part-[0-9a-f]+|\.[0-9a-f]+\.part"
)
_PANEL_BYTES = 60  # a day of ten followed citizens, roughly
_FILES = frozenset({store.RUN, store.TALLIES, store.PANEL, store.REPORT, store.PEOPLE,
                    store.CODEBOOK, store.OBSERVATIONS})  # fmt: skip


class SimulatedRun(Protocol):
    """A run that was simulated in this process."""

    @property
    def simulation(self) -> Any: ...
    def _write(self, folder: Path, draw: Callable[..., list[str]] | None = None) -> None: ...


class Reservation:
    """A folder that this process alone may complete; made by `reserved`.

    Attributes:
        folder: of the run.
        checkpoints: of the run, in the folder.
        completed: whether the run is written.
    """

    def __init__(self, folder: Path, checkpoints: Checkpoints, is_new: bool):
        self.folder, self.checkpoints, self.is_new = folder, checkpoints, is_new
        self.completed = False

    @property
    def inside(self) -> Path:
        """Where everything lies that an interrupted run leaves."""
        return self.folder / store.CHECKPOINT

    def complete(self, run: SimulatedRun, draw: Callable[..., list[str]] | None = None) -> None:
        """Write the files of a run, and remove its checkpoints.

        Raises UserError if that fails; the final state is then kept as a checkpoint, and
        the sentence says how to save again.
        """
        try:
            _refuse_foreign_files(self.folder)
            _remove(self.inside / _RESULT)
            run._write(self.inside / _RESULT, draw)
            _move_up(self.folder)
            self.completed = True
        except (OSError, UserError, MemoryError, ImportError) as error:
            raise UserError(f"{_reason(error)} {self._keep(run)}") from None
        except Exception as error:
            error.add_note(self._keep(run))
            raise

    def _keep(self, run: SimulatedRun) -> str:
        """Keep the final state; a sentence on how to save the run again."""
        again = f"`underwatch resume {self.folder}`"
        try:
            self.checkpoints.save(run.simulation)
        except (OSError, UserError):
            day = self.checkpoints.last_day()
            if day is None:
                return f"The final state cannot be kept; {again} simulates the run again."
            return f"The final state cannot be kept; {again} goes on from day {day:,}."
        return f"The final state is kept; {again} writes the run without simulating it again."

    def after_interruption(self) -> str:
        """What is kept after Ctrl-C or SIGTERM, and how to go on."""
        day, failure = self.checkpoints.last_day(), self.checkpoints.failure
        if self.completed:
            return f"Interrupted, but the run is complete and kept in {self.folder}."
        if failure:
            failure = f" (the state of this moment cannot be kept: {failure})"
        if day is None:
            return f"Interrupted; nothing of the run is kept{failure}."
        return (
            f"Interrupted. The run is kept up to day {day:,}{failure}; to resume: "
            f"underwatch resume {self.folder}"
        )

    def _give_up(self) -> None:
        """Leave what can be resumed; of a new folder that holds nothing, leave nothing."""
        if not self.completed and self.is_new and self.checkpoints.last_day() is None:
            _empty(self.inside)


@contextmanager
def reserved(
    folder: Path,
    settings: RunSettings,
    minutes: float = MINUTES,
    *,
    resuming: bool = False,
    note: Callable[[str], None] = warnings.warn,
) -> Iterator[Reservation]:
    """A folder for a run, locked meanwhile: a new or empty one, or that of the same run.

    minutes: from one checkpoint to the next; 0 = only when the run is interrupted.
    note: called with a sentence about a checkpoint that cannot be written or read.

    Raises UserError unless the run can be kept there in the end.
    """
    if not is_interrupted(folder) or finish(folder):
        store.check_writable(folder)
    inside = folder / store.CHECKPOINT
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    checkpoints = Checkpoints(inside, minutes, {"settings": settings.as_data()}, note)
    try:
        with ExitStack() as held:
            try:
                inside.mkdir(parents=True, exist_ok=True)
                held.enter_context(held_lock(inside / _LOCK, folder))
                is_new = _write_settings(folder, settings, resuming)
                place = Reservation(folder, checkpoints, is_new)
                held.callback(place._give_up)
                if is_new:
                    _check_space(folder, settings, minutes, folder)
            except OSError as error:
                why = f"{folder} cannot be written ({error.strerror or error})"
                raise UserError(f"{why}; choose another folder.") from None
            yield place
    finally:
        _remove_empty([inside / _RESULT, inside, *made])


def check(folder: Path, settings: RunSettings, minutes: float) -> None:
    """Refuse what `reserved` would refuse; nothing is reserved.

    Raises UserError unless the run can be kept there in the end.
    """
    inside = folder / store.CHECKPOINT
    if not is_interrupted(folder) or finish(folder):
        store.check_writable(folder)
        there = next(each for each in folder.absolute().parents if each.exists())
        _check_space(there, settings, minutes, folder)
        return
    refuse_if_held(inside / _LOCK, folder)
    _refuse_differing(folder, settings, resuming=False)


@contextmanager
def reserved_fresh(
    parent: Path, name: str, settings: RunSettings, minutes: float, note: Callable[[str], None]
) -> Iterator[Reservation]:
    """A reserved folder of its own for a run without a name: name, name-2, name-3 …"""
    for n in count(1):
        folder = parent / (name if n == 1 else f"{name}-{n}")
        if os.path.lexists(folder):
            continue
        store.check_writable(folder)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:  # another run has just taken it
            continue
        break
    try:
        with reserved(folder, settings, minutes, note=note) as place:
            yield place
    finally:
        _remove_empty([folder, parent])


def check_minutes(minutes: Any) -> float:
    """The minutes between checkpoints as a number from 0 on. Raises UserError for others."""
    try:
        number = float(minutes)
    except (TypeError, ValueError):
        number = -1.0
    if isinstance(minutes, bool | str) or not 0 <= number or math.isinf(number):
        raise UserError(
            f"checkpoint_minutes is {shortened(repr(minutes), 40)}, but it is a number of minutes; "
            "0 = only when the run is interrupted."
        )
    return number


def is_interrupted(folder: Path) -> bool:
    """Whether a folder holds what an interrupted run leaves, and nothing else."""
    inside = folder / store.CHECKPOINT
    try:
        if folder.is_symlink() or inside.is_symlink() or not inside.is_dir():
            return False
        names = {each.name for each in folder.iterdir()} - {store.CHECKPOINT}
        return (
            MANIFEST not in names
            and names <= (_FILES if (inside / _RESULT / MANIFEST).exists() else set())
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
    faults = storage.faults(inside / _SETTINGS, ("settings.json",), "description of a run")
    if not faults:
        found = _read(inside / _SETTINGS / "settings.json")
    else:
        found = (settings_in_checkpoints(inside) or {}).get("settings")
    if not isinstance(found, dict):
        raise UserError(
            " ".join(faults) + f" {folder} cannot be resumed; start the run again elsewhere."
        )
    return found


def finish(folder: Path) -> bool:
    """Complete what needs no simulation; True if the folder then holds a complete run."""
    inside = folder / store.CHECKPOINT
    if not store.is_run(folder) and is_interrupted(folder) and store.is_run(inside / _RESULT):
        with held_lock(inside / _LOCK, folder):
            _move_up(folder)
        _remove_empty([inside / _RESULT, inside])
    return store.is_run(folder)


def is_of(folder: Path, provenance: Mapping[str, Any]) -> bool:
    """Whether a folder holds the checkpoints of the run that a provenance describes."""
    if not is_interrupted(folder):
        return False
    key = settings_in(folder).get("key", {})
    names = {"scenario": "scenario_hash", "days": "days", "panel": "panel", "seed": "seed"}
    rule = key.get("rule", "") == provenance.get("score_rule", "")
    return rule and all(key.get(name) == provenance.get(of) for name, of in names.items())


def adopted(folder: Path, run: SimulatedRun) -> None:
    """Complete the folder in which `underwatch.run` kept a run while it was simulated."""
    inside = folder / store.CHECKPOINT
    with held_lock(inside / _LOCK, folder):
        Reservation(folder, Checkpoints(inside), is_new=False).complete(run)
    _remove_empty([inside / _RESULT, inside])


def _write_settings(folder: Path, settings: RunSettings, resuming: bool) -> bool:
    """Describe the run in a reserved folder; True if it was not described there already.

    Raises UserError if the folder holds another run, or if there is none to resume.
    """
    inside = folder / store.CHECKPOINT
    held = (inside / _SETTINGS).exists() or bool(Checkpoints(inside).kept())
    if held or resuming:
        _refuse_differing(folder, settings, resuming)
    if storage.faults(inside / _SETTINGS, ("settings.json",)):
        _remove(inside / _SETTINGS)
        with storage.whole_folder(inside / _SETTINGS) as part:
            store.write_json(part / "settings.json", settings.as_data())
    return not held


def _refuse_differing(folder: Path, settings: RunSettings, resuming: bool) -> None:
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


def _check_space(disk: Path, settings: RunSettings, minutes: float, folder: Path) -> None:
    """Refuse a run whose files and two checkpoints would not fit on the disk of its folder."""
    from underwatch.engine.checkpoint import size_of
    from underwatch.results.people import MOST

    months = settings.days / 30
    result = 1_000_000 + 150_000 * months + 30 * min(settings.citizens, MOST)
    result += settings.panel * settings.days * _PANEL_BYTES / 10
    state = size_of(settings.citizens, settings.days) * (2 if minutes else 1)
    free = shutil.disk_usage(disk).free
    if free < result + state:
        raise UserError(
            f"{folder} cannot hold this run: it needs about {(result + state) / 1e6:,.0f} MB with "
            f"its checkpoints, but {free / 1e6:,.0f} MB of the disk are free; make room, or choose "
            "a folder on another disk."
        )


def _refuse_foreign_files(folder: Path) -> None:
    """Raise UserError if somebody put a file into a reserved folder."""
    held = sorted(each.name for each in folder.iterdir() if each.name != store.CHECKPOINT)
    if held:
        raise UserError(f"{folder / held[0]} is not part of the run; move it elsewhere.")


def _move_up(folder: Path) -> None:
    """Move the files of a complete result to their places, the manifest last.

    Whoever is killed on the way leaves what this function completes.
    """
    inside = folder / store.CHECKPOINT
    result = inside / _RESULT
    for path in sorted(result.iterdir()):
        if path.name != MANIFEST:
            if os.path.lexists(folder / path.name):
                raise UserError(f"{folder / path.name} is not part of the run; move it elsewhere.")
            path.rename(folder / path.name)
    storage.sync(folder)
    Checkpoints(inside).remove()
    _remove(inside / _SETTINGS)
    (inside / _LOCK).unlink(missing_ok=True)
    (result / MANIFEST).rename(folder / MANIFEST)
    storage.sync(folder)


def _remove(ours: Path) -> None:
    """Remove a folder of ours, and what a writer left of it that was killed."""
    parts = re.compile(rf"\.{re.escape(ours.name)}\.part-[0-9a-f]+")
    for path in [*ours.parent.iterdir()] if ours.parent.exists() else []:
        if path == ours or parts.fullmatch(path.name):
            shutil.rmtree(path)


def discard(folder: Path) -> None:
    """Remove what an interrupted run left, whose result is kept elsewhere; nothing else."""
    inside = folder / store.CHECKPOINT
    if is_interrupted(folder):
        with held_lock(inside / _LOCK, folder):
            _empty(inside)
        _remove_empty([inside, folder])


def _empty(inside: Path) -> None:
    Checkpoints(inside).remove()
    for name in (_SETTINGS, _RESULT):
        _remove(inside / name)


def _remove_empty(folders: list[Path]) -> None:
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


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError | ImportError):  # a library that does not fit into memory
        return f"The run cannot be saved ({error or 'too little memory'})."
    if isinstance(error, OSError):
        where = error.filename or "The run"
        return f"{where} cannot be written ({error.strerror or error})."
    return str(error)
