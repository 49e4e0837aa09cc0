"""M24: how the organs spread over invented states, year by year.

A state adopts a group of organs in a year with the probability

    (innovation + imitation · reach) · (1 + held_helps · held) · choice,  at most 1.

Reach is the share of its trade with sellers: the exporter, and the states that held the group
when the year began. A seller's share counts more, the more it has sold. Held is the number of
groups that the state held itself then. A state that considers a group chooses by what it heard:
choice is 1 / (1 + exp((price − gain) / doubt)), a half if it heard of nobody. Gain is what the
sellers' nations measured when they adopted the group, weighted by trade and by what the buyer's
regime wants. The price falls with the number of adopters.

Nothing else enters: no published count of adopters is read here. Adoptions of the same year
have no effect on each other, so the order of states changes nothing. A random draw has the
address (seed, group, year, state), and what decides is integers.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import nopython, parallel, prange
from underwatch.kernel.random import draw
from underwatch.model.parameters.units import chance as threshold
from underwatch.model.parameters.units import part as share
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.reports import Reports
from underwatch.study.diffusion.states import States

ADOPTS = (1 << 18) + 64  # a stream for each group, in the order of the study
NEVER = 1 << 15  # later than any year of a study
NOBODY = -1  # adopted without a seller
_ALL = 1 << 33  # beyond any threshold of a draw
_FINE = 256  # steps of the choice for each `doubt`
_STEPS = np.arange(-16 * _FINE, 16 * _FINE + 1)


class Spread(NamedTuple):
    """When each state adopts each group, and from whom: int64 (seeds, states, groups)."""

    adopted: np.ndarray  # year; the group works from its first day; or NEVER
    supplier: np.ndarray  # number of a state, the number of states for the exporter, or NOBODY


class Terms(NamedTuple):
    """The terms of adoption as integers, for compiled code."""

    offered: np.ndarray  # int64 (groups): first year on offer
    after: np.ndarray  # bool (groups, groups): whether a state must hold the other before
    price: np.ndarray  # int64 (groups, adopters): in 65,536ths, by the number of adopters
    effort: np.ndarray  # int64 (sales): weight of a seller by its sales, in 65,536ths
    innovation: int  # probability a year, in 2^-32
    imitation: int  # probability a year at full reach, in 2^-32
    helps: int  # relative increase by each group held, in 65,536ths
    choice: np.ndarray  # int64: chance to choose, by the gain less the price, 65,536ths
    doubt: int  # scale of the choice, in 65,536ths of the unit of the wants


def terms_of(study: Study) -> Terms:
    """The terms of a study, probabilities as thresholds of 32-bit draws."""
    groups, law = study.offers, study.adoption
    doublings = np.log2(1 + np.arange(study.states.number + 1))
    price = np.array([offer.price for offer in groups.values()])
    return Terms(
        np.array([offer.offered_from for offer in groups.values()], np.int64),
        np.array([[other in offer.after for other in groups] for offer in groups.values()]),
        share(price[:, None] * (1 - law.price_fall) ** doublings),
        share(1 + law.seller_growth * doublings),
        int(threshold(law.innovation)),
        int(threshold(law.imitation)),
        int(share(law.held_helps)),
        share(1 / (1 + np.exp(-_STEPS / _FINE))),
        max(1, int(share(law.doubt))),
    )


def spread(
    study: Study, states: States, seeds: Sequence[int] | np.ndarray,
    measured: Callable[[frozenset[str]], np.ndarray], order=None,
) -> Spread:  # fmt: skip
    """The years of adoption and the suppliers, one replicate for each seed.

    measured: the change in every goal by the groups that a nation holds, float64 (populations,
    goals), as `TrialNations` gives it. order: in which states are computed; it changes nothing.
    """
    n, groups, terms = len(states.regime), len(study.offers), terms_of(study)
    adopted = np.full((len(seeds), n, groups), NEVER, np.int64)
    supplier = np.full_like(adopted, NOBODY)
    sold = np.zeros((len(seeds), n + 1, groups), np.int64)  # the exporter is the last
    reports = Reports(study, measured, adopted.shape)
    order = np.arange(n) if order is None else np.ascontiguousarray(order, np.int64)
    seeds = np.asarray(seeds, np.uint64)
    for year in range(study.years.first, study.years.last + 1):
        reports.hear_exporter(year)
        holders = (adopted < year).sum(1)
        _one_year(
            seeds, year, order, states.regime, states.exporter, states.trade, terms,
            holders, sold, reports.rows, reports.gains, adopted, supplier,
        )  # fmt: skip
        w, s, k = np.nonzero(adopted == year)
        bought = supplier[w, s, k] != NOBODY
        np.add.at(sold, (w[bought], supplier[w, s, k][bought], k[bought]), 1)
        if year < study.years.last:
            reports.hear(w, s, k, adopted, year)
    return Spread(adopted, supplier)


@nopython
def _is_open(terms, group, own, year):
    """Whether a state may adopt a group: on offer, not held, and what it requires is held."""
    is_open = terms.offered[group] <= year and own[group] >= year
    for other in range(own.shape[0]):
        is_open = is_open and (not terms.after[group, other] or own[other] < year)
    return is_open


@nopython
def _sellers(exporter, trade, adopted, sold, rows, gains, effort, group, year, regime):
    """Reach of all sellers, their mean gain by trade, all in 65,536ths; and the largest seller."""
    n = trade.shape[0]
    reach = 0
    known = 0
    gain = 0
    most = 0
    largest = NOBODY
    for j in range(n + 1):
        weight = exporter if j == n else trade[j]
        if weight == 0 or (j < n and adopted[j, group] >= year):
            continue
        offer = weight * effort[sold[j, group]] >> 16
        reach += offer
        known += weight
        gain += weight * gains[rows[j, group], regime]
        if offer > most:
            most = offer
            largest = j
    return min(reach, 65536), gain // max(known, 1), known > 0, largest


@nopython
def _chance(terms, reach, held, net):
    """The probability of adoption in this year, in 2^-32. net: gain less price, in 65,536ths."""
    chance = terms.innovation + (terms.imitation * reach >> 16)
    chance = min(chance + (chance * terms.helps >> 16) * held, _ALL)
    middle = terms.choice.shape[0] // 2
    step = min(max((net * _FINE + terms.doubt // 2) // terms.doubt, -middle), middle)
    return chance * terms.choice[middle + step] >> 16


@parallel
def _one_year(
    seeds, year, order, regime, exporter, trade, terms, holders, sold, rows, gains, adopted,
    supplier,
):  # fmt: skip
    """Compute every state for every seed; the others are as when the year began."""
    for w in prange(seeds.shape[0]):
        for s in order:
            own = adopted[w, s]
            held = (own < year).sum()
            for group in range(own.shape[0]):
                if not _is_open(terms, group, own, year):
                    continue
                reach, gain, heard, largest = _sellers(
                    exporter[s], trade[s], adopted[w], sold[w], rows[w], gains, terms.effort,
                    group, year, regime[s],
                )  # fmt: skip
                net = gain - terms.price[group, holders[w, group]] if heard else 0
                if draw(seeds[w], ADOPTS + group, year, s) < _chance(terms, reach, held, net):
                    own[group] = year
                    supplier[w, s, group] = largest
