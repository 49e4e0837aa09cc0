"""What is compiled on the way to a loop is linked to it, and gives the same numbers."""

import numpy as np
from numba import njit
from numba.core.registry import cpu_target

from underwatch.kernel.compile import nopython, out_of_line, parallel, prange, serial


@nopython
def _squared(x):
    return x * x


@nopython
def _cubed(x):
    out_of_line()
    return _squared(x) * x


@nopython
def _negated(x):
    out_of_line()
    return -x


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


def test_functions_that_numba_compiled_for_others_before_are_linked_as_well():
    def some(x):
        return _cubed(x) + _negated(x)

    def more(x):
        return _squared(x) + _negated(_cubed(x))

    assert njit(some)(2) == 6
    made = serial(more, "")
    made.compile("int64(int64)")
    module = next(iter(made.overloads.values())).library._final_module
    assert not [f.name for f in module.functions if f.is_declaration and "test_linking" in f.name]
    assert made(3) == 9 - 27


def test_other_functions_are_compiled_as_before_afterwards():
    from underwatch.kernel.linking import LinkedLibrary

    serial(lambda x: x, "")(1)
    assert cpu_target.target_context.codegen()._library_class is not LinkedLibrary
