"""The result of a run with several seeds: the runs, and means over them with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.errors import UserError
from underwatch.measurement.estimates import TOO_FEW
from underwatch.results import folder as store
from underwatch.results.base import Page, Result, Summary, Value, write_page
from underwatch.results.codebook import as_csv, of_table
from underwatch.results.parquet import schema, to_table, write_parquet
from underwatch.results.provenance import made_with
from underwatch.results.run_result import HEADLINES, Kind, Run, size_of
from underwatch.scenario import Scenario
from underwatch.study.statistics import MIN_SEEDS, estimate, of_unit

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import xarray as xr

SUMMARY = "summary.parquet"
_MEANING = {
    "measure": ("name", "the measure, as `underwatch measures` lists it"),
    "label": ("text", "what the measure is called in reports"),
    "kind": ("text", "the heading under which reports show it"),
    "unit": ("text", "the unit of the numbers of this row"),
    "value": ("unit of the row", "mean over seeds; null where not defined"),
    "low": ("unit of the row", "lower end of the 95 % interval; null with fewer than three seeds"),
    "high": ("unit of the row", "upper end of the 95 % interval; null with fewer than three seeds"),
    "seeds": ("seeds", "how many seeds were run"),
    "note": ("text", "why there is no value, or what bounds it"),
}


class Runs(Result):
    """Replicates: the same scenario with several seeds, made by `underwatch.run(seeds=…)`.

    Attributes
    ----------
    runs: the runs, in the order of their seeds.
    seeds: their seeds.
    summary: means over seeds, with 95 % intervals from three seeds on.
    tallies: the tallies of all runs, with the dimension `seed`.

    Examples
    --------
    >>> import underwatch as uw
    >>> runs = uw.run("atlantic-2018", citizens=2000, days=60, seeds=3)
    >>> runs.seeds
    (2018, 2019, 2020)
    >>> share = runs.summary["chilled_share"]
    >>> share.low <= share.value <= share.high
    True
    """

    def __init__(self, runs: Sequence[Run]):
        if not runs:
            raise UserError("An ensemble needs at least one run.")
        self.runs = tuple(runs)

    @classmethod
    def load(cls, folder: str | Path) -> Runs:
        """Read the folder of an ensemble. Raises UserError if a file has changed."""
        provenance = store.load_provenance(store.as_path(folder))
        return cls(
            [Run.load(store.as_path(folder) / folder_of(seed)) for seed in provenance["seeds"]]
        )

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds of the runs."""
        return tuple(run.seed for run in self.runs)

    @property
    def scenario(self) -> Scenario:
        """The scenario of the first run; the others differ in the seed only."""
        return self.runs[0].scenario

    @property
    def provenance(self) -> dict[str, Any]:
        """What run.json of the ensemble holds, its summary aside."""
        first = self.runs[0].provenance
        kept = ("title", "text", "scenario", "scenario_hash", "sources", "citizens", "days",
                "first_day", "panel", "observed", "score_rule", "command")  # fmt: skip
        return {
            **made_with(),
            **{key: first[key] for key in kept if key in first},
            "kind": "replicates",
            "seeds": [*self.seeds],
            "state_hashes": {str(run.seed): run.state_hash for run in self.runs},
            "seconds": round(sum(run.provenance["seconds"] for run in self.runs), 3),
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        }

    @cached_property
    def tallies(self) -> xr.Dataset:
        """The tallies of all runs, with the dimension `seed`."""
        import xarray as xr

        seeds = xr.Variable("seed", list(self.seeds))
        found: xr.Dataset = xr.concat([run.tallies for run in self.runs], seeds, join="exact")
        return found

    @cached_property
    def summary(self) -> Summary:
        """Means over seeds; a measure that some seed does not define is averaged over the rest.

        A measure that rests on too few events with some seed has no mean, but a note.
        """
        return Summary(
            _mean([run.summary[name] for run in self.runs if name in run.summary])
            for name in self.runs[0].summary
        )

    def to_dataframe(self, kind: Kind | None = None) -> pd.DataFrame:
        """The ensemble as a tidy table.

        kind: None for one row per seed and measure; "summary" for one row per measure, the mean
        over seeds with low and high; "monthly" and "daily" as in `Run`, with a seed column.
        """
        import pandas as pd

        if kind == "summary":
            return self.summary.to_dataframe()
        kind, every = kind or "summary", kind is None
        frames = []
        for run in self.runs:
            frame = run.to_dataframe(kind)
            if every:  # the interval of one seed is none
                frame = frame.drop(columns=["low", "high"])
            frame.insert(0, "seed", run.seed)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def plot(self, measure: str = "chilled_share", by: str | None = None) -> alt.TopLevelMixin:
        """A measure over the months, as the mean over seeds; see `Run.plot`.

        From three seeds on, a band around each line shows its 95 % interval.
        """
        from underwatch.report.series import measure_over_time
        from underwatch.study.bands import with_bands
        from underwatch.study.charts import to_chart

        each = [measure_over_time(run.tallies, measure, by).lines for run in self.runs]
        series = with_bands(self._course(measure, by), each)
        about = f"{self.scenario.title}; mean of {len(self.runs)} seeds"
        return to_chart(series, about, self.provenance)

    def report(self, file: str | Path | None = None) -> Page:
        """The replicates as one HTML page: findings with intervals over seeds, bands in charts."""
        from underwatch.report.page import render
        from underwatch.report.series import all_series
        from underwatch.study.bands import with_bands

        # Rates and shares over all seeds are those of one larger nation.
        together = self.tallies.sum("seed", skipna=False, keep_attrs=True)
        each = [{one.name: one.lines for one in all_series(run.tallies)} for run in self.runs]
        series = [
            with_bands(one, [lines[one.name] for lines in each if one.name in lines])
            for one in all_series(together)
        ]
        page = render(
            self.provenance, together, list(self.summary.values()), series=series,
            events=self.events,
        )  # fmt: skip
        return write_page(page, file)

    @property
    def events(self) -> dict[str, int | None]:
        """How many events each measure rests on over all seeds; None if on none."""
        found: dict[str, int | None] = {}
        for line in (line for run in self.runs for line in run.summary_lines):
            known = found.get(line.name)
            found[line.name] = known if line.events is None else (known or 0) + line.events
        return found

    def save(self, folder: str | Path) -> Path:
        """Write the ensemble: a run folder for each seed, a summary table and a page."""
        folder = store.as_path(folder)
        with store.whole(folder) as part:
            for run in self.runs:
                run.save(part / folder_of(run.seed))
            store.write_json(part / store.RUN, self.provenance)
            rows = [_flat(value, len(self.runs)) for value in self.summary.values()]
            table = to_table(rows, summary_schema())
            write_parquet(part / SUMMARY, table)
            store.write_text(part / store.CODEBOOK, as_csv(of_table(table, SUMMARY, _MEANING)))
            store.write_text(part / store.REPORT, self.report())
        return folder

    def find(self, **filters: Any) -> pd.DataFrame:
        """Invented citizens of every run, indexed by seed and citizen; see `Run.find`."""
        import pandas as pd

        return pd.concat({run.seed: run.find(**filters) for run in self.runs}, names=["seed"])

    def _course(self, measure: str, by: str | None) -> Any:
        from underwatch.report.series import measure_over_time

        return measure_over_time(self.tallies.mean("seed", keep_attrs=True), measure, by)

    def _facts(self) -> list[tuple[str, str]]:
        size = size_of(self.runs[0].provenance)
        more = " …" if len(self.runs) > 3 else ""
        many = "1 seed" if len(self.runs) == 1 else f"{len(self.runs)} seeds"
        seeds = f"{many} ({', '.join(map(str, self.seeds[:3]))}{more})"
        facts = [("title", self.scenario.title), ("", size), ("mean of", seeds)]
        return facts + [(n, str(self.summary[n])) for n in HEADLINES if n in self.summary]


def summary_schema() -> Any:
    """The columns of summary.parquet, whatever the number of seeds."""
    return schema(
        measure="str", label="str", kind="str", unit="str", value="float", low="float",
        high="float", seeds="int", note="str",
    )  # fmt: skip


def _mean(values: Sequence[Value]) -> Value:
    """One measure over seeds: the mean and, from three defined values on, its interval."""
    first = values[0]
    known = np.array([v.value for v in values if v.value is not None], float)
    few = next((v.note for v in values if v.value is None and v.note.startswith(TOO_FEW)), "")
    if few:  # the seeds that have enough are no fair sample of all
        known = known[:0]
    mean = float(known.mean()) if known.size else None
    low = high = None
    note = few or (values[0].note if mean is None else "")
    if known.size >= MIN_SEEDS:
        numbers = [float(value) for value in known]
        whole = estimate(numbers)
        _, low, high = of_unit(numbers, first.unit)
        at = ["0"] * (low == 0 and (whole.low or 0) < 0)
        at += ["100"] * (high == 100 and (whole.high or 0) > 100)
        note = f"interval cut at {' and '.join(at)}" if at else ""
    if 0 < known.size < len(values):
        part = f"defined under {known.size:,} of {len(values):,} seeds"
        note = "; ".join(filter(None, (note, part)))
    if any("at capacity" in v.note for v in values):  # a single run says on how many days
        note = "; ".join(filter(None, (note, "bounded by a queue at capacity")))
    return Value(
        first.name, first.label, mean, first.unit, first.definition, first.kind, low, high, note
    )  # fmt: skip


def _flat(value: Value, seeds: int) -> dict[str, Any]:
    columns = ("label", "kind", "unit", "value", "low", "high", "note")
    return {"measure": value.name, "seeds": seeds} | {c: getattr(value, c) for c in columns}


def folder_of(seed: int) -> str:
    """The name of the folder of one run within that of all."""
    return f"seed-{seed}"
