"""The day of the active of a tile of citizens: listed by their reasons, simulated, recorded."""

import numpy as np

from underwatch.engine.morning import contact_signals, misattributions
from underwatch.engine.recording import ASSOCIATES, TOTAL
from underwatch.engine.world import lookalike_of
from underwatch.kernel.compile import apart, kernel, nopython
from underwatch.measurement.catalogue import OPINION_CLASSES
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.ledger import enter
from underwatch.measurement.tally import history_of, measure, stratum
from underwatch.model.day import citizen_day
from underwatch.model.decisions.restrictions import in_force
from underwatch.model.morning import daily_draws
from underwatch.model.reasons import ACTIVE, BY_OTHER, EVERYDAY, REASONS
from underwatch.model.scoring.scores import associates
from underwatch.model.society.people import DISTRICT, load_person
from underwatch.model.society.speech import Street
from underwatch.model.state import credit_of, fatigue_of, load_state, store_state, stored
from underwatch.model.traces import flags_of, public_signals, queues_of


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
    if in_force(day.after) > 0:
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
def simulate_active(
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
