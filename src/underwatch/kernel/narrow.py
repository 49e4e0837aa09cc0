"""Narrow numbers: signed whole numbers of 32 bits, for loops that compile to vector code.

Numba computes with int64 whatever is stored, so half of a vector's bits go unused. What operators
make of two narrow numbers is narrow, and so is what they make of a narrow one and a flag, or a
number in the source that fits. With an int64, they make an int64. So the same kernel computes
with either, as its arguments say.

A narrow number must not overflow: nothing checks it at run time. Whoever makes one knows its
range, and has one factor in int64 where a product may take more than 31 bits.
"""

import operator

from llvmlite import ir
from numba.core import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin, lower_cast, models, register_model, type_callable

_BITS = 32


class Narrow(types.Number):
    """The type of narrow numbers."""

    bitwidth, signed = _BITS, True

    def __init__(self):
        super().__init__("narrow")

    def unify(self, typingctx, other):
        """The type of a variable that is narrow in one branch and another number in the other."""
        return _joined(other)


NARROW = Narrow()
register_model(Narrow)(models.IntegerModel)


def narrow(number):
    """The lowest 32 bits of a number, as a narrow one; in plain Python, as an int."""
    return (int(number) + (1 << 31) & 0xFFFFFFFF) - (1 << 31)


@type_callable(narrow)
def _type_narrow(context):
    def typer(number):
        if isinstance(number, (Narrow, types.Integer, types.Boolean)):
            return NARROW
        return None

    return typer


@lower_builtin(narrow, types.Any)
def _make_narrow(context, builder, sig, args):
    return context.cast(builder, args[0], sig.args[0], NARROW)


def _joined(other):
    """The type of what operators make of a narrow number and another one; None if of nothing."""
    if isinstance(other, types.IntegerLiteral):
        return NARROW if -(1 << 31) <= other.literal_value < 1 << 31 else types.int64
    if isinstance(other, (Narrow, types.Boolean)):
        return NARROW
    return types.int64 if isinstance(other, types.Integer) else None


class _OfTwo(AbstractTemplate):
    """The type of an operator between two numbers of which one is narrow, at least."""

    prefer_literal = True  # a number in the source is a literal

    def generic(self, args, kws):
        first, second = args
        if isinstance(first, Narrow):
            kind = NARROW if self.key in _SHIFTS else _joined(second)
        else:
            kind = _joined(first) if isinstance(second, Narrow) else None
        return kind and signature(types.boolean if self.key in _SIGNS else kind, kind, kind)


class _OfOne(AbstractTemplate):
    def generic(self, args, kws):
        return signature(NARROW, NARROW) if args == (NARROW,) else None


_ARITHMETIC = {
    operator.add: ir.IRBuilder.add, operator.sub: ir.IRBuilder.sub, operator.mul: ir.IRBuilder.mul,
    operator.iadd: ir.IRBuilder.add, operator.isub: ir.IRBuilder.sub,
    operator.lshift: ir.IRBuilder.shl, operator.rshift: ir.IRBuilder.ashr,
    operator.and_: ir.IRBuilder.and_, operator.or_: ir.IRBuilder.or_,
    operator.ior: ir.IRBuilder.or_, operator.xor: ir.IRBuilder.xor,
}  # fmt: skip
_SHIFTS = (
    operator.lshift,
    operator.rshift,
)  # the number that is shifted says how wide the other is
_SIGNS = {
    operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">=", operator.eq: "==",
    operator.ne: "!=",
}  # fmt: skip


def _declare(function, template):
    infer_global(function)(type(f"Narrow_{function.__name__}", (template,), {"key": function}))


def _define(function, instruction):
    _declare(function, _OfTwo)
    lower_builtin(function, NARROW, NARROW)(
        lambda context, builder, sig, args: instruction(builder, *args)
    )


for _function, _instruction in _ARITHMETIC.items():
    _define(_function, _instruction)
for _function, _sign in _SIGNS.items():
    _define(_function, lambda builder, a, b, sign=_sign: builder.icmp_signed(sign, a, b))
_declare(abs, _OfOne)
_declare(int, _OfOne)


@lower_builtin(abs, NARROW)
def _abs(context, builder, sig, args):
    negative = builder.icmp_signed("<", args[0], args[0].type(0))
    return builder.select(negative, builder.neg(args[0]), args[0])


@lower_builtin(int, NARROW)
def _same(context, builder, sig, args):
    return args[0]


@lower_builtin(bool, NARROW)
def _is_true(context, builder, sig, args):
    return builder.icmp_signed("!=", args[0], args[0].type(0))


@lower_cast(NARROW, types.Integer)
def _to_integer(context, builder, fromty, toty, val):
    kind = context.get_value_type(toty)
    return builder.sext(val, kind) if toty.bitwidth > _BITS else builder.trunc(val, kind)


@lower_cast(types.Integer, NARROW)
def _from_integer(context, builder, fromty, toty, val):
    kind = context.get_value_type(toty)
    if fromty.bitwidth > _BITS:
        return builder.trunc(val, kind)
    return (builder.sext if fromty.signed else builder.zext)(val, kind)


@lower_cast(types.IntegerLiteral, NARROW)
def _from_literal(context, builder, fromty, toty, val):
    return context.get_value_type(toty)(fromty.literal_value)


@lower_cast(types.Boolean, NARROW)
def _from_flag(context, builder, fromty, toty, val):
    return builder.zext(val, context.get_value_type(toty))


@lower_cast(NARROW, types.Boolean)
def _to_flag(context, builder, fromty, toty, val):
    return builder.icmp_signed("!=", val, val.type(0))


@lower_cast(NARROW, types.Float)
def _to_float(context, builder, fromty, toty, val):
    return builder.sitofp(val, context.get_value_type(toty))
