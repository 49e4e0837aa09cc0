"""A sensitivity study of a small nation, and what pages say of the results that ship."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from typer.testing import CliRunner

import underwatch as uw
from docs import sensitivity as docs_page
from underwatch.cli import app
from underwatch.errors import UserError
from underwatch.report import bands, robustness
from underwatch.report.methods import paragraph
from underwatch.report.robustness import (
    Contrast,
    FactorEffect,
    Robustness,
    lasting_hash,
    of_json,
    to_json,
)
from underwatch.report.words import lower_first
from underwatch.results.ledger import entries
from underwatch.sensitivities import pages
from underwatch.sensitivities.__main__ import SIZES, as_shipped, in_text
from underwatch.sensitivities.summing import band_of
from underwatch.study import tasks
from underwatch.study.brief import LISTED
from underwatch.study.robust import (
    console_bands,
    contrasted,
    is_open,
    left_open,
    with_openness,
)
from underwatch.study.tables import Rows
from underwatch.study.worlds import in_society, lay_over

LINE = "life.minor_offences_per_year"
LATER = "restrictions.days"  # there are no restrictions for low scores before 2018
SMALL = dict(
    assumptions=[LINE, LATER], citizens=600, days=30, trajectories=4, band=4, samples=4, matter=1,
)  # fmt: skip
MEASURES = ["offences", "trust", "wrongful"]


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return tmp_path_factory.mktemp("sensitivity") / ".kept"


@pytest.fixture(scope="module")
def found(kept):
    return uw.sensitivity("atlantic-2018", MEASURES, checkpoint=kept, **SMALL)


def test_what_matters_most_is_first_and_what_has_no_effect_has_exactly_none(found):
    offences = found.measures["offences"]
    assert [one.factor for one in offences.effects][0] == LINE
    assert offences.effects[0].effect_low > 0 and offences.effects[0].mean > 0
    assert offences.effects[0].total == pytest.approx(1, abs=0.5)
    assert offences.low < offences.value < offences.high
    # The random draws are common to all runs: what does not act changes not one bit.
    for one in found.measures.values():
        assert all(each.effect == 0 for each in one.effects if each.factor == LATER)


def test_a_measure_that_rests_on_too_few_events_says_so_and_ranks_nothing(found):
    wrongful = found.measures["wrongful"]
    assert wrongful.note.startswith("too few events") and wrongful.effects == ()
    assert wrongful.low is None and "too few events" in found.report()


def test_a_difference_whose_sign_changes_within_the_ranges_is_open(found):
    made = found.measures["offences"].difference
    assert made.below + made.above <= 4 and made.open == (min(made.below, made.above) > 0)
    assert Contrast(1.0, -0.5, 2.0, 1, 3).open and not Contrast(1.0, 0.5, 2.0, 0, 4).open
    assert Contrast(-0.5, -0.9, -0.1, 23, 1).open  # one point of the other sign


def test_the_methods_name_indices_only_where_there_are_any():
    about = {"kind": "sensitivity", "design": {"samples": 0}}
    assert "Sobol" not in paragraph(about) and "Morris trajectories" in paragraph(about)
    assert "Sobol" in paragraph({**about, "design": {"samples": 4}})


def one_measure(**other):
    given = dict(
        measure="trust",
        label="Trust",
        unit="of 100",
        value=49.2736,
        low=49.2734,
        high=49.2736,
        defined=4,
        counts=False,
        note="",
        difference=None,
        effects=(),
    )
    return Robustness(**{**given, **other})


def test_a_study_says_how_many_assumptions_were_varied_at_how_many_points(found):
    first, *others = found.sentences()
    assert first.startswith("2 of 2")
    assert "assumptions were varied, at 4 points for the bands" in first
    assert "from 4 base points" in first and others and first in found.report()
    assert "Lowest to highest of 4" in found.report() and "5 to 95 %" not in found.report()


def test_few_points_give_their_ends_and_many_give_quantiles():
    some = np.arange(20.0)
    assert band_of(some[:4], 4) == (0, 3)
    assert band_of(some, 20) == pytest.approx((0.95, 18.05))


def test_what_does_not_show_in_the_printed_digits_has_one_value_and_no_sign():
    tiny = Contrast(-0.0034, -0.0034, -0.0034, 4, 0)
    mover = FactorEffect("a.b", ("a.b",), "1 to 2", 0.00022, 0.0, 0.0004, 0.00022, 0.0001)
    one = one_measure(difference=tiny, effects=(mover,))
    assert one.sign() == "not distinguished from none" and one.movers == []
    study = SimpleNamespace(
        measures={"trust": one}, provenance={"design": {"band": 8}}, baseline="unwatched",
        title="What is left", scenarios={"mine": None},
    )  # fmt: skip
    row = pages.band_rows(study).rows[0]
    assert row == ["Trust", "49.3", "49.3", "of 100", "-0.00340", "not distinguished from none"]
    assert "most" not in pages.headline(study)
    assert [str(each) for each in pages.findings(study)] == [
        "Trust: the assumptions leave 49.3 of 100."
    ]
    apart = one_measure(difference=Contrast(-2.0, -3.0, -1.0, 4, 0))
    assert (apart.sign(), apart.sign(-1)) == ("negative", "positive")


def test_a_study_resumes_without_simulating_anything_twice(found, kept, monkeypatch):
    points = 1 + 4 + 4 * 3 + 4 * 3  # with those of the indices; some are equal
    assert points / 2 < len(entries(kept)) <= points + 5  # and those of the baseline
    monkeypatch.setattr(tasks, "run_jobs", lambda jobs, *_, **__: pytest.fail() if jobs else None)
    again = uw.sensitivity("atlantic-2018", MEASURES, checkpoint=kept, **SMALL)
    assert again.measures == found.measures


def test_a_study_has_the_verbs_of_every_result(found, tmp_path):
    same = uw.load(found.save(tmp_path / "here"))
    assert same.measures == found.measures and len(repr(found)) < 300
    frame = found.to_dataframe()
    assert [*frame["assumption"][:1]] == [LINE] and set(frame["measure"]) == {"offences", "trust"}
    assert "3" in found._repr_html_() and found.plot("trust").to_dict()
    page = found.report()
    for text in ("What the assumptions leave of", LINE, "Difference from unwatched", "As declared"):
        assert text in page
    with pytest.raises(UserError, match="not a measure of this study"):
        found.plot("imposed")


def test_everything_wrong_is_refused_before_any_run(monkeypatch):
    monkeypatch.setattr(tasks, "run_jobs", lambda *_, **__: pytest.fail())
    for given, why in (
        (dict(measures=["trusst"]), "did you mean trust"),
        (dict(assumptions=["scoring.asociation", "society.seed"]), "society.seed is not varied"),
        (dict(samples=6), "power of two"),
        (dict(band=1), "band is 1"),
        (dict(baseline="nowhere"), "nowhere"),
    ):
        with pytest.raises(UserError, match=why):
            uw.sensitivity("atlantic-2018", **({"citizens": 500, "days": 20} | given))


def test_the_command_refuses_everything_wrong_at_once(monkeypatch):
    monkeypatch.setattr(tasks, "run_jobs", lambda *_, **__: pytest.fail())
    line = ["sensitivity", "atlantic-208", "--samples", "100", "--band", "1", "--matter", "0",
            "--measures", "trusst", "--baseline", "nowhere", "--budget", "x", "--days", "0",
            "--seeds", "0", "--set", "foo=3"]  # fmt: skip
    refused = CliRunner().invoke(app, line).exception
    assert isinstance(refused, UserError)
    for what in (
        "days is 0", "seeds is 0", "mean atlantic-2018", "foo is not known", "budget is",
        "mean trust", "band is 1", "matter is 0", "baseline is nowhere",
        "samples is 100, but it is 0 for no Sobol' indices, or a power of two", "write 128",
    ):  # fmt: skip
        assert str(refused).count(what) == 1, what


def test_the_command_saves_prints_and_says_what_it_would_take(tmp_path, found):
    line = ["sensitivity", "--measures", "offences", "--assumptions", LINE, "--citizens", "500",
            "--days", "20", "--trajectories", "4", "--band", "4", "--samples", "0", "--json",
            "--quiet", "--baseline", "none", "--out", str(tmp_path / "here")]  # fmt: skip
    done = CliRunner().invoke(app, line)
    assert done.exit_code == 0, done.output
    made = json.loads(done.stdout)
    assert made["measures"]["offences"]["effects"][0]["factor"] == LINE
    assert made["measures"]["offences"]["difference"] is None
    assert uw.load(tmp_path / "here").measures["offences"].effects


# --- What ships


@pytest.fixture
def shipping(found, tmp_path, monkeypatch):
    """The small study in place of the results that ship."""
    (tmp_path / "atlantic-2018.json").write_text(in_text(as_shipped(found, "atlantic-2018")))
    monkeypatch.setattr(robustness, "FOLDER", tmp_path)
    robustness.shipped.cache_clear()
    yield
    robustness.shipped.cache_clear()


@pytest.fixture(scope="module")
def run():
    return uw.run("atlantic-2018", citizens=900, days=30)


def test_a_report_prints_the_band_of_each_headline_and_what_matters_most(shipping, run):
    page = run.report()
    assert "What the assumptions leave: lowest to highest of 4 points" in page
    assert "What matters most" in page and "out of date" not in page
    caption, head, rows = bands.robustness_rows(run.provenance, ["offences"])
    assert rows[0][3].startswith(LINE) and " to " in rows[0][1]


def test_results_of_an_earlier_version_of_a_scenario_are_said_to_be_stale(shipping, run):
    object.__setattr__(robustness.shipped()["atlantic-2018"], "lasting_hash", "0" * 64)
    assert "out of date" in bands.robustness_rows(run.provenance, ["trust"])[0]


def test_without_results_that_hold_a_report_offers_the_command(shipping, run):
    known = bands.robustness_rows(
        {**run.provenance, "days": 60}, ["trust"]
    )  # fmt: skip
    assert "over 30 days, not over these" in known
    own = uw.Scenario.load("atlantic-2018").with_({"scoring.association": 0.3})
    about = {"scenario": own.model_dump(mode="json"), "days": 30, "citizens": 900,
             "command": ["underwatch", "run", "mine.yaml"]}  # fmt: skip
    assert bands.robustness_rows(about, ["trust"]).endswith("underwatch sensitivity mine.yaml")


def test_a_comparison_prints_what_the_assumptions_leave_of_each_difference(shipping):
    made = uw.compare("unwatched", "atlantic-2018", citizens=300, days=30, seeds=1)
    assert "What the assumptions leave of the differences" in made.report()
    worlds = {name: uw.Scenario.load(name) for name in ("thaw", "atlantic-2018")}
    declared = {name: one.model_dump(mode="json") for name, one in worlds.items()}
    other = SimpleNamespace(scenarios=worlds, provenance={"scenarios": declared}, days=30)
    assert (
        left_open(other, ["trust"])
        .sentences[0]
        .endswith("is not computed: underwatch sensitivity atlantic-2018 --baseline thaw --days 30")
    )


def beside(*names, days=2393):
    """A comparison of shipped scenarios, without its runs."""
    worlds = {name: uw.Scenario.load(name) for name in names}
    about = {"scenarios": {name: one.model_dump(mode="json") for name, one in worlds.items()}}
    about |= {"citizens": 4000, "days": days, "command": ["underwatch", "compare", *names]}
    return SimpleNamespace(scenarios=worlds, provenance=about, days=days)


@pytest.mark.parametrize("name", ["safeguarded", "thaw"])
def test_what_acts_on_nothing_may_differ_in_the_unwatched_world(name):
    assert contrasted(beside("unwatched", name), name).sign == 1
    assert contrasted(beside(name, "unwatched"), "unwatched").sign == -1
    assert contrasted(beside("unwatched", name, days=30), name) is None
    # The two unwatched worlds are the same in every bit.
    worlds = [lay_over(uw.Scenario.load(one), ["unwatched"]) for one in ("atlantic-2018", name)]
    runs = [uw.run(in_society(one, citizens=200), days=60) for one in worlds]
    assert len({one.state_hash for one in runs}) == 1


def test_a_conclusion_whose_sign_changes_is_called_open_wherever_it_is_drawn():
    found = beside("unwatched", "atlantic-2018")
    known = contrasted(found, "atlantic-2018")
    opened = {name for name, one in known.results.measures.items() if one.sign() == "open"}
    assert {name for name in LISTED if is_open(known, name)} == opened >= {"support"}
    assert with_openness(known, "support", "It is lower.").startswith("It is lower; open")
    assert with_openness(known, "trust", "It is lower.") == "It is lower."
    assert with_openness(None, "support", "It is lower.") == "It is lower."
    rows = Rows("", ["Measure", "Difference", "Unit"], [["Support", "-2", ""]], {1})
    one, lines = console_bands(found, rows, ["support"])
    assert one.head[2] == "Assumptions leave" and " to " in one.rows[0][2] and not lines
    worlds = beside("unwatched", "atlantic-2018", "thaw")
    _, lines = console_bands(worlds, rows, ["support", "trust"])
    assert len(lines) == 2 and lines[0].startswith("Open within the ranges of the assumptions")


def test_two_worlds_with_results_stand_side_by_side_and_the_command_lays_one_over_the_other():
    made = left_open(beside("atlantic-2018", "safeguarded"), ["trust"])
    (table,) = made.tables
    assert table.head[1:3] == ["In atlantic-2018", "In safeguarded"]
    assert all(" to " in cell for cell in table.rows[0][1:3])
    assert made.sentences[0].endswith("underwatch sensitivity atlantic-2018 --baseline safeguarded")
    alone = left_open(beside("sesame", "credit-bureau"), ["trust"])
    assert alone.sentences[0].endswith("sensitivity credit-bureau gives the bands of one world")


def test_a_measure_of_a_study_comes_with_its_band_or_the_command():
    about = beside("atlantic-2018").provenance | {"worlds": ["atlantic-2018"], "command": None}
    text = bands.measure_sentence(about, "support", "Support", "the shares")
    assert "moved most by" in text and "its difference from unwatched is open" in text
    assert text.endswith("What they leave of the shares is not computed.")
    unknown = bands.measure_sentence(about, "chilled_acts", "Withheld acts", "the shares")
    assert unknown.endswith("underwatch sensitivity atlantic-2018 --measures chilled_acts")


def test_size_and_seed_are_no_part_of_what_results_hold_for(found):
    one, other = (
        uw.Scenario.load("atlantic-2018", [f"society.citizens={n}", f"society.seed={n}"])
        for n in (500, 900)
    )
    hashes = {lasting_hash(each.model_dump(mode="json")) for each in (one, other)}
    assert hashes == {found.provenance["lasting_hash"]}


def test_what_ships_is_read_as_it_was_written_and_holds_for_what_ships():
    shipped = robustness.shipped()
    assert set(shipped) <= set(SIZES)
    for name, one in shipped.items():
        scenario = uw.Scenario.load(name)
        stale = lasting_hash(scenario.model_dump(mode="json")) != one.lasting_hash
        assert not stale, f"{name}: python -m underwatch.sensitivities {name}"
        assert one.days == scenario.days
        for measure in one.measures.values():
            assert of_json(json.loads(json.dumps(to_json(measure)))) == measure
            assert measure.effects or measure.note or measure.low == measure.high


def test_the_page_of_the_site_is_made_of_what_ships_and_names_what_is_open():
    assert docs_page.PAGE.read_text("utf-8") == docs_page.page(), "python -m docs.sensitivity"
    for name, one in robustness.shipped().items():
        text = docs_page.design(one)
        for measure in one.measures.values():
            assert (measure.sign() == "open") == ("| **open** |" in row_of(one, measure)), name
            assert measure.sign() != "open" or lower_first(measure.label) in text


def row_of(found, measure):
    return next(
        line for line in docs_page.table(found)[0].splitlines()
        if line.startswith(f"| {measure.label} |")
    )  # fmt: skip
