"""Two organs beyond the article: M26, a risk score over benefits, and M27, patrol allocation.

They are pure functions over arrays of the invented population. What enters is aggregates and
stated strengths; there is no way in for a row about anyone.
"""
