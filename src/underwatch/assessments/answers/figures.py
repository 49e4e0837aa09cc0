"""Figures of a deployment file in words: as declared, with their ranges."""

from __future__ import annotations

from typing import Any

from underwatch.assessments.result import Figure
from underwatch.report.numbers import RAISED


def figure(entry: Any, percent: bool = False) -> str:
    """A figure of the file with its range, and whether it is an assumption.

    percent: whether it is a share, to be written in percent.

    Examples
    --------
    >>> figure(Figure(50_000, 40_000, 60_000, "assumption: no count"))
    '50,000 (40,000 to 60,000; assumption)'
    >>> figure(Figure(0.95, 0.85, 0.99, "npl_2023"), percent=True)
    '95 % (85 to 99)'
    """
    if not isinstance(entry, Figure):
        return f"{entry:,}" if isinstance(entry, int) else str(entry)
    times = 100 if percent else 1
    ends = [plain(times * each) for each in (entry.low, entry.high) if each is not None]
    notes = [" to ".join(ends)] if len(ends) == 2 else []
    notes += ["assumption"] if entry.assumed else []
    text = plain(times * entry.value) + (" %" if percent else "")
    return f"{text} ({'; '.join(notes)})" if notes else text


def plain(value: float) -> str:
    """A declared number, without digits that it does not have.

    >>> plain(50_000.0), plain(0.6), plain(1.667e-8)
    ('50,000', '0.6', '1.667 × 10⁻⁸')
    """
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    if abs(value) < 1e-3:
        number, _, power = f"{value:.4g}".partition("e")
        if power:
            return f"{number} × 10{str(int(power)).translate(RAISED)}"
    return f"{value:,.6g}"


def rounded(value: float, digits: int = 2) -> str:
    """A number that was computed, in two digits or more.

    >>> rounded(25_577.2), rounded(0.767), rounded(4.26e-8)
    ('26,000', '0.77', '4.3 × 10⁻⁸')
    """
    return plain(float(f"{value:.{digits - 1}e}"))
