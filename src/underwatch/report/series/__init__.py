"""The tallies as the series that a page shows, each with a caption.

Numbers only: nothing is drawn here. Flows are rates per adult and year, so that a month of 17
days compares with one of 31. Levels are those of the last measurement in a month, so that the
last one equals the summary.
"""

from collections.abc import Callable

from underwatch.measurement.tallies import TallyTable
from underwatch.report.series.counts import Counts, Series, last_of_each, ratio
from underwatch.report.series.decisions import alerts, appeals, groups, restricted, wrongful
from underwatch.report.series.expression import chilled, kinds, ties
from underwatch.report.series.goals import defaults, offences, support, trust
from underwatch.report.series.over_time import measure_over_time, plottable
from underwatch.report.series.reach import adoption

__all__ = [
    "ALL", "Counts", "Series", "all_series", "last_of_each", "measure_over_time", "plottable",
    "ratio",
]  # fmt: skip

# In two columns each row has a stated goal beside a harm, as long as there are goals.
ALL: tuple[Callable[[Counts], Series | None], ...] = (
    offences, chilled,
    defaults, kinds,
    support, restricted,
    trust, wrongful,
    adoption, groups,
    ties, alerts,
    appeals,
)  # fmt: skip


def all_series(tallies: TallyTable) -> list[Series]:
    """Every series that these tallies allow, in the order of the page."""
    counts = Counts(tallies)
    if not counts.days.size:
        return []
    return [series for make in ALL if (series := make(counts)) is not None]
