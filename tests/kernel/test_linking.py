"""What is compiled on the way to a loop is linked to it, and gives the same numbers."""

import numpy as np
from numba.core.registry import cpu_target

from underwatch.kernel.compile import nopython, parallel, prange, serial


@nopython
def _squared(x):
    return x * x


def _one(x):
    return _squared(x) + 1


def _all(out):
    for i in prange(out.shape[0]):
        out[i] = _squared(np.int64(i))


def test_a_function_is_compiled_once_with_all_that_it_calls():
    one = serial(_one, "")
    assert one(7) == 50 and one(2**31) == 2**62 + 1
    called = next(iter(_squared.overloads.values())).library
    assert not called._made  # there is no machine code of its own
    assert next(iter(one.overloads.values())).library._made


def test_a_parallel_loop_over_a_linked_function_gives_the_same_numbers():
    out = np.zeros(1000, np.int64)
    parallel(_all, "")(out)
    assert out.tolist() == [i * i for i in range(1000)]


def test_other_functions_are_compiled_as_before_afterwards():
    from underwatch.kernel.linking import LinkedLibrary

    serial(lambda x: x, "")(1)
    assert cpu_target.target_context.codegen()._library_class is not LinkedLibrary
