"""Cases of the built society and of its feelings: census margins, information, chill."""

from __future__ import annotations

from datetime import date

import numpy as np

from underwatch.engine.population import build
from underwatch.model.parameters import PARAMS, params_on
from underwatch.model.state import CAUGHT, ONE, PENALISED
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import cite
from underwatch.verification.case import Case, Check
from underwatch.verification.populations import parameters, society, staged

_ARTICLE = date(2018, 2, 1)  # when the article appeared
_LEAST, _MOST = 2.2, 20.0  # published falls, in percent: searches, and views of articles


def margins(citizens: int, seed: int) -> list[Check]:
    """Case 18: the margins of the society of the default scenario."""
    settings = [f"society.citizens={citizens}", f"society.seed={seed}"]
    people = build(Scenario.load("atlantic-2018", settings)).people
    age = people["age"]
    shares = [
        ("People under 15", 17.95, (age < 15).mean()),
        ("People of 15 to 59", 63.35, ((age >= 15) & (age < 60)).mean()),
        ("People of 60 and over", 18.70, (age >= 60).mean()),
        ("Urban people", 63.9, (people["place"] > 0).mean()),
    ]
    checks = [
        Check(label, expected, 100 * share, "%", tolerance=0.1, replicates=citizens)
        for label, expected, share in shares
    ]
    households = int((people["place_in_home"] == 0).sum())
    spread = people["home_size"][people["place_in_home"] == 0].std()
    checks.append(Check(
        "People in a household", 2.62, citizens / households, error=spread / households**0.5,
        tolerance=0.03, replicates=households,
    ))  # fmt: skip
    return checks


def _support(signal: int, citizens: int, seed: int) -> float:
    """Mean support of adults one night after all of their contacts showed a signal, or none."""
    nation = society(citizens, seed)
    default = params_on(Scenario.load("atlantic-2018"), date(2018, 6, 1))
    named = [n for n in PARAMS.names or () if n.startswith("support_") or n == "detection_heard"]
    # Information alone: everyone learns, and nothing else happens to support.
    alone = {"learn": ONE, "news_passes": ONE, "support_news": 0, "support_offences": 0}
    record = parameters(**({name: default[name] for name in named} | alone))
    people, adult = nation.among.people, nation.adults
    opinion = people["conviction"]
    support = default["support_start"][0][opinion]
    signals = np.zeros(citizens, np.int64)
    signals[adult] = signal
    states = {"support": support, "opinion": opinion, "trust": 128}
    night = staged(nation.among, record, 1, states, signals)
    night.run()
    return float(night.states()["support"][adult[nation.degree[adult] > 0]].mean())


def informed(citizens: int, seed: int) -> list[Check]:
    """The first part of case 17: what information does to support."""
    nothing, repression, order = (_support(s, citizens, seed) for s in (0, PENALISED, CAUGHT))
    return [
        Check(f"Support of people informed of {what}", expected, 100 * (got / nothing - 1), "%",
              tolerance=2.0, replicates=citizens)
        for what, expected, got in (("repression", -12.0, repression), ("order", 0.0, order))
    ]  # fmt: skip


def information(citizens: int, seed: int) -> list[Check]:
    """Case 17: what information does to support, and what watching does to expression."""
    settings = [f"society.citizens={citizens}", f"society.seed={seed}"]
    scenario = Scenario.load("atlantic-2018", settings)
    tallies = run(scenario, days=(_ARTICLE - scenario.first_day).days).tallies
    acts, withheld = (int(tallies[name][-365:].sum()) for name in ("would_acts", "chilled_acts"))
    share = 100 * withheld / acts
    error = 100 * (withheld**0.5) / acts
    return [
        *informed(citizens, seed),
        Check("Lawful expression withheld in the year before the article (a range, not fitted)",
              min(max(share, _LEAST), _MOST), share, "%", error, band=(_LEAST, _MOST),
              replicates=acts),
    ]  # fmt: skip


CASES = (
    Case(
        17, "Information about repression, and the chill of being watched",
        "M22 Support of those who learn of penalties (model.response.overnight); "
        "M18 acts withheld, a whole run of the default scenario",
        f"{cite('xu_2022')}; {cite('penney_2016')}; {cite('marthews_tucker')}", "V", "fitted",
        information, replicates=20_000, quick=5_000, seconds=3.0,
        notices="Learning of a penalty counted on two nights: support would fall by 23 % instead "
        "of 12 %.",
        note="The loss of support (`support.lost_when_learning`) is fitted to −12 %. The share of "
        "expression that is withheld is not fitted: it lies anywhere in the range of the two "
        "published falls, 2.2 points of searches and 20 % of views, whose subjects differ from "
        "the acts of this model.",
    ),
    Case(
        18, "Census margins", "The built society (model.society.people)",
        cite("census_2020"), "V", "exact", margins, replicates=1_000_000, quick=200_000,
        seconds=2.0,
        notices="Ages drawn at random instead of by quota, in a district of 65,536: a margin "
        "would be off by up to .5 points there; .1 is accepted.",
    ),
)  # fmt: skip
