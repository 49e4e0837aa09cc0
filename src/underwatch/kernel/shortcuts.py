"""While a loop of ours is compiled, the compiler does not work out the same again and again.

Numba compares its settings and describes its record types thousands of times, and infers what an
operator returns for two whole numbers at each place where one is used. Here each is worked out
once. What nobody reads is not worked out: where each variable lives, after each pass that may
have moved it, and how Python would call the body of a parallel loop. The collector of unused
objects runs seldom: a compiler makes millions that stay in use.

What is exchanged is Numba's own, not an interface that it promises to keep. A version that lacks
one of the methods is left as it is, and compiles more slowly.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from numba.core import types
from numba.core.postproc import PostProcessor, VariableLifetime
from numba.core.targetconfig import ConfigStack, TargetConfig
from numba.core.transforms import canonicalize_cfg
from numba.parfors import parfor_lowering

_OBJECTS = 200_000  # are made between two collections of unused ones
_NUMBERS = (types.Integer, types.Boolean, types.Float, types.IntegerLiteral, types.BooleanLiteral)

_settings: list[dict[str, Any]] = []  # of the compiler, as found so far
_found: dict[Any, tuple[Any, Any]] = {}  # signatures of calls with numbers alone
_hashes: dict[type, int] = {}  # of settings, which Numba makes of their names alone


def _settings_hash(self: Any) -> int:
    kind = type(self)
    if kind not in _hashes:
        _hashes[kind] = hash(tuple(sorted(kind.options)))
    return _hashes[kind]


def _same_settings(self: Any, other: Any) -> bool:
    if isinstance(other, TargetConfig) and self._values == other._values:
        return True
    return _NUMBAS[TargetConfig, "__eq__"](self, other)


def _record_repr(self: Any) -> str:
    if not hasattr(self, "_described"):
        self._described = _NUMBAS[types.Record, "__repr__"](self)
    return self._described


def _call_type(self: Any, context: Any, args: Any, kws: Any) -> Any:
    """The signature of a call of a built-in function; for numbers, as it was found before."""
    infer = _NUMBAS[types.BaseFunction, "get_call_type"]
    if kws or not all(isinstance(kind, _NUMBERS) for kind in args):
        return infer(self, context, args, kws)
    key = id(self), id(context), tuple(args), _place(ConfigStack.top_or_none())
    if key not in _found:
        _found[key] = self, infer(self, context, args, kws)  # which keeps `self`, and so its id
    return _found[key][1]


def _place(settings: Any) -> int:
    """A number for the settings under which a function is compiled; -1 = none."""
    if settings is None:
        return -1
    if settings._values not in _settings:
        _settings.append(dict(settings._values))
    return _settings.index(settings._values)


def _post_process(self: Any, emit_dels: bool = False, extend_lifetimes: bool = False) -> None:
    """Bring blocks in order; where variables live is computed when it is asked for."""
    if emit_dels or self.func_ir.is_generator:
        _NUMBAS[PostProcessor, "run"](self, emit_dels, extend_lifetimes)
        return
    self.func_ir.blocks = canonicalize_cfg(self.func_ir.blocks)
    self.func_ir.variable_lifetime = VariableLifetime(self.func_ir.blocks)
    self.func_ir.generator_info = None


def _loop_body(lowerer: Any, parfor: Any, typemap: Any, typings: Any, target: Any, flags: Any,
               *others: Any) -> Any:  # fmt: skip
    """Compile the body of a parallel loop, without an entry point for Python: threads call it."""
    flags.no_cpython_wrapper = True
    compiled = _NUMBAS[parfor_lowering, "_create_gufunc_for_parfor_body"]
    return compiled(lowerer, parfor, typemap, typings, target, flags, *others)


_OURS: dict[tuple[Any, str], Any] = {
    (TargetConfig, "__hash__"): _settings_hash,
    (TargetConfig, "__eq__"): _same_settings,
    (types.Record, "__repr__"): _record_repr,
    (types.BaseFunction, "get_call_type"): _call_type,
    (PostProcessor, "run"): _post_process,
    (parfor_lowering, "_create_gufunc_for_parfor_body"): _loop_body,
}
_NUMBAS = {(kind, name): vars(kind).get(name) for kind, name in _OURS}


def are_known() -> bool:
    """Whether this version of Numba has all the methods that are exchanged."""
    has_settings = hasattr(TargetConfig(), "_values") and hasattr(TargetConfig, "options")
    return has_settings and None not in _NUMBAS.values()


@contextmanager
def shortcuts() -> Iterator[None]:
    """Use them until the end of the block; the caller holds the lock of all compilers."""
    before = {(kind, name): vars(kind).get(name) for kind, name in _OURS}
    thresholds = gc.get_threshold()
    if gc.isenabled() and thresholds[0]:
        gc.set_threshold(max(_OBJECTS, thresholds[0]), *thresholds[1:])
    _exchange(_OURS)
    try:
        yield
    finally:
        _exchange(before)
        gc.set_threshold(*thresholds)


def _exchange(methods: dict[tuple[Any, str], Any]) -> None:
    if are_known():
        for (kind, name), method in methods.items():
            setattr(kind, name, method)
