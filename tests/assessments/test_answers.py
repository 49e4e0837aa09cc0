"""Answers: every field has a class and a text, and no number that the assessment lacks."""

import re
from dataclasses import replace

import pytest

from helpers.assessed import deployment, station
from underwatch.assessments.answers import FORMS, answer
from underwatch.assessments.answers.estimates import in_words
from underwatch.assessments.answers.forms import form
from underwatch.assessments.answers.passages import NAMES, passage
from underwatch.assessments.answers.risks import risks, scale_in_words
from underwatch.assessments.answers.simulated import conclusion
from underwatch.assessments.answers.topics import _table, topics
from underwatch.assessments.deciding import conclusion_of
from underwatch.assessments.declaration.reading import ASSESSMENTS, read_deployment
from underwatch.assessments.document.chart import spec as chart
from underwatch.assessments.exports import KINDS as EXPORTS
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.law import in_sentences, law
from underwatch.assessments.result import Deployment, Estimate, Figure
from underwatch.assessments.wording import ranged, with_range
from underwatch.errors import UserError

STATION = station()


def test_article_27_has_its_six_fields_beside_those_of_article_35():
    fields = {each.id: each for each in form("eu-fria").fields}
    wanted = [f"27(1)({letter})" for letter in "abcdef"]
    assert [name for name in fields if name.startswith("27(1)")] == wanted
    beside = {other for name in wanted for other in fields[name].beside}
    assert beside == {"35(7)(a)", "35(7)(c)", "35(7)(d)"}  # (b) is a judgement of its own
    assert {each.id: each.cls for each in form("gdpr-dpia").fields}["35(7)(b)"] == "A"


@pytest.mark.parametrize("name", FORMS)
def test_a_form_names_passages_that_exist_acts_that_are_known_and_unique_ids(name):
    fields = form(name).fields
    assert len({each.id for each in fields}) == len(fields)
    assert {name for each in fields for name in each.passages} <= set(NAMES)
    assert set(form(name).law) <= set(law().acts)
    assert {each.cls for each in fields} <= {"R", "D", "A"}
    assert all(each.settle for each in fields if each.cls == "A")


@pytest.mark.parametrize("name", FORMS)
def test_every_answer_has_a_text_and_its_facts_are_those_of_the_assessment(name):
    for each in answer(STATION, name):
        assert each.text.strip() and not re.search(r"\bnan\b|None|\{|\}", each.text), each.id
        assert set(each.facts) <= set(STATION.estimates)


def test_what_the_author_has_to_settle_comes_before_the_facts():
    given = {each.id: each for each in answer(STATION, "gdpr-dpia")}
    assert given["35(7)(b)"].cls == "A"
    assert given["35(7)(b)"].text.startswith("To be answered by the controller. What")
    assert given["35(7)(b)"].facts


def test_too_few_events_are_stated_and_not_a_rate():
    harms = {each.id: each for each in answer(STATION, "eu-fria")}["27(1)(d)"]
    assert "Stops a day of people who are not on the list: too few events (4)" in harms.text


@pytest.mark.parametrize(
    "kind, asked",
    [
        ("watch-list camera", ["5(1)(h)"]),
        ("citizen score", ["5(1)(c)", "5(1)(d)"]),
        ("risk score", ["5(1)(c)"]),
        ("patrol allocation", ["5(1)(d)"]),
    ],
)
def test_article_5_is_asked_by_kind_and_never_answered(kind, asked):
    given = answer(station(deployment=deployment(kind)), "eu-article-5")
    assert [each.id for each in given] == asked
    assert all(each.cls == "A" and "?" in each.text for each in given)
    assert list(law().article_5[kind]) == asked


def test_the_law_is_stated_with_its_date_and_what_applies_later_is_not_stated_as_applying():
    state = law()
    lines = in_sentences(state.acts["eu_ai_act"], state.as_of)
    assert lines[0].startswith("Since 2 February 2025: ")
    assert any(line.startswith("From 2 December 2027: ") for line in lines)
    assert "draft" in lines[-1]
    assert state.article_27 in {each.first for each in state.acts["eu_ai_act"].states}


def test_every_form_that_the_law_asks_for_can_be_answered_or_exported():
    asked = {name for act in law().acts.values() for name in act.forms}
    assert asked <= {*FORMS, *EXPORTS}


def test_a_probability_has_the_word_of_its_cut_offs():
    (risk, *_) = risks(station(estimates=(*STATION.estimates, *SHARES)))
    assert (risk.word("ico"), risk.word("dutch")) == ("possible", "midden")
    assert "most in group D" in risk.reason
    assert scale_in_words("dutch") == "laag below 1 %, midden from 1 %, hoog from 20 %"


def test_a_probability_on_too_few_events_is_not_quoted():
    few = [replace(each, kind="run", note="too few events (5)") for each in SHARES]
    (risk, *_) = risks(station(estimates=(*STATION.estimates, *few)))
    assert (risk.word("ico"), risk.reason) == ("not known", "too few events (5)")


def test_a_deployment_with_empty_sections_still_answers_every_field():
    bare = Deployment(**(vars(deployment()) | {"sections": {}}))
    given = answer(station(deployment=bare, estimates=(), drivers=(), safeguards=()), "eu-fria")
    assert len(given) == 9 and all(each.text for each in given)


def test_an_unknown_form_is_named_with_its_nearest_neighbour():
    with pytest.raises(UserError, match="did you mean iama"):
        answer(STATION, "iamaa")


SHARES = [
    type(STATION.estimates[0])(
        "share_falsely_alerted", "Passers-by falsely alerted on at least once in the period", "%",
        value, group=group, threshold=0.62, input_low=value / 1.2, input_high=value * 1.2,
    )
    for group, value in {"all": 2.0, "A": 0.5, "D": 6.0}.items()
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_deployment_has_words_for_measures_that_it_knows(kind):
    known = KINDS[kind].measures
    assert set(_table()["sentences"].get(kind, {})) <= set(known)
    for name in ("affected", "errors", "harms", "benefit"):
        assert set(topics()[name].measures) & set(known), name
    assert set(_table()["by_group"]["measures"]) & set(known)
    assert set(_table()["safeguards"]["measures"]) & set(KINDS[kind].main)


def test_no_topic_names_a_measure_that_no_kind_of_deployment_has():
    known = {name for kind in KINDS.values() for name in kind.measures}
    named = {name for topic in topics().values() for name in topic.measures}
    named |= set(_table()["document"]["measures"]) | set(_table()["short"])
    assert named <= known


def test_an_interval_that_the_inputs_leave_open_is_never_filled_with_that_of_chance():
    why = "in 33 % of the draws of the inputs the queue never comes to rest"
    wait = Estimate("appeal_days", "Time to a decision", "days", 4.13, input_low=1.13,
                    chance_low=3.2, chance_high=4.28, kind="both", note=why)  # fmt: skip
    assert wait.interval is None
    for words in (in_words(wait), with_range(wait), ranged(wait)):
        assert words == f"4.13 days (1.13 or more; {why})"
    given = station(estimates=(wait,), conclusion="appeal_days", limit=9.0)
    assert "within the ranges of the inputs it may lie on either side" in conclusion(given)[0]
    below = station(estimates=(wait,), conclusion="appeal_days", limit=1.0)
    assert "in at least 95 % of the draws of its inputs it stays there" in conclusion(below)[0]


def test_a_limit_in_per_cent_says_so_and_a_bare_share_how_it_is_read(tmp_path):
    file = tmp_path / "mine.yaml"
    text = (ASSESSMENTS / "station.yaml").read_text("utf-8")
    for written, read in (("50", 50.0), ("0.6 %", 0.6), ('"60%"', 60.0), ("0.6", 0.6)):
        file.write_text(text.replace("limit: {value: 50,", f"limit: {{value: {written},")
                        .replace("source: \"document: at least", "low: 0.1 %, high: 90, "
                                 "source: \"document: at least"), "utf-8")  # fmt: skip
        made = read_deployment(file)
        assert conclusion_of(KINDS[made.kind], made)[1] == read
    stops = Estimate("precision_of_stops", "Precision of stops", "%", 40.0)
    given = station(deployment=made, estimates=(stops,), conclusion=stops.measure, limit=0.6)
    assert "0.6 is 0.6 %, not 60 %, for which the file would say “60 %”" in conclusion(given)[0]
    other = station(deployment=made, estimates=(stops,), conclusion=stops.measure, limit=60.0)
    assert "per cent" not in conclusion(other)[0]


def test_the_ends_of_a_wide_range_keep_their_digits_and_an_open_one_is_drawn_to_an_arrow():
    load = Estimate("appeal_load", "Time taken", "%", 31.2, input_low=0.42, input_high=602.0)
    assert with_range(load) == "31.2 % (0.42 to 602)"
    wait = replace(load, input_high=None)
    rows = chart([wait, replace(load, world="absent")])["data"]["values"]
    assert [row["open"] for row in rows] == [True, False]
    assert rows[0]["low"] == 0.42 and rows[0]["high"] > 602 == rows[1]["high"]
    layers = chart([wait, load])["layer"]
    assert [one for one in layers if one["mark"].get("shape") == "triangle-right"]


def test_what_happens_in_a_round_and_in_the_period_is_told_apart_and_a_group_from_the_others():
    def one(measure, value, group="all"):
        return Estimate(measure, measure, "%", value, group=group, input_low=value / 2,
                        input_high=value)  # fmt: skip

    given = station(deployment=deployment("risk score"), estimates=(
        one("hit_rate", 36), one("lift", 3), one("missed_share", 98), one("errors_found", 630),
        one("group_ratio", 6, "foreign background"), one("false_positive_rate", 0.45),
        one("false_positive_rate", 1.0, "foreign background"),
        one("false_positive_rate", 0.16, "native background"),
    ))  # fmt: skip
    text = " ".join(each.sentence for each in KINDS["risk score"].findings(given))
    assert "In one round 98 %" in text and "in 365 days 630 errors are found" in text
    assert "in one round 1.00 % (0.50 to 1.00) of their cases" in text
    assert "and 0.160 % (0.080 to 0.160) of everybody else's" in text and "0.45" not in text


def test_the_people_that_the_visitors_of_a_camera_imply_are_stated():
    visitors = {"commuters": {"share_of_passes": Figure(0.6), "passes_per_year": Figure(438)}}
    people = {"passes_per_day": Figure(50_000), "visitors": visitors, "groups": {"A": {}}}
    known = STATION.deployment
    made = station(deployment=replace(known, sections={**known.sections, "people": people}))
    stated = "commuters, 60 % of the passes, 438 passes a year each, so about 25,000 people"
    assert stated in passage(made, "people").text
