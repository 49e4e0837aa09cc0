"""Lanes, scores and axes as SVG that has no width of its own.

Across, everything is placed in per cent of the run, so that a timeline fits a phone and a screen,
and its text keeps its size on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from markupsafe import Markup, escape

from underwatch.explanation.lanes import Lane, Mark, Track
from underwatch.explanation.profile import Profile

_TRACK, _GAP = 14, 3  # pixels
_MOST_YEARS, _MOST_MONTHS = 8, 5  # ticks whose labels a phone has room for
_PLOT = 96  # height of a plot of a series, in pixels


@dataclass(frozen=True)
class Axis:
    """The days of a run from left to right."""

    first: date
    days: int

    @classmethod
    def of(cls, profiles: Sequence[Profile]) -> Axis:
        """The axis that holds all days of some profiles."""
        return cls(profiles[0].date(0), max(profile.days for profile in profiles))

    def at(self, day: str, after: int = 0) -> float:
        """Where a day begins, in per cent; after: of a later day, by this many."""
        since = (date.fromisoformat(day) - self.first).days + after
        return round(100 * since / self.days, 3)

    def ticks(self) -> list[tuple[str, str]]:
        """(day, label) of the beginnings of years, or of months in a short run; few."""
        last = self.first + timedelta(self.days - 1)
        if self.days > 730:
            years = range(self.first.year + 1, last.year + 1)
            step = -(-len(years) // _MOST_YEARS) or 1
            return [(f"{year}-01-01", str(year)) for year in years[::step]]
        months = [divmod(k, 12) for k in range(self.first.year * 12 + self.first.month,
                                               last.year * 12 + last.month)]  # fmt: skip
        step = -(-len(months) // _MOST_MONTHS) or 1
        days = [f"{year}-{month + 1:02d}" for year, month in months[::step]]
        return [(f"{day}-01", day) for day in days]


def lane_svg(lane: Lane, axis: Axis, worlds: Sequence[str]) -> Markup:
    """A lane as a picture: one track below the other, named after `worlds` in the style."""
    height = len(lane.tracks) * (_TRACK + _GAP) + _GAP
    parts = [_grid(axis, height)]
    for k, (track, world) in enumerate(zip(lane.tracks, worlds, strict=True)):
        parts.append(_track(track, axis, world, _GAP + k * (_TRACK + _GAP)))
    return _svg(height, parts, _described(lane, worlds))


def _described(lane: Lane, worlds: Sequence[str]) -> str:
    names = {"here": "here: ", "twin": "twin: "} if len(worlds) > 1 else {}
    notes = (f"{names.get(world, '')}{track.note}"
             for track, world in zip(lane.tracks, worlds, strict=True))  # fmt: skip
    return f"{lane.label}, {'; '.join(notes)}"


def _track(track: Track, axis: Axis, world: str, top: int) -> str:
    parts = []
    for bar in track.bars:
        left = axis.at(bar.first)
        width = max(0.5, axis.at(bar.last, 1) - left)
        sort = "own" if bar.own else "wrong"
        parts.append(f'<rect class="bar {world} {sort}" x="{left}%" y="{top}" '
                     f'width="{width:.3f}%" height="{_TRACK}"/>')  # fmt: skip
    parts += [_mark(mark, axis, world, top) for mark in track.marks]
    return "".join(parts)


def _mark(mark: Mark, axis: Axis, world: str, top: int) -> str:
    at = axis.at(mark.date)
    if mark.kind == "wrong":
        return f'<use class="{world} cross" href="#cross" x="{at}%" y="{top + _TRACK // 2}"/>'
    return (f'<line class="{world} tick" x1="{at}%" x2="{at}%" y1="{top + 1}" '
            f'y2="{top + _TRACK - 1}"/>')  # fmt: skip


def axis_svg(axis: Axis) -> Markup:
    """The labels of the ticks."""
    parts = []
    for day, label in axis.ticks():
        at = axis.at(day)
        if at > 97:  # it would stand in the label before it
            continue
        anchor = "start" if at < 4 else "middle"
        parts.append(f'<text x="{at}%" y="12" text-anchor="{anchor}">{escape(label)}</text>')
    return _svg(16, parts, "")


def series_svg(
    lines: Sequence[tuple[str, list[list]]], axis: Axis, ends: tuple[float, float], label: str
) -> Markup:
    """Steps over time in a plot from the lowest to the highest value.

    lines: (class in the style, points), where a value None interrupts the line.
    """
    low, high = ends
    parts = [_grid(axis, _PLOT)]
    paths = "".join(f'<path class="{sort}" d="{_steps(points, axis, low, high)}" '
                    'vector-effect="non-scaling-stroke"/>' for sort, points in lines)  # fmt: skip
    parts.append(f'<svg viewBox="0 0 1000 1000" preserveAspectRatio="none" width="100%" '
                 f'height="{_PLOT}">{paths}</svg>')  # fmt: skip
    return _svg(_PLOT, parts, label)


def _steps(points: list[list], axis: Axis, low: float, high: float) -> str:
    """The path of a line that keeps its value until the next point."""
    path, before = [], None
    for day, value in points:
        x = 10 * axis.at(day)
        if value is None:
            before = None
            continue
        y = 960 - 920 * (value - low) / (high - low or 1)
        path.append(f"M{x:.1f} {y:.0f}" if before is None else f"H{x:.1f}V{y:.0f}")
        before = value
    return "".join(path)


def _grid(axis: Axis, height: int) -> str:
    lines = [f'<line class="grid" x1="{at}%" x2="{at}%" y1="0" y2="{height}"/>'
             for at in (axis.at(day) for day, _ in axis.ticks())]  # fmt: skip
    return "".join(lines) + f'<line class="grid" x1="0" x2="100%" y1="{height}" y2="{height}"/>'


def _svg(height: int, parts: list[str], label: str) -> Markup:
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="strip" width="100%" height="{height}" {named}>'
                  f'{"".join(parts)}</svg>')  # fmt: skip
