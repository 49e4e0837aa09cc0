"""What users hold: runs and ensembles by name, as tables and cards, saved and loaded."""

import multiprocessing

import numpy as np
import pytest
import xarray as xr

import underwatch as uw
from underwatch.results.base import Value


@pytest.fixture(scope="module")
def made():
    return uw.run(
        "atlantic-2018", citizens=np.int64(3000), days=np.int32(120), panel=30, every=50,
        observe={"risk / age": risk_by_age, "adults": lambda now: int((now.age > 17).sum())},
    )  # fmt: skip


@pytest.fixture(scope="module")
def replicates():
    return uw.run("atlantic-2018", citizens=2000, days=60, seeds=3)


def risk_by_age(columns):
    return np.bincount(columns.age // 20, weights=columns.risk, minlength=6)


def test_a_run_reads_back_with_everything_that_it_held(made, tmp_path):
    same = uw.load(made.save(tmp_path / "run"))
    assert isinstance(same, uw.Run) and repr(same) == repr(made)
    assert same.scenario == made.scenario and same.scenario.sources == made.scenario.sources
    assert dict(same.summary) == dict(made.summary)
    assert same.panel.equals(made.panel)
    assert same.people.equals(made.people) and same.people.index.name == "citizen"
    xr.testing.assert_identical(same.tallies, made.tallies)
    for name, values in made.observations.items():
        xr.testing.assert_identical(same.observations[name], values)
    with pytest.raises(uw.UserError, match="simulated in this process"):
        _ = same.states


def test_own_measures_have_a_day_and_their_own_dimensions_and_change_no_bit(made):
    risk = made.observations["risk / age"]
    assert risk.dims == ("day", "dim_1") and risk.shape == (4, 6)
    assert str(risk.day.values[-1])[:10] == "2014-10-11"
    bare = uw.run("atlantic-2018", citizens=3000, days=120)
    assert bare.state_hash == made.state_hash and bare.observations == {} and bare.panel is None


def test_the_summary_names_the_nearest_measure(made):
    assert 0 <= made.summary["chilled_share"].value <= 100
    with pytest.raises(KeyError, match="did you mean chilled_share"):
        made.summary["chiled_share"]


def test_tables_are_tidy(made, replicates):
    assert list(made.to_dataframe().measure) == list(made.summary)
    monthly = made.to_dataframe("monthly")
    assert len(monthly) == 5 * 108 and not monthly.duplicated(monthly.columns[:5].tolist()).any()
    assert len(made.to_dataframe("daily")) == 120
    every = replicates.to_dataframe()
    assert (
        len(every) == 3 * len(replicates.summary)
        and not every.duplicated(["seed", "measure"]).any()
    )
    with pytest.raises(uw.UserError, match="yearly"):
        made.to_dataframe("yearly")


def test_a_representation_is_short_and_a_card_is_escaped(made, replicates):
    for result in (made, replicates):
        assert len(repr(result)) < 300 and "\n" not in repr(result)
    odd = uw.Run(made.scenario.model_copy(update={"title": "<b>" + "long " * 99}), made.provenance,
                 made._contents)  # fmt: skip
    assert len(repr(odd)) < 300 and "&lt;b&gt;" in odd._repr_html_()


def test_an_interval_needs_three_seeds_and_holds_the_mean(replicates):
    share = replicates.summary["chilled_share"]
    values = [run.summary["chilled_share"].value for run in replicates.runs]
    assert share.value == pytest.approx(np.mean(values)) and share.low < share.value < share.high
    # The quantile of Student's t with 2 degrees of freedom is 4.3027.
    half = 4.302653 * np.std(values, ddof=1) / np.sqrt(3)
    assert share.high - share.value == pytest.approx(half, rel=1e-6)
    two = uw.Runs(replicates.runs[:2]).summary["chilled_share"]
    assert two.low is two.high is None


def test_the_summary_of_an_ensemble_is_a_table_with_intervals_that_keep_to_their_range(replicates):
    table = replicates.to_dataframe("summary").set_index("measure")
    assert len(table) == len(replicates.summary)
    counts = table[table["unit"].isin(["acts", "restrictions", "% of adults"])]
    assert (counts["low"].dropna() >= 0).all()
    undefined = [value for value in replicates.summary.values() if value.value is None]
    assert undefined and all(str(value) == value.note for value in undefined)
    cut = [value for value in replicates.summary.values() if value.note.startswith("interval")]
    assert cut and all("interval cut at" in str(value) for value in cut)
    assert "mean of 3 seeds" in repr(replicates)
    chart = replicates.plot("chilled_share").to_dict()
    assert chart["title"]["subtitle"][0].startswith("The system described in The Atlantic")
    assert "'type': 'area'" in str(chart)


def test_an_ensemble_is_its_runs_and_reads_back(replicates, tmp_path):
    alone = uw.run("atlantic-2018", citizens=2000, days=60, seed=2019)
    assert replicates.runs[1].state_hash == alone.state_hash and replicates.seeds[1] == 2019
    same = uw.load(replicates.save(tmp_path / "runs"))
    assert isinstance(same, uw.Runs) and repr(same) == repr(replicates)
    lines = (tmp_path / "runs" / "codebook.csv").read_text("utf-8").splitlines()
    assert len(lines) == 10 and lines[5].startswith("summary.parquet,value,double,unit of the row,")
    assert dict(same.summary) == dict(replicates.summary)
    assert replicates.tallies.sizes["seed"] == 3
    assert isinstance(uw.load(tmp_path / "runs" / "seed-2018"), uw.Run)


def test_a_page_is_its_whole_text_with_a_short_representation(replicates, tmp_path):
    page = replicates.report(tmp_path / "life.html")
    assert page == (tmp_path / "life.html").read_text("utf-8")
    assert repr(page).startswith("<Page of ") and repr(page).endswith("life.html>")
    assert not hasattr(page, "_repr_html_")


def test_charts_and_pages_are_made_of_the_result(made, replicates, tmp_path):
    assert made.plot("chilled_share", by="conviction").to_dict()["layer"]
    assert replicates.plot("restricted_now").to_dict()["layer"]
    with pytest.raises(uw.UserError, match="did you mean"):
        made.plot("chiled_share")
    page = made.report(tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page and "</html>" in page
    with pytest.raises(uw.UserError, match="cannot be written"):
        made.report(tmp_path / "nowhere" / "page.html")
    assert "95 % interval" in replicates.report()


@pytest.mark.parametrize("wrong", [
    {"days": 0}, {"days": True}, {"days": 2.5}, {"days": 3_000_000}, {"citizens": -1},
    {"panel": -1}, {"seed": 2**63}, {"seed": 2**63 - 1, "seeds": 2}, {"seeds": []},
    {"seeds": [1, 1]}, {"threads": 4000}, {"scenario": "atlantic"}, {"every": 0},
])  # fmt: skip
def test_what_cannot_be_run_is_refused_in_a_sentence(wrong):
    with pytest.raises(uw.UserError) as caught:
        uw.run(**{"scenario": "unwatched", "citizens": 100, "days": 5} | wrong)
    assert str(caught.value).rstrip().endswith((".", "?"))


def test_a_value_prints_as_precisely_as_it_is_known():
    known = Value("share", "Share", 4.3127, "%", "", "expression", 4.1, 4.5)
    assert str(known) == "4.31 % (95 % interval 4.10 to 4.50)" and float(known) == 4.3127
    assert np.isnan(float(Value("share", "Share", None, "%", "", "expression")))


def test_the_counts_of_a_run_can_first_be_read_in_a_forked_child():
    ours, theirs = multiprocessing.Pipe()
    run = uw.run("unwatched", citizens=300, days=3)
    context = multiprocessing.get_context("fork")
    child = context.Process(target=lambda: theirs.send(run.tallies.sizes["day"]))
    child.start()
    assert ours.poll(30) and ours.recv() == 3
    child.join(30)
    assert child.exitcode == 0


def simulate_again(connection):
    for start in (
        lambda: uw.run("unwatched", citizens=100, days=1),
        lambda: uw.explain("unwatched", 7, citizens=100, days=1),
        lambda: uw.diffusion(citizens=100),
    ):
        try:
            start()
        except uw.UserError as error:
            connection.send(str(error))


def test_a_forked_child_of_a_process_that_has_simulated_is_refused_and_does_not_hang(made):
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(target=simulate_again, args=(theirs,))
    child.start()
    for _ in range(3):
        assert ours.poll(30) and 'get_context("spawn")' in ours.recv()
    child.join(30)
    assert child.exitcode == 0
