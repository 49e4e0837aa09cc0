"""Canada's impact level, counted by hand, by the software, and by its official rule."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from underwatch.assessments.exports.canada.questions import form, weight
from underwatch.assessments.exports.canada.scoring import maxima, possible, score

QUESTIONS = form().questions
RAW = {name: each for name, each in QUESTIONS.items() if each.scored == "raw"}
DESIGN = {
    name: each for name, each in QUESTIONS.items()
    if each.scored == "mitigation" and "Design" in name
}  # fmt: skip


def largest(question):
    """The answer that counts most."""
    return list(question.options) if question.kind == "ticks" else max(question.options, key=weight)


def smallest(question):
    return [] if question.kind == "ticks" else min(question.options, key=weight)


def test_all_at_maximum_is_167_and_level_four():
    found = score({name: largest(each) for name, each in RAW.items()})
    assert (found.raw, found.total, found.level) == (167, 167, 4)


def test_all_at_minimum_is_the_sum_of_the_minima():
    # Ten questions cannot be answered below 1, automation not below 2, and data held by the own
    # institution counts 1 three times over.
    found = score({name: smallest(each) for name, each in RAW.items()})
    assert found.raw == sum(each.minimum for each in RAW.values()) == 14
    assert found.level == 1


def test_62_of_77_mitigation_points_turn_98_into_83_and_level_three_into_two():
    answers = crafted(RAW, 98)
    before = score(answers)
    after = score(answers | crafted(DESIGN, 62))
    assert (before.raw, before.total, before.numeral) == (98, 98, "III")
    assert (after.raw, after.mitigation, after.total, after.numeral) == (98, 62, 83, "II")
    assert score(answers | crafted(DESIGN, 61)).total == 98


def crafted(questions, wanted):
    """Answers that add up to so many points: largest ones, then what still fits."""
    answers = {}
    for name, each in sorted(questions.items(), key=lambda item: -item[1].maximum):
        fitting = [option for option in each.options if weight(option) <= wanted]
        if each.kind == "choice" and fitting:
            answers[name] = max(fitting, key=weight)
            wanted -= weight(answers[name])
        elif each.kind == "ticks":
            ticks = answers[name] = []
            for option in each.options:
                if weight(option) <= wanted:
                    ticks.append(option)
                    wanted -= weight(option)
    assert wanted == 0
    return answers


def test_the_form_has_the_official_numbers_of_questions_and_points():
    sections = {}
    for each in [*RAW.values(), *DESIGN.values()]:
        sections[each.section] = sections.get(each.section, 0) + each.maximum
    assert (len(RAW), len(DESIGN), maxima()) == (70, 45, (167, 77))
    assert sections == {
        "reasons": 5, "risk profile": 15, "authority": 2, "system": 17, "algorithm": 15,
        "decision": 8, "impact": 52, "data": 53, "consultation": 10, "data quality": 14,
        "fairness": 44, "privacy": 9,
    }  # fmt: skip


@given(st.integers(0, 2**32))
def test_a_full_set_of_answers_lies_within_what_a_part_of_it_left_possible(seed):
    draw = Random(seed)
    full = {"projectDetailsPhase": "item1"}
    for name, each in QUESTIONS.items():
        if each.scored and each.shown(full):
            ticked = [option for option in each.options if draw.random() < 0.5]
            full[name] = ticked if each.kind == "ticks" else draw.choice(each.options)
    kept = {name: answer for name, answer in full.items() if draw.random() < 0.5}
    found, left = score(full), possible(kept)
    assert left.lowest.raw <= found.raw <= left.highest.raw
    assert left.lowest.total <= found.total <= left.highest.total
    assert left.lowest.level <= found.level <= left.highest.level
    assert 0 <= left.answered <= left.asked
