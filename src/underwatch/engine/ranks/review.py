"""The monthly review of ties, and where open ties are packed, for the citizens of one rank."""

from underwatch.engine.night import _pack, _set_reach, _set_shares, review_ties, turn_over_ties
from underwatch.engine.world import TILE
from underwatch.kernel.compile import parallel, prange


@parallel
def review(world, begin, end, day, seed, params_table, epoch, choices):
    """Citizens begin … end − 1 review their candidate ties; see `night.review_ties`."""
    for t in prange((end - begin + TILE - 1) // TILE):
        lo = begin + t * TILE
        params = params_table[epoch]
        review_ties(world, lo, min(end, lo + TILE), day, seed, params, choices)


@parallel
def turn_over(world, begin, end, choices):
    """Close and open the ties of citizens begin … end − 1; see `night.turn_over_ties`."""
    for t in prange((end - begin + TILE - 1) // TILE):
        lo = begin + t * TILE
        turn_over_ties(world, lo, min(end, lo + TILE), choices)


@parallel
def pack(world, begin, end):
    """Put the open ties of citizens begin … end − 1 in one sequence; see `pack_open_ties`."""
    tiles = (end - begin + TILE - 1) // TILE
    for t in prange(tiles):
        lo = begin + t * TILE
        _set_shares(world, lo, min(end, lo + TILE))
    _set_reach(world, begin, end)
    for t in prange(tiles):
        lo = begin + t * TILE
        _pack(world, lo, min(end, lo + TILE))
