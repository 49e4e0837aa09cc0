"""Standard streams that cannot cost a run: closed, full, or with an encoding of few letters.

A closed descriptor would be given to the next file that is opened, and a letter that
the encoding lacks would raise. Both are put right before anything else happens.
"""

import codecs
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

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


class _Apart:
    """Standard output, kept for one object while all prints go to standard error.

    Prints of the user's functions, of libraries and of worker processes would else stand before
    the object: so not only Python's stream is led away, but the descriptor itself.
    """

    def __init__(self) -> None:
        self._stream, self._kept, self._is_away = sys.stdout, None, False

    def lead_away(self) -> None:
        """From now on, what is printed goes to standard error."""
        self._stream.flush()
        if _is_standard(self._stream):
            self._kept = os.dup(1)
            os.dup2(2, 1)
        sys.stdout, self._is_away = sys.stderr, True

    def lead_back(self) -> None:
        """From now on, what is printed goes to standard output."""
        if self._is_away:
            if self._kept is not None:
                os.dup2(self._kept, 1)
                os.close(self._kept)
            sys.stdout, self._kept, self._is_away = self._stream, None, False


def _is_standard(stream: TextIO) -> bool:
    try:
        return stream.fileno() == 1
    except (OSError, ValueError, AttributeError):
        return False


_apart: list[_Apart] = []  # of the command that runs, if it prints one object


@contextmanager
def kept_for_object(wanted: bool) -> Iterator[None]:
    """Inside, nothing but what `print_object` prints gets to standard output, if that is wanted."""
    if not wanted:
        yield
        return
    made = _Apart()
    made.lead_away()
    _apart.append(made)
    try:
        yield
    finally:
        _apart.remove(made)
        made.lead_back()


def print_object(found: Any, **how: Any) -> None:
    """Print a value as one line of JSON; `how` is for `json.dumps`."""
    text = json.dumps(found, **how)
    for made in _apart:
        made.lead_back()
    print(text)
    sys.stdout.flush()
    for made in _apart:
        made.lead_away()


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
