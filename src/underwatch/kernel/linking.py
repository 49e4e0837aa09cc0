"""Each loop is optimised and turned into machine code once, with all that it calls.

Numba does both for every function on its own as well: for each stage that is inlined into the
day, for each of the functions that it wraps around a parallel loop, and again for all of them in
each of their callers. Here, a function that is compiled on the way to another is only linked to
it. What is optimised is what is called from Python.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from llvmlite import binding as llvm
from numba.core.cgutils import normalize_ir_text
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import require_global_compiler_lock
from numba.core.environment import lookup_environment

from underwatch.kernel.pieces import PieceReference
from underwatch.kernel.shortcuts import shortcuts

_LOOP_BODY = "__numba_parfor_gufunc"  # is called through its wrapper, never from Python
_ENVIRONMENT = "_ZN08NumbaEnv"


class LinkedLibrary(JITCodeLibrary):
    """A compiled function whose machine code is made when its address is asked for."""

    _made = False
    pieces: list[PieceReference] = []  # whose machine code must be there before this one's is used

    def add_ir_module(self, ir_module: Any) -> None:
        """Add a module of functions; it is verified with all that it is linked to."""
        self._raise_if_finalized()
        self.add_llvm_module(llvm.parse_assembly(normalize_ir_text(str(ir_module))))

    def finalize(self) -> None:
        """End the list of what the function calls; it can be linked into others from now on."""
        require_global_compiler_lock()
        self._raise_if_finalized()
        for library in self._linking_libraries:
            self._reload_init.update(library._reload_init)
        self._finalized = True

    def _get_module_for_linking(self) -> Any:
        """This function and all that it calls, for a library that is not of this class."""
        if not self._made and self._linking_libraries:
            self._link(self._final_module)
            self._linking_libraries = []
        return super()._get_module_for_linking()

    def _link(self, module: Any) -> None:
        """Link into a module what this function calls, and what that calls, each once.

        To link takes time for all that is in a module already, so they are linked pair by pair.
        """
        own = {function.name for function in module.functions if not function.is_declaration}
        called = self._called()
        self.pieces = [each for each in called if isinstance(each, PieceReference)]
        parts = [_part_of(each) for each in called if each not in self.pieces]
        while len(parts) > 1:
            pairs = zip(parts[::2], parts[1::2], strict=False)
            odd = parts[len(parts) & ~1 :]
            parts = [_linked(first, second) for first, second in pairs] + odd
        for part in parts:
            module.link_in(part)
        for function in module.functions:
            kept = function.linkage in (llvm.Linkage.external, llvm.Linkage.weak_odr)
            if kept and not function.is_declaration and function.name not in own:
                function.linkage = "linkonce_odr"  # can be left out

    def _called(self) -> list[Any]:
        """The libraries of all that this function calls, and of what they call, each once."""
        seen, found, waiting = {self}, [], [iter(self._linking_libraries)]
        while waiting:
            library = next(waiting[-1], None)
            if library is None:
                waiting.pop()
            elif library not in seen:
                seen.add(library)
                found.append(library)
                if _is_linked_later(library):
                    waiting.append(iter(library._linking_libraries))
        return found

    def _finalize_final_module(self) -> None:
        """Load the machine code, just made or from the cache."""
        self._made = True
        super()._finalize_final_module()

    def get_pointer_to_function(self, name: str) -> int:
        """The address of a function of this library; 0 if it is not in it."""
        self._ensure_finalized()
        if not self._made:
            if not self._defines(name):
                return 0
            self._make()
        return super().get_pointer_to_function(name)

    def _optimize_functions(self, ll_module: Any) -> None:
        """Leave the functions as they are; they are optimised with what they are linked to."""
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        """One pass over all that is linked; a first one, which Numba makes, changes no loop."""
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)

    def _defines(self, name: str) -> bool:
        if self.name.startswith(_LOOP_BODY):
            return False
        try:
            return not self._final_module.get_function(name).is_declaration
        except NameError:
            return False

    def make_as(self, name: str, symbol: str) -> None:
        """Make the machine code of a function that others know by a symbol."""
        self._final_module.get_function(name).name = symbol
        self._make()

    def _make(self) -> None:
        self._made = True
        self._link(self._final_module)
        self._optimize_final_module()
        self._final_module.verify()
        for wait in (False, True):  # first those that nobody else makes meanwhile
            for piece in sorted(self.pieces, key=lambda each: -each.piece.seconds):
                piece.ensure(wait)
        self._finalize_final_module()
        for variable in self._final_module.global_variables:
            found = lookup_environment(variable.name) if _is_environment(variable) else None
            if found is not None:
                self._codegen.set_env(variable.name, found)


def _part_of(library: Any) -> Any:
    """A copy of a library's module for linking: of one of ours, the function alone.

    Numba's own hold what they call as functions that can be left out, and linking leaves out what
    the other module does not call. Whoever calls them may come later, so here they cannot be.
    """
    if _is_linked_later(library):
        return library._final_module.clone()
    part = library._get_module_for_linking().clone()
    for function in part.functions:
        if function.linkage == llvm.Linkage.linkonce_odr:
            function.linkage = "weak_odr"
    return part


def _is_linked_later(library: Any) -> bool:
    return isinstance(library, LinkedLibrary) and not library._made


def _linked(first: Any, second: Any) -> Any:
    first.link_in(second)
    return first


def _is_environment(variable: Any) -> bool:
    return variable.name.startswith(_ENVIRONMENT)


class LinkedCompiler(Compiler):
    """Numba's compiler for one function and all that is compiled on the way to it."""

    def __init__(self, *settings: Any):
        with _without_linear_algebra():
            super().__init__(*settings)

    def compile_extra(self, func: Any) -> Any:
        """Compile a function; the caller holds the lock of all compilers."""
        codegen = self.state.targetctx.codegen()
        before, codegen._library_class = codegen._library_class, LinkedLibrary
        set_env = codegen.set_env
        codegen.set_env = lambda name, env: _set_if_made(codegen, set_env, name, env)
        try:
            with shortcuts():
                return super().compile_extra(func)
        finally:
            codegen._library_class, codegen.set_env = before, set_env


@contextmanager
def _without_linear_algebra() -> Iterator[None]:
    """Numba's first compiler imports SciPy's linear algebra in 0.15 s, and no kernel needs it."""
    if "scipy.linalg" in sys.modules:
        yield
        return
    sys.modules["scipy.linalg"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["scipy.linalg"]


def _set_if_made(codegen: Any, set_env: Any, name: str, env: Any) -> None:
    """Tell a function where its constants are, once there is machine code of it."""
    if codegen._engine.get_global_value_address(name):
        set_env(name, env)
