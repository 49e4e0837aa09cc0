"""Who the citizens are on the first day: invented from census margins (and see vital.py).

Shares are filled by quota: the rank of a citizen in a keyed shuffle of the
district decides the trait. So margins are exact to one citizen in a district
for every seed. Everyone here is made up from shares of
aggregates (census 2020: age, household size, urban share; the rest assumed).
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.columns import loader, packed, putter
from underwatch.kernel.compile import nopython, nopython_nrt, parallel, prange
from underwatch.kernel.random import draw, key, shuffle_run, shuffled, unshuffled
from underwatch.model.streams import SOCIETY

DISTRICT = 65_536  # people; the last district is smaller
BLOCK = 512  # people of one neighbourhood
GROUPS = 4  # of one abstract demographic trait
ADULT = 18  # years

# `memberships`: bits; from bit 4 on the marketplace and from bit 6 on the platform, 0 to 3 each.
SHOPS, POSTS, BORROWS, EVADES, MARKET, PLATFORM = 1, 2, 4, 8, 16, 64
MARKETS = PLATFORMS = 4  # at most


class Person(NamedTuple):
    """One citizen's traits; only the age changes. Quantiles and inclinations run 0..255."""

    age: int  # years, today
    group: int  # 0..3
    place: int  # 0 rural, 1 town, 2 metropolis
    income: int  # quantile
    thrift: int  # quantile
    conviction: int  # 0 with the official line … 255 against it
    prudence: int  # how much risk weighs
    independence: int  # from rules and neighbours
    sociability: int
    mobility: int
    taste: int  # towards disfavoured goods
    memberships: int  # bits above: shops and posts online, borrows, evades the firewall
    place_in_home: int  # 0 = head of the household
    home_size: int  # people
    piloted: int  # 0..255: rank of the neighbourhood in the order of pilots
    threshold: int  # quantile of the share of contacts needed to join a protest


# The census as the kernels read it: shares of 65,536, weights of 256.
CENSUS = np.dtype(
    [(k, "i8") for k in ("children", "old", "urban", "metropolis", "shops", "online", "borrowers")]
    + [("evaders", "i8"), ("home_income", "i8"), ("home_conviction", "i8")]
    + [("markets", "i8", (MARKETS,)), ("platforms", "i8", (PLATFORMS,))]
    + [("groups", "i8", (GROUPS,)), ("homes", "i8", (8,))]
    + [(k, "i8", (256,)) for k in ("convictions", "evened_income", "evened_conviction", "old_ages")]
    + [("likeness", "f8", (4,))]
)  # markets, platforms, groups and homes are cumulative; convictions maps a quantile to a
# conviction, and old_ages one of people of 60 and over to an age (as many are alive as the life
# table leaves); an `evened` table maps a mixture of two quantiles back to a quantile
# (parameters/society.py); `likeness` is the homophily asked for by opinion, income, age and group
# (society/orders.py)
PERSON = np.dtype([(name, "u1") for name in Person._fields])
assert PERSON.itemsize == 16
load_person, store_person = packed(Person, PERSON)
load_person_narrow = loader(Person, PERSON)
_put_home = putter(PERSON, "age", "place", "place_in_home", "home_size")
_put_place, _put_age = putter(PERSON, "place"), putter(PERSON, "age")

# Streams of the society's shuffles and draws.
_STREAMS = np.arange(SOCIETY, SOCIETY + 21)
_HOME, _AGE, _GROUP, _URBAN, _INCOME, _THRIFT, _CONVICTION = _STREAMS[:7]
_PRUDENCE, _INDEPENDENCE, _SOCIABILITY, _MOBILITY, _TASTE = _STREAMS[7:12]
_DISTRICT, _PANEL = SOCIETY + 30, SOCIETY + 31  # kinds of keys
_SHOPS, _POSTS, _BORROWS, _PILOT, _LEAN, _MARKET, _EVADES, _THRESHOLD = _STREAMS[12:20]
_PLATFORM = _STREAMS[20]
_RANKED = np.array([
    _GROUP, _INCOME, _LEAN, _CONVICTION, _THRIFT, _PRUDENCE, _INDEPENDENCE, _SOCIABILITY,
    _MOBILITY, _TASTE, _SHOPS, _POSTS, _BORROWS, _EVADES, _MARKET, _PLATFORM, _THRESHOLD,
])  # fmt: skip
_EARLIER = 8  # people before a neighbourhood, among whom are the heads of its first households


@nopython
def _settle_homes(people, start, size, seed, home_shares):
    """Households side by side, from the census distribution of sizes."""
    i = 0
    home = 0
    while i < size:
        u = draw(seed, _HOME, start, home) >> 16
        members = 1
        while members < home_shares.shape[0] and u >= home_shares[members - 1]:
            members += 1
        members = min(members, size - i)
        for m in range(members):
            _put_home(people, start + i + m, 0, 0, m, members)
        i += members
        home += 1
    return home


@nopython
def _shared(state, homes, weight, evened):
    """A quantile drawn towards the household's, 0 to 255, and made uniform again."""
    return evened[(state * (256 - weight) + homes * weight) >> 16]


@nopython
def _place_homes(people, start, size, own_key, census):
    """Whole neighbourhoods, in a keyed order, become metropolis, then town, then rural."""
    blocks = (size + BLOCK - 1) // BLOCK
    settled = 0
    for rank in range(blocks):
        first = unshuffled(rank, blocks, own_key, _URBAN) * BLOCK
        for i in range(first, min(size, first + BLOCK)):
            share = settled * 65536 // size
            settled += 1
            place = np.int64(share < census.urban) + np.int64(share < census.metropolis)
            _put_place(people, start + i, place)
    for i in range(start, start + size):  # a household across two neighbourhoods has one place
        head = load_person(people, i - load_person(people, i).place_in_home)
        _put_place(people, i, head.place)


@nopython
def _age_of_head(at, old, homes, census):
    """Heads of households are adults: the old first, then those in between."""
    if at < old:
        return census.old_ages[at * 256 // max(1, old)]
    return 18 + (at - old) * 42 // max(1, homes - old)


@nopython
def _age_of_other(at, young, old, others, census):
    if at < young:
        return at * 15 // max(1, young)
    if at < young + old:
        return census.old_ages[(at - young) * 256 // max(1, old)]
    return 15 + (at - young - old) * 45 // max(1, others - young - old)


@nopython_nrt
def _settle(people, start, size, seed, censuses):
    """A district's homes, their places, and the age of everyone in them."""
    census = censuses[0]  # a record cannot be passed to a parallel loop
    homes = _settle_homes(people, start, size, seed, census.homes)
    own_key = key(seed, _DISTRICT, start // DISTRICT)  # each district has its own key
    _place_homes(people, start, size, own_key, census)
    others = max(1, size - homes)
    young = census.children * size // 65536
    old = census.old * size // 65536
    old_heads = old * homes // size
    heads_ranks, others_ranks = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    walking = np.empty(BLOCK, np.int64)
    heads = 0
    for i in range(size):
        if load_person(people, start + i).place_in_home == 0:
            if heads % BLOCK == 0:
                end = min(BLOCK, homes - heads)
                shuffle_run(heads_ranks[:end], walking, heads, homes, own_key, _AGE)
            age = _age_of_head(np.int64(heads_ranks[heads % BLOCK]), old_heads, homes, census)
            heads += 1
        else:
            at = i - heads
            if at % BLOCK == 0:
                end = min(BLOCK, others - at)
                shuffle_run(others_ranks[:end], walking, at, others, own_key, _AGE)
            at = np.int64(others_ranks[at % BLOCK])
            age = _age_of_other(at, young, old - old_heads, others, census)
        _put_age(people, start + i, age)


@nopython
def _quantiles(ranks, walking, first, count, size, own_key):
    """The quantiles of citizens first … first + count − 1, 0 to 65,535: ranks[stream, k].

    A quantile is floor(rank · 2^16 / size). As size is at most 2^16, multiplying by a number
    that is above 2^48 / size by at most 1 gives the same: the product is too large by less than
    1 / size.
    """
    parts = (1 << 48) // size + 1
    for stream in range(_RANKED.shape[0]):
        out = ranks[stream, :count]
        shuffle_run(out, walking, first, size, own_key, _RANKED[stream])
        for k in range(np.uint64(count)):
            out[k] = np.uint32(np.int64(out[k]) * parts >> 32)


@nopython_nrt
def _endow(people, start, size, seed, censuses):
    """The other traits of a district's citizens, neighbourhood by neighbourhood."""
    census = censuses[0]
    own_key = key(seed, _DISTRICT, start // DISTRICT)
    blocks = (size + BLOCK - 1) // BLOCK
    ranks = np.empty((_RANKED.shape[0], _EARLIER + BLOCK), np.uint32)
    walking = np.empty(_EARLIER + BLOCK, np.int64)
    for block in range(blocks):
        lo, hi = block * BLOCK, min(size, block * BLOCK + BLOCK)
        first = max(0, lo - _EARLIER)
        _quantiles(ranks, walking, first, hi - first, size, own_key)
        piloted = shuffled(block, blocks, own_key, _PILOT) * 256 // blocks
        for i in range(lo, hi):
            p = load_person(people, start + i)
            _endow_one(people, start + i, p, ranks, i - first, piloted, census)


@nopython
def _endow_one(people, i, p, ranks, k, piloted, census):
    """Set the traits of citizen i, who so far has a home and an age; k: the place in `ranks`."""
    head = k - p.place_in_home
    group = np.int64(0)
    for g in range(GROUPS - 1):
        group += ranks[0, k] >= census.groups[g]
    income = _shared(
        np.int64(ranks[1, k]), np.int64(ranks[2, head]), census.home_income, census.evened_income
    )
    own = np.int64(ranks[3, k])
    lean = own >> 8
    if head != k:
        heads = np.int64(ranks[3, head])
        lean = _shared(own, heads, census.home_conviction, census.evened_conviction)
    member = (
        SHOPS * (ranks[10, k] < census.shops) + POSTS * (ranks[11, k] < census.online)
        + BORROWS * (ranks[12, k] < census.borrowers) + EVADES * (ranks[13, k] < census.evaders)
    )  # fmt: skip
    for m in range(MARKETS - 1):
        member += MARKET * (ranks[14, k] >= census.markets[m])
        member += PLATFORM * (ranks[15, k] >= census.platforms[m])
    store_person(people, i, Person(
        p.age, group, p.place, income, np.int64(ranks[4, k] >> 8), census.convictions[lean],
        np.int64(ranks[5, k] >> 8), np.int64(ranks[6, k] >> 8), np.int64(ranks[7, k] >> 8),
        np.int64(ranks[8, k] >> 8), np.int64(ranks[9, k] >> 8), member, p.place_in_home,
        p.home_size, piloted, np.int64(ranks[16, k] >> 8),
    ))  # fmt: skip


@parallel
def populate(people, seed, census, begin, end):
    """Fill PERSON columns, uint64 (2, n), of citizens begin … end − 1, district by district.

    census: one CENSUS record.
    """
    total = people.shape[1]
    for d in prange((end - begin + DISTRICT - 1) // DISTRICT):
        start = begin + np.int64(d) * DISTRICT
        size = min(DISTRICT, total - start)
        _settle(people, start, size, seed, census)
        _endow(people, start, size, seed, census)


@parallel
def sample(chosen, total, seed):
    """Fill `chosen` with citizens drawn without repetition: the same panel in every scenario."""
    panel_key = key(seed, _PANEL, 0)
    for k in prange(chosen.shape[0]):
        chosen[k] = unshuffled(np.int64(k), total, panel_key, SOCIETY - 1)
