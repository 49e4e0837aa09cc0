"""Functions of the model are compiled with fewer passes, and what would need the others fails."""

import numpy as np
import pytest
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.errors import NumbaError

from underwatch.kernel import pipeline
from underwatch.kernel.compile import kernel, nopython, nopython_nrt, parallel, prange, serial


@nopython_nrt
def _sums(n):
    sums = np.zeros(n, np.int64)
    for i in range(n):
        if i > 2:
            sums[i] = sums[i - 1] + min(i, 7)
    sums[:2] = 5
    return sums


def _first(n):
    return _sums(n)[0] + _sums(n)[n - 1]


def test_functions_with_branches_loops_and_slices_compile():
    assert serial(_first, "")(10) == 5 + 3 + 4 + 5 + 6 + 7 + 7 + 7


def test_a_function_within_a_function_is_refused():
    @kernel
    def outer(x):
        def inner(y):
            return y + x

        return inner(x)

    with pytest.raises(NumbaError):
        serial(lambda x: outer(x), "")(3)


def test_every_pass_that_is_left_out_is_one_of_numbas():
    class Listed(CompilerBase):
        def define_pipelines(self):
            manager = DefaultPassBuilder.define_nopython_pipeline(self.state)
            found.update(each.__name__ for each, _ in manager.passes)
            return [manager]

    found: set[str] = set()
    from numba import njit

    njit(lambda x: x, pipeline_class=Listed)(1)
    assert found >= pipeline._LEFT_OUT


@nopython
def _square(x):
    return x * x


def _squares(out):
    for i in prange(out.shape[0]):
        out[i] = _square(np.int64(i))


def test_python_cannot_call_the_body_of_a_parallel_loop_but_threads_can():
    made, out = parallel(_squares, ""), np.zeros(100, np.int64)
    made(out)
    assert out.tolist() == [i * i for i in range(100)]
    module = next(iter(made.overloads.values())).library._final_module
    bodies = [f.name for f in module.functions if "__numba_parfor_gufunc" in f.name]
    assert bodies and not [name for name in bodies if "cpython" in name or "cfunc" in name]
