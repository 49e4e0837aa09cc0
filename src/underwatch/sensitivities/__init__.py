"""`sensitivity`: what the ranges of the assumptions leave of each measure, and which matter most.

All assumptions are screened by Morris' method, those that matter most get Sobol' indices, and a
Latin hypercube over all of them gives the band of each measure. Every run has the same people
where the society is the same, and the same random draws.
"""

from underwatch.sensitivities.result import Sensitivity
from underwatch.sensitivities.study import sensitivity

__all__ = ["Sensitivity", "sensitivity"]
