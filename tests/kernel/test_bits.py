"""Bits of a word are counted and found."""

from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from underwatch.kernel import bits

ones = njit(lambda word: bits.ones(word))
lowest = njit(lambda word: bits.lowest(word))


@given(st.integers(0, 2**63 - 1))
def test_bits_are_counted_and_the_lowest_is_found(word):
    assert ones(word) == word.bit_count()
    assert lowest(word) == ((word & -word).bit_length() - 1 if word else 64)
