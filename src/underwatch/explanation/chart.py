"""A life as a picture: score and line, perceived risk, and marks for what was decided."""

from functools import partial

from underwatch.explanation.life import Life
from underwatch.report.charts import BLUE, DASHES, VERMILION, Spec, styled

WIDTH, EVERY = 760, 7  # pixels; days between two points of a line
# What is marked, by the row on which it stands; in the order of the rows.
ROWS = {
    "wrong record": (), "restricted or listed": ("restricted by score", "listed"),
    "spared, ended, upheld": ("spared by a reviewer", "restriction ended", "appeal upheld"),
    "refused": ("flight refused", "train refused", "visa refused"),
    "named, dismissed, stopped": ("named in public", "dismissed", "stopped"),
    "act not done": ("post not made", "message not sent", "petition not signed",
                     "protest not joined", "foreign source not opened"),
}  # fmt: skip


def life_chart(life: Life, twin: Life | None = None) -> Spec:
    """The whole picture; `twin` is the same person in another world."""
    lives = {_name(life, "this world"): life}
    if twin is not None:
        other = _name(twin, "the other world")
        lives[other if other not in lives else f"{other} (twin)"] = twin
    said = "Everyone in it is invented."
    head = {"text": f"Citizen {life.citizen}, {life.traits['age']} years", "subtitle": said,
            "fontSize": 17, "offset": 14}  # fmt: skip
    parts = [_score(lives), _risk(lives), _marks(lives)]
    apart = {"scale": {"color": "shared", "strokeDash": "shared"}}
    return styled(
        {"vconcat": parts, "spacing": 18, "resolve": apart, "title": head, "padding": 14},
        ground="white",
    )


def _name(life: Life, otherwise: str) -> str:
    return life.recording.scenario.title or otherwise


def _across(lives: dict[str, Life], labels: bool) -> dict:
    """The common axis of time; dates are the nation's own, whatever the reader's time zone."""
    life = next(iter(lives.values()))
    last = max(x.recording.days for x in lives.values())
    ends = [life.date(0).isoformat(), life.date(last).isoformat()]
    axis = {"grid": True, "tickCount": 8, "labels": labels, "ticks": labels, "domain": labels}
    return {"field": "date", "type": "temporal", "title": None, "axis": axis,
            "scale": {"type": "utc", "domain": ends}}  # fmt: skip


def _coloured(lives: dict[str, Life], legend: bool) -> dict:
    names = list(lives)
    key = {"orient": "top", "title": None, "columns": 2, "symbolOpacity": 1, "offset": 12}
    key = key if legend and len(names) > 1 else None
    what = {"field": "world", "type": "nominal"}
    return {
        "color": {**what, "legend": key, "scale": {"domain": names, "range": [BLUE, VERMILION]}},
        "strokeDash": {**what, "legend": key,
                       "scale": {"domain": names, "range": list(DASHES[:2])}},
    }  # fmt: skip


def _rows(life: Life, world: str, values) -> list[dict]:
    """A line, each seventh day; a day on which it jumps is kept, so that nothing leans."""
    rows, last = [], None
    for day in range(life.recording.days):
        value = values(day)
        if value != last or day % EVERY == 0 or day == life.recording.days - 1:
            rows.append({"date": life.date(day).isoformat(), "world": world, "value": value})
        last = value
    return rows


def _panel(title: str, height: int) -> dict:
    said = {"text": title, "anchor": "start", "frame": "group", "offset": 8}
    return {"width": WIDTH, "height": height, "title": said}


def _score(lives: dict[str, Life]) -> Spec:
    """The score in both worlds, and the line below which things close."""
    scores, lines = [], []
    for world, life in lives.items():
        scores += _rows(life, world, partial(_scored, life))
        lines += _rows(life, world, partial(_line, life))
    known = [row["value"] for row in (*scores, *lines) if row["value"] is not None] or [1000]
    domain = [min(known) - 10, max(known) + 10]
    down = {"field": "value", "type": "quantitative", "title": None,
            "scale": {"domain": domain, "zero": False},
            "axis": {"tickCount": 5, "format": "d"}}  # fmt: skip
    mark = {"type": "line", "interpolate": "step-after", "invalid": "break-paths-show-domains"}
    across, colours = _across(lives, False), _coloured(lives, True)
    layers = [
        {"data": {"values": lines}, "mark": {**mark, "strokeWidth": 1, "strokeOpacity": 0.5},
         "encoding": {"x": across, "y": down, "color": colours["color"]}},
        {"data": {"values": scores}, "mark": {**mark, "strokeWidth": 2},
         "encoding": {"x": across, "y": down, **colours}},
    ]  # fmt: skip
    title = "Score where there is one; thin: the line below which things close"
    if all(row["value"] is None for row in scores):
        title = "No score in any of these years; thin: the line below which things close"
    return {**_panel(title, 190), "layer": layers}


def _scored(life: Life, day: int) -> int | None:
    return int(life.scores[day]) if life.scores[day] >= 0 else None


def _line(life: Life, day: int) -> int | None:
    params = life.params(day)
    return int(params["line"]) if params["restrict_on"] and params["scoring"] else None


def _risk(lives: dict[str, Life]) -> Spec:
    rows = []
    for world, life in lives.items():
        rows += _rows(life, world, lambda d, x=life: round(int(x.states[d]["risk"]) / 255, 4))
    top = max((row["value"] for row in rows), default=0)
    down = {"field": "value", "type": "quantitative", "title": None,
            "scale": {"domain": [0, max(0.1, top)]}, "axis": {"tickCount": 4}}  # fmt: skip
    mark = {"type": "line", "interpolate": "step-after", "strokeWidth": 2}
    encoding = {"x": _across(lives, False), "y": down, **_coloured(lives, False)}
    title = "Perceived risk of speaking, of 1"
    return {**_panel(title, 110), "data": {"values": rows}, "mark": mark, "encoding": encoding}


def _marks(lives: dict[str, Life]) -> Spec:
    """A mark for each decision, wrong record and act not done."""
    rows = [row for world, life in lives.items() for event in life.events
            for row in _marked(event, world)]  # fmt: skip
    names = list(lives)
    colour = {"field": "world", "type": "nominal", "legend": None,
              "scale": {"domain": names, "range": [BLUE, VERMILION]}}  # fmt: skip
    down = {"field": "row", "type": "nominal", "title": None, "scale": {"domain": list(ROWS)},
            "axis": {"grid": True, "labelLimit": 260}}  # fmt: skip
    beside = {"field": "world", "type": "nominal", "scale": {"domain": names}}
    mark = {"type": "point", "filled": False, "size": 52, "strokeWidth": 1.8, "opacity": 1}
    shape = {"field": "own", "type": "nominal", "legend": None,
             "scale": {"domain": [True, False], "range": ["circle", "cross"]}}  # fmt: skip
    encoding = {"x": _across(lives, True), "y": down, "color": colour, "shape": shape}
    if len(names) > 1:
        encoding["yOffset"] = beside
    title = "What was decided, and what was not done (cross: no act of one's own behind it)"
    return {**_panel(title, 30 * len(ROWS)), "data": {"values": rows}, "mark": mark,
            "encoding": encoding}  # fmt: skip


def _marked(event, world: str) -> list[dict]:
    row = next((row for row, kinds in ROWS.items() if event.what in kinds), None)
    if event.sort == "record" and not event.own:
        row = "wrong record"
    if row is None:
        return []
    return [{"date": event.date, "world": world, "row": row, "own": event.own}]
