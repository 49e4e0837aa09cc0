"""From the units of a scenario to the integers of the kernels."""

import numpy as np


def chance(p):
    """Probabilities as thresholds of 2^32."""
    return np.round(np.clip(p, 0, 1) * 2.0**32).astype(np.int64)


def part(x):
    """Shares and weights as 65,536ths."""
    return np.round(np.asarray(x, float) * 65536).astype(np.int64)


def step(x):
    """A share of a feeling's range as steps of 255ths, rounded; at least 1 unless it is 0."""
    return 0 if x == 0 else max(1, round(x * 255))


def daily(rate, mean=1.0):
    """A yearly rate as a daily threshold, for a kernel that multiplies by `mean` on average."""
    return chance(np.asarray(rate, float) / 365.25 / mean)


def decay(half_life_days):
    """What a feeling loses a day, in 65,536ths, to halve in so many days."""
    return part(1 - 0.5 ** (1 / half_life_days))


def fine_decay(half_life_days):
    """The same in 2^24ths, so that a half-life of 20,000 days is kept within 0.1 %."""
    return np.round((1 - 0.5 ** (1 / half_life_days)) * 2.0**24).astype(np.int64)


# The mean, over citizens, of the factor by which kernels multiply a rate (see society/).
MEAN_SOCIABLE = (128 + 127.5) / 256
MEAN_INDEPENDENT = MEAN_MOBILE = (64 + 127.5) / 256
MEAN_INCOME = 127.5 / 128
MEAN_TASTE = 127.5 / 256
MEAN_TRUST = 0.5

# The largest factor by which kernels multiply a rate.
MOST_SOCIABLE = (128 + 255) / 256
MOST_INDEPENDENT = MOST_MOBILE = (64 + 255) / 256
