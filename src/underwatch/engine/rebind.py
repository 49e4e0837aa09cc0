"""The same day around other kernels: compiled functions with some of their callees replaced.

The default functions stay as they are, with their compiled code on disk. A
rebuilt function has the same bytecode and the same compiler options, and other
globals; only functions from which a replaced one can be reached are rebuilt.
"""

from functools import cache
from types import CodeType, FunctionType
from typing import Any

from numba.core.dispatcher import Dispatcher

from underwatch.kernel.compile import apart, called, parallel


def names_in(code: CodeType) -> set[str]:
    """Every name that a function's code refers to, in what is nested in it, too."""
    nested = [names_in(c) for c in code.co_consts if isinstance(c, CodeType)]
    return set(code.co_names).union(*nested)


class _Rebuilt:
    """Functions rebuilt so far, by their originals; None for one that stays."""

    def __init__(self, replacements: dict[str, Any], folder: str, suffix: str):
        self.replacements, self.folder, self.suffix = replacements, folder, suffix
        self.of: dict[Dispatcher, FunctionType | None] = {}

    def function(self, original: Dispatcher) -> FunctionType | None:
        """The Python function that calls what is replaced; None if it calls nothing of that."""
        if original not in self.of:
            self.of[original] = None  # a function that calls itself
            other = self._globals(original.py_func)
            if other:
                old = original.py_func
                scope = {**old.__globals__, **other}
                new = FunctionType(
                    old.__code__, scope, old.__name__, old.__defaults__, old.__closure__
                )
                new.__qualname__ = old.__qualname__ + self.suffix
                new.__module__ = old.__module__
                self.of[original] = new
        return self.of[original]

    def _globals(self, function: FunctionType) -> dict[str, Any]:
        found = {}
        for name in names_in(function.__code__):
            value = function.__globals__.get(name)
            if name in self.replacements and isinstance(value, Dispatcher):
                found[name] = self.replacements[name]
            elif isinstance(value, Dispatcher):
                new = self.function(value)
                if new is not None:
                    found[name] = self._compiled(value, new)
        return found

    def _compiled(self, original: Dispatcher, new: FunctionType) -> Dispatcher:
        if not hasattr(new, "compiled"):
            options = {k: v for k, v in original.targetoptions.items() if k != "nopython"}
            piece = getattr(original, "piece", None)
            how = apart(piece.seconds, self.folder, **options) if piece else called(**options)
            new.compiled = how(new)
        return new.compiled


def rebuilt(root: Dispatcher, replacements: dict[str, Any], folder: str, suffix: str) -> Dispatcher:
    """`root`, a loop for threads, with every kernel of a replaced name exchanged below it.

    replacements: name -> kernel with the arguments of the one that it replaces.
    folder: where the compiled code is kept for the next process; "" = nowhere.
    suffix: added to the names of the rebuilt functions. The linker finds compiled code by name,
    and a process may hold code from disk beside code of its own: names must differ between rules.
    """
    new = _Rebuilt(replacements, folder, suffix).function(root)
    assert new is not None, f"{root.py_func.__name__} calls none of {', '.join(replacements)}"
    return parallel(new, folder)


@cache
def simulate_days_for(rule: Any) -> Dispatcher:
    """`threads.simulate_days` with a ScoreRule in the place of points and association."""
    from underwatch.engine.threads import simulate_days
    from underwatch.model.day_with_rule import replacements

    return rebuilt(simulate_days, replacements(rule), folder_of(rule), f"_{rule.digest}")


def folder_of(rule: Any) -> str:
    """Where the compiled day of a ScoreRule is kept: beside the default's; "" = nowhere."""
    from underwatch.kernel.compile import CACHE

    return f"{CACHE}/rule-{rule.digest}" if CACHE else ""
