"""Who the citizens are on the first day: invented from census margins (and see vital.py).

Shares are filled by quota: the rank of a citizen in a keyed shuffle of the
district decides the trait. So margins are exact to one citizen in a district
for every seed. Everyone here is made up from shares of
aggregates (census 2020: age, household size, urban share; the rest assumed).
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.columns import packed
from underwatch.kernel.compile import nopython, parallel, prange
from underwatch.kernel.random import draw, key, shuffled, unshuffled
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
load_person, _ = packed(Person, PERSON)

_SHARE = 4096  # people whose traits a thread sets at once; a part of DISTRICT
# Streams of the society's shuffles and draws; int64, because the compiler would compile
# `shuffled` once more for each literal number.
_STREAMS = np.arange(SOCIETY, SOCIETY + 21)
_HOME, _AGE, _GROUP, _URBAN, _INCOME, _THRIFT, _CONVICTION = _STREAMS[:7]
_PRUDENCE, _INDEPENDENCE, _SOCIABILITY, _MOBILITY, _TASTE = _STREAMS[7:12]
_DISTRICT, _PANEL = SOCIETY + 30, SOCIETY + 31  # kinds of keys
_SHOPS, _POSTS, _BORROWS, _PILOT, _LEAN, _MARKET, _EVADES, _THRESHOLD = _STREAMS[12:20]
_PLATFORM = _STREAMS[20]


@nopython
def _quantile(i, size, own_key, stream):
    """The citizen's rank in a keyed shuffle, 0 to 65,535."""
    return shuffled(i, size, own_key, stream) * 65536 // size


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
            people[start + i + m].place_in_home = m
            people[start + i + m].home_size = members
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
            people[start + i].place = (share < census.urban) + (share < census.metropolis)
    for i in range(size):  # a household across two neighbourhoods has one place
        p = people[start + i]
        p.place = people[start + i - p.place_in_home].place


@nopython
def _settle(people, start, size, seed, censuses):
    """A district's homes, their places, and the age of everyone in them."""
    census = censuses[0]  # a record cannot be passed to a parallel loop
    homes = _settle_homes(people, start, size, seed, census.homes)
    own_key = key(seed, _DISTRICT, start // DISTRICT)  # each district has its own key
    _place_homes(people, start, size, own_key, census)
    others = max(1, size - homes)
    head_rank = 0
    other_rank = 0
    for i in range(size):
        p = people[start + i]
        if p.place_in_home == 0:
            at = shuffled(head_rank, homes, own_key, _AGE)
            head_rank += 1
            # Heads of households are adults: the old first, then those in between.
            old = census.old * size // 65536 * homes // size
            if at < old:
                p.age = census.old_ages[at * 256 // max(1, old)]
            else:
                p.age = 18 + (at - old) * 42 // max(1, homes - old)
        else:
            at = shuffled(other_rank, others, own_key, _AGE)
            other_rank += 1
            young = census.children * size // 65536
            old = census.old * size // 65536 - census.old * size // 65536 * homes // size
            if at < young:
                p.age = at * 15 // max(1, young)
            elif at < young + old:
                p.age = census.old_ages[(at - young) * 256 // max(1, old)]
            else:
                p.age = 15 + (at - young - old) * 45 // max(1, others - young - old)


@nopython
def _endow(people, start, size, lo, hi, seed, censuses):
    """The other traits of citizens lo to hi of a district."""
    census = censuses[0]
    own_key = key(seed, _DISTRICT, start // DISTRICT)
    blocks = (size + BLOCK - 1) // BLOCK
    for i in range(lo, hi):
        p = people[start + i]
        head = i - p.place_in_home
        g = _quantile(i, size, own_key, _GROUP)
        p.group = 0
        for k in range(GROUPS - 1):
            if g >= census.groups[k]:
                p.group = k + 1
        p.income = _shared(
            _quantile(i, size, own_key, _INCOME), _quantile(head, size, own_key, _LEAN),
            census.home_income, census.evened_income,
        )  # fmt: skip
        own = _quantile(i, size, own_key, _CONVICTION)
        lean = own >> 8
        if i != head:
            heads = _quantile(head, size, own_key, _CONVICTION)
            lean = _shared(own, heads, census.home_conviction, census.evened_conviction)
        p.conviction = census.convictions[lean]
        p.thrift = _quantile(i, size, own_key, _THRIFT) >> 8
        p.prudence = _quantile(i, size, own_key, _PRUDENCE) >> 8
        p.independence = _quantile(i, size, own_key, _INDEPENDENCE) >> 8
        p.sociability = _quantile(i, size, own_key, _SOCIABILITY) >> 8
        p.mobility = _quantile(i, size, own_key, _MOBILITY) >> 8
        p.taste = _quantile(i, size, own_key, _TASTE) >> 8
        member = 0
        if _quantile(i, size, own_key, _SHOPS) < census.shops:
            member |= SHOPS
        if _quantile(i, size, own_key, _POSTS) < census.online:
            member |= POSTS
        if _quantile(i, size, own_key, _BORROWS) < census.borrowers:
            member |= BORROWS
        if _quantile(i, size, own_key, _EVADES) < census.evaders:
            member |= EVADES
        market = _quantile(i, size, own_key, _MARKET)
        platform = _quantile(i, size, own_key, _PLATFORM)
        for k in range(MARKETS - 1):
            member += MARKET * (market >= census.markets[k])
            member += PLATFORM * (platform >= census.platforms[k])
        p.memberships = member
        p.threshold = _quantile(i, size, own_key, _THRESHOLD) >> 8
        p.piloted = shuffled(i // BLOCK, blocks, own_key, _PILOT) * 256 // blocks


@parallel
def populate(people, seed, census):
    """Fill PERSON records in place, district by district; `census` is one CENSUS record."""
    total = people.shape[0]
    for d in prange((total + DISTRICT - 1) // DISTRICT):
        start = d * DISTRICT
        _settle(people, start, min(DISTRICT, total - start), seed, census)
    for at in prange((total + _SHARE - 1) // _SHARE):
        first = at * _SHARE
        start = first // DISTRICT * DISTRICT
        size = min(DISTRICT, total - start)
        lo = first - start
        _endow(people, start, size, lo, min(size, lo + _SHARE), seed, census)


@parallel
def sample(chosen, total, seed):
    """Fill `chosen` with citizens drawn without repetition: the same panel in every scenario."""
    panel_key = key(seed, _PANEL, 0)
    for k in prange(chosen.shape[0]):
        chosen[k] = unshuffled(np.int64(k), total, panel_key, SOCIETY - 1)
