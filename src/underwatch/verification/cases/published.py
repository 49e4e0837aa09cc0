"""Published deployments: what they fitted, what was predicted, and what a bracket leaves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from underwatch.assessments.closed_forms.fitting import Audit, fitted
from underwatch.assessments.closed_forms.risk_score import expected, wrong_if_appealed
from underwatch.assessments.closed_forms.watch_list_published import Published, published
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.organs import cases
from underwatch.assessments.organs.attributes import Mix, caseload
from underwatch.assessments.organs.measures import counted, rate
from underwatch.assessments.organs.risk_score import Outcomes, RiskScore, resolved
from underwatch.assessments.worlds.watch_list import run
from underwatch.results.run import run as run_scenario
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import figures
from underwatch.verification.case import SLOW, Case, Check
from underwatch.verification.chance import of_share
from underwatch.verification.deployments import ONE_GROUP, camera

# --- Face recognition


def precision_of_deployments(replicates: int, seed: int) -> list[Check]:
    """Case 15: the final of 2017 and the Met's trials, by the assessment's camera."""
    cardiff = read_deployment("south-wales-2017")
    _, met, _ = published()
    trials = camera(
        ONE_GROUP | {"list.size": met.faces, "list.share_of_passes": met.share_on_list},
        f"accuracy.threshold={met.threshold}",
    )
    return [
        _precision("South Wales, final of 2017", cardiff, 7.0, (6.1, 8.1), replicates, seed),
        _precision("Metropolitan Police, trials", trials, 19.0, (10.0, 33.0), replicates, seed),
    ]


def _precision(
    name: str, deployment: Any, share: float, wilson: tuple[float, float], runs: int, seed: int
) -> Check:
    threshold = deployment.get("accuracy.threshold")
    counts = {"true": 0.0, "false": 0.0}
    for k in range(runs):
        found = run(deployment, seed + k, None, {"as declared": frozenset()})["as declared"]
        for side in counts:
            counts[side] += found[f"{side}_alerts_per_day", "all", threshold][1] or 0
    every = sum(counts.values())
    got = counts["true"] / every
    return Check(f"{name}: alerts that are true", share, 100 * got, "%",
                 error=100 * math.sqrt(got * (1 - got) / every), band=wilson,
                 replicates=round(every))  # fmt: skip


_EVENTS = {
    "elvis_festival": "Elvis festival", "operation_fulcrum_1": "Operation Fulcrum, first",
    "operation_fulcrum_2": "Operation Fulcrum, second", "joshua_fight": "Joshua fight",
    "rugby_1": "Rugby, first", "rugby_2": "Rugby, second", "rugby_3": "Rugby, third",
    "rugby_4": "Rugby, fourth", "rugby_5": "Rugby, fifth", "kasabian_concert": "Kasabian concert",
    "gallagher_concert": "Gallagher concert", "operation_malecite": "Operation Malecite",
    "stereophonics_concert": "Stereophonics concert",
}  # fmt: skip
_Z = 1.959964


def other_events(replicates: int, seed: int) -> list[Check]:
    """Case 42: the prevalence that each other event would take, with the final's camera."""
    final = published()[0]
    counts: Mapping[str, Any] = figures()["south_wales_events"].value  # type: ignore[assignment]
    true, false = (sum(n[side] for name, n in counts.items() if name != "final_2017")
                   for side in ("true", "false"))  # fmt: skip
    checks = [_event(final, "All without the final", true, false)]
    return checks + [_event(final, label, counts[key]["true"], counts[key]["false"])
                     for key, label in _EVENTS.items()]  # fmt: skip


def _event(final: Published, label: str, true: float, false: float) -> Check:
    every = true + false
    centre = (true + _Z**2 / 2) / (every + _Z**2)
    reach = _Z * math.sqrt(true * false / every + _Z**2 / 4) / (every + _Z**2)

    def per_100_000(precision: float) -> float:
        odds = precision / max(1 - precision, 1e-12) * final.fpir / final.found
        return 1e5 * odds / (1 + odds)

    low, middle, high = (per_100_000(centre + k * reach) for k in (-1, 0, 1))
    return Check(f"{label}: {true:.0f} of {every:.0f} alerts true", middle,
                 1e5 * final.share_on_list, "per 100,000 passes", band=(max(0.0, low), high),
                 replicates=round(every), role="formula")  # fmt: skip


# --- The court's list


def blacklist_of_2019(replicates: int, seed: int) -> list[Check]:
    """Case 43: people ever put on the list at the two published dates after those of the fit."""
    scenario = Scenario.load("atlantic-2018", ["restrictions.on=false"])
    first = scenario.first_day
    value: Any = figures()["court_blacklist"].value
    curve = {date.fromisoformat(day): float(count) for day, count in value.items()}
    census: Any = figures()["census_2020"].value
    later = [day for day in curve if day > date(2018, 12, 31)]
    before = max(count for day, count in curve.items() if day <= first)
    days = (max(later) - first).days + 1
    scale = census["people"] / _CITIZENS / 1e6
    found = np.array([
        run_scenario(scenario, citizens=_CITIZENS, days=days, seed=seed + k)
        .tallies["imposed"].values.cumsum()[[(day - first).days for day in later]]
        for k in range(replicates)
    ])  # fmt: skip
    means = before / 1e6 + scale * found.mean(0)
    errors = scale * found.std(0, ddof=1) / math.sqrt(replicates)
    return [
        Check(f"People ever on the list by {day}", curve[day] / 1e6, float(got), "million",
              float(error), band=(0.9 * curve[day] / 1e6, 1.1 * curve[day] / 1e6),
              replicates=replicates)
        for day, got, error in zip(later, means, errors, strict=True)
    ]  # fmt: skip


_CITIZENS = 50_000

# --- Risk scores

FIRST = {"sex": "women", "background": "foreign_background", "education": "no_degree",
         "income": "income_below_median"}  # fmt: skip
# Assumption: people of foreign background and people without a degree more often have a low
# income, and the former somewhat more often no degree (ranges 1 to 4).
PAIRS = {"background and income": 2.0, "education and income": 1.5,
         "background and education": 1.3}  # fmt: skip
CAPACITY, CAPACITY_LOW, CAPACITY_HIGH = 0.005, 0.001, 0.05  # assumption: the share checked


@dataclass(frozen=True)
class Sweden:
    """The score fitted to the overall hit rate and the groups' shares of the chosen."""

    score: RiskScore
    mix: Mix

    def hit_rate(self, group: str) -> float:
        """The predicted share of the chosen cases of a group that hold an error."""
        return rate(expected(self.score, self.mix, group.replace("_", " ")), "hit_rate")


def sweden(capacity: float = CAPACITY) -> Sweden:
    """In: base rates and shares of the random arm, shares of the chosen, the overall hit rate."""
    random: Any = figures()["sweden_2017_random"].value
    model: Any = figures()["sweden_2017_model"].value

    def by_attribute(shares: Mapping[str, float]) -> dict[str, float]:
        return {name: shares[first] for name, first in FIRST.items()}

    mix = Mix(by_attribute(random["shares"]), PAIRS)
    audit = Audit(mix, random["error_share"], by_attribute(random["error_shares"]),
                  model["hit_rate"], by_attribute(model["chosen"]), capacity)  # fmt: skip
    return Sweden(fitted(audit), mix)


def swedish_hit_rates(replicates: int, seed: int) -> list[Check]:
    """Case 40: the hit rate of each group among invented people; beside it the closed form."""
    made, wanted = sweden(), figures()["sweden_2017_hit_rates"].value
    assert isinstance(wanted, dict)
    rates, low, high = (wanted[key] for key in ("hit_rate", "low", "high"))
    whole = resolved(made.score, made.mix)
    total: dict[str, Any] = {}
    for k in range(replicates):
        person = np.arange(800_000)
        people = caseload(person, person % 2 == 0, made.mix, 0.5, seed + k)
        handled = cases.handle(people, whole, seed + k)
        for group in ("all", *rates):  # type: ignore[misc]
            n = counted(handled, group.replace("_", " "))
            total[group] = total[group] + n if group in total else n
    model: Any = figures()["sweden_2017_model"].value

    def among(group: str, title: str, expected: float) -> Check:
        return of_share(f"{title}: {group.replace('_', ' ')}", 100 * expected,
                        total[group].hits, total[group].checked)  # fmt: skip

    people_of, checks = "Hit rate among invented people", []
    for group, share in rates.items():  # type: ignore[union-attr]
        band, predicted = (100 * low[group], 100 * high[group]), made.hit_rate(group)  # type: ignore[index]
        checks += [
            replace(among(group, people_of, share), band=band),
            Check(f"Hit rate by the closed form: {group.replace('_', ' ')}", 100 * share,
                  100 * predicted, "%", band=band, role="formula"),
            replace(among(group, f"{people_of}, as by the closed form", predicted), role="model"),
        ]  # fmt: skip
    return [*checks, replace(among("all", people_of, model["hit_rate"]), role="fitted")]


# Assumption: the odds of an appeal are three times as high in a wrong finding as in a right one.
ODDS_RATIO, ODDS_LOW, ODDS_HIGH = 3.0, 1.5, 6.0


def midas_gap(replicates: int, seed: int) -> list[Check]:
    """Case 41: how much more often appealed findings were wrong than those not appealed."""
    midas: Any = figures()["midas_michigan"].value
    wrong = midas["not_appealed_wrong"]
    gap = 100 * (1 - midas["appealed_upheld"] - wrong)
    low, best, high = (100 * (wrong_if_appealed(wrong, ratio) - wrong)
                       for ratio in (ODDS_LOW, ODDS_RATIO, ODDS_HIGH))  # fmt: skip
    often = ODDS_RATIO / 9 / (1 + ODDS_RATIO / 9)  # 1 in 10 right findings is appealed
    odds = wrong / (1 - wrong) * 0.9 / (1 - often)
    did = Outcomes(1.0, 1.0, debts=1.0, appeals_if_wrong=often, appeals_if_right=0.1)
    score = RiskScore(1 / (1 + odds), select="random", capacity=1.0, outcomes=did)
    person = np.arange(2 * replicates)
    people = caseload(person, person % 2 == 0, Mix(), 0.5, seed)
    n = counted(cases.handle(people, resolved(score, Mix()), seed))
    appealed = n.appealed_wrong + n.appealed_right
    others = n.wrong_ends + n.right_ends - appealed
    shares = n.appealed_wrong / appealed, (n.wrong_ends - n.appealed_wrong) / others
    error = math.sqrt(sum(p * (1 - p) / of for p, of in zip(shares, (appealed, others),
                                                            strict=True)))  # fmt: skip
    got = 100 * (shares[0] - shares[1])
    return [
        Check("Gap between appealed and not appealed, wrong findings", gap, got, "points",
              error=100 * error, band=(gap - 10, gap + 10), replicates=round(appealed)),
        Check("The gap at the assumed odds ratio of 1.5; not larger than published", gap, low,
              "points", band=(0.0, gap), role="formula"),
        Check("The gap at the assumed odds ratio of 6; not smaller than published", gap, high,
              "points", band=(gap, 100 - 100 * wrong), role="formula"),
        Check("Gap among invented people as predicted", best, got, "points", error=100 * error,
              replicates=round(appealed), role="model"),
    ]  # fmt: skip


CASES = (
    Case(
        15, "Precision of two deployments",
        "M12 Face matching: an assessment's camera (worlds.watch_list, worlds.passes)",
        "173 of 2,470 alerts (South Wales 2017), 8 of 42 matches (Met 2016–19); Wilson intervals",
        "M", "fitted", precision_of_deployments, replicates=20, quick=4, seconds=6,
        notices="The list searched twice, or alerts of people on it counted as false: the "
        "precision would leave the interval.",
        note="Threshold, prevalence and gallery alone are changed. Threshold and prevalence are "
        "fitted to the alerts of the final, and the prevalence to the trials, so both are "
        "reproduced and not predicted. Confidence S for South Wales, M for the trials.",
    ),
    Case(
        40, "Hit rates of a Swedish risk score, by group",
        "M26 Risk score: prediction by group (closed_forms.risk_score), invented people "
        "(organs.cases.handle)",
        "Lighthouse Reports, aggregates of 2017; intervals published or Wilson's", "V",
        "out of sample", swedish_hit_rates, replicates=200, quick=3, seconds=70,
        notices="A signal that differs between groups, or proxies with the wrong sign: the hit "
        "rates would move by 5 points and more.",
        note="In: base rates of the random arm, the groups' shares among the chosen, and one "
        "signal strength fitted to the overall hit rate. Out: the hit rate of each group. The "
        "prediction and its two assumptions (0.5 % of cases are checked; odds ratios of pairs of "
        "attributes) were committed before the first comparison and have not been changed since. "
        "The same rate for all would meet 1 of the 7 intervals, and base rate times lift 3. What "
        "counts are the rates among invented people; the closed form beside them, that both "
        "agree, and the overall rate that was fitted do not. One group of the shipped seed lies "
        "2.9 standard errors below its closed form (no degree, 51.5 and 51.7 %): by chance, for in "
        "2,400 other replicates, with 4.8 million checks, no group is off by more than 1.5 errors "
        "(51.74 %, error .03), and the steps of the organ's noise can move a rate by .03 points "
        "at most.",
        miss="One of seven: people with an income below the median, 53.4 % predicted, "
        "53.3 % (error .1) among invented people, and 49.4 to 53.2 % published. The score has one "
        "signal for everybody; among them it seems to have had a weaker one.",
    ),
    Case(
        41, "MiDAS: wrong findings among appealed and not appealed",
        "M26 Risk score: findings and appeals (organs.cases.handle, closed_forms.risk_score)",
        "Michigan 2017, official release via press: 92 % and 70 % wrong", "S", "empirical",
        midas_gap, replicates=1_000_000, quick=200_000, seconds=4,
        notices="Appeals that do not depend on whether a finding is wrong: the gap would be 0.",
        note="In: the share wrong among findings not appealed, and an assumption, committed before "
        "the comparison: the odds of an appeal are 3 times (1.5 to 6) as high in a wrong finding. "
        "The published odds ratio, 4.93, was known when the assumption was made, so this is not "
        "out of sample; only the sign and the order of the size are tested.",
    ),
    Case(
        42, "Thirteen other events in South Wales",
        "M12 Face matching: FPIR and TPIR of the final's camera, by closed form "
        "(closed_forms.watch_list_published)",
        "The force's alerts, June 2017 to March 2018, via press", "S", "bracket", other_events,
        notices="",
        note="Neither crowds nor lists were published, so nothing is tested. Expected is the share "
        "of passes by people on the list that would give an event its share of true alerts with "
        "the final's camera, with the range of its Wilson interval; got is the share fitted to the "
        "final. A royal visit, the fourteenth, had no alert.",
        seconds=0.1,
    ),
    Case(
        43, "The court's list in 2019",
        "M16 Restrictions: the court, its places, and who is put on the list",
        "Court and state media, March and July 2019", "V", "empirical", blacklist_of_2019,
        replicates=3, quick=0, slow=SLOW, seconds=20,
        notices="Places of the court that are lost, or people listed twice: more than 10 %.",
        note="The places of the court are fitted to the figures up to June 2018. Those of "
        "December 2018 and of 2019 are held out; they were known when the model was built and had "
        "been compared before, so this is not out of sample.",
    ),
)  # fmt: skip
