"""Shares of organs and safeguards in a measure: exact sums, undefined worlds, units."""

import inspect
import json
from dataclasses import replace

import pytest

import underwatch as uw
from helpers.command import underwatch
from underwatch.scenario import Scenario
from underwatch.study.attribute import attribute
from underwatch.study.attribution_findings import Share
from underwatch.study.charts import largest_shares
from underwatch.study.keyed import Keyed
from underwatch.study.measures import describe_measure
from underwatch.study.runs import Outcome
from underwatch.study.tables import attribution_rows

LATE = Scenario.load("atlantic-2018", ["society.citizens=2000", "first_day=2019-11-01"])


@pytest.fixture(scope="module")
def found():
    return attribute(LATE, "chilled_acts", organs=["M7", "M14"], days=120, seeds=3)


def test_the_shares_of_the_organs_sum_to_the_total_to_the_last_bit(found):
    assert sum(share.value for share in found.shares.values()) == found.total
    assert found.total == found.with_all - found.without > 0
    assert found.shares["M7"].value > 0 and found.worlds == 4
    assert found.interval_over == "seeds"
    assert all(share.low <= share.value <= share.high for share in found.shares.values())


def test_the_interval_stands_beside_the_share_in_the_same_unit_and_zero_has_no_sign(found):
    rows = attribution_rows(found)
    unit = f"({found.unit})"
    assert rows.head[1:] == [f"Contribution {unit}", f"95 % interval {unit}", "Share of total"]
    tiny = replace(found.shares["M7"], value=-0.001 * found.total)
    some = replace(found, shares=Keyed({"M7": tiny}, "organ"), few="")
    assert attribution_rows(some).rows[0][-1] == "0 %"


def test_shares_of_too_few_events_are_not_ranked_anywhere():
    found = attribute(LATE, "wrongful", organs=["M7", "M14"], days=60, seeds=1)
    few = found.few
    assert few == f"too few events ({found.without:.0f} and {found.with_all:.0f})"
    assert list(found.shares) == ["M7", "M14"]  # as they were asked for
    assert {row[-1] for row in attribution_rows(found).rows} == {few}
    frame = found.to_dataframe()
    assert frame["percent_of_total"].isna().all() and set(frame["note"]) == {few}
    assert few in found.report() and few in repr(found) and few in found.cautions()[0]
    assert "contributes most" not in found.report()


def test_one_seed_gives_no_interval_and_the_mechanism_of_withholding_is_named(found):
    enough = replace(found, few="")
    assert enough.cautions() == []
    shares = Keyed({**found.shares, "M18": found.shares["M7"]}, "organ")
    one = replace(enough, shares=shares, seeds=(1,), interval_over=None)
    assert "1 seed: no interval" in one.method()
    assert "exact" not in one.report().replace("exact cases", "")  # of the verification
    assert "One seed gives no interval" in one.cautions()[0]
    assert "not the effect of a rule" in one.cautions()[1]
    assert all(sentence in one.report() for sentence in one.cautions())


def test_shares_whose_intervals_overlap_are_not_ranked_among_each_other(found):
    def share(key, value, reach):
        return Share(key, key, value, value - reach, value + reach)

    three = Keyed({k: share(k, v, 2) for k, v in {"a": 90.0, "b": 88.0, "c": 9.0}.items()}, "organ")
    known = replace(found, few="", shares=three)
    assert [one.key for one in known.largest] == ["a", "b"]
    assert largest_shares(known).endswith("not distinguished from b")


def test_an_attribution_is_read_back_with_the_same_page(found, tmp_path):
    same = uw.load(found.save(tmp_path / "folder"))
    assert same.report() == found.report() and repr(same) == repr(found)
    assert same.shares["M7"] == found.shares["M7"]
    assert same.to_dataframe().equals(found.to_dataframe())
    assert len(repr(found)) < 300 and found.plot().to_dict()


def test_a_measure_that_is_undefined_in_some_worlds_has_no_shares_and_names_the_worlds():
    found = attribute(LATE, "wrongful_share", organs=["M2", "M16"], days=200, seeds=1)
    assert found.undefined and found.total is None
    assert all(share.value is None for share in found.shares.values())
    nobody_restricted = {one.present for one in found.undefined}
    assert () in nobody_restricted and ("M2",) in nobody_restricted
    text = found.undefined_sentence()
    assert f"undefined in {len(found.undefined)} of 4 worlds" in text and "all but M16" not in text
    page = found.report()
    assert "undefined" in page and "0.0 %" not in page
    with pytest.raises(uw.UserError, match="undefined"):
        found.plot()


def test_over_sampled_orders_shares_sum_to_the_total_and_one_seed_has_no_interval(monkeypatch):
    monkeypatch.setattr("underwatch.study.attribute.MAX_ALL_ORDERS", 3)
    found = attribute(
        LATE, "chilled_share", safeguards="wall,no_speech,review,notice", days=10, orders=2, seeds=1
    )
    assert len(found.shares) == 4 and not found.all_orders
    assert sum(share.value for share in found.shares.values()) == found.total
    assert found.interval_over is None
    assert all(share.low is None for share in found.shares.values())


def test_five_seeds_are_the_default_of_rankings_and_own_measures_are_refused():
    for study in (uw.attribute, uw.frontier):
        assert inspect.signature(study).parameters["seeds"].default == 5
    with pytest.raises(uw.UserError, match="use compare"):
        attribute(LATE, "chilled_acts", observe={"mine": abs})
    with pytest.raises(uw.UserError, match="use compare"):
        uw.frontier(LATE, observe={"mine": abs})


def test_units_are_those_of_what_was_summed():
    outcome = Outcome("", (), {})
    assert describe_measure("restricted", outcome).unit == "person-days"
    assert describe_measure("adults", outcome).unit == "people"
    assert "last day" in describe_measure("adults", outcome).label


def test_the_command_gives_the_same_for_a_setting_and_for_a_file(tmp_path):
    (tmp_path / "cameras.yaml").write_text(
        "extends: atlantic-2018\n"
        'cameras:\n  per_1000_people: {value: 300, source: "assumption: a test"}\n'
    )
    settings = (["atlantic-2018", "--set", "cameras.per_1000_people=300"], ["cameras.yaml"])
    objects = []
    for k, words in enumerate(settings):
        words = ["attribute", *words, "--measure", "offences_deterred", "--organs", "M11",
                 "--citizens", "2000", "--days", "100", "--seeds", "1", "--out", f"out-{k}",
                 "--json"]  # fmt: skip
        done = underwatch(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        objects.append(json.loads(done.stdout.splitlines()[-1]))
        printed = " ".join(done.stderr.split())
        assert "no interval" in printed
        assert "exact" not in printed.replace("[exact 95 % intervals", "")  # of the counts
    assert objects[0]["shares"] == objects[1]["shares"] and objects[0]["total"] > 0
