"""The verification itself: verdicts, folder, page, command, and what is kept with the package."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import underwatch as uw
from helpers.browser import PHONE, launched, needs_browser
from helpers.command import underwatch
from underwatch.report.methods import paragraph
from underwatch.report.verified import shipped
from underwatch.verification import registry, running
from underwatch.verification.case import KINDS, Case, Check
from underwatch.verification.registry import cases
from underwatch.verification.verdict import VERDICTS, result_of
from underwatch.verification.wording import missed, words

NUMBERS = st.floats(-1e6, 1e6)
WIDTHS = st.floats(0, 1e3)


def _case(number, *checks, kind="exact", **more):
    run = None if kind == "not modelled" else lambda replicates, seed: list(checks)
    more = {"note": "Because.", "notices": "A fault.", "seconds": 0.1} | more
    return Case(number, f"Case {number}", "M1 Score", "a book", "C", kind, run, **more)


RIGHT = Check("Right <b>share</b>", 7.0, 7.04, "%", error=0.3, replicates=5_000)
EXACT = Check("Debt", 5824.0, 5824.0, "$")
WRONG = Check("Wrong", 7.0, 9.1, "%", error=0.3)
FIVE = {
    case.number: case
    for case in (
        _case(1, RIGHT, EXACT), _case(2, RIGHT, WRONG, miss="Known."),
        _case(3, RIGHT, kind="fitted"), _case(4, kind="not modelled"),
        _case(40, WRONG, kind="bracket", quick=0, slow="it takes long"),
        _case(41, RIGHT, replace(RIGHT, label="Itself", role="model"), kind="out of sample"),
    )
}  # fmt: skip


@pytest.fixture
def five(monkeypatch):
    for module in (registry, running):
        monkeypatch.setattr(module, "cases", lambda: FIVE)


# --- Checks


@given(NUMBERS, st.floats(-1.5, 1.5), WIDTHS, WIDTHS)
def test_a_check_agrees_within_its_tolerance_and_three_and_a_half_errors(
    expected, away, error, wide
):
    most = wide + 3.5 * error  # what was got lies up to one and a half times as far
    check = Check("x", expected, expected + away * most, error=error, tolerance=wide)
    if abs(abs(away) - 1) * most > 1e-6 * max(1, abs(expected)):
        assert check.agrees == (abs(away) < 1)
    inside = replace(check, band=(expected - wide, expected + wide))
    if abs(abs(away) * most - wide) > 1e-6 * max(1, abs(expected)):  # its error does not widen it
        assert inside.agrees == (abs(away) * most < wide)
    assert not replace(check, got=float("nan")).agrees


def test_every_case_says_what_it_tests_and_what_fault_it_would_notice():
    known = cases()
    assert set(range(1, 40)) <= set(known)
    for case in known.values():
        assert case.kind in KINDS and len(case.source) > 3, case.number
        assert len(case.tests) > 10 or case.kind == "not modelled", case.number
        assert case.notices or case.kind in ("bracket", "not modelled"), case.number
        assert not case.title.endswith(".")


def test_a_case_with_too_little_to_quote_it_is_refused():
    with pytest.raises(ValueError, match="a note that says why"):
        _case(1, RIGHT, kind="fitted", note="")
    with pytest.raises(ValueError, match="a slow case says why"):
        _case(1, RIGHT, quick=0)
    with pytest.raises(ValueError, match="has a run"):
        replace(_case(1, RIGHT), run=None)


def test_a_miss_says_what_was_got_what_was_expected_and_how_far_off_it_is():
    case = result_of(_case(1, RIGHT, WRONG), [RIGHT, WRONG], 0.0)
    assert case.misses == (WRONG,)
    assert missed(case) == "wrong: 9.10 % instead of 7.00 %, 2.1 points too high"
    low = Check("Tickets", 27.3, 19.8, "million", band=(24.6, 30.0))
    both = result_of(_case(1, WRONG, low), [WRONG, low], 0.0)
    assert missed(both).endswith("2.1 points too high; 1 more")
    assert words(low).endswith("27 % too low; 24.60 to 30.00 is accepted")


# --- Verdicts


def test_verdicts_follow_from_the_checks_and_say_what_was_fitted(five):
    found = uw.verify()
    assert [case.verdict for case in found.cases] == [
        "reproduced", "not reproduced", "fitted", "not modelled", "bracket", "reproduced",
    ]  # fmt: skip
    assert set(VERDICTS) == {case.verdict for case in found.cases}
    assert found.title == "1 of 2 exact cases and 1 of 1 predictions out of sample are reproduced"
    assert found.sentences()[1] == (
        "1 of 1 fitted figures is met; of the other cases 1 is only a bracket, 1 is not modelled."
    )
    assert found.counts["exact"] == {"reproduced": 1, "not reproduced": 1}
    assert not found.exact_passed and found[2].sentence == "not reproduced (1 of 2 checks agree)"
    assert found[3].sentence == "fitted, off by 0.6 % at most"
    assert found[2].note.startswith("Known.") and not found.left_out
    assert (
        "Not reproduced: 2 Case 2 (wrong: 9.10 % instead of 7.00 %, 2.1 points too high)."
        in found.sentences()
    )
    quick = uw.verify(quick=True)
    assert [case.number for case in quick.cases] == [1, 2, 3, 4, 41]
    assert [one["number"] for one in quick.left_out] == [40]
    assert quick.sentences()[-1] == ("A quick verification leaves out 40 Case 40: it takes long.")
    assert not uw.verify([40], quick=True).left_out
    with pytest.raises(uw.UserError, match="There is no case 77; cases are 1 to 41"):
        uw.verify([1, 77])
    with pytest.raises(uw.UserError, match="list of numbers"):
        uw.verify(36)


def test_a_case_that_is_not_modelled_is_no_miss_and_no_pass(five):
    found = uw.verify([4])
    assert found.title == "No case was tested: 1 is not modelled" and found.exact_passed is None


def test_what_agrees_with_itself_is_no_pass_and_what_disagrees_with_itself_is_a_fault():
    itself = replace(RIGHT, role="model")
    with pytest.raises(ValueError, match="no check that counts"):
        result_of(_case(1, itself), [itself], 0.0)
    beside = result_of(_case(1, RIGHT), [RIGHT, itself, replace(EXACT, role="identity")], 0.0)
    assert beside.counted == (RIGHT,) and beside.verdict == "reproduced"
    assert beside.beside == (
        "2 checks do not count: the model against itself (1), an identity of the input (1)"
    )
    assert result_of(_case(1, RIGHT), [RIGHT, replace(WRONG, role="model")], 0.0).is_miss


def test_a_case_that_ends_with_an_error_is_not_reproduced_and_says_why(monkeypatch):
    def broken(replicates, seed):
        raise ZeroDivisionError("no alerts")

    for module in (registry, running):
        monkeypatch.setattr(module, "cases", lambda: {1: replace(FIVE[1], run=broken)})
    found = uw.verify()
    assert found[1].verdict == "not reproduced" and "no alerts" in found[1].note
    assert not found.exact_passed


def test_a_case_gives_the_same_numbers_for_the_same_seed_and_others_for_another():
    once, again = (uw.verify([35, 36], quick=True, seed=5) for _ in range(2))
    assert once.to_dataframe().equals(again.to_dataframe())
    other = uw.verify([35], quick=True, seed=6)
    assert other[35].checks[0].got != once[35].checks[0].got


# --- Folder, page and command


def test_a_verification_is_saved_and_read_back(five, tmp_path):
    found = uw.verify()
    same = uw.load(found.save(tmp_path / "kept"))
    assert isinstance(same, uw.Verification) and same.cases == found.cases
    frame = same.to_dataframe()
    assert len(frame) == 9 and frame.got.isna().sum() == 1  # that is not modelled
    assert list(frame.role).count("model") == 1
    assert repr(same).startswith("<Verification '1 of 2 exact cases and 1 of 1 predictions out of")
    assert "1 of 2 exact cases and 1 of 1 predictions" in same.methods()
    same.plot()


@needs_browser
def test_the_page_shows_right_and_wrong_at_a_glance_and_fits_a_phone(five, tmp_path):
    uw.verify().report(tmp_path / "page.html")
    with launched() as browser:
        for size in (PHONE, {"width": 1280, "height": 900}):
            page = browser.new_page(viewport=size)
            page.goto((tmp_path / "page.html").as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            assert page.locator("svg.strip").count() == 8
            words = page.locator("figcaption").all_inner_texts()
            assert words == [
                "reproduced", "reproduced", "reproduced", "does not agree", "fitted", "reproduced",
                "agrees, does not count: the model against itself", "not tested",
            ]  # fmt: skip
            assert page.locator("svg.strip use.wrong").count() == 1  # a bracket is no test
            assert page.locator(".missed").count() == 1
            assert page.locator("text=Right <b>share</b>").count() == 4  # and no markup
            for box in page.locator("svg.strip circle, svg.strip use").all():
                place, around = box.bounding_box(), box.locator("..").bounding_box()
                assert (
                    around["x"] <= place["x"] + place["width"] / 2 <= around["x"] + around["width"]
                )
            page.close()


def test_the_command_prints_every_check_and_ends_with_1_if_an_exact_case_fails(five, tmp_path):
    done = underwatch("verify", "--out", "all", cwd=tmp_path)
    assert done.returncode == 1 and "does not agree" in done.stdout
    done = underwatch("verify", "--case", 1, "--case", 3, "--json", "--quiet", cwd=tmp_path)
    assert done.returncode == 0
    made = json.loads(done.stdout)
    assert made["exact_passed"] and [case["number"] for case in made["cases"]] == [1, 3]
    assert made["counts"] == {"exact": {"reproduced": 1}, "fitted": {"fitted": 1}}
    assert made["cases"][0]["checks"][0]["interval"] == [pytest.approx(5.99), pytest.approx(8.09)]
    assert (tmp_path / "runs" / "verification" / "report.html").is_file()
    assert made["left_out"] == []
    done = underwatch("verify", "--quick", "--json", "--quiet", "--out", "q", cwd=tmp_path)
    assert done.returncode == 1 and [one["why"] for one in json.loads(done.stdout)["left_out"]] == [
        "it takes long"
    ]
    done = underwatch("verify", "--case", 99, cwd=tmp_path)
    assert done.returncode == 2 and "There is no case 99" in done.stderr


# --- What is kept with the package


def test_the_readme_and_reports_quote_the_whole_verification_and_every_case_is_in_it():
    from docs.verification import PAGE, ROOT, line, page

    known = shipped()
    listed = [(one["number"], one["title"], one["kind"], one["confidence"])
              for one in known["cases"]]  # fmt: skip
    assert listed == [(n, c.title, c.kind, c.confidence) for n, c in cases().items()]
    assert all(a[0] < b[0] for a, b in pairwise(listed))
    assert not [one for one in known["cases"]
                if one["kind"] == "exact" and one["verdict"] == "not reproduced"]  # fmt: skip
    for one in uw.shipped_verification().cases:
        assert not one.checks or one.counted == sum(c.counts for c in one.checks), one.number
        assert bool(one.miss) == (one.verdict == "not reproduced")
        for check in one.checks if one.kind not in ("bracket", "not modelled") else ():
            assert check.interval[0] <= check.got <= check.interval[1], check
            assert check.agrees != (" instead of " in check.words), check
    assert line(known) in (ROOT / "README.md").read_text("utf-8")
    assert page(known) == PAGE.read_text("utf-8")
    assert known["headline"] in paragraph({"kind": "run"})
