"""Standard streams that cannot cost a run: closed, full, or with an encoding of few letters.

A closed descriptor would be given to the next file that is opened, and a letter that
the encoding lacks would raise. Both are put right before anything else happens.
"""

import codecs
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from underwatch.errors import UserError

REPLACEMENTS = {
    "–": "-", "—": "-", "−": "-", "…": "...", "×": "x", "·": ".", "“": '"', "”": '"',
    "‘": "'", "’": "'", "≥": ">=", "≤": "<=", "→": "->", "•": "*", "±": "+/-",
}  # fmt: skip


def prepare() -> None:
    """Open what is closed to /dev/null, and replace letters that an encoding lacks."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, this one
    if sys.stdin is None:
        sys.stdin = _nowhere("r")
    if sys.stdout is None:
        sys.stdout = _nowhere("w")
    if sys.stderr is None:
        sys.stderr = _nowhere("w")
    codecs.register_error("underwatch", replaced)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="underwatch")


def _nowhere(mode: str) -> TextIO:
    opened: TextIO = open(os.devnull, mode, encoding="utf-8")
    return opened


def replaced(error: UnicodeError) -> tuple[str, int]:
    """What to write for characters that an encoding lacks: the nearest ASCII, else "?"."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = []
    for letter in error.object[error.start : error.end]:
        text = REPLACEMENTS.get(letter, unicodedata.normalize("NFKD", letter))
        found.append(text.encode("ascii", "ignore").decode() or "?")
    return "".join(found), error.end


@contextmanager
def output(note: str = "") -> Iterator[None]:
    """Print inside; if standard output cannot be written, say so and add a note.

    note: a sentence on what was kept. Raises UserError; a closed pipe raises
    BrokenPipeError as it does elsewhere.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.filename is not None:  # of a file, and not of the stream
            raise
        _discard(sys.stdout, 1)
        why = f"Standard output cannot be written ({error.strerror or error})."
        raise UserError(f"{why} {note}".rstrip()) from None


def complain(sentence: object) -> None:
    """Print a sentence on standard error, if that can be written."""
    try:
        print(sentence, file=sys.stderr, flush=True)
    except (OSError, ValueError):
        _discard(sys.stderr, 2)


def finish(code: int) -> int:
    """Flush both streams; the exit code, which is 2 if the output of a success was lost."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _discard(sys.stdout, 1)
        code = code or 141
    except OSError as error:
        _discard(sys.stdout, 1)
        if code == 0:
            complain(f"Standard output cannot be written ({error.strerror or error}).")
            code = 2
    except ValueError:
        pass  # closed by somebody else
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        _discard(sys.stderr, 2)
    return code


def _discard(stream: TextIO, descriptor: int) -> None:
    """Send what is still buffered, and all that follows, to /dev/null."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
    try:
        stream.flush()
    except (OSError, ValueError):
        pass
