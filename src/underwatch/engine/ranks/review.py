"""The monthly review of ties, for the citizens of one rank."""

import numpy as np

from underwatch.engine.night import review_ties, turn_over_ties
from underwatch.engine.world import TILE
from underwatch.kernel.compile import parallel, prange


@parallel
def review(world, begin, end, day, seed, params_table, epoch, choices):
    """Citizens begin … end − 1 review their candidate ties; see `night.review_ties`."""
    for s in prange((end - begin + TILE - 1) // TILE):
        params = params_table[epoch]
        review_ties(world, begin // TILE + np.int64(s), day, seed, params, choices)


@parallel
def turn_over(world, begin, end, choices):
    """Close and open the ties of citizens begin … end − 1; see `night.turn_over_ties`."""
    for s in prange((end - begin + TILE - 1) // TILE):
        turn_over_ties(world, begin // TILE + np.int64(s), choices)
