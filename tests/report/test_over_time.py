"""Any measure of the catalogue over months, by stratum, as the summary defines it."""

import numpy as np
import pytest
from test_report import nation

from underwatch.errors import UserError
from underwatch.report.charts import chart, to_altair
from underwatch.report.series import measure_over_time, plottable
from underwatch.results.run import run
from underwatch.scenario import Scenario


@pytest.fixture(scope="module")
def made():
    """A run that ends in a month without a measurement of levels."""
    return run(Scenario.load("atlantic-2018", ["society.citizens=2000"]), days=50)


def test_every_plottable_measure_has_a_series_for_each_month_and_stratum(made):
    names = plottable()
    assert {"chilled_share", "restricted", "score_sum", "posts", "trust"} <= set(names)
    for name in names:
        series = measure_over_time(made.tallies, name, by="conviction")
        assert list(series.lines) == ["loyal", "in between", "critical"]
        assert all(line.shape == (made.tallies.sizes["month"],) for line in series.lines.values())
        assert series.unit and series.title.endswith(", by conviction")
        whole = measure_over_time(made.tallies, name)
        assert list(whole.lines) == ["all adults"] and " at the end" not in whole.title


def test_a_share_of_a_month_is_that_of_the_summary_of_a_run_of_one_month(made):
    month = made.tallies.isel(month=[0])
    first = made.tallies["month"].values.astype("datetime64[M]")[0]
    inside = made.tallies["day"].values.astype("datetime64[M]") == first
    month = month.isel(day=inside)
    chilled, wished = (int(month[name].sum()) for name in ("chilled_acts", "would_acts"))
    (line,) = measure_over_time(month, "chilled_share").lines.values()
    assert line == pytest.approx([chilled / wished])
    (rate,) = measure_over_time(month, "offences").lines.values()
    years = int(month["adults"].sum()) / 365.25
    assert rate == pytest.approx([1000 * int(month["offences"].sum()) / years])


def test_strata_weighted_by_their_base_give_the_whole():
    tallies = nation(100)
    tallies["would_acts"], tallies["chilled_acts"]
    parts = measure_over_time(tallies, "chilled_share", by="group").lines
    base = tallies["would_acts_by_month"].sum(["age", "place", "conviction"]).values
    whole = measure_over_time(tallies, "chilled_share").lines["all adults"]
    assert list(parts) == [f"group {letter}" for letter in "ABCD"]
    weighted = sum(line * base[:, k] for k, line in enumerate(parts.values()))
    np.testing.assert_allclose(weighted / base.sum(1), whole)


def test_strata_with_a_handful_of_events_are_not_set_beside_each_other(made):
    caption = measure_over_time(made.tallies, "wrongful", by="group").caption
    assert caption.count("too few events") == 4
    assert "too few" not in measure_over_time(made.tallies, "trust", by="group").caption
    assert "too few" not in measure_over_time(nation(), "chilled_share", "group").caption


def test_a_measure_without_a_course_or_an_unknown_stratum_is_refused(made):
    with pytest.raises(UserError, match="concentration is one value for a whole run"):
        measure_over_time(made.tallies, "concentration")
    with pytest.raises(UserError, match="chilled_share"):
        measure_over_time(made.tallies, "chilled_shares")
    with pytest.raises(UserError, match="by='sex' is not a grouping; known are group, age"):
        measure_over_time(made.tallies, "chilled_share", by="sex")


def test_a_chart_becomes_an_altair_chart_that_renders_the_same(made):
    spec = chart(measure_over_time(made.tallies, "chilled_share", by="conviction"))
    drawn = to_altair(spec).to_dict()
    before, after = (
        [x["encoding"]["y"] for x in each.get("layer") or each["vconcat"][0]["layer"]]
        for each in (spec, drawn)
    )
    assert [y["field"] for y in before] == [y["field"] for y in after]
    assert "%" in after[0]["axis"]["labelExpr"]
