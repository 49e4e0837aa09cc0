"""A life as a story: every sentence is made of records and names them."""

from itertools import pairwise

from underwatch.explanation.lanes import file_lanes, timeline_lanes
from underwatch.explanation.story import story_of
from underwatch.explanation.strips import Axis, lane_svg


def rows(profile, sentence):
    """The events behind a sentence of the first world."""
    names = (source.removeprefix("here-") for source in sentence.sources)
    return [profile.events[int(name) - 1] for name in names if name.isdigit()]


def test_two_sentences_say_what_happened_and_the_title_gives_the_longest_restriction(profiles):
    restricted = [profile for profile in profiles if profile.spans]
    assert restricted
    for profile in profiles:
        assert len(story_of(profile).lead) == len(story_of(profile, profile).lead) == 2
    for profile in restricted:
        story, worst = story_of(profile), max(span.days for span in profile.spans)
        assert f": {worst:,} day" in story.title
        behind = [f"here-restriction-{k}" for k, _ in enumerate(profile.spans, 1)]
        assert set(behind) <= set(story.lead[0].sources)


def test_every_event_of_a_life_is_behind_exactly_one_sentence_of_its_year(profiles):
    for profile in profiles:
        behind = [
            event
            for year, (here,) in story_of(profile).years.items()
            for sentence in (*here.brief, *here.sentences)
            for event in rows(profile, sentence)
            if event.date.startswith(year)
        ]
        assert sorted(behind, key=profile.events.index) == profile.events


def test_a_sentence_is_about_events_of_one_cause_and_says_how_often_they_occurred(profiles):
    for profile in profiles:
        for (here,) in story_of(profile).years.values():
            for sentence in here.sentences:
                events = rows(profile, sentence)
                assert len({event.true_cause for event in events}) == 1
                assert sentence.wrong != events[0].own
                times = sum(event.times for event in events)
                if times > 1 and len({event.what for event in events}) == 1:
                    assert f" {times:,} " in sentence.text


def test_no_sentence_is_said_twice(profiles):
    for profile in profiles:
        texts = [sentence.text for sentence in story_of(profile)]
        decided = [text for text in texts if not text.startswith(("Acts", "Routine"))]
        assert len(decided) == len(set(decided))


def test_what_was_withheld_is_on_no_file(profiles):
    withheld = [p for p in profiles if any(e.sort == "withheld" for e in p.events)]
    assert withheld
    for profile in withheld:
        for (here,) in story_of(profile).years.values():
            assert all(e.sort == "record" for s in here.brief for e in rows(profile, s))
        filed = sum(len(lane.tracks[1].marks) for lane in file_lanes(profile))
        assert filed <= sum(event.sort == "record" for event in profile.events)


def test_a_record_of_an_own_act_stands_below_the_act(profiles):
    for profile in profiles:
        for lane in file_lanes(profile):
            done, filed = lane.tracks
            if done.note != "no act":
                own = {mark.date for mark in filed.marks if mark.kind == "filed"}
                assert own <= {mark.date for mark in done.marks}, lane


def test_a_bar_is_as_long_as_what_it_shows(profiles):
    def listed(profile):
        return [span.days for span in profile.spans if span.kind == "listed"]

    profile = max(profiles, key=lambda each: max(listed(each), default=0))
    (lane,) = (each for each in timeline_lanes([profile]) if each.label == "On the court blacklist")
    picture = str(lane_svg(lane, Axis.of([profile]), ["here"]))
    assert f'width="{100 * max(listed(profile)) / profile.days:.3f}%"' in picture
    assert f"{sum(listed(profile)):,} day" in picture


def test_wrong_records_are_crosses_in_the_lane_of_their_act(profiles):
    wrong = 0
    for profile in profiles:
        crosses = sum(mark.kind == "wrong" for lane in file_lanes(profile)
                      for mark in lane.tracks[1].marks)  # fmt: skip
        assert crosses == sum(e.sort == "record" and not e.own for e in profile.events)
        wrong += crosses
    assert wrong


def test_labels_of_an_axis_keep_apart(profiles):
    ticks = [Axis.of([profiles[0]]).at(day) for day, _ in Axis.of([profiles[0]]).ticks()]
    assert 2 <= len(ticks) <= 5 and min(b - a for a, b in pairwise(ticks)) > 14
