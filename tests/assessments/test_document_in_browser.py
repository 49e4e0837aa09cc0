"""The document of a shipped deployment: on paper, on a phone."""

import re

import pytest

import underwatch as uw
from helpers.browser import PHONE, needs_browser


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    assessed = uw.assess("south-wales-2017", seeds=3)
    folder = assessed.save(tmp_path_factory.mktemp("assessed") / "out")
    page = browser.new_context(offline=True, viewport=PHONE).new_page()
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto((folder / "report.html").as_uri())
    return page


@needs_browser
def test_on_paper_it_has_four_to_six_pages(page):
    printed = page.pdf(prefer_css_page_size=True)
    assert 4 <= len(re.findall(rb"/Type\s*/Page[^s]", printed)) <= 6


@needs_browser
def test_on_paper_no_section_is_left_out(page):
    page.emulate_media(media="print")
    heights = page.evaluate("[...document.querySelectorAll('section')].map(x => x.offsetHeight)")
    page.emulate_media(media="screen")
    assert len(heights) == 6 and min(heights) > 0


@needs_browser
def test_on_a_phone_nothing_scrolls_sideways_and_nothing_is_requested(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert len(page.requested) == 1


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found] == []
