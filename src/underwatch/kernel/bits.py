"""Bits of a word, counted and found by one instruction of the processor."""

from llvmlite import ir
from numba.core.types import int64
from numba.extending import intrinsic


@intrinsic
def ones(_, bits):
    """How many bits of an int64 are set."""

    def codegen(context, builder, signature, args):
        return builder.ctpop(args[0])

    return int64(int64), codegen


@intrinsic
def lowest(_, bits):
    """The place of the lowest bit of an int64 that is set; 64 if there is none."""

    def codegen(context, builder, signature, args):
        return builder.cttz(args[0], ir.IntType(1)(0))

    return int64(int64), codegen
