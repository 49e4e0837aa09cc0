"""Cases of the built society and of its feelings: census margins, information, chill."""

from __future__ import annotations

from datetime import date

import numpy as np

from underwatch.engine.population import build
from underwatch.model.parameters import PARAMS, params_on
from underwatch.model.society.people import DISTRICT
from underwatch.model.state import CAUGHT, ONE, PENALISED
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import cite
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import of_share
from underwatch.verification.populations import parameters, society, staged

_ARTICLE = date(2018, 2, 1)  # when the article appeared
# Citizens by which a district may miss a share. Of ages: quotas are whole, shares are 65,536ths. Of
# places: a household across two neighbourhoods goes with its head, a tenth of a point in all.
_QUOTA, _PLACES = 1.5, 0.001 * DISTRICT
_LEAST, _MOST = 2.2, 20.0  # published falls, in percent: searches, and views of articles


def margins(citizens: int, seed: int) -> list[Check]:
    """Case 18: the margins of the society of the default scenario, in each of its districts.

    What the scenario states comes out: that the whole has the published shares is an identity.
    The organ has to bring them about in every district.
    """
    settings = [f"society.citizens={citizens}", f"society.seed={seed}"]
    scenario = Scenario.load("atlantic-2018", settings)
    people, census = build(scenario).people, scenario.society
    age = people["age"]
    checks = []
    for label, published, stated, has, allowed in (
        ("under 15", 17.95, census.share_under_15, age < 15, _QUOTA),
        ("of 60 and over", 18.70, census.share_over_60, age >= 60, _QUOTA),
        ("in towns", 63.9, census.share_urban, people["place"] > 0, _PLACES),
    ):
        checks += [
            Check(f"Citizens {label}, too many or too few in the district that is furthest off",
                  0.0, _furthest(has, stated), "citizens", tolerance=allowed, replicates=citizens),
            Check(f"People {label}", published, 100 * has.mean(), "%", tolerance=0.1,
                  replicates=citizens, role="identity"),
        ]  # fmt: skip
    heads = people["home_size"][people["place_in_home"] == 0]
    shares = np.array(census.household_sizes) / sum(census.household_sizes)
    mean = citizens / len(heads)
    return [
        *checks,
        Check("People in a household, as the stated sizes have it",
              float(shares @ np.arange(1, len(shares) + 1)), mean,
              error=heads.std() / len(heads) ** 0.5, replicates=len(heads)),
        of_share("Households of one person", 100 * shares[0], float((heads == 1).sum()),
                 len(heads)),
        Check("People in a household", 2.62, mean, tolerance=0.03, replicates=len(heads),
              role="identity"),
    ]  # fmt: skip


def _furthest(has: np.ndarray, share: float) -> float:
    """By how many citizens the district that is furthest off misses a share."""
    district = np.arange(len(has)) // DISTRICT
    return float(np.abs(np.bincount(district, has) - share * np.bincount(district)).max())


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
        notices="Ages drawn at random instead of by quota: a district of 65,536 would have some "
        "200 children too many or too few, where 1.5 are accepted.",
        note="The shares are stated by the scenario, so that those of the whole are identities. "
        "Exact is that every district has them: to a citizen for ages, to a tenth of a point for "
        "places, because a household across two neighbourhoods goes with its head. Sizes of "
        "households are drawn, and shaped to the published mean.",
    ),
)  # fmt: skip
