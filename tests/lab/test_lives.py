"""One life by the routes of its page: the file beside the truth, the twin, an invented score."""

import pytest

import underwatch as uw
from helpers.lab import SMALL, finished, lab


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with lab(tmp_path_factory.mktemp("lives")) as found:
        yield found


def test_a_life_is_the_explanation_of_the_api_in_both_worlds(client):
    begun = client.post("/api/experiments", json=SMALL).json()
    watched, other = (world["job"]["id"] for world in begun["worlds"])
    for each in (watched, other):  # a life needs no run that is kept
        client.delete(f"/api/jobs/{each}")
    wanted = {"job": watched, "citizen": 7, "twin": other}
    job = client.post("/api/lives", json=wanted).json()
    assert client.post("/api/lives", json=wanted).json()["id"] == job["id"]
    found = uw.explain("atlantic-2018", 7, twin="unwatched", **SMALL)
    assert finished(client, job["id"])["state"] == "done"
    life = client.get(f"/api/jobs/{job['id']}/life").json()
    assert life["title"] == found.story.title and life["person"] == found.person
    assert life["lead"] == [each.text for each in found.story.lead]
    for world, profile in zip(life["worlds"], (found.profile, found.twin), strict=True):
        assert [tuple(row.values()) for row in world["truth_and_file"]] == profile.truth_and_file()
        assert [(e["date"], e["what"], e["own"]) for e in world["events"]] == [
            (e.date, e.what, e.own) for e in profile.events
        ]
        assert sum(act["times"] for act in world["acts"]) == sum(
            times for each in profile.acts.values() for _, times in each
        )
    assert client.get(f"/api/jobs/{job['id']}/report.html").status_code == 200


@pytest.mark.parametrize(
    "wanted, status",
    [
        ({"job": "0" * 16, "citizen": 1}, 404),
        ({"job": "../etc/passwd", "citizen": 1}, 422),
        ({"job": "0" * 16, "citizen": -1}, 422),
        ({"job": "0" * 16, "citizen": 1.5}, 422),
        ([], 422),
    ],
)
def test_a_life_that_cannot_be_is_refused_in_a_sentence(client, wanted, status):
    answer = client.post("/api/lives", json=wanted)
    assert answer.status_code == status and isinstance(answer.json()["detail"], str)


def test_the_rule_of_a_score_follows_the_switches_in_the_address(client):
    rule = client.get("/api/score").json()
    assert rule["weight"] == uw.points_rule("atlantic-2018").weight > 0
    assert client.get("/api/score?without=M10").json()["weight"] == 0
    assert client.get("/api/score?day=30").json()["restricted_below"] is None
    for wrong in ("without=M99", "day=-1", "scenario=/etc/passwd", "set=scoring.base:x"):
        answer = client.get(f"/api/score?{wrong}")
        assert answer.status_code == 422 and isinstance(answer.json()["detail"], str)
