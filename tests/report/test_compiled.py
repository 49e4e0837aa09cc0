"""A chart that is filled into what an earlier one was compiled to is the chart, to the byte."""

import json
import os

import numpy as np
import pytest
import vl_convert

from underwatch.report import charts, compiled
from underwatch.report.pairs import Axis, Pairs
from underwatch.report.rendering import drawable
from underwatch.report.scatter import Point, Points
from underwatch.report.series import Series
from underwatch.scenario.events import Event


@pytest.fixture(autouse=True)
def folder(caches):
    """Where this process keeps compiled charts: nothing yet."""
    return caches / "charts"


def drawn(spec):
    return compiled.draw(drawable(spec))


def monthly(seed, first="2015-01", **more):
    """Two lines that are apart, with their intervals and dated changes."""
    rng = np.random.default_rng(seed)
    x = np.arange(first, "2017-01", dtype="datetime64[M]").astype("datetime64[D]")
    lines = {"low": 0.1 + 0.05 * rng.random(x.size), "high": 0.7 + 0.2 * rng.random(x.size)}
    bands = {name: (0.9 * line, 1.1 * line) for name, line in lines.items()}
    made = Series("x", "Shares", "", "share of posts", True, x, lines, bands=bands)
    change = x[x.size // 2].astype("datetime64[D]").item()
    return charts.chart(made, events=[Event("1", change, "")], **more)


def numbered(seed):
    rng = np.random.default_rng(seed)
    line = {"cost": 50 * (1 + seed) + rng.random(9)}
    return charts.chart(Series("x", "", "", "cost", False, np.arange(9.0), line, across="budget"))


def bars(seed):
    value = np.random.default_rng(seed).random(4) * 10**seed
    names = np.array(["a", "b", "c", "d"])
    spans = (0.5 * value, 1.5 * value)
    return charts.chart(Series("x", "", "", "cases", False, names, {"": value}, spans=spans))


def points(seed):
    places = np.sort(np.random.default_rng(seed).random((4, 2)), 0)
    kinds = ("baseline", "listed", "listed", "other")
    made = [Point(*place, kind) for place, kind in zip(places, kinds, strict=True)]
    return charts.chart(Points("x", "", "", "harm", "goal", made, ([], [])))


def pairs(seed):
    rng = np.random.default_rng(seed)
    axes = [Axis("a", 0, 1, rng.random()), Axis("b", 5, 6, 5 + rng.random())]
    return charts.chart(Pairs("x", "", "", "", axes, [0, 5] + rng.random((30, 2)), ([], [])))


@pytest.mark.parametrize("make", [monthly, numbered, bars, points, pairs])
def test_a_chart_with_other_numbers_is_not_compiled_again_and_is_the_same_file(
    make, folder, monkeypatch
):
    one, other = make(1), make(2)
    compared = compiled.without_numbers_of_clips
    assert compared(drawn(one)) == compared(vl_convert.vegalite_to_svg(drawable(one)))
    assert len([*folder.iterdir()]) == 1
    by_itself = vl_convert.vegalite_to_svg(drawable(other))
    monkeypatch.setattr(vl_convert, "vegalite_to_svg", None)
    monkeypatch.setattr(vl_convert, "vegalite_to_vega", None)
    assert compared(drawn(other)) == compared(by_itself)


def test_charts_of_other_dates_are_of_one_kind_and_those_with_other_words_are_not(folder):
    kinds = [compiled.kind_of(monthly(1, first=first)).chart for first in ("2015-01", "2015-03")]
    assert kinds[0] == kinds[1]
    assert compiled.kind_of(monthly(1, width=700)).chart != kinds[0]


def test_what_is_not_drawn_as_the_chart_by_itself_is_not_kept(folder, monkeypatch):
    right = compiled.filled

    def wrong(vega, kind):
        return right(vega, kind._replace(given=dict.fromkeys(kind.given, 0)))

    monkeypatch.setattr(compiled, "filled", wrong)
    assert drawn(monthly(1)) == vl_convert.vegalite_to_svg(drawable(monthly(1)))
    assert [*folder.iterdir()] == []


def test_the_oldest_kind_makes_room_for_a_new_one(folder, monkeypatch):
    monkeypatch.setattr(compiled._cache(), "most", 2)
    drawn(bars(1))
    (oldest,) = folder.iterdir()
    os.utime(oldest, (1, 1))
    drawn(points(1))
    drawn(numbered(1))
    assert len([*folder.iterdir()]) == 2 and not oldest.exists()


@pytest.mark.parametrize("ends", [["2015-01-02", "2015-01-02"], ["2015-01-01T12:00", "2015-02-01"]])
def test_dates_that_vega_lite_itself_looks_at_are_compiled_each_time(ends):
    spec = drawable(monthly(1))
    whole = json.dumps(spec)
    (first, last) = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    other = json.loads(whole.replace(json.dumps([first, last]), json.dumps(ends)))
    assert compiled.draw(spec) == vl_convert.vegalite_to_svg(spec)
    assert compiled.draw(other) == vl_convert.vegalite_to_svg(other)


@pytest.mark.parametrize("broken", ["vegalite_to_vega", "vega_to_svg"])
def test_a_chart_is_drawn_by_itself_where_the_other_way_fails(broken, folder, monkeypatch):
    right = vl_convert.vegalite_to_svg(drawable(bars(1)))
    if broken == "vega_to_svg":
        drawn(bars(1))  # kept, and of no use below

    def fails(*_):
        raise ValueError("JavaScript")

    monkeypatch.setattr(vl_convert, broken, fails)
    assert drawn(bars(1)) == right
