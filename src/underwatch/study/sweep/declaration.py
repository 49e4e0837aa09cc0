"""What a plan file declares: scenarios, factors and how they are combined, seeds and outputs.

It is read like a scenario: unknown keys are refused, and every fault is reported with file and
line before any work starts. It holds data only: functions are named in it and come from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import Field, PrivateAttr

from underwatch.scenario.data import DATA
from underwatch.scenario.limits import MAX_DAYS, MAX_SEED
from underwatch.scenario.sections.values import Section

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder

PLANS = DATA / "plans"
GRID, LIST, LATIN, SOBOL = KINDS = ("grid", "list", "latin-hypercube", "sobol")
Kind = Literal["grid", "list", "latin-hypercube", "sobol"]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
MOST_RUNS = 1_000_000


class Plan(Section):
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
    measures: which measures to keep; by default all of the summary.
    outputs: names of functions of a run whose values are kept as well.

    Examples
    --------
    >>> Plan.load("association").plan
    'grid'
    """

    SOURCELESS: ClassVar[tuple[str, ...]] = (
        "factors", "runs", "samples", "seeds", "seed", "citizens", "days",
    )  # fmt: skip

    title: str = "A sweep"
    text: str = ""
    scenarios: list[str] = Field(min_length=1, max_length=1000, examples=[["atlantic-2018"]])
    plan: Kind = "grid"
    factors: dict[str, Any] = Field(default_factory=dict)
    runs: list[dict[str, Any]] = Field(default_factory=list, max_length=20_000)
    samples: int = Field(default=64, ge=1, le=MOST_RUNS, examples=[64])
    seeds: Annotated[int, Field(ge=1, le=100_000)] | list[Seed] = 3
    seed: Seed | None = None
    citizens: Annotated[int, Field(ge=1, le=4_000_000_000)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = None
    measures: list[str] | None = None
    outputs: list[str] = Field(default_factory=list)

    _folder: Path = PrivateAttr(default=Path())

    @classmethod
    def load(cls, name: str | Path, settings: Iterable[str] = ()) -> Plan:
        """Read a shipped plan by its name, or a file by its path; settings are "key=value".

        Raises UserError with every fault, in the plan or in a scenario with its values.
        """
        from underwatch.scenario.loading import is_path, read
        from underwatch.study.sweep.points import check_leaves

        folder = Path(name).expanduser().parent if is_path(str(name)) else Path()

        def check(builder: Builder[Plan]) -> None:
            check_leaves(builder, folder)

        plan: Plan = read(name, cls, settings, PLANS, check=check).value
        plan._folder = folder
        return plan
