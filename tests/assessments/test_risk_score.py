"""M26: the risk score agrees with its plain twin, its closed forms and the published identities."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import organ_twins
from helpers.twin import twin
from underwatch.assessments.closed_forms import records
from underwatch.assessments.closed_forms import risk_score as law
from underwatch.assessments.closed_forms.audit import smallest_ratio
from underwatch.assessments.closed_forms.training import learned
from underwatch.assessments.organs import attributes, cases, chance
from underwatch.assessments.organs.attributes import GROUPS, HAS, NAMES, Caseload, Mix, caseload
from underwatch.assessments.organs.averaging import AveragedIncome, false_debts
from underwatch.assessments.organs.measures import (
    RATES,
    Counts,
    checked_people,
    counted,
    rate,
    wrongly_found_people,
)
from underwatch.assessments.organs.population import adults
from underwatch.assessments.organs.risk_score import (
    Feature,
    History,
    Outcomes,
    RiskScore,
    resolved,
)
from underwatch.errors import UserError
from underwatch.model import streams
from underwatch.scenario import Scenario
from underwatch.verification.registry import cases as verified_cases

PEOPLE = 200_000
MIX = Mix({"sex": 0.56, "background": 0.24, "education": 0.53, "income": 0.4},
          {"background and income": 2.0, "education and income": 1.5})  # fmt: skip
SCORE = RiskScore(
    base_rate=0.1, base_rates={"background": 0.14, "education": 0.12},
    features=(Feature(1.0, {"background": 0.4}, 1.0, 0.5), Feature(0.6, {"sex": -0.3}, 0.8)),
    capacity=0.05, rounds=2,
    outcomes=Outcomes(0.9, 0.2, 0.3, 0.05, 0.7, 0.2, 900, 30, 5, 0.3, 0.1, 0.8, 0.1, 60),
)  # fmt: skip


def people(count=PEOPLE, mix=MIX, claiming=0.5, seed=5):
    person = np.arange(3, 3 + count)
    return caseload(person, person % 2 == 0, mix, claiming, seed)


def three_errors(share, of):
    return 3.3 * np.sqrt(max(share * (1 - share), 1 / of) / of)


# --- Chance, and who the people are


@given(st.integers(0, 2**62), st.integers(0, 2**20), st.integers(0, 400), st.integers(0, 2**40))
def test_draws_of_many_people_are_those_of_the_plain_twin(seed, stream, day, person):
    found = chance.draws(seed, stream, day, person + np.arange(3)).tolist()
    assert found == [twin.draw(seed, stream, day, person + i) for i in range(3)]


def test_no_address_of_these_organs_is_one_of_the_day():
    own = {value for name, value in vars(chance).items() if name.isupper() and name[0] != "_"} - {
        chance.CERTAIN, chance.ONE, chance.LEVELS
    }  # fmt: skip
    assert len(own) == 23 and min(own) > streams.RESEMBLANCE


def test_attributes_have_the_stated_margins_and_odds_ratios():
    joint = MIX.joint()
    for has, name in zip(HAS, NAMES, strict=True):
        assert joint[has].sum() == pytest.approx(MIX.shares[name], abs=1e-12)
    both = HAS[NAMES.index("background")], HAS[NAMES.index("income")]
    table = [[joint[(both[0] == i) & (both[1] == j) & ~HAS[2] & ~HAS[0]].sum() for j in (0, 1)]
             for i in (0, 1)]  # fmt: skip
    assert table[1][1] * table[0][0] / table[1][0] / table[0][1] == pytest.approx(2.0)
    cell = people().cell
    for group, wanted in zip(GROUPS[::2], MIX.shares.values(), strict=True):
        share = attributes.members(cell, group).mean()
        assert abs(share - wanted) < three_errors(wanted, len(cell)), group
    assert abs(len(cell) / PEOPLE - 0.5) < three_errors(0.5, PEOPLE)


def test_the_plain_twin_gives_everybody_the_same_attributes():
    claims = attributes.claim_chances(MIX, 0.5)
    thresholds = attributes.cell_thresholds(MIX.joint()).tolist()
    slow = {i: organ_twins.risk_score.cell_of(i, int(i % 2 == 0), claims, thresholds, 5, twin.draw)
            for i in range(3, 403)}  # fmt: skip
    some = people(400)
    assert dict(zip(some.person.tolist(), some.cell.tolist(), strict=True)) == {
        person: cell for person, cell in slow.items() if cell is not None
    }


def test_cases_are_adults_of_the_invented_nation_with_its_incomes():
    found = adults(5000, 7)
    society = Scenario.load("unwatched").society
    assert (np.diff(found.person) > 0).all() and found.person[-1] < 5000
    assert 1 - society.share_under_15 - 0.05 < len(found.person) / 5000 < 1 - society.share_under_15
    assert abs(found.low_income.mean() - 0.5) < 0.02


def test_an_attribute_depends_on_the_person_alone():
    some = people(1000)
    other = caseload(np.arange(503, 1003), np.arange(503, 1003) % 2 == 0, MIX, 0.5, 5)
    shared = np.intersect1d(some.person, other.person)
    assert len(shared) > 200
    assert (
        some.cell[np.isin(some.person, shared)] == other.cell[np.isin(other.person, shared)]
    ).all()


def test_base_rates_of_groups_are_met_exactly():
    joint = MIX.joint()
    rates = attributes.cell_rates(joint, 0.1, {"background": 0.14, "education": 0.12})
    assert joint @ rates == pytest.approx(0.1)
    for name, wanted in (("background", 0.14), ("education", 0.12)):
        has = HAS[NAMES.index(name)]
        assert joint[has] @ rates[has] / joint[has].sum() == pytest.approx(wanted)


# --- The twin

shares = st.sampled_from([0.0, 0.1, 0.37, 0.5, 0.9, 1.0])
strengths = st.floats(-3, 3, allow_nan=False)
proxies = st.dictionaries(st.sampled_from(NAMES), strengths, max_size=4)
weights = strengths.filter(lambda weight: abs(weight) >= 0.01)
features = st.lists(st.builds(Feature, strengths, proxies, weights, shares), min_size=1, max_size=3)
histories = st.builds(
    History, shares, st.dictionaries(st.sampled_from(NAMES), st.floats(0.2, 4), max_size=2), shares,
    shares, st.sampled_from(["checked cases", "all cases"]), st.floats(0, 2), st.booleans(),
)  # fmt: skip
outcomes = st.builds(
    Outcomes, shares, shares, shares, shares, st.sampled_from([0.0, 0.3, 0.6]),
    st.sampled_from([0.0, 0.2, 0.4]), st.just(0.0), st.just(0.0), st.just(0.0), shares, shares,
    shares, shares, st.just(0.0),
)  # fmt: skip
scores = st.builds(
    RiskScore, st.floats(0.01, 0.9), st.dictionaries(st.sampled_from(NAMES), st.just(0.3)),
    st.sampled_from([0.0, 0.1, 0.6]), features.map(tuple), st.sampled_from(["features", "risk"]),
    st.sampled_from(["score", "random", "none"]), shares, st.none(), shares, st.integers(1, 3),
    histories, outcomes,
)  # fmt: skip


@settings(deadline=None, max_examples=20)
@given(scores, st.booleans(), strengths, st.integers(0, 2**40))
def test_the_plain_twin_agrees_in_every_case(score, by_cut, cut, seed):
    if by_cut and score.select == "score":
        score = replace(score, capacity=None, cut=cut)
    score = replace(score, base_rates=score.base_rates if score.base_rate == 0.3 else {})
    some = people(60, seed=seed)
    whole = resolved(score, MIX)
    fast = cases.handle(some, whole, seed).events.tolist()
    pairs = list(zip(some.person.tolist(), some.cell.tolist(), strict=True))
    slow = organ_twins.risk_score.handle(pairs, organ_twins.plain(whole), seed, twin.draw)
    words = organ_twins.risk_score.BITS
    assert fast == [[sum(1 << words.index(word) for word in events) for events in each]
                    for each in slow]  # fmt: skip


@pytest.mark.parametrize(("wanted", "places"), [(2.4, 2), (2.6, 3), (3.4, 3), (3.6, 4)])
def test_the_places_of_a_round_are_rounded_to_the_nearest(wanted, places):
    some = people(100)
    score = replace(SCORE, capacity=wanted / len(some.person))
    run = cases.handle(some, resolved(score, MIX), 5)
    assert [int(one.sum()) for one in run.has(cases.CHECKED)] == [places] * SCORE.rounds


# --- Closed forms


def handled(score=SCORE, count=PEOPLE, mix=MIX):
    return cases.handle(people(count, mix), resolved(score, mix), 9)


@cache
def handled_as_declared():
    return handled()


@pytest.mark.parametrize("group", ["all", "foreign background", "men"])
def test_runs_agree_with_the_closed_form_in_every_measure(group):
    counts = counted(handled_as_declared(), group)
    exact = law.expected(SCORE, MIX, group)
    assert counts.cases > 40_000
    for name, measure in RATES.items():
        wanted, found = rate(exact, name), rate(counts, name)
        events = measure.events(counts)
        assert events > 30
        per = 1000 if name.endswith("cases") else 1
        of = events / (found / per)
        assert abs(found - wanted) / per < 1.3 * three_errors(wanted / per, of), name


def test_wrong_findings_of_a_year_fall_on_the_same_people_where_noise_stays():
    lasting = replace(SCORE, rounds=6, history=History(), capacity=0.1,
                      features=(Feature(1.0, {"background": 0.4}, 1.0, 0.8),))  # fmt: skip
    fresh = replace(lasting, features=(replace(lasting.features[0], lasting=0.0),))
    for score in (lasting, fresh):
        run = handled(score, 60_000)
        for times in (1, 2):
            wanted = law.wrongly_found_in_a_year(score, MIX, times)
            found = wrongly_found_people(run, times)
            assert abs(found - wanted) < three_errors(wanted, len(run.cell)), times
        made = law.checks(score, MIX)
        wanted = float(made.joint @ law.checked_by_cell(score, made, 2))
        assert abs(checked_people(run, 2) - wanted) < three_errors(wanted, len(run.cell))
    top = [law.share_of_most_exposed(score, law.checks(score, MIX))
           for score in (lasting, fresh)]  # fmt: skip
    assert top[0] > 2 * top[1]
    assert law.wrongly_found_in_a_year(lasting, MIX) < law.wrongly_found_in_a_year(fresh, MIX)
    assert law.wrongly_found_in_a_year(lasting, MIX, 2) > law.wrongly_found_in_a_year(fresh, MIX, 2)


def test_a_part_of_the_checks_drawn_at_random_agrees_with_the_closed_form():
    score = replace(SCORE, drawn=0.4, capacity=0.1, rounds=1)
    n, exact = counted(handled(score)), law.expected(score, MIX)
    for name in ("checked_share", "hit_rate", "false_positive_rate", "missed_share"):
        wanted = rate(exact, name)
        assert abs(rate(n, name) - wanted) < 1.3 * three_errors(wanted, n.checked), name


def test_checks_at_random_find_the_base_rate_and_no_checks_find_nothing():
    at_random = counted(handled(replace(SCORE, select="random", rounds=1)))
    assert rate(at_random, "hit_rate") == pytest.approx(0.1, abs=three_errors(0.1, 5_000))
    nothing = counted(handled(replace(SCORE, select="none", rounds=1)))
    assert nothing.checked == nothing.wrong_findings == nothing.appealed_wrong == 0


# --- Published identities, on the organ


@pytest.mark.parametrize("number", [33, 34, 35, 36, 38])
def test_a_case_of_the_verification_is_reproduced_on_the_organ(number):
    case = verified_cases()[number]
    assert not [check for check in case.run(case.quick, 2018 + 1000 * number) if not check.agrees]


def test_what_follows_for_the_appealed_is_the_inverse_of_the_odds_ratio():
    assert law.appeal_odds_ratio(0.92, 0.70) == pytest.approx(4.93, abs=0.005)
    assert law.wrong_if_appealed(0.70, 4.93) == pytest.approx(0.92, abs=0.0005)


def test_averaging_raises_the_debts_of_its_plain_twin_and_of_its_closed_form():
    person = np.arange(5000)
    mixed = AveragedIncome({0: 0.2, 7: 0.1, 13: 0.4, 26: 0.3}, earned=1312.37, free=99.5, taper=0.6)
    debts = false_debts(person, mixed, 1)
    bounds = mixed.thresholds()
    slow = [organ_twins.risk_score.false_debt(i, bounds, 131_237, 9_950, chance.fixed(0.6), 1,
                                              twin.draw) for i in range(500)]  # fmt: skip
    assert debts[:500].tolist() == slow
    error = debts.std() / 100 / np.sqrt(len(debts))
    assert abs(debts.mean() / 100 - records.mean_debt(mixed)) < 3.3 * error


def test_an_audit_of_few_events_could_have_found_nothing():
    assert smallest_ratio(5) is None


# --- Selective labels


def test_checks_that_looked_more_often_at_a_group_teach_the_score_to_look_there():
    """The group has no more errors; if unchecked cases count as right, the score learns it has.

    Where only checked cases are learned from, it learns nothing of the kind.
    """
    even = RiskScore(0.1, features=(Feature(1.0),), capacity=0.05)
    labels = History(checked=0.2, checked_more={"background": 3.0}, strength=1.0)
    lifted = {}
    for learns_from in ("all cases", "checked cases"):
        score = replace(even, history=replace(labels, learns_from=learns_from))
        exact = rate(law.expected(score, MIX, "foreign background"), "false_positive_rate")
        n = counted(handled(score), "foreign background")
        assert abs(rate(n, "false_positive_rate") - exact) < 0.15 * exact
        lifted[learns_from] = exact / rate(law.expected(even, MIX), "false_positive_rate")
    assert lifted["all cases"] > 2.5
    assert lifted["checked cases"] == pytest.approx(1.0, abs=0.01)


def test_what_a_score_learned_about_few_cases_is_averaged_over_its_training():
    """Of 2,000 cases 80 are of the group; most of its eight cells have no entered error.

    A formula for many cases has more than half as many checks again.
    """
    labels = History(0.15, {"background": 3.0}, 0.9, 0.05, "all cases", strength=1.0)
    score = RiskScore(0.12, features=(Feature(0.6),), capacity=0.05, history=labels)
    mix, group = Mix({"background": 0.04}), "foreign background"
    of_many, of_few = (law.expected(score, mix, group, 2000, law.checks(score, mix, cases)).checked
                       for cases in (None, 2000))  # fmt: skip
    runs, whole = [], resolved(score, mix)
    for seed in range(80):
        some = people(4000, mix, seed=seed)
        n = counted(cases.handle(some, whole, seed), group)
        runs.append(n.checked * 2000 / len(some))
    error = 3.3 * np.std(runs) / np.sqrt(len(runs))
    left_out = learned(score, mix, 2000).left_out
    assert left_out < 0.05
    assert abs(np.mean(runs) - of_few) < error + left_out * of_few
    assert of_many > 1.5 * of_few


def test_learning_from_its_own_checks_keeps_the_group_at_the_top():
    labels = History(
        0.05, {"background": 3.0}, learns_from="all cases", strength=1.0, relearns=True
    )
    score = RiskScore(0.1, features=(Feature(1.0),), capacity=0.05, history=labels, rounds=6)
    run = handled(score, 40_000)
    share = [(run.has(cases.CHECKED)[k] & HAS[1][run.cell]).sum() / run.has(cases.CHECKED)[k].sum()
             for k in (0, 5)]  # fmt: skip
    assert share[0] > 0.4 and share[1] > share[0]


# --- What is refused


def test_impossible_values_are_refused_with_a_sentence():
    for wrong, sentence in (
        (replace(SCORE, base_rate=1.3), "base_rate is 1.3, but it is a share from 0 to 1."),
        (replace(SCORE, cut=2.0), "either a capacity or a cut"),
        (replace(SCORE, features=(Feature(1, {"hair": 1}),)), "hair is no attribute"),
        (replace(SCORE, features=(Feature(1, weight=0.0),)), "a weight of at least 0.01"),
        (replace(SCORE, outcomes=Outcomes(debts=0.8, suspensions=0.3)), "at most 1"),
    ):
        with pytest.raises(UserError, match=sentence):
            resolved(wrong, MIX)
    with pytest.raises(UserError, match="more would claim than there are"):
        people(10, Mix({"income": 0.9}), 0.8)
    with pytest.raises(UserError, match="No population has an overall share of 0.1"):
        attributes.cell_rates(MIX.joint(), 0.1, {"sex": 0.5})
    with pytest.raises(UserError, match="no attribute of the invented people"):
        Mix({"shoe size": 0.5}).joint()


def test_an_empty_caseload_is_handled():
    empty = Caseload(np.zeros(0, np.int64), np.zeros(0, np.int64))
    assert counted(cases.handle(empty, resolved(SCORE, MIX), 1)).cases == 0


def test_false_positives_are_a_share_of_the_cases_without_an_error():
    counts = Counts(*[0.0] * len(Counts._fields))._replace(
        cases=100, errors=20, checked=30, hits=10
    )
    assert rate(counts, "false_positive_rate") == 20 / 80
    assert rate(counts, "missed_share") == 10 / 20 and rate(counts, "hit_rate") == 10 / 30
