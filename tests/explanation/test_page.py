"""The page of one citizen: every sentence leads to its rows, on a phone, in the dark, on paper."""

import re

import pytest

from helpers.browser import PHONE, needs_browser
from underwatch.explanation.page import page

DIFFERENCE = {
    "day": 3, "date": "2019-11-04", "here": [], "there": [], "differing": {"score": [1, 2]},
    "causes": ["not recorded"], "feels": "2019-11-05", "acts": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def fullest(harsh, profiles):
    """The page of the citizen with most events, beside another world."""
    profile = max(profiles, key=lambda each: len(each.events))
    return page(harsh.provenance, profile, profile, DIFFERENCE)


def test_every_sentence_names_rows_that_are_on_the_page(harsh, profiles, fullest):
    alone = (page(harsh.provenance, profile, None, None) for profile in profiles[:12])
    for text in (fullest, *alone):
        ids = re.findall(r' id="([^"]+)"', text)
        behind = re.findall(r'data-rows="([^"]*)"', text)
        assert len(ids) == len(set(ids)) and len(behind) > 2
        assert all(rows and set(rows.split()) <= set(ids) for rows in behind)
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)


@needs_browser
def test_the_page_reads_on_a_phone_in_the_dark_without_a_violation(browser, harsh, profiles):
    from axe_playwright_python.sync_playwright import Axe

    some = min((p for p in profiles if p.spans and any(not e.own for e in p.events)),
               key=lambda each: len(each.events))  # fmt: skip
    context = browser.new_context(viewport=PHONE, color_scheme="dark", offline=True)
    shown = context.new_page()
    shown.set_content(page(harsh.provenance, some, some, DIFFERENCE))
    shown.get_by_role("link", name="row").first.focus()
    shown.keyboard.press("Enter")  # opens the table in which the row is
    assert shown.locator(":target").is_visible()
    own = "section:has(#timeline, #file, #years, #twin, #rows) details"  # the rest is every page's
    shown.evaluate(f"document.querySelectorAll('{own}').forEach(each => each.open = true)")
    rules = {"target-size": {"enabled": True}}
    found = Axe().run(shown, options={"resultTypes": ["violations"], "rules": rules})
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    context.close()


@needs_browser
def test_the_fullest_page_fits_a_phone_and_five_sheets(browser, fullest):
    shown = browser.new_page(viewport=PHONE)
    shown.set_content(fullest)
    assert 2 <= shown.pdf(format="A4").count(b"/Type /Page\n") <= 5
    shown.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shown.close()
