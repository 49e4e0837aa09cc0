"""What a launch does: each function here is run by a grid of threads, one for each citizen.

A grid may have fewer threads than there are citizens; then a thread takes every so-manieth. No
thread reads what another of the same launch writes. Counts are whole numbers, added by atomic
operations, so that their order does not matter.
"""

import numpy as np
from numba import cuda, int32, uint32

from underwatch.engine.cuda import work as words
from underwatch.engine.cuda.constants import today_on
from underwatch.engine.cuda.ties import hear
from underwatch.engine.cuda.work import FRESH, PARTS
from underwatch.engine.morning import contact_signals, misattributions
from underwatch.engine.queues import LINED_UP, WAITS
from underwatch.engine.signals import mistaken_for
from underwatch.engine.world import lookalike_of
from underwatch.kernel.bits import ones
from underwatch.kernel.compile import kernel
from underwatch.kernel.random import fill
from underwatch.measurement.catalogue import OPINION_CLASSES, STRATA
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.ledger import enter
from underwatch.measurement.queues import FIRST, QUEUES
from underwatch.measurement.tally import count_levels, history_of, measure, stratum
from underwatch.model.day import citizen_day
from underwatch.model.decisions.restrictions import in_force
from underwatch.model.dossiers.companies import held
from underwatch.model.dossiers.records import bits_of
from underwatch.model.morning import daily_draws, morning, night_params, owes
from underwatch.model.reasons import ACTIVE, ANY
from underwatch.model.scoring.scores import is_scored, whole_points
from underwatch.model.society.people import ADULT, DISTRICT, load_person, load_person_narrow
from underwatch.model.society.speech import Street
from underwatch.model.state import (
    BOASTS,
    CREDIT,
    FATIGUE,
    MARCHED,
    OFFENDED,
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
from underwatch.model.streams import (
    DAILY_STREAMS,
    FEELING,
    MONTH,
)
from underwatch.model.traces import flags_of, public_signals, queues_of

CASES = len(QUEUES)


def listen(world, work, lo, hi, day):
    """What reaches citizens lo … hi − 1 this morning: signals of contacts, misidentifications.

    It reads at random, and a card hides the wait for a read behind other threads. A launch of its
    own needs fewer registers than a morning, so that more threads run at once.
    """
    seen, flags = world.signals[day & 1], world.flags[day & 1]
    face, name = work.constants[words.FACE_BEFORE], work.constants[words.NAME_BEFORE]
    for k in range(cuda.grid(1), hi - lo, cuda.gridsize(1)):
        i = lo + k
        home, local, online, share = hear(world, work, seen, i, load_person_narrow(world.people, i))
        work.heard[0, k], work.heard[1, k], work.heard[2, k] = home, local, online
        work.shares[k] = np.uint32(share)
        work.mistakes[k] = np.uint8(mistaken_for(world.people, flags, face, name, i))


@kernel
def _start_day(world, work, i, k, draws, today, params):
    """The morning of citizen i, the k-th of the band; whether the day is simulated in full."""
    day = today.day
    shown = world.signals[1 - (day & 1)]
    flags, flags_today = world.flags[day & 1], world.flags[1 - (day & 1)]
    traits, state = load_person_narrow(world.people, i), load_state_narrow(world.states, i)
    fill(draws, i, 1, day, today.seed, FEELING)
    crowd = world.protesting[i // DISTRICT]
    widest = max(params.presence[0], params.presence[1], params.presence[2])
    updated = morning(
        traits,
        state,
        misattributions(work.mistakes[k]),
        contact_signals(work, k),
        daily_draws(draws, 0),
        i,
        fatigue_of(flags[i]),
        today,
        (widest * crowd >> 16) * 2,
        (params.instigators > 0) | ((params.heeds_district > 0) & (crowd > 0)),
        world.offending[i // DISTRICT],
        night_params(params),
    )
    adult = traits.age >= ADULT
    if adult:
        felt = updated.felt
        put_feelings(
            world.states, i, felt.risk, felt.detection, felt.trust, felt.support, felt.opinion,
            felt.standing,
        )  # fmt: skip
    shown[i] = np.uint32(updated.signals)
    kept = updated.fatigue * FATIGUE + credit_of(flags[i]) * CREDIT
    flags_today[i] = np.uint16(kept if adult else 0)
    world.queues[i] = world.queues[i] & np.uint8(255 - WAITS)
    levels = (
        np.int64(updated.privileged)
        | np.int64(updated.watched & adult) << 1
        | np.int64(updated.strives * adult) << 2
    )
    work.levels[k] = np.uint8(levels)
    active = np.int64(updated.reasons) & ACTIVE != 0
    if (day + i) % MONTH == 0:
        active = active or np.int64(owes(traits)) != 0
    if levels >> 1 & 1 and not active:
        cuda.atomic.add(work.listed, i % PARTS, 1)
    return active


def mornings(world, work, lo, hi, band, day, seed, params_table, epoch):
    """The mornings of citizens lo … hi − 1; work.active gains those who are active today.

    The threads of a block count theirs together, so that blocks seldom wait for each other.
    """
    found = cuda.shared.array(2, int32)
    draws = cuda.local.array((DAILY_STREAMS, 1), uint32)
    params = params_table[epoch]
    today, own = today_on(work.constants, day, seed), cuda.threadIdx.x
    for first in range(cuda.blockIdx.x * cuda.blockDim.x, hi - lo, cuda.gridsize(1)):
        if own == 0:
            found[0] = 0
        cuda.syncthreads()
        k, active, place = first + own, False, 0
        if k < hi - lo:
            active = _start_day(world, work, lo + k, k, draws, today, params)
        if active:
            place = cuda.atomic.add(found, 0, 1)
        cuda.syncthreads()
        if own == 0:
            found[1] = cuda.atomic.add(work.actives, band, found[0])
        cuda.syncthreads()
        if active:
            work.active[found[1] + place] = np.uint32(k)


@kernel
def _add(counts, tallies, t, k):
    """Add one citizen's counts to those of their stratum."""
    for column in range(FIRST):
        if counts[0, column] != 0:
            cuda.atomic.add(tallies, (t, k, column), np.int64(counts[0, column]))


@kernel
def _place_of(citizens, i):
    """The place of citizen i among the followed, who are in ascending order; -1 for none."""
    low, high = 0, citizens.shape[0]
    while low < high:
        middle = (low + high) >> 1
        if citizens[middle] < i:
            low = middle + 1
        else:
            high = middle
    return low if low < citizens.shape[0] and citizens[low] == i else -1


@kernel
def _simulate(world, work, i, k, draws, today, params, counts, expressed_opinions, panel, t):
    """The day of citizen i, stage by stage; counts[0, measure] gain it. The stratum."""
    day_number = today.day
    shown = world.signals[1 - (day_number & 1)]
    flags, flags_today = world.flags[day_number & 1], world.flags[1 - (day_number & 1)]
    traits = load_person(world.people, i)
    fill(draws, i, 1, day_number, today.seed, FEELING)
    day = citizen_day(
        i,
        traits,
        load_state(world.states, i),
        misattributions(work.mistakes[k]),
        contact_signals(work, k),
        daily_draws(draws, 0),
        lookalike_of(work.constants[words.FACE_TODAY], i, np.int64(world.people.shape[1])),
        Street(
            world.protesting[i // DISTRICT],
            fatigue_of(flags[i]),
            credit_of(flags[i]),
            np.int64(work.levels[k]) >> 2,
        ),
        ANY,
        world,
        today,
        params,
    )
    store_state(world.states, i, day.after)
    shown[i] = stored(public_signals(day, params))
    marks = flags_of(day)
    flags_today[i] = np.uint16(marks)
    if marks & MARCHED:
        cuda.atomic.add(work.marching, i // DISTRICT, 1)
    if marks & OFFENDED:
        cuda.atomic.add(work.offending, i // DISTRICT, 1)
    cases = np.int64(world.queues[i]) | queues_of(day.after)
    world.queues[i] = np.uint8(cases)
    if cases & ~(cases >> LINED_UP) & WAITS:
        work.fresh[i // FRESH] = np.uint8(1)
    levels = day.made.privileged | day.watched << 1 | day.strives << 2
    work.levels[k] = np.uint8(levels)
    if levels >> 1 & 1:
        cuda.atomic.add(work.listed, i % PARTS, 1)
    measure(counts, 0, day)
    if day.seen.heard:
        cohort = min(np.int64(world.cohorts[i]), np.int64(OTHERS))
        opinion = day.after.opinion * OPINION_CLASSES >> 8
        cuda.atomic.add(expressed_opinions, (t, cohort, opinion), 1)
    if in_force(day.after) > 0:
        world.restricted_days[i] += np.uint16(1)
    events = history_of(day)
    if events:
        world.history[i] |= np.uint16(events)
    if panel.citizens.shape[0]:
        place = _place_of(panel.citizens, i)
        if place >= 0:
            enter(panel.ledger, t, place, day)
    return stratum(traits)


def active_days(
    world, work, lo, band, day, seed, params_table, epoch, tallies, expressed_opinions, panel, t
):
    """The day, stage by stage, of those of a band who are active today."""
    draws = cuda.local.array((DAILY_STREAMS, 1), uint32)
    counts = cuda.local.array((1, FIRST), int32)
    params, today = params_table[epoch], today_on(work.constants, day, seed)
    for at in range(cuda.grid(1), work.actives[band], cuda.gridsize(1)):
        for column in range(FIRST):
            counts[0, column] = 0
        k = np.int64(work.active[at])
        row = _simulate(
            world, work, lo + k, k, draws, today, params, counts, expressed_opinions, panel, t
        )
        _add(counts, tallies, t, row)


def levels(world, work, lo, hi, day, params_table, epoch, tallies, t):
    """The levels of all adults of a band, every seventh evening.

    The threads of a block add theirs to counts of the block first. Its citizens are at most
    32,768 (running.py), so that sums of points and of feelings stay below 2^31.
    """
    together = cuda.shared.array((STRATA, FIRST), int32)
    counts = cuda.local.array((1, FIRST), int32)
    own, size = cuda.threadIdx.x, cuda.blockDim.x
    for at in range(own, STRATA * FIRST, size):
        together[at // FIRST, at % FIRST] = 0
    cuda.syncthreads()
    params, shown = params_table[epoch], world.signals[1 - (day & 1)]
    visible = bits_of(params.sees)
    for k in range(cuda.grid(1), hi - lo, cuda.gridsize(1)):
        i = lo + k
        traits = load_person(world.people, i)
        if traits.age >= ADULT:
            for column in range(FIRST):
                counts[0, column] = 0
            state, signals = load_state(world.states, i), np.int64(in_lanes(shown[i]))
            found = np.int64(work.levels[k])
            count_levels(
                counts,
                0,
                state,
                held(state, visible, params),
                is_scored(traits.piloted, i, params),
                whole_points(score_lane(signals)),
                (signals & BOASTS) != 0,
                found & 1,
                found >> 1 & 1,
                found >> 2,
                ones(np.int64(world.slots[i])),
            )
            row = stratum(traits)
            for column in range(FIRST):
                if counts[0, column] != 0:
                    cuda.atomic.add(together, (row, column), counts[0, column])
    cuda.syncthreads()
    for at in range(own, STRATA * FIRST, size):
        row, column = at // FIRST, at % FIRST
        if together[row, column] != 0:
            cuda.atomic.add(tallies, (t, row, column), np.int64(together[row, column]))
