"""A plan as it is read from a file, with its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from underwatch.errors import Problem, shortened
from underwatch.scenario.loading import is_path, read
from underwatch.study.sweep.declaration import PLANS, Declared
from underwatch.study.sweep.faults import check_leaves
from underwatch.study.sweep.points import leaf_of
from underwatch.study.sweep.resolved import Resolved

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
    samples: how many points to draw, by default 64; for sobol the base sample, a power of two:
        it takes samples × (factors + 2) points.
    seeds: how many, from `seed` on, or the seeds themselves.
    citizens, days: of every run.
    measures: which measures to keep; by default all of the summary, and none with [].
    outputs: names of functions of a run whose values are kept as well.

    Examples
    --------
    >>> Plan.load("association").plan
    'grid'
    """

    _folder: Path = PrivateAttr(default=Path())
    _resolved: Resolved = PrivateAttr(default_factory=Resolved)  # the worlds that were checked

    @classmethod
    def load(cls, name: str | Path, settings: Iterable[str] = ()) -> Plan:
        """Read a shipped plan by its name, or a file by its path; settings are "key=value".

        Raises UserError with every fault, in the plan or in a scenario with its values.
        """
        folder = Path(name).expanduser().parent if is_path(str(name)) else Path()

        resolved = Resolved()
        own, of_scenarios = _sorted_out(settings)

        def check(builder: Builder[Plan]) -> None:
            builder.problems += of_scenarios
            check_leaves(builder, folder, resolved)

        plan: Plan = read(name, cls, own, PLANS, check=check).value
        plan._folder, plan._resolved = folder, resolved
        return plan


def _sorted_out(settings: Iterable[str]) -> tuple[list[str], list[Problem]]:
    """The settings of a plan, and what is wrong with those that name a key of a scenario."""
    own: list[str] = []
    problems: list[Problem] = []
    for setting in [settings] if isinstance(settings, str) else settings:
        key, equals, value = (part.strip() for part in str(setting).partition("="))
        if not equals or key.partition(".")[0] in Plan.model_fields or leaf_of(key) is None:
            own.append(setting)
            continue
        values = shortened(value if value[:1] in "[{" else f"[{value}]")
        problems.append(
            Problem(
                f"--set {key}",
                f"{key} is a key of the scenarios, which a plan varies as a factor; write "
                f"--set 'factors.{key}={values}', or its values below `factors:` in the plan.",
            )
        )
    return own, problems
