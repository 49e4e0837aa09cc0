"""What `diffusion` finds: adoption by state and year, beside a published index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from underwatch.study.diffusion.declaration import Study
from underwatch.study.result import Study as StudyResult

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False, repr=False)
class DiffusionFindings(StudyResult):
    """The findings of a study of diffusion, which its tables, chart and page read."""

    provenance: dict[str, Any]
    study: Study
    index: list[dict[str, Any]]
    read_states: Callable[[], xr.Dataset]

    @cached_property
    def states(self) -> xr.Dataset:
        """By state, organ and year: adoption, and ratios of each adopter's population."""
        return self.read_states()

    def sentences(self) -> list[str]:
        """What the comparison with the index rests on, one sentence each."""
        sources = dict.fromkeys(row["source"] for row in self.index)
        sentences = [f"Sources of the index: {'; '.join(sources)}."]
        if self.study.index.fitted:
            sentences.append(
                "Demand was fitted to these shares: they are reproduced, not predicted."
            )
        return sentences
