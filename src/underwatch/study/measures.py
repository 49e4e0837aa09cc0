"""What studies need to know of measures: which exist, and the unit of each."""

from collections.abc import Iterable
from typing import NamedTuple

from underwatch.errors import UserError, did_you_mean, shortened
from underwatch.study.runs import Outcome


class MeasureInfo(NamedTuple):
    """How a measure is shown: a label that reads alone, its unit and its definition."""

    name: str
    label: str
    unit: str
    definition: str


def check_measure(measure: str) -> None:
    """Refuse what is neither a measure of the summary nor a tally, before any simulation."""
    from underwatch.measurement.catalogue import MEASURES
    from underwatch.measurement.summary import NAMES

    known = [*NAMES, *MEASURES]
    if measure not in known:
        raise UserError(
            f"{shortened(measure) or repr(measure)} is not a measure{did_you_mean(measure, known)}"
        )


def describe_measure(measure: str, outcome: Outcome) -> MeasureInfo:
    """A measure of the summary, or the total of a tally over a whole run.

    The total of a tally that counts people day by day is in person-days; a level, which is
    measured each seventh day, is the value of the last day.
    """
    from underwatch.measurement.catalogue import MEASURES, unit_of

    for line in outcome.lines:
        if line.name == measure:
            return MeasureInfo(measure, line.label, line.unit, line.definition)
    tally = MEASURES[measure]
    when = "on the last day" if tally.level else "sum over all days"
    return MeasureInfo(measure, f"{tally.label}, {when}", unit_of(measure), tally.definition)


def title_words(names: Iterable[str]) -> str:
    """Names as one phrase: "a", "a and b", "a, b and c".

    Examples
    --------
    >>> title_words(["a", "b", "c"])
    'a, b and c'
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
