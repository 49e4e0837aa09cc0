"""The document of a shipped deployment: made again by its own line, on paper, on a phone."""

import re
import shlex

import pytest

from helpers.browser import PHONE, needs_browser
from helpers.command import underwatch


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The result folder of a small assessment, with an export beside it."""
    place = tmp_path_factory.mktemp("assessed")
    done = underwatch(
        "assess", "south-wales-2017", "--seeds", "3", "--out", "out",
        "--export", "ca-aia", "--quiet", cwd=place,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return place


@pytest.fixture(scope="module")
def page(folder, browser):
    page = browser.new_context(offline=True, viewport=PHONE).new_page()
    page.requested = []
    page.on("request", lambda request: page.requested.append(request.url))
    page.goto((folder / "out" / "report.html").as_uri())
    return page


def test_the_line_on_the_page_makes_the_page_again(folder):
    text = (folder / "out" / "report.html").read_text("utf-8")
    line = re.search(r"<pre[^>]*>(underwatch assess [^<]*)</pre>", text)[1]
    done = underwatch(*shlex.split(line)[1:], "--out", "again", "--quiet", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert (folder / "again" / "report.html").read_text("utf-8") == text


def test_an_export_is_written_where_the_command_was_given(folder):
    assert (folder / "south-wales-2017-ca-aia.json").exists()


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
