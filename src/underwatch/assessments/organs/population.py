"""The invented adults that an organ of an assessment draws its cases from."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_ADULT, _MEDIAN = 18, 128  # years; of 256 quantiles of income


class Adults(NamedTuple):
    """Numbers of adults in ascending order, int64 (n), and who has a low income, bool (n)."""

    person: npt.NDArray[np.int64]
    low_income: npt.NDArray[np.bool_]


def adults(citizens: int, seed: int, scenario: str = "unwatched") -> Adults:
    """The adults of an invented nation, as the engine builds it from census margins.

    No ties are built and nothing is simulated: the organ reads a number and the class of income.
    """
    from underwatch.kernel.columns import field_of
    from underwatch.model import parameters
    from underwatch.model.society.people import PERSON, populate
    from underwatch.scenario import Scenario

    settings = [f"society.citizens={citizens}", f"society.seed={seed}"]
    people = np.empty((PERSON.itemsize // 8, citizens), np.uint64)
    populate(people, seed, parameters.census(Scenario.load(scenario, settings)), 0, people.shape[1])
    person = np.flatnonzero(field_of(people, PERSON, "age") >= _ADULT)
    return Adults(person, field_of(people, PERSON, "income")[person] < _MEDIAN)
