"""Each organ has its effect; switched off, it leaves no trace and changes no other organ.

Nullity: in the scenario without an organ, there are none of its records.
Isolation: if nothing influences what people do, switching an organ changes no act,
and no sighting of another organ, on any day. Directions are tested one by one below.
"""

from functools import cache

import numpy as np
import pytest
import xarray as xr

from underwatch.engine.population import build
from underwatch.measurement.catalogue import MEASURES
from underwatch.measurement.summary import critics_degree
from underwatch.results.run import run
from underwatch.scenario import Scenario, shipped
from underwatch.scenario.organs import organs

FEWER = 12_000  # citizens, for what is equal to the last act or not
FROM = ["first_day=2019-11-01"]  # two months later everyone is scored and every organ is on
BY_NUMBER = {organ.number: organ for organ in organs()}
SWITCHED = [organ for organ in organs() if organ.without]

# Settings under which nothing that happens to people changes what they do.
UNMOVED = [
    "response.caution=0", "response.deterrence=0", "response.repayment_care=0", "protest.joining=0",
    "life.posts_more_per_hearing=0", "life.petitions_more_per_hearing=0",
    "opinion.steps_to_voices=0", "opinion.steps_to_official=0", "opinion.steps_to_conviction=0",
    "opinion.foreign_source_moves=0", "ties.let_go=0", "naming.dismissed=0",
    "response.trust_from_kept=0", "response.trust_from_broken=0", "response.trust_after_stop=0",
    "response.trust_after_wrong=0", "response.trust_after_informer=0",
    "response.trust_lost_to_informers=0",
    "life.cured_per_month_restricted=0.05", "precursor.joining_by_word_per_year=0",
    "credit.lending=false", "response.striving=0",
]  # fmt: skip
ACTS = [
    *(f"{w}{a}" for w in ("would_", "") for a in
      ("posts", "messages", "petitions", "protests", "foreign_visits", "offences")),
    "serious_offences", "instalments_due", "instalments_kept", "defaults", "joined",
]  # fmt: skip
SIGHTINGS = [
    "foreign_visits_blocked", "posts_filtered", "posts_removed", "evasions_seen", "false_by_reader",
    "true_news_flagged",
    "false_by_face", "false_by_name", "false_by_neighbour", "neighbours_reports", "messages_read",
    "bystanders", "alerts",
]  # fmt: skip
# What an organ may change of these: its own records, and those that follow from its lists.
OWN = {
    # Lenders read what banks report, so loans differ.
    "M2": {
        "false_by_name",
        "alerts",
        "messages_read",
        "instalments_due",
        "instalments_kept",
        "defaults",
    },
    "M3": {"false_by_reader", "messages_read", "alerts"},  # of posts that nobody hands over
    "M4": {"joined"},
    "M5": {"messages_read", "alerts"},  # the police read the region's file
    "M6": {
        "foreign_visits_blocked",
        "posts_filtered",
        "posts_removed",
        "evasions_seen",
        "bystanders",
    },
    "M7": {"posts_removed", "false_by_reader", "true_news_flagged", "messages_read", "alerts"},
    "M9": {"instalments_due", "instalments_kept", "defaults", "false_by_name"},
    "M11": {"false_by_face", "bystanders", "alerts", "would_offences_watched"},
    "M12": {"false_by_face", "bystanders", "alerts"},
    "M14": {"messages_read", "alerts", "bystanders"},
    "M17": {"false_by_face", "bystanders"},
    "M18": set(),
    "M19": set(),
    "M20": {"false_by_neighbour", "neighbours_reports"},
}
# Without an organ: measures that are exactly zero, and records of which there are none.
TRACES = {
    "M1": ({"scored", "score_sum", "association_only", "for_speech"}, {"restricted by score"}),
    "M2": ({"false_by_name"},
           {"late instalment", "repaid instalment", "judgement", "listed", "serious offence",
            "good deed"}),
    "M3": ({"handed_by_marketplaces", "handed_by_platforms", "messages_read", "false_by_reader"},
           {"contradicting post", "private message", "petition"}),
    "M4": ({"joined", "members", "boasting"}, {"joined the private score"}),
    "M5": ({"regional_files", "national_files"}, set()),
    "M6": ({"foreign_visits_blocked", "posts_filtered", "evasions_seen"},
           {"evasion of the firewall"}),
    "M7": ({"posts_removed", "true_news_flagged", "false_by_reader", "messages_read", "watched"},
           {"contradicting post", "private message"}),
    "M8": (set(), set()),
    "M9": ({"loan_applications", "loans_declined"}, {"late instalment", "repaid instalment"}),
    "M10": ({"association_only"}, set()),
    "M11": ({"alerts", "would_offences_watched", "false_by_face", "bystanders"},
            {"minor offence", "alert"}),
    "M12": ({"alerts", "false_by_face", "bystanders"}, {"minor offence", "alert"}),
    "M13": ({"namings", "wrongful_namings", "dismissals", "named", "dismissed"},
            {"named in public", "dismissed"}),
    "M14": ({"stops", "watched", "messages_read", "bystanders", "alerts"}, {"stopped", "alert"}),
    "M15": ({"privileged", "privileged_visas", "striving", "gamed_acts"},
            {"visa on the fast lane"}),
    "M16": ({"imposed", "restricted", "in_force", "flights_refused", "trains_refused",
             "visas_refused", "wrongful"}, {"listed", "restricted by score", "flight refused"}),
    "M17": ({"bystanders"}, {"petition", "protest"}),
    "M18": ({"chilled_acts"}, {"post not made", "message not sent", "protest not joined"}),
    "M19": (set(), set()),
    "M20": ({"false_by_neighbour", "neighbours_reports"}, {"report by a neighbour"}),
    "M21": (set(), {"minor offence not committed"}),
    "M22": (set(), set()),
    "M23": ({"appeals_filed", "appeals_heard", "appeals_upheld", "appeal_demand"},
            {"told of a restriction", "appeal filed", "appeal heard"}),
}  # fmt: skip


@cache
def simulated(name="atlantic-2018", *settings, citizens=30_000, days=150, panel=0, start=FROM[0]):
    scenario = Scenario.load(name, [start, *settings])
    return run(scenario, citizens=citizens, days=days, panel=panel)


def traits(result):
    """PERSON records (n) of a run's citizens."""
    return build(result.scenario).people


def open_ties(result):
    """A bit for each slot with an open tie (n), on the last evening."""
    return result.simulation.world.slots


def total(result, name):
    return int(result.tallies[name].sum())


def last(result, name):
    return int(result.tallies[name][-1])


# --- The table


def test_every_organ_is_named_described_and_shipped_without():
    assert [organ.number for organ in organs()] == [f"M{k}" for k in range(1, 28)]
    names = set(shipped())
    for organ in organs():
        assert set(organ.moves) <= set(MEASURES), organ.number
        if organ.switch:
            assert organ.without in names, organ.number


@pytest.mark.parametrize("organ", SWITCHED, ids=lambda organ: organ.number)
def test_an_organ_is_on_in_the_default_scenario_and_off_in_the_one_without_it(organ):
    on = [state for _, state in organ.history(Scenario.load("atlantic-2018"))]
    off = [state for _, state in organ.history(Scenario.load(organ.without))]
    assert on[-1] and not any(off)


# --- Nullity and isolation


@pytest.mark.parametrize("organ", SWITCHED, ids=lambda organ: organ.number)
def test_an_organ_that_is_off_leaves_no_trace_in_any_record(organ):
    measures, records = TRACES[organ.number]
    without = simulated(organ.without, citizens=8_000, days=120, panel=8_000)
    found = {name: total(without, name) for name in measures}
    assert not any(found.values()), found
    assert not records & set(without.panel["record"].to_pylist())
    if organ.number in ("M3", "M8"):  # no score of the state depends on what was bought
        other = simulated(organ.without, "life.favoured_purchases_per_year=0",
                      "life.disfavoured_purchases_per_year=0", citizens=8_000, days=120,
                      panel=8_000)  # fmt: skip
        assert (other.scores == without.scores).all()
    if organ.number == "M19":
        unwatched = simulated("unwatched", citizens=8_000, days=120)  # where ties turn over, too
        assert (open_ties(without) == open_ties(unwatched)).all()
        people, now = traits(without), without.people
        since = now.index[now["bearer"] == 0]  # adults of today who were there on the first day
        since = since[people["age"][since] >= 18]
        assert (without.states["opinion"] == people["conviction"])[since].all()
    if organ.number == "M22":  # everyone's support is that of their first morning
        lasting = [*FROM, "society.births_and_deaths=false"]
        first, last = (
            run(Scenario.load(organ.without, ["society.citizens=8000", *lasting]), days=days)
            for days in (1, 120)
        )
        assert (last.states["support"] == first.states["support"]).all()


@pytest.mark.parametrize("organ", SWITCHED, ids=lambda organ: organ.number)
def test_switching_an_organ_changes_no_act_and_no_sighting_of_another_organ(organ):
    with_it, without = (
        simulated(name, *UNMOVED, citizens=FEWER) for name in ("atlantic-2018", organ.without)
    )
    for name in {*ACTS, *SIGHTINGS} - OWN.get(organ.number, set()):
        xr.testing.assert_equal(with_it.tallies[name], without.tallies[name])


# --- Directions, one by one


def test_the_citizen_score_follows_everyone_once_it_is_mandatory():
    tallies = simulated().tallies
    assert tallies.scored[30] < 0.3 * tallies.adults[30]
    assert tallies.scored[-1] == tallies.adults[-1]


def test_people_who_pay_late_score_lower_where_banks_report():
    with_it, without = simulated(), simulated("without-repayment")
    people = traits(with_it)
    thrifty = people["thrift"] > 200
    wasteful = (people["thrift"] < 50) & (people["memberships"] & 4 > 0)

    def gap(result):
        scored = result.scores >= 0
        return result.scores[scored & thrifty].mean() - result.scores[scored & wasteful].mean()

    assert gap(with_it) > gap(without) + 1


def test_company_data_make_scores_depend_on_taste():
    with_it, without = simulated(), simulated("without-company-data")
    people = traits(with_it)
    shops = (people["memberships"] & 1 > 0) & (with_it.scores >= 0)
    games, diapers = people["taste"] > 215, people["taste"] < 40

    def gap(result):
        return result.scores[shops & diapers].mean() - result.scores[shops & games].mean()

    assert gap(with_it) > gap(without) + 0.5


def test_boasting_makes_the_private_score_spread():
    loud = simulated(start="first_day=2016-01-01", days=300)
    quiet = simulated("atlantic-2018", "precursor.share_boasting=0", start="first_day=2016-01-01",
                  days=300)  # fmt: skip
    assert total(loud, "joined") > total(quiet, "joined") * 1.01


def test_deliveries_under_a_wrong_name_cause_wrongful_restrictions():
    settings = ["tiers.national.days_between_deliveries=7", "restrictions.below=960"]
    often = simulated("atlantic-2018", *settings, "tiers.national.mistaken=0.5")
    never = simulated("atlantic-2018", *settings, "tiers.national.mistaken=0")
    assert total(often, "wrongful") > 2 * total(never, "wrongful")


def test_the_firewall_keeps_opinions_and_news_from_spreading():
    behind, open_ = simulated(days=300), simulated("without-firewall", days=300)
    assert last(behind, "opinion_sum") < last(open_, "opinion_sum")
    assert last(behind, "knowing") < last(open_, "knowing")


def test_reading_posts_chills_expression():
    assert total(simulated(), "chilled_acts") > total(simulated("without-speech"), "chilled_acts")


def test_an_association_term_restricts_some_people_for_association_only():
    strict = "restrictions.below=950"
    strong = simulated("atlantic-2018", "scoring.association=0.9", strict, days=300)
    assert total(strong, "association_only") > 10
    assert total(simulated("without-association", strict, days=300), "association_only") == 0


def test_an_association_term_makes_the_scores_of_contacts_alike():
    strong = simulated("atlantic-2018", "scoring.association=0.5")
    with_it, without = (float(world.tallies.score_assortativity)
                        for world in (strong, simulated("without-association")))  # fmt: skip
    assert with_it > without + 0.05


def test_more_cameras_see_more_offences():
    few = simulated("atlantic-2018", *UNMOVED, "cameras.per_1000_people=50")
    many = simulated("atlantic-2018", *UNMOVED, "cameras.per_1000_people=300")
    assert total(many, "would_offences_watched") > total(few, "would_offences_watched")


def test_one_more_camera_loses_no_sighting_that_fewer_had():
    few = simulated("atlantic-2018", *UNMOVED, "cameras.per_1000_people=299", citizens=5000,
                panel=5000).panel.to_pandas()  # fmt: skip
    more = simulated("atlantic-2018", *UNMOVED, "cameras.per_1000_people=300", citizens=5000,
                 panel=5000).panel.to_pandas()  # fmt: skip
    own = ["day", "citizen", "record", "true_cause"]
    seen = few[(few.record == "minor offence") & (few.true_cause == "own act")][own]
    still = seen.merge(more[own].drop_duplicates(), how="left", indicator=True)
    assert len(seen) > 0 and (still["_merge"] == "both").all()


def test_a_higher_false_match_rate_mistakes_more_faces():
    loose = simulated("atlantic-2018", *UNMOVED, "cameras.false_match_rate=1e-9")
    strict = simulated("atlantic-2018", *UNMOVED, "cameras.false_match_rate=1e-12")
    assert total(loose, "false_by_face") > 5 * max(1, total(strict, "false_by_face"))


def test_naming_costs_jobs_and_dismissal_costs_repayment():
    careless = "response.repayment_care=0"  # or care for the list outweighs the lost jobs
    harsh = ["naming.offenders=1", "naming.employers_notified=1", "naming.dismissed=1", careless]
    named, unnamed = simulated("atlantic-2018", *harsh), simulated("without-naming", careless)
    assert last(named, "dismissed") > 0.01 * last(named, "adults")
    assert total(named, "instalments_kept") < total(unnamed, "instalments_kept")


def test_more_police_capacity_means_more_stops_and_more_chilled_acts():
    many = simulated("atlantic-2018", "police.places_per_million_a_day=200")
    none = simulated("atlantic-2018", "police.places_per_million_a_day=0")
    assert total(many, "stops") > 0 == total(none, "stops")
    assert total(many, "chilled_acts") > total(none, "chilled_acts")


def test_privileges_raise_support():
    generous = simulated("atlantic-2018", "support.from_perks=0.005")
    assert last(generous, "support_sum") > last(simulated("without-privileges"), "support_sum")


def test_restrictions_refuse_flights():
    bound = simulated(days=300)
    assert total(bound, "flights_refused") > 0 == total(
        simulated("without-restrictions", days=300), "flights_refused"
    )  # fmt: skip


def test_less_perceived_risk_means_more_protests():
    settings = ["protest.occasions_per_year=52", "protest.sparks=0.002"]
    cautious = simulated("atlantic-2018", *settings, "protest.threshold_of_risk=10")
    fearless = simulated("without-fear", *settings)
    assert total(fearless, "protests") > 1.1 * total(cautious, "protests")


def test_more_caution_means_more_chilled_acts():
    some, much = (
        simulated("atlantic-2018", "response.caution=2"),
        simulated("atlantic-2018", "response.caution=16"),
    )
    assert total(much, "chilled_acts") > 1.5 * total(some, "chilled_acts")


def test_an_association_term_makes_people_dissolve_ties_with_critics():
    settings = ["ties.let_go=1", "ties.lost_per_month=0", "society.births_and_deaths=false",
                "scoring.association=0.8", "ties.cost_per_100_points=1"]  # fmt: skip
    costly = simulated("atlantic-2018", *settings, days=300)
    free = simulated("atlantic-2018", *settings[:3], "ties.cost_of_shame=0",
                 "ties.cost_per_100_points=0", days=300)  # fmt: skip
    assert last(free, "ties_open") == int(free.tallies.ties_open[0])
    assert last(costly, "ties_open") < last(free, "ties_open")
    assert critics_degree(costly.tallies) < critics_degree(free.tallies)


def test_the_opinion_of_the_young_drifts_faster():
    tallies = simulated("atlantic-2018", "opinion.steps_to_conviction=0",
                    "opinion.steps_to_official=60").tallies  # fmt: skip
    mean = tallies.opinion_sum_by_month.sum(["group", "place", "conviction"]) / (
        tallies.adults_by_month.sum(["group", "place", "conviction"])
    )
    decline = mean[0] - mean[-1]
    young, middle, old = (decline.sel(age=age) for age in ("18-29", "30-59", "60+"))
    assert young > middle > old > 0


def test_informers_lower_trust():
    density = ["neighbours.reports=1", "neighbours.found_out=1", "neighbours.lies_per_year=0.2"]
    dense, sparse = simulated("atlantic-2018", *density), simulated("without-neighbours")
    assert last(dense, "trust_sum") < last(sparse, "trust_sum")


def test_cameras_deter_at_watched_spots_and_hardly_elsewhere():
    tallies = simulated(days=300).tallies
    watched = 1 - tallies.offences_watched.sum() / tallies.would_offences_watched.sum()
    unwatched = 1 - (tallies.offences.sum() - tallies.offences_watched.sum()) / (
        tallies.would_offences.sum() - tallies.would_offences_watched.sum()
    )
    assert watched > 3 * unwatched > 0
    assert total(simulated("without-deterrence", days=300), "offences") > total(simulated(days=300),
                                                                            "offences")  # fmt: skip


def test_people_who_know_of_the_list_of_debtors_default_less():
    known = ["firewall.news_of_penalties_hushed=0", "support.learning=1", "credit.lending=false",
             "society.births_and_deaths=false"]  # fmt: skip
    careful = simulated("atlantic-2018", *known, "response.repayment_care=4", days=300)
    careless = simulated("atlantic-2018", *known, "response.repayment_care=0", days=300)
    missed = [total(world, "instalments_due") - total(world, "instalments_kept")
              for world in (careful, careless)]  # fmt: skip
    assert missed[0] < 0.97 * missed[1]  # an eighth of adults know of penalties
    assert total(careful, "instalments_due") == total(careless, "instalments_due")


def test_support_falls_when_penalties_become_visible():
    known = simulated("atlantic-2018", "firewall.news_of_penalties_hushed=0", "support.learning=1",
                 days=300)  # fmt: skip
    hidden = simulated("atlantic-2018", "firewall.news_of_penalties_hushed=1", days=300)
    assert last(known, "support_sum") < last(hidden, "support_sum")
    assert last(known, "knowing") > last(hidden, "knowing")


def test_recourse_lifts_restrictions():
    generous = ["redress.notice=1", "redress.appeals_after_notice=1", "redress.delay_days=1",
                "redress.reversed_wrongful=1", "redress.places_per_million_a_day=1000",
                "redress.corrects_file=true"]  # fmt: skip
    errors = ["registers.judgement_mistyped=0.2", "restrictions.below=950"]
    heard = simulated("atlantic-2018", *generous, *errors, days=300)
    unheard = simulated("without-recourse", *errors, days=300)
    assert total(heard, "appeals_upheld") > 0
    wrongly = (unheard.states["reasons"] >> 4 > 0) & (unheard.states["reasons"] >> 4 & 1 == 0)
    still = (heard.states["reasons"] >> 4 > 0) & (heard.states["reasons"] >> 4 & 1 == 0)
    assert np.count_nonzero(still) < np.count_nonzero(wrongly)


def test_a_wall_keeps_company_records_from_the_state():
    walled = simulated("atlantic-2018", "wall.closed_to=[marketplaces, platforms, cameras]")
    assert total(walled, "for_speech") == 0 < total(walled, "posts")
