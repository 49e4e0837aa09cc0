"""A life told: every figure recomputes from rules and records, and nothing is invented."""

import json
import random
from datetime import date

import numpy as np
import pytest
from typer.testing import CliRunner

from underwatch.cli import app
from underwatch.errors import UserError
from underwatch.explanation import dossier as filed
from underwatch.explanation import reasons
from underwatch.explanation.chart import life_chart
from underwatch.explanation.divergence import divergence
from underwatch.explanation.life import Life
from underwatch.explanation.replay import replay
from underwatch.explanation.timeline import person, figures_used, timeline
from underwatch.model import streams
from underwatch.model.state import COURT_SERVED
from underwatch.results import folder as store
from underwatch.results.run import run
from underwatch.scenario import reading

N, DAYS = 4_000, 420
# Far harsher than the default, so that a few thousand people go through everything.
HARSH = [
    "first_day=2019-11-01", f"society.citizens={N}", "naming.offenders=1", "naming.listed=1",
    "naming.employers_notified=1", "naming.dismissed=0.5", "restrictions.below=985",
    "redress.notice=1", "redress.appeals_after_notice=1", "redress.delay_days=5",
    "redress.places_per_million_a_day=2000", "redress.corrects_file=true",
    "redress.reversed_wrongful=0.7", "cameras.false_match_rate=1e-9",
    "registers.judgement_mistyped=0.3", "neighbours.lies_per_year=1",
    "tiers.national.mistaken=0.1", "tiers.national.days_between_deliveries=7",
    "blacklist.court_places_per_million_a_day=500", "police.places_per_million_a_day=500",
    "protest.occasions_per_year=40", "protest.sparks=0.01", "life.visas_per_year=2",
    "life.missed_instalments_worst=0.7",
]  # fmt: skip
SAFE = ["first_day=2019-11-01", f"society.citizens={N}", "restrictions.below=1099",
        "review.places_per_million_a_day=5000", "cameras.false_match_rate=1e-7"]  # fmt: skip


def lived(name, settings, days=DAYS, panel=0):
    read = reading(name, settings)
    return run(read.value, days=days, sources=read.sources, panel=panel)


def wronged(harsh):
    """Sixty whom the files wrong: by a name, a face, a crowd, a post, a copy, the company."""
    reasons_, file = harsh.states["reasons"].astype(int), harsh.states["file"]
    kinds = [reasons_ & 2 > 0, reasons_ >> 4 & 4 > 0, reasons_ >> 4 & 2 > 0,
             *(file >> np.uint64(4 * k) & np.uint64(15) > 0 for k in (13, 14, 15))]  # fmt: skip
    return sorted({int(i) for kind in kinds for i in np.flatnonzero(kind)[:12]})


@pytest.fixture(scope="module")
def harsh():
    return lived("atlantic-2018", HARSH)


@pytest.fixture(scope="module")
def recording(harsh):
    """Ten citizens drawn at random, and sixty whom the files wrong."""
    ten = random.Random(2018).sample(range(N), 10)
    return replay(harsh.provenance, [*ten, *wronged(harsh)])


@pytest.fixture(scope="module")
def lives(recording):
    return [Life(recording, place) for place in range(len(recording.watched))]


def found(lives, what, cause=None):
    every = ((life, event) for life in lives for event in life.events)
    return [(x, e) for x, e in every if e.what == what and cause in (None, e.true_cause)]


# --- Every figure recomputes


def test_ten_citizens_drawn_at_random_are_told_and_every_score_of_theirs_recomputes(recording):
    for citizen in random.Random(2018).sample(range(N), 10):
        life = Life.of(recording, citizen)
        assert person(life) and timeline(life)
        for day in range(0, DAYS, 7) if life.adult else ():
            told = reasons.score(life, day)  # raises if it is not what others were shown
            points = told["base"] + sum(r["points"] for r in told["records"])
            assert told["score without company"] == points
            assert told["score"] == points + told["company"]["points"]
            assert all(r["points"] == r["count"] * r["each"] for r in told["records"])


def test_every_restriction_is_base_and_records_and_company_below_the_line(lives):
    decided = found(lives, "restricted by score")
    assert {e.true_cause for _, e in decided} == {"own act", "wrong record", "association"}
    for _, event in decided:
        b = event.because
        rows = b["base"] + sum(r["points"] for r in b["records"]) + b["company"]["points"]
        assert b["score"] == rows < b["line"] == 985
        assert b["figures"]["restrictions.below"] == 985
        assert b["reasons"][0] == event.true_cause or event.true_cause == "own act"


def test_company_is_the_mean_of_named_contacts(lives):
    for life, event in found(lives, "restricted by score", "association"):
        kept = event.because["company"]
        scores = [c["score"] for c in kept["their scores"]]
        assert kept["mean score"] == sum(scores) // len(scores)
        assert {c["citizen"] for c in kept["their scores"]} <= set(
            life.recording.contacts[life.place].tolist()
        )


def test_a_file_is_made_of_its_records_alone(lives):
    for life in lives:
        for day in range(13, DAYS, 50):
            filed.file_on(life, day, evening=True)  # raises if a count has no record
    assert found(lives, "file corrected")


def test_a_copy_under_anothers_name_holds_that_citizens_score(harsh, lives):
    """Those whose copy is said to be another's: the other is watched, and bore that score."""
    said = [(x, e.day, r) for x, e in found(lives, "restricted by score")
            for r in e.because["records"] if "whose" in r]  # fmt: skip
    assert said
    others = replay(harsh.provenance, [r["whose"] for _, _, r in said])
    for life, day, record in said:
        delivered = filed.delivery(life, day, filed.NATION)
        assert delivered.how == "under another's name"
        shown = Life.of(others, record["whose"]).scores[delivered.day - 1]
        assert record["points"] == (shown - 1000 if shown >= 0 else 0)


# --- What is wrong on file


def test_a_wrong_judgement_names_the_citizen_who_was_judged_the_day_before(harsh, lives):
    wrong = found(lives, "judgement", "another person's name")
    assert wrong
    others = replay(harsh.provenance, [w for _, e in wrong for w in e.whose])
    for life, event in wrong:
        (whose,) = event.whose
        judged = Life.of(others, whose)
        assert whose != life.citizen and judged.mornings[event.day - 1]["standing"] & COURT_SERVED
        assert not judged.happened(event.day - 1, "judgement", "own act")


def test_a_wrong_offence_names_the_citizen_who_offended_under_a_camera(harsh, lives):
    wrong = found(lives, "minor offence", "another person's face")
    assert wrong
    others = replay(harsh.provenance, [w for _, e in wrong for w in e.whose])
    for life, event in wrong:
        for whose in event.whose:
            theirs, day = Life.of(others, whose), event.day - 1
            rules = theirs.params(day)
            assert theirs.acts[day]["minor"] and theirs.acts[day]["watched"]
            assert theirs.draws(streams.MINOR_PROBED)[day] < rules["probed"]
            # The camera missed them, and took them for another.
            assert theirs.draws(streams.MINOR_MATCH)[day] >= rules["match_hit"]
            assert theirs.draws(streams.MINOR_LOOKALIKE)[day] < rules["match_false"].max()
            assert not theirs.happened(day, "minor offence", "own act")


def test_what_a_head_answers_for_names_the_child(harsh, lives):
    answered = [(x, e) for x in lives for e in x.events if e.meant is not None]
    assert answered
    for life, event in answered:
        at = life.recording.contacts[life.place].tolist().index(event.meant)
        assert life.traits["place_in_home"] == 0 and at < 7
        assert harsh.people[event.meant]["age"] < 18


def test_only_what_another_did_or_nobody_did_is_marked_as_wrong(lives):
    for life in lives:
        for event in life.events:
            assert bool(event.whose) == event.true_cause.startswith("another's")
            if event.sort == "record" and event.own and event.what == "minor offence":
                assert life.acts[event.day]["minor"]


# --- What was done, and what was not


def test_whoever_is_on_file_for_an_act_of_their_own_did_it(lives):
    did = {"minor offence": "minor", "protest": "protested", "petition": "petitioned",
           "serious offence": "serious", "good deed": "good", "private message": "messaged",
           "repaid instalment": "kept", "disfavoured purchase": "disfavoured"}  # fmt: skip
    for life in lives:
        for event in life.events:
            if event.what in did and event.true_cause == "own act":
                assert life.acts[event.day][did[event.what]], event


def test_an_act_not_done_would_have_been_done_without_the_risk_told(lives):
    """The draw lies between the chance at the risk that is told and the chance at none."""
    held = found(lives, "message withheld")
    assert held
    for life, event in held:
        deed, rules, me = life.acts[event.day], life.params(event.day), life.traits
        free = int(rules["message_rate"][deed["opinion"]]) * (128 + me["sociability"]) >> 8
        share = event.because["share still done"]
        u = life.draws(streams.MESSAGE)[event.day]
        assert free * share - free / 60_000 - 2 <= u < free
        assert event.because["perceived risk"] == deed["risk"] > 0


def test_police_who_call_were_sent_by_a_sighting_that_is_told(lives):
    stops = found(lives, "stopped")
    assert stops
    for _, event in stops:
        assert event.because["sent by"] != "not recorded"


def test_a_refusal_names_the_restriction_that_stood(lives):
    bans = ("flight", "train", "visa")
    refused = [pair for ban in bans for pair in found(lives, f"{ban} refused")]
    assert refused
    for life, event in refused:
        since = [v for k, v in event.because.items() if k.endswith("since")]
        assert since and all(s < event.date for s in since)


# --- Safeguards


def test_with_every_safeguard_the_explanations_hold(harsh):
    safe = lived("safeguarded", SAFE)
    states = safe.states
    chosen = np.flatnonzero((states["score_until"] > 0) | (states["file"] >> np.uint64(48) > 0))
    recording = replay(safe.provenance, chosen[:60].tolist())
    lives = [Life(recording, place) for place in range(len(recording.watched))]
    assert all(life.told() for life in lives)
    spared = found(lives, "restriction not confirmed")
    assert spared and all(e.because["score"] < e.because["line"] == 999 for _, e in spared)
    assert all(e.because["company"]["weight"] == 0 for _, e in spared)
    assert found(lives, "file corrected")


# --- The same life twice, and beside its twin


def test_two_replays_tell_the_same_life(harsh, lives):
    life = next(x for x in lives if x.adult)
    again = Life.of(replay(harsh.provenance, [life.citizen]), life.citizen)
    assert again.told() == life.told()
    assert divergence(life, again) is None


def test_a_run_that_comes_to_other_bits_is_refused(harsh):
    with pytest.raises(UserError, match="other bits"):
        replay(harsh.provenance | {"state_hash": "0" * 64}, [1])


def test_nobody_outside_the_nation_can_be_explained(harsh):
    with pytest.raises(UserError, match=f"no citizen {N}; they are numbered 0 to {N - 1}"):
        replay(harsh.provenance, [N])


def test_lives_in_two_worlds_are_one_until_the_day_they_part(lives):
    twins = replay(lived("unwatched", HARSH[:2]).provenance, [x.citizen for x in lives])
    parted = 0
    for life in lives:
        twin = Life.of(twins, life.citizen)
        found = divergence(life, twin)
        if found is None:
            continue
        parted += 1
        before = slice(0, found.day)
        assert (life.states[before] == twin.states[before]).all()
        assert (life.signals[before] == twin.signals[before]).all()
        assert found.here or found.there or found.differing
        assert found.cause != "not recorded"
        if found.felt:
            day = (date.fromisoformat(found.felt) - life.date(0)).days
            same = life.acts["risk"][:day] == twin.acts["risk"][:day]
            assert same.all() and day >= found.day
    assert parted > 50


def test_a_rule_that_differs_from_a_day_on_parts_nobody_before_it(harsh, lives):
    later = [*HARSH, "police.places_per_million_a_day={2014-06-14: 500, 2020-03-01: 0}"]
    twins = replay(lived("atlantic-2018", later).provenance, [x.citizen for x in lives])
    days = [p.day for x in lives if (p := divergence(x, Life.of(twins, x.citizen)))]
    assert days and min(days) >= 121  # 1 March 2020; desks close in the evening before a call


# --- The command


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place, made = tmp_path_factory.mktemp("runs"), {}
    small = ["first_day=2019-12-01", "society.citizens=1500"]
    for name, settings in (("one", small), ("two", small), ("other", [*small, "society.seed=1"])):
        found = lived("without-fear" if name == "two" else "atlantic-2018", settings, 120)
        store.save(place / name, found.provenance, found.tallies, None, None)
        made[name] = str(place / name)
    return made


def explained(*args):
    return CliRunner().invoke(app, ["explain", *args])


def test_a_scenario_is_lived_for_it_and_tells_the_same_as_its_run(folders, tmp_path):
    run = json.loads(explained(folders["one"], "7", "--json", "--quiet").stdout)["life"]
    same = tmp_path / "same.yaml"
    same.write_text("extends: atlantic-2018\ntitle: The same\nfirst_day: 2019-12-01\n")
    words = ["--citizens", "1500", "--days", "120", "--json", "--quiet"]
    fresh = explained(str(same), "7", *words)
    assert fresh.exit_code == 0, fresh.exception
    told = json.loads(fresh.stdout)["life"]
    assert [told[k] for k in ("traits", "events", "sums", "at the end")] == [
        run[k] for k in ("traits", "events", "sums", "at the end")
    ]
    refused = explained(folders["one"], "7", *words)
    assert refused.exit_code != 0 and "of its own" in str(refused.exception)


def test_explain_ends_with_one_json_object_of_both_lives_and_their_parting(folders, tmp_path):
    picture = tmp_path / "life.svg"
    told = explained(folders["one"], "7", "--twin", folders["two"], "--json",
                     "--picture", str(picture))  # fmt: skip
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout.strip().splitlines()[-1])
    assert list(found) == ["run", "citizen", "life", "twin", "divergence"]
    assert found["citizen"] == found["life"]["citizen"] == found["twin"]["citizen"] == 7
    assert {"events", "sums", "traits", "at the end", "rules"} <= set(found["life"])
    assert "<svg" in picture.read_text("utf-8")
    assert json.loads(explained(folders["one"], "7", "--json", "--quiet").stdout)["twin"] is None


def test_strangers_are_no_twins(folders):
    told = explained(folders["one"], "7", "--twin", folders["other"])
    assert isinstance(told.exception, UserError) and "seed" in str(told.exception)


def test_the_picture_of_two_lives_marks_both(lives):
    life = max(lives, key=lambda x: len(x.events))
    score, risk, marks = life_chart(life, life)["vconcat"]
    assert len(marks["data"]["values"]) > 2 and risk["data"]["values"]
    assert {row["world"] for row in marks["data"]["values"]} == {
        life.recording.scenario.title, f"{life.recording.scenario.title} (twin)"}  # fmt: skip


def test_every_figure_that_ruled_a_decision_is_told_with_its_source(lives):
    life = next(x for x, _ in found(lives, "restricted by score"))
    assert any(line.strip().startswith("restrictions.below = 985") for line in figures_used(life))
