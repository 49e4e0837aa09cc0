"""An experiment from its request to its downloads, by the routes that the pages call."""

import contextlib
import io
import json
import shutil

import pytest

import underwatch as uw
from harness.lab_schema import tried
from helpers.lab import SMALL, finished, lab
from underwatch.lab.frames import FrameReader, position
from underwatch.lab.state import State

STATE = {**SMALL, "without": ["M10"], "with": {"appeal": 0.5}}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="module")
def client(runs):
    with lab(runs) as found:
        yield found


@pytest.fixture(scope="module")
def waiting(client):
    """The page as a reader without scripts sees it who begins the worlds."""
    return client.get(f"/worlds?run=1&{State.model_validate(STATE).query()}").text


@pytest.fixture(scope="module")
def experiment(client, waiting):
    begun = client.post("/api/experiments", json=STATE).json()
    for world in begun["worlds"]:
        assert finished(client, world["job"]["id"])["state"] == "done"
    return client.get(f"/api/experiments/{begun['id']}").json()


@pytest.fixture(scope="module")
def watched(experiment):
    return experiment["worlds"][0]["job"]["id"]


@pytest.fixture(scope="module")
def run(runs, watched):
    return uw.load(runs / "lab" / watched / "run")


def test_the_python_text_gives_the_worlds_that_the_page_shows(experiment):
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(experiment["python"], {})
    assert printed.getvalue().split() == [w["job"]["state_hash"] for w in experiment["worlds"]]


def test_the_numbers_of_two_worlds_appear_without_a_script(client, waiting, experiment):
    assert 'http-equiv="refresh"' in waiting and "Share of lawful acts" not in waiting
    page = client.get(experiment["link"].replace("?", "?run=1&")).text
    assert "Share of lawful acts withheld" in page and 'http-equiv="refresh"' not in page
    story = client.get("/").text
    assert "Everybody starts at 1,000 points" in story and "{" not in story.split("<script")[0]


def test_the_link_restores_the_experiment_without_a_new_run(client, experiment):
    state = State.from_query(experiment["link"].removeprefix("/worlds?"))
    again = client.post("/api/experiments", json=state.model_dump(mode="json", by_alias=True))
    assert again.json() == experiment
    assert client.get(experiment["link"]).status_code == 200


def test_the_map_shows_what_an_observer_of_the_same_run_sees(client, experiment, watched):
    made = State(**STATE).scenarios()["watched"]
    seen = uw.run(
        made, **SMALL, every=59,
        observe={
            "restricted": lambda c: [
                100 * (c.restricted & c.adult)[k : k + 512].sum() / c.adult[k : k + 512].sum()
                for k in range(0, 2000, 512)
            ],
            "risk": lambda c: c.risk[c.adult].mean() * 100 / 255,
            "score": lambda c: c.score[c.score >= 0].mean() if (c.score >= 0).any() else 0,
        },
    ).observations  # fmt: skip
    frames = {
        name: client.get(f"/api/jobs/{watched}/frames?measure={name}").json()
        for name in ("restricted", "risk", "score")
    }
    shown = frames["restricted"]
    assert shown["days"] == [*range(60)] and shown["last"] and shown["written"] == 60
    for at in (0, -1):
        expected = seen["restricted"][at].values
        assert shown["values"][at] == pytest.approx([round(v * 100) for v in expected], abs=1)
        for name in ("risk", "score"):
            assert frames[name]["mean"][at] == pytest.approx(float(seen[name][at]), abs=1e-3)
    later = client.get(f"/api/jobs/{watched}/frames?since=40&most=5").json()
    assert later["days"] == [40, 41, 42, 43, 44] and not later["last"]
    layout = client.get(f"/api/jobs/{watched}/map").json()
    assert [each["id"] for each in layout["hexes"]] == [0, 1, 2, 3]


def test_no_two_neighbourhoods_lie_in_one_place_and_districts_hold_together():
    places = [position(k) for k in range(128 * 9)]
    assert len({*places}) == len(places)
    centres = [position(128 * d) for d in range(9)]
    for k, (q, r) in enumerate(places):
        a, b = centres[k // 128]
        assert max(abs(q - a), abs(r - b), abs(q - a + r - b)) <= 7


def test_a_resumed_run_writes_each_frame_in_its_place(runs, watched):
    rows = FrameReader(runs / "lab" / watched, 2000).read(0, 100)
    assert rows["day"].tolist() == [*range(60)] and (rows["adults"] > 1000).all()


def test_summary_people_and_courses_are_those_of_the_run(client, watched, run):
    shown = client.get(f"/api/jobs/{watched}/summary").json()
    by_name = {each["name"]: each for each in shown["measures"]}
    assert {n: each["value"] for n, each in by_name.items()} == {
        n: value.value for n, value in run.summary.items()
    }
    assert shown["findings"] == run.findings() and shown["state_hash"] == run.state_hash
    found = client.get(f"/api/jobs/{watched}/people?group=D&order=restricted_days&most=9").json()
    expected = run.find(group="D", order="restricted_days", limit=9)
    assert [p["citizen"] for p in found["people"]] == expected.index.tolist()
    assert found["matching"] == len(run.find(group="D", limit=None))
    one = client.get(f"/api/jobs/{watched}/people/{found['people'][0]['citizen']}").json()
    assert one == found["people"][0]
    course = client.get(f"/api/jobs/{watched}/series?measure=chilled_share").json()
    table = run.over_time("chilled_share")
    assert course["lines"][0]["values"] == pytest.approx(table.iloc[:, 1].tolist(), abs=1e-6)


def test_downloads_are_what_they_say(client, watched):
    picture = client.get(f"/api/jobs/{watched}/charts/restricted.png")
    assert picture.status_code == 200 and picture.content.startswith(b"\x89PNG")
    table = client.get(f"/api/jobs/{watched}/data.csv")
    assert len(table.text.splitlines()) == 61 and "attachment" in table.headers[
        "content-disposition"]  # fmt: skip
    assert client.get(f"/api/jobs/{watched}/data.nc").content[1:4] == b"HDF"
    assert client.get(f"/api/jobs/{watched}/charts/nothing.svg").status_code == 404


def test_several_seeds_give_a_sentence_and_intervals(client, experiment):
    job = client.post(f"/api/experiments/{experiment['id']}/bands", json={"seeds": 3}).json()
    assert finished(client, job["id"])["state"] == "done"
    found = client.get(f"/api/jobs/{job['id']}/bands").json()
    assert len(found["seeds"]) == 3 and found["sentence"].endswith(".")
    risen = {each["name"]: each for each in found["measures"]}["chilled_share"]
    assert risen["low"] <= risen["difference"] <= risen["high"]
    page = client.get(f"/api/jobs/{job['id']}/report.html")
    policy = page.headers["content-security-policy"]
    assert "the watched world" in page.text and "script" not in policy
    assert policy.startswith("default-src 'none'")


def test_a_run_that_is_cancelled_is_gone_at_once_and_may_be_begun_again(client):
    state = {"citizens": 100_000, "days": 3000}
    begun = client.post("/api/experiments", json=state).json()
    for world in begun["worlds"]:
        ended = client.delete(f"/api/jobs/{world['job']['id']}")
        assert ended.json()["state"] == "cancelled" and ended.elapsed.total_seconds() < 2


def test_what_is_not_there_yet_is_409_and_what_never_was_is_404(client, experiment):
    assert client.get("/api/jobs/0123456789abcdef").status_code == 404
    assert client.get(f"/api/jobs/{experiment['id']}/map").status_code == 404
    text = json.dumps(client.get("/api/openapi.json").json())
    assert '"422"' in text and "HTTPValidationError" not in text


def test_no_request_that_the_description_suggests_breaks_the_lab(tmp_path, runs, experiment):
    shutil.copytree(runs, tmp_path / "copy", ignore=shutil.ignore_patterns(".lock"))
    known = [experiment["id"], *(world["job"]["id"] for world in experiment["worlds"])]
    counts, faults = tried(tmp_path / "copy", known, examples=3, making=False)
    assert not faults, "\n".join(faults)
    assert {"200", "404", "422"} <= set(counts)
