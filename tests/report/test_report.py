"""The page tells the whole of a run, and asks nothing of any other machine."""

import json
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from underwatch.measurement import summary
from underwatch.measurement.summary import SummaryLine
from underwatch.report import charts, page, series
from underwatch.report.artist import Artist, drawn_here
from underwatch.report.series import Counts, Series, expression, goals, reach
from underwatch.report.study import Table, render_study

NAMES = (
    "would_acts", "chilled_acts", "would_offences", "offences", "alerts", "true_alerts",
    "imposed", "restricted", "wrongful", "association_only", "in_default",
    "appeals_filed", "appeals_heard", "appeals_upheld",
    "members", "scored", "support_sum", "knowing", "knowing_support_sum", "trust_sum", "risk_sum",
    "ties_open", *(f"would_{kind}" for kind in expression.KINDS), *expression.KINDS,
)  # fmt: skip
LEVELS = {"defaults", "adoption", "support", "trust", "ties"}  # counted with the stock
CHARTS = {f.__name__ for f in series.ALL}
TRAITS = {
    "group": list("ABCD"),
    "age": ["18-29", "30-59", "60+"],
    "place": ["rural", "town", "metropolis"],
    "conviction": ["loyal", "in between", "critical"],
}
PROVENANCE = {
    "scenario": {"title": "Watched & <scored>", "text": "A test.", "life": {"posts": 2.5}},
    "sources": {
        "title": "assumption: set here",
        "life.posts": "Assumption: a guess",
        "life.homes": "census of nowhere",
    },
    "versions": {"underwatch": "0.1.0"},
    "seed": 2018,
    "command": ["underwatch", "run", "test"],
}
LINES = [
    SummaryLine("defaults", "Adults in default", 2.1, "% of adults", "stated goal"),
    SummaryLine("chilled", "Lawful posts never written", 0.0123, "% of those", "expression"),
    SummaryLine("wrongful", "Restricted for nothing", 10134, "restrictions", "error"),
    SummaryLine("reversed", "Appeals upheld", None, "% of those filed", "account"),
    SummaryLine("heat", "Warmth of the servers", 3, "degrees", "weather"),
]


def nation(days: int = 200, stocktaking_every: int = 1) -> xr.Dataset:
    """Tallies of an invented nation of 10,800 adults, 100 in each stratum."""
    luck = np.random.default_rng(7)
    day = np.datetime64("2014-06-14") + np.arange(days)
    months, of_day = np.unique(day.astype("datetime64[M]"), return_inverse=True)
    shape = tuple(map(len, TRAITS.values()))
    counts = {name: luck.poisson(1 + i / 4, (days, *shape)) for i, name in enumerate(NAMES)}
    parts_of = {kind: f"would_{kind}" for kind in expression.KINDS} | {"chilled_acts": "would_acts"}
    for part, whole in parts_of.items():
        counts[part] = np.minimum(counts[part], counts[whole])
    counts["adults"] = np.zeros((days, *shape), int)
    counts["adults"][::stocktaking_every] = 100
    told = xr.Dataset(coords={"day": day.astype("datetime64[s]"), **TRAITS})
    told["month"] = months.astype("datetime64[s]")
    for name, values in counts.items():
        by_month = np.zeros((len(months), *shape), np.int64)
        np.add.at(by_month, of_day, values)
        told[name] = "day", values.reshape(days, -1).sum(1)
        told[f"{name}_by_month"] = ("month", *TRAITS), by_month
    return told


class Outline(HTMLParser):
    """The tags of a page with their attributes; complains of any that is not closed."""

    EMPTY = ("meta", "br", "link", "img", "hr", "input")

    def __init__(self, text: str):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs), tuple(self.open)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs, _ in self.tags if name == tag]


def study() -> str:
    """A page of two worlds, with a table, a plain tuple as another, and every sort of chart."""
    what = ["cameras", "<score>", "fear"]
    share = {"share": np.array([2.5, -1.25, np.nan])}
    spans = np.array([2.0, -2.0, np.nan]), np.array([3.0, -0.5, np.nan])
    days = np.datetime64("2014-06-14") + np.arange(900)
    worlds = {"watched": np.linspace(0, 0.5, 900), "unwatched": np.zeros(900)}
    left = {"sets": np.array([9.0, 1.0])}
    drawn = [
        Series("shares", "What each adds", "Cameras add most.", "points", False, np.array(what),
               share, "part", spans),
        Series("course", "Two courses", "They part.", "share of acts", True, days, worlds),
        Series("course", "The frontier", "Less of both.", "harm", False, np.array([0.25, 7]), left,
               "benefit"),
    ]  # fmt: skip
    tables = [
        Table("Beside & beyond", ["World", "Measure", "Here"], [["watched", "A < B", "1.5"]], {2}),
        ("Shares", ["Part", "Share"], [["cameras", "2.5"], ["fear", "–"]], {1}),
    ]
    other = {"title": "B", "life": {"posts": 0, "dated": {"2014-06-14": 1}}}
    told = PROVENANCE | {"scenarios": {"watched": PROVENANCE["scenario"], "unwatched": other}}
    told = {key: value for key, value in told.items() if key != "scenario"}
    told["lives"] = [{"seed": 1}, {"seed": 2}]
    return render_study("Worlds & <people>", "One.\n\nTwo.", tables, drawn, told)


PAGES = {"run": lambda: page.render(PROVENANCE, nation(), LINES), "study": study}


@pytest.fixture(scope="module")
def text() -> str:
    return PAGES["run"]()


@pytest.fixture(scope="module")
def outline(text) -> Outline:
    return Outline(text)


@pytest.fixture(scope="module", params=PAGES)
def any_text(request) -> str:
    return request.getfixturevalue("text") if request.param == "run" else PAGES[request.param]()


@pytest.fixture(scope="module")
def any_outline(any_text) -> Outline:
    return Outline(any_text)


def test_a_page_asks_nothing_of_any_other_machine(any_text, any_outline):
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", any_text)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, *_ in any_outline.tags}
    leads = ("src", "href", "xlink:href")
    targets = [a[k] for _, a, _ in any_outline.tags for k in leads if k in a]
    assert targets and all(target.startswith("#") for target in targets)
    assert any("default-src 'none'" in meta.get("content", "") for meta in any_outline.all("meta"))


def test_every_kind_of_summary_line_has_a_heading():
    assert set(page.KINDS) == set(summary.LINES)
    lines = [SummaryLine(kind, f"about {kind}", 1, "of 1", kind) for kind in summary.LINES]
    grouped = page._grouped(lines, page.KINDS)
    assert {row[0] for _, rows in grouped for row in rows} == {line.label for line in lines}


def test_every_summary_line_is_told_even_of_an_unknown_kind_or_value(text):
    for line in LINES:
        row = re.search(f'<th scope="row">{line.label}</th>(.*?)</tr>', text).group(1)
        assert line.unit in row
    for said in ("2.10", "0.012", "10,134", "not known", "Weather"):
        assert said in text


def test_harms_stand_beside_the_stated_goals(text):
    tables = re.findall(r'<caption class="title">(.*?)</caption>', text)
    assert tables == ["Stated goals", "Harms", "Reach and account"]
    assert text.index("Adults in default") < text.index("Lawful posts never written")


def test_assumptions_are_marked_counted_and_put_first(text):
    assert "1 of the 2 figures of this scenario are assumptions" in " ".join(text.split())
    assert text.count("<mark>assumption</mark> a guess") == 1
    assert text.index("life.posts") < text.index("life.homes")
    assert '<td class="path">2.5</td>' in text  # the figure itself stands beside its source


def test_what_a_scenario_says_is_text_and_never_markup(text, outline):
    assert "Watched &amp; &lt;scored&gt;" in text
    assert "scored" not in {tag for tag, *_ in outline.tags}


def test_headings_tell_the_page_and_labels_lead_somewhere(any_outline):
    levels = [int(tag[1]) for tag, *_ in any_outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [attrs["id"] for _, attrs, _ in any_outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids)) and not any(re.search(r"\s", id) for id in ids)
    for _, attrs, _ in any_outline.tags:
        assert attrs.get("aria-labelledby", ids[0]) in ids
        assert attrs.get("href", "#" + ids[0])[1:] in ids
    assert any_outline.all("html") == [{"lang": "en"}]
    assert any(meta.get("name") == "viewport" for meta in any_outline.all("meta"))


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(any_outline):
    assert len(any_outline.all("caption")) == len(any_outline.all("table"))
    assert all("scope" in attrs for attrs in any_outline.all("th"))


def test_whatever_scrolls_can_be_reached_by_keyboard_and_says_what_it_is(any_outline):
    boxes = [a for _, a, _ in any_outline.tags if a.get("class") in ("tall", "scroll")]
    assert boxes
    for box in boxes:
        assert box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"]


def test_every_chart_is_labelled_and_has_its_numbers_in_a_table(any_text):
    figures = re.findall(r"<figure.*?</figure>", any_text, re.DOTALL)
    assert figures
    for figure in map(unescape, figures):
        title = re.search("<h3.*?>(.*?)</h3>", figure).group(1)
        assert figure.count(f'role="img" aria-label="{title}"') == 1
        assert figure.count(f"<title>{title}</title>") == 1
        assert "viewBox" in figure and figure.count("<tbody>") == 1


def test_a_run_that_counts_everything_has_every_chart(outline):
    assert {attrs["id"].split("-", 2)[2] for attrs in outline.all("h3")} == CHARTS


def test_each_chart_is_drawn_once():
    drawn = []

    def draw(pictures):
        drawn.extend(json.dumps(picture) for picture in pictures)
        return ['<svg viewBox="0 0 1 1"></svg>' for _ in pictures]

    page.render(PROVENANCE, nation(), LINES, draw)
    assert len(drawn) == len(set(drawn)) == len(CHARTS)


def test_a_process_beside_ours_draws_the_same_and_if_it_dies_we_draw_ourselves():
    pictures = [charts.chart(told) for told in series.all_series(nation(40))[:2]]
    with Artist() as artist:
        assert artist(pictures) == drawn_here(pictures)
        artist.child.kill()
        artist.child.wait()
        assert artist(pictures) == drawn_here(pictures)


@pytest.mark.parametrize("drop", [*NAMES, "adults", "adults_by_month", "chilled_acts_by_month"])
def test_what_was_not_counted_is_left_out_and_nothing_else(drop):
    left = {each.name for each in series.all_series(nation(40).drop_vars(drop))}
    needs_adults = CHARTS - {"chilled", "kinds"}
    assert CHARTS - left <= (needs_adults if drop == "adults" else CHARTS)
    assert "restricted" in left or drop in ("adults", "restricted")


def test_rates_do_not_depend_on_how_often_stock_is_taken():
    daily = {s.name: s for s in series.all_series(nation())}
    rare = {s.name: s for s in series.all_series(nation(stocktaking_every=30))}
    for name in CHARTS - LEVELS:
        for label, values in daily[name].lines.items():
            np.testing.assert_allclose(values, rare[name].lines[label])


def test_a_rate_is_the_count_over_the_people_and_the_time():
    counts = nation(365)
    (rates,) = [s for s in series.all_series(counts) if s.name == "groups"]
    cases = counts["wrongful_by_month"].sum(["month", "age", "place", "conviction"]).values
    expected = cases / 2700 / (365 / 365.25) * 100_000
    np.testing.assert_allclose(rates.lines["wrongful"], expected)


def test_levels_are_told_as_they_stand_in_the_summary():
    counts = nation(200)
    told = reach.adoption(Counts(counts))
    assert told.x[-1] == counts["day"].values[-1].astype("datetime64[D]") and told.x.size == 7
    for name, line in zip(("members", "scored"), told.lines.values(), strict=True):
        assert line[-1] == counts[name].values[-1] / 10800
        assert series.share(line[-1]) in told.says


def test_what_is_held_back_is_told_by_kind_as_a_share_of_what_was_wished():
    counts = nation()
    told = expression.kinds(Counts(counts))
    (held,) = told.lines.values()
    for label, kind in zip(told.x, expression.KINDS, strict=True):
        assert label == expression.KINDS[kind]
        wished, done = (int(counts[name].sum()) for name in (f"would_{kind}", kind))
        assert held[list(told.x).index(label)] == (wished - done) / wished
    assert series.share(held.max()) in told.says and series.share(held.min()) in told.says


def test_what_nobody_wished_has_no_share():
    counts = nation(40)
    counts["would_foreign_visits"][:] = counts["foreign_visits"][:] = 0
    assert "visits to foreign sites" not in expression.kinds(Counts(counts)).x


def test_critics_ties_stand_beside_those_of_others_like_them():
    counts = nation(100)
    ties, critics = counts["ties_open_by_month"], {"conviction": "critical"}
    ties[:] = 1000
    ties.loc[{"group": "A"}] = 3000  # who have more ties, critics among them too
    for month in range(1, ties.sizes["month"]):
        ties[month] = ties[0]
        ties[month].loc[critics] = ties[0].loc[critics] * 0.9
    counts["adults_by_month"][:] = 100
    told = expression.ties(Counts(counts))
    lost, others = told.lines.values()
    np.testing.assert_allclose(lost, [0, *[-0.1] * (len(lost) - 1)])
    np.testing.assert_allclose(others, 0, atol=1e-12)
    assert "critics lost 10.00\N{NO-BREAK SPACE}% of their ties" in told.says
    assert told.says.endswith("place lost none.")
    assert expression.ties(Counts(nation(10))) is None  # one month has no course


def test_where_nobody_watches_the_charts_say_so():
    quiet = nation(100)
    for name in ("members", "scored", "knowing", "knowing_support_sum", "restricted"):
        quiet[name][:] = 0
    for kind in expression.KINDS:
        quiet[kind] = quiet[f"would_{kind}"]
    said = {told.name: told for told in series.all_series(quiet)}
    assert said["adoption"].says == "Nobody was in a private score, and the state scored nobody."
    assert "nobody ever knew of a penalty" in said["support"].says
    assert list(said["support"].lines) == ["all adults"]
    assert "was held back" in said["kinds"].says
    assert said["restricted"].says == "Nobody was ever under a restriction."


def test_feelings_are_told_of_100():
    counts = nation(100)
    counts["trust_sum"][:] = counts["support_sum"][:] = 10800 * 255
    counts["risk_sum"][:] = 0
    trust, risk = goals.trust(Counts(counts)).lines.values()
    assert set(trust) == {100} and set(risk) == {0}
    assert set(goals.support(Counts(counts)).lines["all adults"]) == {100}


@pytest.mark.parametrize("days", [100, 440, 441, 2393, 5000])
def test_no_line_has_more_points_than_pixels_and_the_last_day_is_always_there(days):
    dates = np.datetime64("2014-06-14") + np.arange(days)
    course = Series("x", "X", "Says.", "share", True, dates, {"one": np.arange(days) / days})
    rows = charts.chart(course)["data"]["values"]
    assert min(days, 60) <= len(rows) <= charts.WIDTH
    assert rows[-1] == {"x": str(dates[-1]), "what": "one", "value": (days - 1) / days}
    assert len(rows) == days or days > charts.WIDTH


def test_a_line_that_only_falls_is_drawn_below_nought_and_nowhere_else():
    x = np.array([1.0, 2.0])
    fell = Series("x", "X", "Says.", "change", True, x, {"one": np.array([0, -0.02])}, "years")
    assert charts.chart(fell)["encoding"]["y"]["scale"]["domain"] == [-0.02, 0]


def test_a_single_day_on_which_nothing_happens_is_still_reported():
    quiet = nation(1)
    for name in NAMES:
        quiet[name][:] = 0
        quiet[f"{name}_by_month"][:] = 0
    Outline(page.render({}, quiet, []))


def test_a_study_tells_its_tables_charts_and_worlds():
    text = study()
    assert "<h1>Worlds &amp; &lt;people&gt;</h1>" in text and "<p>One.</p>\n<p>Two.</p>" in text
    assert "Everyone in this report is invented" in text
    row = re.search(r'<th scope="row">watched</th>.*?</tr>', text, re.DOTALL).group()
    assert "<td>A &lt; B</td>" in row and '<td class="number">1.5</td>' in row
    bars = re.search(r"<figure.*?</figure>", text, re.DOTALL).group()
    assert re.findall('<th scope="col".*?>(.*?)</th>', bars) == ["Part", "share", "Low", "High"]
    assert re.findall('<td class="number">(.*?)</td>', bars)[:6] == [
        "2.50", "2.00", "3.00", "-1.25", "-2.00", "-0.50",
    ]  # fmt: skip
    assert "1 of the 2 figures of this scenario are assumptions" in " ".join(text.split())
    differing = text[text.index("Where the scenarios of these worlds differ") :]
    cells = re.findall(r'<td class="path">(.*?)</td>', differing)
    assert cells[:4] == ["2.5", "0", "–", "2014-06-14: 1"]
    assert '<th scope="row" class="path">lives.1.seed</th>' in text


def test_a_row_that_does_not_fit_its_table_is_refused():
    with pytest.raises(ValueError, match="Shares: 2 columns"):
        render_study("T", "", [("Shares", ["Part", "Share"], [["a", "1", "2"]], {1})], [], {})


def test_a_study_without_tables_or_charts_is_still_a_page():
    bare = render_study("Bare", "", [], [], {})
    targets = {attrs["href"][1:] for attrs in Outline(bare).all("a")}
    assert targets == {"sources", "provenance"}


def test_the_picture_has_four_panels_and_everyone_in_it_is_invented():
    drawn = json.dumps(charts.picture(nation(), PROVENANCE))
    assert len(json.loads(drawn)["concat"]) == 4
    assert "Watched & <scored>" in drawn and "Everyone in it is invented." in drawn


def test_importing_the_package_or_the_store_brings_no_heavy_library():
    heavy = "{'xarray', 'pyarrow', 'vl_convert', 'jinja2', 'pandas'}"
    code = f"import sys, underwatch, underwatch.results.folder; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
