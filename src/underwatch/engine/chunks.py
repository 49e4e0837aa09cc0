"""A day of a chunk of citizens, tile by tile.

The morning is computed for everyone at once. The day is simulated stage by stage
only for those who are active. Every seventh day the levels of all adults are
counted.
"""

import numpy as np

from underwatch.engine.active import simulate_active
from underwatch.engine.morning import start_day
from underwatch.engine.signals import collect_mistakes, fetch_mistakes, sum_signals
from underwatch.engine.world import TILE, rotation_of, today_of
from underwatch.kernel.bits import ones
from underwatch.kernel.compile import nopython
from underwatch.kernel.random import fill_twelve
from underwatch.measurement.tally import count_levels, stratum
from underwatch.model.dossiers.companies import held
from underwatch.model.dossiers.records import bits_of
from underwatch.model.morning import night_params
from underwatch.model.scoring.scores import is_scored, whole_points
from underwatch.model.society.people import ADULT, DISTRICT, load_person
from underwatch.model.state import BOASTS, in_lanes, load_state, score_lane
from underwatch.model.streams import DAILY_STREAMS, FEELING, LEVELS_EVERY

assert DAILY_STREAMS == 12  # those that fill_twelve fills


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
        start_day(
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
        simulate_active(
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
