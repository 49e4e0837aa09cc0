"""The folder of a run, reserved before its first day and complete after its last.

    OUT/
        checkpoint/
            lock              held, and signed, by the process that writes the run
            settings/         what the run is; enough to start it again
            day-00120/        the newest checkpoint, and the one before it
            result/           the files of the run, before they move up; its manifest is hidden
                              while they do, so that no folder looks whole that is not
        run.json …            when the run is complete, and then there is no checkpoint/

The manifest moves up last: until then the folder holds an interrupted run, from then on a
complete one, at whatever moment its writer is killed.
"""

from __future__ import annotations

import math
import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from underwatch import storage
from underwatch.engine.checkpoint import MINUTES, Checkpoints
from underwatch.engine.ranks.launch import ranks, watched
from underwatch.errors import UserError, shortened
from underwatch.results import folder as store
from underwatch.results.interrupted import (
    LOCK,
    RESULT,
    SETTINGS,
    empty,
    finish,
    has_begun,
    is_interrupted,
    is_whole,
    move_up,
    refuse_differing,
    remove,
    remove_empty,
)
from underwatch.results.settings import RunSettings
from underwatch.storage import held_lock, refuse_if_held

_PANEL_BYTES = 60  # a day of ten followed citizens, roughly


class SimulatedRun(Protocol):
    """A run that was simulated in this process."""

    @property
    def simulation(self) -> Any: ...
    def _write(
        self, folder: Path, draw: Callable[..., list[str]] | None = None, report: bool = True
    ) -> None: ...


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

    def complete(
        self, run: SimulatedRun, draw: Callable[..., list[str]] | None = None, report: bool = True
    ) -> None:
        """Write the files of a run, and remove its checkpoints.

        Raises UserError if that fails; the final state is then kept as a checkpoint, and
        the sentence says how to save again.
        """
        try:
            with watched(self.checkpoints.folder):
                self._write(run, draw, report)
            self.completed = True
        except (OSError, UserError, MemoryError, ImportError) as error:
            raise UserError(f"{_reason(error)} {self._keep(run)}") from None
        except Exception as error:
            error.add_note(self._keep(run))
            raise

    def _write(
        self, run: SimulatedRun, draw: Callable[..., list[str]] | None, report: bool
    ) -> None:
        if not is_whole(self.inside / RESULT):  # else an earlier attempt failed on the way up
            _refuse_foreign_files(self.folder)
            remove(self.inside / RESULT)
            run._write(self.inside / RESULT, draw, report)
        move_up(self.folder)

    def _keep(self, run: SimulatedRun) -> str:
        """Keep the final state; a sentence on how to save the run again."""
        again = f"`underwatch resume {self.folder}`"
        if is_whole(self.inside / RESULT):
            return f"Its files are whole, but not yet in their places; {again} moves them there."
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
        start = f"mpiexec -n {ranks()} " if ranks() > 1 else ""
        return (
            f"Interrupted. The run is kept up to day {day:,}{failure}; to resume: "
            f"{start}underwatch resume {self.folder}"
        )

    def _give_up(self) -> None:
        """Leave what can be resumed; of a new folder that holds nothing, leave nothing."""
        holds = self.checkpoints.last_day() is not None or is_whole(self.inside / RESULT)
        if not self.completed and self.is_new and not holds:
            empty(self.inside)


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
                held.enter_context(held_lock(inside / LOCK, folder))
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
        remove_empty([inside / RESULT, inside, *made])


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
    refuse_if_held(inside / LOCK, folder)
    refuse_differing(folder, settings, resuming=False)


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
        remove_empty([folder, parent])


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


def adopted(folder: Path, run: SimulatedRun, report: bool = True) -> None:
    """Complete the folder in which `underwatch.run` kept a run while it was simulated."""
    inside = folder / store.CHECKPOINT
    with held_lock(inside / LOCK, folder):
        Reservation(folder, Checkpoints(inside), is_new=False).complete(run, report=report)
    remove_empty([inside / RESULT, inside])


def _write_settings(folder: Path, settings: RunSettings, resuming: bool) -> bool:
    """Describe the run in a reserved folder; True if it was not described there already.

    Raises UserError if the folder holds another run, or if there is none to resume.
    """
    inside = folder / store.CHECKPOINT
    held = has_begun(inside)
    if held or resuming:
        refuse_differing(folder, settings, resuming)
    if storage.faults(inside / SETTINGS, ("settings.json",)):
        remove(inside / SETTINGS)
        with storage.whole_folder(inside / SETTINGS) as part:
            store.write_json(part / "settings.json", settings.as_data())
    return not held


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


def _reason(error: Exception) -> str:
    if isinstance(error, MemoryError | ImportError):  # a library that does not fit into memory
        return f"The run cannot be saved ({error or 'too little memory'})."
    if isinstance(error, OSError):
        where = error.filename or "The run"
        return f"{where} cannot be written ({error.strerror or error})."
    return str(error)
