"""M24: how the organs spread over invented states, year by year.

A state takes a group of organs in a year with the chance

    (demand + supply · exposure) · (1 + helps · held),  at most 1,

demand by its regime, exposure the share of its trade with the exporter and with
states that held the group when the year began, held the number of groups that
it had itself then. What the others do in the same year does not count, so the
order in which states are asked changes nothing. Whole numbers only; chance is
an address (seed, group, year, state).
"""

from typing import NamedTuple

import numpy as np
from numba import prange

from underwatch.kernel.compile import nopython, parallel
from underwatch.kernel.random import draw
from underwatch.model.parameters.units import chance as threshold
from underwatch.model.parameters.units import part as share
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.states import States

ADOPTS = (1 << 18) + 64  # a stream for each group, in the order of the study
NEVER = 1 << 15  # a year that does not come


class Offers(NamedTuple):
    """What is on offer, in the numbers of the law."""

    offered: np.ndarray  # int64 (groups): from which year
    after: np.ndarray  # bool (groups, groups): whether a state must have the other before
    demand: np.ndarray  # int64 (groups, regimes): chance a year, of 2^32
    supply: np.ndarray  # int64 (groups): chance a year at full exposure, of 2^32
    helps: int  # what each group held adds to a chance, 65,536ths of it


def offers(study: Study) -> Offers:
    """The terms of a study as thresholds."""
    groups = study.offers
    return Offers(
        np.array([offer.offered_from for offer in groups.values()], np.int64),
        np.array([[other in offer.after for other in groups] for offer in groups.values()]),
        threshold([offer.demand.values for offer in groups.values()]),
        threshold([offer.supply for offer in groups.values()]),
        int(share(study.held_helps)),
    )


def spread(study: Study, states: States, seeds: np.ndarray, order=None) -> np.ndarray:
    """The year in which each state takes each group, int64 (seeds, states, groups); or NEVER.

    A group works from the first day of that year. seeds: one luck each. order:
    in which states are asked; it changes nothing.
    """
    n, terms = len(states.regime), offers(study)
    adopted = np.full((len(seeds), n, len(terms.offered)), NEVER, np.int64)
    order = np.arange(n) if order is None else np.asarray(order, np.int64)
    years = np.arange(study.years.first, study.years.last + 1)
    _live_years(
        np.asarray(seeds, np.uint64), years, order, states.regime, states.exporter, states.trade,
        terms, adopted,
    )  # fmt: skip
    return adopted


@nopython
def _exposure(exporter, trade, adopted, group, year):
    """The share of a state's trade with the exporter and with who held the group, 65,536ths."""
    total = exporter
    for j in range(trade.shape[0]):
        total += trade[j] * (adopted[j, group] < year)
    return min(total, 65536)


@nopython
def _is_open(offers, group, own, year):
    """Whether a state may take a group: on offer, not had, and what it needs is there."""
    is_open = offers.offered[group] <= year and own[group] >= year
    for other in range(own.shape[0]):
        is_open = is_open and (not offers.after[group, other] or own[other] < year)
    return is_open


@nopython
def _chance(offers, group, regime, exposure, held):
    """The chance of this year, of 2^32."""
    wish = offers.demand[group, regime] + (offers.supply[group] * exposure >> 16)
    return wish + (wish * offers.helps >> 16) * held


@parallel
def _live_years(seeds, years, order, regime, exporter, trade, offers, adopted):
    """Ask every state every year, in every luck."""
    for w in prange(seeds.shape[0]):
        for year in years:
            for s in order:
                own = adopted[w, s]
                held = (own < year).sum()
                for group in range(own.shape[0]):
                    if not _is_open(offers, group, own, year):
                        continue
                    exposure = _exposure(exporter[s], trade[s], adopted[w], group, year)
                    wish = _chance(offers, group, regime[s], exposure, held)
                    if draw(seeds[w], ADOPTS + group, year, s) < wish:
                        own[group] = year


@parallel
def look_up(seed, stream, found):
    """found[k]: the draw of state k in a stream."""
    for k in prange(found.shape[0]):
        found[k] = draw(seed, stream, 0, k)
