"""Parameters: a scenario's values on one day as integers, for the kernels.

Probabilities are thresholds of 2^32, shares and weights are 65,536ths, curves
are tables of 256, feelings steps of 255ths. One PARAMS record holds between two
dates of change. They are computed once, in Python, so that the loop has no
floating-point numbers.
"""

from underwatch.model.parameters.record import PARAMS
from underwatch.model.parameters.society import census
from underwatch.model.parameters.timetable import changes, params_on, timetable

__all__ = ["PARAMS", "census", "changes", "params_on", "timetable"]
