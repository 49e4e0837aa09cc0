"""Exports: what other forms and tools read, complete and stamped."""

import json
import re
from dataclasses import replace

import pytest
from ruamel.yaml import YAML

from helpers.assessed import station
from underwatch.assessments.answers import answer
from underwatch.assessments.exports import KINDS, exported, write_export
from underwatch.assessments.exports.canada.questions import form, listed
from underwatch.assessments.exports.canada.scoring import possible
from underwatch.assessments.result import Estimate, Figure
from underwatch.errors import UserError

STATION = station()
# Terms of W3C DPV 2 that were read in its published vocabulary; an export uses no other.
DPV = {
    "dpv": "FRIA DPIA Process Purpose HumanSubject Risk Likelihood RiskMitigationMeasure "
    "hasPurpose hasEntity hasHumanSubject hasImpactAssessment hasRisk hasLikelihood "
    "isMitigatedByMeasure hasSector hasName hasCountry Country hasLocation Location hasDuration "
    "Duration hasHumanInvolvement HumanInvolvementForVerification",
    "eu-aiact": "FRIA AIDeployer AISystem RealtimeRemoteBiometricIdentificationSystem "
    "PublicSector PrivateSector LawEnforcementSector EducationSector",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_export_is_stamped_and_says_how_to_reproduce_or_load_it(kind):
    made = exported(STATION, kind)
    assert "All people in this assessment are invented." in made.text
    assert STATION.provenance.hash in made.text
    assert made.note.endswith(".")


def test_the_canadian_file_has_the_four_keys_of_the_official_tool():
    saved = json.loads(exported(STATION, "ca-aia").text)
    assert list(saved) == ["version", "currentPage", "data", "translationsOnResult"]
    assert (saved["version"], saved["currentPage"]) == ("v1.0.1", 0)


def test_the_canadian_file_answers_known_questions_with_known_options_and_none_of_the_authors():
    data = json.loads(exported(STATION, "ca-aia").text)["data"]
    questions = form().questions
    for name, given in data.items():
        question = questions[name]
        assert not question.cls.startswith("A"), name
        if question.kind == "text":
            assert isinstance(given, str) and given
        else:
            assert set(listed(given)) <= set(question.options), name
            assert question.shown(data), name
    assert data["impact23"] == "item1-1"  # one group bears more, and the intervals do not meet
    assert "impact18" not in data and "impact18C" in data  # whether it is justified is a judgement


def test_the_canadian_export_says_which_levels_remain_possible():
    made = exported(STATION, "ca-aia")
    left = possible(json.loads(made.text)["data"])
    assert f"impact level is {left.levels} " in made.note
    assert left.answered < left.asked


def test_every_question_of_the_dutch_human_rights_form_is_answered_left_or_not_applicable():
    """The 83 questions of the published list, counted there; rows for action points are none."""
    given = {each.id: each for each in answer(STATION, "iama")}
    assert len(given) == 83
    assert given["2.1.1.1"].text == "zelflerend" and given["2.2B.1"].cls == "A"
    assert {name for name, each in given.items() if each.cls == "N"} == {
        "2.2A.1", "2.2A.2", "2.2A.3",
    }  # fmt: skip
    scored = replace(STATION, deployment=replace(STATION.deployment, kind="patrol allocation"))
    given = {each.id: each for each in answer(scored, "iama")}
    assert given["2.1.1.1"].text == "niet-zelflerend"
    assert {name for name, each in given.items() if each.cls == "N"} == {
        "2.2B.1", "2.2B.2", "2.2B.3", "2.2B.4",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["iama", "nl-dpia"])
def test_dutch_answers_keep_the_rules_of_the_published_schema(kind):
    whole = YAML(typ="safe").load(exported(STATION, kind).text)
    assert whole["$schema"].endswith("assessment-output.v2.schema.json")
    assert re.fullmatch(r"urn:nl:[a-z]+:[0-9]+\.[0-9]+", whole["metadata"]["urn"])
    for key, given in whole["answers"].items():
        assert re.fullmatch(r"[0-9]+(\.[0-9]+)*", key)
        rows = given if isinstance(given, list) else [given]
        for k, row in enumerate(rows):
            cells = row.values() if "value" not in row else [row]
            assert row.get("_index", k) == k
            for cell in cells:
                assert isinstance(cell, int) or {"value", "lastEditedAt"} == set(cell)


def test_linked_data_uses_only_terms_of_the_vocabulary_and_needs_no_network():
    graph = json.loads(exported(STATION, "dpv").text)
    assert isinstance(graph["@context"], dict)
    used = re.findall(r'"(dpv|eu-aiact):([A-Za-z]+)"', json.dumps(graph["@graph"]))
    assert used and {term for vocabulary, term in used} <= {
        term for terms in DPV.values() for term in terms.split()
    }
    ids = {node["@id"] for node in graph["@graph"]}
    refers = re.findall(r'\{"@id": "(uw:[^"]+)"\}', json.dumps(graph["@graph"]))
    assert set(refers) <= ids


@pytest.mark.parametrize("kind", ["atrs", "ico-dpia", "us-sir"])
def test_forms_without_a_published_schema_say_that_they_are_drafts(kind):
    text = exported(STATION, kind).text
    assert text.startswith("# ") and "**Draft.**" in text
    assert "*Left to the author.*" in text and "To be answered by the " in text


def test_an_export_is_written_beside_the_deployment_by_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file, note = write_export(STATION, "dpv")
    assert file.name == "station-dpv.jsonld" and file.exists() and note
    file.write_text("what an author filled in")
    assert write_export(STATION, "dpv")[0].name == "station-dpv-2.jsonld"
    assert file.read_text() == "what an author filled in"
    with pytest.raises(UserError, match="ca-aia"):
        write_export(STATION, "ca-aiaa")


def test_canada_gets_proposals_with_their_reason_from_what_the_file_and_the_run_state():
    wait = {"decisions": {"minutes_of_the_person": Figure(20, 5, 40, "assumption: a check")}}
    restored = Estimate("wrong_stops_corrected", "Wrong stops that an appeal puts right", "%", 3.0,
                        threshold=0.62, input_low=1.0, input_high=9.0)  # fmt: skip
    known = STATION.deployment
    made = station(
        deployment=replace(known, sections={**known.sections, **wait}),
        estimates=(*STATION.estimates, restored),
    )
    whole = exported(made, "ca-aia")
    data, questions = json.loads(whole.text)["data"], form().questions
    chosen = {name: questions[name].means[questions[name].options.index(data[name])]
              for name in ("businessDrivers5", "impact6", "impact7")}  # fmt: skip
    assert chosen == {
        "businessDrivers5": "moderately", "impact6": "irreversible", "impact7": "brief"
    }  # fmt: skip
    texts = {"businessDrivers5": "businessDrivers5B", "impact6": "impact8", "impact7": "impact8"}
    for name, text in texts.items():
        mark = f"Proposal to check – {questions[name].label}: {chosen[name]}. "
        assert mark in data[text] and "Cut-offs used here" in data[text]
    assert "3.0 % (1.0 to 9.0)" in data["impact8"] and "20 minutes (5 to 40" in data["impact8"]
    assert "89.0 % (85.0 to 92.0) of the passes" in data["businessDrivers5B"]
    assert "businessDrivers5, impact6, impact7" in whole.note
    assert "impact28" not in data  # minutes do not measure the harm of a stop in public
    assert not {"impact6", "impact7"} & set(json.loads(exported(STATION, "ca-aia").text)["data"])
