"""A day of a chunk of citizens, tile by tile.

The morning is computed for everyone at once. The day is simulated stage by stage
only for those who are active. Every seventh day the levels of all adults are
counted.
"""

import numpy as np

from underwatch.engine.world import (
    ASSOCIATES,
    HOME,
    TILE,
    TOTAL,
    lookalike_of,
    rotation_of,
    today_of,
)
from underwatch.kernel.compile import fetch, kernel, nopython
from underwatch.kernel.random import fill
from underwatch.measurement.catalogue import OPINION_CLASSES
from underwatch.measurement.ledger import enter
from underwatch.measurement.tally import count_levels, history_of, measure, stratum
from underwatch.model.day import (
    ContactSignals,
    DailyDraws,
    Misattributed,
    citizen_day,
    misidentification_flags,
    morning,
    night_params,
    owes,
    public_signals,
    queues_of,
    shares_purchases,
)
from underwatch.model.dossiers.tiers import delivered, delivers_today, worth_of
from underwatch.model.scoring.scores import associates, is_scored
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
from underwatch.model.streams import LEVELS_EVERY, MONTH, NATION_DELIVERY, POST, REGION_DELIVERY

AHEAD = 128  # contacts from prefetching one to reading it


@nopython
def _any_flag(flags, rotation, lo, hi, total):
    """Whether any lookalike of citizens lo … hi − 1 left a flag; their numbers run backwards."""
    first, last = rotation - (hi - 1), rotation - lo
    anybody = np.uint8(0)
    for j in range(max(0, first), last + 1):
        anybody |= flags[j]
    for j in range(total + first, total + min(last + 1, 0)):
        anybody |= flags[j]
    return anybody != 0


@nopython
def _flags_of_lookalikes(flags, faces, names, i, answers, total):
    """Yesterday's flags of the lookalikes of i; none if the lookalike is `answers` themselves."""
    face, name = lookalike_of(faces, i, total), lookalike_of(names, i, total)
    here = np.uint8(0)
    if face != answers:
        here |= flags[face] & np.uint8(FACE_MISTAKEN | CROWD_MISTAKEN)
    if name != answers:
        here |= flags[name] & np.uint8(NAME_MISTAKEN)
    return here


@nopython
def _collect_mistakes(people, flags, faces, names, lo, hi, misattributed):
    """Collect yesterday's misidentifications: misattributed[person] = the lookalikes' flags."""
    total = people.shape[1]
    misattributed[: hi - lo] = 0
    after = min(total, hi + HOME)  # children of a head at the end of the tile
    if not (_any_flag(flags, faces, lo, after, total) or _any_flag(flags, names, lo, after, total)):
        return
    for k in range(hi - lo):
        i = lo + k
        traits = load_person(people, i)
        misattributed[k] = _flags_of_lookalikes(flags, faces, names, i, i, total)
        if traits.place_in_home == 0:  # the head answers for the children
            for j in range(i + 1, i + traits.home_size):
                if load_person(people, j).age < ADULT:
                    misattributed[k] |= _flags_of_lookalikes(flags, faces, names, j, i, total)


@nopython
def _sum_signals(world, seen, lo, hi, workspace):
    """Sum the signals of everyone's contacts: heard[layer, person], home, local, online.

    A separate loop, with prefetching, so that a core has many reads of memory under
    way. It has no inner loop over a citizen's contacts: contacts are stored one
    citizen after the other, so that a layer is a difference of running sums.
    """
    people, contacts, reach = world.people, world.contacts, world.reach
    begin, last = np.uint64(reach[2 * lo]), np.uint64(contacts.shape[0] - 1)
    running = np.uint64(0)
    workspace.sums[0] = running
    for k in range(np.uint64(reach[2 * hi]) - begin):
        e = begin + k
        fetch(seen, contacts[min(e + np.uint64(AHEAD), last)])
        running += seen[contacts[e]]
        workspace.sums[k + np.uint64(1)] = running
    start = np.uint64(max(0, lo - HOME))
    running = np.uint64(0)
    workspace.homes[0] = running
    for j in range(np.uint64(min(people.shape[1], hi + HOME)) - start):
        running += seen[start + j]
        workspace.homes[j + np.uint64(1)] = running
    local = workspace.sums[0]
    for person in range(lo, hi):
        i, k = np.uint64(person), np.uint64(person - lo)
        traits = load_person(people, i)
        first = i - np.uint64(traits.place_in_home) - start
        home = workspace.homes[first + np.uint64(traits.home_size)] - workspace.homes[first]
        online = workspace.sums[reach[np.uint64(2) * i + np.uint64(1)] - begin]
        end = workspace.sums[reach[np.uint64(2) * i + np.uint64(2)] - begin]
        workspace.heard[0, k], workspace.heard[1, k], workspace.heard[2, k] = (
            home - seen[i], online - local, end - online
        )  # fmt: skip
        local = end


@nopython
def _deliver(people, states, seen, names, lo, hi, today, params):
    """Deliver the files of neighbourhoods that are due today to the tiers above."""
    total = people.shape[1]
    region, nation = worth_of(params.region_points), worth_of(params.nation_points)
    i = lo
    while i < hi:
        block = i // BLOCK
        end = min(hi, (block + 1) * BLOCK)
        to_region = delivers_today(block, params.region_every, today.day)
        to_nation = delivers_today(block, params.nation_every, today.day)
        if not to_region and not to_nation:
            i = end
            continue
        for j in range(i, end):
            traits = load_person(people, j)
            if traits.age < ADULT:
                continue
            state = load_state(states, j)
            shared = shares_purchases(traits.memberships, params)
            namesake = np.int64(seen[lookalike_of(names, j, total)])
            points = score_lane(namesake) - params.base if namesake & SCORED else 0
            region_copy, nation_copy = state.region, state.nation
            if to_region and traits.piloted < params.region_connected:
                region_copy = delivered(
                    region_copy,
                    state.file,
                    shared,
                    region,
                    params.region_sees,
                    params.base,
                    points,
                    REGION_DELIVERY,
                    params.region_missed,
                    params.region_mistaken,
                    today,
                    j,
                )
            elif to_region:
                region_copy = 0
            if to_nation and traits.piloted < params.nation_connected:
                nation_copy = delivered(
                    nation_copy,
                    state.file,
                    shared,
                    nation,
                    params.nation_sees,
                    params.base,
                    points,
                    NATION_DELIVERY,
                    params.nation_missed,
                    params.nation_mistaken,
                    today,
                    j,
                )
            elif to_nation:
                nation_copy = 0
            put_copies(states, j, region_copy, nation_copy)
        i = end


@kernel
def _daily_draws(draws, k):
    return DailyDraws(
        np.int64(draws[0, k]), np.int64(draws[1, k]), np.int64(draws[2, k]), np.int64(draws[3, k]),
        np.int64(draws[4, k]), np.int64(draws[5, k]), np.int64(draws[6, k]), np.int64(draws[7, k]),
    )  # fmt: skip


@kernel
def _misattributed(flags):
    return Misattributed(
        np.int64((flags & FACE_MISTAKEN) != 0), np.int64((flags & NAME_MISTAKEN) != 0),
        np.int64((flags & CROWD_MISTAKEN) != 0),
    )  # fmt: skip


@kernel
def _contact_signals(workspace, shares, i, k):
    return ContactSignals(
        np.int64(workspace.heard[0, k]),
        np.int64(workspace.heard[1, k]),
        np.int64(workspace.heard[2, k]),
        np.int64(shares[i]) & 0x1FFFF,  # at most 65,536, which lets the compiler use narrow numbers
    )


@nopython
def _start_day(
    people, shares, states, shown, flags_today, queues, workspace, lo, hi, crowded, today, params
):
    """Compute everyone's morning.

    Vector code needs unsigned indices that count up by one, and no branches.
    """
    for person in range(lo, hi):
        i, k = np.uint64(person), np.uint64(person - lo)
        traits, state = load_person(people, i), load_state(states, i)
        updated = morning(
            traits,
            state,
            _misattributed(workspace.misattributed[k]),
            _contact_signals(workspace, shares, i, k),
            _daily_draws(workspace.draws, k),
            person,
            today,
            crowded,
            params,
        )
        adult = traits.age >= ADULT
        felt = updated.felt
        put_feelings(
            states, i,
            felt.risk if adult else state.risk, felt.detection if adult else state.detection,
            felt.trust if adult else state.trust, felt.support if adult else state.support,
            felt.opinion if adult else state.opinion, felt.standing if adult else state.standing,
        )  # fmt: skip
        shown[i] = np.uint64(updated.signals)
        flags_today[i] = np.uint8(0)
        queues[i] = np.uint8(0)
        workspace.active[k] = np.uint8(updated.active)
        workspace.levels[k] = np.uint8(updated.privileged | updated.watched << 1)
    first_due = lo + -(today.day + lo) % MONTH
    for person in range(first_due, hi, MONTH):  # borrowers whose instalment is due
        workspace.active[person - lo] |= np.uint8(owes(load_person(people, person)))


@nopython
def _simulate_active(
    world,
    shown,
    flags_today,
    workspace,
    lo,
    m,
    faces,
    today,
    params,
    counts,
    expressed_opinions,
    panel,
    t,
):
    """Simulate the day, stage by stage, of the citizens who are active today."""
    total = world.people.shape[1]
    followed = np.searchsorted(panel.citizens, lo)
    for k in range(m):
        if not workspace.active[k]:
            continue
        i = lo + k
        traits = load_person(world.people, i)
        day = citizen_day(
            i,
            traits,
            load_state(world.states, i),
            _misattributed(workspace.misattributed[k]),
            _contact_signals(workspace, world.shares, i, k),
            _daily_draws(workspace.draws, k),
            lookalike_of(faces, i, total),
            world.protesting[i // DISTRICT],
            world,
            today,
            params,
        )
        store_state(world.states, i, day.after)
        shown[i] = np.uint64(public_signals(day, params))
        flags_today[i] = np.uint8(misidentification_flags(day.seen))
        world.queues[i] = np.uint8(queues_of(day.after, params))
        workspace.levels[k] = np.uint8(day.made.privileged | day.watched << 1)
        measure(counts, stratum(traits), day)
        if day.seen.heard:
            expressed_opinions[day.after.opinion * OPINION_CLASSES >> 8] += 1
        if day.after.list_until > 0 or (day.after.score_until > 0 and day.after.reasons > 15):
            world.restricted_days[i] += 1
        events = history_of(day)
        if events:
            world.history[i] |= np.uint16(events)
        while followed < panel.citizens.shape[0] and panel.citizens[followed] < i:
            followed += 1
        if followed < panel.citizens.shape[0] and panel.citizens[followed] == i:
            enter(panel.ledger, t, followed, day)
            if panel.evenings.shape[1]:
                observed = associates(
                    np.int64(workspace.heard[0, k]), np.int64(workspace.heard[1, k]),
                    np.int64(workspace.heard[2, k]), params,
                )  # fmt: skip
                panel.evenings[TOTAL, t, followed] = np.uint64(day.score.total)
                panel.evenings[ASSOCIATES, t, followed] = np.uint64(
                    observed.contacts << 32 | observed.scores
                )


@nopython
def _count_levels(world, shown, workspace, lo, m, params, counts):
    """Count the levels of all adults in the evening."""
    for k in range(m):
        i = lo + k
        traits = load_person(world.people, i)
        if traits.age < ADULT:
            continue
        state = load_state(world.states, i)
        signals = np.int64(shown[i])
        count_levels(
            counts,
            stratum(traits),
            state,
            is_scored(traits.piloted, i, params),
            score_lane(signals),
            (signals & BOASTS) != 0,
            workspace.levels[k] & 1,
            workspace.levels[k] >> 1,
            ones(np.int64(world.slots[i]) & ~state.dissolved),
        )


@nopython
def simulate_chunk(
    world, workspace, lo, hi, day, seed, params, counts, expressed_opinions, panel, t
):
    """Simulate a day of citizens lo … hi − 1.

    counts[stratum, measure] and expressed_opinions[class] are increased.
    """
    total = world.people.shape[1]
    seen, shown = world.signals[day & 1], world.signals[1 - (day & 1)]
    flags, flags_today = world.flags[day & 1], world.flags[1 - (day & 1)]
    today = today_of(day, seed, params)
    faces, names = rotation_of(day - 1, seed, 0, total), rotation_of(day - 1, seed, 1, total)
    faces_today = rotation_of(day, seed, 0, total)
    fullest = 0
    for d in range(lo // DISTRICT, (hi - 1) // DISTRICT + 1):
        fullest = max(fullest, world.protesting[d])
    crowded = (max(params.presence[0], params.presence[1], params.presence[2]) * fullest >> 16) * 2
    night = night_params(params)
    for first in range(lo, hi, TILE):
        last = min(hi, first + TILE)
        fill(workspace.draws, first, last - first, day, seed, POST)
        _collect_mistakes(world.people, flags, faces, names, first, last, workspace.misattributed)
        _sum_signals(world, seen, first, last, workspace)
        _deliver(world.people, world.states, seen, names, first, last, today, params)
        _start_day(
            world.people,
            world.shares,
            world.states,
            shown,
            flags_today,
            world.queues,
            workspace,
            first,
            last,
            crowded,
            today,
            night,
        )
        _simulate_active(
            world,
            shown,
            flags_today,
            workspace,
            first,
            last - first,
            faces_today,
            today,
            params,
            counts,
            expressed_opinions,
            panel,
            t,
        )
        if day % LEVELS_EVERY == 0:
            _count_levels(world, shown, workspace, first, last - first, params, counts)
