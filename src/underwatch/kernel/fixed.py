"""Products of probabilities in fixed point that cannot overflow.

A probability is a whole number of 2^32, as a uniform draw is compared with it. The
product of two of them needs 64 bits and a sign; these helpers never leave int64.
"""

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow


@kernel
def both(p, q):
    """The chance that two independent events happen: exactly floor(p * q / 2^32).

    p, q: whole numbers from 0 to 2^32, both included; so both(p, 2^32) = p. The product is
    split at the 16th bit of p, and a floor of a floor is the floor of the whole.
    """
    return ((p >> 16) * q + ((p & 0xFFFF) * q >> 16)) >> 16


@kernel
def either(p, q):
    """The chance that at least one of two independent events happens: p + q - both(p, q)."""
    return p + q - both(p, q)


@kernel
def scaled(p, share):
    """A probability of 2^32 times a share in 65,536ths: floor(p * share / 65,536)."""
    return p * share >> 16


@kernel
def upper_half(p):
    """The upper sixteen bits of a probability of 2^32, rounded up: a narrow number up to 65,536."""
    return narrow(p + 0xFFFF >> 16)
