"""The result of `calibrate`: the posterior, the waves, and the error of every target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.calibration.findings import CalibrationFindings, Compared, Fitted, interval_words
from underwatch.calibration.matching import Wave
from underwatch.errors import UserError, shortened
from underwatch.results import folder as store
from underwatch.results.record_schema import checked, readable
from underwatch.scenario import Scenario
from underwatch.study.result import load_record
from underwatch.study.schemas import Columns, dataframe

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa

COLUMNS: Columns = {
    "parameter": "str", "key": "str", "since": "str", "low": "float", "high": "float",
    "declared": "float", "median": "float", "lower": "float", "upper": "float", "width": "float",
    "informed": "bool",
}  # fmt: skip
FIRST = ("wave", "point", "replicate")  # columns of the table of runs, before the parameters


@dataclass(frozen=True, eq=False, repr=False)
class Calibration(CalibrationFindings):
    """Parameters fitted to targets; made by `calibrate`.

    fitted: whether any point is plausible. parameters: name → range and posterior. targets: name
    → the published figure beside runs at points of the posterior. waves: how much of the space
    each has left, and how well its emulators predict. unreachable, together: the targets that the
    model cannot reach, each by itself or at once. uninformed: parameters of which the targets say
    nothing. posterior: float64 (samples, parameters). runs: float64, a row for each run, with
    wave, point, replicate, parameters and figures.

    Examples
    --------
    >>> import underwatch as uw
    >>> offences = {"measure": "offences", "value": 60, "standard_error": 9,
    ...             "source": "assumption: an example", "confidence": "C"}
    >>> found = uw.calibrate(uw.Targets(
    ...     scenario="unwatched", citizens=500, days=30, waves=1, points=8, draws=5,
    ...     fit={"life.minor_offences_per_year": {"low": 0.5, "high": 4}},
    ...     targets={"offences": offences},
    ... ))
    >>> found.fitted, len(found.to_dataframe())
    (True, 1)
    """

    @classmethod
    def load(cls, folder: str | Path) -> Calibration:
        """Read a calibration from its folder.

        Raises UserError if the folder has changed or holds something else.
        """
        from underwatch.results.parquet import read_parquet

        path = store.as_path(folder)
        provenance, scenarios, found = load_record(
            folder, cls.kind, "posterior.parquet", "runs.parquet"
        )
        with readable(folder, "a calibration"):
            tables = [
                np.array([column.to_numpy() for column in read_parquet(path / name).columns]).T
                for name in ("posterior.parquet", "runs.parquet")
            ]
            parameters = checked(list[Fitted], found["parameters"])
            names = [one["name"] for one in parameters]
            return cls(
                provenance, scenarios,
                {one["name"]: Fitted(**one) for one in parameters},
                {one["name"]: _compared(one) for one in checked(list[Compared], found["targets"])},
                tuple(_wave(one, found["targets"]) for one in checked(list[Wave], found["waves"])),
                tuple(checked(list[str], found["unreachable"])),
                tuple(checked(list[str], found["together"])),
                checked(float, found["declared_implausibility"]),
                tables[0].reshape(-1, len(names)), tables[1],
            )  # fmt: skip

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each parameter: range, declared value, median, 90 % interval, width."""
        rows = []
        for one in self.parameters.values():
            row = asdict(one)
            rows.append({"parameter": row.pop("name"), **row, "informed": one.informed})
        return dataframe(rows, COLUMNS)

    def scenario(self) -> Scenario:
        """The calibrated scenario: every parameter that the targets inform at its median.

        Its sources say what it is fitted to, and in which interval. Raises UserError if nothing
        is fitted.
        """
        from underwatch.calibration.calibrated import calibrated

        if not self.fitted:
            raise UserError(self.sentences()[0])
        return calibrated(self)

    def plot(self) -> alt.TopLevelMixin:
        """The posterior of every pair of parameters.

        Raises UserError if nothing is fitted.
        """
        from underwatch.calibration.pages import pairs_of
        from underwatch.study.charts import to_chart

        if not self.fitted:
            raise UserError(self.sentences()[0])
        return to_chart(pairs_of(self), self.title, self.provenance)

    def _page(self) -> str:
        from underwatch.calibration.pages import page

        return page(self)

    def _record(self) -> dict[str, Any]:
        return {
            "fitted": self.fitted,
            "parameters": [asdict(one) for one in self.parameters.values()],
            "targets": [asdict(one) for one in self.targets.values()],
            "waves": [asdict(one) for one in self.waves],
            "unreachable": [*self.unreachable],
            "together": [*self.together],
            "declared_implausibility": self.declared_implausibility,
        }

    def _tables(self) -> dict[str, pa.Table]:
        """posterior.parquet and runs.parquet, whose columns have their meanings with them."""
        of_parameters = {one.name: f"the parameter {one.name}" for one in self.parameters.values()}
        of_runs = {
            "wave": "the wave; 0 for the runs at points of the posterior",
            "point": "the point of the wave",
            "replicate": "the run at the point",
            **of_parameters,
            **{name: f"the figure of the run for the target {name}" for name in self.targets},
        }
        return {
            "posterior": _table(self.posterior, of_parameters),
            "runs": _table(self.runs, of_runs),
        }

    def _facts(self) -> list[tuple[str, str]]:
        about = self.provenance
        fits = [f"{one.name} {interval_words(one)}" for one in self.parameters.values()]
        return [
            ("title", self.title),
            ("fit", shortened("; ".join(fits), 150) if self.fitted else "none; see sentences()"),
            ("targets", f"{len(self.targets):,}"),
            ("waves", f"{len(self.waves):,}, {len(self.runs):,} runs"),
            ("size", f"{about['citizens']:,} citizens, {about['days']:,} days"),
        ]


def _table(values: np.ndarray, columns: Mapping[str, str]) -> pa.Table:
    """Numbers as an Arrow table; columns: name → meaning."""
    import pyarrow as pa

    schema = pa.schema(
        pa.field(name, pa.float64(), metadata={"unit": "number", "meaning": meaning})
        for name, meaning in columns.items()
    )
    return pa.table([*np.ascontiguousarray(values.reshape(-1, len(columns)).T)], schema=schema)


def _compared(stored: dict[str, Any]) -> Compared:
    from underwatch.calibration.emulator import Diagnosis

    known = stored["emulator"]
    return Compared(**{**stored, "emulator": Diagnosis(**known) if known else None})


def _wave(stored: dict[str, Any], targets: Sequence[Mapping[str, Any]]) -> Wave:
    """A wave with its emulators in the order of the targets; JSON objects have none."""
    from underwatch.calibration.emulator import Diagnosis

    of_targets = stored["targets"]
    names = [str(one["name"]) for one in targets if one["name"] in of_targets]
    return Wave(**{**stored, "targets": {n: Diagnosis(**of_targets[n]) for n in names}})
