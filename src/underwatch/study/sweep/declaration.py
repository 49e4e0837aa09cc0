"""What a plan file declares: scenarios, factors and how they are combined, seeds and outputs.

It is read like a scenario: unknown keys are refused, and every fault is reported with file and
line before any work starts. It holds data only: functions are named in it and come from elsewhere.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from underwatch.scenario.data import DATA
from underwatch.scenario.limits import MAX_DAYS, MAX_SEED
from underwatch.scenario.sections.values import Section

PLANS = DATA / "plans"
GRID, LIST, LATIN, SOBOL = KINDS = ("grid", "list", "latin-hypercube", "sobol")
Kind = Literal["grid", "list", "latin-hypercube", "sobol"]
Seed = Annotated[int, Field(ge=0, le=MAX_SEED)]
MOST_RUNS = 1_000_000
DRAWN = 64  # points, where a plan does not declare `samples`


class Declared(Section):
    """The figures of a plan; see `Plan`."""

    SOURCELESS: ClassVar[tuple[str, ...]] = (
        "factors", "runs", "samples", "seeds", "seed", "citizens", "days",
    )  # fmt: skip

    title: str = "A sweep"
    text: str = ""
    scenarios: list[str] = Field(min_length=1, max_length=1000, examples=[["atlantic-2018"]])
    plan: Kind = "grid"
    factors: dict[str, Any] = Field(default_factory=dict)
    runs: list[dict[str, Any]] = Field(default_factory=list, max_length=20_000)
    samples: Annotated[int, Field(ge=1, le=MOST_RUNS)] | None = None
    seeds: Annotated[int, Field(ge=1, le=100_000)] | list[Seed] = 3
    seed: Seed | None = None
    citizens: Annotated[int, Field(ge=1, le=4_000_000_000)] | None = None
    days: Annotated[int, Field(ge=1, le=MAX_DAYS)] | None = None
    measures: list[str] | None = None
    outputs: list[str] = Field(default_factory=list)

    @property
    def drawn(self) -> int:
        """How many points are drawn, in a plan that draws points."""
        return self.samples or DRAWN
