"""A day of a chunk of citizens, tile by tile.

The morning is computed for everyone at once. The day is simulated stage by stage
only for those who are active. Every seventh day the levels of all adults are
counted.
"""

import numpy as np

from underwatch.engine.queues import WAITS
from underwatch.engine.recording import ASSOCIATES, TOTAL
from underwatch.engine.signals import collect_mistakes, fetch_mistakes, sum_signals
from underwatch.engine.world import (
    TILE,
    lookalike_of,
    rotation_of,
    today_of,
)
from underwatch.kernel.bits import ones
from underwatch.kernel.compile import apart, in_own_frame, kernel, nopython
from underwatch.kernel.random import fill_twelve
from underwatch.measurement.catalogue import OPINION_CLASSES
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.ledger import enter
from underwatch.measurement.tally import count_levels, history_of, measure, stratum
from underwatch.model.day import (
    ContactSignals,
    Misattributed,
    citizen_day,
    daily_draws,
    flags_of,
    morning,
    night_params,
    owes,
    public_signals,
    queues_of,
)
from underwatch.model.dossiers.companies import held
from underwatch.model.dossiers.records import bits_of
from underwatch.model.reasons import ACTIVE, BY_DEBT, BY_OTHER, EVERYDAY, REASONS
from underwatch.model.scoring.scores import associates, is_scored, whole_points
from underwatch.model.society.people import ADULT, DISTRICT, load_person, load_person_narrow
from underwatch.model.society.speech import Street
from underwatch.model.state import (
    BOASTS,
    CREDIT,
    CROWD_MISTAKEN,
    FACE_MISTAKEN,
    FATIGUE,
    NAME_MISTAKEN,
    credit_of,
    fatigue_of,
    in_lanes,
    load_state,
    load_state_narrow,
    put_feelings,
    score_lane,
    store_state,
    stored,
)
from underwatch.model.streams import DAILY_STREAMS, FEELING, LEVELS_EVERY, MONTH

assert DAILY_STREAMS == 12  # those that fill_twelve fills


@kernel
def misattributions(flags):
    """Yesterday's acts of others that flags ascribe to a citizen, one by one."""
    return Misattributed(
        np.int64((flags & FACE_MISTAKEN) != 0), np.int64((flags & NAME_MISTAKEN) != 0),
        np.int64((flags & CROWD_MISTAKEN) != 0),
    )  # fmt: skip


@kernel
def contact_signals(workspace, k):
    """What the contacts of the k-th citizen showed; workspace: with `heard` and `shares`."""
    return ContactSignals(
        np.int64(workspace.heard[0, k]),
        np.int64(workspace.heard[1, k]),
        np.int64(workspace.heard[2, k]),
        # At most 65,536, which lets the compiler use narrow numbers.
        np.int64(workspace.shares[k]) & 0x1FFFF,
    )


@apart(seconds=3)
def _start_day(
    people,
    states,
    shown,
    flags,
    flags_today,
    queues,
    workspace,
    lo,
    hi,
    crowded,
    spreads,
    offended,
    today,
    params,
):
    """Compute everyone's morning.

    Vector code needs unsigned indices that count up by one, and no branches.
    """
    in_own_frame()
    for person in range(lo, hi):
        i, k = np.uint64(person), np.uint64(person - lo)
        traits, state = load_person_narrow(people, i), load_state_narrow(states, i)
        updated = morning(
            traits,
            state,
            misattributions(workspace.misattributed[k]),
            contact_signals(workspace, k),
            daily_draws(workspace.draws, k),
            person,
            fatigue_of(flags[i]),
            today,
            crowded,
            spreads,
            offended,
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
        shown[i] = np.uint32(updated.signals)
        kept = updated.fatigue * FATIGUE + credit_of(flags[i]) * CREDIT
        flags_today[i] = np.uint16(kept if adult else 0)
        queues[i] = queues[i] & np.uint8(255 - WAITS)
        workspace.active[k] = np.uint8(updated.reasons)
        workspace.levels[k] = np.uint8(
            updated.privileged | (updated.watched & adult) << 1 | (updated.strives * adult) << 2
        )
    first_due = lo + -(today.day + lo) % MONTH
    for person in range(first_due, hi, MONTH):  # borrowers whose instalment is due
        owed = owes(load_person(people, person))
        workspace.active[person - lo] |= np.uint8(owed * (ACTIVE | BY_DEBT))


@nopython
def _list_active(workspace, m):
    """List the active of m citizens, by the reasons for which they are: listed[1, place].

    How many there are. Without branches.
    """
    reasons, listed, starts = workspace.active, workspace.listed, workspace.starts
    many = np.uint64(0)
    for k in range(np.uint64(m)):
        listed[0, many] = np.uint16(k)
        many += np.uint64(reasons[k] & np.uint8(ACTIVE))
    starts[:] = 0
    for place in range(many):
        starts[np.uint64(reasons[listed[0, place]] >> np.uint8(1)) + np.uint64(1)] += 1
    for kind in range(REASONS // 2):
        starts[kind + 1] += starts[kind]
    for place in range(many):
        k = listed[0, place]
        kind = np.uint64(reasons[k] >> np.uint8(1))
        listed[1, np.uint64(starts[kind])] = k
        starts[kind] += 1
    return np.int64(many)


@kernel
def _day_of(k, reasons, world, flags, workspace, lo, faces, today, params):
    """The day of the k-th citizen, stage by stage."""
    i = lo + np.int64(k)
    here = np.uint64(i)  # an index that cannot count from the end takes fewer instructions
    return citizen_day(
        i,
        load_person(world.people, here),
        load_state(world.states, here),
        misattributions(workspace.misattributed[k]),
        contact_signals(workspace, k),
        daily_draws(workspace.draws, k),
        lookalike_of(faces, i, world.people.shape[1]),
        Street(
            world.protesting[i // DISTRICT],
            fatigue_of(flags[here]),
            credit_of(flags[here]),
            np.int64(workspace.levels[k]) >> 2,
        ),
        reasons,
        world,
        today,
        params,
    )


@kernel
def _record(
    day, k, world, shown, flags_today, workspace, lo, params, counts, expressed_opinions
):  # fmt: skip
    """Write the day of the k-th citizen: tomorrow's state, public signals, and measures."""
    here = np.uint64(lo) + k
    store_state(world.states, here, day.after)
    shown[here] = stored(public_signals(day, params))
    flags_today[here] = np.uint16(flags_of(day))
    world.queues[here] |= np.uint8(queues_of(day.after))
    workspace.levels[k] = np.uint8(day.made.privileged | day.watched << 1 | day.strives << 2)
    measure(counts, stratum(load_person(world.people, here)), day)
    if day.seen.heard:
        cohort = np.int64(world.cohorts[here])
        expressed_opinions[min(cohort, OTHERS), day.after.opinion * OPINION_CLASSES >> 8] += 1
    if day.after.list_until > 0 or (day.after.score_until > 0 and day.after.reasons > 15):
        world.restricted_days[here] += 1
    events = history_of(day)
    if events:
        world.history[here] |= np.uint16(events)


@kernel
def _follow(panel, first, end, i, t, day, contacts, params):
    """Keep the day of citizen i, if followed; first … end − 1: the tile's places in the panel."""
    if first == end:
        return
    followed = first + np.searchsorted(panel.citizens[first:end], i)
    if followed < end and panel.citizens[followed] == i:
        enter(panel.ledger, t, followed, day)
        if panel.evenings.shape[1]:
            observed = associates(contacts.home, contacts.local, contacts.online, params)
            panel.evenings[TOTAL, t, followed] = np.uint64(day.score.total)
            panel.evenings[ASSOCIATES, t, followed] = np.uint64(
                observed.contacts << 32 | observed.scores
            )


@apart(seconds=8)
def _simulate_active(
    world,
    shown,
    flags,
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
    """Simulate the day, stage by stage, of the citizens who are active today.

    Those with everyday reasons come first, in a loop of their own, whose code is a third as long:
    the compiler leaves out what cannot happen to them. Whoever gives grounds for a decision comes
    again in the second loop, as do the followed.
    """
    first, end = np.searchsorted(panel.citizens, lo), np.searchsorted(panel.citizens, lo + m)
    for place in range(first, end):
        workspace.active[panel.citizens[place] - lo] |= np.uint8(BY_OTHER)
    many = _list_active(workspace, m)
    begin = min(many, workspace.starts[EVERYDAY >> 1])  # of the second loop
    for place in range(begin - 1, -1, -1):
        k = np.uint64(workspace.listed[1, np.uint64(place)])
        reasons = np.int64(workspace.active[k]) & EVERYDAY
        day = _day_of(k, reasons, world, flags, workspace, lo, faces, today, params)
        if day.grounds:
            workspace.active[k] |= np.uint8(BY_OTHER)
            begin -= 1
            workspace.listed[1, np.uint64(begin)] = np.uint16(k)
        else:
            _record(
                day, k, world, shown, flags_today, workspace, lo, params, counts,
                expressed_opinions,
            )  # fmt: skip
    for place in range(begin, many):
        k = np.uint64(workspace.listed[1, np.uint64(place)])
        reasons = np.int64(workspace.active[k])
        day = _day_of(k, reasons, world, flags, workspace, lo, faces, today, params)
        _record(
            day, k, world, shown, flags_today, workspace, lo, params, counts, expressed_opinions
        )
        _follow(panel, first, end, lo + np.int64(k), t, day, contact_signals(workspace, k), params)


@nopython
def _count_levels(world, shown, workspace, lo, m, params, counts):
    """Count the levels of all adults in the evening."""
    visible = bits_of(params.sees)
    for k in range(np.uint64(m)):
        i = np.uint64(lo) + k
        traits = load_person(world.people, i)
        if traits.age < ADULT:
            continue
        state = load_state(world.states, i)
        signals = np.int64(in_lanes(shown[i]))
        count_levels(
            counts,
            stratum(traits),
            state,
            held(state, visible, params),
            is_scored(traits.piloted, np.int64(i), params),
            whole_points(score_lane(signals)),
            (signals & BOASTS) != 0,
            np.int64(workspace.levels[k]) & 1,
            np.int64(workspace.levels[k]) >> 1 & 1,
            np.int64(workspace.levels[k]) >> 2,
            ones(np.int64(world.slots[i])),
        )


@nopython
def simulate_chunk(
    world, workspace, lo, hi, day, seed, params, counts, expressed_opinions, panel, t
):
    """Simulate a day of citizens lo … hi − 1.

    counts[stratum, measure] and expressed_opinions[cohort, class] are increased. Returns the number
    of citizens on the watch list.
    """
    total = world.people.shape[1]
    seen, shown = world.signals[day & 1], world.signals[1 - (day & 1)]
    flags, flags_today = world.flags[day & 1], world.flags[1 - (day & 1)]
    today = today_of(day, seed, world.listed[0], total, params)
    faces, names = rotation_of(day - 1, seed, 0, total), rotation_of(day - 1, seed, 1, total)
    faces_today = rotation_of(day, seed, 0, total)
    fullest = 0
    for d in range(lo // DISTRICT, (hi - 1) // DISTRICT + 1):
        fullest = max(fullest, world.protesting[d])
    crowded = (max(params.presence[0], params.presence[1], params.presence[2]) * fullest >> 16) * 2
    spreads = (params.instigators > 0) | ((params.heeds_district > 0) & (fullest > 0))
    night, listed = night_params(params), 0
    first = lo
    while first < hi:
        last = min(hi, (first // TILE + 1) * TILE)  # within one segment, and so one district
        fetch_mistakes(flags, faces, names, first, last, total)
        fill_twelve(workspace.draws, first, last - first, day, seed, FEELING)
        collect_mistakes(world.people, flags, faces, names, first, last, workspace.misattributed)
        sum_signals(world, seen, first, last, workspace)
        _start_day(
            world.people,
            world.states,
            shown,
            flags,
            flags_today,
            world.queues,
            workspace,
            first,
            last,
            crowded,
            spreads,
            world.offending[first // DISTRICT],
            today,
            night,
        )
        _simulate_active(
            world,
            shown,
            flags,
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
        for k in range(np.uint64(last - first)):
            listed += np.int64(workspace.levels[k] >> 1 & 1)
        if day % LEVELS_EVERY == 0:
            _count_levels(world, shown, workspace, first, last - first, params, counts)
        first = last
    return listed
