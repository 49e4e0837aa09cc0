"""The size of a study from a time budget: said beforehand, never above that of the scenario."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from underwatch.errors import UserError
from underwatch.results.ledger import facts
from underwatch.scenario import Scenario
from underwatch.study import budget, speed
from underwatch.study.budget import LEAST, Speed, check_budget, largest, seconds_for
from underwatch.study.compare import compare
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.size import fitting, most_work, possible_sets
from underwatch.study.progress import StudyProgress

SLOW = Speed(4e3, 0.0, True)
PAIR = {
    name: Scenario.load(name, ["society.citizens=4000", "first_day=2019-11-01"])
    for name in ("atlantic-2018", "unwatched")
}


@given(st.integers(1, 10**7), st.integers(1, 5000), st.floats(0.1, 1000))
def test_the_largest_population_fits_and_is_never_larger_than_the_scenarios(own, runs, minutes):
    usual = Speed(1e7, 0.3)
    chosen = largest(own, runs, 2000, minutes, usual)
    assert 1 <= chosen <= own
    if chosen > LEAST:
        assert seconds_for(chosen, runs, 2000, usual) <= 60 * minutes
    assert chosen <= largest(own, runs, 2000, 2 * minutes, usual)


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setattr(budget, "measured_speed", lambda: SLOW)
    monkeypatch.setattr(budget, "cores", lambda: 1)


def test_the_size_is_said_before_the_study_starts_and_stands_in_the_provenance(slow, capsys):
    steps: list[StudyProgress] = []
    minutes = 2 * 20 * 2000 / 4e3 / 60 / 0.8
    found = compare(PAIR, days=20, seeds=1, budget=minutes * 1.001, progress=steps.append)
    assert found.provenance["citizens"] == 2000
    assert found.provenance["scenario_citizens"] == 4000
    assert "2 runs of 2,000 of 4,000 citizens and 20 days" in steps[0].note
    assert not any(step.note for step in steps[1:])
    same = compare(PAIR, citizens=2000, days=20, seeds=1)
    assert same.state_hashes == found.state_hashes  # the size alone decides
    assert "budget_minutes" not in same.provenance
    compare(PAIR, days=20, seeds=1, budget=minutes * 1.001)
    assert "2,000 of 4,000 citizens" in capsys.readouterr().err


def test_a_resumed_study_keeps_its_size_whatever_the_speed_is_now(slow, tmp_path, monkeypatch):
    def stop(step):
        if step.runs:
            raise KeyboardInterrupt

    kept = tmp_path / ".x.partial"
    with pytest.raises(KeyboardInterrupt):
        compare(PAIR, days=20, seeds=2, budget=0.3, checkpoint=kept, progress=stop)
    monkeypatch.setattr(budget, "measured_speed", lambda: Speed(1e9, 0.0, True))
    found = compare(PAIR, days=20, seeds=2, budget=0.3, checkpoint=kept)
    assert found.provenance["citizens"] == facts(kept)["about"]["citizens"] == 1000


def test_no_limit_and_a_given_size_win_over_the_budget(slow):
    for more in ({"budget": None}, {"budget": 0.01, "citizens": 4000}):
        found = compare(PAIR, days=5, seeds=1, **more)
        assert found.provenance["citizens"] == 4000


def test_a_study_of_diffusion_has_the_populations_that_fit_and_says_so(slow, monkeypatch, capsys):
    small = ["states.number=4", "years.first=2018", "years.last=2018", "index.year=2018",
             "nations.citizens=5000"]  # fmt: skip
    study = Study.load("diffusion", small)
    runs, days = most_work(study)
    minutes = runs * days * 3000 / SLOW.citizen_days / 60 / budget.MARGIN
    monkeypatch.setattr(budget, "_cores", lambda runs: 1.0)
    found = fitting(study, minutes * 1.001, None)
    assert found.citizens == 3000 and found.about["scenario_citizens"] == 5000
    assert found.sentence.startswith(f"At most {runs:,} runs of 3,000 of 5,000 citizens")
    assert fitting(study, None, None) is None
    assert fitting(study, 1e9, None).citizens == 5000
    found.warn()
    assert "3,000 of 5,000 citizens" in capsys.readouterr().err


def test_the_sets_that_a_state_can_hold_hold_what_each_organ_comes_after():
    study = Study.load("diffusion")
    every, chain = possible_sets(study), 0
    for code in range(1 << len(study.offers)):
        held = {name for k, name in enumerate(study.offers) if code >> k & 1}
        chain += all(set(study.offers[name].after) <= held for name in held)
    assert every == chain < 1 << len(study.offers)


@pytest.mark.parametrize("wrong", [0, -1, "soon", float("nan"), float("inf"), True, [3]])
def test_a_budget_that_is_no_number_of_minutes_is_refused(wrong):
    with pytest.raises(UserError, match="number of minutes"):
        check_budget(wrong)


def test_the_speed_is_remembered_and_a_damaged_file_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(speed, "_folder", lambda: tmp_path)
    assert not speed.measured_speed().measured
    for fast in (2e7, 3e7, 1e7):
        speed.remember(fast * 2, 2.0, 4, 1.0)
    speed.remember(1e6, 10.0, 1, 0.0)  # too little to be kept
    assert speed.measured_speed() == Speed(2e7, 0.25, True, 1e7, 3e7)
    about = {"citizens": 1_000_000, "threads": 2, "citizen_days_per_second": 4e7}
    for seconds in (1.0, 1.0, 1.0, 8.25, 8.25, 8.25):  # most of a short run is building
        speed.note_run(about | {"seconds": seconds})
    assert speed.measured_speed() == Speed(3.42e8 / 16, 0.25, True, 1e7, 3e7)
    for text in ("{", "[[1]]", json.dumps([[1e99, 1]]), "[1e400]"):
        (tmp_path / "speed.json").write_text(text)
        assert not speed.measured_speed().measured
