"""A run and its folder: written whole or not at all, and read back only if nothing has changed.

| file | what it holds |
|---|---|
| run.json | what was run: scenario, sources, seed, versions, machine |
| tallies.nc | counts by day, and by month and stratum |
| panel.parquet | every record of the sampled citizens, true cause beside it; not in every run |
| states.nc | in place of tallies.nc in a study of states |
| differences.parquet, shares.parquet, sets.parquet | what a study of several worlds found |
| report.html | the page for readers; not in every run |
| checkpoint/ | from where the run can go on; not in every run |
| MANIFEST.sha256 | a hash of every file above, as `sha256sum -c` reads it |

Parquet and NetCDF read a flipped bit without a word, hence the manifest. It is
written last, so a folder without it is not a run.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from glob import escape
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from underwatch.errors import Problem, UserError

if TYPE_CHECKING:  # both take long to import, and most commands need neither
    import pyarrow
    import xarray as xr

RUN, TALLIES, PANEL, REPORT = "run.json", "tallies.nc", "panel.parquet", "report.html"
STATES, CHECKPOINT, MANIFEST = "states.nc", "checkpoint", "MANIFEST.sha256"


@dataclass(frozen=True)
class Stored:
    """A run as its folder holds it; the panel is read when it is first asked for."""

    folder: Path
    provenance: dict
    tallies: "xr.Dataset"

    @cached_property
    def panel(self) -> "pyarrow.Table | None":
        """The records of the sampled citizens, or None if the run followed nobody."""
        import pyarrow.parquet as pq

        path = self.folder / PANEL
        return pq.read_table(path, page_checksum_verification=True) if path.exists() else None


def is_run(folder: Path) -> bool:
    """Whether a whole run was written here; says nothing of what happened to it since."""
    return (folder / MANIFEST).is_file()


def fresh_folder(parent: Path, name: str) -> Path:
    """The first of name, name-2, name-3 … that is not taken in this place."""
    names = (name if n == 1 else f"{name}-{n}" for n in count(1))
    return next(parent / each for each in names if not (parent / each).exists())


def save(
    folder: Path,
    provenance: dict,
    tallies: "xr.Dataset",
    panel: "pyarrow.Table | None",
    report: str | None,
    checkpoint: Path | None = None,
) -> None:
    """Write a run under a hidden name, and give it its own when it is whole.

    `checkpoint` is a folder, which is moved in. Whatever goes wrong, the
    checkpoint stays where it was and nothing is left at the run's name.
    """
    with whole(folder, checkpoint) as part:
        (part / RUN).write_text(_written(provenance), "utf-8")
        _write_tallies(part / TALLIES, tallies)
        if panel is not None:
            _write_panel(part / PANEL, panel)
        if report is not None:
            (part / REPORT).write_text(report, "utf-8")


def save_states(folder: Path, provenance: dict, states: "xr.Dataset") -> None:
    """Write a study of states like a run, with their table in place of the tallies."""
    with whole(folder) as part:
        (part / RUN).write_text(_written(provenance), "utf-8")
        _write_tallies(part / STATES, states)


def save_study(
    folder: Path,
    provenance: dict,
    tables: "dict[str, pyarrow.Table]",
    report: str,
    tallies: "xr.Dataset | None" = None,
) -> None:
    """Write a study of several worlds likewise: its tables, its page, its tallies if any."""
    with whole(folder) as part:
        (part / RUN).write_text(_written(provenance), "utf-8")
        for name, rows in tables.items():
            _write_panel(part / f"{name}.parquet", rows)
        (part / REPORT).write_text(report, "utf-8")
        if tallies is not None:
            _write_tallies(part / TALLIES, tallies)


@contextmanager
def whole(folder: Path, checkpoint: Path | None = None) -> Iterator[Path]:
    """A hidden folder to write into; if all goes well it gets its manifest and this name."""
    _refuse_if_taken(folder)
    with _part(folder) as part:
        yield part
        hashes = _hashes(part)
        if checkpoint is not None:
            # Hashed where it lies, so that it is away from home for two renames only.
            inside = _hashes(checkpoint)
            hashes |= {f"{CHECKPOINT}/{name}": digest for name, digest in inside.items()}
        lines = (f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
        (part / MANIFEST).write_text("".join(lines), "utf-8")
        _to_disk(part)
        try:
            if checkpoint is not None:
                _to_disk(checkpoint)
                shutil.move(checkpoint, part / CHECKPOINT)
            os.rename(part, folder)
        except BaseException:
            if checkpoint is not None and not checkpoint.exists():
                shutil.move(part / CHECKPOINT, checkpoint)
            _refuse_if_taken(folder)  # another run may have come first
            raise
    _sync(folder.parent)


def load(folder: Path) -> Stored:
    """Read a run back, after every file was found to be what was written."""
    provenance, tallies = _read_back(folder, TALLIES)
    return Stored(folder, provenance, tallies)


def load_states(folder: Path) -> tuple[dict, "xr.Dataset"]:
    """Read a study of states back, likewise: its provenance and its table."""
    return _read_back(folder, STATES)


def _read_back(folder: Path, table: str) -> tuple[dict, "xr.Dataset"]:
    """The provenance and the table of a folder in which nothing has changed."""
    import xarray as xr

    provenance = load_provenance(folder, table)
    # A count of days is a count: xarray would make a time span of it.
    return provenance, xr.load_dataset(folder / table, engine="netcdf4", decode_timedelta=False)


def load_provenance(folder: Path, *needed: str) -> dict:
    """The provenance of a run or study in whose folder nothing has changed."""
    if not is_run(folder):
        why = "the folder does not exist"
        if folder.exists():
            why = f"it has no {MANIFEST}; perhaps it was copied in part"
        raise UserError([Problem(None, f"{folder} is not a run: {why}.")])
    problems = [Problem(None, sentence) for sentence in _changes(folder, (RUN, *needed))]
    if problems:
        raise UserError(problems)
    return json.loads((folder / RUN).read_text("utf-8"))


def _refuse_if_taken(folder: Path) -> None:
    """An empty folder may be filled; anything else at this name is somebody's work."""
    if is_run(folder):
        held = "already holds a run, and a run is never overwritten"
    elif folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        held = "already exists and is not a run"
    else:
        return
    sentence = f"{folder} {held}; choose another name, or move it away."
    raise UserError([Problem(None, sentence)])


@contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A hidden folder beside the run's name, gone in the end unless it was renamed.

    It is locked while its writer lives, so one that can be locked was left by a
    writer who died, and is cleared away.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    for old in folder.parent.glob(f".{escape(folder.name)}.part-*"):
        with _open(old) as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(old)
    part = folder.parent / f".{folder.name}.part-{os.urandom(4).hex()}"
    part.mkdir()
    with _open(part) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        try:
            yield part
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _open(folder: Path) -> Iterator[int]:
    """A folder's file descriptor, for locks and for fsync."""
    held = os.open(folder, os.O_RDONLY)
    try:
        yield held
    finally:
        os.close(held)


def _written(provenance: dict) -> str:
    """The provenance as text in which two runs can be compared line by line."""
    return json.dumps(
        provenance, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False, default=_plain
    ) + "\n"  # fmt: skip


def _plain(value: object) -> object:
    """A run of hours is not lost to a date or a NumPy number in its provenance."""
    return value.item() if hasattr(value, "item") else str(value)


def _write_tallies(path: Path, tallies: "xr.Dataset") -> None:
    """Counts by stratum compress tenfold: most are quiet in most months. Days are few."""
    packed = {"zlib": True, "complevel": 1, "shuffle": True}
    encoding = {name: packed for name, counts in tallies.data_vars.items() if counts.ndim > 1}
    tallies.to_netcdf(path, engine="netcdf4", encoding=encoding)


def _write_panel(path: Path, panel: "pyarrow.Table") -> None:
    import pyarrow.parquet as pq

    pq.write_table(panel, path, compression="zstd", write_page_checksum=True)


def _hashes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its path inside it."""
    return {
        path.relative_to(folder).as_posix(): _hash(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _changes(folder: Path, needed: tuple[str, ...]) -> Iterator[str]:
    """One sentence for every file that is not what the manifest says; others may be added."""
    lines = (folder / MANIFEST).read_text("utf-8", "replace").splitlines()
    listed = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for name in needed:
        if name not in listed:
            yield f"{folder} is not a run: its {MANIFEST} does not list {name}."
    for name, digest in listed.items():
        path = folder / name
        if not path.is_file():
            yield f"{path} is missing, so this run is no longer whole; restore it from a copy."
        elif _hash(path) != digest:
            yield f"{path} has changed since the run was written; restore it from a copy."


def _to_disk(folder: Path) -> None:
    """Ask the disk for every file, so that no renamed run is found empty after a power cut."""
    for path in (*folder.rglob("*"), folder):
        _sync(path)


def _sync(path: Path) -> None:
    with _open(path) as held:
        os.fsync(held)
