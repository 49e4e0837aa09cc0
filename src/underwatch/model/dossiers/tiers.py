"""Golden Shield (M5): local, regional and national records of the same person.

The local office keeps counts of records. Each tier above keeps a copy: the
points that the file amounts to, how many of them are not the person's own, and
a few counts. Each neighbourhood's office delivers on a day that a hash sets. A
copy is as old as the last delivery; a delivery may be missed, or be entered
under another person's name.

A tier's copy is 32 bits: points + 2048 (12), points of wrong records + 2048 (12),
contradicting posts (3), serious offences (2), posts of any kind and assembly (2), held (1);
0 = no copy.
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.dossiers.records import (
    ASSEMBLY,
    CONTRADICTING,
    DEFAULT,
    EVASION,
    MINOR,
    SERIOUS,
    UNPERMITTED,
    WRONG_ASSEMBLY,
    WRONG_DEFAULT,
    WRONG_MINOR,
    WRONG_POST,
    count,
)
from underwatch.model.streams import chance

LOCAL, REGION, NATION = 0, 1, 2
_MIDDLE = 2048  # stands for 0 points
_HELD = 1 << 31


class Worth(NamedTuple):
    """The points of one record of each kind for one reader; 0 = not read there."""

    late: int
    repaid: int
    default: int
    favoured: int
    disfavoured: int
    unpermitted: int
    contradicting: int
    minor: int
    serious: int
    good: int
    assembly: int
    evasion: int


class Copy(NamedTuple):
    """What a reader finds about a person; points are relative to the base score."""

    points: int
    foreign: int  # of these, points that are not the person's own
    contradicting: int  # up to seven
    serious: int  # up to three
    speech: int  # records of posts and assembly, up to three


@kernel
def worth_of(points):
    """An array of points by kind (12) as a Worth."""
    return Worth(
        points[0], points[1], points[2], points[3], points[4], points[5],
        points[6], points[7], points[8], points[9], points[10], points[11],
    )  # fmt: skip


@kernel
def fold(file, shared, worth):
    """Points of a local file; `shared` is 1 if the marketplace must hand purchases over."""
    bought = worth.favoured * count(file, 3) + worth.disfavoured * count(file, 4)
    return (
        worth.late * count(file, 0) + worth.repaid * count(file, 1)
        + worth.default * count(file, DEFAULT) + bought * shared
        + worth.unpermitted * count(file, UNPERMITTED)
        + worth.contradicting * count(file, CONTRADICTING)
        + worth.minor * count(file, MINOR) + worth.serious * count(file, SERIOUS)
        + worth.good * count(file, 9) + worth.assembly * count(file, ASSEMBLY)
        + worth.evasion * count(file, EVASION)
    )  # fmt: skip


@kernel
def foreign(file, worth):
    """Points of the records that are not the person's own."""
    return (
        worth.default * count(file, WRONG_DEFAULT) + worth.unpermitted * count(file, WRONG_POST)
        + worth.minor * count(file, WRONG_MINOR) + worth.assembly * count(file, WRONG_ASSEMBLY)
    )  # fmt: skip


@kernel
def seen(file, kind, sees):
    """The records of a kind that a reader finds; `sees` has a bit for each kind it may read."""
    return count(file, kind) * (sees >> kind & 1)


@kernel
def copy_of(file, shared, worth, sees, base):
    """What the local file amounts to for a reader, in points relative to the base score.

    base: the score of an empty file; a user's own rule needs it (scoring/rule.py).
    """
    contradicting = seen(file, CONTRADICTING, sees)
    # Posts and assembly are grounds only if they have points.
    speech = (
        contradicting * (worth.contradicting != 0)
        + seen(file, UNPERMITTED, sees) * (worth.unpermitted != 0)
        + seen(file, ASSEMBLY, sees) * (worth.assembly != 0)
    )
    return Copy(
        fold(file, shared, worth), foreign(file, worth), min(7, contradicting),
        min(3, seen(file, SERIOUS, sees)), min(3, speech),
    )  # fmt: skip


@kernel
def _within(points):
    return min(_MIDDLE - 1, max(-_MIDDLE, points))


@kernel
def packed_copy(copy):
    """A copy as a tier holds it."""
    return (
        _HELD | copy.speech << 29 | copy.serious << 27 | copy.contradicting << 24
        | (_within(copy.foreign) + _MIDDLE) << 12 | (_within(copy.points) + _MIDDLE)
    )  # fmt: skip


@kernel
def points_held(held):
    """The points of a tier's copy; 0 without one."""
    return ((held & 0xFFF) - _MIDDLE) * (held != 0)


@kernel
def contradicting_held(held):
    """The contradicting posts that a tier's copy counts; 0 without one."""
    return held >> 24 & 7


@kernel
def serious_held(held):
    """The serious offences that a tier's copy counts; 0 without one."""
    return held >> 27 & 3


@kernel
def copy_held(held):
    """A tier's copy, unpacked."""
    if held == 0:
        return Copy(0, 0, 0, 0, 0)
    return Copy(
        (held & 0xFFF) - _MIDDLE, (held >> 12 & 0xFFF) - _MIDDLE,
        contradicting_held(held), serious_held(held), held >> 29 & 3,
    )  # fmt: skip


@kernel
def copy_read(state, file, shared, params):
    """What the office that decides finds about a citizen: locally, or in a tier's copy."""
    if params.score_reads == LOCAL:
        return copy_of(file, shared, params, params.sees, params.base)
    return copy_held(state.nation if params.score_reads == NATION else state.region)


@kernel
def delivers_today(block, every, day):
    """Whether a neighbourhood's office delivers today; a hash of its number sets the day."""
    return every > 0 and (block * 2_654_435_769 & 0xFFFFFFFF) * every >> 32 == day % every


@kernel
def delivered(
    held, file, shared, worth, sees, base, others, stream, missed, mistaken, today, person
):
    """A tier's copy after today's delivery.

    others: the points of the lookalike by name, for a delivery under the wrong name.
    missed, mistaken: probabilities of 2^32; the first is the lower part of the draw.
    """
    u = chance(today, stream, person)
    if u < missed:
        return held
    copy = copy_of(file, shared, worth, sees, base)
    if u >= missed + mistaken:
        return packed_copy(copy)
    own = copy.points - copy.foreign
    return packed_copy(Copy(others, others - own, 0, 0, 0))
