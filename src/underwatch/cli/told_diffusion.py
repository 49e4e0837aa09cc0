"""A study of diffusion as its users read it."""

from pathlib import Path

import numpy as np

from underwatch.cli import tables
from underwatch.study.diffusion.declaration import REGIMES
from underwatch.study.diffusion.nations import RATIOS

REGIME_WORDS = ("lib. dem.", "el. dem.", "el. aut.", "cl. aut.")  # as REGIMES, for narrow columns


def tell(provenance: dict, states, folder: Path, stream) -> None:
    """What a study came to, for people; nothing that is M or S goes without its letter."""
    console = tables.console(stream)
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
    console.print(f"{tables.assumed(provenance['sources'], 'study')}.\nStudy: {folder}")


def _tell_organs(console, states) -> None:
    rows = tables.table("states that have it, at the end", "all", *REGIME_WORDS, "first", "median")
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
    rows = tables.table(f"use AI surveillance, end of {index['year']}", "states", "this luck",
                  f"mean of {index['replicates']}", "9 in 10", published)  # fmt: skip
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
    rows = tables.table("mean nation of those", *who, *many, "unit")
    for name in RATIOS:
        values = [states[name].values[chosen] for chosen in (who | many).values()]
        known = [v[~np.isnan(v)] for v in values]
        means = [f"{v.mean():.2f}" if v.size else "–" for v in known]
        rows.add_row(f"  {_words(name)}", *means, RATIOS[name].unit)
    console.print(rows)


def _words(name: str) -> str:
    return name.replace("_", " ")
