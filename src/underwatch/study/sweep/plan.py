"""A plan as it is read from a file, with its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from underwatch.scenario.loading import is_path, read
from underwatch.study.sweep.declaration import PLANS, Declared
from underwatch.study.sweep.points import check_leaves

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder


class Plan(Declared):
    """Many runs: each point of a plan, in each scenario, with each seed.

    Attributes
    ----------
    scenarios: names of shipped scenarios or paths, seen from the folder of the plan.
    plan: "grid" takes every combination of the values of the factors; "list" the settings of
        `runs`; "latin-hypercube" and "sobol" draw points between the ends of each factor.
    factors: scenario key → its values (grid), or {low: …, high: …} (draws).
    runs: one mapping of scenario keys to values for each point (list).
    samples: how many points to draw; for sobol the base sample, a power of two: it takes
        samples × (factors + 2) points.
    seeds: how many, from `seed` on, or the seeds themselves.
    citizens, days: of every run.
    measures: which measures to keep; by default all of the summary.
    outputs: names of functions of a run whose values are kept as well.

    Examples
    --------
    >>> Plan.load("association").plan
    'grid'
    """

    _folder: Path = PrivateAttr(default=Path())

    @classmethod
    def load(cls, name: str | Path, settings: Iterable[str] = ()) -> Plan:
        """Read a shipped plan by its name, or a file by its path; settings are "key=value".

        Raises UserError with every fault, in the plan or in a scenario with its values.
        """
        folder = Path(name).expanduser().parent if is_path(str(name)) else Path()

        def check(builder: Builder[Plan]) -> None:
            check_leaves(builder, folder)

        plan: Plan = read(name, cls, settings, PLANS, check=check).value
        plan._folder = folder
        return plan
