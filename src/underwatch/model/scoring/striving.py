"""Who strives for a score: people close below a line that pays, who know what counts (M8, M15).

Privileged access is worth as much as `striving_reach` points cost to gain. So whoever is further
below the line leaves it, and whoever is closer strives (Hardt and others, 2016: a benefit of 1
and a cost of k a point move everyone within 1/k of the line). Members of the private score know
what counts in it; of the state's score, those who know of its penalties.

While they strive, people buy some favoured goods instead of disfavoured ones, and do some more
favoured purchases and good deeds. The draws are those that decide without striving, so each act
for the score alone is known (society/acts.py).
"""

from underwatch.kernel.compile import kernel
from underwatch.kernel.narrow import narrow
from underwatch.model.scoring.scores import whole_points
from underwatch.model.state import KNOWS, MEMBER

BY_PURCHASES, BY_GOOD_DEEDS = 1, 2  # bits: by what the citizen strives


@kernel
def within_reach(points, line, params):
    """Whether points lie below a line, and no further than the privilege is worth; 0 or 1."""
    short = line - points
    return narrow((line > 0) & (short > 0) & (short <= params.striving_reach))


@kernel
def strives(total, scored, private, shared, standing, params):
    """By what a citizen strives this morning; without branches, for everyone at once.

    total: the state's score, in sixteenths. private: the company's. shared: whether purchases
    are handed over to the state. standing: with tonight's news.
    """
    knows, member = (standing & KNOWS) != 0, (standing & MEMBER) != 0
    state = scored * knows * within_reach(whole_points(total), params.privilege_line, params)
    company = params.precursor_on * member * within_reach(private, params.perk_line, params)
    shops = state * shared * (params.favoured > params.disfavoured)
    shops |= company * (params.private_favoured > params.private_disfavoured)
    return BY_PURCHASES * shops + BY_GOOD_DEEDS * (state * (params.good > 0))
