"""The same people in two worlds: paired differences, undefined measures, one set of figures."""

import json
import pickle
import subprocess
import sys
from datetime import date
from html import escape
from threading import Lock

import numpy as np
import pyarrow.parquet as pq
import pytest
from own_functions import forgiving, mean_risk

import underwatch as uw
from helpers.command import underwatch
from underwatch.errors import UserError
from underwatch.results.ledger import entries
from underwatch.results.run import run, start_simulation
from underwatch.results.settings import settings_of
from underwatch.scenario import Scenario
from underwatch.study.brief import comparison_brief
from underwatch.study.charts import COURSES, course_series
from underwatch.study.compare import compare
from underwatch.study.differences import CANNOT, Cell, paired
from underwatch.study.effects import effects
from underwatch.study.own_code import OwnCode, own_code
from underwatch.study.possible import UNCAUSED, impossible
from underwatch.study.runs import Task
from underwatch.study.tables import RATIO, capacity_sentences, comparison_rows, effect_rows
from underwatch.study.tasks import compile_first, run_all, study_key

SMALL = ["society.citizens=2000"]
LATE = [*SMALL, "first_day=2019-11-01"]


def world(name="atlantic-2018", *settings):
    return Scenario.load(name, [*LATE, *settings])


@pytest.fixture(scope="module")
def found():
    return compare({"a": world(), "b": world("without-deterrence")}, days=120, seeds=4)


@pytest.fixture(scope="module")
def one():
    return compare({"a": world(), "b": world("without-deterrence")}, days=20, seeds=1)


@pytest.fixture(scope="module")
def unwatched():
    return compare({"a": world("unwatched"), "b": world()}, days=60, seeds=2)


def test_a_world_beside_itself_does_not_differ():
    found = compare({"a": world(), "b": world()}, days=60, seeds=3)
    for measure, d in found.differences["b"].items():
        assert {d.difference, d.low, d.high} <= {0, None}, measure
        assert (d.low == 0) == (d.seeds == 3), measure
    assert all(len(set(by_world.values())) == 1 for by_world in found.state_hashes.values())


def test_common_random_numbers_need_fewer_seeds_to_separate_worlds(found):
    offences = found.differences["b"]["offences"]
    assert offences.low > 0  # without fear of detection there are more
    assert offences.unpaired_seeds > 3 * len(found.seeds)
    assert offences.difference == pytest.approx(offences.here - offences.first)
    with pytest.raises(KeyError, match="did you mean offences"):
        found.differences["b"]["offenses"]


def test_what_a_queue_bounds_is_said_of_the_worlds_in_which_it_happens(unwatched):
    (sentence,) = capacity_sentences(unwatched)  # the unwatched are never stopped
    assert sentence.startswith("In b: ") and "Police stops: the police are at capacity" in sentence
    assert sentence in unwatched.report()


def test_any_two_worlds_are_compared_with_the_same_statistics(found):
    assert found.difference("a", "b", "offences") == found.differences["b"]["offences"]
    back = found.difference("b", "a", "offences")
    there = found.differences["b"]["offences"]
    assert (back.difference, back.low, back.high) == (-there.difference, -there.high, -there.low)
    assert found.to_dataframe(against="a").equals(found.to_dataframe())
    assert set(found.to_dataframe(against="b")["world"]) == {"a"}
    with pytest.raises(KeyError, match="a is the world that the others are compared with"):
        found.differences["a"]
    with pytest.raises(UserError, match="no values by group"):
        found.plot("chilled_share", by="group")
    assert "'type': 'area'" in str(found.plot("chilled_share").to_dict())
    with pytest.raises(UserError, match="c is no world of this comparison"):
        found.difference("a", "c", "offences")


def test_worlds_are_compared_by_a_ratio_only_where_both_rest_on_enough_events(found):
    by_name = found.differences["b"]
    offences = by_name["offences"]
    assert min(offences.events_first, offences.events_here) >= 30
    assert offences.ratio == pytest.approx(offences.here / offences.first) and not offences.note
    assert offences.ratio_low < offences.ratio < offences.ratio_high
    for d in by_name.values():
        if d.ratio is not None:
            assert min(d.events_first, d.events_here) >= 30, d.measure
    wrongful = by_name["wrongful"]
    few = f"too few events ({wrongful.events_first} and {wrongful.events_here})"
    assert wrongful.ratio is None and wrongful.note == few
    assert by_name["support"].ratio is None and by_name["support"].events_here is None
    days = by_name["restricted_person_days"]  # the days of one restriction are one event
    assert days.events_here == by_name["imposed"].events_here
    rows = comparison_rows(found, "b", "error", "")
    assert few in rows.rows[[row[0] for row in rows.rows].index(wrongful.label)]
    shown = [row[rows.head.index(RATIO)] for row in rows.rows]
    assert all(" to " in one for one in shown if one[0].isdigit()), shown
    frame = found.to_dataframe().set_index("measure")
    assert np.isnan(frame.loc["wrongful", "ratio"]) and frame.loc["wrongful", "note"] == few
    assert few in found.report()


def test_differences_are_beyond_chance_all_together_and_the_page_says_how(found):
    by_name = found.differences["b"]
    marked = {name for name, d in by_name.items() if d.distinguished}
    outside = {n for n, d in by_name.items() if d.low is not None and not d.low <= 0 <= d.high}
    assert "offences" in marked and marked <= outside
    assert all((d.distinguished is None) == (d.low is None) for d in by_name.values())
    back = found.difference("b", "a", "offences")  # judged with the others, though asked alone
    assert back.distinguished
    sentence = found.judged_sentence()
    assert sentence in found.report() and "judged together" in sentence
    assert found.to_dataframe().set_index("measure").loc["offences", "distinguished"]
    column = comparison_rows(found, "b", by_name["offences"].kind, "").rows
    row = next(row for row in column if row[0] == by_name["offences"].label)
    assert row[2].endswith(" *")


def test_events_that_cannot_occur_in_a_world_are_not_called_too_few(unwatched):
    by_name = unwatched.differences["b"]
    for name in ("chilled_acts", "imposed", "sightings", "stops", "reached_abroad"):
        assert by_name[name].events_first == 0, name
        assert by_name[name].note == "cannot occur in a" and by_name[name].ratio is None, name
    back = unwatched.difference("b", "a", "imposed")
    assert back.note == "cannot occur in a"
    rows = comparison_rows(unwatched, "b", "burden", "")
    assert RATIO not in rows.head  # two seeds give no interval
    cells = {row[0]: row[-1] for row in rows.rows}
    assert rows.head[-1] == "Note" and cells[by_name["imposed"].label] == "–"
    assert "events that cannot occur in a: what causes them is switched off" in unwatched.report()
    # What people do of themselves can occur; so few events are chance.
    for d in by_name.values():
        assert d.measure not in UNCAUSED or not d.note.startswith(CANNOT), d.measure


def test_whatever_the_unwatched_count_can_occur_there(unwatched):
    counted = {name for name, cell in unwatched.cells["a"].items() if cell.events}
    assert counted & impossible(unwatched.scenarios["a"], 60) == set()
    assert not impossible(world(), 60) & {"imposed", "stops", "appeals", "chilled_acts"}
    assert "review_demand" in impossible(world(), 60)
    reviewed = world("atlantic-2018", "safeguards.review=1")
    assert "review_demand" not in impossible(reviewed, 60)
    late = world("unwatched", "cameras.per_1000_people={2014-06-14: 0, 2020-01-01: 300}")
    assert ["under_camera" in impossible(late, days) for days in (61, 62)] == [True, False]


def test_withheld_acts_and_the_change_in_acts_stand_side_by_side(unwatched):
    whole = effects(unwatched, "b")[0]
    d = unwatched.differences["b"]
    assert whole.withheld.value == pytest.approx(d["chilled_share"].here)
    assert whole.change.value == pytest.approx(100 * d["acts"].difference / d["acts"].first)
    rows = effect_rows(unwatched, "b")
    assert "direct effect" in rows.head[1] and "total effect" in rows.head[-1]
    page = unwatched.report()
    assert page.index(rows.caption) < page.index("Stated goals: b beside a")


def test_a_comparison_begins_with_its_findings_and_the_difference_before_all_values(unwatched):
    made = comparison_brief(unwatched)
    assert f"<h1>{made.title}" in unwatched.report().replace("\N{NO-BREAK SPACE}%", " %")
    assert all(str(one).endswith(".") for one in made.findings) and len(made.findings) >= 3
    assert made.headline.head[:2] == ["Measure", "Difference in b"]
    assert comparison_rows(unwatched, "b", "burden", "").head[:2] == ["Measure", "Difference"]
    for d in unwatched.differences["b"].values():
        events = [n for n in (d.events_first, d.events_here) if n is not None]
        if events and 0 < max(events) < 30 and d.difference:
            few = [row for row in made.headline.rows if row[0] == d.label]
            assert all("too few events" in row[1] for row in few)


def test_a_ratio_that_has_too_few_events_under_one_seed_is_no_mean_over_the_others():
    line = type("Line", (), dict(name="m", label="M", kind="error", unit="", definition="d"))
    cells = Cell(40, "too few events (30 and 10)"), Cell(400)
    d = paired("b", line, [2.0, None, 3.0], [2.0, 2.5, 3.0], cells)
    assert (d.first, d.here, d.difference, d.note) == (None, None, None, cells[0].note)


def test_no_event_in_either_world_is_no_difference_of_zero_with_an_interval_of_zero():
    line = type("Line", (), dict(name="m", label="M", kind="error", unit="", definition="d"))
    zeros, none = [0.0, 0.0, 0.0], (Cell(0), Cell(0))
    d = paired("b", line, zeros, zeros, none)
    assert (d.difference, d.low, d.high) == (0, None, None)
    d = paired("b", line, zeros, zeros, none, same=True)  # the same to the bit
    assert (d.difference, d.low, d.high) == (0, 0, 0)


def test_a_comparison_is_read_back_with_the_same_page_and_the_same_figures(found, tmp_path):
    same = uw.load(found.save(tmp_path / "folder"))
    assert repr(same) == repr(found) and len(repr(found)) < 300
    assert same.report() == found.report()
    assert same.differences["b"]["offences"] == found.differences["b"]["offences"]
    assert same.tallies.identical(found.tallies)
    assert same.to_dataframe().equals(found.to_dataframe())
    assert found.title in found._repr_html_()


def test_files_of_one_seed_and_of_several_have_the_same_columns_and_types(found, one, tmp_path):
    folders = [each.save(tmp_path / str(k)) for k, each in enumerate((one, found))]
    for name in ("differences", "values"):
        first, other = (pq.read_schema(folder / f"{name}.parquet") for folder in folders)
        assert first.equals(other) and "null" not in map(str, first.types)
    both = pq.ParquetDataset([folder / "differences.parquet" for folder in folders]).read()
    assert both.num_rows == 2 * len(found.to_dataframe())


def test_one_seed_is_reported_without_an_interval(one):
    assert all(d.low is None for d in one.differences["b"].values())
    page = one.report()
    before = page.split("<table")[0]
    of_counts = ("exact 95", "exact interval", "(exact, without pairing)")  # of a few events
    assert "1 seed: no interval" in page
    first, *others = one.findings()
    assert first.startswith("One seed shows one draw of chance")
    assert others and not [text for text in others if "lower by" in text or "higher by" in text]
    assert f">{escape(one.title)}</h1>" in page  # no finding as the title
    assert before.count("exact") == sum(map(before.count, of_counts))


def test_the_caption_of_a_course_is_the_figure_of_the_table(found):
    for name in ("chilled_share", "offences", "repayment"):
        table = {w: np.mean(found.values[w][name]) for w in "ab"}
        caption = course_series(found.tallies, name).caption
        for w in "ab":
            text = caption.split(f"{w} ")[1].split(";")[0].split(" ")[0].rstrip(".")
            digits = len(text.partition(".")[2])
            assert float(text.replace(",", "")) == pytest.approx(table[w], abs=0.51 * 10**-digits)
    assert set(COURSES) >= {"chilled_share", "offences"}


def test_a_measure_undefined_in_one_world_has_a_value_in_the_other_and_no_difference():
    line = type("Line", (), dict(name="m", label="M", kind="error", unit="%", definition="d"))
    d = paired("b", line, [1.0, 2.0, 3.0], [None, None, None])
    assert (d.first, d.here, d.difference, d.low, d.seeds) == (2.0, None, None, None, 0)
    d = paired("b", line, [1.0, 2.0, 3.0], [2.0, None, 5.0])
    assert (d.first, d.here, d.difference, d.low, d.seeds) == (2.0, 3.5, 1.5, None, 2)


def test_until_the_day_on_which_they_diverge_two_worlds_are_the_same_to_the_bit():
    day, last = date(2020, 2, 1), 92  # the first day of February is day 92
    late = world("atlantic-2018", "safeguards.no_speech={2020-02-01: 1}")
    other = run(late, days=last + 40)
    branched = compare({"a": world(), "b": late}, days=last + 40, seeds=1, diverge_on=day)
    ((_, hashes),) = branched.state_hashes.items()
    assert hashes["b"] == other.state_hash
    daily = [n for n, counts in branched.tallies.items() if counts.dims == ("world", "seed", "day")]
    a, b = (branched.tallies[daily].sel(world=w, drop=True).to_dataarray() for w in "ab")
    assert (a == b).isel(day=slice(None, last)).all() and not (a == b).all()


def test_worlds_that_cannot_be_compared_are_refused_before_any_work():
    with pytest.raises(UserError, match="has other people"):
        compare({"a": world(), "b": world("atlantic-2018", "society.citizens=1000")}, days=30)
    with pytest.raises(UserError, match="begins on"):
        compare({"a": world(), "b": Scenario.load("atlantic-2018", SMALL)}, days=30)
    with pytest.raises(UserError, match="diverge on 2010-01-01"):
        compare({"a": world(), "b": world()}, days=30, diverge_on=date(2010, 1, 1))
    with pytest.raises(UserError, match="alone cannot be compared"):
        compare("thaw")
    with pytest.raises(UserError, match="the last seed"):
        compare("thaw", "unwatched", seed=2**63 - 1, seeds=2)
    with pytest.raises(UserError, match="3.5 is not a scenario"):
        compare("thaw", 3.5)


def test_own_functions_that_cannot_be_sent_to_a_worker_are_refused():
    lock = Lock()  # of this process only
    with pytest.raises(UserError, match="top level of a module"):
        own_code({"own": lambda columns: lock.locked()}, 30, None)
    with pytest.raises(UserError, match="is mapped to a value of type int"):
        own_code({"own": 3}, 30, None)


def test_what_a_function_reads_identifies_a_study_as_well_as_its_code():
    def made(limit):
        return own_code({"own": lambda columns: (columns.risk > limit).mean()}, 30, None).digest

    assert made(1) == made(1) != made(2)


def test_an_own_scoring_rule_is_sent_by_its_name_and_is_part_of_what_identifies_a_study():
    own = pickle.loads(pickle.dumps(own_code(None, 30, forgiving)))
    assert own.for_simulation()["score"].digest == own.score_digest
    keys = {study_key([Task("1", {"w": world()}, 1, 9, own=o)]) for o in (OwnCode(), own)}
    assert len(keys) == 2


def test_a_scoring_rule_is_compiled_before_the_workers_start(monkeypatch):
    compiled = []
    monkeypatch.setattr("underwatch.kernel.compile.is_compiled", lambda folder: False)
    monkeypatch.setattr("underwatch.kernel.compile.CACHE", "folder")
    monkeypatch.setattr("underwatch.results.run.run", lambda *_, **given: compiled.append(given))
    own = own_code(None, 30, forgiving)
    compile_first(Task("1", {"w": world()}, 1, 9, own=own))
    assert compiled[0]["score"].digest == own.score_digest


def test_the_day_of_a_scoring_rule_is_compiled_by_the_process_that_has_the_rule(monkeypatch):
    def started():
        raise AssertionError("a second process was started")

    monkeypatch.setattr("underwatch.engine.warmup.day_beside", started)
    settings = settings_of(world(), 2000, 9, score=forgiving)
    assert start_simulation(settings, lambda _: None).score is settings.extra["score"]


SCRIPT = """
import underwatch as uw
from underwatch.study import scheduling

scheduling.SMALL = 0  # start a worker, small as it is
bound = 3


def above(columns):
    return (columns.risk > bound).mean()


found = uw.compare(
    "unwatched", "atlantic-2018", citizens=500, days=20, seeds=1, observe={"above": above}, every=10
)
assert found.observations["above"].sizes["day"] > 1
print(len(found.to_dataframe()), __file__)
"""


def test_a_plain_script_has_workers_that_run_its_functions_and_not_the_script(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    (line,) = ended.stdout.splitlines()  # once: no worker ran the script again
    assert line.endswith("script.py") and not ended.stderr


def test_own_measures_are_computed_in_every_world_and_change_nothing(one, tmp_path):
    worlds = {"a": world(), "b": world("without-deterrence")}
    found = compare(worlds, days=20, seeds=1, observe={"mean risk": mean_risk}, every=10)
    assert found.state_hashes == one.state_hashes and not one.observations
    risk = found.observations["mean risk"]
    assert risk.dims == ("world", "seed", "day") and risk.sizes["world"] == 2
    assert (risk.values > 0).any()
    same = uw.load(found.save(tmp_path / "folder"))
    assert same.observations["mean risk"].identical(risk)
    assert same.tallies.identical(found.tallies)


def test_in_this_process_or_on_two_others_the_results_are_the_same_to_the_bit():
    tasks = [Task(str(seed), {"w": world()}, seed, 40) for seed in (1, 2, 3)]
    one, two = (run_all(tasks, workers=workers) for workers in (None, 2))
    hashes = [{k: v["w"].state_hash for k, v in found.items()} for found in (one, two)]
    assert hashes[0] == hashes[1] and len(set(hashes[0].values())) == 3


def test_an_interrupted_study_resumes_to_the_same_result(found, tmp_path):
    worlds = {"a": world(), "b": world("without-deterrence")}
    partial = tmp_path / ".x.partial"
    raised = []

    def stop(step):
        if step.runs and not raised:
            raised.append(step.runs)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare(worlds, days=120, seeds=4, checkpoint=partial, progress=stop)
    kept = entries(partial)
    assert 0 < len(kept) < 8
    with pytest.raises(UserError, match="other scenarios"):
        compare(worlds, days=119, seeds=4, checkpoint=partial)
    steps = []
    resumed = compare(worlds, days=120, seeds=4, checkpoint=partial, progress=steps.append)
    assert steps[1].runs == len(kept) and steps[-1].runs == 8
    assert resumed.state_hashes == found.state_hashes
    assert resumed.differences["b"]["offences"] == found.differences["b"]["offences"]


def test_the_command_prints_the_figures_of_the_function(tmp_path):
    words = ["compare", "atlantic-2018", "without-deterrence", "--citizens", "2000", "--days", "40",
             "--seeds", "1", "--out", "here", "--json"]  # fmt: skip
    done = underwatch(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout.splitlines()[-1])
    found = uw.load(tmp_path / "here")
    for measure, d in found.differences["without-deterrence"].items():
        assert printed["differences"][measure]["difference"] == d.difference, measure
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert "1 seed: no interval" in done.stderr
