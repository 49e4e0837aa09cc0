"""`sweep`: a plan of many runs over scenario keys, scenarios and seeds; one Dataset of results."""

from underwatch.study.sweep.plan import Plan
from underwatch.study.sweep.result import Sweep
from underwatch.study.sweep.study import sweep

__all__ = ["Plan", "Sweep", "sweep"]
