"""Why: shares of organs, assumptions, verification and limits by the routes of the page."""

import pytest
from markupsafe import escape

import underwatch as uw
from helpers.lab import SMALL, finished, lab


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with lab(tmp_path_factory.mktemp("why")) as found:
        yield found


def test_the_page_names_every_case_and_every_limit(client):
    page = client.get("/why").text
    assert all(f'id="case-{case.number}"' in page for case in uw.shipped_verification().cases)
    assert page.count("<li>") > len(uw.limits())
    cases = client.get("/api/verification").json()["cases"]
    assert {case["verdict"] for case in cases} >= {"reproduced", "not reproduced", "not modelled"}


def test_every_case_has_a_page_with_its_source_and_its_verdict(client):
    cases = uw.shipped_verification().cases
    for case in cases:
        page = client.get(f"/why/case/{case.number}?citizens=3000").text
        for text in (case.title, case.source, case.sentence, case.notices, case.note):
            assert str(escape(text)) in page or str(escape(text[:1].upper() + text[1:])) in page
        assert f'href="/why?citizens=3000#case-{case.number}"' in page
    assert client.get(f"/why/case/{cases[-1].number + 1}").status_code == 404


def test_assumptions_and_what_they_leave_are_those_of_the_api(client):
    listed = client.get("/api/assumptions").json()["assumptions"]
    assert [one["key"] for one in listed] == [*uw.assumptions("atlantic-2018")]
    found = client.get("/api/sensitivity/atlantic-2018").json()
    assert found["computed"] and {one["sign"] for one in found["measures"]}
    missing = client.get("/api/sensitivity/sesame").json()
    assert missing["computed"] or missing["command"] == "underwatch sensitivity sesame"
    for path in ("/api/sensitivity/nothing", "/api/assumptions?scenario=nothing"):
        assert client.get(path).status_code == 404


def test_the_shares_of_organs_sum_to_the_difference(client):
    wanted = {"state": SMALL, "measure": "chilled_share", "organs": ["M7", "M14"]}
    job = client.post("/api/attributions", json=wanted).json()
    assert finished(client, job["id"])["state"] == "done"
    found = client.get(f"/api/jobs/{job['id']}/attribution").json()
    assert sum(one["value"] for one in found["shares"]) == pytest.approx(found["total"])
    assert (found["citizens"], found["days"]) == (SMALL["citizens"], SMALL["days"])
    for wrong in (
        {"organs": ["M7"]}, {"organs": ["M7", "M25"]}, {"organs": ["M7", "M99"]},
        {"organs": ["M7", "M14"], "measure": "nothing"}, {"organs": [f"M{n}" for n in range(1, 8)]},
    ):  # fmt: skip
        answer = client.post("/api/attributions", json=wrong)
        assert answer.status_code == 422 and isinstance(answer.json()["detail"], str)
