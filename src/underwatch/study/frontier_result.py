"""The result of `frontier`: sets of safeguards, the harm they leave and the benefit they keep."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.results.record_schema import checked, readable
from underwatch.study.frontier_findings import FrontierFindings, Point
from underwatch.study.goals import GOALS
from underwatch.study.result import load_record
from underwatch.study.statistics import seeds_phrase

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, eq=False, repr=False)
class Frontier(FrontierFindings):
    """The listed sets of safeguards, from the least harm to the most; made by `frontier`.

    none: the world without safeguards. points: no evaluated set has less harm and no less
    benefit than one of these, beyond the tolerance. evaluated: all sets that were simulated.
    sets: how many sets there are. complete: whether no neighbour of a listed set is left. few:
    why no set is listed, such as "too few events (6 and 2)" after a measure; mostly empty.
    limited: that a queue at capacity bounds harm or benefit; mostly empty.
    """

    kind: ClassVar[str] = "frontier"

    @classmethod
    def load(cls, folder: str | Path) -> Frontier:
        """Read a frontier from its folder.

        Raises UserError if the folder has changed or holds something else.
        """
        provenance, _, found = load_record(folder, cls.kind)
        with readable(folder, "a frontier"):
            return cls(
                provenance=provenance, none=_point(checked(Point, found["none"])),
                points=tuple(map(_point, checked(list[Point], found["points"]))),
                evaluated=tuple(map(_point, checked(list[Point], found["evaluated"]))),
                seeds=tuple(provenance["seeds"]),
                limited=checked(str, found.get("limited", "")),
                **{name: checked(kind, found[name]) for name, kind in _PLAIN.items()},
            )  # fmt: skip

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each evaluated set; `on_frontier` marks those that are listed."""
        from underwatch.study.schemas import SETS, dataframe

        return dataframe(self._rows(), SETS)

    def plot(self) -> alt.TopLevelMixin:
        """The harm left against the benefit kept, along the listed sets.

        Raises UserError if harm or benefit is undefined in every evaluated set.
        """
        from underwatch.errors import UserError
        from underwatch.study.charts import base_title, frontier_points, to_chart

        if not self.points:
            raise UserError(self.few_sentence() or self.sentences()[-1])
        return to_chart(frontier_points(self), base_title(self), self.provenance)

    def _rows(self) -> list[dict[str, Any]]:
        chosen = {point.safeguards for point in self.points}
        rows = []
        for point in self.evaluated:
            row = asdict(point)
            worse = row.pop("gives_up")
            row |= {"defined": point.defined, "on_frontier": point.safeguards in chosen}
            row |= {"worse_goals": [*worse], "worse_by": [*worse.values()], "note": self.few}
            rows.append(row)
        return rows

    def _record(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _PLAIN} | {
            "tolerance": self.tolerance,
            "limited": self.limited,
            "none": asdict(self.none),
            "points": [asdict(point) for point in self.points],
            "evaluated": [asdict(point) for point in self.evaluated],
        }

    def _tables(self) -> dict[str, pa.Table]:
        from underwatch.study.schemas import SETS, table

        return {"sets": table(self._rows(), SETS)}

    def _page(self) -> str:
        from underwatch.study.pages import frontier_page

        return frontier_page(self)

    def _facts(self) -> list[tuple[str, str]]:
        return [
            ("title", self.title),
            ("sets", f"{len(self.points)} listed of {len(self.evaluated):,} evaluated"),
            ("replicates", seeds_phrase(len(self.seeds))),
        ]


_PLAIN: dict[str, Any] = {
    "harm": str, "harm_label": str, "harm_unit": str, "benefit": str, "benefit_label": str,
    "benefit_unit": str, "sets": int, "complete": bool, "few": str,
}  # fmt: skip


def _point(stored: dict[str, Any]) -> Point:
    worse = stored["gives_up"]
    ordered = {goal: worse[goal] for goal in GOALS if goal in worse}
    return Point(**{**stored, "safeguards": tuple(stored["safeguards"]), "gives_up": ordered})
