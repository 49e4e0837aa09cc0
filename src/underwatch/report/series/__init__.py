"""The tallies as the few series that a report shows, each with what it says in one sentence.

Numbers only: nothing is drawn here. Flows are told per adult and year, so that
a month of 17 days stands fairly beside one of 31; levels as they were when
stock was last taken in a month, so that the last is the summary's.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from underwatch.report.series.counts import Counts, Series, figures, last_of_each, ratio, share
from underwatch.report.series.decisions import alerts, appeals, groups, restricted, wrongful
from underwatch.report.series.expression import chilled, kinds, ties
from underwatch.report.series.goals import defaults, offences, support, trust
from underwatch.report.series.reach import adoption

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ALL", "Counts", "Series", "all_series", "figures", "last_of_each", "ratio", "share"]

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


def all_series(tallies: "xr.Dataset") -> list[Series]:
    """Every series that these tallies can tell, in the order of the page."""
    counts = Counts(tallies)
    if not counts.days.size:
        return []
    return [series for make in ALL if (series := make(counts)) is not None]
