"""The result of `sensitivity`, with the verbs of every result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.errors import UserError
from underwatch.report.bands import in_one_value
from underwatch.report.robustness import of_json, to_json
from underwatch.results.record_schema import readable
from underwatch.sensitivities.findings import SensitivityFindings
from underwatch.study.result import load_record
from underwatch.study.schemas import EFFECTS, dataframe, table
from underwatch.study.statistics import seeds_phrase

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa

_SHOWN = 4  # measures of a card
# Column of the table → attribute of a `FactorEffect`.
_NUMBERS = {name: name for name in ("effect", "effect_low", "effect_high", "spread")}
_NUMBERS |= {"signed": "mean"} | {
    f"{name}_order{end}": f"{name}{end}"
    for name in ("first", "total") for end in ("", "_low", "_high")
}  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Sensitivity(SensitivityFindings):
    """What the assumptions of a scenario leave of its measures; made by `sensitivity`.

    measures: by name, see `underwatch.report.robustness.Robustness`. scenarios: the one that was
    varied, as declared.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.sensitivity(
    ...     "atlantic-2018", ["offences"], assumptions=["life.minor_offences_per_year"],
    ...     citizens=1000, days=30, trajectories=4, band=4, samples=0,
    ... )
    >>> found.measures["offences"].effects[0].factor
    'life.minor_offences_per_year'
    """

    @classmethod
    def load(cls, folder: str | Path) -> Sensitivity:
        """Read a study from its folder. Raises UserError if it has changed."""
        provenance, scenarios, found = load_record(folder, cls.kind)
        with readable(folder, "a sensitivity study"):
            measures = {name: of_json(found["measures"][name]) for name in found["order"]}
        return cls(provenance, scenarios, measures)

    def sentences(self) -> list[str]:
        """How many assumptions were varied at how many points, and what they leave."""
        from underwatch.sensitivities.pages import findings, varied_sentence

        return [varied_sentence(self), *(one.text for one in findings(self))]

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each measure and assumption, those that move it most first."""
        return dataframe(self._rows(), EFFECTS)

    def plot(self, measure: str | None = None) -> alt.TopLevelMixin:
        """How far the assumptions that matter most move a measure; by default the first."""
        from underwatch.sensitivities.pages import effect_series
        from underwatch.study.charts import to_chart

        ranked = [name for name, one in self.measures.items() if one.effects]
        if measure is None and not ranked:
            raise UserError("no measure of this study has ranked assumptions.")
        made = effect_series(self.check_measure(measure or ranked[0]))
        return to_chart(made, self.title, self.provenance)

    def _page(self) -> str:
        from underwatch.sensitivities.pages import sensitivity_page

        return sensitivity_page(self)

    def _record(self) -> dict[str, Any]:
        return {
            "order": [*self.measures],
            "measures": {name: to_json(one) for name, one in self.measures.items()},
        }

    def _rows(self) -> list[Mapping[str, Any]]:
        return [
            {"measure": one.measure, "unit": one.unit, "rank": rank, "assumption": each.factor}
            | {"keys": [*each.keys], "range": each.range}
            | {column: getattr(each, name) for column, name in _NUMBERS.items()}
            for one in self.measures.values()
            for rank, each in enumerate(one.effects, 1)
        ]

    def _tables(self) -> dict[str, pa.Table]:
        return {"effects": table(self._rows(), EFFECTS)}

    def _facts(self) -> list[tuple[str, str]]:
        about = self.provenance
        facts = [
            ("title", self.title),
            ("size", f"{about['citizens']:,} citizens, {about['days']:,} days"),
            ("assumptions varied", f"{about['varied']:,}"),
            ("replicates", seeds_phrase(len(about["seeds"]))),
        ]
        shown = [*self.measures.values()][:_SHOWN]
        return facts + [(one.measure, in_one_value(one)) for one in shown]
