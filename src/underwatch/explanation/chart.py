"""An explanation as a chart: score and line, perceived risk, restrictions as bars, events."""

from underwatch.explanation.profile import Event, Profile
from underwatch.report.charts import BLUE, DASHES, VERMILION, styled
from underwatch.report.rendering import Spec

WIDTH, _LABELS = 700, 230  # pixels of the plots, and of the labels to their left
# The rows of the lowest panel, and the events that they show.
ROWS = {
    "Restricted by score": (), "On the court blacklist": (),
    "Wrong record": (),
    "Not confirmed, ended or upheld": ("restriction not confirmed", "restriction ended",
                                       "appeal upheld"),
    "Flight, train or visa refused": ("flight refused", "train refused", "visa refused"),
    "Named, dismissed or stopped": ("named in public", "dismissed", "stopped"),
    "Loan declined": ("loan declined",),
    "Act withheld": ("post withheld", "message withheld", "petition signature withheld",
                     "protest participation withheld", "foreign visit withheld"),
}  # fmt: skip
_SPANS = {"restricted by score": "Restricted by score", "listed": "On the court blacklist"}


def explanation_chart(profile: Profile, twin: Profile | None = None) -> Spec:
    """A Vega-Lite chart of a citizen; twin: the same citizen in another world."""
    worlds = world_names(profile, twin)
    title = {"text": f"Citizen {profile.name}, {profile.traits['age']} years",
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
        "color": {**field, "legend": key, "scale": {"domain": names, "range": [BLUE, VERMILION]}},
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
    """Restrictions from their first day to their last, and a mark for each other event."""
    names = list(worlds)
    spans = [row for world, profile in worlds.items() for row in _bars(profile, world)]
    marks = [row for world, profile in worlds.items() for event in profile.events
             for row in _mark(event, world)]  # fmt: skip
    colour = {"field": "world", "type": "nominal", "legend": None,
              "scale": {"domain": names, "range": [BLUE, VERMILION]}}  # fmt: skip
    y = {"field": "row", "type": "nominal", "title": None, "scale": {"domain": list(ROWS)},
         "axis": {"grid": True, "labelLimit": 0, "ticks": False, "minExtent": _LABELS}}  # fmt: skip
    x = _time(worlds, True)
    beside = {"field": "world", "type": "nominal", "scale": {"domain": names}}
    common = {"x": x, "y": y, "color": colour} | ({"yOffset": beside} if len(names) > 1 else {})
    shape = {"field": "own", "type": "nominal", "legend": None,
             "scale": {"domain": [True, False], "range": ["circle", "cross"]}}  # fmt: skip
    opacity = {"field": "own", "type": "nominal", "legend": None,
               "scale": {"domain": [True, False], "range": [0.4, 0.85]}}  # fmt: skip
    layers = [
        {"data": {"values": spans}, "mark": {"type": "bar", "height": 9},
         "encoding": {**common, "x2": {"field": "end"}, "opacity": opacity}},
        {"data": {"values": marks},
         "mark": {"type": "point", "filled": False, "size": 52, "strokeWidth": 1.8, "opacity": 1},
         "encoding": {**common, "shape": shape}},
    ]  # fmt: skip
    title = "Restrictions and events (dark bar or cross: no act of the citizen's own)"
    return {**_panel(title, 32 * len(ROWS)), "layer": layers}


def _bars(profile: Profile, world: str) -> list[dict]:
    """A restriction lasts to the end of its last day."""
    first = profile.date(0)
    return [{"date": span.first, "world": world, "row": _SPANS[span.kind], "own": span.own,
             "end": profile.date((profile.date(0).fromisoformat(span.last) - first).days + 1
                                 ).isoformat()}
            for span in profile.spans]  # fmt: skip


def _mark(event: Event, world: str) -> list[dict]:
    row = next((row for row, kinds in ROWS.items() if event.what in kinds), None)
    if event.sort == "record" and not event.own:
        row = "Wrong record"
    if row is None:
        return []
    return [{"date": event.date, "world": world, "row": row, "own": event.own}]
