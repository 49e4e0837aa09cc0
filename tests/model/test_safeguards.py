"""Each safeguard has its effect, changes nothing at level 0, and changes no random draw."""

import numpy as np
import pytest
import xarray as xr
from test_organs import ACTS, FEWER, UNMOVED
from test_organs import simulated as world

from underwatch.model import parameters
from underwatch.model.safeguards import FILTERS
from underwatch.scenario import Scenario, shipped
from underwatch.scenario.safeguards import safeguards

# A scenario in which many files are delivered under a wrong name.
MISTAKEN = ["tiers.national.days_between_deliveries=7", "tiers.national.mistaken=0.5",
            "restrictions.below=960"]  # fmt: skip
KEYS = [guard.key for guard in safeguards()]


def simulated(*settings, name="atlantic-2018", **size):
    return world(name, *settings, **size)  # shared with the tests of organs


def total(result, name):
    return int(result.tallies[name].sum())


def at(key, level):
    return f"safeguards.{key}={level}"


# --- The table


def test_every_safeguard_has_a_filter_a_legal_hook_a_level_and_a_scenario():
    assert set(KEYS) == set(FILTERS)
    for guard in safeguards():
        assert guard.law and guard.level and guard.scenario in shipped()
        declared = Scenario.load(guard.scenario).safeguards
        levels = {key: getattr(declared, key).steps[-1][1] for key in KEYS}
        assert levels == {key: float(key == guard.key) for key in KEYS}


def test_the_safeguarded_scenario_has_all_of_them():
    declared = Scenario.load("safeguarded").safeguards
    assert all(getattr(declared, key).steps[-1][1] > 0 for key in KEYS)


# --- Level 0, and random draws


@pytest.mark.parametrize("key", KEYS)
def test_a_safeguard_at_level_0_changes_no_parameter(key):
    scenario = Scenario.load("atlantic-2018")
    table, _ = parameters.timetable(scenario, scenario.days)
    before = table.copy()
    FILTERS[key](table, 0.0, scenario)
    assert (table == before).all()


@pytest.mark.parametrize("key", KEYS)
def test_a_safeguard_changes_no_act_if_nothing_influences_people(key):
    without = simulated(*UNMOVED, citizens=FEWER)
    with_it = simulated(*UNMOVED, at(key, 1), citizens=FEWER)
    for name in ACTS:
        xr.testing.assert_equal(without.tallies[name], with_it.tallies[name])


def test_a_safeguard_from_a_date_leaves_the_days_before_untouched():
    later = "{2019-11-01: 0, 2020-01-10: 1}"
    plain, guarded = simulated(days=70), simulated(at("no_speech", later), days=70)
    assert plain.state_hash == guarded.state_hash
    assert simulated(days=120).state_hash != simulated(at("no_speech", later), days=120).state_hash


# --- Effects, one by one


def test_minimisation_records_less_and_nothing_new():
    full = simulated(*UNMOVED, citizens=6000, panel=6000).panel.to_pandas()
    half = simulated(*UNMOVED, at("minimise", 0.5), citizens=6000, panel=6000).panel.to_pandas()
    # Kinds that follow from other records, such as messages of the watched, are left out.
    kinds = ["late instalment", "repaid instalment", "good deed", "petition", "minor offence"]
    own = ["day", "citizen", "record", "true_cause"]
    more, less = (x[x.record.isin(kinds) & (x.true_cause == "own act")][own] for x in (full, half))
    assert 0.4 * len(more) < len(less) < 0.6 * len(more)
    found = less.merge(more.drop_duplicates(), how="left", indicator=True)
    assert (found["_merge"] == "both").all()


def test_storage_limits_empty_files():
    assert simulated(at("retain", 1)).tallies.records[-1] < 0.6 * simulated().tallies.records[-1]


def test_with_the_wall_no_score_depends_on_companies():
    walled = [at("wall", 1), *UNMOVED]
    quiet = ["life.favoured_purchases_per_year=0", "life.disfavoured_purchases_per_year=0",
             "registers.instalments_reported=0", "platforms.read=0", "platforms.misread_per_year=0",
             "firewall.evasion_seen=0", "neighbours.reports=0",
             "neighbours.lies_per_year=0"]  # fmt: skip
    assert (simulated(*walled).scores == simulated(*walled, *quiet).scores).all()


def test_without_points_for_speech_nobody_is_restricted_or_watched_for_it():
    free = simulated(at("no_speech", 1))
    for name in ("for_speech", "watched", "messages_read"):
        assert total(free, name) == 0, name
    assert total(free, "chilled_acts") < total(simulated(), "chilled_acts")


def test_without_association_nobody_is_restricted_for_association_only():
    settings = ["scoring.association=0.8", "restrictions.below=950"]
    assert total(simulated(*settings), "association_only") > 0
    assert total(simulated(*settings, at("no_association", 1)), "association_only") == 0


def test_a_stricter_match_mistakes_fewer_faces_and_misses_more():
    settings = [*UNMOVED, "cameras.false_match_rate=1e-9"]
    loose, strict = simulated(*settings), simulated(*settings, at("match_threshold", 1))
    assert total(strict, "false_by_face") < 0.2 * total(loose, "false_by_face")
    found = [x.tallies.true_sightings.sum() for x in (loose, strict)]
    assert found[1] < found[0]


def test_a_lower_score_line_restricts_fewer_people():
    settings = ["restrictions.below=950", "blacklist.on=false"]
    high, low = simulated(*settings), simulated(*settings, at("score_line", 1))
    assert total(low, "imposed") < 0.5 * total(high, "imposed")


def test_a_reviewer_decides_before_every_restriction_by_score():
    settings = [*MISTAKEN, "review.places_per_million_a_day=1000"]
    seen = simulated(*settings, at("review", 1))
    by_score = total(seen, "imposed") - total(seen, "spared")
    assert total(seen, "spared") > 0
    assert by_score <= total(seen, "reviewed") + total(
        simulated("restrictions.on=false"), "imposed"
    )
    share = [total(x, "wrongful") / total(x, "imposed") for x in (simulated(*settings), seen)]
    assert share[1] < share[0]


def test_review_without_reviewers_restricts_nobody_by_score():
    alone = ["review.places_per_million_a_day=0", "blacklist.on=false", at("review", 1)]
    assert total(simulated(*alone), "imposed") == 0


def test_notice_leads_to_appeals():
    assert total(simulated(at("notice", 1)), "appeals_filed") > total(simulated(), "appeals_filed")


def test_full_appeal_hears_more_cases():
    settings = ["redress.notice=1", "redress.appeals_after_notice=1", *MISTAKEN]
    slow, full = simulated(*settings), simulated(*settings, at("appeal", 1))
    assert total(full, "appeals_heard") > total(slow, "appeals_heard")
    assert total(full, "appeals_upheld") > total(slow, "appeals_upheld")


def test_proportionality_bars_nobody_from_travel_for_speech():
    settings = ["restrictions.below=985", "blacklist.on=false", "scoring.points.unpermitted=-40",
                "platforms.read=1", *UNMOVED]  # fmt: skip
    harsh, fair = simulated(*settings), simulated(*settings, at("proportionality", 1))
    assert total(harsh, "for_speech") > 0
    assert total(fair, "flights_refused") < total(harsh, "flights_refused")


def test_people_who_opt_out_have_no_score():
    half = simulated(at("opt_out", 0.5))
    share = int(half.tallies.scored[-1]) / int(half.tallies.adults[-1])
    assert abs(share - 0.5) < 0.02


def test_correction_removes_records_that_are_not_the_citizens_own():
    settings = ["platforms.misread_per_year=2", *UNMOVED]
    wrong, right = simulated(*settings), simulated(*settings, at("correction", 1))
    foreign = [np.count_nonzero(x.states["file"] >> np.uint64(48)) for x in (wrong, right)]
    assert total(right, "corrections") > 0 and foreign[1] < 0.2 * foreign[0]


def test_without_cameras_nothing_is_seen_by_cameras():
    none = simulated(at("coverage", 1))
    for name in ("would_offences_watched", "alerts", "bystanders", "false_by_face"):
        assert total(none, name) == 0, name


def test_all_safeguards_together_mean_less_chill_and_fewer_errors():
    errors = ["registers.judgement_mistyped=0.2", "restrictions.below=950"]
    bare = simulated(*errors, days=300)
    guarded = simulated(*errors, name="safeguarded", days=300)
    for name in ("chilled_acts", "wrongful", "false_sightings", "for_speech"):
        assert total(guarded, name) < total(bare, name), name
