"""What a rank needs to know of the lookalikes of its citizens at other ranks.

A lookalike is the mirror image of a citizen at a rotation, so the lookalikes of a rank's citizens
are one or two ranges, each of one rank or a few.
"""

import numpy as np

from underwatch.engine.ranks.messages import Messages
from underwatch.engine.ranks.pages import clear
from underwatch.engine.ranks.partition import Partition, mirrored
from underwatch.model.society.people import BLOCK, MARKETS
from underwatch.model.state import CROWD_MISTAKEN, FACE_MISTAKEN, NAME_MISTAKEN
from underwatch.model.streams import delivers_today

FILE = 2  # the column of the state that is the local file
_GROUP, _MEMBERSHIPS = 8, 24  # bits of these traits, in the first and in the second column
_BYTE = np.uint64(255)
_FOUND = np.dtype([("citizen", "u4"), ("flags", "u1")])
_SOLD = np.dtype([("file", "u8"), ("memberships", "u1")])


class Lookalikes:
    """The exchange of what is read of lookalikes: misidentifications, groups, and files."""

    def __init__(self, part: Partition, messages: Messages):
        self.part, self.messages, self.rank = part, messages, messages.rank
        self._read: dict[int, tuple[int, ...]] = {}  # by the address of a row: rotations last time
        self.others = [rank for rank in range(messages.size) if rank != messages.rank]

    def needed(self, by: int, of: int, rotation: int) -> list[tuple[int, int]]:
        """The ranges of citizens of rank `of` who are lookalikes of the citizens of rank `by`."""
        ranges = mirrored(rotation, *self.part.of(by), self.part.total)
        pieces = [piece for lo, hi in ranges for piece in self.part.pieces(lo, hi)]
        return [(lo, hi) for rank, lo, hi in pieces if rank == of]

    def exchange_flags(self, flags: np.ndarray, faces: int, names: int) -> None:
        """Bring yesterday's misidentifications of lookalikes; flags: uint16 (n + 1) of that day.

        faces, names: the rotations of that day.
        """
        kinds = ((faces, FACE_MISTAKEN | CROWD_MISTAKEN), (names, NAME_MISTAKEN))
        packed, sources = {}, set()
        for other in self.others:
            found, needs = [np.zeros(0, _FOUND)], False
            for rotation, bits in kinds:
                for lo, hi in self.needed(other, self.rank, rotation):
                    needs = True
                    found.append(_mistaken(flags, lo, hi, bits))
                if self.needed(self.rank, other, rotation):
                    sources.add(other)
            if needs:
                packed[other] = np.concatenate(found)
        rotations = faces, names
        self._forget(flags, rotations)
        self._read[flags.ctypes.data] = rotations
        received = self.messages.swap("misidentifications", packed, sorted(sources), _FOUND)
        for found in received.values():
            np.bitwise_or.at(flags, found["citizen"], found["flags"].astype(np.uint16))

    def _forget(self, row: np.ndarray, rotations: tuple[int, ...]) -> None:
        """Set to 0 what is kept of lookalikes at some rotations, and at those of the last time."""
        for rotation in {*rotations, *self._read.pop(row.ctypes.data, ())}:
            for other in self.others:
                for lo, hi in self.needed(self.rank, other, rotation):
                    clear(row, lo, hi)

    def exchange_groups(self, people: np.ndarray, faces: int) -> None:
        """Bring the groups of lookalikes by face, who are the same all days; people: columns."""
        packed = {}
        for other in self.others:
            ranges = self.needed(other, self.rank, faces)
            if ranges:
                groups = [people[0, lo:hi] >> np.uint64(_GROUP) & _BYTE for lo, hi in ranges]
                packed[other] = np.concatenate(groups).astype(np.uint8)
        sources = [r for r in self.others if self.needed(self.rank, r, faces)]
        for rank, groups in self.messages.swap("building", packed, sources, np.uint8).items():
            at = 0
            for lo, hi in self.needed(self.rank, rank, faces):
                _put(people[0, lo:hi], groups[at : at + hi - lo], _GROUP)
                at += hi - lo

    def exchange_files(self, states, people, day: int, names: int, params) -> None:
        """Bring the files of lookalikes by name to those whose office delivers today.

        states, people: by columns. names: the rotation of yesterday. params: a PARAMS record.
        """
        if not (params["region_every"] or params["nation_every"] or params["compelled"]):
            return
        for row in (states[FILE], people[1]):
            self._forget(row, ())
            self._read[row.ctypes.data] = (names,)
        packed = {}
        for other in self.others:
            asked = self._namesakes(other, self.rank, day, names, params)
            if len(asked):
                sold = np.zeros(len(asked), _SOLD)
                sold["file"] = states[FILE, asked]
                sold["memberships"] = people[1, asked] >> np.uint64(_MEMBERSHIPS) & _BYTE
                packed[other] = sold
        asked = {r: self._namesakes(self.rank, r, day, names, params) for r in self.others}
        asked = {rank: citizens for rank, citizens in asked.items() if len(citizens)}
        for rank, sold in self.messages.swap("files", packed, asked, _SOLD).items():
            who = asked[rank]
            states[FILE, who] = sold["file"]
            word = people[1, who] & ~(_BYTE << np.uint64(_MEMBERSHIPS))
            people[1, who] = word | sold["memberships"].astype(np.uint64) << np.uint64(_MEMBERSHIPS)

    def _namesakes(self, by: int, of: int, day: int, names: int, params) -> np.ndarray:
        """The namesakes at rank `of` of those of rank `by` whose office delivers today."""
        found = []
        for lo, hi in self.needed(by, of, names):
            first, last = (names - end for end in (hi - 1, lo))  # whose namesakes they are
            first, last = (at + self.part.total if at < 0 else at for at in (first, last))
            blocks = np.arange(first // BLOCK, last // BLOCK + 1)
            for block in blocks[_due(blocks, day, params)].tolist():
                begin, end = max(first, block * BLOCK), min(last + 1, (block + 1) * BLOCK)
                found.append(np.arange(lo + last + 1 - end, lo + last + 1 - begin))
        return np.concatenate(found) if found else np.zeros(0, np.int64)


def _due(blocks: np.ndarray, day: int, params) -> np.ndarray:
    """Whether the office of each neighbourhood delivers today, or a marketplace delivers to it."""
    sells = [params["compelled"] >> market & 1 for market in range(MARKETS)]
    every = [params["region_every"], params["nation_every"], *(params["market_every"] * sells)]
    found = [delivers_today.py_func(blocks, int(days), day) for days in every]
    return np.logical_or.reduce([np.broadcast_to(due, blocks.shape) for due in found])


def _mistaken(flags: np.ndarray, lo: int, hi: int, bits: int) -> np.ndarray:
    """Those of citizens lo … hi − 1 with some of the flags."""
    at = np.flatnonzero(flags[lo:hi] & np.uint16(bits))
    made = np.zeros(len(at), _FOUND)
    made["citizen"], made["flags"] = lo + at, flags[lo + at] & np.uint16(bits)
    return made


def _put(words: np.ndarray, values: np.ndarray, bit: int) -> None:
    """Write bytes into the bits of words from a bit on."""
    shift = np.uint64(bit)
    words[:] = words & ~(_BYTE << shift) | values.astype(np.uint64) << shift
