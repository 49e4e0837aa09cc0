"""A check as a small picture: what is expected and allowed, beside what was got.

Across, everything is placed in per cent, so that a picture fits a phone and a screen. The middle
is what is expected; the reach of the picture follows from what is allowed and from the error.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from underwatch.verification.case import ERRORS, Check
from underwatch.verification.wording import numbers

_HEIGHT, _ROOM = 26, 1.6  # pixels; how far the picture reaches beyond what is allowed
_EDGE = 46.0  # per cent from the middle at which a mark that lies beyond is drawn
_LEAST = 1e-9  # relative; the reach where neither tolerance nor chance is involved


def reach(check: Check) -> float:
    """Half of what the picture shows: what is allowed and the error, with some room."""
    low, high = check.allowed
    spread = max(check.expected - low, high - check.expected, ERRORS * check.error)
    return _ROOM * max(spread, _LEAST * max(1.0, abs(check.expected)))


def position(check: Check, value: float) -> float:
    """Where a value lies, in per cent from the left; what is beyond lies at the edge."""
    away = 50 * (value - check.expected) / reach(check)
    return round(50 + max(-_EDGE, min(_EDGE, away)), 2)


def strip(check: Check, sort: str = "right", word: str = "") -> Markup:
    """The picture: a band for what is allowed, a line at what is expected, and what was got.

    What was got is a dot with its interval; a cross if it does not agree. sort: right, wrong, or
    plain where agreement shows nothing. word: the verdict, for those who hear the picture.
    """
    low, high = (position(check, value) for value in check.allowed)
    middle, at = _HEIGHT // 2, position(check, check.got)
    left, right = (position(check, value) for value in check.interval)
    parts = [
        f'<line class="base" x1="0" x2="100%" y1="{middle}" y2="{middle}"/>',
        f'<rect class="allowed" x="{low}%" width="{high - low:.2f}%" y="3" '
        f'height="{_HEIGHT - 6}"/>' if high > low else "",
        f'<line class="expected" x1="50%" x2="50%" y1="1" y2="{_HEIGHT - 1}"/>',
        f'<line class="interval {sort}" x1="{left}%" x2="{right}%" y1="{middle}" '
        f'y2="{middle}"/>' if check.error else "",
        f'<circle class="{sort}" cx="{at}%" cy="{middle}" r="5"/>' if sort != "wrong" else
        f'<use class="{sort}" href="#cross" x="{at}%" y="{middle}"/>',
    ]  # fmt: skip
    shown = numbers(check)
    label = f"{check.label}: expected {shown.expected}, got {shown.got}, {word or sort}"
    return Markup(
        f'<svg class="strip" width="100%" height="{_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )
