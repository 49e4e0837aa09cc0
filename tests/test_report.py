"""The page tells the whole of a run, and asks nothing of any other machine."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from underwatch.measures.summary import SummaryLine
from underwatch.report import charts, page, series

NAMES = (
    "would_acts", "chilled_acts", "would_offences", "offences", "alerts", "true_alerts",
    "imposed", "restricted", "wrongful", "association_only", "in_default",
    "appeals_filed", "appeals_heard", "appeals_upheld",
)  # fmt: skip
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
    counts["chilled_acts"] = np.minimum(counts["chilled_acts"], counts["would_acts"])
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


@pytest.fixture(scope="module")
def text() -> str:
    return page.render(PROVENANCE, nation(), LINES)


@pytest.fixture(scope="module")
def outline(text) -> Outline:
    return Outline(text)


def test_the_page_asks_nothing_of_any_other_machine(text, outline):
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", text)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, *_ in outline.tags}
    targets = [a[k] for _, a, _ in outline.tags for k in ("src", "href", "xlink:href") if k in a]
    assert targets and all(target.startswith("#") for target in targets)
    assert any("default-src 'none'" in meta.get("content", "") for meta in outline.all("meta"))


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


def test_headings_tell_the_page_and_labels_lead_somewhere(outline):
    levels = [int(tag[1]) for tag, *_ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    ids = [attrs["id"] for _, attrs, _ in outline.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs, _ in outline.tags:
        assert attrs.get("aria-labelledby", ids[0]) in ids
        assert attrs.get("href", "#" + ids[0])[1:] in ids
    assert outline.all("html") == [{"lang": "en"}]
    assert any(meta.get("name") == "viewport" for meta in outline.all("meta"))


def test_every_table_has_a_caption_and_every_heading_cell_a_scope(outline):
    assert len(outline.all("caption")) == len(outline.all("table"))
    assert all("scope" in attrs for attrs in outline.all("th"))


def test_every_chart_is_labelled_and_has_its_numbers_in_a_table(text, outline):
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    assert len(figures) == len(CHARTS)
    for figure in figures:
        title = re.search("<h3.*?>(.*?)</h3>", figure).group(1)
        assert figure.count(f'role="img" aria-label="{title}"') == 1
        assert figure.count(f"<title>{title}</title>") == 1
        assert "viewBox" in figure and figure.count("<tbody>") == 1
    assert {attrs["id"][6:] for attrs in outline.all("h3")} == CHARTS


@pytest.mark.parametrize("drop", [*NAMES, "adults", "adults_by_month", "chilled_acts_by_month"])
def test_what_was_not_counted_is_left_out_and_nothing_else(drop):
    left = {each.name for each in series.all_series(nation(40).drop_vars(drop))}
    needs_adults = CHARTS - {"chilled"}
    assert CHARTS - left <= (needs_adults if drop == "adults" else CHARTS)
    assert "restricted" in left or drop in ("adults", "restricted")


def test_rates_do_not_depend_on_how_often_stock_is_taken():
    daily = {s.name: s for s in series.all_series(nation())}
    rare = {s.name: s for s in series.all_series(nation(stocktaking_every=30))}
    for name in CHARTS - {"defaults"}:  # whose own count is taken with the stock
        for label, values in daily[name].lines.items():
            np.testing.assert_allclose(values, rare[name].lines[label])


def test_a_rate_is_the_count_over_the_people_and_the_time():
    counts = nation(365)
    (rates,) = [s for s in series.all_series(counts) if s.name == "groups"]
    cases = counts["wrongful_by_month"].sum(["month", "age", "place", "conviction"]).values
    expected = cases / 2700 / (365 / 365.25) * 100_000
    np.testing.assert_allclose(rates.lines["wrongful"], expected)


def test_a_single_day_on_which_nothing_happens_is_still_reported():
    quiet = nation(1)
    for name in NAMES:
        quiet[name][:] = 0
        quiet[f"{name}_by_month"][:] = 0
    Outline(page.render({}, quiet, []))


def test_the_picture_has_four_panels_and_everyone_in_it_is_invented():
    drawn = json.dumps(charts.picture(nation(), PROVENANCE))
    assert len(json.loads(drawn)["concat"]) == 4
    assert "Watched & <scored>" in drawn and "Everyone in it is invented." in drawn


def test_importing_the_package_or_the_store_brings_no_heavy_library():
    heavy = "{'xarray', 'pyarrow', 'vl_convert', 'jinja2', 'pandas'}"
    code = f"import sys, underwatch, underwatch.store; assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
