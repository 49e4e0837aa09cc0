"""Checkpoints: what tomorrow inherits, on disk, so that a run that ends early can be resumed.

    checkpoint/day-00120/
        checkpoint.json   the day, and the key: what a run must have in common to resume here
        state.npz         the world and the counts so far, as arrays without pickles
        MANIFEST.sha256

Each is written under a temporary name, flushed to disk and renamed when it is whole. The
one before it is kept, and is used if the newest is damaged.
"""

import json
import os
import re
import secrets
import shutil
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from underwatch import storage
from underwatch.errors import UserError

Key = dict[str, Any]

# Arrays of the world that a day reads, and arrays of the simulation that add up.
KEPT = (
    "states", "signals", "flags", "queues", "listed", "protesting", "offending",
    "restricted_days", "history", "lengths", "people", "birthdays", "bearers", "absent",
    "cohorts", "slots",
)  # fmt: skip
COUNTED = (
    "daily", "monthly", "capacity", "expressed_opinions", "private_opinions", "classes",
    "moves", "evenings", "dead",
)  # fmt: skip
BYTES_A_CITIZEN = 90  # of a checkpoint, with some of everyone in queues
MINUTES = 5.0  # from one checkpoint to the next
_PIECE = 1 << 24  # bytes that are read at once
_ABOUT, _STATE = "checkpoint.json", "state.npz"
_NAME = re.compile(r"day-(\d{5})")

# The parts of a key, as a sentence names them.
_WORDS = {
    "scenario": "the scenario", "citizens": "citizens", "seed": "seed", "days": "days",
    "panel": "panel", "observations": "the functions of `observe` or the days between them",
    "rule": "the scoring rule", "code": "the code of Underwatch",
    "versions": "the versions of NumPy and Numba",
}  # fmt: skip


def made_by() -> dict[str, str]:
    """The code on which the bits of a run depend, for its key."""
    from importlib.metadata import version

    from underwatch.kernel.identity import code_digest

    return {"code": code_digest(), "versions": f"{np.__version__} {version('numba')}"}


def differences(kept: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """In what two runs differ, for a sentence; "" if one can resume the other.

    Examples
    --------
    >>> differences({"days": 90, "seed": 1}, {"days": 80, "seed": 1})
    'days (90 there, 80 here)'
    """
    sized = any(kept.get(name) != now.get(name) for name in ("citizens", "seed"))
    found = []
    for name, words in _WORDS.items():
        there, here = kept.get(name), now.get(name)
        if there == here or (name == "scenario" and sized):  # which holds its size and seed
            continue
        plain = isinstance(there, int) and isinstance(here, int)
        found.append(f"{words} ({there:,} there, {here:,} here)" if plain else words)
    return ", ".join(found)


def size_of(citizens: int, days: int) -> int:
    """Bytes of one checkpoint, about."""
    from underwatch.measurement.catalogue import NAMES, STRATA

    months = days // 28 + 2
    return citizens * BYTES_A_CITIZEN + 8 * len(NAMES) * (days + months * STRATA) + 100_000


def save_state(simulation: Any, file: Path) -> None:
    """Write the world and the counts of a Simulation; arrays are streamed, not copied."""
    from underwatch.engine.queues import used_blocks

    world = simulation.world
    simulation.lines = [np.concatenate(simulation.lines)]
    arrays = {name: getattr(world, name) for name in KEPT}
    arrays |= {name: getattr(simulation, name) for name in COUNTED}
    arrays["entries"] = world.entries[:, : used_blocks(world.lengths)]
    arrays["lines"] = simulation.lines[0]
    np.savez(file, **arrays, **simulation.observed.as_arrays())


def load_state(simulation: Any, file: Path, day: int) -> None:
    """Put a Simulation on the evening that a file holds."""
    from underwatch.engine.night import pack_open_ties

    world, packed = simulation.world, simulation.world.slots.copy()
    with np.load(file, allow_pickle=False) as kept:
        for name in KEPT:
            _read_into(getattr(world, name), kept, name)
        for name in COUNTED:
            setattr(simulation, name, kept[name])
        entries = kept["entries"]
        world.entries[:, : entries.shape[1]] = entries
        simulation.lines = [kept["lines"]]
        simulation.observed.from_arrays(kept)
    simulation.day = day
    pack_open_ties(world, packed, *simulation.own)


def _read_into(array: np.ndarray, kept: Any, name: str) -> None:
    """Read an array of an open .npz file into one that is there, piece by piece."""
    form = np.lib.format
    with kept.zip.open(f"{name}.npy") as file:
        read = {(1, 0): form.read_array_header_1_0, (2, 0): form.read_array_header_2_0}
        shape, in_columns, dtype = read[form.read_magic(file)](file)
        if (shape, in_columns, dtype) != (array.shape, False, array.dtype):
            raise ValueError(f"{name} of a checkpoint is {dtype} {shape}")
        room, at = memoryview(array).cast("B"), 0
        while at < len(room):
            got = file.readinto(room[at : at + _PIECE])
            if not got:
                raise EOFError(f"{name} of a checkpoint is cut short")
            at += got


class Checkpoints:
    """The checkpoints of one run in a folder of their own, written by one process at a time.

    Args:
        folder: where they are; it is created with the first.
        minutes: from one to the next; 0 = only when the run is interrupted.
        about: what else each of them states, such as the settings of the run.
        note: called with a sentence about a checkpoint that could not be written or read.

    Attributes:
        written, seconds: how many were written, and the time that it took.
        failure: why the last one could not be written; "" if it was.
    """

    def __init__(
        self,
        folder: Path,
        minutes: float = MINUTES,
        about: Mapping[str, Any] | None = None,
        note: Callable[[str], None] = warnings.warn,
    ):
        self.folder, self.minutes, self.about, self.note = folder, minutes, about or {}, note
        self.written, self.seconds, self.failure = 0, 0.0, ""
        self._saved = self._started = monotonic()
        self._before = 0.0  # seconds of the processes that this one resumes
        self._good: Path | None = None  # the newest that is whole, as far as this process knows

    def elapsed(self) -> float:
        """Seconds that the run has taken, those before it was interrupted included."""
        return self._before + monotonic() - self._started

    def due(self) -> bool:
        """Whether it is time for another."""
        return self.minutes > 0 and monotonic() - self._saved >= 60 * self.minutes

    def kept(self) -> list[Path]:
        """Those that are on disk, the newest first; their files are not checked."""
        names = _NAME.fullmatch
        found = [p for p in _entries(self.folder) if names(p.name)]
        return sorted(found, reverse=True)

    def last_day(self) -> int | None:
        """The day from which the newest resumes; None without any."""
        kept = self.kept()
        return int(kept[0].name[4:]) if kept else None

    def save(self, simulation: Any) -> None:
        """Write one more, and keep the one before it.

        Raises OSError if it cannot be written; those that are there stay.
        """
        begun = monotonic()
        place = self.folder / f"day-{simulation.day:05}"
        if place == self._good or not storage.faults(place, (_ABOUT, _STATE)):
            self._good = place
        else:
            self._remove_all_but(self._good)
            if place.exists():  # damaged
                _discard(place)
            about = {
                "day": simulation.day, "seconds": self.elapsed(), "key": simulation.key(),
                **self.about,
            }  # fmt: skip
            with storage.whole_folder(place) as part:
                save_state(simulation, part / _STATE)
                (part / _ABOUT).write_text(json.dumps(about), "utf-8")
            self._good = place
            self.written += 1
            self.seconds += monotonic() - begun
        self._saved, self.failure = monotonic(), ""

    def try_to_save(self, simulation: Any) -> bool:
        """Write one more if that is possible; if it is not, say so, and let the run go on."""
        try:
            self.save(simulation)
        except OSError as error:
            self.note_failure(simulation, error)
        return not self.failure

    def note_failure(self, simulation: Any, error: OSError) -> None:
        """Say why none was written; another is due later."""
        self._saved = monotonic()
        self.failure = error.strerror or str(error)
        self.note(
            f"No checkpoint of day {simulation.day:,} could be written to {self.folder} "
            f"({self.failure})."
        )

    def resume(self, simulation: Any) -> bool:
        """Put a simulation where the newest whole checkpoint is; False if there is none.

        A damaged one is removed with a note, and the one before it is used.

        Raises UserError if the checkpoint is that of another run, or of other code.
        """
        self._remove_parts()
        for place in self.kept():
            about = self._read(place)
            if about is None:
                _discard(place)
                continue
            differing = differences(about["key"], simulation.key())
            if differing:
                raise UserError(f"{self.folder} holds another run: it differs in {differing}.")
            load_state(simulation, place / _STATE, about["day"])
            self._good, self._before = place, about["seconds"]
            return True
        return False

    def _read(self, place: Path) -> dict[str, Any] | None:
        """What a checkpoint states; None if it is damaged, with a note that names the file."""
        found = storage.faults(place, (_ABOUT, _STATE), "checkpoint")
        if not found:
            about: dict[str, Any] = json.loads((place / _ABOUT).read_text("utf-8"))
            return about
        self.note(f"A checkpoint is damaged and not used. {' '.join(found)}")
        return None

    def _remove_all_but(self, good: Path | None) -> None:
        """Remove what is older than the newest, or a remnant; nothing else lies in this folder."""
        self._remove_parts()
        for place in self.kept():
            if good is not None and place != good:
                _discard(place)

    def _remove_parts(self) -> None:
        """Remove what a process left that was killed while it wrote."""
        for place in _entries(self.folder):
            if re.fullmatch(rf"\.{_NAME.pattern}\.part-[0-9a-f]+", place.name):
                shutil.rmtree(place)

    def remove(self) -> None:
        """Remove all of them."""
        self._remove_parts()
        for place in self.kept():
            _discard(place)


def _discard(place: Path) -> None:
    """Remove a checkpoint; it loses its name first, so that what has the name is never half."""
    part = place.parent / f".{place.name}.part-{secrets.token_hex(8)}"
    place.rename(part)
    shutil.rmtree(part)


def settings_in(folder: Path) -> dict[str, Any] | None:
    """What the newest whole checkpoint in a folder states; None if there is none."""
    found = Checkpoints(folder, note=lambda _: None)
    return next((about for about in map(found._read, found.kept()) if about), None)


def _entries(folder: Path) -> list[Path]:
    try:
        return [Path(entry.path) for entry in os.scandir(folder) if entry.is_dir()]
    except FileNotFoundError:
        return []
