"""Each loop is optimised and turned into machine code once, with all that it calls.

Numba does both for every function on its own as well: for each stage that is inlined into the
day, for each of the functions that it wraps around a parallel loop, and again for all of them in
each of their callers. Here, a function that is compiled on the way to another is only linked to
it. What is optimised is what is called from Python.
"""

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler
from numba.core.compiler_lock import require_global_compiler_lock
from numba.core.environment import lookup_environment

_LOOP_BODY = "__numba_parfor_gufunc"  # is called through its wrapper, never from Python
_ENVIRONMENT = "_ZN08NumbaEnv"


class LinkedLibrary(JITCodeLibrary):
    """A compiled function whose machine code is made when its address is asked for."""

    def finalize(self) -> None:
        """Link what the function calls; it can be linked into others from now on."""
        require_global_compiler_lock()
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._final_module.verify()
        self._finalized, self._made = True, False

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

    def _make(self) -> None:
        self._made = True
        self._optimize_final_module()
        self._final_module.verify()
        self._finalize_final_module()
        for variable in self._final_module.global_variables:
            found = lookup_environment(variable.name) if _is_environment(variable) else None
            if found is not None:
                self._codegen.set_env(variable.name, found)


def _is_environment(variable: Any) -> bool:
    return variable.name.startswith(_ENVIRONMENT)


class LinkedCompiler(Compiler):
    """Numba's compiler for one function and all that is compiled on the way to it."""

    def compile_extra(self, func: Any) -> Any:
        """Compile a function; the caller holds the lock of all compilers."""
        codegen = self.state.targetctx.codegen()
        before, codegen._library_class = codegen._library_class, LinkedLibrary
        set_env = codegen.set_env
        codegen.set_env = lambda name, env: _set_if_made(codegen, set_env, name, env)
        try:
            return super().compile_extra(func)
        finally:
            codegen._library_class, codegen.set_env = before, set_env


def _set_if_made(codegen: Any, set_env: Any, name: str, env: Any) -> None:
    """Tell a function where its constants are, once there is machine code of it."""
    if codegen._engine.get_global_value_address(name):
        set_env(name, env)
