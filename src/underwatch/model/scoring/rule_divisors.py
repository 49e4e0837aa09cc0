"""Whether the divisor of // or % in a scoring rule can be 0, read off the bytecode before it.

Compiled code divides by 0 without an exception, so a rule divides only by a number that is
not 0, or by `max` of values of which one is a positive number.
"""

import dis
from collections.abc import Mapping

_CONSTANTS = ("LOAD_CONST", "LOAD_SMALL_INT")
_OUTSIDE = ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_DEREF")

Operations = list[dis.Instruction]


def is_never_zero(operations: Operations, numbers: Mapping[str, int]) -> bool:
    """Whether the last of `operations`, a division, has a divisor that cannot be 0.

    numbers: the values of the names that the rule reads from outside.
    """
    *before, division = operations
    if division.is_jump_target:  # what it divides by depends on a condition
        return False
    divisor = _last_value(before)
    number = _number(divisor, numbers)
    return number != 0 if number is not None else _is_positive_maximum(divisor, numbers)


def _is_positive_maximum(operations: Operations, numbers: Mapping[str, int]) -> bool:
    """Whether the operations are `max(…)`, without conditions, of a positive number and others."""
    if any(one.is_jump_target or "JUMP" in one.opname for one in operations):
        return False
    loads = [one for one in operations if one.opname != "PUSH_NULL"]
    if not loads or loads[0].argval != "max" or loads[-1].opname != "CALL":
        return False
    _, *arguments, call = loads
    while arguments and arguments[-1].opname == "PRECALL":
        arguments.pop()
    for _ in range(call.arg or 0):
        last = _last_value(arguments)
        if (_number(last, numbers) or 0) > 0:
            return True
        arguments = arguments[: len(arguments) - len(last)]
    return False


def _number(operations: Operations, numbers: Mapping[str, int]) -> int | None:
    """The number that a single operation loads; None for anything else."""
    if len(operations) != 1:
        return None
    name, value = operations[0].opname, operations[0].argval
    if name in _OUTSIDE:
        return numbers.get(value)
    return value if name in _CONSTANTS and isinstance(value, int) else None


def _last_value(operations: Operations) -> Operations:
    """The operations that put the last value on the stack; none if that cannot be seen."""
    values = 0
    for start in reversed(range(len(operations))):
        one = operations[start]
        values += dis.stack_effect(one.opcode, one.arg, jump=False)
        if values == 1:
            return operations[start:]
    return []
