"""A system assessed by the routes of its page: questions, numbers at once, downloads."""

import pytest

import underwatch as uw
from helpers.lab import lab


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with lab(tmp_path_factory.mktemp("assessing")) as found:
        yield found


def figures(client, system="station", curve=False, **answers):
    body = {"system": system, "answers": answers, "curve": curve}
    answer = client.post("/api/assessments/figures", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("system", uw.deployments())
def test_every_system_has_a_page_and_its_headlines_at_once(client, system):
    page = client.get(f"/assess?system={system}").text
    form = uw.DeploymentForm(system)
    assert all(f'data-path="{path}"' in page for path in form.questions)
    found = figures(client, system)
    known = {one["measure"] for one in found["measures"]}
    assert found["faults"] == [] and {*found["headlines"]} <= known
    assert found["by_group"] is None or found["by_group"] in known


def test_numbers_at_once_are_those_of_the_closed_forms(client):
    found = figures(client, curve=True, **{"accuracy.threshold": 0.62})
    station = uw.DeploymentForm("station").read({"accuracy.threshold": 0.62})
    declared = {
        (one.measure, one.group): one.value
        for one in uw.closed_forms(station)
        if one.world == "as declared" and one.threshold in (None, 0.62)
    }
    shown = {(one["measure"], one["group"]): one["declared"] for one in found["measures"]}
    assert {key: value for key, value in shown.items() if value is not None} == declared
    rates = [point["by_group"]["D"] for point in found["curve"]]
    assert rates == sorted(rates, reverse=True) and len(rates) == 13


def test_faults_stand_beside_their_entries_in_the_words_of_the_reader_of_files(client):
    answers = {"review.false_confirmed": 1.3, "title": "faces.csv"}
    faults = {one["path"]: one["sentence"] for one in figures(client, **answers)["faults"]}
    assert faults.keys() == {*answers}
    assert "closed world" in faults["title"] and "write 0.013" in faults["review.false_confirmed"]
    for body in (
        {"system": "nothing"}, {"answers": {"title": {"value": "x"}}}, {"answers": [1]},
        {"system": "../station"}, {"answers": {"title": "x" * 2_001}},
    ):  # fmt: skip
        answer = client.post("/api/assessments/figures", json=body)
        assert answer.status_code in (404, 422) and isinstance(answer.json()["detail"], str)
    begun = client.post("/api/assessments", json={"answers": answers})
    assert begun.status_code == 422 and "closed world" in begun.json()["detail"]
    large = {"system": "citizen-score-pilot", "answers": {"pilot.citizens": 10_000_000}}
    begun = client.post("/api/assessments", json=large)
    assert begun.status_code == 422 and "at most 200,000" in begun.json()["detail"]


def test_the_file_that_is_saved_is_the_one_that_is_assessed(client, tmp_path):
    body = {"system": "patrols", "answers": {"allocation.patrols": 6}}
    file = tmp_path / "mine.yaml"
    file.write_bytes(client.post("/api/assessments/file", json=body).content)
    assert file.read_text("utf-8") == uw.DeploymentForm("patrols").file(body["answers"])
    assert "patrols: 6" in file.read_text("utf-8")
