"""The scoring rule that readers check by hand is the one of the engine."""

import itertools

import pytest
from numba import njit

import underwatch as uw
from underwatch.model.dossiers.records import KINDS
from underwatch.model.parameters import params_on
from underwatch.model.parameters.record import Night
from underwatch.model.scoring.scores import Associates, morning_score
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


@njit
def rounded(file, contacts, scores, draw, night):
    return morning_score(file, Associates(contacts, scores), draw, night)


@pytest.mark.parametrize("name", ["atlantic-2018", "safeguarded"])
def test_the_rule_gives_what_the_engine_rounds_to_a_sixteenth(name):
    scenario = Scenario.load(name)
    rule, held = uw.points_rule(scenario), params_on(scenario, scenario.last_day)[0]
    night = Night(*(int(held[field]) for field in Night._fields))
    assert [kind.key for kind in rule.kinds] == [*KINDS]
    for records, contacts in itertools.product(FILES, CONTACTS):
        file = sum(n << 4 * KINDS.index(kind) for kind, n in records.items())
        observed = (0, 0) if contacts is None else (3, 3 * contacts * ONE)
        low, high = (rounded(file, *observed, draw, night) for draw in (0, 0xFFFF))
        exact = rule.score(records, contacts) * ONE
        assert low - 0.1 <= exact <= high + 0.1, (records, contacts)  # the weight has 16 bits
        assert high - low <= 1


def test_lines_hold_from_their_dates_on_and_wrong_input_is_refused_in_a_sentence():
    assert not uw.points_rule("unwatched").on and uw.points_rule("unwatched").weight == 0
    rule = uw.points_rule("atlantic-2018", "2014-06-14")
    assert rule.on and rule.restricted_below is rule.privileged_from is None
    for wrong in ({"lateness": 1}, {"late": 16}, {"late": -1}):
        with pytest.raises(uw.UserError, match="kind of record|a file counts 0 to 15"):
            rule.score(wrong)
    for day in ("1999-01-01", "soon"):
        with pytest.raises(uw.UserError, match=f"day is {day}"):
            uw.points_rule("atlantic-2018", day)
