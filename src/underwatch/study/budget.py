"""The size of a study from a time budget: as many citizens as fit, by this machine's speed.

The speed is that of earlier studies and runs (see `speed`). It changes the number of citizens and
nothing else: a study of the same size has the same result on every machine.
"""

import sys
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from underwatch.errors import UserError, shortened
from underwatch.results.ledger import facts
from underwatch.study.asked import Size, about_to_run, is_asked
from underwatch.study.memory import cores
from underwatch.study.progress import Report, StudyProgress
from underwatch.study.speed import Speed, measured_speed
from underwatch.study.worlds import Worlds, in_society

BUDGET = 10.0  # minutes
LEAST = 1_000  # citizens; fewer are not chosen, whatever the budget
MARGIN = 0.8  # of the budget; the rest is for compiling and for what is not foreseen


def sized(
    worlds: Worlds, citizens: Any, runs: int, days: int, budget: float | None,
    partial: Path | None, progress: Report | None, at_most: bool = False,
    keeps_tallies: bool = False, scheduler: str | None = None,
) -> tuple[Worlds, dict[str, Any]]:  # fmt: skip
    """The worlds with as many citizens as fit the budget, and what the provenance says of it.

    citizens: the number that the caller asks for, which wins. runs: how many runs of `days` days
    the study has; with `at_most`, or fewer. partial: a folder of partial results, whose size a
    study keeps when it is resumed. progress: gets a sentence on the size; without it, a size
    below that of the scenario is printed on standard error. scheduler: of the cluster that
    simulates, if any.

    Raises UserError if the budget is no number of minutes, or the scheduler does not answer.
    """
    _, first = worlds.baseline
    found = None
    if citizens is not None:
        check_budget(budget)
    else:
        found = fit(first.society.citizens, runs, days, budget, partial, at_most)
    some = first if found is None else in_society(first, citizens=found.citizens)
    about_to_run(Size(some, runs, days, at_most, keeps_tallies=keeps_tallies), scheduler)
    if found is None:
        return worlds, {}
    if is_asked():
        pass
    elif progress is not None:
        progress(StudyProgress(0, runs * days, 0, runs, found.sentence))
    else:
        found.warn()
    return resized(worlds, found.citizens), found.about


@dataclass(frozen=True)
class Fit:
    """The number of citizens that fits a budget.

    own: the number that is declared. sentence: the size, to be printed before the study starts.
    about: what the provenance says of it.
    """

    citizens: int
    own: int
    sentence: str
    about: dict[str, Any]

    def warn(self) -> None:
        """Print a size below the declared one on standard error."""
        if self.citizens < self.own:
            print(self.sentence, file=sys.stderr, flush=True)


def fit(
    own: int, runs: int, days: int, budget: float | None, partial: Path | None, at_most: bool
) -> Fit | None:
    """As many citizens as fit a budget, at most `own`; None where there is no limit.

    The other arguments are those of `sized`. Raises UserError if the budget is no number of
    minutes.
    """
    minutes = check_budget(budget)
    if minutes is None:
        return None
    speed = measured_speed()
    kept = _kept_size(partial, own)
    chosen = kept or largest(own, runs, days, minutes, speed)
    sentence = _sentence(chosen, own, runs, days, minutes, speed, kept is not None)
    sentence = f"At most {sentence}" if at_most else sentence
    return Fit(chosen, own, sentence, {"budget_minutes": minutes, "scenario_citizens": own})


def check_budget(budget: Any) -> float | None:
    """A number of minutes above zero, or None for no limit. Raises UserError."""
    if budget is None:
        return None
    try:
        minutes = float(budget)
    except (TypeError, ValueError, OverflowError):
        minutes = float("nan")
    if isinstance(budget, bool) or not isfinite(minutes) or minutes <= 0:
        raise UserError(
            f"budget is {shortened(repr(budget))}, but it is a number of minutes above 0, or None "
            "for no limit."
        )
    return minutes


def largest(own: int, runs: int, days: int, minutes: float, speed: Speed) -> int:
    """The largest population that fits, to two digits; from `LEAST` to that of the scenario.

    Examples
    --------
    >>> largest(100_000, runs=6, days=60, minutes=10, speed=Speed(15e6, 0.2))
    100000
    """
    seconds = MARGIN * 60 * minutes * _cores(runs) - runs * speed.seconds_a_run
    fits = max(0, int(seconds * speed.citizen_days / (runs * days)))
    unit = 10 ** max(0, len(str(fits)) - 2)
    chosen = min(own, max(LEAST, fits // unit * unit))
    while chosen > LEAST and not _has_memory(chosen, runs):
        chosen = max(LEAST, chosen // 2)
    return min(own, chosen)


def seconds_for(citizens: int, runs: int, days: int, speed: Speed) -> float:
    """How long a study takes, compiling aside."""
    work = runs * (speed.seconds_a_run + citizens * days / speed.citizen_days)
    return work / _cores(runs)


def _cores(runs: int) -> float:
    """How many cores a study of so many runs keeps busy, on average."""
    most = cores()
    workers = min(most, runs)
    rounds = -(-runs // workers)
    return runs / rounds * (most // workers)


def _has_memory(citizens: int, runs: int) -> bool:
    from underwatch.engine.resources import check_memory

    try:
        check_memory(citizens, 2 * min(cores(), runs), True)  # worlds that share days
    except UserError:
        return False
    return True


def resized(worlds: Worlds, citizens: int) -> Worlds:
    """The same worlds with another number of citizens."""
    scenarios = {
        name: in_society(world, citizens=citizens) for name, world in worlds.scenarios.items()
    }
    return Worlds(scenarios, worlds.sources)


def _sentence(
    chosen: int, own: int, runs: int, days: int, minutes: float, speed: Speed, kept: bool
) -> str:
    """The size of a study, printed before it starts."""
    seconds = seconds_for(chosen, runs, days, speed)
    time = f"{seconds:,.0f} seconds" if seconds < 100 else f"{seconds / 60:,.0f} minutes"
    basis = "at the speed measured on this machine" if speed.measured else "by a cautious estimate"
    people = f"{chosen:,} citizens" if chosen == own else f"{chosen:,} of {own:,} citizens"
    why = ""
    if kept:
        why = " This is the size with which the study was begun."
    elif chosen < own:
        why = f" This is the largest population that fits {minutes:g} minutes."
        if seconds > 60 * minutes:
            why = f" No population of {LEAST:,} or more fits {minutes:g} minutes."
    return f"{runs:,} runs of {people} and {days:,} days: about {time} {basis}.{why}"


def _kept_size(partial: Path | None, own: int) -> int | None:
    """The number of citizens of an interrupted study; None if there is none."""
    if partial is None:
        return None
    stated = (facts(partial) or {}).get("about", {})
    number = stated.get("citizens") if isinstance(stated, dict) else None
    return number if isinstance(number, int) and 0 < number <= own else None
