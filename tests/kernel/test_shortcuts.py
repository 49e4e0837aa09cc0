"""What is worked out once while a loop is compiled is what Numba works out each time."""

import gc
import operator

import pytest
from numba.core import types
from numba.core.compiler import Flags
from numba.core.registry import cpu_target

from underwatch.kernel import shortcuts

KINDS = (types.int64, types.int32, types.uint64, types.uint16, types.boolean, types.literal(3))


def test_this_version_of_numba_has_every_method_that_is_exchanged():
    assert shortcuts.are_known()  # else a first run takes half as long again


@pytest.mark.parametrize("function", [operator.add, operator.rshift, operator.lt, min])
def test_an_operator_returns_the_same_type_for_every_two_numbers(function):
    context = cpu_target.typing_context
    context.refresh()
    kind = context.resolve_value_type(function)
    pairs = [(one, other) for one in KINDS for other in KINDS]
    before = [kind.get_call_type(context, pair, {}) for pair in pairs]
    for _ in range(2):
        with shortcuts.shortcuts():
            assert [kind.get_call_type(context, pair, {}) for pair in pairs] == before


def test_settings_are_equal_and_records_described_as_by_numba():
    one, other, copy = Flags(), Flags(), Flags()
    record = types.Record.make_c_struct([("a", KINDS[0])])
    other.nrt = True
    copy.nrt = False  # which is the default
    as_it_was = repr(record), hash(one)
    with shortcuts.shortcuts():
        assert one == copy and one != other and (repr(record), hash(one)) == as_it_was


def test_numba_is_as_it_was_afterwards_even_if_a_loop_does_not_compile():
    before, collecting = dict(vars(types.BaseFunction)), gc.get_threshold()
    with pytest.raises(ZeroDivisionError), shortcuts.shortcuts():
        raise ZeroDivisionError
    assert dict(vars(types.BaseFunction)) == before and gc.get_threshold() == collecting
