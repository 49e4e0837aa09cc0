"""The result of `sweep`: one Dataset of all runs, and what failed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.codebook import as_csv, of_lines, of_tallies
from underwatch.results.ledger import entries, facts
from underwatch.results.record_schema import readable
from underwatch.scenario import Scenario
from underwatch.study.result import load_record
from underwatch.study.statistics import seeds_phrase
from underwatch.study.sweep.declaration import Declared
from underwatch.study.sweep.findings import SweepFindings
from underwatch.study.sweep.gathered import Failed, Gathered

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa

DATASET = "sweep.nc"


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(SweepFindings):
    """All runs of a plan; made by `sweep`, or read by `load`, also while it grows.

    dataset: an xarray Dataset with the dimensions `scenario`, one for each factor of a grid (or
    `sample`, with the factors as coordinates), and `seed`; one variable for each measure and
    output, `status` (0 waiting, 1 done, 2 failed) and `state_hash`. failures: scenario, point,
    seed and message of each run that failed. scenarios: as declared, without the factors.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.sweep(
    ...     "atlantic-2018", {"scoring.association": [0, 0.5]}, citizens=2000, days=60, seeds=1
    ... )
    >>> found.dataset["imposed"].attrs["units"], len(found.to_dataframe())
    ('restrictions', 2)
    """

    @classmethod
    def of(
        cls, provenance: dict[str, Any], scenarios: Mapping[str, Scenario], found: Gathered
    ) -> Sweep:
        """A sweep from its gathered runs."""
        return cls(provenance, dict(scenarios), found.dataset, found.failures, found.record)

    @classmethod
    def load(cls, folder: str | Path) -> Sweep:
        """Read a sweep from its folder.

        Raises UserError if the folder has changed or holds something else.
        """
        provenance, scenarios, found = load_record(folder, cls.kind, DATASET)
        with readable(folder, "a sweep"):
            dataset = store.read_netcdf(store.as_path(folder) / DATASET)
            failures = tuple(Failed(**one) for one in found["failures"])
            Declared.model_validate(found["record"]["plan"])
            made = cls(provenance, scenarios, dataset, failures, found["record"])
            if made.counts["failed"] != len(failures) or not made.measures:
                raise ValueError("the failures are not those of the dataset")
        return made

    @classmethod
    def load_partial(cls, folder: str | Path) -> Sweep:
        """Read what is finished of a sweep from its partial results, also while it grows.

        Raises UserError if the folder holds no partial results of a sweep.
        """
        from underwatch.results.provenance import made_with
        from underwatch.study.runs import Outcome
        from underwatch.study.worker import Failure

        path = store.as_path(folder)
        stated = facts(path) or {}
        record = stated.get("about", {}).get("sweep")
        if record is None:
            raise UserError(
                f"{path} holds no partial results of a sweep; resume the study with its command."
            )
        found: dict[tuple[int, str], Outcome | Failure] = {}
        for key, entry in entries(path).items():
            seed, _, world = key.partition(" ")
            found[int(seed), world] = (
                Failure(entry.message) if entry.failed else Outcome.of_record(entry.content)
            )
        scenarios = {n: _scenario(one) for n, one in record["scenarios"].items()}
        first = next(iter(scenarios.values()))
        provenance = {
            **made_with(),
            "kind": cls.kind,
            "title": record["plan"]["title"],
            "worlds": [*scenarios],
            "scenarios": record["scenarios"],
            "scenario_hashes": record["scenario_hashes"],
            "sources": record["sources"],
            "citizens": first.society.citizens,
            "first_day": first.first_day.isoformat(),
            "days": record["days"],
            "seeds": record["seeds"],
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": 0.0,
        }
        return cls.of(provenance, scenarios, Gathered.of(record, found))

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each run: scenario, factors, seed, status and every measure."""
        names = ["status", *self.measures]
        frame: pd.DataFrame = self.dataset[names].to_dataframe().reset_index()
        coordinates = [c for c in frame.columns if c not in names]
        return frame[[*coordinates, *names]]

    def sensitivity(self, measure: str) -> pd.DataFrame:
        """Sobol' indices of a measure, one row for each scenario and factor; of a sobol plan.

        first: the share of the variance over the plan that the factor alone explains; total:
        with all its interactions. Of the mean over seeds; low and high bound 95 % of bootstrap
        resamples of the points.

        Raises UserError for another plan, and where the measure is undefined or a run failed.
        """
        from underwatch.study.sweep.sensitivity import indices

        return indices(self, self.check_measure(measure))

    def plot(self, measure: str | None = None, x: str | None = None) -> alt.TopLevelMixin:
        """A measure against a factor: the mean over seeds, one line for each scenario.

        measure: by default a headline that is there. x: by default the first factor; over the
        values of all others the mean is taken.
        """
        from underwatch.study.charts import to_chart
        from underwatch.study.sweep.pages import series

        made = series(self, self.check_measure(measure or self.headlines()[0]), x)
        return to_chart(made, self.title, self.provenance)

    def save(self, folder: str | Path) -> Path:
        """Write the sweep to a new folder that `underwatch.load` reads back.

        Raises UserError if the folder holds something already.
        """
        path, page = store.as_path(folder), self.report()
        with store.whole(path) as part:
            record = self.provenance | {"result": self._record()}
            store.write_json(part / store.RUN, record)
            packed = {
                str(name): {"zlib": True, "complevel": 1}
                for name, one in self.dataset.data_vars.items() if one.dtype.kind in "if"
            }  # fmt: skip
            store.write_dataset(part / DATASET, self.dataset, packed)
            store.write_text(part / store.CODEBOOK, self._codebook())
            store.write_text(part / store.REPORT, page)
        return path

    def _codebook(self) -> str:
        """Every variable and coordinate of the dataset with its unit and meaning, as CSV."""
        factors = {str(key): f"values of the factor {key}" for key in self.dataset.coords}
        about = factors | {
            "scenario": "names of the scenarios", "seed": "seeds of all random draws",
            "sample": "numbers of the points of the plan",
            "matrix": "the part of the Sobol' plan that a point belongs to",
            "status": "whether the run is done: 0 waiting, 1 done, 2 failed",
        }  # fmt: skip
        return as_csv(of_tallies(self.dataset, DATASET, of_lines() | about))

    def _page(self) -> str:
        from underwatch.study.sweep.pages import sweep_page

        return sweep_page(self)

    def _record(self) -> dict[str, Any]:
        return {
            "record": {k: v for k, v in self.record.items() if k not in ("scenarios", "sources")}
            | {"scenarios": dict.fromkeys(self.scenarios)},
            "failures": [one._asdict() for one in self.failures],
        }

    def _tables(self) -> dict[str, pa.Table]:
        return {}

    def _facts(self) -> list[tuple[str, str]]:
        about, counts = self.provenance, self.counts
        failed = f", {counts['failed']:,} failed" if counts["failed"] else ""
        waiting = f", {counts['waiting']:,} waiting" if counts["waiting"] else ""
        return [
            ("title", self.title),
            ("runs", f"{counts['done']:,} of {counts['runs']:,} done{failed}{waiting}"),
            ("points", f"{len(self.points):,} ({self.record['plan']['plan']})"),
            ("size", f"{about['citizens']:,} citizens, {about['days']:,} days"),
            ("replicates", seeds_phrase(len(self.seeds))),
        ]


def _scenario(declared: Mapping[str, Any]) -> Scenario:
    return Scenario.model_validate_json(json.dumps(declared), strict=True)
