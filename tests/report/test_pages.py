"""Pages in a browser: offline, by keyboard, on a phone, in the dark, on paper."""

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest

import underwatch as uw
from helpers.browser import PHONE, needs_browser

pytestmark = needs_browser
PAPER = {"width": 718, "height": 1047}  # A4 within margins of 1 cm, in CSS pixels
PAGES = ("run", "study")
RUN_ALONE = pytest.mark.parametrize("reader", PAGES[:1], indirect=True)  # they share all style
MEANT_TO_SCROLL = ".tall, .scroll"

# The contrast of all visible text as (ratio, text), lowest first.
CONTRASTS = """() => {
  const parsed = text => text.match(/[\\d.]+/g).map(Number);
  const light = text => {
    const [r, g, b] = parsed(text).map(c => c / 255).map(
      c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = node => {
    for (; node; node = node.parentElement) {
      const ground = getComputedStyle(node).backgroundColor;
      if (parsed(ground)[3] !== 0) return ground;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.data.trim(), node = walk.currentNode.parentElement;
    if (!text || node.localName === "title" || !node.checkVisibility()) continue;
    const ink = getComputedStyle(node)[node instanceof SVGElement ? "fill" : "color"];
    const [a, b] = [light(ink), light(behind(node))].sort((a, b) => b - a);
    found.push([(a + 0.05) / (b + 0.05), text]);
  }
  return found.sort((a, b) => a[0] - b[0]);
}"""

# The focused element: its tag, text and label, whether it is visible, and what it opens.
FOCUS = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  return {
    tag: at.localName, text: at.textContent.trim(), label: at.ariaLabel,
    visible: getComputedStyle(at).outlineStyle !== "none" && box.left >= 0 && box.width > 0
      && box.bottom > 0 && box.top < innerHeight,  // a long table is seen in part
    open: at.parentElement?.open, inside: at.closest("details")?.firstElementChild.textContent,
  };
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The folder with a run's page and a study's, of the same 2,000 citizens in two worlds."""
    settings = ["first_day=2019-11-01", "society.citizens=2000"]
    names = ("atlantic-2018", "safeguard-no-association")
    worlds = {name: uw.Scenario.load(name, settings) for name in names}
    folder = tmp_path_factory.mktemp("pages")
    uw.run(worlds["atlantic-2018"], days=200).report(folder / "run.html")
    uw.compare(worlds, days=200, seeds=1).report(folder / "study.html")
    return folder


@pytest.fixture(params=PAGES)
def reader(request, folder, browser):
    """Opens a page offline; keeps its requests, its errors and messages in the console."""
    opened = []

    def read(**how) -> SimpleNamespace:
        context = browser.new_context(offline=True, **how)
        opened.append(context)
        context.set_default_timeout(5000)
        page, requests, messages = context.new_page(), [], []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        where = (folder / f"{request.param}.html").as_uri()
        page.goto(where)
        return SimpleNamespace(page=page, where=where, requests=requests, messages=messages)

    yield read
    for context in opened:
        context.close()


@pytest.fixture(scope="module", params=PAGES)
def outline(request, folder, browser):
    """A page as a screen reader gets it: a role and a name in each line."""
    page = browser.new_page()
    page.goto((folder / f"{request.param}.html").as_uri())
    outline = page.locator("body").aria_snapshot()
    page.close()
    return outline


def open_all(page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")


def test_a_page_requests_nothing_from_another_machine_and_logs_no_error(reader):
    read = reader()
    open_all(read.page)
    assert read.requests == [read.where]
    assert read.messages == []


@RUN_ALONE
def test_a_page_refuses_to_load_an_image_from_another_machine(reader):
    refused = reader().page.evaluate("""() => new Promise(done => {
        document.addEventListener("securitypolicyviolation", it => done(it.blockedURI));
        document.body.append(Object.assign(new Image(), {src: "https://elsewhere.invalid/a.png"}));
        setTimeout(done, 2000, "nothing was refused");
    })""")
    assert refused == "https://elsewhere.invalid/a.png"


def test_on_a_phone_nothing_scrolls_sideways_but_what_is_meant_to(reader):
    page = reader(viewport=PHONE, is_mobile=True, has_touch=True).page
    open_all(page)
    wide = page.evaluate("[document.body, document.documentElement].map(x => x.scrollWidth)")
    assert max(wide) <= PHONE["width"] == page.evaluate("innerWidth")
    cut = page.evaluate(f"""[...document.body.querySelectorAll("*")]
        .filter(x => !x.closest("{MEANT_TO_SCROLL}") && x.scrollWidth > x.clientWidth + 1
                && getComputedStyle(x).overflowX !== "visible")
        .map(x => x.outerHTML.slice(0, 99))""")
    assert cut == []


def test_axe_finds_no_violation(reader):
    from axe_playwright_python.sync_playwright import Axe

    page = reader(viewport=PHONE, is_mobile=True, color_scheme="dark").page
    open_all(page)
    rules = {"target-size": {"enabled": True}}  # room for a finger; off unless asked for
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules})
    violations = [
        (v["impact"], v["help"], v["nodes"][0]["html"]) for v in found.response["violations"]
    ]
    assert violations == []


def test_every_chart_has_a_name_and_reads_as_one_picture(outline):
    figures = re.findall(r"""- '?figure "(.+?)\"""", outline)
    assert len(figures) == len(set(figures)) == len(re.findall("- '?figure", outline)) > 3
    assert re.findall(r"""- '?img "(.+?)\"""", outline) == figures
    assert len(re.findall("- '?img", outline)) == len(figures)


def test_headings_form_an_outline_without_gaps(outline):
    levels = [*map(int, re.findall(r'heading ".+?" \[level=(\d)\]', outline))]
    assert levels[0] == 1 and levels.count(1) == 1 and levels.count(2) >= 3
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_tab_key_alone_reaches_and_opens_everything(reader):
    page = reader(viewport=PHONE).page
    stops, keys = [], 0
    while len(stops) < 200:
        page.keyboard.press("Tab")
        stop = SimpleNamespace(**page.evaluate(FOCUS))
        if stop.tag == "body":
            break
        stops.append(stop)
        if stop.tag == "summary":
            page.keyboard.press(("Enter", "Space")[(keys := keys + 1) % 2])
            assert page.evaluate(FOCUS)["open"], stop.text
    assert all(stop.visible for stop in stops)
    assert stops[0].text == "Skip to the results"
    links = page.locator("nav a").all_text_contents()
    assert [stop.text for stop in stops[1 : 1 + len(links)]] == links
    after = [next_ for stop, next_ in pairwise(stops) if stop.tag == "summary"]
    assert len(after) == keys == page.locator("summary").count()
    numbers = [stop.label for stop in after if stop.inside == "Numbers of this chart"]
    assert len(numbers) == page.locator("figure").count()
    assert len([s for s in stops if s.label]) == page.locator(MEANT_TO_SCROLL).count()


def test_the_skip_link_shows_on_focus_and_leads_to_the_results(reader):
    page = reader(viewport=PHONE).page
    skip = page.get_by_role("link", name="Skip to the results")
    assert skip.bounding_box()["x"] < 0
    page.keyboard.press("Tab")
    assert skip.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert -1 <= page.locator("#results").bounding_box()["y"] < PHONE["height"] / 2
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")


@RUN_ALONE
def test_a_region_that_scrolls_does_so_by_keyboard(reader):
    page = reader(viewport=PHONE).page
    open_all(page)
    page.get_by_role("region", name="Complete scenario").focus()
    page.evaluate("""() => document.activeElement.addEventListener(
        "scroll", it => it.target.dataset.scrolled = it.target.scrollTop)""")
    page.keyboard.press("PageDown")
    page.locator("[data-scrolled]").wait_for()


@RUN_ALONE
def test_text_has_enough_contrast_in_light_and_in_dark(reader):
    page = reader().page
    open_all(page)
    backgrounds = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        contrasts = page.evaluate(CONTRASTS)
        assert len(contrasts) > 200
        assert contrasts[0][0] >= 4.5, contrasts[:5]
        backgrounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert backgrounds == ["rgb(255, 255, 255)", "rgb(20, 23, 26)"]


def test_on_paper_the_results_are_black_on_white_and_nothing_is_cut_off(reader):
    page = reader(color_scheme="dark", viewport=PAPER).page
    page.locator("summary").first.click()  # what is open is printed too
    page.emulate_media(media="print")
    for shown in (
        "h1",
        "#results",
        "section:has(#results) table",
        "figure svg >> visible=true",
        "#sources",
    ):
        assert page.locator(shown).first.is_visible(), shown
    for left_out in ("nav", ".skip", "details:not([open])"):
        assert not page.locator(left_out).first.is_visible(), left_out
    assert page.evaluate(CONTRASTS)[0][0] >= 4.5
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    sheets = re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))
    assert 0 < len(sheets) <= 6
    cut = page.evaluate(f"""() => {{
        const edge = document.documentElement.clientWidth + 1;
        return [...document.querySelectorAll("table, td, th, pre, p, svg, {MEANT_TO_SCROLL}")]
            .filter(x => x.checkVisibility() && (x.getBoundingClientRect().right > edge
                || x.scrollWidth > x.clientWidth + 1 && x.matches("pre, {MEANT_TO_SCROLL}")))
            .map(x => x.outerHTML.slice(0, 99));
    }}""")
    assert cut == []


def test_findings_come_first_and_the_first_screen_has_the_first_of_them(reader):
    page = reader(viewport={"width": 1280, "height": 900}).page
    first = page.locator(".findings li").first.bounding_box()
    assert first["y"] + first["height"] < 900 and page.locator(".findings li").count() >= 2
    chart = page.locator(".hero svg >> visible=true").bounding_box()
    assert chart["y"] < 700 and chart["width"] > 500


def test_no_label_of_a_chart_is_cut_off(reader):
    page = reader(viewport=PHONE, is_mobile=True).page
    cut = page.evaluate("""() => [...document.querySelectorAll("svg text")]
        .filter(x => x.checkVisibility() && x.textContent.trim())
        .map(x => [x.getBoundingClientRect(), x.closest("svg").getBoundingClientRect(), x])
        .filter(([text, svg]) => text.right > svg.right + 1 || text.left < svg.left - 1)
        .map(([text, svg, x]) => x.textContent)""")
    assert cut == []


def test_on_paper_a_section_is_left_out_only_if_all_that_it_has_is_folded(reader):
    page = reader(viewport=PAPER).page
    page.emulate_media(media="print")
    shown = page.evaluate("""() => [...document.querySelectorAll("main section")].map(x => [
        x.checkVisibility(), [...x.children].every(y => y.matches("h2, details:not([open])"))])""")
    assert shown and all(visible != folded for visible, folded in shown)
    page.evaluate("document.querySelector('#provenance').after(document.createElement('ul'))")
    assert page.locator("#provenance").is_visible()
