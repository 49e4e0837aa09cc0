"""How far a study is, as it reports to its callers."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class StudyProgress:
    """How far a study is: days simulated of all, runs finished of all, runs that failed.

    note: a sentence about the study, mostly empty.
    """

    days: int
    of_days: int
    runs: int
    of_runs: int
    note: str = ""
    failed: int = 0


Report = Callable[[StudyProgress], None]
