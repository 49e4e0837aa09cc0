"""Chance is an address: Philox4x32-10 at (seed, stream, day, person).

There are no generator objects. A draw is looked up, so one more camera, one
more measure or one more citizen changes nobody else's luck, and a citizen has
the same luck in every world.

Source: Salmon, Moraes, Dror, Shaw (2011), "Parallel random numbers: as easy
as 1, 2, 3"; known-answer vectors from Random123.
"""

from typing import NamedTuple

import numpy as np

from underwatch.engine.law import law, part

_32 = np.uint64(32)

# The streams: one address for each thing that chance decides. Four streams
# share one Philox block. The first are drawn for everyone every day, the others
# only where the question arises. Never renumber: worlds are compared by address.
POST, MESSAGE, PURCHASE, MINOR = 0, 1, 2, 3
PROTEST, RARE, FEELING, DRIFT = 4, 5, 6, 7
DAILY_STREAMS = 8
# What is rare shares the draw RARE, each kind turned to a place of its own on it: every
# chance is exact, and two of these seldom fall on one day. Never renumber these either.
SERIOUS, FLIGHT, TRAIN, VISA, GOOD_DEED, MISREAD, SLANDER, BYSTANDER = range(8)
LEARN, JOIN, LOOK, PETITION, PASS_BY = range(8, 13)
POST_KIND, POST_TRUE, POST_READ, POST_FILTERED = 32, 33, 34, 35
PETITION_READ, PROTEST_SEEN, PROTEST_MATCH, PROTEST_DOUBLE = 36, 37, 38, 39
LOOK_BLOCKED, LOOK_SEEN, LOOK_MOVED, PROTEST_FILTERED = 40, 41, 42, 43
MINOR_SPOT, MINOR_MATCH, MINOR_DOUBLE, MINOR_PROBED = 44, 45, 46, 47
SERIOUS_SEEN, NEIGHBOUR, NEIGHBOUR_REPORTS, NEIGHBOUR_KNOWN = 48, 49, 50, 51
REPAY, GOOD_DEED_SEEN, INSTALMENT_REPORTED, MESSAGE_KIND = 52, 53, 54, 55
REGISTER_MISSED, REGISTER_MISTYPED, APPEAL_FILED, APPEAL_RULING = 56, 57, 58, 59
NOTICE, REFUSAL_APPEAL, REVIEW_RULING, REVIEW_ERROR = 60, 61, 62, 63
NAMING, EMPLOYER, DISMISSAL, REHIRED = 64, 65, 66, 67
LAPSE, VISIT, MESSAGE_READ, CORRECTION = 68, 69, 70, 71
# Of a place or a pair, not of a person's day.
DESK_START, OCCASION = 80, 81
REGION_DELIVERY, NATION_DELIVERY = 84, 85
RELEASE = 88  # and the fifteen after it: one for each tie
# Streams of the society, drawn once, and of the day's doubles (person 0).
SOCIETY, DOUBLES = 1 << 16, 1 << 17

STOCKTAKING = 7  # days from one measurement of levels to the next
MONTH = 30  # days from one instalment, or one look at one's ties, to the next


@law
def _turn(c, turn, k0, k1):
    """One of Philox's ten rounds; the key moves by Weyl steps."""
    k0 = np.uint32(k0 + np.uint32(turn) * np.uint32(0x9E3779B9))
    k1 = np.uint32(k1 + np.uint32(turn) * np.uint32(0xBB67AE85))
    m0 = np.uint64(0xD2511F53) * np.uint64(c[0])
    m1 = np.uint64(0xCD9E8D57) * np.uint64(c[2])
    n0 = np.uint32(np.uint32(m1 >> _32) ^ c[1] ^ k0)
    n2 = np.uint32(np.uint32(m0 >> _32) ^ c[3] ^ k1)
    return n0, np.uint32(m1), n2, np.uint32(m0)


@law
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four uint32 words of chance from a counter and a key, all uint32.

    The rounds are written out, and every operand is a uint32 or made one at
    once: with a loop, or one wider operand, the compiler does not vectorise
    `fill`, which then takes five times as long.
    """
    c = _turn((c0, c1, c2, c3), 0, k0, k1)
    c = _turn(_turn(_turn(c, 1, k0, k1), 2, k0, k1), 3, k0, k1)
    c = _turn(_turn(_turn(c, 4, k0, k1), 5, k0, k1), 6, k0, k1)
    return _turn(_turn(_turn(c, 7, k0, k1), 8, k0, k1), 9, k0, k1)


@part
def draw(seed, stream, day, person):
    """One uint32 of chance, as int64, at its address."""
    words = philox(
        np.uint32(person), np.uint32(np.uint64(person) >> _32), np.uint32(day),
        np.uint32(stream >> 2), np.uint32(seed), np.uint32(np.uint64(seed) >> _32),
    )  # fmt: skip
    return np.int64(words[stream & 3])


class Today(NamedTuple):
    """Where a day stands: its address of chance, and what its date alone decides."""

    seed: int
    day: int
    fading: int  # the turn in a file's half-life whose files halve today; -1 = none


@part
def chance(today, stream, person):
    """One uint32 of today's chance."""
    return draw(today.seed, stream, today.day, person)


@law
def turned(rare, kind):
    """The shared draw of rare things as one kind of them reads it: a sixteenth apart."""
    return (rare + (kind << 28)) & 0xFFFFFFFF


@part
def fill(out, first_person, count, day, seed, first_stream):
    """A day's luck of consecutive people in consecutive streams: out[stream, person], uint32.

    The same addresses as `draw`, for what everyone needs at once; a plain loop over
    people, which the compiler turns into vector code. Streams come four by four.
    """
    low, high = np.uint32(seed), np.uint32(np.uint64(seed) >> _32)
    first, today = np.uint64(first_person), np.uint32(day)
    for block in range(out.shape[0] // 4):
        w = block * 4
        out0, out1, out2, out3 = out[w], out[w + 1], out[w + 2], out[w + 3]
        for i in range(count):
            person = first + np.uint64(i)
            w0, w1, w2, w3 = philox(
                np.uint32(person), np.uint32(person >> _32), today,
                np.uint32(block + first_stream // 4), low, high,
            )  # fmt: skip
            out0[i], out1[i], out2[i], out3[i] = w0, w1, w2, w3


@part
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


@part
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


@part
def _round(x, seed, stream, turn):
    z = np.uint64(x) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed)
    z ^= np.uint64(stream * 4 + turn) * np.uint64(0xD1B54A32D192ED03)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.int64((z ^ (z >> np.uint64(31))) >> np.uint64(8))
