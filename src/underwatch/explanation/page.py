"""An explanation as one HTML page that needs no network."""

import re
from typing import Any

from markupsafe import Markup, escape

from underwatch.explanation import comparison, strips
from underwatch.explanation.lanes import file_lanes, timeline_lanes
from underwatch.explanation.person import person
from underwatch.explanation.profile import Profile, Span
from underwatch.explanation.story import Story, story_of
from underwatch.explanation.terminal import FEW
from underwatch.explanation.wording import basis_lines, fault, number
from underwatch.report import origins
from underwatch.report.parts import Table, dates
from underwatch.report.stamp import stamp
from underwatch.report.templates import template

_DATE = re.compile(r"\b\d{4}-\d\d-\d\d\b")
_FILE = ("truth", "here")  # the tracks of a lane that sets the file beside the truth


def page(
    provenance: dict[str, Any], profile: Profile, twin: Profile | None, divergence: dict | None
) -> str:
    """The page as text: the finding, the timeline, the file beside the truth, the years, the rows.

    Every sentence links to the rows behind it: events, restrictions, acts of a year, differences.
    """
    profiles = {"here": profile} | ({"twin": twin} if twin else {})
    story, axis = story_of(profile, twin, divergence), strips.Axis.of([*profiles.values()])
    return template("explanation.html.j2").render(
        kicker="One invented citizen" + (" in two worlds" if twin else ""),
        title=story.title,
        stamp=stamp(provenance),
        text="",
        size=[],
        days=dates(provenance),
        story=story,
        person=person(profile),
        names={world: each.world for world, each in profiles.items()},
        axis=strips.axis_svg(axis),
        timeline=[(lane, strips.lane_svg(lane, axis, list(profiles)))
                  for lane in timeline_lanes([*profiles.values()])],
        series=_series(profiles, axis),
        file=[(lane, strips.lane_svg(lane, axis, _FILE)) for lane in file_lanes(profile)],
        beside=_beside(profile),
        last=_last_evening([*profiles.values()]),
        compared=_compared(profile, twin),
        difference=comparison.difference_rows(divergence) if twin else [],
        rows={world: _rows(world, each) for world, each in profiles.items()},
        behind=_behind(story),
        named=named,
        dated=dated,
        few=FEW,
        figures=_figures(profile),
        **origins.origin(provenance),
    )  # fmt: skip


def named(source: str) -> str:
    """What a link to a row says: "12" or "twin restriction 1"."""
    return source.removeprefix("here-").replace("-", " ")


def dated(text: str) -> Markup:
    """A text in which dates are marked as such, so that none is broken across lines."""
    return Markup(_DATE.sub(r"<time>\g<0></time>", str(escape(text))))


def _series(profiles: dict[str, Profile], axis: strips.Axis) -> list[tuple[str, list[str], Any]]:
    """(label, note of each world, picture) of the score and of the perceived risk."""
    found = []
    for name, label in (("score", "Score"), ("risk", "Perceived risk of expression")):
        points = {world: profile.series[name] for world, profile in profiles.items()}
        values = {world: [value for _, value in of if value is not None]
                  for world, of in points.items()}  # fmt: skip
        if not any(map(any, values.values())):
            continue
        lines = list(points.items())
        known = [value for each in values.values() for value in each]
        if name == "score":
            thresholds = [
                (f"{world} line", each.series["line"]) for world, each in profiles.items()
            ]
            known += [value for _, of in thresholds for _, value in of if value is not None]
            lines = thresholds + lines
        notes = [_extent(each, 0 if name == "score" else 2) for each in values.values()]
        picture = strips.series_svg(lines, axis, (min(known), max(known)),
                                    f"{label} over time: {'; '.join(notes)}")  # fmt: skip
        found.append((label, notes, picture))
    return found


def _extent(values: list[float], digits: int) -> str:
    if not values:
        return "none"
    low, high = (number(round(value, digits)) for value in (min(values), max(values)))
    return f"{low} to {high}" if low != high else f"{low} throughout"


def _beside(profile: Profile) -> list[tuple[str, str, str, str, int]]:
    """(act, done, on file, not on file, wrong records) for each sort of act."""
    found = []
    for label, done, own, wrong in profile.truth_and_file():
        unseen = "–" if done is None else f"{max(0, done - own):,}"
        found.append((label, "–" if done is None else f"{done:,}", f"{own:,}", unseen, wrong))
    return found


def _last_evening(profiles: list[Profile]) -> Table:
    rows = comparison.comparison(profiles)
    start = next(k for k, (label, _) in enumerate(rows) if label == "Last evening")
    head = ["What", *(["Here", "Twin"] if len(profiles) > 1 else ["Value"])]
    cells = [[label.strip().capitalize(), *texts] for label, texts in rows[start + 1 :]]
    return Table("Last evening", head, cells, set(range(1, len(head))))


def _compared(profile: Profile, twin: Profile | None) -> Table | None:
    """The sums of both worlds; None without a twin."""
    if twin is None:
        return None
    rows = []
    for sort, heading in comparison.SUMS.items():
        for label in dict.fromkeys([*profile.sums[sort], *twin.sums[sort]]):
            counts = [f"{p.sums[sort].get(label, 0):,}" for p in (profile, twin)]
            rows.append([label.capitalize(), *counts, heading])
    head = ["Event", "Here", "Twin", "Kind"]
    return Table("How often each event occurs in both worlds", head, rows, {1, 2})


def _rows(world: str, profile: Profile) -> dict[str, Any]:
    """Everything that a sentence can rest on, with the names by which sentences call it."""
    events = [
        (f"{world}-{n}", e.date, e.what + (f" × {e.times}" if e.times > 1 else ""), e.entered_by,
         fault(e) or e.true_cause, e.own, "; ".join(basis_lines(e)))
        for n, e in enumerate(profile.events, 1)
    ]  # fmt: skip
    lasting = _lasting(world, "restriction", profile.spans)
    lasting += _lasting(world, "condition", profile.conditions)
    acts = [(f"{world}-acts-{year}", year, ", ".join(f"{label} {n:,}" for label, n in of.items()))
            for year, of in profile.acts_by_year.items()]  # fmt: skip
    return {"events": events, "lasting": lasting, "acts": acts}


def _lasting(world: str, sort: str, spans: list[Span]) -> list[tuple]:
    return [
        (f"{world}-{sort}-{k}", s.kind.capitalize(), s.first, s.last, f"{s.days:,}", s.cause, s.own)
        for k, s in enumerate(spans, 1)
    ]


def _behind(story: Story) -> list[tuple[str, tuple[str, ...]]]:
    """The sentences that rest on more rows than are named beside them, and all of these."""
    return [(each.text, each.sources) for each in story if len(each.sources) > FEW]


def _figures(profile: Profile) -> Table:
    rows = [list(line) for line in comparison.figure_lines(profile)]
    return Table("Figures of the scenario behind these events", ["Figure", "Value", "Source"], rows)
