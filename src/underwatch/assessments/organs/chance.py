"""Random draws of many people at once, at the addresses that the engine uses too.

The organs of an assessment handle a few hundred thousand cases once or twelve times a year, not
a nation every day, so that NumPy is fast enough and nothing has to be compiled. A draw is the
word that `kernel/random.py` and the plain twin find at the same address.
"""

from functools import cache
from statistics import NormalDist

import numpy as np

# The addresses of chance of these organs; they lie above every stream of the engine.
_FIRST = 1 << 18
CLAIM, CELL = _FIRST, _FIRST + 1  # of a person, drawn once
RISK, ERROR, TIE = _FIRST + 4, _FIRST + 5, _FIRST + 6  # of a case: a person and a round
CHECKED_BEFORE, ERROR_BEFORE, LABEL_BEFORE = _FIRST + 8, _FIRST + 9, _FIRST + 10
FOUND, REVIEWED, OUTCOME, APPEALED, RULED = range(_FIRST + 12, _FIRST + 17)
RANDOM_CHECK = _FIRST + 17
WORKED = _FIRST + 18  # of a person: how many fortnights of the year
AVERAGED = _FIRST + 19  # of a person: whether the year's income is averaged
FEATURE, LASTING = _FIRST + 32, _FIRST + 64  # and one more for each feature
VISIT, INCIDENT, REPORT, THINNED, STOP = range(_FIRST + 96, _FIRST + 101)  # of patrols
CERTAIN = 1 << 32  # a probability of 1
ONE = 1 << 16  # the unit of scores: one standard deviation of a feature's noise
LEVELS = 1 << 16  # of the normal distribution

_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_AT_ONCE = 1 << 14  # addresses whose rounds fit a processor's nearest cache


def draws(seed: int, stream: int, day: int | np.ndarray, person: np.ndarray) -> np.ndarray:
    """The random uint32 of each person at (seed, stream, day, person), as int64 (n).

    day: one day, or an array of days that goes with `person` by NumPy's rules of broadcasting.

    Examples
    --------
    >>> from underwatch.assessments.organs.chance import draws
    >>> draws(2018, 5, 0, np.arange(3)).dtype, len(draws(2018, 5, 0, np.arange(3)))
    (dtype('int64'), 3)
    """
    who, days = np.broadcast_arrays(np.asarray(person), np.asarray(day))
    shape, who, days = who.shape, who.reshape(-1), days.reshape(-1)
    out = np.empty(who.size, np.int64)
    for at in range(0, who.size, _AT_ONCE):
        some = slice(at, at + _AT_ONCE)
        out[some] = _words(seed, stream, days[some].astype(np.uint64), who[some].astype(np.uint64))
    return out.reshape(shape)


def _words(seed: int, stream: int, days: np.ndarray, who: np.ndarray) -> np.ndarray:
    """One word of Philox4x32-10 for each counter: uint64 (n)."""
    a, b, c = who & _LOW, who >> _32, days & _LOW
    d = np.full(who.shape, (stream >> 2) & 0xFFFFFFFF, np.uint64)
    key, other = seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
    for _ in range(10):
        p, q = np.uint64(0xD2511F53) * a, np.uint64(0xCD9E8D57) * c
        a, b, c, d = (
            (q >> _32) ^ b ^ np.uint64(key), q & _LOW,
            (p >> _32) ^ d ^ np.uint64(other), p & _LOW,
        )  # fmt: skip
        key, other = (key + 0x9E3779B9) & 0xFFFFFFFF, (other + 0xBB67AE85) & 0xFFFFFFFF
    return (a, b, c, d)[stream & 3]


def threshold(probability: float) -> int:
    """A probability as a whole number of 2^32, with which a draw is compared."""
    return round(min(1.0, max(0.0, probability)) * CERTAIN)


def fixed(value: float) -> int:
    """A score, a strength or a weight as a whole number of 65,536ths."""
    return round(value * ONE)


@cache
def normal_table() -> np.ndarray:
    """The normal distribution's quantile of each upper half of a draw: int64 (65,536)."""
    inverse = NormalDist().inv_cdf
    table = np.array([fixed(inverse((k + 0.5) / LEVELS)) for k in range(LEVELS)], np.int64)
    table.flags.writeable = False
    return table
