"""Published audits of risk scores, out of sample: predicted from aggregates, fitted never.

The Swedish score of 2017. In: base rates of the random arm, shares of the groups among the chosen,
and one signal strength fitted to the overall hit rate. Out: the hit rate of each group.
Two inputs are not published and were set before the first comparison: the share of cases that
is checked, 0.5 % (range 0.1 % to 5 %), and the odds ratios of pairs of attributes.
"""

from functools import cache

import numpy as np
import pytest

from underwatch.assessments.closed_forms.fitting import Audit, fitted
from underwatch.assessments.closed_forms.risk_score import expected, wrong_if_appealed
from underwatch.assessments.organs.attributes import Mix, caseload
from underwatch.assessments.organs.cases import handle
from underwatch.assessments.organs.measures import counted, rate
from underwatch.assessments.organs.risk_score import resolved
from underwatch.scenario.evidence import figures

FIRST = {"sex": "women", "background": "foreign_background", "education": "no_degree",
         "income": "income_below_median"}  # fmt: skip
# Assumption: people of foreign background and people without a degree more often have a low
# income, and the former somewhat more often no degree (ranges 1 to 4).
PAIRS = {"background and income": 2.0, "education and income": 1.5,
         "background and education": 1.3}  # fmt: skip


@cache
def sweden(capacity=0.005):
    random, model = figures()["sweden_2017_random"].value, figures()["sweden_2017_model"].value

    def by_attribute(shares):
        return {name: shares[first] for name, first in FIRST.items()}

    mix = Mix(by_attribute(random["shares"]), PAIRS)
    audit = Audit(
        mix, random["error_share"], by_attribute(random["error_shares"]), model["hit_rate"],
        by_attribute(model["chosen"]), capacity,
    )  # fmt: skip
    return fitted(audit), mix


# The first comparison, of the code of the commit before: six of seven groups inside. The score has
# one signal for everybody; among people with a low income it seems to have had a weaker one.
MISSED = {"income_below_median"}  # 53.4 % predicted, 49.4 to 53.2 % published


def test_six_of_seven_hit_rates_of_groups_lie_in_the_published_intervals():
    score, mix = sweden()
    published = figures()["sweden_2017_hit_rates"].value
    predicted = {group: rate(expected(score, mix, group.replace("_", " ")), "hit_rate")
                 for group in published["hit_rate"]}  # fmt: skip
    missed = {group for group, value in predicted.items()
              if not published["low"][group] <= value <= published["high"][group]}  # fmt: skip
    assert missed == MISSED
    assert predicted["income_below_median"] == pytest.approx(0.534, abs=0.0005)
    # Simpler predictions meet fewer: the same rate for all, and the base rate times the lift.
    random, model = figures()["sweden_2017_random"].value, figures()["sweden_2017_model"].value
    lifted = {group: model["lift"] * random["error_shares"][group]
              for group in predicted if group in random["error_shares"]}  # fmt: skip
    for simple, met in ((dict.fromkeys(predicted, model["hit_rate"]), 1), (lifted, 3)):
        assert met == sum(published["low"][group] <= value <= published["high"][group]
                          for group, value in simple.items())  # fmt: skip
    # At the ends of the range of the share checked two and none are missed.
    for capacity, misses in ((0.001, 2), (0.05, 0)):
        score, mix = sweden(capacity)
        outside = [group for group in predicted if not published["low"][group]
                   <= rate(expected(score, mix, group.replace("_", " ")), "hit_rate")
                   <= published["high"][group]]  # fmt: skip
        assert len(outside) == misses


def test_the_fitted_score_finds_the_published_lift_among_invented_people():
    """On the organ: overall hit rate, lift and the groups' shares of the chosen, which it met."""
    score, mix = sweden()
    model = figures()["sweden_2017_model"].value
    person = np.arange(800_000)
    cases = caseload(person, person % 2 == 0, mix, 0.5, 4)
    run = handle(cases, resolved(score, mix), 4)
    everyone = counted(run)
    assert everyone.checked == pytest.approx(2000, rel=0.01)
    error = 3 * (0.493 * 0.507 / everyone.checked) ** 0.5
    assert abs(rate(everyone, "hit_rate") - model["hit_rate"]) < error
    lift = rate(everyone, "hit_rate") / rate(everyone, "base_rate")
    assert abs(lift - model["lift"]) < 3.5 * error
    for group, share in model["chosen"].items():
        n = counted(run, group.replace("_", " "))
        wanted = 3 * (share * (1 - share) / everyone.checked) ** 0.5
        assert abs(n.checked / everyone.checked - share) < wanted + 0.003, group


# MiDAS. In: the share of findings that were wrong among those not appealed, and an assumption on
# appeals, that the odds of an appeal are three times as high in a wrong finding (range 1.5 to 6).
# Out: the share wrong among those appealed. The published odds ratio, 4.93, was known when the
# assumption was made, so the sign and the order of the size are what this can test.
ODDS_RATIO, ODDS_LOW, ODDS_HIGH = 3.0, 1.5, 6.0


def test_those_who_appeal_were_more_often_wrongly_found():
    midas = figures()["midas_michigan"].value
    wrong = midas["not_appealed_wrong"]
    published = 1 - midas["appealed_upheld"] - wrong
    low, best, high = (wrong_if_appealed(wrong, ratio) - wrong
                       for ratio in (ODDS_LOW, ODDS_RATIO, ODDS_HIGH))  # fmt: skip
    assert 0 < low <= published <= high
    assert best == pytest.approx(published, abs=0.1)
