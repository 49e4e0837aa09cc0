"""The compiler's passes, without those for what no function of the model has.

Most of Numba's passes look through a whole function for something rare and find nothing. Those
that are left out here took a fifteenth of the time of a first run. A function that needs one of
them does not compile: nothing else would turn what it has into machine code.
"""

from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import PassManager

_LEFT_OUT = {
    "InlineClosureLikes",  # functions and comprehensions within a function
    "WithLifting",  # the statement `with`
    "InlineInlinables", "InlineOverloads",  # functions inlined before their types are known
    "NopythonRewrites",  # arithmetic with whole arrays
    "NoPythonSupportedFeatureValidation",  # generators in parallel loops, and the like
}  # fmt: skip


class ModelCompiler(CompilerBase):
    """Numba's compiler with fewer passes, for functions that are called by a loop."""

    def define_pipelines(self) -> list[PassManager]:
        """One list of passes, in Numba's order."""
        manager = PassManager("model")
        for each, why in DefaultPassBuilder.define_nopython_pipeline(self.state).passes:
            if each.__name__ not in _LEFT_OUT:
                manager.add_pass(each, why)
        manager.finalize()
        return [manager]
