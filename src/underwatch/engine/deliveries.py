"""Deliveries of local files to the regional and national tiers (M5)."""

import numpy as np

from underwatch.engine.world import lookalike_of
from underwatch.kernel.compile import nopython
from underwatch.model.day import shares_purchases
from underwatch.model.dossiers.tiers import delivered, delivers_today, worth_of
from underwatch.model.scoring.scores import whole_points
from underwatch.model.society.people import ADULT, BLOCK, load_person
from underwatch.model.state import SCORED, load_state, put_copies, score_lane
from underwatch.model.streams import NATION_DELIVERY, REGION_DELIVERY


@nopython
def deliver(people, states, seen, names, lo, hi, today, params):
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
            score = whole_points(score_lane(namesake))
            points = score - params.base if namesake & SCORED else 0
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
