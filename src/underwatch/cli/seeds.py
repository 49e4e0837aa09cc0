"""`run --seeds`: a run folder for each seed, and means over them with intervals."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.cli import streams, tables
from underwatch.cli.estimate import print_forecast
from underwatch.cli.options import folders
from underwatch.cli.progress import Bar, counted, interrupted
from underwatch.cli.save import kept_if_unsaved

if TYPE_CHECKING:
    from underwatch.report.bands import Bands
    from underwatch.results.base import Value
    from underwatch.scenario import Scenario
    from underwatch.study.replicates_result import Runs


def run_seeds(
    world: "Scenario", name: str, out: Path | None, estimate: bool, quiet: bool, as_json: bool,
    everything: bool = False, **given: Any,
) -> None:  # fmt: skip
    """Simulate a scenario with several seeds, write the folder of the ensemble and print it.

    everything: print every measure. given: arguments of `underwatch.run`.
    """
    from underwatch.engine.interrupts import signals_wait
    from underwatch.study.replicates import run
    from underwatch.study.replicates_kept import discard_kept

    folder, partial = folders(out, name)
    given["checkpoint"] = partial
    if estimate:
        print_forecast(quiet, as_json, run, world, **given)
        return
    with Bar(quiet) as bar:
        try:
            found = run(world, progress=counted(bar), **given)
        except KeyboardInterrupt:
            raise interrupted(folder) from None
    for one in found.runs:
        one.provenance["command"] = ["underwatch", *sys.argv[1:]]
    with signals_wait(), kept_if_unsaved(folder):
        found.save(folder)
        discard_kept(partial)
    with streams.output(f"The runs are complete and kept in {folder}."):
        if not quiet:
            print_seeds(found, folder, sys.stderr if as_json else sys.stdout, everything)
        if as_json:
            streams.print_object({"study": str(folder)} | _as_object(found))


def _as_object(found: "Runs") -> dict:
    about = found.provenance
    keys = ("seeds", "citizens", "days", "seconds", "scenario_hash", "state_hashes")
    summary = {
        v.name: {"value": v.value, "low": v.low, "high": v.high, "unit": v.unit}
        | ({"note": v.note} if v.note else {})
        for v in found.summary.values()
    }
    return {key: about[key] for key in keys} | {"summary": summary}


def print_seeds(runs: "Runs", folder: Path, stream=None, everything: bool = False) -> None:
    """Means over seeds with intervals: findings and the headline, or every measure."""
    from underwatch.cli.closing import print_brief
    from underwatch.report.bands import bands_for
    from underwatch.report.brief import in_brief
    from underwatch.report.chance import one_draw
    from underwatch.report.page import HEADLINES
    from underwatch.study.statistics import seeds_phrase

    console = tables.console(stream)
    head = tables.bold(runs.scenario.title, f": {seeds_phrase(len(runs.runs))}")
    last = tables.where(folder, runs.provenance["sources"], everything)
    values = [*runs.summary.values()]
    if everything:
        console.print(head)
        console.print(_means(values, runs.events))
        for line in last:
            console.print(line)
        return
    chosen = [runs.summary[name] for name in HEADLINES if name in runs.summary]
    citizens = runs.provenance["citizens"] * len(runs.seeds)
    held = bands_for(runs.provenance)
    brief = in_brief(values, runs.events, citizens)  # bands are in the table
    last = [held, *last] if isinstance(held, str) and held else last
    last = [one_draw(runs.provenance), *last] if len(runs.seeds) < 3 else last
    print_brief(console, head, brief, _means(chosen, runs.events, held), last)


def _means(
    values: "Sequence[Value]", events: "Mapping[str, int | None]", bands: "Bands | str" = ""
):
    """Means over seeds as a table, with their intervals, and bands beside them."""
    from underwatch.report.few import without_few
    from underwatch.report.numbers import format_column

    left = tables.bands(bands)
    rows = tables.table("Measure", "Mean over seeds", "95 % interval", *left.head, "Unit")
    rows.columns[-1].justify = "left"
    units = [v.unit for v in values]
    known, few = without_few(
        [v.value for v in values], units, [events.get(v.name) for v in values]
    )  # fmt: skip
    spans = [(None, None) if one is None else (v.low, v.high)
             for v, one in zip(values, known, strict=True)]  # fmt: skip
    means = format_column(known, spans, units, missing="–")
    lows, highs = (format_column([s[k] for s in spans], spans, units, missing="–") for k in (0, 1))
    for value, mean, low, high, unit in zip(values, means, lows, highs, few, strict=True):
        interval = "–" if low == "–" else f"{low} to {high}"
        unit = unit if unit != value.unit else value.unit_and_note
        rows.add_row(value.label, mean, interval, *left.cell(value.name), unit)
    return rows
