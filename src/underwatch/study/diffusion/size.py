"""The size of the populations of a study of diffusion, from a time budget."""

from itertools import combinations
from pathlib import Path

from underwatch.study.budget import Fit, fit
from underwatch.study.diffusion.declaration import Study


def fitting(study: Study, budget: float | None, partial: Path | None) -> Fit | None:
    """How many citizens fit the budget in each population; None without a budget.

    partial: a folder of partial results, whose size a study keeps when it is resumed.

    Raises UserError if the budget is no number of minutes.
    """
    runs, days = most_work(study)
    return fit(study.nations.citizens, runs, days, budget, partial, at_most=True)


def most_work(study: Study) -> tuple[int, int]:
    """(runs, mean days of a run), if every state adopts at once and every set is tried.

    Examples
    --------
    >>> from underwatch.study.diffusion.declaration import Study
    >>> small = ["states.number=10", "years.first=2017", "years.last=2018", "index.year=2018"]
    >>> runs, days = most_work(Study.load("diffusion", small))
    >>> runs > 10 and days == 730
    True
    """
    years = study.years.last - study.years.first + 1
    trials = possible_sets(study) * study.trials.populations
    runs = trials + study.states.number
    days = trials * study.trials.days + study.states.number * 365 * years
    return runs, -(-days // runs)


def possible_sets(study: Study) -> int:
    """How many sets of organs a state can hold, by what each is offered after."""
    after = {name: frozenset(offer.after) for name, offer in study.offers.items()}
    return sum(
        all(after[name] <= set(some) for name in some)
        for size in range(len(after) + 1)
        for some in combinations(after, size)
    )
