"""Result folders: written whole or not at all, and read back only if nothing has changed.

| file | content |
|---|---|
| run.json | what was run: scenario, sources, seed, versions, machine, summary |
| tallies.nc | counts by day, and by month and stratum |
| people.parquet | one row per invented citizen: traits, final state, what happened to them |
| panel.parquet | every record of the followed citizens with its true cause; not in every run |
| observations.nc | the user's own measures; not in every run |
| states.nc | in place of tallies.nc in a study of states |
| differences.parquet, shares.parquet, sets.parquet | findings of a study of several worlds |
| report.html | the page for readers; not in every run |
| codebook.csv | every column of every data file: type, unit, meaning |
| checkpoint/ | from where the run can be resumed; not in every run |
| MANIFEST.sha256 | a hash of every file above, as `sha256sum -c` reads it |

The manifest is written last, so a folder without one is not a result.
"""

import errno
import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch import storage
from underwatch.errors import UserError, shortened
from underwatch.measurement.tallies import Tallies
from underwatch.results.parquet import write_parquet as write_parquet
from underwatch.storage import MANIFEST as MANIFEST

if TYPE_CHECKING:  # both take long to import, and most commands need neither
    import pyarrow as pa
    import xarray as xr

RUN, TALLIES, PANEL, REPORT = "run.json", "tallies.nc", "panel.parquet", "report.html"
PEOPLE, OBSERVATIONS = "people.parquet", "observations.nc"
CODEBOOK = "codebook.csv"
STATES, CHECKPOINT = "states.nc", "checkpoint"
SETTINGS = "settings"  # in the checkpoint of a run that is not complete


def is_run(folder: Path) -> bool:
    """Whether a complete result was written to this folder; its files are not checked."""
    try:
        return (folder / MANIFEST).is_file()
    except OSError:  # no file can have such a name
        return False


def noun_of(folder: Path) -> str:
    """What a folder holds, as a sentence names it: a run, an ensemble, an explanation, a study.

    It is what the record of the folder states, unchecked; without one, "run".
    """
    try:
        whole = (folder / RUN).stat().st_size < _LARGE_RECORD
        kind = json.loads((folder / RUN).read_text("utf-8"))["kind"] if whole else "run"
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        kind = "run"
    nouns = {"run": "run", "replicates": "ensemble", "explain": "explanation",
             "assess": "assessment", "verify": "verification"}  # fmt: skip
    return nouns.get(str(kind), "study")


def is_folder(path: Path) -> bool:
    """Whether there is a folder of this name; a name that no file can have is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def as_path(place: str | Path) -> Path:
    """A path, with ~ as the home folder. Raises UserError for what is none, such as None."""
    if not isinstance(place, str | os.PathLike) or not isinstance(os.fspath(place), str):
        raise UserError(f"{shortened(repr(place))} is not a path.")
    try:
        return Path(place).expanduser()
    except RuntimeError:
        raise UserError(
            f"{shortened(place)} begins with the home folder of a user who does not exist; write "
            "./ before it if that is its name."
        ) from None


def fresh_folder(parent: Path, name: str) -> Path:
    """The first of name, name-2, name-3 … that does not exist in this place."""
    names = (name if n == 1 else f"{name}-{n}" for n in count(1))
    return next(parent / each for each in names if not (parent / each).exists())


def save(
    folder: Path,
    provenance: Mapping[str, Any],
    tallies: "Tallies | xr.Dataset",
    *,
    panel: "pa.Table | None" = None,
    people: "pa.Table | None" = None,
    observations: "xr.Dataset | None" = None,
    report: str | Callable[[], str] | None = None,
    codebook: str | None = None,
) -> None:
    """Write a run under a hidden name, and rename it when it is complete.

    report: the page, or a function that gives it, called when all else is written.
    """
    with whole(folder) as part:
        write_json(part / RUN, provenance)
        write_netcdf(part / TALLIES, tallies)
        if panel is not None:
            write_parquet(part / PANEL, panel)
        if people is not None:
            write_parquet(part / PEOPLE, people, ascending=("citizen", "household"))
        if observations is not None:
            write_netcdf(part / OBSERVATIONS, observations)
        if codebook is not None:
            write_text(part / CODEBOOK, codebook)
        if report is not None:
            write_text(part / REPORT, report() if callable(report) else report)


def save_study(
    folder: Path,
    provenance: Mapping[str, Any],
    tables: "Mapping[str, pa.Table]",
    report: str,
    tallies: "xr.Dataset | None" = None,
    codebook: str | None = None,
) -> None:
    """Write a study of several worlds like a run: tables by name, page, tallies if any."""
    with whole(folder) as part:
        write_json(part / RUN, provenance)
        for name, rows in tables.items():
            write_parquet(part / f"{name}.parquet", rows)
        write_text(part / REPORT, report)
        if codebook is not None:
            write_text(part / CODEBOOK, codebook)
        if tallies is not None:
            write_netcdf(part / TALLIES, tallies)


@contextmanager
def whole(folder: Path) -> Iterator[Path]:
    """A hidden folder to write into; without an error it gets its manifest and its name."""
    check_writable(folder)
    try:
        with storage.whole_folder(folder) as part:
            yield part
    except OSError as error:
        if error.errno in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
            refuse_if_taken(folder)  # another run may have been written meanwhile
        raise


def load_provenance(folder: Path, *needed: str) -> dict[str, Any]:
    """The provenance of a run or study whose folder is unchanged.

    needed: files that the folder must hold. Raises UserError with one sentence for
    each file that is missing or has changed, and for each fault of the record.
    """
    from underwatch.results.record_schema import read_record

    if not is_run(folder) and is_folder(folder / CHECKPOINT / SETTINGS):
        raise UserError(
            f"{shortened(folder)} holds an interrupted run; `underwatch resume` completes it."
        )
    try:
        storage.check_folder(folder, (RUN, *needed), what="run")
    except UserError:
        storage.check_folder(folder, (RUN, *needed), what=noun_of(folder))
        raise
    return read_record(folder / RUN)


def read_netcdf(path: Path) -> "xr.Dataset":
    """Read tallies back; counts of days stay counts, not time spans.

    Raises UserError if the file is none of NetCDF.
    """
    import xarray as xr

    try:
        return xr.load_dataset(path.absolute(), engine="netcdf4", decode_timedelta=False)
    except (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError) as error:
        why = shortened(error)
        raise UserError(f"{path} cannot be read ({why}); restore it from a copy.") from None


def refuse_if_taken(folder: Path) -> None:
    """Raise UserError unless a result may be written here: nothing there, or an empty folder."""
    if folder.name in ("", ".", ".."):
        sentence = f"{str(folder)!r} does not name a new folder; write one, such as runs/new."
        raise UserError(sentence)
    if is_run(folder):
        noun = noun_of(folder)
        a = "an" if noun[0] in "aeiou" else "a"
        held = f"already holds {a} {noun}, and {a} {noun} is never overwritten"
    elif is_folder(folder / CHECKPOINT / SETTINGS):
        held = f"holds an interrupted run, which `underwatch resume {folder}` completes"
    elif folder.is_symlink() or (
        folder.exists() and not (folder.is_dir() and not any(folder.iterdir()))
    ):
        held = "already exists and is not a run"
    else:
        return
    raise UserError(f"{folder} {held}; choose another name, or move it away.")


def check_writable(folder: Path) -> None:
    """Raise UserError unless a result can be written to this folder; leaves nothing behind.

    For use before long work, so that its result is not lost at the end.
    """
    encoding = sys.getfilesystemencoding()
    try:
        str(folder.absolute()).encode(encoding)
    except UnicodeEncodeError:
        raise UserError(
            f"{folder} has letters that this locale ({encoding}) cannot write; choose another "
            "name, or set PYTHONUTF8=1."
        ) from None
    try:
        refuse_if_taken(folder)
        part = folder.parent / f".{folder.name}.part-{secrets.token_hex(8)}"
        missing = [each for each in folder.parents if not each.exists()]
        part.mkdir(parents=True)
        part.rmdir()
        for each in missing:
            each.rmdir()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        name = shortened(folder, 200)
        raise UserError(f"{name} cannot be written ({why}); choose another folder.") from None


def write_json(path: Path, provenance: Mapping[str, Any]) -> None:
    """The provenance as text in which two runs can be compared line by line."""
    text = json.dumps(
        provenance, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False, default=_plain
    )
    write_text(path, text + "\n")


def write_text(path: Path, text: str) -> None:
    """Text as UTF-8; bytes of the command line that are no UTF-8 appear as escapes."""
    path.write_text(text, "utf-8", "backslashreplace")


def _plain(value: object) -> object:
    """A NumPy number or a date in the provenance must not cost a long run."""
    return value.item() if hasattr(value, "item") else str(value)


def write_netcdf(path: Path, tallies: "Tallies | xr.Dataset") -> None:
    """Counts by stratum compress tenfold, because most are zero in most months.

    tallies: of a run, or a Dataset. Raises OSError if the file cannot be written.
    """
    from underwatch.results.netcdf import PACKED, write_tallies

    if isinstance(tallies, Tallies):
        with _with_reasons(path):
            write_tallies(path, tallies)
        return
    encoding = {str(name): PACKED for name, counts in tallies.data_vars.items() if counts.ndim > 1}
    write_dataset(path, tallies, encoding)


def write_dataset(path: Path, dataset: "xr.Dataset", encoding: Mapping[str, Any]) -> None:
    """Write a Dataset, with an encoding by variable.

    Raises OSError if the file cannot be written.
    """
    with _with_reasons(path):
        # An absolute path, because xarray would read ~ as the home folder.
        dataset.to_netcdf(path.absolute(), engine="netcdf4", encoding=encoding)


@contextmanager
def _with_reasons(path: Path) -> Iterator[None]:
    """Raise OSError where the library of NetCDF only says that something failed."""
    try:
        yield
    except RuntimeError as error:
        full = shutil.disk_usage(path.parent).free < _NEARLY_FULL
        number = errno.ENOSPC if full else errno.EIO
        raise OSError(number, os.strerror(number), str(path)) from error


_LARGE_RECORD = 1 << 26  # bytes; larger ones are not read for a word of a sentence
_NEARLY_FULL = 1 << 20  # bytes that are free when a file did not fit
