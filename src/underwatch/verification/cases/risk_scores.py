"""Cases of risk scores over benefits: the organ M26, its group measures, appeals and records."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from underwatch.assessments.closed_forms.audit import smallest_ratio
from underwatch.assessments.organs import attributes, cases, chance
from underwatch.assessments.organs.attributes import HAS, Caseload, Mix, caseload
from underwatch.assessments.organs.averaging import AveragedIncome, false_debts
from underwatch.assessments.organs.measures import Counts, counted, rate
from underwatch.assessments.organs.risk_score import Outcomes, RiskScore, Whole, resolved
from underwatch.scenario.evidence import figures
from underwatch.verification.case import Case, Check
from underwatch.verification.chance import of_mean, of_share

_MIX = Mix({"sex": 0.56, "background": 0.24, "education": 0.53, "income": 0.4},
           {"background and income": 2.0, "education and income": 1.5})  # fmt: skip
_HALF = Mix({"sex": 0.5})
_ROUNDED = 5e-3  # half of the last digit of a percentage with two decimals


def _people(count: int, mix: Mix, seed: int) -> Caseload:
    """A caseload of invented people, half of whom claim."""
    person = np.arange(2 * count)
    return caseload(person, person % 2 == 0, mix, 0.5, seed)


def unequal_false_positives(replicates: int, seed: int) -> list[Check]:
    """Case 33: Chouldechova's identity at COMPAS's base rates, on the organ."""
    tables, checks, base = figures()["compas_2016"].value, [], {}
    for group, expected in (("black", 44.85), ("white", 23.45)):
        n = tables[group]  # type: ignore[index]
        base[group] = (n["fn"] + n["tp"]) / sum(n.values())
        compas = _counts(n["tn"], n["fp"], n["fn"], n["tp"])
        got = 100 * rate(compas, "false_positive_rate")
        checks.append(Check(f"COMPAS, {group} defendants: false positive rate", expected, got, "%",
                            tolerance=_ROUNDED, role="statistic"))  # fmt: skip
        checks.append(_of_compas(group, _Rates.of(compas), expected, replicates, seed))
    alike_in = {group: _Rates(base[group], 0.62, 0.35) for group in base}
    run = cases.handle(_people(replicates, _MIX, seed), _calibrated(**alike_in, cut=0.62), seed)
    for group, alike, expected in (("foreign background", "black", 42.20),
                                   ("native background", "white", 25.86)):  # fmt: skip
        n = counted(run, group)
        right = n.cases - n.errors
        checks.append(of_share(
            f"Invented people with the base rate of {alike} defendants, PPV .62, FNR .35: false "
            "positive rate", expected, n.checked - n.hits, right, tolerance=2 * _ROUNDED,
        ))  # fmt: skip
        p, ppv, fnr = (rate(n, name) for name in ("base_rate", "hit_rate", "missed_share"))
        checks.append(Check(
            "The same from the base rate, PPV and FNR that were counted",
            100 * p / (1 - p) * (1 - ppv) / ppv * (1 - fnr),
            100 * rate(n, "false_positive_rate"), "%", replicates=round(n.cases), role="identity",
        ))  # fmt: skip
    return checks


class _Rates(NamedTuple):
    """What is put into a score of two values: its false positive rate follows."""

    base: float
    ppv: float
    fnr: float

    @classmethod
    def of(cls, n: Counts) -> _Rates:
        return cls(*(rate(n, name) for name in ("base_rate", "hit_rate", "missed_share")))


def _calibrated(black: _Rates, white: _Rates, cut: float) -> Whole:
    """A calibrated score of two values, where two backgrounds have the rates of two groups."""
    risks = np.zeros((16, 4096), np.int64)
    for has, (base, ppv, fnr) in ((HAS[1], black), (~HAS[1], white)):
        upper = round(4096 * (1 - fnr) * base / ppv)
        risks[has, :upper] = chance.threshold(ppv)
        risks[has, upper:] = chance.threshold((base - ppv * upper / 4096) / (1 - upper / 4096))
    return resolved(RiskScore(0.4, reads="risk", cut=cut), _MIX)._replace(risks=risks)


def _of_compas(group: str, rates: _Rates, expected: float, replicates: int, seed: int) -> Check:
    """The false positive rate of the organ with COMPAS's base rate, PPV and FNR of a group."""
    score = _calibrated(rates, rates, (rates.ppv + rates.base) / 2)
    n = counted(cases.handle(_people(replicates // 2, _MIX, seed), score, seed))
    return of_share(
        f"Invented people with the base rate, PPV and FNR of {group} defendants: false positive "
        "rate", expected, n.checked - n.hits, n.cases - n.errors, tolerance=2 * _ROUNDED,
    )  # fmt: skip


def _counts(tn: float, fp: float, fn: float, tp: float) -> Counts:
    rest = dict.fromkeys(Counts._fields[4:], 0.0)
    return Counts(tn + fp + fn + tp, fn + tp, fp + tp, tp, **rest)


def calibrated_scores_differ(replicates: int, seed: int) -> list[Check]:
    """Case 34: the mean calibrated score of errors, Beta(3, 7) and Beta(5, 5)."""
    score = RiskScore(0.4, {"sex": 0.5}, spread=1 / 11, reads="risk", cut=1.0)
    whole, people = resolved(score, _HALF), _people(replicates, _HALF, seed)
    run = cases.handle(people, whole, seed)
    risk = whole.risks[people.cell, chance.draws(seed, chance.RISK, 0, people.person) >> 20]
    error = run.has(cases.ERROR)[0]
    return [
        of_mean(f"Mean score of the errors of {group}, whose scores are {law}", expected,
                risk[attributes.members(people.cell, group) & error] / 2**32, tolerance=5e-5)
        for group, law, expected in (("men", "Beta(3, 7)", 0.3636), ("women", "Beta(5, 5)", 0.5455))
    ]  # fmt: skip


def selection_into_appeal(replicates: int, seed: int) -> list[Check]:
    """Case 35: from MiDAS's odds ratio, and the share wrong of findings that nobody appeals.

    What follows is the share wrong of those appealed, however many appeal, and of the appeals
    that a court upholds in favour of the office.
    """
    ratio, checks = 4.93, []
    for right in (0.1, 1 / 3):  # of right findings, appealed
        odds = ratio * right / (1 - right)
        often = odds / (1 + odds)
        wrong = 0.7 / 0.3 * (1 - right) / (1 - often)  # odds that leave 70 % not appealed
        did = Outcomes(1.0, 1.0, debts=1.0, appeals_if_wrong=often, appeals_if_right=right)
        score = RiskScore(1 / (1 + wrong), select="random", capacity=1.0, outcomes=did)
        people = _people(replicates // 2, Mix(), seed)
        n = counted(cases.handle(people, resolved(score, Mix()), seed))
        how = f"if {100 * right:.0f} % of right findings are appealed"
        appealed = n.appealed_wrong + n.appealed_right
        cells = np.array([n.appealed_wrong, n.wrong_ends - n.appealed_wrong,
                          n.appealed_right, n.right_ends - n.appealed_right])  # fmt: skip
        got = cells[0] * cells[3] / cells[1] / cells[2]
        checks += [
            of_share(f"Wrong among those appealed, {how}", 92.0, n.appealed_wrong, appealed,
                     tolerance=0.05),
            replace(
                of_share(f"Findings that stand after an appeal, {how}", 8.0,
                         appealed - n.upheld_wrong - n.upheld_right, appealed, tolerance=0.05),
                role="derived",
            ),
            replace(
                of_share(f"Wrong among those not appealed, {how}", 70.0, cells[1],
                         cells[1] + cells[3]),
                role="identity",
            ),
            Check(f"Odds ratio of appealing, wrong to right, {how}", ratio, float(got),
                  error=float(got * np.sqrt((1 / cells).sum())), tolerance=0.005,
                  replicates=round(n.cases), role="identity"),
        ]  # fmt: skip
    return checks


def averaged_income(replicates: int, seed: int) -> list[Check]:
    """Case 36: the debt of people who worked half of the year and declared everything."""
    rule = AveragedIncome({13: 1.0}, earned=2000, free=104, taper=0.5)
    debts = false_debts(np.arange(replicates), rule, seed) / 100
    all_year = replace(rule, worked={26: 1.0})
    return [
        Check("Lowest debt raised; the true debt is 0", 5824.0, float(debts.min()), "$",
              replicates=replicates),
        Check("Highest debt raised", 5824.0, float(debts.max()), "$", replicates=replicates),
        Check("Highest debt of people who worked all year", 0.0,
              float(false_debts(np.arange(replicates), all_year, seed).max()), "$",
              replicates=replicates),
    ]  # fmt: skip


def power_of_an_audit(replicates: int, seed: int) -> list[Check]:
    """Case 38: the smallest ratio that an audit finds, and how often it does among people."""
    from scipy.stats import binom, binomtest

    checks = [
        Check(f"Smallest ratio found with 80 % power, {n} events", expected,
              float(smallest_ratio(n) or np.inf), tolerance=tolerance, role="statistic")
        for n, expected, tolerance in ((7, 31.0, 0.5), (10, 11.0, 0.05), (50, 2.4, 0.05),
                                       (100, 1.8, 0.05))
    ]  # fmt: skip
    people = _people(replicates, _HALF, seed)
    for n in (10, 50):
        ratio = float(smallest_ratio(n) or np.inf)
        low = 0.4 / (1 + ratio)  # of men; the errors of women are `ratio` times as many
        score = RiskScore(0.2, {"sex": 0.4 - low}, select="none")
        run = cases.handle(people, resolved(score, _HALF), seed)
        women = HAS[0][run.cell[run.has(cases.ERROR)[0]]]
        audits = women[: len(women) // n * n].reshape(-1, n).sum(1)
        rejects = np.array([binomtest(k, n, 0.5).pvalue <= 0.05 for k in range(n + 1)])
        exact = 100 * float(binom.pmf(np.arange(n + 1), n, ratio / (1 + ratio)) @ rejects)
        checks.append(of_share(
            f"Audits of {n} errors that find the ratio {ratio:.3g} between women and men", 80.0,
            float(rejects[audits].sum()), len(audits), tolerance=abs(exact - 80.0) + 1e-6,
        ))  # fmt: skip
    return checks


CASES = (
    Case(
        33, "Equal precision and misses, unequal false positives",
        "M26 Risk score: checks of a calibrated score (organs.cases.handle), group measures "
        "(organs.measures)",
        "FPR = p/(1−p)·(1−PPV)/PPV·(1−FNR), Chouldechova 2017; counts of ProPublica", "V", "exact",
        unequal_false_positives, replicates=1_000_000, quick=200_000, seconds=4,
        notices="Groups swapped, or false positives divided by all cases: the rates would move "
        "by more than 10 points; the error is less than .3.",
        note="The rates of COMPAS's published counts are those of a function of the package; the "
        "organ gets the base rate, PPV and FNR of a group, and its false positive rate follows.",
    ),
    Case(
        34, "Calibrated scores of groups with unequal base rates",
        "M26 Risk score: risks and errors of a group (organs.risk_score, organs.cases.handle)",
        "E[s given 1] = E[s²]/μ, Kleinberg and others 2016", "C", "exact",
        calibrated_scores_differ, replicates=1_000_000, quick=200_000, seconds=3,
        notices="An error drawn independently of the score: the means would be .3 and .5, 60 and "
        "more standard errors away.",
    ),
    Case(
        35, "Selection into appeal",
        "M26 Risk score: findings, appeals and rulings (organs.cases.handle)",
        ".92 and .08 from .70 and the odds ratio 4.93, MiDAS, Michigan (official release via "
        "press)", "S", "exact",
        selection_into_appeal, replicates=2_000_000, quick=300_000, seconds=6,
        notices="The two appeal rates swapped: 32 % would be wrong among those appealed instead of "
        "92 %; the error is .05.",
        note="In: the odds ratio of appealing and the share wrong among findings that nobody "
        "appeals, so that these two are identities. Out: the share wrong among those appealed; "
        "what stands after an appeal is its complement, because every ruling here is right. That "
        "they follow is exact; the published shares are confidence S.",
    ),
    Case(
        36, "Income averaged over the year",
        "M26 Risk score over benefits: the finding by averaged income (organs.averaging)",
        "(26 − k)·τ·(E/26 − f)⁺ at E = 26,000, k = 13, f = 104, τ = .5", "C", "exact",
        averaged_income, replicates=100_000, quick=10_000, seconds=0.1,
        notices="Income of a fortnight taken for that of the year, or the taper left out: the "
        "debt would differ by 104 or more, and it is exact to the cent.",
    ),
    Case(
        38, "Power of a fairness audit",
        "Assessments: the smallest inequality that an audit could find (closed_forms.audit); "
        "errors of groups (organs.cases.handle)",
        "Exact two-sided binomial test, 80 % power, equal shares", "C", "exact",
        power_of_an_audit, replicates=2_000_000, quick=300_000, seconds=6,
        notices="A one-sided test: the smallest ratio of 50 events would be 2.1 instead of 2.4.",
    ),
)  # fmt: skip
