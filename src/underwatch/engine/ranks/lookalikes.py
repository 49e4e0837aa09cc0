"""What a rank needs to know of the lookalikes of its citizens at other ranks.

A lookalike is the mirror image of a citizen at a rotation, so the lookalikes of a rank's citizens
are one or two ranges, each of one rank or a few. Whoever is a lookalike has one in return: what
two ranks need of each other are mirror images, too.
"""

from typing import NamedTuple

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


class _Mirror(NamedTuple):
    """Citizens of this rank and their lookalikes at another: lo … hi − 1 of both."""

    own: tuple[int, int]
    theirs: tuple[int, int]


class Lookalikes:
    """The exchange of what is read of lookalikes: misidentifications, groups, and files."""

    def __init__(self, part: Partition, messages: Messages):
        self.part, self.messages = part, messages
        self._read: dict[int, tuple[int, ...]] = {}  # by the address of a row: rotations last time

    def mirrors(self, rotation: int) -> dict[int, list[_Mirror]]:
        """By rank, the citizens of this rank and of that one who are lookalikes."""
        found: dict[int, list[_Mirror]] = {}
        total, here = self.part.total, self.messages.rank
        for lo, hi in mirrored(rotation, *self.part.of(here), total):
            for rank, first, last in self.part.pieces(lo, hi):
                if rank != here:
                    own = mirrored(rotation, first, last, total)[0]
                    found.setdefault(rank, []).append(_Mirror(own, (first, last)))
        return found

    def exchange_flags(self, flags: np.ndarray, faces: int, names: int) -> None:
        """Bring yesterday's misidentifications of lookalikes; flags: uint16 (n + 1) of that day.

        faces, names: the rotations of that day.
        """
        found: dict[int, list[np.ndarray]] = {}
        kinds = ((faces, FACE_MISTAKEN | CROWD_MISTAKEN), (names, NAME_MISTAKEN))
        for rotation, bits in kinds:
            for rank, pieces in self.mirrors(rotation).items():
                some = [_mistaken(flags, *piece.own, bits) for piece in pieces]
                found.setdefault(rank, []).extend(some)
        packed = {rank: np.concatenate(some) for rank, some in found.items()}
        self._forget(flags, (faces, names))
        self._read[flags.ctypes.data] = faces, names
        received = self.messages.swap("misidentifications", packed, packed, _FOUND)
        for some in received.values():
            np.bitwise_or.at(flags, some["citizen"], some["flags"].astype(np.uint16))

    def exchange_groups(self, people: np.ndarray, faces: int) -> None:
        """Bring the groups of lookalikes by face, who are the same all days; people: columns."""
        mirrors = self.mirrors(faces)
        packed = {
            rank: np.concatenate([
                (people[0, lo:hi] >> np.uint64(_GROUP)).astype(np.uint8)
                for lo, hi in sorted(piece.own for piece in pieces)
            ])
            for rank, pieces in mirrors.items()
        }  # fmt: skip
        for rank, groups in self.messages.swap("building", packed, mirrors, np.uint8).items():
            at = 0
            for lo, hi in sorted(piece.theirs for piece in mirrors[rank]):
                people[0, lo:hi] = _with(people[0, lo:hi], groups[at : at + hi - lo], _GROUP)
                at += hi - lo

    def exchange_files(self, states, people, day: int, names: int, params) -> None:
        """Bring the files of lookalikes by name to those whose office delivers today.

        states, people: by columns. names: the rotation of yesterday. params: a PARAMS record.
        """
        for row in (states[FILE], people[1]):
            self._forget(row, ())
            self._read[row.ctypes.data] = (names,)
        packed, asked = {}, {}
        for rank, pieces in self.mirrors(names).items():
            who = self._namesakes([(p.own, p.theirs) for p in pieces], day, params)
            if len(who):
                packed[rank] = np.zeros(len(who), _SOLD)
                packed[rank]["file"] = states[FILE, who]
                packed[rank]["memberships"] = people[1, who] >> np.uint64(_MEMBERSHIPS) & _BYTE
            who = self._namesakes([(p.theirs, p.own) for p in pieces], day, params)
            if len(who):
                asked[rank] = who
        for rank, sold in self.messages.swap("files", packed, asked, _SOLD).items():
            who = asked[rank]
            states[FILE, who] = sold["file"]
            people[1, who] = _with(people[1, who], sold["memberships"], _MEMBERSHIPS)

    def _namesakes(self, pairs: list, day: int, params) -> np.ndarray:
        """The namesakes of those whose office delivers today; pairs: ranges of both, in order."""
        found = [np.zeros(0, np.int64)]
        for (lo, hi), (first, end) in sorted(pairs):
            blocks = np.arange(first // BLOCK, (end - 1) // BLOCK + 1)
            for block in blocks[_due(blocks, day, params)].tolist():
                begin, after = max(first, block * BLOCK), min(end, (block + 1) * BLOCK)
                found.append(np.arange(lo + end - after, hi - (begin - first)))
        return np.concatenate(found)

    def _forget(self, row: np.ndarray, rotations: tuple[int, ...]) -> None:
        """Set to 0 what is kept of lookalikes at some rotations, and at those of the last time."""
        for rotation in {*rotations, *self._read.pop(row.ctypes.data, ())}:
            for pieces in self.mirrors(rotation).values():
                for piece in pieces:
                    clear(row, *piece.theirs)


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


def _with(words: np.ndarray, values: np.ndarray, bit: int) -> np.ndarray:
    """Words with bytes in the place of their bits from a bit on."""
    shift = np.uint64(bit)
    return words & ~(_BYTE << shift) | values.astype(np.uint64) << shift
