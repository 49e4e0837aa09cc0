"""An explanation as a chart: score and line, perceived risk, restrictions as bars, events."""

from textwrap import wrap

from underwatch.explanation.lanes import Lane, timeline_lanes
from underwatch.explanation.lead import title_of
from underwatch.explanation.profile import Profile
from underwatch.report.charts import BLUE, DASHES, GREEN, VERMILION, styled
from underwatch.report.rendering import Spec

WIDTH, _LABELS = 700, 230  # pixels of the plots, and of the labels to their left


def explanation_chart(profile: Profile, twin: Profile | None = None) -> Spec:
    """A Vega-Lite chart of a citizen; twin: the same citizen in another world."""
    worlds = world_names(profile, twin)
    title = {"text": wrap(title_of(profile), 80),
             "subtitle": "Everyone is invented.", "fontSize": 17, "offset": 14}  # fmt: skip
    # Without any score the first panel would be empty, so it is left out.
    scored = any(row["value"] is not None for row in _points(worlds, "score"))
    parts = [*([_score(worlds)] if scored else []), _risk(worlds, not scored), _events(worlds)]
    shared = {"scale": {"color": "shared", "strokeDash": "shared"}}
    return styled({"vconcat": parts, "spacing": 22, "resolve": shared, "title": title,
                   "padding": 14}, background="white")  # fmt: skip


def world_names(profile: Profile, twin: Profile | None) -> dict[str, Profile]:
    """The profiles by the name of their world; a twin in a world of the same name is marked."""
    worlds = {profile.world or "this world": profile}
    if twin is not None:
        name = twin.world or "the other world"
        worlds[name if name not in worlds else f"{name} (twin)"] = twin
    return worlds


def _time(worlds: dict[str, Profile], labels: bool) -> dict:
    """The axis of time; dates are those of the run in every time zone of a reader."""
    first = next(iter(worlds.values()))
    last = max(profile.days for profile in worlds.values())
    ends = [first.date(0).isoformat(), first.date(last).isoformat()]
    axis = {"grid": True, "tickCount": 8, "labels": labels, "ticks": labels, "domain": labels}
    return {"field": "date", "type": "temporal", "title": None, "axis": axis,
            "scale": {"type": "utc", "domain": ends}}  # fmt: skip


def _by_world(worlds: dict[str, Profile], legend: bool) -> dict:
    names = list(worlds)
    key = {"orient": "top", "title": None, "columns": 1, "symbolOpacity": 1, "offset": 12}
    key = key if legend and len(names) > 1 else None
    field = {"field": "world", "type": "nominal"}
    return {
        "color": {**field, "legend": key, "scale": {"domain": names, "range": [BLUE, GREEN]}},
        "strokeDash": {**field, "legend": key,
                       "scale": {"domain": names, "range": list(DASHES[:2])}},
    }  # fmt: skip


def _points(worlds: dict[str, Profile], series: str) -> list[dict]:
    return [{"date": date, "world": world, "value": value}
            for world, profile in worlds.items() for date, value in profile.series[series]
            ]  # fmt: skip


def _panel(title: str, height: int) -> dict:
    head = {"text": title, "anchor": "start", "frame": "group", "offset": 8}
    return {"width": WIDTH, "height": height, "title": head}


def _score(worlds: dict[str, Profile]) -> Spec:
    """The score, and the line below which restrictions are imposed."""
    scores, lines = _points(worlds, "score"), _points(worlds, "line")
    known = [row["value"] for row in (*scores, *lines) if row["value"] is not None] or [1000]
    y = {"field": "value", "type": "quantitative", "title": None,
         "scale": {"domain": [min(known) - 10, max(known) + 10], "zero": False},
         "axis": {"tickCount": 5, "format": ",d"}}  # fmt: skip
    mark = {"type": "line", "interpolate": "step-after", "invalid": "break-paths-show-domains"}
    x, by_world = _time(worlds, False), _by_world(worlds, True)
    layers = [
        {"data": {"values": lines}, "mark": {**mark, "strokeWidth": 1, "strokeOpacity": 0.5},
         "encoding": {"x": x, "y": y, "color": by_world["color"]}},
        {"data": {"values": scores}, "mark": {**mark, "strokeWidth": 2},
         "encoding": {"x": x, "y": y, **by_world}},
    ]  # fmt: skip
    title = "Score (thin line: restrictions below this score)"
    return {**_panel(title, 190), "layer": layers}


def _risk(worlds: dict[str, Profile], legend: bool) -> Spec:
    rows = _points(worlds, "risk")
    top = max((row["value"] for row in rows), default=0)
    y = {"field": "value", "type": "quantitative", "title": None,
         "scale": {"domain": [0, max(0.1, top)]}, "axis": {"tickCount": 4}}  # fmt: skip
    mark = {"type": "line", "interpolate": "step-after", "strokeWidth": 2}
    encoding = {"x": _time(worlds, False), "y": y, **_by_world(worlds, legend)}
    title = "Perceived risk of expression (0 to 1)"
    return {**_panel(title, 110), "data": {"values": rows}, "mark": mark, "encoding": encoding}


def _events(worlds: dict[str, Profile]) -> Spec:
    """The lanes of the timeline: a bar for what lasts, a mark for what happens on a day."""
    lanes, first = timeline_lanes([*worlds.values()]), next(iter(worlds.values()))
    bars = [row for lane in lanes for row in _bars(lane, worlds, first)]
    marks = [{"date": mark.date, "world": world, "row": lane.label, "cause": _cause(mark.kind)}
             for lane in lanes for world, track in zip(worlds, lane.tracks, strict=True)
             for mark in track.marks]  # fmt: skip
    names, labels = list(worlds), [lane.label for lane in lanes] or ["Nothing happened"]
    y = {"field": "row", "type": "nominal", "title": None, "scale": {"domain": labels},
         "axis": {"grid": True, "labelLimit": 0, "ticks": False, "minExtent": _LABELS}}  # fmt: skip
    beside = {"field": "world", "type": "nominal", "scale": {"domain": names}}
    place = {"x": _time(worlds, True), "y": y} | ({"yOffset": beside} if len(names) > 1 else {})
    colour = {"field": "world", "type": "nominal", "legend": None,
              "scale": {"domain": names, "range": [BLUE, GREEN]}}  # fmt: skip
    wrong = {"condition": {"test": "datum.cause == 'wrong'", "value": VERMILION}, **colour}
    shape = {"field": "cause", "type": "nominal", "legend": None,
             "scale": {"domain": ["own", "wrong"], "range": ["circle", "cross"]}}  # fmt: skip
    point = {"type": "point", "filled": False, "size": 52, "strokeWidth": 1.8, "opacity": 1}
    layers = [
        {"data": {"values": bars}, "mark": {"type": "bar", "height": 9},
         "encoding": {**place, "color": wrong, "x2": {"field": "end"}}},
        {"data": {"values": marks}, "mark": point,
         "encoding": {**place, "color": wrong, "shape": shape}},
    ]  # fmt: skip
    title = "Restrictions and events (orange, cross: without an act of this person's own)"
    return {**_panel(title, 32 * len(labels)), "layer": layers}


def _bars(lane: Lane, worlds: dict[str, Profile], first: Profile) -> list[dict]:
    """What lasts does so to the end of its last day."""
    start = first.date(0)

    def after(day: str) -> str:
        return first.date((start.fromisoformat(day) - start).days + 1).isoformat()

    return [
        {"date": bar.first, "end": after(bar.last), "world": world, "row": lane.label,
         "cause": "own" if bar.own else "wrong"}
        for world, track in zip(worlds, lane.tracks, strict=True) for bar in track.bars
    ]  # fmt: skip


def _cause(kind: str) -> str:
    return "wrong" if kind == "wrong" else "own"
