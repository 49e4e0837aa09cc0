"""What is asked of a sensitivity study, checked in whole before any run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from underwatch.errors import Refusals, UserError, did_you_mean, shortened
from underwatch.report.page import HEADLINES
from underwatch.scenario.catalogue import scenarios
from underwatch.scenario.limits import Range, check_seeds, check_size, whole_number
from underwatch.sensitivities.exploring import FEWEST, Design
from underwatch.sensitivities.factors import factors_of
from underwatch.study.budget import check_budget
from underwatch.study.measures import check_measure
from underwatch.study.worlds import ScenarioLike, Worlds, lay_over, read_worlds

MEASURES = (*HEADLINES, "offences", "acts")
_POINTS = Range(FEWEST, 100_000)
_MOST_SAMPLES = 2**16
_FACTORS = Range(1, 1000)


class Asked(NamedTuple):
    """A study as asked for. compared: whether the baseline differs from the scenario."""

    worlds: Worlds
    measures: list[str]
    design: Design
    days: int
    seeds: tuple[int, ...]
    compared: bool
    factors: int


def asked(
    scenario: ScenarioLike | Mapping[str, ScenarioLike] | None,
    measures: Iterable[str] | None,
    assumptions: Iterable[str] | None,
    baseline: str | None,
    sizes: Mapping[str, Any],
    design: Mapping[str, Any],
    budget: Any,
    refused: Refusals | None = None,
) -> Asked | None:
    """Check all that is asked for.

    scenario: None where it could not be read, which `refused` holds then. sizes: citizens, days,
    seed and seeds. design: trajectories, band, samples and matter. refused: what was refused
    before. None where the scenario is.

    Raises UserError with all that is wrong, and with what was refused before.
    """
    refused = refused or Refusals()
    names = list(dict.fromkeys(MEASURES if measures is None else map(str, measures)))
    keys = None if assumptions is None else [str(key) for key in assumptions]
    for name in names:
        refused(check_measure, name)
    for what, given in (("measures", names), ("assumptions", keys)):
        if given == []:
            refused.add(f"{what} is empty; name one or more, or leave it out for all.")
    made = checked_design(refused, **design)
    refused(check_budget, budget)
    if baseline is not None and baseline not in scenarios():
        close = did_you_mean(baseline, scenarios())
        refused.add(f"baseline is {shortened(baseline)}, which is no shipped scenario{close}")
    days = None if sizes["days"] is None else refused(check_size, "days", sizes["days"])
    worlds = None
    if scenario is not None:
        worlds = refused(read_worlds, [scenario], sizes["citizens"], sizes["seed"])
    first = worlds.baseline[1].society.seed if worlds else 0
    seeds = refused(check_seeds, sizes["seeds"], first)
    factors = None
    if worlds is not None and keys != []:
        factors = refused(factors_of, worlds.baseline[1], keys)
    refused.report()
    if worlds is None or made is None or seeds is None or factors is None:
        return None
    base = worlds.baseline[1]
    compared = baseline is not None and lay_over(base, [baseline]).hash != base.hash
    return Asked(worlds, names, made, days or base.days, seeds, compared, len(factors))


def checked_design(
    refused: Refusals, trajectories: Any, band: Any, samples: Any, matter: Any
) -> Design | None:
    """The sizes of a design; None where one is refused."""
    points = [
        refused(check_size, "band", band, _POINTS),
        refused(check_size, "trajectories", trajectories, _POINTS),
        refused(check_samples, samples),
        refused(check_size, "matter", matter, _FACTORS),
    ]
    return None if None in points else Design(*(int(one) for one in points if one is not None))


def check_samples(samples: Any) -> int:
    """The base points of Sobol' indices: none, or a power of two.

    Raises UserError with the nearest number that is accepted.

    Examples
    --------
    >>> check_samples(64)
    64
    >>> check_samples(100)
    Traceback (most recent call last):
    underwatch.errors.UserError: samples is 100, but it is 0 for no Sobol' indices, or a power of \
two from 4 to 65,536; write 128.
    """
    number = whole_number(samples)
    power = number is not None and FEWEST <= number <= _MOST_SAMPLES and not number & (number - 1)
    if number is not None and (number == 0 or power):
        return number
    shown = f"{number:,}" if number is not None else shortened(repr(samples))
    near = "0 or 64"
    if number is not None and number > 0:
        near = f"{min(_MOST_SAMPLES, max(FEWEST, 2 ** (number - 1).bit_length())):,}"
    raise UserError(
        f"samples is {shown}, but it is 0 for no Sobol' indices, or a power of two from "
        f"{FEWEST} to {_MOST_SAMPLES:,}; write {near}."
    )
