"""Every explained decision can be computed again from parameters and records."""

import numpy as np

from helpers.explained import DAYS, PEOPLE, drawn, simulated
from underwatch.explanation import dossier, offices
from underwatch.explanation.comparison import figure_lines
from underwatch.explanation.person import person
from underwatch.explanation.replay import replay
from underwatch.explanation.score import score
from underwatch.explanation.story import story_of
from underwatch.explanation.summary import profile_of, restrictions
from underwatch.explanation.trajectory import Trajectory
from underwatch.model.dossiers.tiers import NATION

SAFE = [*PEOPLE, "restrictions.below=1099", "review.places_per_million_a_day=5000",
        "cameras.false_match_rate=1e-7"]  # fmt: skip


def test_the_scores_of_ten_citizens_drawn_at_random_are_composed_of_records_and_contacts(recording):
    for citizen in drawn():
        who = Trajectory.of(recording, citizen)
        assert person(profile_of(who)) and all(each.sources for each in story_of(profile_of(who)))
        for day in range(0, DAYS, 7) if who.adult else ():
            found = score(who, day)  # raises if it is not the decided and published score
            points = found["base"] + sum(r["points"] for r in found["records"])
            assert found["score without association"] == points
            assert found["score"] == points + found["association"]["points"]
            assert all(r["points"] == r["count"] * r["each"] for r in found["records"])


def test_every_restriction_by_score_has_records_and_association_below_the_line(occurred):
    decided = occurred("restricted by score")
    assert {e.true_cause for _, e in decided} == {"own act", "wrong record", "association"}
    for _, event in decided:
        b = event.basis
        total = b["base"] + sum(r["points"] for r in b["records"]) + b["association"]["points"]
        assert b["score"] == total < b["line"] == 985
        assert b["figures"]["restrictions.below"] == 985
        assert b["reasons"][0] == event.true_cause or event.true_cause == "own act"


def test_association_is_the_mean_score_of_contacts_who_are_listed(occurred):
    for who, event in occurred("restricted by score", "association"):
        found = event.basis["association"]
        scores = [c["score"] for c in found["contact scores"]]
        assert found["mean score"] == round(sum(scores) / len(scores), 2)
        contacts = set(who.recording.contacts[who.index].tolist())
        assert {c["citizen"] for c in found["contact scores"]} <= contacts


def test_every_count_of_a_file_has_its_records(everyone, occurred):
    for who in everyone:
        for day in range(13, DAYS, 50):
            dossier.file_on(who, day, evening=True)  # raises if a count has no record
    assert occurred("file corrected")


def bearer_on(recording, citizen, day):
    """The trajectory of whoever had a number on a day."""
    deaths = Trajectory.of(recording, citizen).deaths["day"]
    return Trajectory.of(recording, citizen, int((deaths <= day).sum()))


def test_records_linked_by_name_are_those_on_the_file_of_that_citizen(harsh, occurred):
    mixed = [(who, e.day, r) for who, e in occurred("restricted by score")
             for r in e.basis["records"]
             if "whose" in r and r["kind"] not in offices.PURCHASES]  # fmt: skip
    assert mixed
    others = replay(harsh.provenance, [r["whose"] for _, _, r in mixed])
    for who, day, record in mixed:
        delivered = offices.delivery(who, day, NATION)
        assert delivered.how == "linked"
        whose = bearer_on(others, record["whose"], delivered.day - 1)
        file = dossier.file_on(whose, delivered.day - 1, True)
        assert 0 < record["count"] <= file[record["kind"]].count


def test_every_police_visit_names_the_sighting_that_ordered_it(occurred):
    stops = occurred("stopped")
    assert stops and all(event.basis["ordered by"] != "not recorded" for _, event in stops)


def test_a_refusal_names_the_restriction_in_force(occurred):
    refused = [pair for ban in ("flight", "train", "visa") for pair in occurred(f"{ban} refused")]
    assert refused
    for _, event in refused:
        since = [v for k, v in event.basis.items() if k.endswith("since")]
        assert since and all(s < event.date for s in since)


def test_explanations_hold_under_every_safeguard():
    safe = simulated("safeguarded", SAFE)
    states = safe.states
    chosen = np.flatnonzero((states["score_until"] > 0) | (states["file"] >> np.uint64(48) > 0))
    recording = replay(safe.provenance, chosen[:60].tolist())
    everyone = [Trajectory(recording, index) for index in range(len(recording.citizens))]
    events = [event for who in everyone for event in who.events]
    rejected = [event.basis for event in events if event.what == "restriction not confirmed"]
    assert rejected and all(b["score"] < b["line"] == 999 for b in rejected)
    assert all(b["association"]["weight"] == 0 for b in rejected)
    assert any(event.what == "file corrected" for event in events)


def test_every_figure_behind_a_decision_has_its_value_and_source(occurred):
    who, _ = occurred("restricted by score")[0]
    lines = {key: (value, source) for key, value, source in figure_lines(profile_of(who))}
    assert lines["restrictions.below"][0] == "985" and lines["restrictions.below"][1]


def test_the_last_day_of_a_decision_is_the_last_day_of_its_restriction(everyone):
    whole = 0
    for who in everyone:
        for span in restrictions(who):
            within = [e.basis["last day"] for e in who.events
                      if e.what == span.kind and span.first <= e.date <= span.last]  # fmt: skip
            if within:
                assert span.last <= within[-1]  # an appeal, a payment or the run may end it before
                whole += span.last == within[-1]
    assert whole
