"""M27: patrols that follow records agree with their plain twin and with case 22."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import organ_twins
from helpers.twin import twin
from underwatch.assessments.closed_forms import patrols as law
from underwatch.assessments.organs.patrols import Patrols, resolved, sent, stopped
from underwatch.errors import UserError
from underwatch.scenario.evidence import figures
from underwatch.verification.registry import cases

TWO = (0.6, 0.4)  # rates, discovered and reported

lists = st.integers(2, 5).flatmap(
    lambda n: st.builds(
        Patrols, st.tuples(*[st.floats(0, 1)] * n),
        st.one_of(st.just(()), st.tuples(*[st.floats(0, 3)] * n)), st.floats(0, 5),
        st.one_of(st.just(()), st.tuples(*[st.floats(0.01, 9)] * n)), st.integers(1, 6),
        st.booleans(), st.booleans(), st.booleans(),
    )
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(lists, st.integers(1, 12), st.integers(0, 2**60))
def test_the_plain_twin_agrees_in_every_city_and_district(declared, days, seed):
    done = sent(declared, days, seed, cities=2)
    rules = organ_twins.plain(resolved(declared, days))
    for city in range(2):
        slow = organ_twins.patrols.patrol(rules, days, seed, city, twin.draw)
        assert slow == {name: getattr(done, name)[city].tolist() for name in slow}


def test_the_plain_twin_stops_the_same_people():
    done = sent(Patrols((0.6, 0.3, 0.1), patrols=3), 20, 6, cities=2)
    homes = np.arange(50), np.arange(70, 78), np.arange(90, 95)
    plain = [home.tolist() for home in homes]
    for city in range(2):
        slow = organ_twins.patrols.stopped(
            done.where[:, city].tolist(), plain, 4, 6, city, twin.draw
        )
        assert slow == stopped(done, homes, 4, 6, city).tolist()


# --- Case 22


def test_case_22_is_reproduced_on_the_organ():
    """The root for four weights of reports, the way to it, the repair, and chance alone."""
    assert not [check for check in cases()[22].run(1, 11) if not check.agrees]


def test_the_root_of_the_urn_is_where_the_shares_rest():
    for weight in (0.1, 0.25, 0.5, 1.0):
        a, b, c, d = 0.6 * (1 + weight), 0.4 * weight, 0.6 * weight, 0.4 * (1 + weight)
        root = law.resting_shares(TWO, TWO, weight)[0]
        published = figures()["ensign_2018"].value[f"reported_{weight:g}".replace(".", "_")]
        assert law.urn_root(a, b, c, d) == pytest.approx(root, abs=1e-9)
        assert root == pytest.approx(published, abs=5e-5)
    assert law.resting_shares(TWO, TWO, 1.0, repaired=True)[0] == pytest.approx(0.6, abs=5e-5)
    spread = figures()["ensign_2018"].value["equal_rates_sd"]
    assert law.spread_of_chance((1, 1)) == pytest.approx(spread, abs=5e-5)


def test_case_22_the_repair_works_without_any_report():
    done = sent(Patrols(TWO, repaired=True, records=(4, 4)), 4000, 5, cities=150)
    start = sent(Patrols(TWO, records=(4, 4)), 4000, 5, cities=150)
    assert done.share[:, 0].mean() == pytest.approx(0.6, abs=0.01)
    assert start.share[:, 0].mean() > 0.75  # and on its way to 1
    assert law.resting_shares(TWO, repaired=True)[0] == pytest.approx(0.6)


# --- More districts, more patrols


def test_more_districts_rest_where_the_closed_form_says():
    rates, reported = (0.3, 0.3, 0.2, 0.1), (4.0, 2.0, 2.0, 2.0)
    for how in ({}, {"repaired": True}, {"reports_only": True}):
        declared = Patrols(rates, reported, 0.5, patrols=12, **how)
        done = sent(declared, 1000, 2, cities=25)
        wanted = law.resting_shares(rates, reported, 0.5, 12, **how)
        assert wanted.sum() == pytest.approx(1)
        assert np.abs(done.share.mean(0) - wanted).max() < 0.01


def test_patrols_that_follow_nothing_go_everywhere_alike():
    done = sent(Patrols((0.9, 0.1, 0.1), patrols=10, follow_records=False), 300, 4, cities=10)
    share = done.visits.sum(0) / done.visits.sum()
    assert np.abs(share - 1 / 3).max() < 3.3 * np.sqrt(2 / 9 / 30_000)
    assert law.resting_shares((0.9, 0.1, 0.1)).tolist() == [1, 0, 0]


def test_a_group_bears_more_stops_by_where_it_lives():
    declared = Patrols(TWO, TWO, 0.25, records=(750, 250), patrols=5)
    done = sent(declared, 400, 8)
    homes = np.arange(1000), np.arange(5000, 6000)
    people = stopped(done, homes, 3, 8)
    assert people.shape == (400, 5, 3)
    in_first = people < 1000
    assert (in_first == (done.where[:, 0] == 0)[:, :, None]).all()
    # Of the first district 60 % are of a group, of the second 20 %.
    of_group = np.where(in_first, people < 600, people < 5200)
    found = of_group.sum() / 400 / 800 * 1000
    visits = done.visits[0] / done.visits.sum()
    wanted = law.stops_per_1000(visits, (1000, 1000), (0.6, 0.2), 15)
    assert abs(found - wanted) < 3.3 * wanted / np.sqrt(of_group.sum())
    others = law.stops_per_1000(visits, (1000, 1000), (0.4, 0.8), 15)
    assert wanted > 1.2 * others


def test_impossible_values_are_refused_with_a_sentence():
    for wrong, sentence in (
        (Patrols((0.5,)), "write 2 to 64"),
        (Patrols((0.5, 1.5)), "chances from 0 to 1"),
        (Patrols((0.5, 0.5), (1.0,)), "an entry for each of the 2 districts"),
        (Patrols((0.5, 0.5), records=(1.0, 0.0)), "never be patrolled"),
        (Patrols((0.5, 0.5), patrols=100_000), "more records than can be counted"),
    ):
        with pytest.raises(UserError, match=sentence):
            sent(wrong, 1000, 1)
