"""The scoring rule that readers check by hand is the one of the engine."""

import itertools

import numpy as np
import pytest

import underwatch as uw
from underwatch.model.dossiers.records import KINDS
from underwatch.model.dossiers.tiers import Found, fold
from underwatch.model.parameters import params_on
from underwatch.model.scoring.scores import Associates, assess
from underwatch.model.state import FRACTION_BITS
from underwatch.scenario import Scenario

ONE = 1 << FRACTION_BITS
# Files of every kind alone, of none, and of several together; means of contacts, or nobody.
FILES = [
    {}, *({kind: n} for kind in KINDS for n in (1, 15)),
    {"default": 2, "good": 4}, {"serious": 15, "minor": 15, "default": 15},
    {"repaid": 15, "good": 15, "favoured": 7},
]  # fmt: skip
CONTACTS = (None, 0, 733, 1000, 1299)


@pytest.mark.parametrize("name", ["atlantic-2018", "safeguarded"])
def test_the_rule_gives_the_mean_of_what_the_engine_rounds(name):
    scenario = Scenario.load(name)
    rule, params = uw.score_rule(scenario), params_on(scenario, scenario.last_day)
    params = params.view(np.recarray)[0]
    assert [kind.key for kind in rule.kinds] == [*KINDS]
    for records, contacts in itertools.product(FILES, CONTACTS):
        file = sum(n << 4 * KINDS.index(kind) for kind, n in records.items())
        found = Found(int(fold.py_func(file, params)), 0, 0, 0)
        observed = Associates(0, 0) if contacts is None else Associates(3, 3 * contacts * ONE)
        low, high = (
            assess.py_func(found, file, observed, draw, params).total for draw in (0, 0xFFFF)
        )
        exact = rule.score(records, contacts) * ONE
        assert low - 0.1 <= exact <= high + 0.1, (records, contacts)  # the weight has 16 bits
        assert high - low <= 1


def test_lines_hold_from_their_dates_on_and_wrong_input_is_refused_in_a_sentence():
    assert not uw.score_rule("unwatched").on and uw.score_rule("unwatched").weight == 0
    rule = uw.score_rule("atlantic-2018", "2014-06-14")
    assert rule.on and rule.restricted_below is rule.privileged_from is None
    for wrong in ({"lateness": 1}, {"late": 16}, {"late": -1}):
        with pytest.raises(uw.UserError, match="kind of record|a file counts 0 to 15"):
            rule.score(wrong)
    for day in ("1999-01-01", "soon"):
        with pytest.raises(uw.UserError, match=f"day is {day}"):
            uw.score_rule("atlantic-2018", day)
