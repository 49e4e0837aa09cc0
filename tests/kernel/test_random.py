"""A random draw is looked up by its address."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from underwatch.kernel import random as rng
from underwatch.model import streams

# Kernels cannot be called from Python directly.
philox = njit(lambda a, b, c, d, k0, k1: rng.philox(a, b, c, d, k0, k1))
draw = njit(lambda seed, stream, day, person: rng.draw(seed, stream, day, person))
fill = njit(lambda out, person, count, day, seed, s: rng.fill(out, person, count, day, seed, s))
fill_twelve = njit(lambda out, person, count, day, seed, s: rng.fill_twelve(
    out, person, count, day, seed, s))  # fmt: skip
shuffled = njit(lambda x, size, seed, stream: rng.shuffled(x, size, seed, stream))
unshuffled = njit(lambda y, size, seed, stream: rng.unshuffled(y, size, seed, stream))
shuffle_run = njit(lambda out, walking, first, size, seed, stream: rng.shuffle_run(
    out, walking, first, size, seed, stream))  # fmt: skip
happens = njit(lambda upper, kind, p, day, person: streams.happens(
    upper, kind, p, streams.Today(7, day, -1, -1, 0, 0), person))  # fmt: skip

ONES = 0xFFFFFFFF


@pytest.mark.parametrize(
    "counter, key, words",
    [  # Random123's kat_vectors, philox4x32 10
        ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
        ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
        (
            (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
            (0xA4093822, 0x299F31D0),
            (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
        ),
    ],
)
def test_philox_gives_the_published_numbers(counter, key, words):
    assert philox(*map(np.uint32, (*counter, *key))) == words


@pytest.mark.parametrize("filled, many", [(fill, 8), (fill_twelve, 12)])
@given(st.integers(0, 2**62), st.integers(0, 5000), st.integers(0, 2**31), st.integers(0, 20))
def test_filled_draws_are_those_of_their_addresses_from_any_stream_on(
    filled, many, seed, day, fourth, block
):
    draws, first, person = np.zeros((many, 3), np.uint32), 4 * block, 4 * fourth
    filled(draws, person, 3, day, seed, first)
    assert draws.tolist() == [
        [draw(seed, s, day, person + i) for i in range(3)] for s in range(first, first + many)
    ]


@given(st.integers(1, 3000), st.integers(0, 2**40), st.integers(0, 50))
def test_a_shuffle_of_any_size_is_a_permutation(size, seed, stream):
    places = [shuffled(x, size, seed, stream) for x in range(size)]
    assert sorted(places) == list(range(size))
    assert [unshuffled(y, size, seed, stream) for y in places] == list(range(size))


@given(st.integers(1, 3000), st.integers(0, 2**40), st.integers(0, 50), st.data())
def test_a_run_of_shuffled_numbers_is_that_of_each_of_them(size, seed, stream, data):
    first = data.draw(st.integers(0, size - 1))
    out = np.zeros(data.draw(st.integers(0, min(40, size - first))), np.uint32)
    shuffle_run(out, np.zeros(40, np.int64), first, size, seed, stream)
    assert out.tolist() == [shuffled(first + k, size, seed, stream) for k in range(len(out))]


@given(st.integers(0, 2**32), st.integers(0, 14), st.integers(0, 5000), st.integers(0, 2**33))
def test_an_act_of_each_kind_has_a_draw_of_32_bits_of_its_own(p, kind, day, person):
    word = draw(7, streams.HALVES + kind // 2, day, person)
    upper = word >> 16 if kind % 2 else word & 0xFFFF
    whole = upper << 16 | draw(7, streams.LOWER_HALF + kind, day, person) & 0xFFFF
    for level in (p, whole, min(2**32, whole + 1)):  # the last two differ in the lower half only
        assert happens(upper, kind, level, day, person) == (whole < level)
