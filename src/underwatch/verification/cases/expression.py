"""Cases of speech and opinion: silence that spreads, and laws that this model does not have."""

from __future__ import annotations

import numpy as np

from underwatch.kernel.random import fill
from underwatch.model.morning import daily_draws
from underwatch.model.society.people import Person
from underwatch.model.society.speech import Street, speak
from underwatch.model.state import ONE, Heard, State
from underwatch.model.streams import DAILY_STREAMS, Today
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import mean_and_error
from underwatch.verification.compiled import driver
from underwatch.verification.populations import CERTAIN, parameters

_HEARING = 1 << 15  # times by which being heard raises a rate that is next to none without it
_MINORITY, _STEPS = 0.4, 4
_BATCHES = 20


@driver
def _speakers(words, camp, share, seed, day, params):  # type: ignore[no-untyped-def]
    """How many of the first `camp` citizens post, if this share of voices is on their side."""
    fill(words, 0, camp, day, seed, 0)
    count = 0
    state = State(0, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    traits = Person(30, 0, 0, 0, 0, 255, 0, 0, 128, 0, 0, 0, 0, 1, 0, 0)
    heard = Heard(1, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    today = Today(seed, day, -1, -1, 0, 0)
    for i in range(camp):
        speech = speak(
            traits, state, heard, share, Street(0, 0, 0, 0), daily_draws(words, i), today, i,
            params[0],
        )  # fmt: skip
        count += speech.posted
    return count


def voices(citizens: int, seed: int) -> np.ndarray:
    """The share of voices that the minority has, step by step: float64 (steps)."""
    params = parameters(post_rate=CERTAIN // _HEARING, hear_boost=_HEARING * ONE)
    words = np.zeros((DAILY_STREAMS, citizens), np.uint32)
    few = round(_MINORITY * citizens)
    share, shares = _MINORITY, []
    for step in range(_STEPS):
        here = _speakers(words, few, round(share * ONE), seed, 2 * step, params)
        there = _speakers(
            words, citizens - few, round((1 - share) * ONE), seed, 2 * step + 1, params
        )
        share = here / (here + there)
        shares.append(share)
    return np.array(shares)


def silence(citizens: int, seed: int) -> list[Check]:
    """Case 27: the minority's share of voices, while everyone speaks as often as they are heard."""
    found = np.array([voices(citizens // _BATCHES, seed + k) for k in range(_BATCHES)])
    checks = []
    for step, expected in enumerate((0.3077, 0.2286, 0.1649, 0.1164)):
        got, error = mean_and_error(found[:, step])
        checks.append(Check(
            f"Share of voices of a minority of 40 % after step {step + 1}", expected, got,
            error=error, tolerance=0.0001, replicates=citizens,
        ))  # fmt: skip
    return checks


CASES = (
    Case(
        26, "An information cascade", "none",
        "Bikhchandani, Hirshleifer & Welch 1992: P(right) = p(p + 1)/(2(1 − p + p²))", "C",
        "not modelled",
        note="Nobody in the model infers the state of the world from what others did before: a "
        "neighbour's report and a reputation depend on no earlier report, and what spreads by "
        "imitation is protest, above a share of others (cases 4 to 6 and 28).",
    ),
    Case(
        27, "The spiral of silence",
        "M18 Expression: posts raised by the share of contacts heard (model.society.speech)",
        "Solvable form: the minority's odds change by m/(1 − m) a step", "C", "exact",
        silence, replicates=2_000_000, quick=600_000, seconds=6.0,
        notices="A share heard that enters squared, or with a tenth more weight for one camp: "
        "after four steps the minority would have none or .16 of the voices instead of .116; the "
        "error is .0006.",
        note="In the model only criticism is expressed in public. Here two camps speak by the "
        "same kernel, each by its own share of all voices; without being heard nobody speaks.",
    ),
    Case(
        29, "Averaging of opinions", "none",
        "Friedkin & Johnsen 1990: (I − ΛW)⁻¹(I − Λ)x₀; DeGroot 1974", "C", "not modelled",
        note="Citizens do not know the private opinions of their contacts, and do not average "
        "them. An opinion moves up with the share of contacts who are heard to be critical, down "
        "by the official line, and towards the citizen's own conviction "
        "(model.response.overnight).",
    ),
)  # fmt: skip
