"""A deployment as a form: every question, the file that answers make, faults beside their entry."""

import pytest

import underwatch as uw
from underwatch.assessments.starter import EXAMPLES, starter


@pytest.mark.parametrize("kind", EXAMPLES)
def test_a_form_without_answers_is_the_file_that_the_command_writes_and_every_entry_has_a_question(
    kind,
):
    form = uw.DeploymentForm(kind)
    assert form.file() == starter(kind)
    assert all(one.text.endswith("?") for one in form.questions.values())
    assert uw.DeploymentForm(form.name).kind == kind


def test_an_answer_alone_is_an_assumption_whose_range_moves_with_it():
    form = uw.DeploymentForm("station")
    read = form.read({"people.passes_per_day": 20_000, "review.reviewers": 2, "title": "Gates: 1"})
    figure = read.figures["people.passes_per_day"]
    assert (figure.value, figure.low, figure.high) == (20_000, 18_000, 22_000)
    assert figure.assumed and read.title == "Gates: 1" and read.get("review.reviewers") == 2
    whole = {"value": 5, "low": 4, "high": 7, "source": "document: a count"}
    read = form.read({"people.passes_per_day": whole})
    assert read.figures["people.passes_per_day"].source == "document: a count"


@pytest.mark.parametrize(
    "path, answer, at, sentence",
    [
        (
            "review.false_confirmed",
            {"value": 0.2, "low": 0.3, "high": 0.4},
            None,
            "above the value",
        ),
        ("people.groups.A.share", 0.5, "people.groups", "add up to 1"),
        ("accuracy.threshold", 0.9, None, "too far from the curve"),
        ("period.first_day", "2026-13-01", None, "no such day"),
        ("title", "rows.csv", None, "closed world"),
        ("title", 5, None, "it is a text"),
        ("people.passes_per_day", float("inf"), None, "it is a number"),
        ("deployer.sector", "army", None, "known are police"),
        ("purpose", "x" * 2_001, None, "longer than 2,000"),
        ("review.reviewers", [1], None, "it is a number"),
        ("list.size", {"value": 1, "rows": 2}, None, "has no rows"),
    ],
)
def test_a_fault_stands_beside_its_entry(path, answer, at, sentence):
    with pytest.raises(uw.UserError) as caught:
        uw.DeploymentForm("station").read({path: answer})
    assert (at or path) in {one.where for one in caught.value.problems}
    assert sentence in str(caught.value)


def test_a_form_reads_no_file_of_this_machine():
    form = uw.DeploymentForm("citizen score")
    for name in ("/etc/passwd", "../x.yaml", "mine.yaml"):
        with pytest.raises(uw.UserError, match=r"pilot\.scenario is"):
            form.read({"pilot.scenario": name})
        with pytest.raises(uw.UserError, match="neither a kind of deployment nor a shipped one"):
            uw.DeploymentForm(name)
    with pytest.raises(uw.UserError, match="is no question"):
        form.read({"extends": "x"})


def test_closed_forms_are_those_of_an_assessment_and_follow_the_threshold():
    form = uw.DeploymentForm("station")
    found = uw.closed_forms(form.read())
    assert {one.world for one in found} == {"as declared", "safeguarded"}
    rates = {
        one.threshold: one.value
        for one in uw.closed_forms(form.read(), [0.56, 0.6, 0.64])
        if one.measure == "false_alerts_per_1000_passes" and one.group == "D"
    }
    assert [*rates] == sorted(rates) and [*rates.values()] == sorted(rates.values(), reverse=True)
    assert any(one.threshold == 0.6 and one.value == rates[0.6] for one in found)
