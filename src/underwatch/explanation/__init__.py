"""One invented person explained: acts, records beside the truth, and the basis of each decision."""

from underwatch.explanation.explanation import Explanation, explain
from underwatch.explanation.score_rule import ScoreRule, score_rule

__all__ = ["Explanation", "ScoreRule", "explain", "score_rule"]
