"""The catalogue of measures: name, label, unit, definition, and what a sum of it counts.

The words stand in data/measures.toml. A tally is counted by day, and by month and stratum; the
order of the tallies is that of the columns which the engine counts into.
"""

from functools import cache
from typing import Any, NamedTuple

from underwatch.errors import UserError, did_you_mean
from underwatch.model.society.people import GROUPS
from underwatch.scenario.data import DATA
from underwatch.scenario.shipped_files import read_toml

TABLE = DATA / "measures.toml"
FLOW, STOCK, LEVEL = "flow", "stock", "level"


class Measure(NamedTuple):
    """One tally.

    type: "flow" (events of a day), "stock" (counted every evening) or "level" (measured every
    seventh day). kind: the heading under which it stands.
    """

    name: str
    label: str
    unit: str
    type: str
    kind: str
    definition: str
    reading: str

    @property
    def level(self) -> bool:
        """Whether it is measured every seventh day and held in between."""
        return self.type == LEVEL

    @property
    def aggregation(self) -> str:
        """What one figure of a whole run is: "last" for a level, else "sum"."""
        return "last" if self.level else "sum"


@cache
def words() -> dict[str, dict[str, dict[str, Any]]]:
    """The tables "tallies" and "summary" of data/measures.toml; read once."""
    return read_toml(TABLE)


MEASURES = {name: Measure(name, **entry) for name, entry in words()["tallies"].items()}
NAMES = tuple(MEASURES)

# What a tally is counted by, outermost first.
LAYERS = {
    "group": tuple("ABCD"[:GROUPS]),
    "age": ("18-29", "30-59", "60+"),
    "place": ("rural", "town", "metropolis"),
    "conviction": ("loyal", "in between", "critical"),
}
SHAPE = tuple(len(labels) for labels in LAYERS.values())
STRATA = 4 * 3 * 3 * 3
OPINION_CLASSES = 16  # classes of private opinion, for the distance to expressed opinion

AGGREGATIONS = ("sum", "mean", "last")
# The unit of a sum over days of what is counted anew on each of them.
_OVER_DAYS = {
    "acts": "act-days",
    "cases": "case-days",
    "files": "file-days",
    "people": "person-days",
    "points": "point-days",
    "records": "record-days",
    "restrictions": "restriction-days",
    "ties": "tie-days",
}


def unit_of(name: str, aggregation: str | None = None) -> str:
    """The unit of a summary line, or of a tally aggregated over days.

    Parameters
    ----------
    name: of a summary line or a tally. A name that is both is the summary line, unless an
        aggregation is given.
    aggregation: "sum", "mean" or "last" over days, for a tally; by default the one figure that a
        run has of it: the sum of a flow or stock, the last measurement of a level.

    Examples
    --------
    >>> unit_of("restricted"), unit_of("restricted", "last"), unit_of("imposed", "sum")
    ('person-days', 'people', 'restrictions')
    >>> unit_of("chilled_share")
    '% of intended acts'
    """
    if aggregation is None and name in words()["summary"]:
        return str(words()["summary"][name]["unit"])
    if name not in MEASURES:
        raise UserError(f"{name} is not a measure{did_you_mean(name, NAMES)}")
    measure = MEASURES[name]
    aggregation = aggregation or measure.aggregation
    if aggregation not in AGGREGATIONS:
        raise ValueError(f"{aggregation!r} is not one of {', '.join(AGGREGATIONS)}")
    if measure.type == FLOW or aggregation != "sum":
        return measure.unit
    return _OVER_DAYS.get(measure.unit, f"{measure.unit} × days")
