"""Kinds "risk score" and "patrol allocation": from the file to sentences, both ways agreeing."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.result import Assessed, Origin, SafeguardEffect
from underwatch.assessments.worlds.comparing import by_key, estimate
from underwatch.errors import UserError
from underwatch.scenario.data import DATA

SHIPPED = ("welfare-fraud", "patrols")
SEEDS = range(4)


@cache
def both_ways(name):
    """Every estimate of the declared, the absent and the safeguarded world of a shipped file."""
    deployment = read_deployment(name)
    kind = KINDS[deployment.kind]
    keys = frozenset(deployment.get("safeguards"))
    worlds = {"as declared": frozenset(), "absent": None, "safeguarded": keys}
    values = {path: float(figure.value) for path, figure in deployment.figures.items()}
    runs = [kind.run(deployment, seed, 100_000, worlds) for seed in SEEDS]
    found = []
    for world, safeguards in worlds.items():
        closed = kind.estimates(values, deployment, safeguards)
        simulated = by_key([one[world] for one in runs])
        for key in dict.fromkeys([*closed, *simulated]):
            label = kind.measures[key[0]]
            found.append(estimate(key, world, label, closed.get(key), None,
                                  simulated.get(key, [])))  # fmt: skip
    return deployment, kind, [each for each in found if each is not None]


@pytest.mark.parametrize("name", SHIPPED)
def test_runs_agree_with_closed_forms_in_every_measure_and_world(name):
    deployment, kind, found = both_ways(name)
    tested = [each for each in found if each.agrees is not None]
    wrong = [(e.world, e.measure, e.group, e.value, e.simulated) for e in tested if not e.agrees]
    assert len(tested) > 60
    # Each test errs once in a thousand; of these few hundred at most one may.
    assert len(wrong) <= 1, wrong
    unused = {name for name in kind.measures if name.startswith("averaging")}
    assert {each.measure for each in found} == set(kind.measures) - unused


@pytest.mark.parametrize("name", SHIPPED)
def test_every_finding_is_a_sentence_that_names_its_measures(name):
    deployment, kind, found = both_ways(name)
    effects = tuple(
        SafeguardEffect(key, *kind.safeguard(key)[:1], measure, 2.0, 1.0, kind.safeguard(key).how)
        for key in deployment.get("safeguards") for measure in kind.main
    )  # fmt: skip
    origin = Origin("0", deployment.hash, tuple(SEEDS), 0, 365, deployment.assumptions, "")
    findings = kind.findings(Assessed(deployment, tuple(found), (), (), effects, origin))
    assert len(findings) >= 6
    for finding in findings:
        assert finding.sentence.endswith(".") and "nan" not in finding.sentence
        assert set(finding.measures) <= set(kind.measures)


def test_safeguards_of_a_risk_score_act_as_they_say():
    deployment = read_deployment("welfare-fraud")
    kind = KINDS[deployment.kind]
    values = {path: float(figure.value) for path, figure in deployment.figures.items()}

    def at(*safeguards):
        found = kind.estimates(values, deployment, frozenset(safeguards))
        return {key: found[key, group, None] for key, group in (
            ("group_ratio", "foreign background"), ("hit_rate", "all"), ("wrong_ends", "all"),
            ("missed_share", "all"), ("days_without_payment", "all"))}  # fmt: skip

    none, proxy, drawn, fewer, second, paid = (
        at(), at("less_proxy"), at("drawn_at_random"), at("fewer_checks"), at("second_reviewer"),
        at("pay_until_decided"),
    )  # fmt: skip
    assert none["group_ratio"] > 3 > 1.4 > proxy["group_ratio"]
    assert drawn["hit_rate"] < none["hit_rate"] < fewer["hit_rate"]
    assert fewer["missed_share"] > none["missed_share"]
    assert second["wrong_ends"] < 0.5 * none["wrong_ends"]
    assert paid["days_without_payment"] < 0.1 * none["days_without_payment"]
    assert paid["wrong_ends"] == none["wrong_ends"]


AVERAGING = """
averaging:
  text: The income of the year is spread evenly over its fortnights.
  share_of_cases: {value: 0.5, source: "document: half of the cases a year"}
  worked:
    half: {fortnights: 13, share: {value: 0.6, low: 0.5, high: 0.7, source: robodebt}}
    all: {fortnights: 26, share: {value: 0.4, low: 0.3, high: 0.5, source: robodebt}}
  earned: {value: 2000, low: 1500, high: 2500, source: robodebt}
  free: {value: 104, source: robodebt}
  taper: {value: 0.5, source: robodebt}
"""


def test_averaged_income_charges_people_who_owe_nothing(tmp_path):
    """Case 36 in a deployment: 5,824 for each of those who worked half of the year."""
    file = tmp_path / "averaged.yaml"
    file.write_text((DATA / "assessments" / "welfare-fraud.yaml").read_text("utf-8") + AVERAGING)
    deployment = read_deployment(file)
    kind = KINDS[deployment.kind]
    values = {path: float(figure.value) for path, figure in deployment.figures.items()}
    closed = kind.estimates(values, deployment, frozenset())
    run = kind.run(deployment, 1, 150_000, {"as declared": frozenset()})["as declared"]
    each, people = (("averaging_debt_each", "all", None), ("averaging_people", "all", None))
    assert closed[each] == run[each][0] == 5824
    assert closed[people] == pytest.approx(12_000 * 0.5 * 0.6)
    assert run[people][0] == pytest.approx(closed[people], rel=0.1)
    with pytest.raises(UserError, match="add up to 1.1, but all patterns together are 1"):
        read_deployment(file, ["averaging.worked.all.share.value=0.5"])


def test_figures_that_no_population_can_have_give_no_measure():
    deployment = read_deployment("welfare-fraud")
    values = {path: float(figure.value) for path, figure in deployment.figures.items()}
    assert KINDS["risk score"].quick(values | {"people.claiming": 0.9, "errors.share": 0.0},
                                     deployment, frozenset()) == {}  # fmt: skip


@pytest.mark.parametrize(
    "name, sentence, changes",
    [
        ("welfare-fraud", "1.3", ["score.checked.value=1.3"]),
        ("welfare-fraud", "hair, but it is one of women, foreign",
         ["people.shares.hair.value=0.5", "people.shares.hair.source=robodebt"]),
        ("welfare-fraud", "rounds_per_year", ["people.rounds_per_year=0"]),
        ("welfare-fraud", "more would claim than there are",
         ["people.claiming.value=0.9", "people.claiming.high=0.95"]),
        ("welfare-fraud", "without errors nothing is to find",
         ["errors.share.value=0", "errors.share.low=0"]),
        ("patrols", "per_patrol", ["stops.per_patrol=-1"]),
        ("patrols", "more records than can be counted", ["allocation.patrols=10000"]),
        ("patrols", "are more than a run holds",
         ["stops.per_patrol=1000", "allocation.patrols=200"]),
        ("patrols", "rows", ["people.rows=claims.csv"]),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_runs(name, sentence, changes):
    with pytest.raises(UserError, match=sentence):
        read_deployment(name, changes)


# --- Whatever the schema accepts


def extreme(deployment, draw):
    """The figures of a file, each at its value, at an end of its range, or at 0 or 1."""
    found = {}
    for path, figure in deployment.figures.items():
        ends = [figure.value, figure.low, figure.high]
        if 0 <= figure.value <= 1 and not path.startswith("people") and "weight" not in path:
            ends += [0.0, 1.0]
        found[path] = float(draw(st.sampled_from([end for end in ends if end is not None])))
    return found


@settings(deadline=None, max_examples=15)
@given(st.data(), st.sampled_from(SHIPPED))
def test_ends_of_all_ranges_are_simulated_and_stay_within_what_can_be(data, name):
    deployment = read_deployment(name)
    kind = KINDS[deployment.kind]
    values = extreme(deployment, data.draw)
    keys = sorted(deployment.get("safeguards"))
    for safeguards in (frozenset(), None, frozenset(data.draw(st.sets(st.sampled_from(keys))))):
        found = kind.estimates(values, deployment, safeguards)
        assert all(np.isfinite(value) and value >= -1e-9 for value in found.values())
        bounded = {"review_load", "appeal_load"}  # a load may be above 100 %
        for (measure, _, _), value in found.items():
            if kind.measures[measure][1] == "%" and measure not in bounded:
                assert value <= 100 + 1e-6, measure
        assert found or values["errors.share"] in (0, 1)
