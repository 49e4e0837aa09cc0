"""Random numbers by address: Philox4x32-10 at (seed, stream, day, person), and keyed shuffles.

There are no generator objects. A draw is looked up by its address, so one more camera,
measure or citizen changes nobody else's draws, and a citizen has the same draws in every
scenario (common random numbers).

Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3";
known-answer vectors from Random123.
"""

import numpy as np

from underwatch.kernel.compile import kernel, nopython, out_of_line

_32, _MASK = np.uint64(32), np.uint64(0xFFFFFFFF)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@kernel
def _turn(c, turn, k0, k1):
    """One of Philox's ten rounds; the key moves by Weyl steps."""
    k0 = np.uint32(k0 + np.uint32(turn) * np.uint32(0x9E3779B9))
    k1 = np.uint32(k1 + np.uint32(turn) * np.uint32(0xBB67AE85))
    m0 = np.uint64(0xD2511F53) * np.uint64(c[0])
    m1 = np.uint64(0xCD9E8D57) * np.uint64(c[2])
    n0 = np.uint32(np.uint32(m1 >> _32) ^ c[1] ^ k0)
    n2 = np.uint32(np.uint32(m0 >> _32) ^ c[3] ^ k1)
    return n0, np.uint32(m1), n2, np.uint32(m0)


@kernel
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four random uint32 numbers from a counter and a key, all uint32.

    The rounds are written out, and every operand is uint32. With a loop, or with
    one wider operand, the compiler does not vectorise `fill`, which then takes
    five times as long.
    """
    c = _turn((c0, c1, c2, c3), 0, k0, k1)
    c = _turn(_turn(_turn(c, 1, k0, k1), 2, k0, k1), 3, k0, k1)
    c = _turn(_turn(_turn(c, 4, k0, k1), 5, k0, k1), 6, k0, k1)
    return _turn(_turn(_turn(c, 7, k0, k1), 8, k0, k1), 9, k0, k1)


@nopython
def draw(seed, stream, day, person):
    """The random uint32 at an address, as int64.

    A day asks for draws in some sixty places. With the ten rounds written out in each of them, its
    code does not fit the processor's nearest cache.
    """
    out_of_line()
    a, b, c, d = philox(
        np.uint32(person), np.uint32(np.uint64(person) >> _32), np.uint32(day),
        np.uint32(stream >> 2), np.uint32(seed), np.uint32(np.uint64(seed) >> _32),
    )  # fmt: skip
    # Without branches: which stream is asked for cannot be predicted.
    word = (c | np.uint64(d) << _32) if stream & 2 else (a | np.uint64(b) << _32)
    return np.int64(word >> np.uint64(32 * (stream & 1)) & _MASK)


@nopython
def fill(out, first_person, count, day, seed, first_stream):
    """A day's draws of consecutive people in consecutive streams: out[stream, person], uint32.

    The addresses are those of `draw`. The loop over people compiles to vector
    code. The number of streams is a multiple of four, and the upper 32 bits of
    everybody's number are the same.
    """
    low, high = np.uint32(seed), np.uint32(np.uint64(seed) >> _32)
    first, above = np.uint32(first_person), np.uint32(np.uint64(first_person) >> _32)
    today = np.uint32(day)
    for block in range(out.shape[0] // 4):
        w = block * 4
        out0, out1, out2, out3 = out[w], out[w + 1], out[w + 2], out[w + 3]
        for i in range(count):
            out0[i], out1[i], out2[i], out3[i] = philox(
                np.uint32(first + np.uint32(i)), above, today,
                np.uint32(block + first_stream // 4), low, high,
            )  # fmt: skip


@nopython
def fill_twelve(out, first_person, count, day, seed, first_stream):
    """As `fill`, for twelve streams: three blocks share three products of their first rounds."""
    low, high = np.uint32(seed), np.uint32(np.uint64(seed) >> _32)
    first, above = np.uint32(first_person), np.uint32(np.uint64(first_person) >> _32)
    today, block = np.uint32(day), np.uint32(first_stream // 4)
    next_block, last_block = np.uint32(block + np.uint32(1)), np.uint32(block + np.uint32(2))
    for i in range(count):
        person = np.uint32(first + np.uint32(i))
        out[0, i], out[1, i], out[2, i], out[3, i] = philox(person, above, today, block, low, high)
        out[4, i], out[5, i], out[6, i], out[7, i] = philox(
            person, above, today, next_block, low, high
        )
        out[8, i], out[9, i], out[10, i], out[11, i] = philox(
            person, above, today, last_block, low, high
        )


@nopython
def _half_of(size):
    """Half the bits of the smallest square of a power of two that holds range(size)."""
    half = 1
    while (1 << (2 * half)) < size:
        half += 1
    return half


@nopython
def shuffled(x, size, seed, stream):
    """Where a keyed permutation of range(size) sends x.

    Four Feistel rounds on the next even number of bits, walked until the
    result falls inside the range. It is a permutation for every size.
    """
    half = _half_of(size)
    while True:
        x = _sent(x, half, seed, stream)
        if x < size:
            return x


@nopython
def unshuffled(y, size, seed, stream):
    """The x with shuffled(x) = y."""
    half = _half_of(size)
    mask = (1 << half) - 1
    while True:
        left, right = y >> half, y & mask
        for turn in range(3, -1, -1):
            left, right = right ^ (_round(left, seed, stream, turn) & mask), left
        y = (left << half) | right
        if y < size:
            return y


@nopython
def shuffle_run(out, walking, first, size, seed, stream):
    """Where a keyed permutation of range(size) sends first, first + 1, …: uint32 out[k].

    As `shuffled`, for as many as `out` holds. The first step compiles to vector code; those that
    it leaves outside the range walk on together. walking: int64, as long as `out`.
    """
    half = _half_of(size)
    for k in range(np.uint64(out.shape[0])):
        out[k] = np.uint32(_sent(np.int64(np.uint64(first) + k), half, seed, stream))
    left = 0
    for k in range(out.shape[0]):
        walking[left] = k
        left += out[k] >= size
    while left:
        again = 0
        for q in range(left):
            k = walking[q]
            x = _sent(np.int64(out[k]), half, seed, stream)
            out[k] = np.uint32(x)
            walking[again] = k
            again += x >= size
        left = again


@kernel
def _sent(x, half, seed, stream):
    """Where four Feistel rounds on 2 · half bits send x, int64; unsigned within."""
    shift = np.uint64(half)
    mask = (np.uint64(1) << shift) - np.uint64(1)
    left, right = np.uint64(x) >> shift, np.uint64(x) & mask
    left, right = right, left ^ (np.uint64(_round(right, seed, stream, 0)) & mask)
    left, right = right, left ^ (np.uint64(_round(right, seed, stream, 1)) & mask)
    left, right = right, left ^ (np.uint64(_round(right, seed, stream, 2)) & mask)
    left, right = right, left ^ (np.uint64(_round(right, seed, stream, 3)) & mask)
    return np.int64((left << shift) | right)


@kernel
def _round(x, seed, stream, turn):
    z = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    z ^= np.uint64(stream * 4 + turn) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) >> np.uint64(8))


@nopython
def mixed(z, word):
    """A uint64 hash of a hash and a word: the finaliser of SplitMix64 (Steele and others, 2014).

    For a fixed z it is a bijection of `word`, so two words never share a hash.
    """
    z = (np.uint64(z) ^ np.uint64(word)) + _GOLDEN
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@nopython
def key(seed, kind, number):
    """The key of a shuffle or a set of draws, as int64: a hash of seed, kind and number.

    Sums such as seed + number would give two seeds the keys of two places.
    """
    return np.int64(mixed(mixed(mixed(0, seed), kind), number))
