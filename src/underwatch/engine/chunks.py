"""A day of some citizens: a chunk of the nation, tile by tile.

Everyone is asked the morning's questions at once; those for whom something
stirs live the day stage by stage; each seventh day everyone's levels are taken.
"""

import numpy as np

from underwatch.engine.world import COMPANY, HOME, TILE, TOTAL, double_of, today_of, turn_of
from underwatch.kernel.compile import fetch, law, part
from underwatch.kernel.random import fill
from underwatch.measurement.catalogue import VOICES
from underwatch.measurement.ledger import enter
from underwatch.measurement.tally import measure, stratum, take_stock
from underwatch.model.day import (
    Landed,
    Luck,
    News,
    live_through,
    mark_of,
    morning,
    night_rules,
    owes,
    queues_of,
    shares_purchases,
    word_of,
)
from underwatch.model.dossiers.tiers import delivered, delivers_today, worth_of
from underwatch.model.scoring.scores import company, is_scored
from underwatch.model.society.people import ADULT, BLOCK, DISTRICT, load_person
from underwatch.model.society.ties import ones
from underwatch.model.state import (
    BOASTS,
    CROWD_MISTAKEN,
    FACE_MISTAKEN,
    NAME_MISTAKEN,
    SCORED,
    load_state,
    put_copies,
    put_feelings,
    score_lane,
    store_state,
)
from underwatch.model.streams import MONTH, NATION_DELIVERY, POST, REGION_DELIVERY, STOCKTAKING

AHEAD = 128  # contacts between asking for one in memory and reading it


@part
def _any_mark(marks, turn, lo, hi, total):
    """Whether any double of these citizens left a mark; their numbers run down, and around."""
    first, last = turn - (hi - 1), turn - lo
    anybody = np.uint8(0)
    for j in range(max(0, first), last + 1):
        anybody |= marks[j]
    for j in range(total + first, total + min(last + 1, 0)):
        anybody |= marks[j]
    return anybody != 0


@part
def _marks_of_doubles(marks, faces, names, i, answers, total):
    """What the doubles of i left yesterday for whoever answers for i; their own is no mistake."""
    face, name = double_of(faces, i, total), double_of(names, i, total)
    here = np.uint8(0)
    if face != answers:
        here |= marks[face] & np.uint8(FACE_MISTAKEN | CROWD_MISTAKEN)
    if name != answers:
        here |= marks[name] & np.uint8(NAME_MISTAKEN)
    return here


@part
def _land(people, marks, faces, names, lo, hi, landed):
    """Yesterday's mistakes that land on each: landed[person] = the doubles' marks."""
    total = people.shape[1]
    landed[: hi - lo] = 0
    after = min(total, hi + HOME)  # children of a head at the end of the tile
    if not (_any_mark(marks, faces, lo, after, total) or _any_mark(marks, names, lo, after, total)):
        return
    for k in range(hi - lo):
        i = lo + k
        me = load_person(people, i)
        landed[k] = _marks_of_doubles(marks, faces, names, i, i, total)
        if me.place_in_home == 0:  # registers hold adults: the head answers for the children
            for j in range(i + 1, i + me.home_size):
                if load_person(people, j).age < ADULT:
                    landed[k] |= _marks_of_doubles(marks, faces, names, j, i, total)


@part
def _hear(world, seen, lo, hi, room):
    """Sum the words of everyone's contacts: heard[layer, person], home, local, online.

    A loop of its own, so that a core keeps many reads of memory in flight, asked for
    ahead; and one without ends: a layer is a difference of running sums, for contacts
    stand in line, and a household's numbers follow each other.
    """
    people, contacts, reach = world.people, world.contacts, world.reach
    begin, last = np.uint64(reach[2 * lo]), np.uint64(contacts.shape[0] - 1)
    running = np.uint64(0)
    room.sums[0] = running
    for k in range(np.uint64(reach[2 * hi]) - begin):
        e = begin + k
        fetch(seen, contacts[min(e + np.uint64(AHEAD), last)])
        running += seen[contacts[e]]
        room.sums[k + np.uint64(1)] = running
    start = np.uint64(max(0, lo - HOME))
    running = np.uint64(0)
    room.homes[0] = running
    for j in range(np.uint64(min(people.shape[1], hi + HOME)) - start):
        running += seen[start + j]
        room.homes[j + np.uint64(1)] = running
    local = room.sums[0]
    for person in range(lo, hi):
        i, k = np.uint64(person), np.uint64(person - lo)
        me = load_person(people, i)
        first = i - np.uint64(me.place_in_home) - start
        home = room.homes[first + np.uint64(me.home_size)] - room.homes[first]
        online = room.sums[reach[np.uint64(2) * i + np.uint64(1)] - begin]
        end = room.sums[reach[np.uint64(2) * i + np.uint64(2)] - begin]
        room.heard[0, k], room.heard[1, k], room.heard[2, k] = (
            home - seen[i], online - local, end - online
        )  # fmt: skip
        local = end


@part
def _deliver(people, states, seen, names, lo, hi, today, rules):
    """The neighbourhoods whose day it is send their files up."""
    total = people.shape[1]
    region, nation = worth_of(rules.region_points), worth_of(rules.nation_points)
    i = lo
    while i < hi:
        block = i // BLOCK
        end = min(hi, (block + 1) * BLOCK)
        up = delivers_today(block, rules.region_every, today.day)
        far = delivers_today(block, rules.nation_every, today.day)
        if not up and not far:
            i = end
            continue
        for j in range(i, end):
            me = load_person(people, j)
            if me.age < ADULT:
                continue
            mine = load_state(states, j)
            shared = shares_purchases(me.memberships, rules)
            there = double_of(names, j, total)
            others = np.int64(seen[there])
            points = score_lane(others) - rules.base if others & SCORED else 0
            held, afar = mine.region, mine.nation
            if up and me.piloted < rules.region_connected:
                held = delivered(held, mine.file, shared, region, rules.region_sees, points,
                                 REGION_DELIVERY,
                                 rules.region_missed, rules.region_mistaken, today, j)  # fmt: skip
            elif up:
                held = 0
            if far and me.piloted < rules.nation_connected:
                afar = delivered(afar, mine.file, shared, nation, rules.nation_sees, points,
                                 NATION_DELIVERY,
                                 rules.nation_missed, rules.nation_mistaken, today, j)  # fmt: skip
            elif far:
                afar = 0
            put_copies(states, j, held, afar)
        i = end


@law
def _luck(luck, k):
    return Luck(
        np.int64(luck[0, k]), np.int64(luck[1, k]), np.int64(luck[2, k]), np.int64(luck[3, k]),
        np.int64(luck[4, k]), np.int64(luck[5, k]), np.int64(luck[6, k]), np.int64(luck[7, k]),
    )  # fmt: skip


@law
def _landed(mark):
    return Landed(
        np.int64((mark & FACE_MISTAKEN) != 0), np.int64((mark & NAME_MISTAKEN) != 0),
        np.int64((mark & CROWD_MISTAKEN) != 0),
    )  # fmt: skip


@law
def _news(room, shares, i, k):
    return News(
        np.int64(room.heard[0, k]), np.int64(room.heard[1, k]), np.int64(room.heard[2, k]),
        np.int64(shares[i]) & 0x1FFFF,  # at most 65,536, which the compiler may know
    )  # fmt: skip


@part
def _wake(people, shares, states, shown, left, queues, room, lo, hi, crowded, today, rules):
    """Ask everyone what the morning asks.

    Vector code: places that count up by one and are unsigned, no branches.
    """
    for person in range(lo, hi):
        i, k = np.uint64(person), np.uint64(person - lo)
        me, mine = load_person(people, i), load_state(states, i)
        woke = morning(
            me, mine, _landed(room.landed[k]), _news(room, shares, i, k), _luck(room.luck, k),
            person, today, crowded, rules,
        )  # fmt: skip
        adult = me.age >= ADULT
        felt = woke.felt
        put_feelings(
            states, i,
            felt.risk if adult else mine.risk, felt.detection if adult else mine.detection,
            felt.trust if adult else mine.trust, felt.support if adult else mine.support,
            felt.opinion if adult else mine.opinion, felt.standing if adult else mine.standing,
        )  # fmt: skip
        shown[i] = np.uint64(woke.word)
        left[i] = np.uint8(0)
        queues[i] = np.uint8(0)
        room.stirs[k] = np.uint8(woke.stirs)
        room.levels[k] = np.uint8(woke.fast_lane | woke.watched << 1)
    for person in range(lo + -(today.day + lo) % MONTH, hi, MONTH):  # whose instalment falls due
        room.stirs[person - lo] |= np.uint8(owes(load_person(people, person)))


@part
def _live(world, shown, left, room, lo, m, faces, today, rules, counts, voices, panel, t):
    """Live the day, stage by stage, of those for whom something stirs."""
    total = world.people.shape[1]
    followed = np.searchsorted(panel.citizens, lo)
    for k in range(m):
        if not room.stirs[k]:
            continue
        i = lo + k
        me = load_person(world.people, i)
        day = live_through(
            i, me, load_state(world.states, i), _landed(room.landed[k]),
            _news(room, world.shares, i, k), _luck(room.luck, k), double_of(faces, i, total),
            world.streets[i // DISTRICT], world, today, rules,
        )  # fmt: skip
        store_state(world.states, i, day.after)
        shown[i] = np.uint64(word_of(day, rules))
        left[i] = np.uint8(mark_of(day.seen))
        world.queues[i] = np.uint8(queues_of(day.after, rules))
        room.levels[k] = np.uint8(day.made.fast_lane | day.watched << 1)
        measure(counts, stratum(me), day)
        if day.seen.heard:
            voices[day.after.opinion * VOICES >> 8] += 1
        if day.after.list_until > 0 or (day.after.score_until > 0 and day.after.reasons > 15):
            world.burden[i] += 1
        while followed < panel.citizens.shape[0] and panel.citizens[followed] < i:
            followed += 1
        if followed < panel.citizens.shape[0] and panel.citizens[followed] == i:
            enter(panel.ledger, t, followed, day)
            if panel.evenings.shape[1]:
                kept = company(
                    np.int64(room.heard[0, k]), np.int64(room.heard[1, k]),
                    np.int64(room.heard[2, k]), rules,
                )  # fmt: skip
                panel.evenings[TOTAL, t, followed] = np.uint64(day.score.total)
                panel.evenings[COMPANY, t, followed] = np.uint64(kept.contacts << 32 | kept.scores)


@part
def _count_levels(world, shown, room, lo, m, rules, counts):
    """Take stock of everyone in the evening."""
    for k in range(m):
        i = lo + k
        me = load_person(world.people, i)
        if me.age < ADULT:
            continue
        mine = load_state(world.states, i)
        word = np.int64(shown[i])
        take_stock(
            counts, stratum(me), mine, is_scored(me.piloted, i, rules), score_lane(word),
            (word & BOASTS) != 0, room.levels[k] & 1, room.levels[k] >> 1,
            ones(np.int64(world.slots[i]) & ~mine.gone),
        )  # fmt: skip


@part
def live_chunk(world, room, lo, hi, day, seed, rules, counts, voices, panel, t):
    """Live the day of citizens lo … hi − 1; counts[stratum, measure] and voices gain theirs."""
    total = world.people.shape[1]
    seen, shown = world.words[day & 1], world.words[1 - (day & 1)]
    marks, left = world.marks[day & 1], world.marks[1 - (day & 1)]
    today = today_of(day, seed, rules)
    faces, names = turn_of(day - 1, seed, 0, total), turn_of(day - 1, seed, 1, total)
    faces_today = turn_of(day, seed, 0, total)
    fullest = 0
    for d in range(lo // DISTRICT, (hi - 1) // DISTRICT + 1):
        fullest = max(fullest, world.streets[d])
    crowded = (max(rules.presence[0], rules.presence[1], rules.presence[2]) * fullest >> 16) * 2
    night = night_rules(rules)
    for first in range(lo, hi, TILE):
        last = min(hi, first + TILE)
        fill(room.luck, first, last - first, day, seed, POST)
        _land(world.people, marks, faces, names, first, last, room.landed)
        _hear(world, seen, first, last, room)
        _deliver(world.people, world.states, seen, names, first, last, today, rules)
        _wake(world.people, world.shares, world.states, shown, left, world.queues, room,
              first, last, crowded, today, night)  # fmt: skip
        _live(world, shown, left, room, first, last - first, faces_today, today, rules, counts,
              voices, panel, t)  # fmt: skip
        if day % STOCKTAKING == 0:
            _count_levels(world, shown, room, first, last - first, rules, counts)
