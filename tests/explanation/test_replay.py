"""A replay is the same run to the last bit, and knows what each citizen did, seen or not."""

import pytest

from helpers.explained import N
from underwatch.errors import UserError
from underwatch.explanation.profile import Profile
from underwatch.explanation.replay import replay
from underwatch.explanation.summary import profile_of, restrictions
from underwatch.explanation.trajectory import Trajectory
from underwatch.model import streams
from underwatch.model.state import COURT_SERVED


def test_a_wrong_judgement_names_the_citizen_who_was_judged_the_day_before(harsh, occurred):
    wrong = occurred("judgement", "another person's name")
    assert wrong
    others = replay(harsh.provenance, [w for _, e in wrong for w in e.whose])
    for who, event in wrong:
        (whose,) = event.whose
        judged = Trajectory.of(others, whose)
        assert whose != who.citizen and judged.mornings[event.day - 1]["standing"] & COURT_SERVED
        assert not judged.happened(event.day - 1, "judgement", "own act")


def test_a_wrong_offence_names_the_citizen_who_offended_in_front_of_a_camera(harsh, occurred):
    wrong = occurred("minor offence", "another person's face")
    assert wrong
    others = replay(harsh.provenance, [w for _, e in wrong for w in e.whose])
    for _, event in wrong:
        for whose in event.whose:
            theirs, day = Trajectory.of(others, whose), event.day - 1
            params = theirs.params(day)
            assert theirs.acts[day]["minor"] and theirs.acts[day]["watched"]
            assert theirs.draws(streams.MINOR_PROBED)[day] < params["probed"]
            # The camera missed the offender, and matched the face to another citizen.
            assert theirs.draws(streams.MINOR_MATCH)[day] >= params["match_hit"]
            assert theirs.draws(streams.MINOR_LOOKALIKE)[day] < params["match_false"].max()
            assert not theirs.happened(day, "minor offence", "own act")


def test_a_head_of_household_answers_for_a_child_who_is_named(harsh, everyone):
    answered = [(who, e) for who in everyone for e in who.events if e.mistaken_for is not None]
    assert answered
    for who, event in answered:
        at = who.recording.contacts[who.index].tolist().index(event.mistaken_for)
        assert who.traits["place_in_home"] == 0 and at < 7
        assert who.recording.homes[who.index, at]["age"] < 18


def test_only_acts_of_others_or_of_nobody_are_marked_as_wrong(everyone):
    for who in everyone:
        for event in who.events:
            assert bool(event.whose) == event.true_cause.startswith("another person's")
            if event.sort == "record" and event.own and event.what == "minor offence":
                assert who.acts[event.day]["minor"]


def test_a_record_of_an_own_act_has_an_act_behind_it(everyone):
    acts = {"minor offence": "minor", "protest": "protested", "petition": "petitioned",
            "serious offence": "serious", "good deed": "good", "private message": "messaged",
            "repaid instalment": "kept", "disfavoured purchase": "disfavoured"}  # fmt: skip
    for who in everyone:
        for event in who.events:
            if event.what in acts and event.true_cause == "own act":
                assert who.acts[event.day][acts[event.what]], event


def test_a_withheld_message_lies_between_the_chance_at_the_perceived_risk_and_at_none(occurred):
    withheld = occurred("message withheld")
    assert withheld
    for who, event in withheld:
        act, params = who.acts[event.day], who.params(event.day)
        free = int(params["message_rate"][act["opinion"]]) * (128 + who.traits["sociability"]) >> 8
        share = event.basis["share still done"]
        upper = who.draws(streams.HALVES + streams.MESSAGE // 2)[event.day] >> 16
        u = upper << 16 | who.draws(streams.LOWER_HALF + streams.MESSAGE)[event.day] & 0xFFFF
        assert free * share - free / 60_000 - 2 <= u < free
        assert event.basis["perceived risk"] == act["risk"] > 0


def test_withheld_acts_are_not_on_file(everyone):
    profiles = [profile_of(who) for who in everyone]
    withheld = [e for profile in profiles for e in profile.events if e.sort == "withheld"]
    assert withheld and all(e.entered_by == "not entered" for e in withheld)
    for profile in profiles:
        assert not set(profile.sums["withheld"]) & set(profile.sums["records"])


def test_a_restriction_lasts_as_long_as_the_states_say(everyone):
    for who in everyone:
        days = (who.states["list_until"] > 0).sum() + (
            (who.states["score_until"] > 0) & (who.states["reasons"] > 15)
        ).sum()
        assert sum(span.days for span in restrictions(who)) == days
    assert any(restrictions(who) for who in everyone)


def test_two_replays_give_the_same_profile(harsh, everyone):
    who = next(each for each in everyone if each.adult)
    again = Trajectory.of(replay(harsh.provenance, [who.citizen]), who.citizen)
    assert profile_of(again) == profile_of(who)
    assert Profile.from_dict(profile_of(who).to_dict()) == profile_of(who)


def test_a_replay_with_another_state_hash_is_refused(harsh):
    with pytest.raises(UserError, match="another state hash"):
        replay(harsh.provenance | {"state_hash": "0" * 64}, [1])


def test_a_citizen_who_does_not_exist_cannot_be_explained(harsh):
    with pytest.raises(UserError, match=f"no citizen {N}; they are numbered 0 to {N - 1:,}"):
        replay(harsh.provenance, [N])
