"""Nothing reaches the lab but its own pages, and nothing leaves its folder."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.lab import ADDRESS, lab
from underwatch.lab.guard import CSP


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with lab(tmp_path_factory.mktemp("guard"), processes=0) as found:
        yield found


@pytest.mark.parametrize("host", [
    "example.org", "127.0.0.1", "127.0.0.1:80", "127.0.0.1.example.org:8765", "", "0.0.0.0:8765",
    "localhost:8765@example.org", "user@127.0.0.1:8765",
])  # fmt: skip
def test_a_request_for_another_host_gets_one_sentence(client, host):
    found = client.get("/worlds", headers={"host": host})
    assert found.status_code == 403 and "127.0.0.1:8765" in found.json()["detail"]


@pytest.mark.parametrize("headers", [
    {"origin": "https://example.org"}, {"origin": "null"}, {"origin": "http://127.0.0.1:9999"},
    {"origin": "https://127.0.0.1:8765"}, {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"}, {"sec-fetch-site": "nonsense"},
])  # fmt: skip
def test_a_request_from_another_site_is_refused_whatever_it_asks_for(client, headers):
    for path in ("/", "/api/catalogue", "/static/lab.css"):
        assert client.get(path, headers=headers).status_code == 403
    found = client.post("/api/experiments", json={}, headers=headers)
    assert found.status_code == 403 and client.get("/api/jobs").json() == []


def test_its_own_pages_and_typed_addresses_are_let_in(client):
    for headers in ({"origin": ADDRESS, "sec-fetch-site": "same-origin"},
                    {"sec-fetch-site": "none"}, {"host": "localhost:8765"}):  # fmt: skip
        assert client.get("/worlds", headers=headers).status_code == 200


def test_every_answer_has_the_policy_that_forbids_what_the_pages_do_not_need(client):
    for path in ("/", "/worlds", "/nothing", "/api/catalogue", "/api/nothing", "/static/lab.css",
                 "/static/nothing.js", "/worlds?citizens=x"):  # fmt: skip
        headers = client.get(path).headers
        assert headers["content-security-policy"] == CSP and "unsafe" not in CSP, path
        assert headers["x-content-type-options"] == "nosniff"
        assert "access-control-allow-origin" not in headers


def test_a_body_is_small_json_or_it_is_not_read(client):
    large = json.dumps({"set": {"a.b": "x" * 70_000}})
    pieces = (b" " * 1_000 for _ in range(100))
    as_json = {"content-type": "application/json"}
    for body, headers, status in (
        (large, as_json, 413), (pieces, as_json, 413), ("{}", {"content-type": "text/plain"}, 415),
        ("{}", {"content-type": "application/x-www-form-urlencoded"}, 415), ("{", as_json, 400),
        ("[" * 20_000, as_json, 400), ('{"citizens": ' + "9" * 5_000 + "}", as_json, 400),
        ('{"citizens": NaN}', as_json, 422), (b"\xff\xfe", as_json, 400), ("", as_json, 422),
        ('{"scenario": "\\ud800"}', as_json, 422), ('{"with": {"appeal": Infinity}}', as_json, 422),
        ('{"nothing": 1}', as_json, 422), ('{"citizens": "3000"}', as_json, 422),
        ('{"citizens": 3000.0}', as_json, 422), ('{"citizens": true}', as_json, 422),
    ):  # fmt: skip
        found = client.post("/api/experiments", content=body, headers=headers)
        assert found.status_code == status, (body, found.text)
        assert isinstance(found.json()["detail"], str) and found.json()["detail"]


def test_what_is_too_large_for_this_lab_is_refused_before_anything_is_started(client):
    for state, word in (({"citizens": 200_001}, "200,000"), ({"days": 3_001}, "3000"),
                        ({"days": 29}, "30"), ({"citizens": 999}, "1000"),
                        ({"set": {"cameras.uptime": 1.3}}, "cameras.uptime"),
                        ({"set": {"cameras.nothing": 1}}, "cameras.nothing"),
                        ({"other": "../../etc/passwd"}, "other"),
                        ({"other": "nobody"}, "nobody")):  # fmt: skip
        found = client.post("/api/experiments", json=state)
        assert found.status_code == 422 and word in found.json()["detail"], found.text
    assert client.get("/api/jobs").json() == []


_OUT = ("../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e/x", "..\\..\\x",
        "%252e%252e%252fx", "....//x", "%00", "0" * 16, "0" * 15 + "/", "0000000000000000%00",
        "//etc/passwd", "~root", "C:%5cx", "%c0%ae%c0%ae/x", "٠" * 16)  # fmt: skip


@pytest.mark.parametrize("name", _OUT)
@pytest.mark.parametrize("route", [
    "/static/{}", "/api/jobs/{}", "/api/jobs/{}/map", "/api/jobs/{}/report.html",
    "/api/jobs/{}/data.csv", "/api/jobs/0000000000000000/charts/{}.svg", "/api/experiments/{}",
])  # fmt: skip
def test_no_spelling_of_a_path_leaves_the_folder(client, route, name):
    found = client.get(route.format(name if "%" in name else quote(name, safe="/.~\\")))
    assert found.status_code in (404, 405, 422) and "root:" not in found.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "CONNECT", "FOO"])
def test_other_methods_change_nothing(client, method):
    for path in ("/worlds", "/api/catalogue", "/api/experiments", "/static/lab.css"):
        found = client.request(method, path, headers={"content-type": "application/json"})
        assert found.status_code in (404, 405), (path, found.text)


def test_a_huge_address_is_refused(client):
    assert client.get("/worlds?" + "set=a.b:1&" * 1_000).status_code == 414
    assert client.get("/" + "a" * 2_000).status_code == 414


@settings(max_examples=25)
@given(st.text(max_size=200))
def test_any_query_is_a_page_or_a_page_with_a_sentence(client, text):
    found = client.get("/worlds?" + quote(text, safe="&=:."))
    assert found.status_code in (200, 422) and "<h1>" in found.text
    assert "<script>" not in found.text.lower()
