"""The command line with a fault at one of its writes; see `tests.harness.faults`.

    python -m tests.harness.injected MODE ERROR EVENT COMMAND …

Every file opened for writing, folder made, rename, link, flush, table and transaction of
a ledger is an event; EVENT is the number of one, or a part of the path of the file that is opened.
With MODE "count", standard error ends with how many there were. With "once", this event fails and
the next ones succeed. With "lasting", from this event on the kernel refuses every write, also of C
libraries and of processes started later.
"""

import contextlib
import ctypes
import errno
import os
import sqlite3
import struct
import sys

_EVENTS = {"os.mkdir", "os.rename", "os.link", "os.truncate", "sqlite3.connect", "tempfile.mkstemp"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Of Linux on x86-64: write, pwrite64, writev, pwritev, pwritev2, creat, ftruncate, truncate,
# fallocate, fsync, fdatasync, mkdir, mkdirat, rename, renameat, renameat2, link, linkat, symlink,
# sendfile, copy_file_range. open and openat are refused where they create, write is from
# descriptor 3 on.
_REFUSED = (18, 20, 296, 328, 85, 77, 76, 285, 74, 75, 83, 258, 82, 264, 316, 86, 265, 88, 40, 326)
_REMOVING = (263, 84)  # unlinkat, rmdir: a full disk lets them pass
_WRITE, _OPEN, _OPENAT = 1, 2, 257
_LD, _JEQ, _JGT, _JSET, _RET = 0x20, 0x15, 0x25, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000


def refuse_writes(error: int) -> None:
    """From now on, every write of this process and its children fails with an error number."""
    rows = [(_LD, 0, 0, 0)]  # the number of the call
    for number in (*_REFUSED, *(() if error == errno.ENOSPC else _REMOVING)):
        rows += [(_JEQ, 0, 1, number), (_RET, 0, 0, _ERRNO | error)]
    for descriptor in _pipes():
        rows += [
            (_JEQ, 0, 4, _WRITE),
            (_LD, 0, 0, 16),
            (_JEQ, 0, 1, descriptor),
            (_RET, 0, 0, _ALLOW),
            (_LD, 0, 0, 0),
        ]
    for number, argument, jump, limit in (
        (_WRITE, 0, _JGT, 2), (_OPEN, 1, _JSET, os.O_CREAT), (_OPENAT, 2, _JSET, os.O_CREAT),
    ):  # fmt: skip
        rows += [
            (_JEQ, 0, 4, number),
            (_LD, 0, 0, 16 + 8 * argument),
            (jump, 0, 1, limit),
            (_RET, 0, 0, _ERRNO | error),
            (_RET, 0, 0, _ALLOW),
        ]
    rows.append((_RET, 0, 0, _ALLOW))
    code = b"".join(struct.pack("HBBI", *row) for row in rows)
    kept = ctypes.create_string_buffer(code)
    program = struct.pack("HxxxxxxQ", len(rows), ctypes.addressof(kept))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(38, 1, 0, 0, 0)  # no new privileges
    if libc.syscall(317, 1, 1, program):  # seccomp: set a filter, for all threads
        raise OSError(ctypes.get_errno(), "writes cannot be refused here")


def _pipes() -> list[int]:
    """The open descriptors that are no files: a fault of the disk does not touch them."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        with contextlib.suppress(OSError):
            if not os.readlink(f"/proc/self/fd/{name}").startswith("/"):
                found.append(int(name))
    return [descriptor for descriptor in found if descriptor > 2]


class Injector:
    """Counts the writes of this process, and makes one of them fail."""

    def __init__(self, mode: str, error: int, event: int | str):
        self.mode, self.error, self.event = mode, error, event
        self.seen = 0

    def count(self, what: str = "") -> None:
        """One more write is about to be made."""
        self.seen += 1
        if self.seen != self.event and not (isinstance(self.event, str) and self.event in what):
            return
        self.event = self.seen  # it is met once
        if self.mode == "once":
            raise OSError(self.error, os.strerror(self.error))
        if self.mode == "lasting":
            refuse_writes(self.error)

    def audit(self, event: str, arguments: tuple) -> None:
        """Called by Python before whatever touches a file."""
        if event == "open":
            path, mode, flags = arguments
            if path == os.devnull or isinstance(path, int):
                return
            if (flags or 0) & _WRITING or (mode and set(mode) & set("wax+")):
                self.count(str(path))
        elif event in _EVENTS:
            self.count(event)

    def install(self) -> None:
        """Count from now on; flushes and what C libraries write are no events of Python."""
        sys.addaudithook(self.audit)
        for name in ("fsync", "fdatasync"):
            setattr(os, name, self._counted(getattr(os, name)))

    def install_tables(self) -> None:
        """Count what is written as NetCDF and Parquet; for use once these are imported."""
        import pyarrow.parquet
        import xarray

        from underwatch.results import ledger

        xarray.Dataset.to_netcdf = self._counted(xarray.Dataset.to_netcdf)
        pyarrow.parquet.write_table = self._counted(pyarrow.parquet.write_table)
        ledger.transaction = self._transaction(ledger.transaction)

    def _transaction(self, transaction):
        """The same, as SQLite reports a fault of the disk."""

        @contextlib.contextmanager
        def counted(db):
            with transaction(db) as inside:
                yield inside
                try:
                    self.count("commit")
                except OSError as error:
                    failure = sqlite3.OperationalError("disk I/O error")
                    failure.sqlite_errorname = "SQLITE_IOERR_WRITE"
                    raise failure from error

        return counted

    def _counted(self, function):
        def counted(*args, **kwargs):
            self.count(function.__name__)
            return function(*args, **kwargs)

        return counted


def main() -> None:
    """Run the command, with the fault that the arguments before it state."""
    mode, error, event, *command = sys.argv[1:]
    sys.argv = ["underwatch", *command]
    injector = Injector(mode, getattr(errno, error), int(event) if event.isdigit() else event)
    from underwatch.cli import main as run

    injector.install_tables()
    injector.install()
    try:
        run()
    finally:
        if mode == "count":
            print(f"\nevents {injector.seen}", file=sys.stderr)


if __name__ == "__main__":
    main()
