"""What stands beside "too few events": exact intervals, and how many citizens it would take.

Fewer than 30 events are not compared or ranked, but what they say is exact: a count of independent
events has an exact 95 % interval of its expected number, and a share one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import ceil, log10

import numpy as np

from underwatch.measurement.estimates import MIN_EVENTS, TOO_FEW, too_few
from underwatch.report.special import special

Number = float | int | None
EXACT = "exact interval"  # the mark of a finding that rests on one
_RARE = frozenset((  # wholes that may be few themselves
    "alerts", "appeals filed", "applications", "cases", "charges", "declined applications",
    "restrictions imposed", "stops",
))  # fmt: skip
_NOTE = re.compile(rf"{TOO_FEW} events \((\d[\d,]*(?:,? (?:and )?\d[\d,]*)*)\)")
_OVER_POINTS = re.compile(rf"{TOO_FEW} events \((\d[\d,]*)\), median over the points")
_COUNT = re.compile(r"\d{1,3}(?:,\d{3})*")


def beside(text: str, citizens: int | None = None) -> str:
    """A text with the exact intervals of the counts that its notes on too few events name.

    text: with notes as `too_few` writes them, or without any. citizens: over all seeds; then also
    how many would give 30 events.

    Examples
    --------
    >>> beside("too few events (3 and 10)")
    'too few events (3 and 10) [exact 95 % intervals 0.62 to 8.8 and 4.8 to 18]'
    >>> beside("too few events (6)", 20_000)
    'too few events (6) [exact 95 % interval 2.2 to 13; 30 take about 100,000 citizens]'
    >>> beside("police at capacity on 3 of 10 days")
    'police at capacity on 3 of 10 days'
    """

    def replaced(found: re.Match[str]) -> str:
        counts = [int(one.replace(",", "")) for one in _COUNT.findall(found[1])]
        spans = [" to ".join(map(_short, count_interval(one))) for one in counts]
        *most, last = spans
        listed = f"intervals {', '.join(most)} and {last}" if most else f"interval {last}"
        more = f"; {_enough(min(counts), citizens)}" if citizens else ""
        return f"{found[0]} [exact 95 % {listed}{more}]"

    return _NOTE.sub(replaced, text)


def over_points(note: str, citizens: int) -> str:
    """A note on too few events at the median point of a study, and how many citizens it would take.

    citizens: at each point.

    Examples
    --------
    >>> over_points("too few events (2), median over the points", 4_000)
    'too few events (2), median over the points; 30 take about 60,000 citizens at each'
    >>> over_points("too few events (0), median over the points", 4_000)
    'too few events (0), median over the points; 30 take at least 33,000 citizens at each, if any \
occur'
    """
    found = _OVER_POINTS.fullmatch(note)
    if found is None:
        return note
    count = int(found[1].replace(",", ""))
    return f"{note}; {_enough(count, citizens)} at each" + ("" if count else ", if any occur")


def in_cell(text: str) -> str:
    """The same for a cell of a table, where there is little room.

    Examples
    --------
    >>> in_cell("too few events (3 and 10)")
    'too few events (3 [0.62 to 8.8] and 10 [4.8 to 18])'
    """

    def replaced(found: re.Match[str]) -> str:
        def spanned(count: re.Match[str]) -> str:
            low, high = count_interval(int(count[0].replace(",", "")))
            return f"{count[0]} [{_short(low)} to {_short(high)}]"

        return found[0].replace(found[1], _COUNT.sub(spanned, found[1]))

    return _NOTE.sub(replaced, text)


def without_few(
    values: Sequence[Number], units: Sequence[str], events: Sequence[int | None]
) -> tuple[list[Number], list[str]]:
    """(values, units) of a table: a share on few events has no value, and its unit says why.

    events: how many the rarer outcome of each share has; None where it rests on none. That nobody
    or everybody is or does something is shown: of adults, acts and ties there are many.

    Examples
    --------
    >>> without_few([9.1, 12], ["% of stops", "stops"], [1, 12])
    ([None, 12], ['% of stops; too few events (1 [0.025 to 5.6])', 'stops'])
    """

    def why(value: Number, unit: str, count: int | None) -> str:
        if value is None or not unit.startswith("%") or count is None or count < 0:
            return ""
        rare = unit.partition(" of ")[2].partition(";")[0] in _RARE
        return in_cell(too_few(count)) if rare or value not in (0, 100) else ""

    few = [why(*one) for one in zip(values, units, events, strict=True)]
    return (
        [None if note else value for value, note in zip(values, few, strict=True)],
        [f"{unit}; {note}" if note else unit for unit, note in zip(units, few, strict=True)],
    )


def count_interval(count: int) -> tuple[float, float]:
    """The exact 95 % interval of the expected number of independent events.

    Examples
    --------
    >>> [round(end, 2) for end in count_interval(10)], count_interval(0)[0]
    ([4.8, 18.39], 0.0)
    """
    low, high = poisson_interval(np.array([count]))
    return float(low[0]), float(high[0])


def poisson_interval(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exact 95 % intervals of counts of independent events.

    Examples
    --------
    >>> [round(float(end[0]), 2) for end in poisson_interval(np.array([10]))]
    [4.8, 18.39]
    """
    gammaincinv = special().gammaincinv
    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), 0.025), 0.0)
    return low, gammaincinv(counts + 1, 0.975)


def share_interval(part: int, whole: int) -> tuple[float, float]:
    """The exact 95 % interval of a share, in percent (Clopper and Pearson).

    Examples
    --------
    >>> [round(end, 1) for end in share_interval(3, 20)], share_interval(0, 20)[0]
    ([3.2, 37.9], 0.0)
    """
    betaincinv = special().betaincinv
    low = float(betaincinv(part, whole - part + 1, 0.025)) if part else 0.0
    high = float(betaincinv(part + 1, whole - part, 0.975)) if part < whole else 1.0
    return 100 * low, 100 * high


def share_in_words(part: int, whole: int) -> str:
    """A share on few events with its exact interval.

    Examples
    --------
    >>> share_in_words(3, 20)
    '3 of 20, or 15 % (exact 95 % interval 3.2 to 38)'
    """
    low, high = map(_short, share_interval(part, whole))
    share = _short(100 * part / whole)
    return f"{part:,} of {whole:,}, or {share} % (exact 95 % interval {low} to {high})"


def ratio_interval(counts: Sequence[int]) -> tuple[float, float]:
    """The exact 95 % interval of the ratio of two expected numbers, the second over the first.

    Given their sum, the second count is binomial; an end is infinite where the first is 0. Under
    common random numbers two worlds differ less by chance than this allows.

    Examples
    --------
    >>> [round(end, 2) for end in ratio_interval((10, 3))]
    [0.05, 1.17]
    """
    first, second = counts
    if not first + second:
        return 0.0, float("inf")
    low, high = (end / 100 for end in share_interval(second, first + second))
    return low / (1 - low), high / (1 - high) if high < 1 else float("inf")


def _enough(count: int, citizens: int) -> str:
    """How many citizens would give 30 events; at least, if none was counted."""
    expected = count or count_interval(0)[1]
    wanted = citizens * MIN_EVENTS / expected
    unit = 10 ** max(0, int(log10(wanted)) - 1)
    return f"{MIN_EVENTS} take {'about' if count else 'at least'} " \
           f"{ceil(wanted / unit) * unit:,} citizens"  # fmt: skip


def _short(value: float) -> str:
    """Two significant digits.

    >>> _short(0.0), _short(18.39), _short(1234.5)
    ('0', '18', '1,200')
    """
    number = float(f"{value:.2g}")
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
