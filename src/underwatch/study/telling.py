"""A study of diffusion as its users see it: a bar while it lives, a table when it is done."""

import json
import shutil
import sys
import time
from pathlib import Path

import numpy as np

from underwatch.errors import UserError
from underwatch.journey import Progress
from underwatch.study.declaration import REGIMES
from underwatch.study.nations import RATIOS

REGIME_WORDS = ("lib. dem.", "el. dem.", "el. aut.", "cl. aut.")  # as REGIMES, for narrow columns


class Bar:
    """Nations lived of all, with rate and time left: a bar on a terminal, else plain lines."""

    def __init__(self, quiet: bool):
        self.quiet, self.bar, self.told, self.begun = quiet, None, 0.0, time.perf_counter()

    def __enter__(self):
        if not self.quiet and sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            self.bar = progress.Progress(
                progress.TextColumn("living"), progress.BarColumn(),
                progress.TextColumn("{task.completed:,.0f}/{task.total:,.0f} nations"),
                progress.TimeRemainingColumn(), console=Console(stderr=True),
            )  # fmt: skip
            self.bar.start()
            self.task = self.bar.add_task("", total=None)
        return self

    def __exit__(self, *_):
        if self.bar:
            self.bar.stop()

    def __call__(self, step: Progress) -> None:
        if self.bar:
            self.bar.update(self.task, completed=step.done, total=step.total)
            return
        now = time.perf_counter()
        if self.quiet or now - self.told < 5 and step.done < step.total:
            return
        rate = step.done / (now - self.begun)
        left = f", {(step.total - step.done) / rate:,.0f} s left" if rate else ""
        said = f"living {step.done}/{step.total} nations, {rate:.1f} a second{left}"
        print(said, file=sys.stderr, flush=True)
        self.told = now


def command(study: str, settings: list[str], out: Path | None, quiet: bool, as_json: bool) -> bool:
    """Run a study into a folder and tell of it; False if Ctrl-C came between.

    What is lived until then stays in a hidden folder beside `out`, for the same
    command to go on from.
    """
    from underwatch import store
    from underwatch.journey import ctrl_c_waits
    from underwatch.study.declaration import reading
    from underwatch.study.export import export

    read = reading(study, settings)
    if out and store.is_run(out):
        raise UserError(f"{out} holds a run already; choose another --out, or remove it.")
    folder = out or store.fresh_folder(Path("runs"), Path(study).stem)
    halfway = folder.with_name(f".{folder.name}.halfway")
    with Bar(quiet) as bar:
        try:
            found = export(read.value, read.sources, halfway, bar)
        except KeyboardInterrupt:
            print("\nInterrupted. The nations lived are kept; go on with the same command and "
                  f"--out {folder}", file=sys.stderr)  # fmt: skip
            return False
    provenance = found.provenance | {"command": ["underwatch", *sys.argv[1:]]}
    with ctrl_c_waits():
        store.save_states(folder, provenance, found.states)
        shutil.rmtree(halfway)
    if not quiet:
        tell(provenance, found.states, folder, sys.stderr if as_json else sys.stdout)
    if as_json:
        keys = ("seed", "states", "adopters", "citizens", "comparison", "seconds", "study_hash",
                "result_hash")  # fmt: skip
        print(json.dumps({"study": str(folder)} | {key: provenance[key] for key in keys}))
    return True


def tell(provenance: dict, states, folder: Path, stream) -> None:
    """What a study came to, for people; nothing that is M or S goes without its letter."""
    from rich.console import Console

    console = Console(file=stream, width=None if stream.isatty() else 110, highlight=False)
    study = provenance["study"]
    years = study["years"]
    console.print(
        f"[bold]{provenance['title']}[/bold]: {provenance['states']} invented states, "
        f"{years['first']} to {years['last']}; {provenance['adopters']} took something; "
        f"{provenance['citizens']:,} citizens in each of their nations; {provenance['seconds']} s"
    )
    _tell_organs(console, states)
    _tell_index(console, provenance["comparison"], study["index"])
    _tell_nations(console, states)
    assumed = sum(str(s).startswith("assumption") for s in provenance["sources"].values())
    console.print(
        f"{assumed} of {len(provenance['sources'])} figures of this study are assumptions.\n"
        f"Study: {folder}"
    )


def _table(*columns: str):
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _tell_organs(console, states) -> None:
    rows = _table("states that have it, at the end", "all", *REGIME_WORDS, "first", "median")
    taken, regimes = states["adopted"].values, states["regime"].values
    for k, name in enumerate(states["organ"].values):
        has = ~np.isnan(taken[:, k])
        each = [str(np.count_nonzero(has & (regimes == regime))) for regime in REGIMES]
        years = taken[has, k]
        when = [f"{years.min():.0f}", f"{np.median(years):.0f}"] if has.any() else ["–", "–"]
        rows.add_row(f"  {_words(name)}", str(years.size), *each, *when)
    console.print(rows)


def _tell_index(console, comparison: list[dict], index: dict) -> None:
    """Adopters beside the published index, and whether that was fitted."""
    published = "fitted to" if index["fitted"] else "published"
    rows = _table(f"use AI surveillance, end of {index['year']}", "states", "this luck",
                  f"mean of {index['lucks']}", "9 in 10", published)  # fmt: skip
    for row in comparison:
        rows.add_row(
            f"  {_words(row['of'])}", str(row["states"]), f"{row['adopters']:.1f} %",
            f"{row['mean']:.1f} %", f"{row['low']:.0f}–{row['high']:.0f} %",
            f"{row['index']:.1f} % ({row['confidence']})",
        )  # fmt: skip
    console.print(rows)
    for source in dict.fromkeys(row["source"] for row in comparison):
        console.print(f"  {published}: {source}")
    if index["fitted"]:
        console.print("  Demand was fitted to these shares: they are reproduced, not predicted.")


def _tell_nations(console, states) -> None:
    """The means over adopters' nations, by type of regime and by how much they took."""
    groups = np.count_nonzero(~np.isnan(states["adopted"].values), 1)
    many = {"one organ": groups == 1, "two": groups == 2, "three": groups == 3, "more": groups > 3}
    who = {w: states["regime"].values == r for w, r in zip(REGIME_WORDS, REGIMES, strict=True)}
    rows = _table("mean nation of those", *who, *many, "unit")
    for name in RATIOS:
        values = [states[name].values[chosen] for chosen in (who | many).values()]
        known = [v[~np.isnan(v)] for v in values]
        means = [f"{v.mean():.2f}" if v.size else "–" for v in known]
        rows.add_row(f"  {_words(name)}", *means, RATIOS[name].unit)
    console.print(rows)


def _words(name: str) -> str:
    return name.replace("_", " ")
