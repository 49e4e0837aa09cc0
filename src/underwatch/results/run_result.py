"""The result of one run: its summary, tallies, people and panel, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from underwatch.errors import UserError
from underwatch.results import contents
from underwatch.results import folder as store
from underwatch.results.base import Page, Result, Summary, Value, write_page
from underwatch.results.contents import Contents, Observations, Simulated, Tables, pack
from underwatch.scenario import Scenario

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import pyarrow as pa
    import xarray as xr

    from underwatch.engine.simulation import Simulation
    from underwatch.measurement.summary import SummaryLine

HEADLINES = ("chilled_share", "restricted_now", "wrongful", "offences_deterred")
STRATA = ("group", "age", "place", "conviction")
Kind = Literal["summary", "monthly", "daily"]


class Run(Result):
    """One simulated run of a scenario, made by `underwatch.run` or read by `underwatch.load`.

    Attributes
    ----------
    scenario: the scenario with the size and seed of this run.
    provenance: software, machine, sizes, sources and hashes, as in run.json.
    tallies: xarray Dataset of counts by day (`posts`) and by month and stratum
        (`posts_by_month`); units are in the attributes of each variable.
    panel: pyarrow Table with every record of the followed citizens; None without any.
    people: pandas DataFrame, one row per invented citizen, index `citizen`.
    observations: the user's own measures by name, as xarray DataArrays.
    summary: the measures of the run by name.

    Examples
    --------
    >>> import underwatch as uw
    >>> run = uw.run("atlantic-2018", citizens=2000, days=60)
    >>> run.summary["imposed"].unit
    'restrictions'
    >>> run.to_dataframe().columns.tolist()[:4]
    ['measure', 'label', 'value', 'unit']
    """

    def __init__(self, scenario: Scenario, provenance: dict[str, Any], data: Contents):
        self.scenario = scenario
        self.provenance = provenance
        self._contents = data

    @classmethod
    def load(cls, folder: str | Path) -> Run:
        """Read a run folder. Raises UserError if a file is missing or has changed."""
        stored = contents.load(store.as_path(folder))
        kind = stored.provenance["kind"]
        if kind != "run":
            raise UserError(f"{folder} holds a result of kind {kind!r}, not a run.")
        from underwatch.results.record_schema import declared_scenario

        scenario = declared_scenario(stored.provenance["scenario"])
        scenario._sources = dict(stored.provenance["sources"])
        return cls(scenario, stored.provenance, stored)

    @property
    def tallies(self) -> xr.Dataset:
        """Counts by day, and by month and stratum."""
        return self._contents.tallies

    @property
    def panel(self) -> pa.Table | None:
        """Every record of the followed citizens with its true cause, in the order of days."""
        return self._contents.panel

    @property
    def observations(self) -> Observations:
        """The measures that `observe` returned, by name; the first dimension is `day`."""
        return self._contents.observations

    @cached_property
    def people(self) -> pd.DataFrame:
        """One row per invented citizen: traits, final state and what happened to them."""
        people: pd.DataFrame = self._contents.people.to_pandas()
        return people.set_index("citizen")

    @property
    def seed(self) -> int:
        """The seed of all random draws of this run."""
        return int(self.provenance["seed"])

    @property
    def state_hash(self) -> str:
        """SHA-256 of the final state of every citizen."""
        return str(self.provenance["state_hash"])

    @cached_property
    def summary(self) -> Summary:
        """Some ninety measures of the whole run: stated goals beside harms."""
        return Summary(
            Value(
                line.name,
                line.label,
                line.value,
                line.unit,
                line.definition,
                line.kind,
                note="; ".join(filter(None, (line.note, line.limit))),
            )  # fmt: skip
            for line in self.summary_lines
        )

    @property
    def simulation(self) -> Simulation:
        """The engine's final state. Raises UserError for a run that was loaded or released."""
        if not isinstance(self._contents, Simulated):
            raise UserError("Only a run that was simulated in this process has its final state.")
        return self._contents.simulation

    @property
    def states(self) -> np.ndarray:
        """STATE records of all citizens on the last evening; only in the simulating process."""
        return self.simulation.states()

    @property
    def scores(self) -> np.ndarray:
        """Scores of all citizens on the last evening, -1 for none; like `states`."""
        return self.simulation.scores()

    def release(self) -> Run:
        """The same run without the engine's state, which takes most of its memory."""
        held = self._contents
        if not isinstance(held, Simulated):
            return self
        tables = Tables(held.tallies, held.panel, held.people, held.observations)
        return Run(self.scenario, self.provenance, tables)

    def find(self, **filters: Any) -> pd.DataFrame:
        """Invented citizens with what happened to them, indexed by citizen.

        filters: see `underwatch find --help`, such as wrongful=True, group="D",
        restricted_days="100+", order="restricted_days", limit=20.
        """
        from underwatch.results.people import find

        return find(self.people, **filters)

    def to_dataframe(self, kind: Kind = "summary") -> pd.DataFrame:
        """The run as a tidy table.

        Parameters
        ----------
        kind
            "summary": one row per measure of the whole run. "monthly": one row per
            month and stratum (group, age, place, conviction), one column per tally;
            levels are means over the month. "daily": one row per day, one column per tally.

        Examples
        --------
        >>> import underwatch as uw
        >>> run = uw.run("unwatched", citizens=2000, days=60)
        >>> run.to_dataframe("daily").shape[0]
        60
        >>> run.to_dataframe("monthly").columns.tolist()[:5]
        ['month', 'group', 'age', 'place', 'conviction']
        """
        if kind == "summary":
            return self.summary.to_dataframe()
        dims = {"monthly": ("month", *STRATA), "daily": ("day",)}.get(str(kind))
        if dims is None:
            raise UserError(f'kind is {kind!r}, but it is "summary", "monthly" or "daily".')
        names = [str(k) for k, v in self.tallies.data_vars.items() if v.dims == dims]
        frame: pd.DataFrame = self.tallies[names].to_dataframe(dim_order=[*dims]).reset_index()
        return frame.rename(columns={name: name.removesuffix("_by_month") for name in names})

    def plot(self, measure: str = "chilled_share", by: str | None = None) -> alt.TopLevelMixin:
        """A measure over the months of the run, as an Altair chart.

        Parameters
        ----------
        measure: a name of the summary or a tally; see `underwatch.measures()`.
        by: one line for each stratum of "group", "age", "place" or "conviction".

        Raises
        ------
        UserError
            If the measure is unknown or has no course over time.
        """
        from underwatch.report.charts import headed, to_altair
        from underwatch.report.series import measure_over_time
        from underwatch.report.stamp import stamp

        series = measure_over_time(self._contents.counts, measure, by)
        return to_altair(headed(series, self.scenario.title, stamp(self.provenance)))

    def over_time(self, measure: str = "chilled_share", by: str | None = None) -> pd.DataFrame:
        """The numbers of `plot`: a measure by month, one column for each line of the chart.

        Shares are shares of one. `attrs` holds the title, the caption and the unit.

        Examples
        --------
        >>> import underwatch as uw
        >>> run = uw.run("atlantic-2018", citizens=2000, days=60)
        >>> run.over_time("restricted", by="place").columns.tolist()
        ['month', 'rural', 'town', 'metropolis']
        """
        import pandas as pd

        from underwatch.report.series import measure_over_time

        series = measure_over_time(self._contents.counts, measure, by)
        found = pd.DataFrame({"month": series.x, **series.lines})
        found.attrs = {"title": series.title, "caption": series.caption, "unit": series.unit}
        return found

    def findings(self) -> list[str]:
        """What the report says first: sentences with the numbers of this run.

        Each with what the assumptions leave, where that is known; the last says that one run
        shows one draw of chance.

        Examples
        --------
        >>> import underwatch as uw
        >>> uw.run("unwatched", citizens=2000, days=60).findings()[0][:30]
        'Citizens commit minor offences'
        """
        from underwatch.report.bands import bands_for
        from underwatch.report.brief import in_brief
        from underwatch.report.chance import one_draw

        citizens, bands = int(self.provenance["citizens"]), bands_for(self.provenance)
        found = in_brief(self.summary_lines, citizens=citizens, bands=bands)
        return [*(finding.text for finding in found), one_draw(self.provenance)]

    def report(
        self,
        file: str | Path | None = None,
        *,
        draw: Callable[[list[dict[str, Any]]], list[str]] | None = None,
    ) -> Page:
        """The run as one HTML page that needs no network.

        Parameters
        ----------
        file: where to write the page; it is returned in any case.
        draw: a function that renders Vega-Lite charts to SVG; by default this process does.
        """
        from underwatch.report.page import render

        more = () if draw is None else (draw,)
        page: str = render(self._described(), self._contents.counts, self.summary_lines, *more)
        return write_page(page, file)

    def save(
        self,
        folder: str | Path,
        *,
        draw: Callable[[list[dict[str, Any]]], list[str]] | None = None,
        report: bool = True,
    ) -> Path:
        """Write a run folder, which `underwatch.load` and the command line read.

        Parameters
        ----------
        folder: a new or empty folder, or the `checkpoint` of this run; a run is never
            overwritten (UserError).
        draw: see `Run.report`.
        report: write the page as well; without it the folder is there some seconds earlier.

        Returns
        -------
        The folder.
        """
        from underwatch.results import interrupted, reservation

        folder = store.as_path(folder)
        if interrupted.is_of(folder, self.provenance):
            reservation.adopted(folder, self, report)
        else:
            self._write(folder, draw, report)
        return folder

    def _write(
        self, folder: Path, draw: Callable[..., list[str]] | None = None, report: bool = True
    ) -> None:
        """Write the files of the run to a new folder, while another process draws its charts."""
        from concurrent.futures import ThreadPoolExecutor

        from underwatch.report.page import begin
        from underwatch.report.rendering import render_charts

        store.check_writable(folder)
        counts = self._contents.counts
        with ThreadPoolExecutor(1) as beside:  # waits for the other process

            def drawn(specs: list[dict[str, Any]]) -> Callable[[], list[str]]:
                return beside.submit(draw or render_charts, specs).result

            finish = begin(self.provenance, counts, drawn) if report else None
            described = self._described()
            store.save(
                folder,
                described,
                counts,
                panel=self.panel,
                people=self._contents.people,
                observations=pack(self.observations),
                codebook=self.codebook(),
                report=partial(finish, described, self.summary_lines) if finish else None,
            )

    def codebook(self) -> str:
        """Every column of the run's data files with its type, unit and meaning, as CSV text."""
        from underwatch.results.codebook import of_run

        return of_run(self._contents.counts, self._contents.people, self.panel)

    @cached_property
    def _summary_lines(self) -> list[SummaryLine]:
        from underwatch.measurement.summary import remembered, summarise

        kept = self.provenance.get("summary")
        lines: list[SummaryLine] = remembered(kept) if kept else summarise(self._contents.counts)
        return lines

    @property
    def summary_lines(self) -> list[SummaryLine]:
        """The lines of the summary with their events, as a stored run was saved with them."""
        return self._summary_lines

    def _described(self) -> dict[str, Any]:
        """The provenance with the summary, as run.json holds it."""
        kept = ("value", "unit", "events", "note", "limit")
        summary = {
            each.name: {key: getattr(each, key) for key in kept} for each in self.summary_lines
        }
        return self.provenance | {"summary": summary}

    def _facts(self) -> list[tuple[str, str]]:
        size = size_of(self.provenance)
        facts = [("title", self.scenario.title), ("", size), ("seed", str(self.seed))]
        return facts + [(n, str(self.summary[n])) for n in HEADLINES if n in self.summary]


def size_of(provenance: Mapping[str, Any]) -> str:
    """Citizens, days and first day of a run, for readers."""
    people, days = f"{provenance['citizens']:,} citizens", f"{provenance['days']:,} days"
    return f"{people}, {days} from {provenance['first_day']}"
