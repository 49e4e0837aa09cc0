"""M24: how the organs spread over invented states, year by year.

A state adopts a group of organs in a year with the probability

    (demand + supply · exposure) · (1 + helps · held),  at most 1.

Demand depends on its regime. Exposure is the share of its trade with the exporter and with
states that held the group at the start of the year. Held is the number of groups that it held
itself then. Adoptions of the same year have no effect on each other, so the order of states
changes nothing. All arithmetic is in integers; a random draw has the address (seed, group,
year, state).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import nopython, parallel, prange
from underwatch.kernel.random import draw
from underwatch.model.parameters.units import chance as threshold
from underwatch.model.parameters.units import part as share
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.states import States

ADOPTS = (1 << 18) + 64  # a stream for each group, in the order of the study
NEVER = 1 << 15  # later than any year of a study


class Offers(NamedTuple):
    """The terms of adoption as integers, for compiled code."""

    offered: np.ndarray  # int64 (groups): first year on offer
    after: np.ndarray  # bool (groups, groups): whether a state must hold the other before
    demand: np.ndarray  # int64 (groups, regimes): probability a year, in 2^-32
    supply: np.ndarray  # int64 (groups): probability a year at full exposure, in 2^-32
    helps: int  # relative increase by each group held, in 65,536ths


def offers(study: Study) -> Offers:
    """The terms of a study, probabilities as thresholds of 32-bit draws."""
    groups = study.offers
    return Offers(
        np.array([offer.offered_from for offer in groups.values()], np.int64),
        np.array([[other in offer.after for other in groups] for offer in groups.values()]),
        threshold([offer.demand.values for offer in groups.values()]),
        threshold([offer.supply for offer in groups.values()]),
        int(share(study.held_helps)),
    )


def spread(
    study: Study, states: States, seeds: Sequence[int] | np.ndarray, order=None
) -> np.ndarray:
    """The year in which each state adopts each group, or NEVER: int64 (seeds, states, groups).

    A group is active from the first day of that year. seeds: one replicate each. order: in which
    states are computed; it changes nothing.
    """
    n, terms = len(states.regime), offers(study)
    adopted = np.full((len(seeds), n, len(terms.offered)), NEVER, np.int64)
    order = np.arange(n) if order is None else np.asarray(order, np.int64)
    years = np.arange(study.years.first, study.years.last + 1)
    _spread_years(
        np.asarray(seeds, np.uint64), years, order, states.regime, states.exporter, states.trade,
        terms, adopted,
    )  # fmt: skip
    return adopted


@nopython
def _exposure(exporter, trade, adopted, group, year):
    """The share of trade with the exporter and with holders of the group, in 65,536ths."""
    total = exporter
    for j in range(trade.shape[0]):
        total += trade[j] * (adopted[j, group] < year)
    return min(total, 65536)


@nopython
def _is_open(offers, group, own, year):
    """Whether a state may adopt a group: on offer, not held, and what it requires is held."""
    is_open = offers.offered[group] <= year and own[group] >= year
    for other in range(own.shape[0]):
        is_open = is_open and (not offers.after[group, other] or own[other] < year)
    return is_open


@nopython
def _chance(offers, group, regime, exposure, held):
    """The probability of adoption in this year, in 2^-32."""
    chance = offers.demand[group, regime] + (offers.supply[group] * exposure >> 16)
    return chance + (chance * offers.helps >> 16) * held


@parallel
def _spread_years(seeds, years, order, regime, exporter, trade, offers, adopted):
    """Compute every state in every year, for every seed."""
    for w in prange(seeds.shape[0]):
        for year in years:
            for s in order:
                own = adopted[w, s]
                held = (own < year).sum()
                for group in range(own.shape[0]):
                    if not _is_open(offers, group, own, year):
                        continue
                    exposure = _exposure(exporter[s], trade[s], adopted[w], group, year)
                    chance = _chance(offers, group, regime[s], exposure, held)
                    if draw(seeds[w], ADOPTS + group, year, s) < chance:
                        own[group] = year
