"""Python values of a caller as a file would hold them: plain, with dates as text."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from underwatch.scenario.dated import Dated

MOST_DEPTH = 24  # lists and mappings inside each other, as in a file


def plain_value(value: Any, depth: int = 0) -> Any:
    """A value as JSON could hold it; numbers of NumPy become plain ones.

    depth: how many lists and mappings hold the value.

    Raises TypeError for what no scenario can hold, such as a function.

    Examples
    --------
    >>> plain_value({date(2018, 1, 1): 0.5})
    {'2018-01-01': 0.5}
    """
    if depth > MOST_DEPTH:
        raise TypeError(f"nests deeper than {MOST_DEPTH} levels")
    if isinstance(value, Dated):
        value = value.written
    if isinstance(value, str):
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            raise TypeError("holds half of a character (\\ud800 to \\udfff)")
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, datetime):
        raise TypeError("is a date with a time, but a scenario has whole days")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {
            str(plain_value(key, depth + 1)): plain_value(part, depth + 1)
            for key, part in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain_value(part, depth + 1) for part in value]
    if hasattr(value, "tolist") and not isinstance(value, type):  # arrays and numbers of NumPy
        return plain_value(value.tolist(), depth + 1)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError("is not a finite number")
        # As in a file: 1e6 is a whole number, too.
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    raise TypeError(f"is a {type(value).__name__}, which a scenario cannot hold")
