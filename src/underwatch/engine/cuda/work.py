"""What a day on the device needs beside the world, and forgets."""

from typing import NamedTuple

import numpy as np

from underwatch.engine.world import World
from underwatch.measurement.catalogue import STRATA
from underwatch.measurement.queues import COLUMNS, QUEUES
from underwatch.model.society.people import DISTRICT

BAND = 1 << 22  # citizens whose mornings are computed by one launch, so that what they need is small
FRESH = 64  # citizens who share a byte that says whether a new case is among them
PARTS = 64  # counters of the watch list, so that threads seldom wait for each other
# Words of `desk`: what one thread computes each day for all others.
FADING, RESTING, FACES, MISTAKEN, FACE_BEFORE, NAME_BEFORE, FACE_TODAY, WORDS = range(8)


class Work(NamedTuple):
    """Arrays of the device; n citizens."""

    desk: np.ndarray  # int64 (WORDS): the day's constants
    heard: np.ndarray  # uint64 (3, band): sums of contacts' signals, by layer
    mistakes: np.ndarray  # uint8 (band): flags of yesterday's misidentifications
    levels: np.ndarray  # uint8 (band): 1 = privileged access, 2 = on the watch list, 4, 8 = strives
    active: np.ndarray  # uint32 (band): places in the band of those who are active today
    actives: np.ndarray  # int32 (bands): how many there are
    listed: np.ndarray  # int64 (PARTS): citizens on the watch list today
    adults: np.ndarray  # int32 (districts)
    marching: np.ndarray  # int32 (districts): adults who protest today
    offending: np.ndarray  # int32 (districts): adults who offend seriously today
    fresh: np.ndarray  # uint8 (n / FRESH): whether a new case of a queue is among these citizens
    queued: np.ndarray  # int32 (districts, strata, columns): tallies of the queues
    limits: np.ndarray  # int64 (districts, queues, 2): places, and whether a queue is at capacity
    choices: np.ndarray  # uint32 (n): of ties, once a month


def shapes(citizens: int) -> Work:
    """The shape and type of each array of a Work, for a number of citizens."""
    districts, band = -(-citizens // DISTRICT), min(BAND, citizens)
    return Work(
        ((WORDS,), np.int64), ((3, band), np.uint64), ((band,), np.uint8), ((band,), np.uint8),
        ((band,), np.uint32), ((-(-citizens // BAND),), np.int32), ((PARTS,), np.int64),
        ((districts,), np.int32), ((districts,), np.int32), ((districts,), np.int32),
        ((-(-citizens // FRESH),), np.uint8), ((districts, STRATA, COLUMNS), np.int32),
        ((districts, len(QUEUES), 2), np.int64), ((citizens,), np.uint32),
    )  # fmt: skip


def bytes_of(citizens: int, world: World) -> int:
    """The memory of the device that a run takes: the world, as it is, and the work."""
    work = sum(int(np.prod(shape)) * np.dtype(kind).itemsize for shape, kind in shapes(citizens))
    return work + sum(array.nbytes for array in world)
