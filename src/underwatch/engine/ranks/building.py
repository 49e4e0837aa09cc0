"""One rank's part of the invented population.

People and local ties are those of the rank's own districts. An online circle has members from all
over the nation: one rank pairs them, to whom the others send who they are, and who sends back with
whom they are paired.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from underwatch.engine.population import Population
from underwatch.engine.ranks.messages import Messages
from underwatch.engine.ranks.partition import Partition
from underwatch.model.society.pairing import (
    BAND,
    CIRCLE,
    ONLINE,
    Pairs,
    deal_bands,
    empty_pairs,
    every_circle,
    threads,
)
from underwatch.model.society.people import PERSON, populate
from underwatch.model.society.segments import LOCAL, SLOTS, Ties
from underwatch.model.society.ties import chosen_from, weave_pairs

_COLUMNS = PERSON.itemsize // 8
_BYTE = np.uint64(255)  # of the second column: the sociability
_KIND = "building"


class _Circles(NamedTuple):
    """Which rank pairs which circle of an online slot.

    pairing: int64 (4, bands): the rank that pairs the circle of a band in each online slot.
    parts: the circles that this rank pairs, 4 × circle + slot − 12.
    """

    pairing: np.ndarray
    parts: np.ndarray


def build_part(
    scenario, part: Partition, messages: Messages, progress: Callable[[str], None] = lambda _: None
) -> Population:
    """The people of one rank and their candidate ties; those of others are 0.

    progress: gets "people", then "ties".
    """
    from underwatch.engine.resources import refuse_after_fork
    from underwatch.model import parameters as params

    refuse_after_fork()
    census, seed, n = params.census(scenario), scenario.society.seed, part.total
    begin, end = part.of(messages.rank)
    progress("people")
    people = np.zeros((_COLUMNS, n), np.uint64)
    populate(people, seed, census, begin, end)
    progress("ties")
    pairs, none = empty_pairs(n), np.zeros(0, np.int64)
    weave_pairs(pairs, _no_ties(n), people, begin, end, none, threads(), 0, seed, census)
    known = _pair_circles(pairs, people, part, messages, seed, census)
    ties = chosen_from(pairs, known, begin, end, seed, census, none, 0)
    return Population(scenario.society, people, ties)


def _no_ties(n: int) -> Ties:
    """Ties that are not read or written."""
    none = np.zeros(0, np.uint16), np.zeros(0, np.uint32), np.zeros((2, 1), np.int64)
    return Ties(*none, np.zeros(1, np.int64), *np.zeros((2, n), np.uint16))


def _online(pairs: Pairs, lo: int, hi: int, slot: int) -> np.ndarray:
    """With whom an online slot pairs citizens lo … hi − 1, all of them narrow or none: a view."""
    if lo < pairs.narrow:
        return pairs.wide[: ONLINE * pairs.narrow].reshape(-1, ONLINE)[lo:hi, slot - LOCAL]
    rest = pairs.wide[ONLINE * pairs.narrow :].reshape(-1, SLOTS)
    return rest[lo - pairs.narrow : hi - pairs.narrow, slot]


def _deal(n: int, ranks: int, rank: int, seed: int) -> _Circles:
    """Share out the circles; each rank pairs as many, one more or less."""
    bands = -(-n // BAND)
    places = np.zeros((ONLINE, bands), np.int64)
    deal_bands(places, n, seed)
    parts = every_circle(n)
    circle = np.minimum(np.arange(bands) // CIRCLE, len(parts) // ONLINE - 1)
    pairing = np.zeros((ONLINE, bands), np.int64)
    for s in range(ONLINE):
        pairing[s, places[s]] = (ONLINE * circle + s) * ranks // len(parts)
    return _Circles(pairing, parts[parts * ranks // len(parts) == rank])


def _pair_circles(pairs, people, part: Partition, messages: Messages, seed, census) -> np.ndarray:
    """Pair own citizens in the online slots. A copy of the people, with those they are paired with.

    Of these, the copy holds the sociability alone.
    """
    n, rank, every = part.total, messages.rank, range(messages.size)
    dealt = _deal(n, messages.size, rank, seed)
    owners = part.owners(np.arange(dealt.pairing.shape[1]) * BAND)
    members, away = np.zeros((_COLUMNS, n), np.uint64), empty_pairs(n)
    asked = {  # (of, by) -> bands whose people it needs
        (of, by): np.flatnonzero((owners == of) & (dealt.pairing == by).any(0)).tolist()
        for of in every for by in every if rank in (of, by)
    }  # fmt: skip
    packed = {
        by: np.concatenate([people[:, _band(b, n)] for b in asked[rank, by]], axis=1)
        for by in every if asked[rank, by]
    }  # fmt: skip
    sources = [of for of in every if asked[of, rank]]
    for of, columns in _swap(messages, packed, sources, np.uint64).items():
        for column, row in zip(members, columns.reshape(_COLUMNS, -1), strict=True):
            for b, values in zip(asked[of, rank], _cut(row, asked[of, rank], n), strict=True):
                column[_band(b, n)] = values
    weave_pairs(away, _no_ties(n), members, 0, 0, dealt.parts, threads(), 0, seed, census)

    known, own = np.zeros((_COLUMNS, n), np.uint64), slice(*part.of(rank))
    known[:, own] = people[:, own]
    for s in range(ONLINE):
        back = {of: _bands(owners == of, dealt.pairing[s] == rank) for of in every}
        sent = {
            of: np.concatenate([_online(away, *_ends(b, n), LOCAL + s) for b in bands])
            for of, bands in back.items() if bands
        }  # fmt: skip
        asking = {by: _bands(owners == rank, dealt.pairing[s] == by) for by in every}
        sources = [by for by in every if asking[by]]
        mates = _swap(messages, sent, sources, np.uint32)
        like = {of: (members[1, each] & _BYTE).astype(np.uint8) for of, each in sent.items()}
        sociable = _swap(messages, like, sources, np.uint8)
        for by in sources:
            known[1, mates[by]] = known[1, mates[by]] & ~_BYTE | sociable[by]
            for b, values in zip(asking[by], _cut(mates[by], asking[by], n), strict=True):
                _online(pairs, *_ends(b, n), LOCAL + s)[:] = values
    return known


def _swap(messages: Messages, packed, sources, dtype) -> dict[int, np.ndarray]:
    """`Messages.swap`, with what a rank has for itself handed over without a message."""
    rank = messages.rank
    others = {to: array for to, array in packed.items() if to != rank}
    found = messages.swap(_KIND, others, [of for of in sources if of != rank], dtype)
    return found | ({rank: packed[rank].reshape(-1)} if rank in packed else {})


def _bands(*conditions: np.ndarray) -> list[int]:
    return np.flatnonzero(np.logical_and.reduce(conditions)).tolist()


def _ends(band: int, n: int) -> tuple[int, int]:
    return band * BAND, min(n, band * BAND + BAND)


def _band(band: int, n: int) -> slice:
    return slice(*_ends(band, n))


def _cut(row: np.ndarray, bands: list[int], n: int) -> list[np.ndarray]:
    """A row of the citizens of some bands, band by band."""
    lengths = [hi - lo for lo, hi in (_ends(b, n) for b in bands)]
    return np.split(row, np.cumsum(lengths)[:-1])
