"""Chance is an address: Philox4x32-10 at (seed, stream, day, person).

There are no generator objects. A draw is looked up, so one more camera, one
more measure or one more citizen changes nobody else's luck, and a citizen has
the same luck in every world.

Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy
as 1, 2, 3"; known-answer vectors from Random123.
"""

import numpy as np
from numba import njit

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)

# The streams: one address for each thing that chance decides. Four streams
# share one Philox block; 0-7 are drawn for everyone every day, the others only
# where the question arises. Never renumber: worlds are compared by address.
POST, FLAGGED, PURCHASE, MINOR = 0, 1, 2, 3
SERIOUS, FLIGHT, TRAIN, PASS_BY = 4, 5, 6, 7
DAILY_STREAMS = 8
POST_KIND, POST_TRUE, POST_READ, PURCHASE_SHARED = 8, 9, 10, 11
MINOR_SPOT, MINOR_MATCH, MINOR_DOUBLE, MINOR_PROBED = 12, 13, 14, 15
SERIOUS_SEEN, SERIOUS_MATCH, SERIOUS_DOUBLE, WATCHED_ALERT = 16, 17, 18, 19
REPAY, GOOD_DEED, GOOD_DEED_SEEN, LATE_REPORTED = 20, 21, 22, 23
REGISTER_MISSED, REGISTER_MISTYPED, APPEAL_FILED, APPEAL_RULING = 24, 25, 26, 27
NOTICE_LISTED, NOTICE_SCORED, REFUSAL_APPEAL, DESK_START = 28, 29, 30, 31
# Streams of the society, drawn once, and of the day's doubles (person 0).
SOCIETY, DOUBLES = 1 << 16, 1 << 17


@njit
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four uint32 words of chance from a counter and a key."""
    c0, c1, c2, c3 = np.uint32(c0), np.uint32(c1), np.uint32(c2), np.uint32(c3)
    k0, k1 = np.uint32(k0), np.uint32(k1)
    for _ in range(10):
        m0 = np.uint64(0xD2511F53) * np.uint64(c0)
        m1 = np.uint64(0xCD9E8D57) * np.uint64(c2)
        n0 = np.uint32(np.uint32(m1 >> _32) ^ c1 ^ k0)
        n2 = np.uint32(np.uint32(m0 >> _32) ^ c3 ^ k1)
        c0, c1, c2, c3 = n0, np.uint32(m1 & _LOW), n2, np.uint32(m0 & _LOW)
        k0 = np.uint32(k0 + np.uint32(0x9E3779B9))
        k1 = np.uint32(k1 + np.uint32(0xBB67AE85))
    return c0, c1, c2, c3


@njit
def draw(seed, stream, day, person):
    """One uint32 of chance, as int64, at its address."""
    words = philox(
        np.uint64(person) & _LOW, np.uint64(person) >> _32, day, stream >> 2,
        np.uint64(seed) & _LOW, np.uint64(seed) >> _32,
    )  # fmt: skip
    return np.int64(words[stream & 3])


@njit
def fill(out, first_person, count, day, seed):
    """The day's luck of consecutive people: out[stream, person], uint32.

    The same addresses as `draw`, for the streams that everyone needs each day;
    a plain loop over people, which the compiler turns into vector code.
    """
    low, high = np.uint64(seed) & _LOW, np.uint64(seed) >> _32
    for block in range(out.shape[0] // 4):
        words = out[block * 4 : block * 4 + 4]
        for i in range(count):
            person = np.uint64(first_person + i)
            w0, w1, w2, w3 = philox(person & _LOW, person >> _32, day, block, low, high)
            words[0, i] = w0
            words[1, i] = w1
            words[2, i] = w2
            words[3, i] = w3


@njit
def shuffled(x, size, seed, stream):
    """Where a keyed permutation of range(size) sends x.

    Four Feistel rounds on the next even number of bits, walked until the
    result falls inside: exact for every size, so nobody is lonely for an id.
    """
    half = 1
    while (1 << (2 * half)) < size:
        half += 1
    mask = (1 << half) - 1
    while True:
        left, right = x >> half, x & mask
        for turn in range(4):
            left, right = right, left ^ (_round(right, seed, stream, turn) & mask)
        x = (left << half) | right
        if x < size:
            return x


@njit
def unshuffled(y, size, seed, stream):
    """The x with shuffled(x) = y."""
    half = 1
    while (1 << (2 * half)) < size:
        half += 1
    mask = (1 << half) - 1
    while True:
        left, right = y >> half, y & mask
        for turn in range(3, -1, -1):
            left, right = right ^ (_round(left, seed, stream, turn) & mask), left
        y = (left << half) | right
        if y < size:
            return y


@njit
def _round(x, seed, stream, turn):
    z = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    z ^= np.uint64(stream * 4 + turn) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) >> np.uint64(8))
