"""One life, assess and why in a browser: by mouse, by keyboard, on a phone, for a screen reader."""

import itertools
from pathlib import Path

import pytest

import underwatch as uw
from helpers.browser import PHONE, needs_browser
from helpers.served_lab import keyed_to, opened

pytestmark = needs_browser
SMALL = "citizens=2000&days=60"
RIVER = "people.districts.the+river+district.of_group"
ANSWERED = f"system=patrols&answer={RIVER}:0.6"
SLOW = 120_000  # milliseconds until small jobs have run on a busy machine
# What says that a page has its first result.
READY = {
    f"/life?{SMALL}&citizen=7": "#life .chart", "/assess?system=patrols": "#picture .chart",
    "/why": "#sensitivity .chart", "/why/case/44": ".facts",
}  # fmt: skip


@pytest.fixture
def page(browser, address):
    with opened(browser, address, SLOW, reduced_motion="reduce") as page:
        yield page


def test_a_system_is_assessed_by_mouse_up_to_its_document(page):
    page.goto("/assess?system=patrols")
    page.locator("#picture .chart").wait_for()
    before = page.locator(".headline .value").first.inner_text()
    page.locator("#section-people").get_by_label("of that group").first.fill("0.9")
    page.wait_for_function(
        "before => document.querySelector('.headline .value').innerText !== before", arg=before
    )
    page.locator("#section-people").get_by_label("of that group").first.fill("1.9")
    page.locator(".fault").first.wait_for()
    page.get_by_role("button", name="Simulate").click()
    assert page.locator("#result").is_hidden()  # nothing is simulated with a fault
    page.locator("#section-people").get_by_label("of that group").first.fill("0.6")
    page.wait_for_function("() => document.querySelector('#faults').hidden")
    page.locator("#seeds").select_option("3")
    page.get_by_role("button", name="Simulate").click()
    page.locator("#result-title").wait_for()
    assert page.url.endswith(f"/assess?{ANSWERED}&seeds=3")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the document").click()
    opened.value.locator("h1").wait_for()
    links = page.locator("#result a").evaluate_all("nodes => nodes.map(node => node.pathname)")
    assert len(links) > 5
    for link in links:
        answer = page.request.get(link)
        assert answer.ok and answer.body(), link
        if link.endswith("docx"):
            assert answer.body()[:2] == b"PK"
    job = links[0].split("/")[3]
    assert b"of_group: {value: 0.6" in page.request.get(f"/api/jobs/{job}/assessment/file").body()
    for part in ("%2e%2e%2fjob.json", "job.json", "dpv%00"):
        assert page.request.get(f"/api/jobs/{job}/assessment/{part}").status in (404, 422)


def test_a_system_is_assessed_by_the_keyboard_alone(page):
    page.goto(f"/assess?{ANSWERED}")  # as in the other journey: the assessment is kept
    page.locator("#picture .chart").wait_for()
    keyed_to(page, page.locator("#section-allocation > summary"), most=150)
    page.keyboard.press("Enter")
    keyed_to(page, page.locator("#seeds"), most=150)
    page.keyboard.press("3")
    keyed_to(page, page.get_by_role("button", name="Simulate"), key="Shift+Tab", most=150)
    page.keyboard.press("Enter")
    page.locator("#result-title:focus").wait_for()
    document = page.get_by_role("link", name="Open the document")
    keyed_to(page, document, most=150)
    assert page.request.get(document.get_attribute("href")).ok


def test_the_score_of_an_invented_person_is_that_of_the_model_and_is_sent_nowhere(page):
    page.goto(f"/life?{SMALL}")
    page.locator(".persona .chart").wait_for()
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.locator("#record-serious").focus()
    page.keyboard.press("ArrowRight")
    rule = uw.points_rule("atlantic-2018")
    expected = rule.score({"serious": 1}, contacts=rule.base)
    assert page.locator(".result .score").inner_text() == f"{expected:.0f} points"
    assert page.locator(".result").get_attribute("data-standing") == "restricted"
    files = [{}, {"late": 15}, {"good": 15, "default": 1}, {"serious": 15, "minor": 15}]
    grid = [*itertools.product(files, (None, 0, 733, 1300))]
    found = page.evaluate(
        """async grid => {
            const { scoreOf } = await import("/static/score.js");
            const rule = await (await fetch("/api/score")).json();
            return grid.map(([records, contacts]) => scoreOf(rule, records, contacts));
        }""",
        [list(each) for each in grid],
    )
    assert found == pytest.approx([rule.score(*each) for each in grid])
    assert sent == []


def test_a_life_is_found_by_its_number_and_its_link_restores_it(page):
    page.goto(f"/life?{SMALL}")
    page.locator("#citizen").fill("7")
    page.keyboard.press("Enter")
    page.locator("#life .chart").wait_for()
    assert page.url.endswith("&citizen=7")
    assert page.locator("#life-title").inner_text().startswith("Citizen 7")
    assert page.locator(".beside tbody tr").count() > 0


def test_assumptions_and_cases_are_found_by_words_and_verdict(page):
    page.goto("/why")
    page.locator(".assumption").first.wait_for()
    page.locator("#search").fill("scoring association")
    assert "scoring.association" in page.locator(".assumption").first.inner_text()
    page.locator("#verdicts").get_by_text("not reproduced").click()
    shown = page.locator(".cases tbody tr:visible")
    assert shown.count() == sum(
        case.verdict == "not reproduced" for case in uw.shipped_verification().cases
    )


# Each view: an address, where its first result stands, what fields have what the address says.
LINKS = {
    "assess": (
        f"/assess?system=patrols&answer=legal_regime:gdpr,echr_8&answer={RIVER}:0.55"
        f"&answer={RIVER}@low:0.5",
        "#picture .chart",
        "[name=legal_regime]:checked, [name$='river district.of_group']:not([data-part=source])",
        ["gdpr", "echr_8", "0.55", "0.5", "0.6"],
    ),
    "life": (f"/life?{SMALL}&hex=1&group=D&order=age&happened=dismissed", ".persona .chart",
             "#finder select", ["dismissed", "D", "age", "1"]),
    "why": ("/why?share=trust:M7.M11&assumed=trust&verdict=not+reproduced&search=retention",
            "#sensitivity .chart", "#measure, #search, input:checked",
            ["trust", "M7", "M11", "not reproduced", "retention"]),
    "worlds": (f"/worlds?{SMALL}&chart=trust", "#other-measure .chart", "#measure-select",
               ["trust"]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINKS)
def test_a_link_restores_what_was_filled_in_and_filtered(page, name):
    link, ready, fields, expected = LINKS[name]
    page.goto(link)
    page.locator(ready).first.wait_for()
    values = page.locator(fields).evaluate_all("nodes => nodes.map(node => node.value)")
    assert values == expected and page.url.endswith(link)


def test_every_picture_has_words_a_table_and_downloads(page):
    for path in ("/assess?system=patrols", "/why", f"/worlds?{SMALL}"):
        page.goto(path)
        page.locator(".figure:visible .chart").first.wait_for()
        for picture in page.locator(".figure:has(.chart):visible").all():
            assert len(picture.locator(".chart").get_attribute("aria-label")) > 20
            assert picture.locator(".figure-table tbody tr").count() > 1
            assert picture.locator(".figure-source").inner_text()
    for form, begin in (("SVG", b"<svg"), ("PNG", b"\x89PNG"), ("CSV", b"# ")):
        with page.expect_download() as saved:
            page.locator("#course").get_by_role("button", name=form).click()
        assert Path(saved.value.path()).read_bytes().startswith(begin)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(page, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page.emulate_media(color_scheme=scheme)
    for path, ready in READY.items():
        page.goto(path)
        page.locator(ready).first.wait_for()
        found = Axe().run(page).response["violations"]
        bad = [(one["id"], one["nodes"][0]["html"]) for one in found
               if one["impact"] in ("serious", "critical")]  # fmt: skip
        assert bad == [], path


def test_no_page_scrolls_sideways_on_a_phone_or_at_twice_the_size(browser, address):
    for width in (PHONE["width"], 640):  # 640 pixels: 1280 at 200 %
        page = browser.new_page(base_url=address, viewport={"width": width, "height": 740})
        for path, ready in READY.items():
            page.goto(path)
            page.locator(ready).first.wait_for(timeout=SLOW)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        page.close()
