"""Numbers for readers: as many digits as their uncertainty allows, the same in a whole column.

The precision of a number follows from its interval: two significant digits of the standard
error. Without an interval it follows from the number of events behind it, and without that it
is three significant digits. Counts are whole. A missing value is "not defined".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, sqrt
from statistics import median_low
from typing import SupportsFloat

NOT_DEFINED = "not defined"
Z = 1.959964  # a 95 % interval reaches so many standard errors to either side
MOST_DECIMALS = 8
_TINY = 1e-6  # below it a number is written with a power of ten
_STRIPPED = 0.1  # of a number, that rounding takes away or adds at most, beside an interval
_ZEROS = 3  # decimals of an exact zero at most
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# What is counted one by one; a value in one of these units has no decimals.
COUNTED = frozenset(
    (
        *("acts", "adults", "alerts", "appeals", "applications", "cases", "citizens", "events"),
        *("files", "instalments", "people", "person-days", "posts", "records", "restrictions"),
        *("runs", "seeds", "stops", "tickets", "ties"),
    )
)
Number = SupportsFloat | None
Interval = tuple[Number, Number]


def format_value(
    value: Number,
    low: Number = None,
    high: Number = None,
    unit: str = "",
    *,
    events: int | None = None,
    signed: bool = False,
) -> str:
    """One number with its unit, as precise as it is known.

    Parameters
    ----------
    value: the number; None and NaN are "not defined".
    low, high: its 95 % interval, which sets the precision and is not shown.
    unit: stands behind the number after a space.
    events: how many events the number rests on, where there is no interval.
    signed: write the sign of a positive number too.

    Examples
    --------
    >>> format_value(4.3127, 4.1, 4.5, "%")
    '4.31 %'
    >>> format_value(1489726.5, unit="records")
    '1,489,726 records'
    >>> format_value(42.3456, events=10, unit="%")
    '42 %'
    >>> format_value(None, unit="%")
    'not defined'
    """
    if not is_defined(value):
        return NOT_DEFINED
    decimals = decimals_for(value, low, high, unit, events)
    if low is None and high is None and 0 < abs(float(value)) < _TINY:
        text = _in_powers(float(value), signed)
    else:
        text = _written(value, decimals, signed)
    return f"{text} {unit}" if unit else text


def format_interval(
    value: Number, low: Number, high: Number, unit: str = "", *, three_at_most: bool = False
) -> str:
    """One number with its 95 % interval, all three in one precision.

    three_at_most: no more than three digits, unless the ends would then be the same; and digits
        of its own for each number, where the precision of a wide interval would strip one of them.

    Examples
    --------
    >>> format_interval(4.3127, 4.1, 4.5, "%")
    '4.31 % (95 % interval 4.10 to 4.50)'
    >>> format_interval(4.3127, None, None, "%")
    '4.31 %'
    >>> format_interval(19.668, 19.588, 19.95, "%", three_at_most=True)
    '19.7 % (95 % interval 19.6 to 19.9)'
    >>> format_interval(33.2, 0.42, 598.4, "%", three_at_most=True)
    '33.2 % (95 % interval 0.42 to 598)'
    """
    if not (is_defined(value) and is_defined(low) and is_defined(high)):
        return format_value(value, low, high, unit)
    decimals = decimals_for(value, low, high, unit, three_at_most=three_at_most)
    three = [float(each) for each in (value, low, high)]  # type: ignore[arg-type]
    if three_at_most and any(abs(round(x, decimals) - x) > _STRIPPED * abs(x) for x in three):
        text, *ends = (_own_digits(x, unit) for x in three)
    else:
        text, *ends = (_written(each, decimals) for each in (value, low, high))
    text = f"{text} {unit}" if unit else text
    return f"{text} (95 % interval {' to '.join(ends)})"


def _own_digits(value: float, unit: str) -> str:
    """Three digits at most, whatever stands beside it; whole, if it is counted.

    >>> _own_digits(0.42, "%"), _own_digits(1234.5, "%"), _own_digits(0.42, "people")
    ('0.42', '1,230', '0')
    """
    if 0 < abs(value) < _TINY:
        return _in_powers(value)
    return f"{round(value):,}" if unit in COUNTED else f"{float(f'{value:.3g}'):,.10g}"


def format_column(
    values: Iterable[Number],
    intervals: Sequence[Interval | None] | None = None,
    unit: str | Sequence[str] = "",
    *,
    events: Sequence[int | None] | None = None,
    signed: bool = False,
    missing: str = NOT_DEFINED,
) -> list[str]:
    """The cells of a column, without units: one precision for all with the same kind of unit.

    All percentages share one precision, as do all rates "per" something.

    The precision is the median of what each value allows. A value that this would leave with
    less than two significant digits keeps two, if it has no interval; with one, only zero is
    avoided. A value from 1,000 on is whole,
    as is one whose interval reaches 1,000.

    Parameters
    ----------
    values: numbers; None and NaN are `missing`.
    intervals: (low, high) of each value, or None where there is no interval.
    unit: of all values, or one unit for each value.
    events: how many events each value rests on.
    signed: write the sign of positive numbers too.

    Examples
    --------
    >>> format_column([4.3127, 12, None], [(4.1, 4.5), (11.8, 12.3), None], "%")
    ['4.31', '12.00', 'not defined']
    >>> format_column([3887.37, 12], unit="records")
    ['3,887', '12']
    >>> format_column([3887, 0.514], unit=["records", "%"])
    ['3,887', '0.514']
    """
    values = list(values)
    units = [unit] * len(values) if isinstance(unit, str) else list(unit)
    spans = [i or (None, None) for i in intervals] if intervals else [(None, None)] * len(values)
    behind = list(events) if events else [None] * len(values)
    if not len(values) == len(units) == len(spans) == len(behind):
        raise ValueError("values, intervals, units and events differ in length")
    shared = {
        name: _shared_decimals(
            [
                (value, low, high, count)
                for value, (low, high), other, count in zip(
                    values, spans, units, behind, strict=True
                )
                if _family(other) == name and is_defined(value)
            ],
            name,
        )
        for name in set(map(_family, units))
    }
    cells = []
    for value, (low, high), name, count in zip(values, spans, units, behind, strict=True):
        if not is_defined(value):
            cells.append(missing)
            continue
        decimals = shared[_family(name)]
        if is_defined(low) and is_defined(high) and max(abs(low), abs(high)) >= 1000:
            decimals = min(decimals, 0)
        if float(value) and not (is_defined(low) and is_defined(high)):
            # What the shared precision would strip of its digits keeps two of them.
            own = decimals_for(value, low, high, name, count)
            decimals = max(decimals, min(own, 1 - _exponent(float(value), 2)))
            # A number of four digits and more has no decimals, whatever stands beside it.
            decimals = min(decimals, 0) if abs(float(value)) >= 1000 else decimals
        cells.append(_written(value, decimals, signed))
    return cells


def _family(unit: str) -> str:
    """The units that share one precision with this one, by a common name."""
    if unit.startswith("%") or unit == "of 100":
        return "%"
    return "per" if unit.startswith("per ") else unit


def _shared_decimals(rows: list[tuple], unit: str) -> int:
    """The median of the decimals that values of one unit deserve."""
    counted = all(_is_integer(value) for value, *_ in rows)
    # A zero of which nothing else is known has no precision of its own, nor has a value that is
    # the same for every seed.
    defined = [
        row for row in rows if _standard_error(*row) or (float(row[0]) and not is_defined(row[1]))
    ] or [row for row in rows if float(row[0])]
    found = [
        decimals_for(value if counted else float(value), low, high, unit, count)
        for value, low, high, count in defined
    ]
    return median_low(found) if found else 0


def decimals_for(
    value: Number,
    low: Number = None,
    high: Number = None,
    unit: str = "",
    events: int | None = None,
    three_at_most: bool = False,
) -> int:
    """Decimals that a number deserves; negative where even its last whole digits are noise.

    three_at_most: with an interval, no more than three digits, unless its ends would be the same.

    Examples
    --------
    >>> decimals_for(4.3127, 4.1, 4.5), decimals_for(123456, 121000, 125000), decimals_for(0.0514)
    (2, -2, 4)
    >>> decimals_for(19.668, 19.588, 19.95), decimals_for(19.668, 19.588, 19.95, three_at_most=True)
    (3, 1)
    """
    counted = unit in COUNTED or _is_integer(value)
    error = _standard_error(value, low, high, events)
    if error:
        decimals = 1 - _exponent(error, 2)
        if is_defined(low) and is_defined(high) and three_at_most:
            # Three digits, or as many as tell the ends of the interval apart.
            apart = -_exponent(abs(float(high) - float(low)) / 2, 1)
            decimals = min(decimals, max(apart, 2 - _exponent(float(value) or error, 3)))
        if not (is_defined(low) and is_defined(high)):
            decimals = min(decimals, _three_digits(value))
    elif counted or not is_defined(value) or not float(value):
        decimals = 0
    else:
        decimals = _three_digits(value)
    return min(decimals, 0 if counted else MOST_DECIMALS)


def _three_digits(value: Number) -> int:
    """Decimals for three significant digits, and for every whole digit of a large number."""
    return max(0, 2 - _exponent(float(value), 3))


def _exponent(value: float, digits: int) -> int:
    """The power of ten of the first digit, once rounded: 2 for 99.96 with three digits."""
    return int(f"{value:.{digits - 1}e}".partition("e")[2])


def is_defined(value: Number) -> bool:
    """Whether there is a finite number to show."""
    return value is not None and isfinite(float(value))


def _standard_error(value: Number, low: Number, high: Number, events: int | None) -> float:
    """The standard error behind a number; zero where nothing is known of it."""
    if is_defined(low) and is_defined(high):
        return abs(float(high) - float(low)) / (2 * Z)
    if events and events > 0 and is_defined(value) and not _is_integer(value):
        return abs(float(value)) / sqrt(events)
    return 0.0


def _in_powers(value: float, signed: bool = False) -> str:
    """A very small number in two digits and a power of ten.

    >>> _in_powers(4.26e-8), _in_powers(-2e-10)
    ('4.3 × 10⁻⁸', '-2 × 10⁻¹⁰')
    """
    digits, _, power = f"{value:{'+' if signed else ''}.1e}".partition("e")
    return f"{digits.removesuffix('.0')} × 10{str(int(power)).translate(RAISED)}"


def _is_integer(value: Number) -> bool:
    return hasattr(value, "__index__")


def _written(value: Number, decimals: int, signed: bool = False) -> str:
    """A number with thousands separators; a value above 1e-9 is never written as zero."""
    sign = "+" if signed else ""
    if _is_integer(value):  # a large count loses no digit on its way through a float
        number = round(int(value), min(decimals, 0))
        return (
            f"{number:{sign},.{decimals}f}"
            if decimals > 0
            else f"{number:{sign if number else ''},d}"
        )
    value = float(value)
    number = round(value, decimals)
    if abs(value) >= 1e-9 and not number and decimals >= 0:
        decimals = -_exponent(value, 1)
        number = round(value, decimals)
    if not number:  # a zero that is exact needs no row of them
        return f"{0:.{max(0, decimals) if decimals <= _ZEROS else 0}f}"
    return f"{number:{sign},.{max(0, decimals)}f}"
