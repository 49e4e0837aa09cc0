"""Laws of a citizen score alone: short runs in which nothing else moves a figure.

A pilot has few wrongful restrictions and hardly an appeal, so its own runs cannot test what a
formula says of them. The engine therefore simulates the same nation a second time, at the declared
figures, with all that could move a figure besides held still:

spillover  everybody is scored and only late instalments cost points; nobody is restricted, and
           nobody leaves a contact whose score is low, which would lessen it. All scores together
           with association, over all scores without; it lags records by some days
appeals    most citizens are restricted for their contacts' records alone. There is no court list,
           a place for every appeal, and no appeal but after a notice
length     everybody is below the line; nobody is born, dies or appeals with success
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import numpy as np

from underwatch.assessments.result import ALL, Deployment, Key, Measured, Safeguards
from underwatch.assessments.worlds.citizen_score import outcomes_of, scenario_of
from underwatch.scenario import Scenario
from underwatch.study.runs import Outcome

SPILL_DAYS, APPEAL_DAYS, MARGIN = 240, 200, 20
_POINTS = (
    "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
    "minor_offence", "serious_offence", "good_deed", "assembly", "evasion",
)  # fmt: skip
_BASE = 2_500  # sixteen late instalments above the floor
_ALL_SCORED = {
    "scoring.share_of_places": 1, "scoring.base": _BASE, "scoring.ceiling": 2 * _BASE,
    "scoring.floor": 0, "blacklist.on": False,
}  # fmt: skip
# Nobody leaves a contact whose score is low, and nobody is restricted.
_NO_RESPONSE = {"ties.let_go": 0, "restrictions.on": False}
# Which safeguards change a law; the others leave the run as it is, and it is not repeated.
_OF_SPILLOVER, _OF_APPEALS, _OF_LENGTH = {"no_association"}, {"notice"}, {"proportionality"}


def probes(
    deployment: Deployment, seed: int, citizens: int | None, worlds: Mapping[str, Safeguards]
) -> dict[str, dict[Key, Measured]]:
    """(value, events) of each law in each world that has a score."""
    found: dict[str, dict[Key, Measured]] = {}
    known: dict[tuple[str, Safeguards], dict[Key, Measured]] = {}
    for world, safeguards in worlds.items():
        found[world] = {}
        if safeguards is None:
            continue
        for law, of in ((_spillover, _OF_SPILLOVER), (_appeals, _OF_APPEALS),
                        (_length, _OF_LENGTH)):  # fmt: skip
            guards = safeguards & of
            if law is _appeals and "appeal" in safeguards:
                continue  # its capacity and its rulings are the safeguard's
            if (law.__name__, guards) not in known:
                known[law.__name__, guards] = law(deployment, seed, citizens, guards)
            found[world] |= known[law.__name__, guards]
    return found


def _spillover(
    deployment: Deployment, seed: int, citizens: int | None, guards: frozenset[str]
) -> dict[Key, Measured]:
    """What association adds to the points of everybody, in percent of their own."""
    nation = scenario_of(deployment, guards, citizens, seed)
    linked = nation.with_(_ALL_SCORED | _costs(late=-150) | _NO_RESPONSE)
    if guards and deployment.figure("safeguards.no_association.level") == 1:
        return {}  # no association is left to be simulated
    alone = linked.with_({"scoring.association": 0})
    found = _outcomes({"linked": linked, "alone": alone}, seed, SPILL_DAYS)
    lost = {
        name: _BASE * one.totals["scored"] - one.totals["score_sum"] for name, one in found.items()
    }
    if not lost["alone"]:
        return {}
    late = found["alone"].totals["instalments_due"] - found["alone"].totals["instalments_kept"]
    return {("spillover", ALL, None): (100 * (lost["linked"] / lost["alone"] - 1), late)}


def _appeals(
    deployment: Deployment, seed: int, citizens: int | None, guards: frozenset[str]
) -> dict[Key, Measured]:
    """Restrictions that are appealed, and wrongful ones that an appeal lifts, in percent."""
    nation = scenario_of(deployment, guards, citizens, seed)
    crowd = nation.with_(
        _ALL_SCORED | _costs(late=-500) | {
            "scoring.association": 0.9, "restrictions.below": _BASE,
            "redress.appeals_after_refusal": 0, "redress.delay_days": 0,
            "redress.reversed_rightful": 0, "redress.places_per_million_a_day": 100_000,
        }
    )  # fmt: skip
    totals = _outcomes({"crowd": crowd}, seed, APPEAL_DAYS)["crowd"].totals
    found: dict[Key, Measured] = {}
    for measure, part, whole in (
        ("appealed_after_notice", "appeals_filed", "imposed"),
        ("correctable", "appeals_upheld", "wrongful"),
    ):
        if totals[whole]:
            share = 100 * totals[part] / totals[whole]
            found[measure, ALL, None] = share, min(totals[part], totals[whole] - totals[part])
    return found


def _length(
    deployment: Deployment, seed: int, citizens: int | None, guards: frozenset[str]
) -> dict[Key, Measured]:
    """The mean of days from imposition to end, of restrictions that end within the run."""
    nation = scenario_of(deployment, guards, citizens, seed)
    everyone = nation.with_(
        _ALL_SCORED | _costs(late=0) | {
            "scoring.association": 0, "scoring.base": _BASE - 1, "restrictions.below": _BASE,
            "society.births_and_deaths": False,
            "redress.reversed_rightful": 0, "redress.reversed_wrongful": 0,
        }
    )  # fmt: skip
    days = round(deployment.figure("decisions.days")) + MARGIN
    tallies = _outcomes({"everyone": everyone}, seed, days)["everyone"].tallies
    begun, ended = (tallies[name].values.astype(np.int64) for name in ("imposed", "ended"))
    number = int(ended.sum())
    if not number:
        return {}
    at = np.arange(len(begun))
    # They end in the order in which they began, so the first `number` are those that ended.
    of_ended = np.diff(np.minimum(np.cumsum(begun), number), prepend=0)
    length = float(at @ ended - at @ of_ended) / number
    return {("restriction_days", ALL, None): (length, None)}  # no chance is in it: no events


def _costs(late: int) -> dict[str, int]:
    """Points of which only late instalments have any."""
    return {f"scoring.points.{name}": late if name == "late" else 0 for name in _POINTS}


def _outcomes(scenarios: Mapping[str, Scenario], seed: int, days: int) -> dict[str, Outcome]:
    """What happens in some worlds within so many days."""
    ends = {
        name: one.with_({"last_day": one.first_day + timedelta(days=days - 1)})
        for name, one in scenarios.items()
    }
    return outcomes_of(ends, seed, days)
