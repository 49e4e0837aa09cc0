"""Pieces of the day: large functions that are compiled apart, by several processes at once.

What Numba compiles for a loop is one unit, and one process works on it alone. A piece has machine
code of its own, in a file of its own. Its callers know nothing but its name and the types of its
arguments, so they are compiled while another process compiles the piece. The two are put together
when the machine code of the caller is loaded.

Who meets a piece first leaves a job: a file beside the compiled code, which says what to compile.
Whoever compiles it holds a lock on that file meanwhile. A process that needs the piece waits for
the lock, or takes it if nobody has it. The system gives it free when a process ends, however.
"""

import fcntl
import os
import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from llvmlite import binding as llvm
from numba.core.dispatcher import Dispatcher
from numba.core.funcdesc import ExternalFunctionDescriptor
from numba.core.serialize import dumps
from numba.core.types import none, unliteral
from numba.core.typing import make_concrete_template

from underwatch.kernel.cache import CheckedCache
from underwatch.storage import write_whole
from underwatch.storage.private import Unusable, read_checked, sealed

_present: dict[str, Any] = {}  # pieces whose machine code this process has, by their symbols


class Piece:
    """A compiled function that has machine code of its own, and returns nothing.

    Args:
        dispatcher: the function, compiled by Numba for each kind of arguments.
        folder: where the machine code is kept for other processes; "" = nowhere.
        seconds: about how long it compiles; the longest are begun first.
    """

    def __init__(self, dispatcher: Dispatcher, folder: str, seconds: float):
        self.dispatcher, self.folder, self.seconds = dispatcher, folder, seconds
        self._cache = _PieceCache(dispatcher.py_func, folder)
        self._references: dict[tuple, PieceReference] = {}
        dispatcher.piece, dispatcher._cache = self, self._cache
        dispatcher.get_call_template = self._call_template
        dispatcher.get_overload = self._references.__getitem__

    def _call_template(self, args: Any, kws: dict[str, Any]) -> tuple:
        """What a caller learns of the piece; see Numba's Dispatcher.get_call_template."""
        kinds = tuple(map(unliteral, args)), {k: unliteral(kind) for k, kind in kws.items()}
        signature, args = self.dispatcher._compiler.fold_argument_types(*kinds)
        if args not in self._references:
            target = self.dispatcher.targetctx
            path = self._cache._path(args, target.codegen())
            reference = self._references[args] = PieceReference(self, args, path)
            described = ExternalFunctionDescriptor(reference.symbol, none, args)
            target.insert_user_function(reference, described, [reference])
            self._leave_job(reference)
        name = self.dispatcher.py_func.__name__
        known = [none(*each) for each in self._references]
        return make_concrete_template(name, key=name, signatures=known), signature, args, {}

    def _leave_job(self, reference: "PieceReference") -> None:
        """Say what to compile, for a process that has time; not of a function that it lacks."""
        function, job = self.dispatcher.py_func, reference.path.with_suffix(".job")
        known = getattr(import_module(function.__module__), function.__name__, None)
        if not self.folder or known is not self.dispatcher or reference.path.exists():
            return
        content = dumps((function.__module__, function.__name__, reference.args))
        try:
            self._cache._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not job.exists():
                write_whole(job, sealed(job.name, content), private=True)
        except OSError:
            pass  # then each process compiles by itself


class PieceReference:
    """A piece for some types of arguments, in the place of a library that is linked."""

    _reload_init = frozenset()

    def __init__(self, piece: Piece, args: tuple, path: Path):
        self.piece, self.args, self.path, self.symbol = piece, args, path, path.stem

    def _ensure_finalized(self) -> None:
        """There is nothing to link."""

    def _get_module_for_linking(self) -> Any:
        """An empty module, for a library of Numba's own; the machine code is there from now on."""
        self.ensure()
        return llvm.parse_assembly("")

    def ensure(self, wait: bool = True) -> bool:
        """Load the machine code or make it, unless it is there; whether it is now.

        wait: for another process that makes it; else leave it to that one.
        """
        if self.symbol in _present:
            return True
        with _claimed(self.path if self.piece.folder else None, wait) as ours:
            if ours:
                self.piece.dispatcher.compile(self.args)
        return ours


class LinkedCache(CheckedCache):
    """The cache of a function that may call pieces: they are loaded first."""

    def _content(self, compiled: Any) -> bytes | None:
        content = super()._content(compiled)
        called = [reference.path for reference in getattr(compiled.library, "pieces", ())]
        names = [os.path.relpath(path, self._folder) for path in called]
        return None if content is None else dumps((content, names))

    def _rebuilt(self, target_context: Any, kept: Any) -> Any:
        content, names = kept
        for name in names:
            self._load_piece(self._folder / name, target_context)
        return super()._rebuilt(target_context, pickle.loads(content))

    def _load_piece(self, path: Path, target_context: Any) -> None:
        if path.stem not in _present:
            kept = pickle.loads(read_checked(path))
            _present[path.stem] = self._rebuilt(target_context, kept)


class _PieceCache(LinkedCache):
    """Gives the machine code of a piece the name by which its callers know it."""

    def __init__(self, function: Any, folder: str):
        super().__init__(function, folder)
        self._enabled = bool(folder)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The compiled piece, or None if it must be compiled."""
        found = super().load_overload(sig, target_context)
        if found is not None:
            _present[self._path(sig, target_context.codegen()).stem] = found
        return found

    def save_overload(self, sig: Any, data: Any) -> None:
        """Make the machine code, and keep it."""
        if data.signature.return_type != none:
            raise TypeError(f"{self._stem} returns a value, but a piece cannot")
        symbol = self._path(sig, data.codegen).stem
        data.library.make_as(data.fndesc.mangled_name, symbol)
        _present[symbol] = data
        super().save_overload(sig, data)


@contextmanager
def _claimed(path: Path | None, wait: bool) -> Iterator[bool]:
    """Whether this process is the one to compile a piece, until the end of the block."""
    try:
        if path is None:
            raise OSError
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        job = os.open(path.with_suffix(".job"), flags, 0o600)
    except OSError:  # nowhere to agree with others
        yield True
        return
    try:
        fcntl.flock(job, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(job)
        yield False
        return
    except OSError:
        pass  # a file system without locks
    try:
        yield True
        path.with_suffix(".job").unlink(missing_ok=True)
    finally:
        os.close(job)


def do_a_job(folder: str) -> bool:
    """Compile a piece that another process needs, the longest first; False if there is none."""
    for reference in sorted(_jobs(folder), key=lambda each: -each.piece.seconds):
        if reference.ensure(wait=False):
            return True
    return False


def _jobs(folder: str) -> Iterator[PieceReference]:
    for path in Path(folder).glob("*.job"):
        try:
            module, name, args = pickle.loads(read_checked(path))
        except (Unusable, FileNotFoundError):
            continue
        piece = getattr(import_module(module), name).piece
        piece._call_template(args, {})
        yield piece._references[args]
