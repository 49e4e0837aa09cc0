"""A case of adoption by word of mouth: Bass, on the private score (M4)."""

from __future__ import annotations

import numpy as np

from underwatch.model.society.people import SHOPS
from underwatch.model.state import MEMBER
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import mean_and_error
from underwatch.verification.populations import (
    CERTAIN,
    adults,
    advance,
    parameters,
    population,
    staged,
)

_ALONE, _HEARD = 0.03, 0.38  # p and q, a year
_STEPS = 100  # days that stand for a year
_YEARS, _MET = 8, 8  # contacts met a day
_CITIZENS = 20_000


def adopted(seed: int) -> np.ndarray:
    """The share of members of the private score by day, where people meet at random each day."""
    random, n = np.random.default_rng(seed), _CITIZENS
    slots = np.full((n, 16), n, np.uint32)
    slots[:, :_MET] = random.integers(0, n, (n, _MET))
    record = parameters(
        precursor_on=1, join_alone=round(CERTAIN * _ALONE / _STEPS),
        join_heard=round(CERTAIN * _HEARD / _STEPS), private_base=600, private_ceiling=950,
    )  # fmt: skip
    among = population(adults(n, memberships=SHOPS), slots, seed)
    simulation = staged(among, record, _YEARS * _STEPS)
    shares = np.empty(_YEARS * _STEPS)
    for day in range(len(shares)):
        simulation.world.near[:-1] = random.integers(0, n, n * _MET)
        advance(simulation, day + 1)
        shares[day] = (simulation.states()["standing"] & MEMBER != 0).mean()
    return shares


def bass(runs: int, seed: int) -> list[Check]:
    """Case 30: the share of members after five years, and when most join."""
    found = [adopted(seed + k) for k in range(runs)]
    five, five_error = mean_and_error([shares[5 * _STEPS - 1] for shares in found])
    at_peak = (1 - _ALONE / _HEARD) / 2  # the share at which most join, whatever the time
    years = [np.interp(at_peak, shares, np.arange(1, len(shares) + 1) / _STEPS) for shares in found]
    peak, peak_error = mean_and_error(years)
    return [
        Check("Members after 5 years", 0.3312, five, error=five_error, tolerance=0.001,
              replicates=runs * _CITIZENS),
        Check("Years until most join", 6.193, peak, "years", peak_error, tolerance=0.01,
              replicates=runs * _CITIZENS),
    ]  # fmt: skip


CASES = (
    Case(
        30, "Adoption by word of mouth",
        "M4 Private precursor: joining alone and through contacts who boast "
        "(model.society.acts, model.scoring.precursor)",
        "Bass 1969: t* = ln(q/p)/(p + q), p .03 and q .38 a year", "C", "exact",
        bass, replicates=8, quick=4, seconds=11.0,
        notices="Contacts who boast counted twice, or not at all: members after five years would "
        "be .66 or .14 instead of .33; the error is .002.",
        note="A hundred days stand for a year, and people meet eight others drawn at random each "
        "day, as the formula has it; over lasting ties adoption is slower.",
    ),
)  # fmt: skip
