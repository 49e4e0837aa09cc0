"""What a day on the device needs beside the world, and forgets."""

from typing import NamedTuple

import numpy as np

from underwatch.engine.resources import WORLD
from underwatch.measurement.catalogue import STRATA
from underwatch.measurement.queues import COLUMNS, QUEUES
from underwatch.model.society.people import DISTRICT

BAND = 1 << 24  # citizens of one launch of a day: the room for what it leaves to the next
FRESH = 64  # citizens who share a byte that says whether a new case is among them
PARTS = 64  # counters of the watch list, so that threads seldom wait for each other
# Words of `constants`: what one thread computes each day for all others.
FADING, RESTING, FACES, MISTAKEN, FACE_BEFORE, NAME_BEFORE, FACE_TODAY, WORDS = range(8)


class Work(NamedTuple):
    """Arrays of the device; n citizens."""

    constants: np.ndarray  # int64 (WORDS): the day's constants
    heard: np.ndarray  # uint64 (3, band): sums of contacts' signals, by layer
    shares: np.ndarray  # uint32 (band): the weight of one contact
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
    near: np.ndarray  # uint16: local candidates by citizen and slot (ties.py)
    wide: np.ndarray  # uint32: the other candidates by citizen and slot
    offsets: np.ndarray  # uint16 (2, n): where those of each citizen begin


# Bytes a citizen on a device: those of a world, less what no day reads there, with room for
# everyone in every queue; where each citizen's candidates begin, and the queues' tallies.
BYTES_A_CITIZEN = (
    sum(WORLD.values()) - sum(WORLD[k] for k in ("known", "entries"))
    + len(QUEUES) * 4 + 4 + 1 / FRESH + STRATA * COLUMNS * 4 / DISTRICT
)  # fmt: skip
_OF_A_BAND, _SPARE = 3 * 8 + 4 + 1 + 1 + 4, 512 << 20  # _SPARE: compiled code and tallies


def bytes_for(citizens: int) -> int:
    """The memory of a device that a run of so many citizens takes."""
    return round(citizens * BYTES_A_CITIZEN) + min(BAND, citizens) * _OF_A_BAND + _SPARE


def empty_work(citizens: int) -> list[np.ndarray]:
    """The arrays of a Work before `near`, in the processor's memory, of zeros."""
    districts, band = -(-citizens // DISTRICT), min(BAND, citizens)
    zeros = np.zeros
    return [
        zeros(WORDS, np.int64), zeros((3, band), np.uint64), zeros(band, np.uint32),
        zeros(band, np.uint8), zeros(band, np.uint8), zeros(band, np.uint32),
        zeros(-(-citizens // BAND), np.int32), zeros(PARTS, np.int64),
        *zeros((3, districts), np.int32), zeros(-(-citizens // FRESH), np.uint8),
        zeros((districts, STRATA, COLUMNS), np.int32), zeros((districts, len(QUEUES), 2), np.int64),
    ]  # fmt: skip
