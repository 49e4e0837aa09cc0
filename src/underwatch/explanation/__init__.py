"""One invented person explained: acts, records beside the truth, and the basis of each decision."""

from underwatch.explanation.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
