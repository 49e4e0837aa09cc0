"""A page shows the whole of a run, and needs nothing from any other machine."""

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
from underwatch.report import charts, page, rendering, series
from underwatch.report.brief import in_brief
from underwatch.report.findings import Finding
from underwatch.report.rendering import ChartRenderer, render_charts
from underwatch.report.scatter import Point, Points
from underwatch.report.series import Counts, Series, decisions, expression, goals, reach
from underwatch.report.series.counts import percent_text, share_text
from underwatch.report.study import Table, render_study
from underwatch.scenario.events import dated_changes

NAMES = (
    "would_acts", "chilled_acts", "would_offences", "offences", "alerts", "true_alerts",
    "imposed", "restricted", "wrongful", "association_only", "in_default",
    "appeals_filed", "appeals_heard", "appeals_upheld",
    "members", "scored", "support_sum", "knowing", "knowing_support_sum", "trust_sum", "risk_sum",
    "ties_open", *(f"would_{kind}" for kind in expression.KINDS), *expression.KINDS,
)  # fmt: skip
LEVELS = {"defaults", "adoption", "support", "trust", "ties"}  # measured with the levels
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
        "life.homes": "census_2020",
    },
    "versions": {"underwatch": "0.1.0"},
    "citizens": 13_500,
    "seed": 2018,
    "command": ["underwatch", "run", "test"],
}
LINES = [
    SummaryLine("defaults", "Adults in default", 2.1, "% of adults", "stated goal"),
    SummaryLine(
        "chilled",
        "Critical posts withheld",
        4.312,
        "% of posts",
        "expression",
        "Critical posts that citizens withheld.",
        events=1000,
    ),
    SummaryLine(
        "protests", "Protests withheld", 0.0123, "% of days", "expression", parent="chilled"
    ),
    SummaryLine("wrongful", "Wrongful restrictions", 10134, "restrictions", "error"),
    SummaryLine(
        "reversed", "Appeals upheld", None, "% of those filed", "account", note="no appeals filed"
    ),
    SummaryLine("heat", "Warmth of the servers", 3, "degrees", "weather"),
]


def nation(days: int = 200, levels_every: int = 1) -> xr.Dataset:
    """Tallies of an invented nation of 10,800 adults, 100 in each stratum."""
    random = np.random.default_rng(7)
    day = np.datetime64("2014-06-14") + np.arange(days)
    months, of_day = np.unique(day.astype("datetime64[M]"), return_inverse=True)
    shape = tuple(map(len, TRAITS.values()))
    counts = {name: random.poisson(1 + i / 4, (days, *shape)) for i, name in enumerate(NAMES)}
    parts_of = {kind: f"would_{kind}" for kind in expression.KINDS} | {"chilled_acts": "would_acts"}
    for part, whole in parts_of.items():
        counts[part] = np.minimum(counts[part], counts[whole])
    counts["adults"] = np.zeros((days, *shape), int)
    counts["adults"][::levels_every] = 100
    made = xr.Dataset(coords={"day": day.astype("datetime64[s]"), **TRAITS})
    made["month"] = months.astype("datetime64[s]")
    for name, values in counts.items():
        by_month = np.zeros((len(months), *shape), np.int64)
        np.add.at(by_month, of_day, values)
        made[name] = "day", values.reshape(days, -1).sum(1)
        made[f"{name}_by_month"] = ("month", *TRAITS), by_month
    return made


class Outline(HTMLParser):
    """The tags of a page with their attributes; fails on a tag that is not closed."""

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
    parts = ["cameras", "<score>", "fear"]
    share = {"share": np.array([2.5, -1.25, np.nan])}
    spans = np.array([2.0, -2.0, np.nan]), np.array([3.0, -0.5, np.nan])
    days = np.datetime64("2014-06-14") + np.arange(900)
    worlds = {"watched": np.linspace(0, 0.5, 900), "unwatched": np.zeros(900)}
    left = {"sets": np.array([9.0, 1.0])}
    series = [
        Series("shares", "What each adds", "Cameras add most.", "points", False, np.array(parts),
               share, "part", spans),
        Series("course", "Two courses", "They diverge.", "share of acts", True, days, worlds),
        Series("course", "The frontier", "Less of both.", "harm", False, np.array([0.25, 7]), left,
               "benefit"),
    ]  # fmt: skip
    tables = [
        Table("Beside & beyond", ["World", "Measure", "Here"], [["watched", "A < B", "1.5"]], {2}),
        ("Shares", ["Part", "Share"], [["cameras", "2.5"], ["fear", "–"]], {1}),
    ]
    other = {"title": "B", "life": {"posts": 0, "dated": {"2014-06-14": 1}}}
    origin = PROVENANCE | {"scenarios": {"watched": PROVENANCE["scenario"], "unwatched": other}}
    origin = {key: value for key, value in origin.items() if key != "scenario"}
    origin["runs"] = [{"seed": 1}, {"seed": 2}]
    return render_study("Worlds & <people>", "One.\n\nTwo.", tables, series, origin)


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


def test_a_page_requests_nothing_from_any_other_machine(any_text, any_outline):
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", any_text)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, *_ in any_outline.tags}
    attributes = ("src", "href", "xlink:href")
    targets = [a[k] for _, a, _ in any_outline.tags for k in attributes if k in a]
    assert targets and all(target.startswith("#") for target in targets)
    assert any("default-src 'none'" in meta.get("content", "") for meta in any_outline.all("meta"))


def test_every_kind_of_summary_line_has_a_heading():
    assert set(page.KINDS) == {line.kind for line in summary.LINES.values()}
    lines = [SummaryLine(kind, f"about {kind}", 1, "of 1", kind) for kind in page.KINDS]
    rows = [row for fold in page._folds(lines, {}) for table in fold.tables for row in table.rows]
    assert {row[0] for row in rows if len(row) > 1} == {line.label for line in lines}


def test_every_summary_line_is_shown_even_of_an_unknown_kind_or_value(text):
    for line in LINES:
        row = re.search(f'<th scope="row"[^>]*>{line.label}</th>(.*?)</tr>', text).group(1)
        assert (line.unit if line.value is not None else line.note) in row
    for shown in ("2.10", "4.31", "0.012", "10,134", "not defined", "Weather"):
        assert shown in text


def test_a_measure_stands_below_the_one_that_it_is_a_part_of(text):
    assert re.search('<th scope="row" class="depth-1">Protests withheld</th>', text)
    assert "<dd>Critical posts that citizens withheld.</dd>" in text


def test_the_first_lines_of_a_page_give_the_number_of_citizens_and_days(text):
    head = " ".join(re.search("<header.*?</header>", text, re.DOTALL).group().split())
    assert "13,500 invented citizens, one run with seed 2018, 200 days from" in head
    study_head = re.search("<header.*?</header>", study(), re.DOTALL).group()
    assert "13,500 invented citizens" in study_head


def test_harms_stand_beside_the_stated_goals(text):
    folds = re.findall(r"<summary>(.*?): all", text)
    assert folds == ["Stated goals", "Harms", "Reach and account"]
    assert text.index('<th scope="row">Adults in default') < text.index(
        '<th scope="row">Critical posts withheld'
    )


def test_assumptions_are_marked_counted_and_put_first(text):
    assert "1 of 2 figures of this scenario are assumptions" in " ".join(text.split())
    assert text.count("<mark>assumption</mark> a guess") == 1
    assert text.index("life.posts") < text.index("life.homes")
    assert '<td class="path">2.5</td>' in text  # the figure itself stands beside its source


def test_text_of_a_scenario_is_never_markup(text, outline):
    assert "Watched &amp; &lt;scored&gt;" in text
    assert "scored" not in {tag for tag, *_ in outline.tags}


def test_headings_form_an_outline_and_every_reference_has_a_target(any_outline):
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


def test_whatever_scrolls_can_be_reached_by_keyboard_and_has_a_label(any_outline):
    boxes = [a for _, a, _ in any_outline.tags if a.get("class") in ("tall", "scroll")]
    assert boxes
    for box in boxes:
        assert box["tabindex"] == "0" and box["role"] == "region" and box["aria-label"]


def test_every_chart_is_labelled_and_has_its_numbers_in_a_table(any_text):
    figures = re.findall(r"<figure.*?</figure>", any_text, re.DOTALL)
    assert figures
    for figure in map(unescape, figures):
        title = re.search("<h3.*?>(.*?)</h3>", figure).group(1)
        # The first chart is drawn for a desktop and for a phone; one of them is shown.
        drawn = 2 if 'class="hero"' in figure else 1
        assert figure.count(f'role="img" aria-label="{title}"') == drawn
        assert figure.count(f"<title>{title}</title>") == drawn
        assert "viewBox" in figure and figure.count("<tbody>") == 1


def test_a_run_that_counts_everything_has_every_chart(outline):
    assert {attrs["id"].split("-", 2)[2] for attrs in outline.all("h3")} == CHARTS


def test_each_chart_is_rendered_once():
    rendered = []

    def renderer(specs):
        rendered.extend(json.dumps(spec) for spec in specs)
        return ['<svg viewBox="0 0 1 1"></svg>' for _ in specs]

    page.render(PROVENANCE, nation(), LINES, renderer)
    assert len(rendered) == len(set(rendered)) == len(CHARTS) + 1  # the first in two widths


def test_a_second_process_renders_the_same_and_if_it_dies_this_one_renders():
    specs = [charts.chart(each) for each in series.all_series(nation(40))[:2]]
    with ChartRenderer() as renderer:
        assert renderer(specs) == render_charts(specs)
        renderer.child.kill()
        renderer.child.wait()
        assert renderer(specs) == render_charts(specs)


def test_a_process_that_was_started_ahead_is_that_of_the_next_renderer_or_ends_with_this_one():
    rendering.start_ahead()
    with ChartRenderer() as renderer:
        used = renderer.child
        assert not rendering._ahead and used.poll() is None
    rendering.start_ahead()
    (unused,) = rendering._ahead
    rendering._end_ahead()
    assert unused.wait(5) and used.wait(5)
    rendering._ahead.clear()


def test_a_page_is_made_while_its_charts_are_drawn_and_holds_each_at_its_place():
    order = []

    def drawn(specs):
        order.append("begun")
        return lambda: order.append("waits") or [f'<svg viewBox="0 0 {k} 1"></svg>' for k in made]

    made = range(len(CHARTS) + 1)
    finish = page.begin(PROVENANCE, nation(), drawn)
    assert order == ["begun"]
    text = finish(PROVENANCE | {"title": "<!--chart 1-->"}, LINES)
    places = [int(k) for k in re.findall(r'viewBox="0 0 (\d+) 1"', text)]
    assert order == ["begun", "waits"]
    assert places == [0, made[-1], *made[1:-1]]  # the first is there in two widths


@pytest.mark.parametrize("drop", [*NAMES, "adults", "adults_by_month", "chilled_acts_by_month"])
def test_what_was_not_counted_is_left_out_and_nothing_else(drop):
    left = {each.name for each in series.all_series(nation(40).drop_vars(drop))}
    needs_adults = CHARTS - {"chilled", "kinds"}
    assert CHARTS - left <= (needs_adults if drop == "adults" else CHARTS)
    assert "restricted" in left or drop in ("adults", "restricted")


def test_rates_do_not_depend_on_how_often_levels_are_measured():
    daily = {s.name: s for s in series.all_series(nation())}
    rare = {s.name: s for s in series.all_series(nation(levels_every=30))}
    for name in CHARTS - LEVELS:
        for label, values in daily[name].lines.items():
            np.testing.assert_allclose(values, rare[name].lines[label])


def test_a_rate_is_the_count_over_the_people_and_the_time():
    counts = nation(365)
    (rates,) = [s for s in series.all_series(counts) if s.name == "groups"]
    cases = counts["wrongful_by_month"].sum(["month", "age", "place", "conviction"]).values
    expected = cases / 2700 / (365 / 365.25) * 100_000
    np.testing.assert_allclose(rates.lines["wrongful"], expected)


def test_levels_are_those_of_the_summary():
    counts = nation(200)
    made = reach.adoption(Counts(counts))
    assert made.x[-1] == counts["day"].values[-1].astype("datetime64[D]") and made.x.size == 7
    for name, line in zip(("members", "scored"), made.lines.values(), strict=True):
        assert line[-1] == counts[name].values[-1] / 10800
        assert percent_text(line[-1]) in made.caption


def test_withheld_acts_are_shares_of_intended_acts_by_kind():
    counts = nation()
    made = expression.kinds(Counts(counts))
    (held,) = made.lines.values()
    for label, kind in zip(made.x, expression.KINDS, strict=True):
        assert label == expression.KINDS[kind]
        intended, done = (int(counts[name].sum()) for name in (f"would_{kind}", kind))
        assert held[list(made.x).index(label)] == (intended - done) / intended
    worst = int(held.argmax())
    kind = [*expression.KINDS][worst]
    whole, done = (int(counts[name].sum()) for name in (f"would_{kind}", kind))
    assert share_text(whole - done, whole) in made.caption


def test_a_kind_of_act_that_nobody_intends_has_no_share():
    counts = nation(40)
    counts["would_foreign_visits"][:] = counts["foreign_visits"][:] = 0
    assert "visits to foreign sites" not in expression.kinds(Counts(counts)).x


def test_ties_of_critics_stand_beside_those_of_matched_others():
    counts = nation(100)
    ties, critics = counts["ties_open_by_month"], {"conviction": "critical"}
    ties[:] = 1000
    ties.loc[{"group": "A"}] = 3000  # who have more ties, critics among them too
    for month in range(1, ties.sizes["month"]):
        ties[month] = ties[0]
        ties[month].loc[critics] = ties[0].loc[critics] * 0.9
    counts["adults_by_month"][:] = 100
    made = expression.ties(Counts(counts))
    lost, others = made.lines.values()
    np.testing.assert_allclose(lost, [0, *[-0.1] * (len(lost) - 1)])
    np.testing.assert_allclose(others, 0, atol=1e-12)
    assert "critics lose 10.0\N{NO-BREAK SPACE}% of their ties" in made.caption
    assert made.caption.endswith("place lose none.")
    assert expression.ties(Counts(nation(10))) is None  # one month has no course


def test_captions_state_that_nothing_happens_in_an_unwatched_world():
    quiet = nation(100)
    for name in ("members", "scored", "knowing", "knowing_support_sum", "restricted"):
        quiet[name][:] = 0
    for kind in expression.KINDS:
        quiet[kind] = quiet[f"would_{kind}"]
    made = {each.name: each for each in series.all_series(quiet)}
    unscored = "Nobody is in a private score, and the state scores nobody."
    assert made["adoption"].caption == unscored
    assert "nobody knows of a penalty" in made["support"].caption
    assert list(made["support"].lines) == ["all adults"]
    assert made["kinds"].caption == "No lawful act of any of these kinds is withheld."
    assert made["restricted"].caption == "Nobody is ever under a restriction."


def test_attitudes_are_on_a_scale_to_100():
    counts = nation(100)
    counts["trust_sum"][:] = counts["support_sum"][:] = 10800 * 255
    counts["risk_sum"][:] = 0
    trust, risk = goals.trust(Counts(counts)).lines.values()
    assert set(trust) == {100} and set(risk) == {0}
    assert set(goals.support(Counts(counts)).lines["all adults"]) == {100}


@pytest.mark.parametrize("days", [100, 440, 441, 2393, 5000])
def test_no_line_has_more_points_than_pixels_and_the_last_day_is_always_there(days):
    dates = np.datetime64("2014-06-14") + np.arange(days)
    course = Series("x", "X", "Caption.", "share", True, dates, {"one": np.arange(days) / days})
    (rows,) = [layer["data"]["values"] for layer in charts.chart(course)["layer"]]
    assert min(days, 60) <= len(rows) <= charts.WIDTH
    assert rows[-1] == {"x": str(dates[-1]), "value": (days - 1) / days}
    assert len(rows) == days or days > charts.WIDTH - 60


def test_a_line_that_only_falls_is_drawn_below_zero_and_nowhere_else():
    x = np.array([1.0, 2.0])
    fell = Series("x", "X", "Caption.", "change", True, x, {"one": np.array([0, -0.02])}, "years")
    (layer,) = charts.chart(fell)["layer"]
    assert layer["encoding"]["y"]["scale"]["domain"] == [-0.02, 0]


def test_a_single_day_on_which_nothing_happens_still_has_a_page():
    quiet = nation(1)
    for name in NAMES:
        quiet[name][:] = 0
        quiet[f"{name}_by_month"][:] = 0
    Outline(page.render({}, quiet, []))


def test_a_study_shows_its_tables_charts_and_worlds():
    text = study()
    assert "<h1>Worlds &amp; &lt;people&gt;</h1>" in text and "<p>One.</p>\n<p>Two.</p>" in text
    assert "Everyone in this report is invented" in text
    row = re.search(r'<th scope="row">watched</th>.*?</tr>', text, re.DOTALL).group()
    assert ">A &lt; B</td>" in row and '<td class="number" data-head="Here">1.5</td>' in row
    bars = re.search(r"<figure.*?</figure>", text, re.DOTALL).group()
    assert re.findall('<th scope="col".*?>(.*?)</th>', bars) == ["Part", "share", "Low", "High"]
    assert re.findall('<td class="number">(.*?)</td>', bars)[:6] == [
        "2.50", "2.00", "3.00", "-1.25", "-2.00", "-0.50",
    ]  # fmt: skip
    assert "1 of 2 figures of this scenario are assumptions" in " ".join(text.split())
    differing = text[text.index("Differences between the scenarios") :]
    cells = re.findall(r'<td class="path">(.*?)</td>', differing)
    assert cells[:4] == ["2.5", "0", "–", "1 from 2014-06-14"]
    assert '<th scope="row" class="path">runs.1.seed</th>' in text


def test_a_row_that_does_not_fit_its_table_is_refused():
    with pytest.raises(ValueError, match="Shares: 2 columns"):
        render_study("T", "", [("Shares", ["Part", "Share"], [["a", "1", "2"]], {1})], [], {})


def test_a_study_without_tables_or_charts_is_still_a_page():
    bare = render_study("Bare", "", [], [], {})
    targets = {attrs["href"][1:] for attrs in Outline(bare).all("a")}
    assert targets == {"results", "methods", "sources", "provenance"}


def test_the_picture_has_four_panels_and_states_that_all_citizens_are_invented():
    drawn = json.dumps(charts.picture(nation(), PROVENANCE))
    assert len(json.loads(drawn)["concat"]) == 4
    assert (
        "Watched & <scored>" in drawn and "Invented people; 1 of 2 figures are assumptions" in drawn
    )


def test_importing_the_package_or_the_run_folder_brings_no_heavy_library():
    heavy = "{'xarray', 'pyarrow', 'vl_convert', 'jinja2', 'pandas'}"
    code = (
        f"import sys, underwatch, underwatch.results.folder; assert not {heavy} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("cases", "compared"), [((90, 60, 70, 29), False), ((90, 60, 70, 30), True)]
)
def test_groups_are_compared_only_with_enough_events_in_both(cases, compared):
    labels, cases = np.array(list("ABCD")), np.array(cases)
    caption = decisions.compared(labels, cases, cases / 1000)
    if compared:
        assert "3.00 times as often (95 % interval" in caption and "90 and 30 events" in caption
    else:
        assert "Groups A and D are not compared: too few events (90 and 29) [exact 95" in caption


def test_a_rate_of_a_group_has_an_interval_that_holds_it():
    rates = decisions.groups(Counts(nation(100)))
    (values,), (low, high) = rates.lines.values(), rates.spans
    assert (low < values).all() and (values < high).all()


def test_a_table_below_a_chart_has_one_precision_for_a_value_and_its_interval():
    bars = re.search(r"<figure.*?</figure>", study(), re.DOTALL).group()
    cells = re.findall('<td class="number">(.*?)</td>', bars)
    assert len({len(cell.partition(".")[2]) for cell in cells if cell != "–"}) == 1


def test_a_run_in_brief_is_a_sentence_for_each_defined_finding():
    lines = [
        SummaryLine("chilled_share", "", 4.3127, "% of intended acts", "expression"),
        SummaryLine("wrongful", "", 12, "restrictions", "error", events=12),
        SummaryLine("wrongful_share", "", None, "% of restrictions imposed", "error"),
    ]
    assert [str(one) for one in in_brief(lines)] == [
        "Because of perceived risk, citizens withhold 4.31 % of the lawful expression they intend."
    ]


def courses(**lines) -> Series:
    """A series over 24 months with these lines."""
    months = np.arange("2014-07", "2016-07", dtype="datetime64[M]").astype("datetime64[D]")
    values = {name.replace("_", " "): np.broadcast_to(x, 24) * 1.0 for name, x in lines.items()}
    return Series("x", "X", "Caption.", "share", True, months, values)


def labels(spec) -> list[dict]:
    return [x["mark"] for x in spec["layer"] if isinstance(x["mark"].get("text"), list)]


def test_every_line_is_labelled_at_its_end_and_no_label_hides_another():
    rising = np.linspace(0, 1, 24)
    spec = charts.chart(courses(one=rising, another_line=0.9 * rising, a_third=0.2 * rising))
    made = labels(spec)
    assert [mark["text"] for mark in made] == [["one"], ["another line"], ["a third"]]
    height, ends = spec["height"], (1, 0.9, 0.2)
    tops = sorted(height * (1 - end) + m["dy"] for end, m in zip(ends, made, strict=True))
    assert all(after - before >= 14 for before, after in pairwise(tops))
    assert all(-10 <= top <= height for top in tops)


def test_lines_that_coincide_or_more_than_five_are_drawn_one_below_the_other():
    rising = np.linspace(0, 1, 24)
    same = charts.chart(courses(one=rising, other=1.001 * rising))
    assert [plot["title"]["text"] for plot in same["vconcat"]] == [["one"], ["other"]]
    many = charts.chart(courses(**{f"line_{k}": k * rising for k in range(6)}))
    assert len(many["vconcat"]) == 6
    assert "layer" in charts.chart(courses(one=rising, other=0.5 * rising))


def test_dated_changes_of_a_scenario_are_numbered_in_charts_and_in_their_key():
    dated = {"2014-07-01": True, "2015-01-01": False, "2030-01-01": True}
    origin = {"first_day": "2014-07-01", "days": 700, "scenario": {"scoring": {"on": dated}}}
    (event,) = dated_changes(origin)
    assert str(event.day) == "2015-01-01" and event.text == "Citizen score (M1) switched off"
    rule, number, line = charts.chart(courses(one=np.linspace(0, 1, 24)), events=[event])["layer"]
    assert rule["mark"]["type"] == "rule" and line["mark"]["type"] == "line"
    assert number["data"]["values"] == [{"x": "2015-01-01", "number": "1"}]


def test_an_axis_has_zero_unless_every_value_is_far_from_it():
    def domain(series):
        return charts.chart(series)["layer"][0]["encoding"]["y"]["scale"]["domain"]

    assert domain(courses(one=np.linspace(0.02, 0.09, 24)))[0] == 0
    assert domain(courses(one=np.linspace(0.44, 0.50, 24)))[0] > 0.4
    band = np.full(24, -0.01), np.full(24, 0.05)  # of a share, which is not negative
    assert domain(courses(one=0.02)._replace(bands={"one": band})) == [0, 0.06]


def test_a_page_is_stamped_and_gives_its_methods_and_how_to_reproduce_it(text):
    assert "Invented people; 1 of 2 figures are assumptions; Underwatch 0.1.0." in text
    assert "We used Underwatch 0.1.0, an agent-based model of an invented nation" in text
    assert "<pre>underwatch run test</pre>" in text


def test_a_finding_that_a_run_cannot_give_is_marked_with_where_its_number_comes_from():
    finding = Finding("4 to 9 false alerts a day.", ("alerts",), "closed form")
    text = render_study("T", "", [], [], {}, findings=[finding])
    assert "<li>4 to 9 false alerts a day. <mark>closed form</mark></li>" in text


def test_the_title_of_an_axis_is_broken_where_a_chart_is_too_narrow_for_it():
    across = "Minor offences deterred by perceived detection (% of intended offences)"
    made = Points("x", "Title", "", "acts", across, [Point(1, 2), Point(2, 3)], (["a"], []))
    found = [each["encoding"]["x"]["title"] for each in charts.chart(made)["layer"]]
    assert (
        " ".join(found[0]) == across and max(map(len, found[0])) * 7 <= charts.chart(made)["width"]
    )
