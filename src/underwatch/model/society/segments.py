"""How candidate ties are stored: once, in 24 bytes a citizen, and so that the open ones are read
one after the other.

Citizens are stored in segments of 1024. Their candidate ties lie in two sequences, in each of
which a segment has one piece. The first holds numbers within the district in 16 bits (`near`), the
second numbers of citizens in 32 bits (`wide`): local candidates are near, and online ones wide. A
piece begins with the open ties, in the order of citizen and slot; the reserve follows, in the same
order. When ties open and close, a segment is packed anew in its own piece. Where in it the ties of
a citizen begin is not stored: it is how many bits of `slots` are set before.

From citizen `narrow` on, all candidates are wide. This is so in a last district of more than
65,536 people, and in graphs that are no society, in which anyone may know anyone.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.bits import ones
from underwatch.kernel.compile import kernel, nopython, nopython_nrt, serial
from underwatch.model.society.people import DISTRICT

LOCAL, SLOTS = 12, 16  # slots of local ties come first, those of online ties follow
SEGMENT = 1024  # citizens; a part of DISTRICT
NEAR = (1 << LOCAL) - 1  # the bits of slots whose candidates are near, below `narrow`


class Ties(NamedTuple):
    """The candidate ties of n citizens. The fields of the same names in a World are these."""

    near: np.ndarray  # uint16: candidates by their number in the district, and a 0
    wide: np.ndarray  # uint32: candidates by their number, and a 0
    starts: np.ndarray  # int64 (2, segments + 1): where each segment begins in near and in wide
    narrow: np.ndarray  # int64 (1): the citizen from whom on all candidates are wide
    candidate_slots: np.ndarray  # uint16 (n): a bit for each slot that holds a candidate
    slots: np.ndarray  # uint16 (n): a bit for each slot that holds an open tie

    @property
    def closed(self) -> np.ndarray:
        """A bit for each slot that holds a candidate of the reserve: uint16 (n)."""
        return self.candidate_slots & ~self.slots


def ties_of(world) -> Ties:
    """The ties of a world: its own arrays."""
    return Ties(*(getattr(world, name) for name in Ties._fields))


@nopython
def near_slots(ties, i):
    """The bits of the slots whose candidates are near, for citizen i."""
    return NEAR if i < ties.narrow[0] else 0


@nopython
def open_segment(ties, opened, lo, hi, at):
    """Set the cursors of the segment lo … hi − 1 on its first ties: int64 (4).

    They are the places of the next tie that is near and open, near and in the reserve, wide and
    open, wide and in the reserve.

    opened: uint16 (n), the open ties by which the segment is packed.
    """
    mask, near, wide = near_slots(ties, lo), 0, 0
    for i in range(np.uint64(lo), np.uint64(hi)):
        bits = np.int64(opened[i])
        near += ones(bits & mask)
        wide += ones(bits & ~mask)
    s = lo // SEGMENT
    at[0], at[1] = ties.starts[0, s], ties.starts[0, s] + near
    at[2], at[3] = ties.starts[1, s], ties.starts[1, s] + wide


@nopython
def read_segment(ties, opened, lo, hi, at, table):
    """Write the candidates of citizens lo … hi − 1 into table[citizen, slot]: uint32 (m, 16).

    Slots without a candidate get that of another slot. The cursors `at` move on.
    """
    if near_slots(ties, lo):
        _read_slots(ties, opened, lo, hi, at, table, LOCAL)
    else:
        _read_slots(ties, opened, lo, hi, at, table, 0)


@kernel
def _read_slots(ties, opened, lo, hi, at, table, first_wide):
    """As `read_segment`; first_wide: the first slot whose candidates are wide.

    There is no branch that depends on who has which ties. A constant `first_wide` lets the compiler
    write out the loops over slots.
    """
    start = np.uint32(lo // DISTRICT * DISTRICT)
    near, near_reserve, wide, wide_reserve = at[0], at[1], at[2], at[3]
    for i in range(lo, hi):
        held, k = np.int64(ties.candidate_slots[i]), i - lo
        kept = held & np.int64(opened[i])
        for slot in range(first_wide):
            there, is_open = held >> slot & 1, kept >> slot & 1
            place = np.uint64(near if is_open else near_reserve)
            table[k, slot] = np.uint32(start + np.uint32(ties.near[place]))
            near, near_reserve = near + is_open, near_reserve + (there ^ is_open)
        for slot in range(first_wide, SLOTS):
            there, is_open = held >> slot & 1, kept >> slot & 1
            table[k, slot] = ties.wide[np.uint64(wide if is_open else wide_reserve)]
            wide, wide_reserve = wide + is_open, wide_reserve + (there ^ is_open)
    at[0], at[1], at[2], at[3] = near, near_reserve, wide, wide_reserve


@nopython_nrt
def write_segment(ties, lo, hi, table, opened, at):
    """Pack a segment by its ties that are open from now on: opened[citizen] for lo … hi − 1.

    table: its candidates, as `read_segment` writes them; at: room for the cursors.
    """
    for i in range(lo, hi):
        ties.slots[i] = opened[i - lo]
    open_segment(ties, ties.slots, lo, hi, at)
    nears, wides = np.empty(SLOTS * SEGMENT, np.uint16), np.empty(SLOTS * SEGMENT, np.uint32)
    if near_slots(ties, lo):
        _write_slots(ties, lo, hi, table, at, nears, wides, LOCAL)
    else:
        _write_slots(ties, lo, hi, table, at, nears, wides, 0)


@kernel
def _write_slots(ties, lo, hi, table, at, nears, wides, first_wide):
    """As `write_segment`; first_wide: the first slot whose candidates are wide.

    There is no branch that depends on who has which ties: what is written for a slot without a
    candidate is overwritten by the next. So a piece is packed in `nears` or `wides`, and copied.
    """
    start, first_near, first_of_wide = np.uint32(lo // DISTRICT * DISTRICT), at[0], at[2]
    near, near_reserve, wide, wide_reserve = 0, at[1] - at[0], 0, at[3] - at[2]
    for i in range(lo, hi):
        held, k = np.int64(ties.candidate_slots[i]), i - lo
        kept = held & np.int64(ties.slots[i])
        for slot in range(first_wide):
            there, is_open = held >> slot & 1, kept >> slot & 1
            nears[np.uint64(near if is_open else near_reserve)] = np.uint16(table[k, slot] - start)
            near, near_reserve = near + is_open, near_reserve + (there ^ is_open)
        for slot in range(first_wide, SLOTS):
            there, is_open = held >> slot & 1, kept >> slot & 1
            wides[np.uint64(wide if is_open else wide_reserve)] = table[k, slot]
            wide, wide_reserve = wide + is_open, wide_reserve + (there ^ is_open)
    for place in range(np.uint64(near_reserve)):
        ties.near[np.uint64(first_near) + place] = nears[place]
    for place in range(np.uint64(wide_reserve)):
        ties.wide[np.uint64(first_of_wide) + place] = wides[place]


@nopython_nrt
def move_ties(ties, before, segment):
    """Pack a segment in which the ties of few citizens opened or closed, and are those of `slots`.

    before: uint16 (n), the open ties by which it is packed.
    """
    lo = segment * SEGMENT
    hi = min(ties.slots.shape[0], lo + SEGMENT)
    held, opened, slots = ties.candidate_slots[lo:hi], before[lo:hi], ties.slots[lo:hi]
    mask, starts = near_slots(ties, lo), ties.starts
    near = ties.near[starts[0, segment] : starts[0, segment + 1]]
    wide = ties.wide[starts[1, segment] : starts[1, segment + 1]]
    _move(near, near.copy(), mask, held, opened, slots)
    _move(wide, wide.copy(), ~mask, held, opened, slots)


@kernel
def _move(piece, kept, mask, held, before, slots):
    """Pack the piece of one sequence anew; kept: a copy of it, mask: the slots that it holds.

    Only the citizens whose ties are others than `before` are looked at slot by slot. The ties of
    those in between are copied at once, first the open ones, then the reserve.
    """
    one, end = np.uint64(1), np.uint64(held.shape[0])
    open_from, open_to, reserve_from, reserve_to = 0, 0, 0, 0
    for i in range(end):
        reserve_from += ones(np.int64(before[i]) & mask)
        reserve_to += ones(np.int64(slots[i]) & mask)
    first = np.uint64(0)
    while first < end:
        last = first
        while last < end and before[last] == slots[last]:
            last += one
        opened, closed = 0, 0
        for i in range(first, last):
            opened += ones(np.int64(slots[i]) & mask)
            closed += ones(np.int64(held[i]) & mask & ~np.int64(slots[i]))
        _copy(kept, open_from, piece, open_to, opened)
        _copy(kept, reserve_from, piece, reserve_to, closed)
        open_from, open_to = open_from + opened, open_to + opened
        reserve_from, reserve_to = reserve_from + closed, reserve_to + closed
        left = np.int64(held[last]) & mask if last < end else 0
        while left:
            bit = left & -left
            left ^= bit
            was = np.int64(np.int64(before[last]) & bit != 0)
            now = np.int64(np.int64(slots[last]) & bit != 0)
            tie = kept[np.uint64(open_from if was else reserve_from)]
            piece[np.uint64(open_to if now else reserve_to)] = tie
            open_from, reserve_from = open_from + was, reserve_from + 1 - was
            open_to, reserve_to = open_to + now, reserve_to + 1 - now
        first = last + one


@kernel
def _copy(source, begin, out, at, count):
    """Copy a few elements of one array to a place in another."""
    for k in range(np.uint64(count)):
        out[np.uint64(at) + k] = source[np.uint64(begin) + k]


@nopython
def _skip(ties, first, last, at):
    """Move the cursors over the ties of citizens first … last − 1, who are not read."""
    mask = near_slots(ties, first)
    near, near_reserve, wide, wide_reserve = 0, 0, 0, 0
    for i in range(np.uint64(first), np.uint64(last)):
        opened = np.int64(ties.slots[i])
        reserve = np.int64(ties.candidate_slots[i]) & ~opened
        near, near_reserve = near + ones(opened & mask), near_reserve + ones(reserve & mask)
        wide, wide_reserve = wide + ones(opened & ~mask), wide_reserve + ones(reserve & ~mask)
    at[0], at[1] = at[0] + near, at[1] + near_reserve
    at[2], at[3] = at[2] + wide, at[3] + wide_reserve


@serial
def _find(ties, citizens, table):
    """Write the candidates of some citizens into `table`; fastest if they are in order."""
    at, begun = np.zeros(4, np.int64), np.int64(0)
    here = np.int64(-1)  # the citizen on whom the cursors stand
    for k in range(citizens.shape[0]):
        i = citizens[k]
        if i < here or here < 0 or i // SEGMENT != begun:
            begun = i // SEGMENT
            here = begun * SEGMENT
            open_segment(ties, ties.slots, here, min(ties.slots.shape[0], here + SEGMENT), at)
        _skip(ties, here, i, at)
        read_segment(ties, ties.slots, i, i + 1, at, table[k : k + 1])
        here = i + 1


def by_slot(ties, citizens: np.ndarray) -> np.ndarray:
    """The candidates of some citizens by slot: uint32 (citizens, 16); n for nobody.

    ties: Ties, or a World.
    """
    table = np.empty((len(citizens), SLOTS), np.uint32)
    citizens = np.asarray(citizens, np.int64)
    _find(ties_of(ties), citizens, table)
    held = ties.candidate_slots[citizens, None] >> np.arange(SLOTS, dtype=np.uint16) & np.uint16(1)
    table[held == 0] = len(ties.slots)
    return table


def starts_of(candidate_slots: np.ndarray, narrow: int) -> np.ndarray:
    """Where each segment begins in `near` and in `wide`: int64 (2, segments + 1)."""
    n = len(candidate_slots)
    begins = np.arange(0, n, SEGMENT)
    starts = np.zeros((2, len(begins) + 1), np.int64)
    for row, bits in enumerate((NEAR, ~NEAR & 0xFFFF)):
        counts = np.bitwise_count(candidate_slots[:narrow] & np.uint16(bits))
        rest = np.bitwise_count(candidate_slots[narrow:]) * np.uint8(row)
        np.cumsum(
            np.add.reduceat(np.concatenate([counts, rest]), begins, dtype=np.int64),
            out=starts[row, 1:],
        )
    return starts


def in_line(table: np.ndarray, closed: np.ndarray | None = None) -> Ties:
    """The ties of a table of candidates, uint32 (n, 16), n for nobody; anyone may know anyone.

    closed: uint16 (n), the bits of the reserve; None = all ties are open.
    """
    n = len(table)
    there = table < n
    held = np.packbits(there, axis=1, bitorder="little").view(np.uint16)[:, 0]
    closed = np.zeros(n, np.uint16) if closed is None else closed & held
    districts = np.arange(n)[:, None] // DISTRICT
    local = there[:, :LOCAL]
    within = n <= DISTRICT or bool((table[:, :LOCAL] // DISTRICT == districts)[local].all())
    narrow = n if within else 0
    near = there & (np.arange(SLOTS) < (LOCAL if narrow else 0))
    reserve = np.unpackbits(closed[:, None].view(np.uint8), axis=1, bitorder="little")
    pieces = 2 * (np.arange(n)[:, None] // SEGMENT) + reserve
    sequences = []
    for chosen in (near, there & ~near):
        order = np.argsort(pieces[chosen], kind="stable")
        sequences.append(np.append(table[chosen][order], np.uint32(0)))
    return Ties(
        (sequences[0] % DISTRICT).astype(np.uint16), sequences[1], starts_of(held, narrow),
        np.array([narrow]), held, held & ~closed,
    )  # fmt: skip
