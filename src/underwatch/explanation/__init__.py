"""One invented person explained: acts, records beside the truth, and the basis of each decision."""

from underwatch.explanation.explanation import Explanation, explain
from underwatch.explanation.points import PointsRule, points_rule

__all__ = ["Explanation", "PointsRule", "explain", "points_rule"]
