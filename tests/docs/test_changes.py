"""What the page of changes claims: every measure stands in it, every change has a reason."""

import pytest

import underwatch as uw
from docs import changes
from underwatch.measurement.summary import NAMES


def test_every_measure_of_before_is_there_today_or_listed_as_gone():
    gone = set(changes.reasons()["gone"])
    for scenario in changes.before()["scenarios"]:
        assert set(changes.stored(scenario)) - set(NAMES) == gone


def test_every_measure_of_before_has_a_reason_to_change():
    known, used = changes.reasons()["reasons"], set()
    for name in changes.stored("atlantic-2018"):
        if name in NAMES:
            keys = changes.reasons()["measures"][name]
            assert keys and set(keys) <= set(known), name
            used |= set(keys)
    assert used == set(known)


def test_every_reason_is_one_sentence_that_names_its_fault():
    for key, entry in changes.reasons()["reasons"].items():
        assert entry["text"].endswith(".") and entry["text"].count(". ") == 0, key
        assert entry["fault"], key


@pytest.mark.parametrize(
    ("old", "new", "unit", "same"),
    [
        (100, 112, "restrictions", True),  # two standard deviations of a difference are 29
        (100, 150, "restrictions", False),
        (4.30, 4.31, "%", True),
        (4.3, 5.3, "%", False),
        (None, None, "%", True),
        (None, 1, "%", False),
    ],
)
def test_a_difference_that_counts_show_at_random_is_no_change(old, new, unit, same):
    assert changes.alike(old, new, unit) is same


def test_a_count_of_fewer_citizens_is_scaled_and_varies_more():
    value = uw.Value("wrongful", "Wrongful", 140, "restrictions", "…", "error")
    (row,) = changes.changes("atlantic-2018", uw.Summary([value]), times=5)
    assert row.after == "700"
    assert not changes.alike(859, 700, "restrictions") and changes.alike(
        859, 740, "restrictions", times=5
    )


def test_the_page_shows_each_measure_before_and_after_with_its_reason():
    stored = changes.stored("atlantic-2018")
    value = uw.Value("alert_precision", "Precision of alerts", 1.0, "%", "…", "error")
    new = uw.Value("added", "Added", 1, "acts", "…", "error")
    assert stored["alert_precision"] > 2
    rows = changes.changes("atlantic-2018", uw.Summary([value, new]))
    text = changes.page({"atlantic-2018": rows}, 1_000_000)
    assert changes.why("alert_precision")[0] in text
    assert f"| Added | acts | {changes.NOT_MEASURED} | 1 | New measure. |" in text
