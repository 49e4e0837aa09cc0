"""The result of `attribute`: the share of each organ, or of each safeguard, in a measure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.results.record_schema import checked, readable
from underwatch.study.attribution_findings import AttributionFindings, Share, Undefined
from underwatch.study.keyed import Keyed
from underwatch.study.result import load_record

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, eq=False, repr=False)
class Attribution(AttributionFindings):
    """What each component adds to a measure, averaged over all orders; made by `attribute`.

    components: "organs" or "safeguards". without, with_all: the measure without any of them and
    with all, mean over seeds; total: their difference, which the shares sum to. shares: by
    component, the largest first. all_orders: whether all sets were simulated, or only those of
    sampled orders. interval_over: "seeds" (three or more) or None. few: why the shares are not
    ranked, such as "too few events (3 and 10)"; mostly empty. undefined: the worlds in which the
    measure has no value. values: (components present, seed, measure) of every world. limited:
    that a queue at capacity bounds the measure; mostly empty.
    """

    kind: ClassVar[str] = "attribute"

    @classmethod
    def load(cls, folder: str | Path) -> Attribution:
        """Read an attribution from its folder.

        Raises UserError if the folder has changed or holds something else.
        """
        provenance, _, found = load_record(folder, cls.kind)
        with readable(folder, "an attribution"):
            return cls._of(provenance, found)

    @classmethod
    def _of(cls, provenance: dict[str, Any], found: dict[str, Any]) -> Attribution:
        components = checked(str, found["components"])
        shares = {one["key"]: Share(**one) for one in checked(list[Share], found["shares"])}
        undefined = tuple(
            Undefined(tuple(one["present"]), one["world"], tuple(one["seeds"]))
            for one in checked(list[Undefined], found["undefined"])
        )
        simulated = checked(list[tuple[list[str], int, float | None]], found["values"])
        values = [(tuple(present), seed, value) for present, seed, value in simulated]
        return cls(
            provenance=provenance,
            components=components,
            shares=Keyed(shares, components.removesuffix("s")),
            seeds=tuple(provenance["seeds"]),
            undefined=undefined,
            values=values,
            limited=checked(str, found.get("limited", "")),
            **{name: checked(kind, found[name]) for name, kind in _PLAIN.items()},
        )

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each component, the largest share first; NaN where undefined."""
        from underwatch.study.schemas import SHARES, dataframe

        return dataframe(self._rows(), SHARES)

    def plot(self) -> alt.TopLevelMixin:
        """The shares as bars, with their intervals if there are any.

        Raises UserError if the measure is undefined in one of the worlds.
        """
        from underwatch.errors import UserError
        from underwatch.study.charts import attribution_series, base_title, to_chart

        if self.undefined:
            raise UserError(self.undefined_sentence())
        return to_chart(attribution_series(self), base_title(self), self.provenance)

    def _rows(self) -> list[dict[str, Any]]:
        return [
            {
                "component": share.key, "name": share.name, "share": share.value,
                "low": share.low, "high": share.high, "percent_of_total": self.percent(share),
                "measure": self.measure, "unit": self.unit, "note": self.few,
            }
            for share in self.shares.values()
        ]  # fmt: skip

    def _record(self) -> dict[str, Any]:
        plain = (*_PLAIN, "components", "worlds", "values", "limited")
        return {name: getattr(self, name) for name in plain} | {
            "shares": [asdict(share) for share in self.shares.values()],
            "undefined": [asdict(one) for one in self.undefined],
        }

    def _tables(self) -> dict[str, pa.Table]:
        from underwatch.study.schemas import COALITIONS, SHARES, table

        rows = [{"present": p, "seed": seed, "value": value} for p, seed, value in self.values]
        return {"shares": table(self._rows(), SHARES), "worlds": table(rows, COALITIONS)}

    def _page(self) -> str:
        from underwatch.study.pages import attribution_page

        return attribution_page(self)

    def _facts(self) -> list[tuple[str, str]]:
        if self.undefined or not self.shares:
            largest = "none: the measure is undefined in some worlds"
        else:
            from underwatch.study.charts import largest_shares

            largest = largest_shares(self)
        return [("title", self.title), ("largest share", largest), ("method", self.method())]


_PLAIN: dict[str, Any] = {
    "measure": str, "label": str, "unit": str, "definition": str, "without": float | None,
    "with_all": float | None, "total": float | None, "all_orders": bool,
    "interval_over": str | None, "few": str,
}  # fmt: skip
