"""Restrictions in force: read off the state, never kept twice."""

from underwatch.engine.law import law


@law
def in_force(state):
    """How many restrictions stand on a citizen: 0, 1 or 2."""
    return int(state.list_until > 0) + int(state.score_until > 0)
