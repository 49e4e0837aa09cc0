"""Expression: fears that learn from their own penalties, feelings that decay, rare events apart."""

from datetime import date

import numpy as np
import pytest
from numba import njit

import underwatch as uw
from helpers import worlds
from helpers.nation import build
from underwatch.engine.population import build as build_population
from underwatch.engine.simulation import Simulation
from underwatch.kernel.columns import as_columns
from underwatch.kernel.random import fill
from underwatch.measurement.history import HISTORY
from underwatch.model import morning, parameters, streams
from underwatch.model.parameters import PARAMS
from underwatch.model.parameters.society import caps
from underwatch.model.state import KNOWS
from underwatch.results.run import run
from underwatch.scenario import Scenario

KINDS = 15


def simulated(name, *settings, citizens=8_000, days=900):
    size = [f"society.citizens={citizens}", "first_day=2017-06-01"]
    return run(Scenario.load(name, [*size, *settings]), days=days)


def started(name, days, *settings):
    size = ["society.citizens=4000", "first_day=2019-06-01", "society.births_and_deaths=false"]
    scenario = Scenario.load(name, [*size, *settings])
    simulation = Simulation(scenario, build_population(scenario), days, [], 4_000)
    simulation.run()
    return simulation


def total(found, measure):
    return int(found.tallies[measure].sum())


def params_of(name, on, *settings):
    return parameters.params_on(Scenario.load(name, list(settings)), date.fromisoformat(on))


# --- Fears apart, news once (L-4)


@pytest.fixture(scope="module")
def default():
    return simulated("atlantic-2018")


def test_the_debtors_blacklist_chills_no_speech(default):
    without = simulated("atlantic-2018", "blacklist.on=false")
    assert total(default, "restricted") > 5 * total(without, "restricted")
    change = total(without, "chilled_acts") / total(default, "chilled_acts") - 1
    assert abs(change) < 0.1


def test_fears_mix_as_far_as_a_scenario_lets_them(default):
    mixed = simulated("atlantic-2018", "response.spill_between_fears=1")
    assert total(mixed, "risk_sum") > 1.02 * total(default, "risk_sum")
    assert total(mixed, "chilled_acts") > total(default, "chilled_acts")


# --- Feelings


def feelings_after(days, people, ties, first, **values):
    r = np.zeros(1, PARAMS)
    for name, value in values.items():
        r[name] = value
    caps(r, 3)
    world = worlds.world_of(people, ties, r, 7)
    states = np.zeros(len(people), worlds.STATE)
    for name, value in first.items():
        states[name] = value
    world = world._replace(states=as_columns(states))
    return worlds.simulate(people, ties, r, np.zeros(days, int), 7, 5_000, world=world)[1]


@pytest.mark.parametrize("level, days", [(1, 180), (1, 20), (255, 180)])
def test_a_perceived_risk_of_any_level_halves_in_its_half_life(level, days):
    people, ties = build(30_000, 7)
    adults = people["age"] >= 18
    decay = round((1 - 0.5 ** (1 / days)) * 2**24)
    states = feelings_after(days, people, ties, {"risk": level}, risk_decay=decay)
    left = states["risk"][adults].astype(float)
    error = left.std() / np.sqrt(adults.sum())
    assert abs(left.mean() - level / 2) < 4 * error + 0.002 * level


def test_a_half_life_of_any_accepted_length_is_kept_within_a_thousandth():
    for days in (1, 30, 365, 20_000):
        r = params_of("unwatched", "2020-01-01", f"response.risk_half_life_days={days}")
        kept = (1 - r["risk_decay"][0] / 2**24) ** days
        assert abs(kept - 0.5) < 0.001


# --- Acts and events (L-11)


@njit
def _occurs(words, p, seed, day, out):
    draws = np.zeros(KINDS, np.int64)
    today = streams.Today(seed, day, -1, -1, 0, 0)
    for k in range(words.shape[1]):
        d = morning.daily_draws(words, k)
        draws[0], draws[1], draws[2], draws[3] = (
            np.int64(d.post),
            np.int64(d.message),
            np.int64(d.purchase),
            np.int64(d.minor),
        )
        draws[4], draws[5], draws[6], draws[7] = (
            np.int64(d.protest),
            np.int64(d.serious),
            np.int64(d.visa),
            np.int64(d.good_deed),
        )
        draws[8], draws[9], draws[10], draws[11] = (
            np.int64(d.misread),
            np.int64(d.slander),
            np.int64(d.bystander),
            np.int64(d.join),
        )
        draws[12], draws[13], draws[14] = (
            np.int64(d.foreign_visit),
            np.int64(d.petition),
            np.int64(d.pass_by),
        )
        for kind in range(KINDS):
            out[kind, k] = streams.happens(draws[kind], kind, p, today, k)


@njit
def _fill(words, day, seed):
    fill(words, 0, words.shape[1], day, seed, 0)


@pytest.mark.parametrize("p", [0.3, 0.01])
def test_acts_of_different_kinds_are_independent(p):
    n = 300_000
    words, out = np.zeros((streams.DAILY_STREAMS, n), np.uint32), np.zeros((KINDS, n), bool)
    _fill(words, 3, 11)
    _occurs(words, round(p * 2**32), 11, 3, out)
    assert abs(out.mean(1) - p).max() < 5 * np.sqrt(p * (1 - p) / n)
    together = np.corrcoef(out) - np.eye(KINDS)
    assert abs(together).max() < 5 / np.sqrt(n)


def test_in_a_run_an_alert_is_no_likelier_on_the_day_of_a_petition():
    """One draw used to decide both: given a petition, an alert was certain instead of 1 in 12."""
    often = ["life.petitions_per_year=20", "platforms.petitions_read=1", "cameras.uptime=1",
             "cameras.passes_checked_per_day=0.5", "police.enrolled_at_random=1",
             "firewall.posts_filtered=0", "life.critical_skew=0"]  # fmt: skip
    scenario = Scenario.load("atlantic-2018", ["first_day=2020-01-01", *often])
    panel = run(scenario, citizens=2_500, days=30, panel=2_500).panel.to_pandas()
    found = {
        what: set(zip(of.citizen, of.day, strict=True)) for what, of in panel.groupby("record")
    }
    signed, alerted = found["petition"], found["alert"]
    signers = {citizen for citizen, _ in signed}
    chance = sum(citizen in signers for citizen, _ in alerted) / (len(signers) * 30)
    assert 0.02 < chance < 0.5
    error = np.sqrt(chance * (1 - chance) / len(signed))
    assert abs(len(signed & alerted) / len(signed) - chance) < 4 * error


# --- News once


def test_a_stop_is_news_to_whoever_is_stopped_even_if_it_ends_with_nothing():
    """As it is to contacts, so that both learn of penalties by one law."""
    nothing = [f"police.{what}_{cause}=0" for what in ("charged", "warned")
               for cause in ("rightful", "wrongful")]  # fmt: skip
    quiet = ["support.learning=0", "blacklist.on=false", "restrictions.on=false",
             "naming.offenders=0"]  # fmt: skip
    simulation = started("atlantic-2018", 150, *nothing, *quiet,
                         "police.places_per_million_a_day=500")  # fmt: skip
    knows = simulation.states()["standing"] & KNOWS != 0
    stopped = simulation.world.history & HISTORY["stopped"] != 0
    adults = simulation.ages() >= 18
    assert stopped.sum() > 20 and (knows[adults] == stopped[adults]).all()


# --- Trust and the official line


def test_the_official_line_pulls_on_nobody_in_the_unwatched_world():
    assert params_of("unwatched", "2020-01-01")["drift_official"] == 0
    assert params_of("atlantic-2018", "2020-01-01")["drift_official"] > 0
    apart = ["opinion.steps_to_conviction=0", "opinion.steps_to_voices=0",
             "opinion.foreign_source_moves=0"]  # fmt: skip
    states = simulated("unwatched", *apart, days=200, citizens=2_000).people
    adults = states[states.age >= 18]
    assert (adults.opinion == adults.conviction).all()


def test_trust_spreads_and_falls_with_informers_as_lichter_found():
    adults = simulated("unwatched", days=1).people.query("age >= 18")
    spread = adults.trust.std() / 255
    assert 0.15 < spread < 0.25  # not 2.5 of 255
    # A standard deviation of density is taken as a quarter of the mean, 1 in 63.
    reports = 0.25 / 63 / 0.25
    here, there = (
        params_of("unwatched", "2020-01-01", f"neighbours.reports={share}")["trust_rest"][0]
        for share in (0, 10 * reports)
    )
    effect = (there - here) / 255 / 10 / spread
    assert -0.099 - 0.044 < effect < -0.099 + 0.044


# --- Two measures of chilling


def test_withheld_acts_and_the_total_effect_stand_side_by_side():
    found = uw.compare("unwatched", "atlantic-2018", citizens=2_000, days=60, seeds=1)
    by_measure = found.differences["atlantic-2018"]
    assert "withheld because of perceived risk" in by_measure["chilled_acts"].label
    assert by_measure["acts"].label == "Change in lawful acts against the first world"
    done = {world: values["acts"][0] for world, values in found.values.items()}
    assert by_measure["acts"].difference == done["atlantic-2018"] - done["unwatched"]
