"""A calibration: planted parameters are found, what is out of reach is said, files are checked."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import underwatch as uw
from underwatch.calibration import space as space_module
from underwatch.calibration.calibrating import _correlations
from underwatch.calibration.emulator import emulate, one_thread
from underwatch.calibration.matching import matched
from underwatch.calibration.parameters import Parameter, parameters_of, settings_of
from underwatch.calibration.space import Space, explored, posterior
from underwatch.cli import app
from underwatch.errors import UserError
from underwatch.scenario.evidence import stated_range

KEYS = ("life.minor_offences_per_year", "life.flights_per_year")
OFFENCES = {"measure": "offences", "by": date(2014, 8, 12), "value": 300, "standard_error": 15,
            "source": "assumption: invented", "confidence": "C"}  # fmt: skip
SMALL = {
    "scenario": "atlantic-2018", "citizens": 500, "days": 60, "points": 10, "waves": 1, "draws": 5,
    "fit": {KEYS[0]: {"low": 1, "high": 12}, KEYS[1]: {"low": 1, "high": 2}},
    "targets": {"offences": OFFENCES},
    "held_out": {"intended posts": OFFENCES | {"measure": "would_posts", "per": "adults"}},
}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return uw.calibrate(uw.Targets(**SMALL))


def test_a_parameter_that_moves_the_target_is_found_and_one_that_does_not_is_named(found):
    offences, flights = (found.parameters[key] for key in KEYS)
    assert found.fitted and offences.informed and offences.width < 0.5
    assert not flights.informed and found.uninformed == [KEYS[1]]
    assert any(f"nothing about {KEYS[1]}" in sentence for sentence in found.sentences())
    target, held_out = found.targets.values()
    assert abs(target.relative_error) < 0.15 and target.low <= 300 <= target.high
    assert held_out.held_out and held_out.emulator is None and held_out.simulated > 0


def test_each_figure_of_a_run_is_that_of_the_run_alone(found):
    first = found.runs[0]
    settings = dict(zip(KEYS, first[3:5], strict=True))
    scenario = uw.Scenario.load("atlantic-2018").with_(settings)
    tallies = uw.run(scenario, citizens=500, days=60, seed=scenario.society.seed).tallies
    assert first[5] == tallies["offences"].sum()
    share = tallies["would_posts"].values.sum() / tallies["adults"].values.sum()
    assert first[6] == pytest.approx(share)


def test_a_calibration_has_the_verbs_of_every_result(found, tmp_path):
    same = uw.load(found.save(tmp_path / "here"))
    assert same.sentences() == found.sentences() and np.array_equal(same.runs, found.runs)
    assert np.array_equal(same.posterior, found.posterior) and same.targets == found.targets
    assert len(repr(found)) < 300 and "1 wave" in found.report()
    assert [*found.to_dataframe()["informed"]] == [True, False]
    assert found.plot().to_dict()["vconcat"]
    made = found.scenario()
    assert made.life.flights_per_year == 1.17  # the targets say nothing: it keeps its value
    median = found.parameters[KEYS[0]].median
    assert made.life.minor_offences_per_year == pytest.approx(median, rel=0.05)
    source = made.sources[KEYS[0]]
    assert "fitted to assumption: invented, not predicted" in source
    assert stated_range(source) == (1, 12)


def test_what_no_point_reaches_is_named_and_nothing_is_fitted(tmp_path):
    far = SMALL | {"targets": {"offences": OFFENCES | {"value": 90_000}}, "draws": 5}
    found = uw.calibrate(uw.Targets(**far))
    assert not found.fitted and found.unreachable == ("offences",) and len(found.posterior) == 0
    assert "cannot reach offences (90,000)" in found.sentences()[0]
    with pytest.raises(UserError, match="cannot reach"):
        found.scenario()
    assert "Nothing is fitted" in uw.load(found.save(tmp_path / "none")).report()
    both = {"few": OFFENCES | {"value": 200}, "many": OFFENCES | {"value": 500}}
    found = uw.calibrate(uw.Targets(**SMALL | {"targets": both}))
    assert found.unreachable == () and found.together == ("few", "many")


def test_planted_parameters_of_a_known_function_are_inside_the_interval(monkeypatch):
    """Two parameters move three noisy figures, and a third moves none; 20 trials of each.

    The trials share their wave of runs, which comes before any comparison with what is planted.
    """
    monkeypatch.setattr(space_module, "CLOUD", 250)
    parameters = [Parameter(name, None, 0, 1, 0.5) for name in "abc"]
    rng, noise = np.random.default_rng(5), np.array([0.1, 0.05, 0.05])

    def function(units):
        a, b = units[:, 0], units[:, 1]
        return np.stack([3 * a + np.sin(3 * b), 2 * b**2 + a * b, a - b], 1)

    def simulate(units, replicates, stage=""):
        shape = (len(units), replicates, 3)
        return function(units)[:, None] + noise * rng.standard_normal(shape)

    inside, widths = [], []
    with one_thread():
        space = Space(function(rng.random((1, 3)))[0], noise**2)
        matched(simulate, parameters, "xyz", space, points=24, replicates=2, waves=1, rng=rng)
        for _ in range(20):
            planted = rng.random((1, 3))
            space = Space(simulate(planted, 1)[0, 0], noise**2, space.waves)
            sample = posterior(space, explored(space, 3, rng), rng)
            low, high = np.quantile(sample, [0.05, 0.95], axis=0)
            inside.append((low <= planted[0]) & (planted[0] <= high))
            widths.append((high - low) / 0.9)
    assert np.sum(inside, 0).min() >= 15  # below it with a probability of 1 % at 90 % coverage
    mean = np.mean(widths, 0)
    assert mean[0] < 0.3 and mean[1] < 0.3 and mean[2] > 0.9


class Identity:
    """An emulator that knows the expected figure: the parameter itself."""

    def predict(self, units):
        return units[:, 0], np.zeros(len(units))


def test_correlated_errors_of_two_figures_tell_less_than_independent_ones():
    """The mean of two figures has a variance of (1 + correlation) / 2 times that of each."""
    values, variances = np.array([0.5, 0.5]), np.array([0.03, 0.03]) ** 2
    spread = {}
    for correlation in (0, 0.9):
        correlations = np.array([[1, correlation], [correlation, 1]])
        space = Space(values, variances, [[Identity(), Identity()]], correlations)
        rng = np.random.default_rng(3)
        spread[correlation] = posterior(space, explored(space, 1, rng), rng).std()
    units = rng.random((50, 1))
    alone = Space(values, variances, space.waves).log_likelihood(units)
    space.correlations = np.eye(2)
    np.testing.assert_allclose(space.log_likelihood(units), alone)
    for correlation, found in spread.items():
        assert found == pytest.approx(0.03 * np.sqrt((1 + correlation) / 2), rel=0.1)


def test_the_correlation_of_a_file_is_that_of_the_posterior():
    """What the file says about two figures of one series reaches the fit."""
    both = {"one": OFFENCES, "same": OFFENCES | {"source": "assumption: counted again"}}
    group = {"targets": ["one", "same"], "correlation": 0.95}
    assert _correlations(uw.Targets(**SMALL | {"targets": both})) is None
    declared = uw.Targets(**SMALL | {"targets": both, "correlated": {"a series": group}})
    assert _correlations(declared).tolist() == [[1, 0.95], [0.95, 1]]


def test_an_emulator_learns_the_expectation_and_says_how_far_it_may_be_off():
    rng = np.random.default_rng(1)
    units = rng.random((40, 2))
    truth = np.exp(units[:, 0]) + units[:, 1] ** 2
    made = emulate(units, truth[:, None] + 0.05 * rng.standard_normal((40, 3)))
    other = rng.random((200, 2))
    mean, variance = made.predict(other)
    away = (mean - np.exp(other[:, 0]) - other[:, 1] ** 2) / np.sqrt(variance)
    assert (np.abs(away) < 1.96).mean() > 0.8 and np.sqrt(variance).mean() < 0.04
    assert made.noise == pytest.approx(0.05**2, rel=0.5) and made.diagnosis.explained > 0.98


def test_killed_between_waves_a_calibration_resumes_and_simulates_no_run_twice(found, tmp_path):
    targets, done = uw.Targets(**SMALL), []
    kept = tmp_path / "kept"

    def stop(step):
        if step.note.startswith("The posterior"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        uw.calibrate(targets, checkpoint=kept, progress=stop)
    resumed = uw.calibrate(targets, checkpoint=kept, progress=lambda step: done.append(step.runs))
    assert done[1] == 20 and len(resumed.runs) == 20 + 5  # all of the first wave were kept
    assert np.array_equal(resumed.runs, found.runs)


BAD = """\
scenario: atlantic-2018
settings: {cameras.uptime: 1.3}
sead: 1
fit:
  life.flights_per_year: {low: 2, high: 1}
  life.minor_offences_per_yeer: {low: 1, high: 2}
  blacklist.court_places_per_million_a_day:
    2014-06-15: {low: 1, high: 2}
  restrictions.on: {low: 0, high: 1}
  life.train_trips_per_year: {low: 0.1, high: 400}
targets:
  listed:
    measure: imposd
    by: 2016-01-01
    value: 1000
    standard_error: 10
    source: court_blacklist
  early: {measure: imposed, by: 2013-01-01, value: 1, low: 2, high: 3, source: court_blacklist}
  shares: {measure: chilled_share, value: 4, source: no_such_key}
  counts:
    {measure: offences, value: -5, standard_error: 1, source: "assumption: a", confidence: V}
correlated:
  two: {targets: [early, sharse, early], correlation: 0.5}
  others: {targets: [listed, early], correlation: 1.5}
"""


def test_a_targets_file_is_refused_with_every_fault_and_its_line(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text(BAD)
    with pytest.raises(UserError) as caught:
        uw.Targets.load("bad.yaml")
    lines = str(caught.value).splitlines()
    expected = [
        (2, "cameras.uptime is 1.3"), (3, "did you mean seed?"), (5, "low is below"),
        (6, "life.minor_offences_per_year?"), (8, "does not change on 2014-06-15"),
        (9, "is no number"), (10, "life.train_trips_per_year is 400"),
        (13, "did you mean imposed?"),
        (18, "outside its interval"), (18, "a run begins on 2014-06-14"),
        (19, "has no error"), (19, "no evidence key"),
        (21, "0 or more"), (21, "the source is an assumption"),
        (23, "did you mean shares?"), (23, "early stands here twice"), (24, "below 1"),
    ]  # fmt: skip
    assert len(lines) == len(expected), caught.value
    for (number, words), line in zip(expected, lines, strict=True):
        assert line.startswith(f"bad.yaml:{number}: ") and words in line, line


def test_a_period_of_a_key_is_fitted_and_the_others_keep_their_values():
    targets = uw.Targets.load("atlantic-2018")
    scenario = uw.Scenario.load("atlantic-2018")
    parameters = parameters_of(targets, scenario)
    assert len(parameters) == 5 and parameters[1].declared == 4.4
    made = settings_of(parameters[1:2], scenario, {parameters[1].name: 5.5})
    assert made == {
        "blacklist.court_places_per_million_a_day":
            {"2014-06-14": 5.7, "2017-01-01": 5.5, "2018-01-01": 7.6}
    }  # fmt: skip
    assert (
        parameters_of(
            targets.model_copy(update={"fit": {"life.flights_per_year": "default"}}), scenario
        )[0].low
        > 0
    )


def test_the_command_estimates_and_refuses_in_sentences(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(app, ["calibrate", "--set", "waves=0"])
    assert "waves is 0" in str(run.exception)
    monkeypatch.setitem(__import__("sys").modules, "sklearn", None)
    run = CliRunner().invoke(app, ["calibrate", "atlantic-2018"])
    assert "needs scikit-learn" in str(run.exception)
