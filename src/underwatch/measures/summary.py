"""What a run came to, one line per measure: benefits as plainly as harms."""

from typing import NamedTuple


class SummaryLine(NamedTuple):
    """One figure of a run; `value` is None where it cannot be told.

    `kind` is one of "stated goal", "expression", "error", "association",
    "burden", "reach" and "account".
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    kind: str
