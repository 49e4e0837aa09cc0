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
            sentences.append("A figure was fitted to these shares: they are no prediction.")
            return sentences
        inside = sum(row["low"] <= row["index"] <= row["high"] for row in self.index)
        sentences.append(
            "No figure of the study was fitted to them, and adoption reads none of them: "
            f"{inside} of the {len(self.index)} published shares lie within the range of nine "
            "replicates in ten."
        )
        return sentences
