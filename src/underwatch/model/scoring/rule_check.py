"""What a scoring rule may do, read off its bytecode before anything is compiled."""

import builtins
import dis
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any, NoReturn

import numpy as np

from underwatch.errors import Problem, UserError, did_you_mean
from underwatch.model.scoring.rule_arguments import Contacts, Dossier
from underwatch.model.scoring.rule_divisors import is_never_zero

FUNCTIONS = ("min", "max", "abs", "range", "int", "bool", "len")
FIELDS = (*Dossier._fields, *Contacts._fields)

_GENERATOR = 0x20 | 0x80 | 0x200  # flags of code: generator, coroutine, asynchronous generator
_STARS = 0x04 | 0x08  # *args, **kwargs

# Beginnings of the names of operations, and what a rule that has them does.
_FORBIDDEN = {
    ("IMPORT",): "imports a module",
    ("STORE_GLOBAL", "STORE_DEREF", "STORE_ATTR", "STORE_SUBSCR", "STORE_NAME", "DELETE_"): (
        "writes to something outside itself"
    ),
    (
        "MAKE_FUNCTION",
        "LOAD_BUILD_CLASS",
    ): "defines a function, class or comprehension inside itself",
    ("RAISE", "RERAISE", "SETUP_", "BEFORE_WITH", "PUSH_EXC", "LOAD_ASSERTION"): (
        "raises or catches an exception"
    ),
    (
        "BUILD_LIST",
        "BUILD_SET",
        "BUILD_MAP",
        "BUILD_CONST_KEY_MAP",
        "LIST_",
        "SET_ADD",
        "MAP_ADD",
    ): ("builds a list, set or dictionary"),
    ("BUILD_STRING", "FORMAT_"): "builds a text",
    ("BINARY_SUBSCR", "BINARY_SLICE"): "reads an element by its place",
}


class _Rule:
    """One function under examination."""

    def __init__(self, function: FunctionType):
        self.function, self.line = function, 0
        self.numbers: dict[str, int] = {}

    def refuse(self, sentence: str) -> NoReturn:
        """Raise a UserError that names the rule and the line in it, counted from its first."""
        line = self.line - self.function.__code__.co_firstlineno + 1
        where = f"scoring rule {self.function.__name__}"
        if self.line:
            where += f", line {line}"
        raise UserError(Problem(where, sentence))

    def read(self, name: str, value: Any) -> None:
        """Keep the value of a name from outside, if it is a whole number."""
        if isinstance(value, bool | int | np.integer | np.bool_):
            self.constant(int(value))
            self.numbers[name] = int(value)
        elif isinstance(value, float | np.floating):
            self.refuse(_not_whole(name, float(value)))
        else:
            self.refuse(
                f"it reads {name}, a {type(value).__name__}, but a rule sees its dossier, its "
                "contacts and whole numbers, nothing else."
            )

    def constant(self, value: Any) -> None:
        """Refuse a constant that is no whole number of 64 bits."""
        if isinstance(value, tuple):
            for each in value:
                self.constant(each)
        elif isinstance(value, float):
            self.refuse(_not_whole("a constant", value))
        elif isinstance(value, int):
            if abs(value) >= 1 << 62:
                self.refuse(f"{value} is too large; a rule computes with numbers below 2^62.")
        elif value is not None:
            self.refuse(f"it contains {value!r}, but a rule computes with whole numbers.")


def _not_whole(name: str, value: float) -> str:
    return (
        f"{name} is {value:g}, but a rule computes with whole numbers, so that every machine gives "
        "the same bits; for a fifth, multiply by 20 and divide by 100 with //."
    )


def numbers_read(function: FunctionType) -> dict[str, int]:
    """The whole numbers that a rule reads from outside, by name.

    Raises:
        UserError: the function is not one of two arguments, or it reads, writes
            or calls anything that a rule may not; the sentence says what and where.
    """
    rule, code = _Rule(function), function.__code__
    taken = _arguments(code)
    if taken != "2 arguments":
        rule.refuse(f"it takes {taken}, but a rule takes two: dossier and contacts.")
    if code.co_flags & _GENERATOR:
        rule.refuse("it is a generator or coroutine, but a rule returns one whole number.")
    operations = list(dis.get_instructions(function))
    kinds = {operation.offset: operation.opname for operation in operations}
    for place, (before, operation) in enumerate(pairwise([operations[0], *operations])):
        if operation.positions and operation.positions.lineno:
            rule.line = operation.positions.lineno
        _check_operation(rule, before, operation, kinds)
        if operation.opname == "BINARY_OP" and operation.argrepr in ("//", "//=", "%", "%="):
            if not is_never_zero(operations[: place + 1], rule.numbers):
                rule.refuse(
                    f"it computes with {operation.argrepr}, and the divisor may be 0; write a "
                    "number that is not 0, or max(1, …) around the divisor."
                )
    return rule.numbers


def _arguments(code: CodeType) -> str:
    """The arguments of a function, as a phrase."""
    if code.co_flags & _STARS:
        return "arguments with * or **"
    if code.co_kwonlyargcount:
        return "keyword-only arguments"
    return f"{code.co_argcount} argument{'s' * (code.co_argcount != 1)}"


def _check_operation(
    rule: _Rule, before: dis.Instruction, operation: dis.Instruction, kinds: dict[int, str]
) -> None:
    name, value = operation.opname, operation.argval
    for beginnings, action in _FORBIDDEN.items():
        if name.startswith(beginnings):
            rule.refuse(f"it {action}, but a rule only computes a whole number.")
    if name in ("LOAD_GLOBAL", "LOAD_NAME"):
        _check_name(rule, value)
    elif name in ("LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_FROM_DICT_OR_DEREF"):
        _check_cell(rule, value)
    elif name in ("LOAD_ATTR", "LOAD_METHOD") and value not in FIELDS:
        rule.refuse(f"it reads .{value}, but a rule has no such field{did_you_mean(value, FIELDS)}")
    elif name in ("LOAD_CONST", "RETURN_CONST"):
        rule.constant(value)
    elif name == "BINARY_OP" and operation.argrepr in ("/", "/="):
        rule.refuse("it divides with /, but a rule computes with whole numbers; write //.")
    elif name == "BINARY_OP" and operation.argrepr.startswith(("**", "@", "[")):
        rule.refuse(f"it computes with {operation.argrepr}; a rule has + - * // % and comparisons.")
    elif name == "BINARY_OP" and operation.argrepr.startswith(("<<", ">>")):
        by = before.argval if before.opname.startswith(("LOAD_CONST", "LOAD_SMALL")) else -1
        if not isinstance(by, int) or not 0 <= by < 63:
            rule.refuse("it shifts bits by a number that is not written out, from 0 to 62.")
    elif "BACKWARD" in name and kinds.get(value) != "FOR_ITER":
        rule.refuse("it has a while loop, which may never end; write for … in range(…).")


def _check_name(rule: _Rule, name: str) -> None:
    known = rule.function.__globals__
    if name in known:
        rule.read(name, known[name])
    elif name not in FUNCTIONS:
        what = "uses" if hasattr(builtins, name) else "reads"
        rule.refuse(
            f"it {what} {name}, but besides its arguments and whole numbers a rule may use only "
            f"{', '.join(FUNCTIONS)}."
        )


def _check_cell(rule: _Rule, name: str) -> None:
    cells = dict(
        zip(rule.function.__code__.co_freevars, rule.function.__closure__ or (), strict=True)
    )
    try:
        rule.read(name, cells[name].cell_contents)
    except (KeyError, ValueError):
        rule.refuse(f"it reads {name}, which has no value yet.")
