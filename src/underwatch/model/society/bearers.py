"""Who takes the number of someone who died: what a hash of the number decides about them.

A word is one of two hashes of seed, number and how many bore it before. Each of its bytes decides
one thing. These kernels work on one word, and NumPy calls them with an array of words (`py_func`).
"""

import numpy as np

from underwatch.kernel.compile import kernel
from underwatch.model.society.people import ADULT

NEW_ADULT = 12  # an adult who moves in is 18 to 29
OWN = ("thrift", "prudence", "independence", "sociability", "mobility", "taste", "threshold",
       "income")  # fmt: skip


@kernel
def own_traits(first):
    """The traits of OWN, 0 to 255 each, in this order."""
    word = np.int64(first)
    return (
        word & 255, word >> 8 & 255, word >> 16 & 255, word >> 24 & 255, word >> 32 & 255,
        word >> 40 & 255, word >> 48 & 255, word >> 56 & 255,
    )  # fmt: skip


@kernel
def age_of_incomer(second):
    """The age of an adult who moves in."""
    return ADULT + ((np.int64(second) >> 40 & 255) * NEW_ADULT >> 8)


@kernel
def conviction_drawn(second):
    """The quantile of the conviction of an adult who moves in."""
    return np.int64(second) >> 48 & 255


@kernel
def parent_drawn(second, adults):
    """Which of the household's adults a newborn takes after, 0 to adults − 1."""
    return (np.int64(second) >> 8 & 0xFFFF) * adults >> 16


@kernel
def income_of_newborn(second, own, parents, heirs):
    """A newborn's income: with a chance of `heirs` in 256 the adult's, else one of its own."""
    inherits = np.int64((np.int64(second) & 255) < heirs)
    return own + inherits * (parents - own)


@kernel
def conviction_of_newborn(second, opinion, spread):
    """A newborn's conviction, about the adult's private opinion.

    spread: in 255ths. What would lie beyond an end is reflected there.
    """
    word = np.int64(second)
    drawn = (word >> 24 & 255) + (word >> 32 & 255)
    held = abs(opinion + (drawn - 255) * spread // 255)
    return held + np.int64(held > 255) * (510 - 2 * held)
