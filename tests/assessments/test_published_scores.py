"""Published audits of risk scores, out of sample: predicted from aggregates, fitted never.

The Swedish score of 2017. In: base rates of the random arm, shares of the groups among the chosen,
and one signal strength fitted to the overall hit rate. Out: the hit rate of each group.
Two inputs are not published and were set before the first comparison: the share of cases that
is checked, 0.5 % (range 0.1 % to 5 %), and the odds ratios of pairs of attributes.
"""

import numpy as np
import pytest

from underwatch.assessments.organs.attributes import caseload
from underwatch.assessments.organs.cases import handle
from underwatch.assessments.organs.measures import counted, rate
from underwatch.assessments.organs.risk_score import resolved
from underwatch.scenario.evidence import figures
from underwatch.verification.cases.published import (
    CAPACITY,
    CAPACITY_HIGH,
    CAPACITY_LOW,
    sweden,
)
from underwatch.verification.registry import cases

# The first comparison, of the code of the commit before: six of seven groups inside. The score has
# one signal for everybody; among people with a low income it seems to have had a weaker one.
MISSED = {"income_below_median"}  # 53.4 % predicted, 49.4 to 53.2 % published


def _outside(capacity):
    """Groups whose published interval misses the rate predicted at a share checked."""
    published, made = figures()["sweden_2017_hit_rates"].value, sweden(capacity)
    return {group for group in published["hit_rate"]
            if not published["low"][group] <= made.hit_rate(group) <= published["high"][group]
            }  # fmt: skip


def test_six_of_seven_hit_rates_of_groups_lie_in_the_published_intervals():
    """Case 40, without its invented people; and what simpler predictions would meet."""
    published = figures()["sweden_2017_hit_rates"].value
    assert _outside(CAPACITY) == MISSED
    assert sweden().hit_rate("income_below_median") == pytest.approx(0.534, abs=0.0005)
    # Simpler predictions meet fewer: the same rate for all, and the base rate times the lift.
    random, model = figures()["sweden_2017_random"].value, figures()["sweden_2017_model"].value
    groups = published["hit_rate"]
    lifted = {group: model["lift"] * random["error_shares"][group] for group in groups}
    for simple, met in ((dict.fromkeys(groups, model["hit_rate"]), 1), (lifted, 3)):
        assert met == sum(published["low"][group] <= value <= published["high"][group]
                          for group, value in simple.items())  # fmt: skip
    # At the ends of the range of the share checked two and none are missed.
    assert (len(_outside(CAPACITY_LOW)), len(_outside(CAPACITY_HIGH))) == (2, 0)


def test_the_fitted_score_finds_the_published_lift_among_invented_people():
    """On the organ: overall hit rate, lift and the groups' shares of the chosen, which it met."""
    score, mix = sweden().score, sweden().mix
    model = figures()["sweden_2017_model"].value
    person = np.arange(800_000)
    people = caseload(person, person % 2 == 0, mix, 0.5, 4)
    run = handle(people, resolved(score, mix), 4)
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


def test_those_who_appeal_were_more_often_wrongly_found_case_41():
    assert not [check for check in cases()[41].run(200_000, 2018) if not check.agrees]
