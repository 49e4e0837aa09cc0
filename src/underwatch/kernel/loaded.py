"""Machine code from the cache, without what it was made of.

Beside the machine code, Numba keeps the LLVM module, and reads it to learn which functions are
defined: that takes ten times as long as to load the machine code. Here, the names of these
functions are kept beside it, and the module is read only if the function is linked to another one.

Numba also keeps an environment for every function that was linked, and imports the module of each.
Machine code looks at one to make a Python object, or to raise an error with arguments. Here, only
those are kept that the machine code mentions.
"""

from functools import cache
from typing import Any

from llvmlite import binding as llvm
from numba.core.caching import CompileResultCacheImpl
from numba.core.codegen import JITCodeLibrary
from numba.core.runtime import _nrt_python


class LoadedLibrary(JITCodeLibrary):
    """A function whose machine code an earlier process made."""

    _module: bytes  # as LLVM writes it
    _functions: frozenset[str]  # that the machine code holds

    @classmethod
    def _unserialize(cls, codegen: Any, state: Any) -> "LoadedLibrary":
        (name, _, (code, module)), functions = state
        self = codegen.create_library(name)
        self._module, self._functions = module, functions
        self.enable_object_caching()
        self._set_compiled_object(code)
        self._finalize_final_module()
        return self

    def get_pointer_to_function(self, name: str) -> int:
        """The address of a function; 0 if it is not in the machine code."""
        if name not in self._functions:
            return 0
        return self._codegen._engine.get_function_address(name)

    def _get_module_for_linking(self) -> Any:
        if self._shared_module is None:
            self._shared_module = llvm.parse_bitcode(self._module)
        return self._shared_module


@cache
def register_runtime() -> None:
    """Let machine code find the functions of Numba's runtime that are written in C.

    Numba registers them before it compiles, together with functions that it compiles first, in
    10 ms. Whatever calls one of those has been linked to it, and is kept with it.
    """
    for name, address in _nrt_python.c_helpers.items():
        llvm.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)


def reduced(compiled: Any) -> tuple[Any, ...]:
    """What to keep of a compiled function."""
    library, *others, environments = CompileResultCacheImpl.reduce(None, compiled)
    module = compiled.library._get_module_for_linking()
    functions = frozenset(each.name for each in module.functions if not each.is_declaration)
    text = str(module)  # where each is declared once, and mentioned again if it is used
    used = tuple(each for each in environments if text.count(each.env_name) > 1)
    return (library, functions), *others, used


def rebuilt(target_context: Any, kept: tuple[Any, ...]) -> Any:
    """The compiled function of which this was kept; the caller holds the lock of all compilers."""
    codegen = target_context.codegen()
    before, codegen._library_class = codegen._library_class, LoadedLibrary
    try:
        return CompileResultCacheImpl.rebuild(None, target_context, kept)
    finally:
        codegen._library_class = before
