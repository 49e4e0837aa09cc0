"""Cases of collective behaviour, association and scores hold at small sizes, too."""

import numpy as np
import pytest

from underwatch.verification.cases import society
from underwatch.verification.registry import cases

# By case: replicates with which it takes a fraction of a second. Cases 4, 6, 18, 23, 24 and 39
# run in the tests of their organs.
SMALL = {5: 6, 7: 20_000, 9: 4, 12: 5, 13: 1_000, 25: 100_000, 27: 80_000, 32: 1_500}


@pytest.mark.parametrize("number", SMALL)
def test_a_case_holds_at_a_small_size(number):
    case = cases()[number]
    missed = [check for check in case.run(SMALL[number], 2018) if not check.agrees]
    assert missed == []


def test_what_is_fitted_says_so_and_what_is_not_modelled_says_what_the_model_has_instead():
    assert [n for n in (16, 17) if cases()[n].kind == "fitted"] == [16, 17]
    for number in (26, 29):
        case = cases()[number]
        assert case.run is None and "model." in case.note or "cases 4 to 6" in case.note


def test_where_many_rebel_at_once_they_do_not_if_the_police_are_not_rounded_down():
    rounded, quiet, exact = cases()[8].run(3, 5)
    assert (rounded.got, exact.got) == (100, 0) and quiet.got > 50


def test_a_district_whose_ages_are_drawn_at_random_fails_the_census_margins(monkeypatch):
    built = society.build

    def at_random(scenario):
        among = built(scenario)
        ages = np.random.default_rng(1).permutation(among.people["age"])
        among.columns[0] = among.columns[0] & ~np.uint64(255) | ages  # the lowest byte
        return among

    right = cases()[18].run(70_000, 5)
    monkeypatch.setattr(society, "build", at_random)
    wrong = cases()[18].run(70_000, 5)
    assert [check.label[:22] for check in wrong if check not in right and not check.agrees] == [
        "Citizens under 15, too", "Citizens of 60 and ove",
    ]  # fmt: skip
    assert all(check.agrees for check in right)
    assert {check.role for check in wrong if check.agrees} == {"organ", "identity"}
