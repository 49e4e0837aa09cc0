"""Runs: the same bits in every way of running, resumed or not; worlds share random draws."""

import numba
import numpy as np
import pytest
import xarray as xr

from underwatch.engine.threads import simulate_days
from underwatch.engine.warmup import compile_the_day
from underwatch.errors import UserError
from underwatch.measurement.ledger import KINDS
from underwatch.results.run import run
from underwatch.scenario import Scenario, shipped
from underwatch.study.load import load


@pytest.fixture(scope="module")
def mandatory():
    """The default system from the day on which everyone is scored: every switch is on."""
    return Scenario.load("atlantic-2018", ["first_day=2019-12-01", "society.citizens=40000"])


@pytest.fixture(scope="module")
def base(mandatory):
    return run(mandatory, days=90, panel=200, threads=numba.config.NUMBA_NUM_THREADS)


@pytest.mark.parametrize("otherwise", [
    {"threads": 1}, {"chunk": 3_333}, {"chunk": 40_000}, {"panel": 0},
])  # fmt: skip
def test_neither_threads_nor_chunks_nor_a_panel_change_a_bit(mandatory, base, otherwise):
    other = run(mandatory, days=90, **otherwise)
    assert other.state_hash == base.state_hash
    xr.testing.assert_identical(other.tallies, base.tallies)


def test_the_day_compiled_in_advance_is_the_day_that_is_simulated(base):
    ready = set(simulate_days.signatures)
    compile_the_day()
    assert set(simulate_days.signatures) == ready


def test_another_seed_gives_another_history(mandatory, base):
    assert run(mandatory, days=90, seed=1).state_hash != base.state_hash


def test_an_interrupted_run_resumes_to_the_same_bits(mandatory, base, tmp_path):
    def stop(step):
        if step.stage == "days" and step.done > 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(mandatory, days=90, panel=200, checkpoint=tmp_path, progress=stop)
    resumed = run(mandatory, days=90, panel=200, checkpoint=tmp_path)
    assert resumed.state_hash == base.state_hash
    xr.testing.assert_identical(resumed.tallies, base.tallies)
    assert resumed.panel.equals(base.panel)
    with pytest.raises(UserError, match=r"differs in days \(90 there, 80 here\)"):
        run(mandatory, days=80, panel=200, checkpoint=tmp_path)


def test_a_panel_of_everyone_adds_up_to_the_tallies(mandatory):
    everyone = run(mandatory, citizens=10_000, days=90, panel=10_000)
    lines = everyone.panel.to_pandas()
    total = everyone.to_dataframe("daily").sum(numeric_only=True).astype(int)
    count = lines.groupby(["record", "true_cause"]).size()
    by_cause = lines.groupby("true_cause").size()

    def lines_of(record, *causes):
        return sum(int(count.get((record, cause), 0)) for cause in causes)

    assert by_cause["perceived risk"] == total["chilled_acts"] > 0
    scored = lines_of("restricted by score", "own act", "wrong record", "association")
    listed = lines_of("listed", "own act", "another person's name")
    assert scored + listed == total["imposed"] > 0
    assert lines_of("stopped", "own act", "no own act") == total["stops"] > 0
    assert lines_of("stopped", "no own act") == total["wrongful_stops"]
    false = {
        ("unpermitted post", "misread ordinary post"), ("minor offence", "another person's face"),
        ("judgement", "another person's name"), ("protest", "another person's face"),
        ("protest", "bystander"), ("neighbour's report", "false report"),
    }  # fmt: skip
    assert false <= {(record, cause) for record, _, cause in KINDS}
    assert sum(lines_of(*pair) for pair in false) == total["false_sightings"] > 0


def test_every_tally_has_a_unit_and_a_long_name(base):
    for name, variable in base.tallies.data_vars.items():
        assert variable.attrs["units"] and variable.attrs["long_name"], name


def test_months_and_strata_add_up_to_the_days(base):
    by_month, by_day = base.to_dataframe("monthly"), base.to_dataframe("daily")
    for name in ("posts", "chilled_acts", "imposed", "offences"):
        assert by_month[name].sum() == by_day[name].sum(), name


def test_without_surveillance_nobody_is_seen_restricted_or_chilled():
    population = run(Scenario.load("unwatched"), citizens=20_000, days=400)
    total = population.to_dataframe("daily").sum(numeric_only=True)
    for name in (
        "true_sightings", "false_sightings", "imposed", "restricted", "chilled_acts", "alerts",
        "stops", "scored", "members", "records", "risk_sum", "namings", "foreign_visits_blocked",
        "posts_filtered", "knowing", "tiers_with_file",
    ):  # fmt: skip
        assert total[name] == 0, name
    for act in ("posts", "messages", "petitions", "protests", "foreign_visits", "offences"):
        assert total[act] == total[f"would_{act}"] > 0, act


def test_people_in_two_worlds_intend_the_same_acts_if_nothing_influences_them():
    """Contacts and opinions carry what happened to others; without them, only draws decide."""
    quiet = [
        "life.posts_more_per_hearing=0", "life.petitions_more_per_hearing=0",
        "protest.joining=0", "opinion.steps_to_voices=0", "opinion.foreign_source_moves=0",
        "opinion.steps_to_official=0", "society.citizens=20000",
    ]  # fmt: skip
    watched = run(Scenario.load("atlantic-2018", quiet), days=120)
    free = run(Scenario.load("unwatched", quiet), days=120)
    for intended in ("would_posts", "would_messages", "would_petitions", "would_protests",
                     "would_foreign_visits", "would_offences"):  # fmt: skip
        assert (watched.tallies[intended] == free.tallies[intended]).all(), intended


def test_switching_cameras_off_changes_no_post_read_and_no_purchase_seen():
    on = run(Scenario.load("atlantic-2018"), citizens=20_000, days=100, panel=20_000)
    off = run(Scenario.load("without-cameras"), citizens=20_000, days=100, panel=20_000)
    seen = []
    for world in (on, off):
        lines = world.panel.to_pandas()
        kinds = ["favoured purchase", "disfavoured purchase", "late instalment"]
        seen.append(lines[lines.record.isin(kinds)].reset_index(drop=True))
        camera = (lines.entered_by == "camera").sum()
        assert (camera > 0) == (world is on)
    assert seen[0].equals(seen[1])


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_scenario_runs_and_its_account_closes(name):
    made = run(Scenario.load(name), citizens=5_000, days=150)
    stock = made.tallies.in_force.values
    flow = (made.tallies.imposed - made.tallies.ended).values
    assert (np.diff(stock, prepend=0) == flow).all()
    states = made.states
    by_score = (states["score_until"] > 0) & (states["reasons"] > 15)
    assert stock[-1] == (states["list_until"] > 0).sum() + by_score.sum()


def test_a_value_that_changes_on_day_50_leaves_day_49_unchanged():
    base = Scenario.load("atlantic-2018", ["first_day=2020-01-01", "society.citizens=20000"])
    later = Scenario.load(
        "atlantic-2018",
        ["first_day=2020-01-01", "society.citizens=20000",
         "scoring.association={2018-01-01: 0.2, 2020-02-20: 0.9}"],
    )  # fmt: skip
    assert run(base, days=50).state_hash == run(later, days=50).state_hash
    assert run(base, days=60).state_hash != run(later, days=60).state_hash


def test_more_citizens_than_the_memory_holds_are_refused_before_they_are_generated():
    with pytest.raises(UserError, match=r"need about .* fit: write --citizens"):
        run(Scenario.load("unwatched"), citizens=4_000_000_000)


@pytest.mark.parametrize(
    "place", [None, 5, b"x", "", "x" * 300, "a\0b", "\ud800", "/dev/null/x", "/proc/none/x"]
)
def test_a_place_that_cannot_be_written_or_read_is_a_sentence(base, place):
    for verb in (base.save, load):
        with pytest.raises(UserError):
            verb(place)


def test_a_tilde_is_the_home_folder_for_saving_and_loading(base, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert base.save("~/mine") == tmp_path / "mine"
    assert load("~/mine").state_hash == base.state_hash
