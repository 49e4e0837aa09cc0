"""A study of diffusion as tables, as a chart, and as a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from underwatch.measurement.estimates import MIN_EVENTS, too_few
from underwatch.report.numbers import format_column
from underwatch.report.series import Series
from underwatch.study.diffusion.declaration import REGIMES
from underwatch.study.diffusion.goals import GOALS
from underwatch.study.diffusion.populations import RATIOS
from underwatch.study.statistics import cut, of_skewed
from underwatch.study.tables import Rows

if TYPE_CHECKING:
    from underwatch.study.diffusion.findings import DiffusionFindings

REGIME_HEADS = ("Lib. dem.", "El. dem.", "El. aut.", "Cl. aut.")  # as REGIMES, for narrow columns
REGIME_KEY = (
    "Lib. dem.: liberal democracies; el. dem.: electoral democracies; el. aut.: electoral "
    "autocracies; cl. aut.: closed autocracies."
)


def all_rows(found: DiffusionFindings) -> list[Rows]:
    """Adoption by organ and beside the index, what trials measured, and the populations."""
    return [adoption_rows(found), index_rows(found), effect_rows(found), population_rows(found)]


def adoption_rows(found: DiffusionFindings) -> Rows:
    """How many states hold each group of organs in the end, and when they adopted it."""
    adopted, regimes = found.states["adopted"].values, found.states["regime"].values
    rows = []
    for k, name in enumerate(found.states["organ"].values):
        holds = ~np.isnan(adopted[:, k])
        by_regime = [str(np.count_nonzero(holds & (regimes == regime))) for regime in REGIMES]
        years = adopted[holds, k]
        when = [f"{years.min():.0f}", f"{np.median(years):.0f}"] if holds.any() else ["–", "–"]
        rows.append([_words(name).capitalize(), f"{years.size:,}", *by_regime, *when])
    caption = f"States that hold each group of organs at the end of {found.study.years.last}"
    head = ["Group of organs", "All", *REGIME_HEADS, "First year", "Median year"]
    return Rows(caption, head, rows, set(range(1, len(head))))


def index_rows(found: DiffusionFindings) -> Rows:
    """Adoption beside the published index, with the letter of its confidence."""
    index = found.study.index
    published = "Index it was fitted to" if index.fitted else "Published index"
    rows = [
        [
            _words(row["of"]).capitalize(), f"{row['states']:,}", f"{row['adopters']:.1f} %",
            f"{row['mean']:.1f} %", f"{row['low']:.0f} to {row['high']:.0f} %",
            f"{row['index']:.1f} % ({row['confidence']})",
        ]
        for row in found.index
    ]  # fmt: skip
    caption = f"States that use AI surveillance at the end of {index.year}"
    head = ["States", "Number", "This replicate", f"Mean of {index.replicates:,} replicates",
            "90 % of replicates", published]  # fmt: skip
    return Rows(caption, head, rows, set(range(1, len(head))))


def effect_rows(found: DiffusionFindings) -> Rows:
    """What each group does in trial nations, by goal."""
    effect, sellers = found.states["effect"].values, found.states["supplier"].values
    rows = []
    for k, name in enumerate(found.states["organ"].values):
        bought = sellers[~np.isnan(sellers[:, k]), k]
        changes = [f"{value:+.1f}" for value in effect[k]]
        rows.append([_words(name).capitalize(), *changes, f"{bought.size:,}",
                     f"{np.count_nonzero(bought >= 0):,}"])  # fmt: skip
    head = ["Group of organs", *(goal.label for goal in GOALS.values()), "Sales",
            "Sales by earlier adopters"]  # fmt: skip
    caption = (
        "Change that a group adds to the groups that it requires, in trial nations, in per cent "
        "of the count without any organ (support and restrictions: points); and its sales"
    )
    return Rows(caption, head, rows, set(range(1, len(head))))


def population_rows(found: DiffusionFindings) -> Rows:
    """Means over adopters' populations, by type of regime and by number of groups adopted."""
    states = found.states
    groups = np.count_nonzero(~np.isnan(states["adopted"].values), 1)
    columns = {
        head: (states["regime"].values == regime) & (groups > 0)
        for head, regime in zip(REGIME_HEADS, REGIMES, strict=True)
    }
    columns |= {"1 group": groups == 1, "2 groups": groups == 2, "3 groups": groups == 3,
                "More": groups > 3}  # fmt: skip
    counts = [f"{int(chosen.sum()):,}" for chosen in columns.values()]
    rows = [["States with a population", *counts, "states"]]
    for name, ratio in RATIOS.items():
        values = states[name].values
        known = [values[chosen & ~np.isnan(values)] for chosen in columns.values()]
        means = [float(some.mean()) if some.size else None for some in known]
        rows.append([ratio.label, *format_column(means, unit=ratio.unit, missing="–"), ratio.unit])
    head = ["Measure", *columns, "Unit"]
    caption = "Populations of adopters, mean over states, by regime and by groups adopted"
    return Rows(caption, head, rows, set(range(1, len(head) - 1)))


def holders_series(found: DiffusionFindings) -> Series:
    """How many states hold each group of organs, by year."""
    states = found.states
    years = states["year"].values.astype(float)
    lines = {
        _words(name): states["holders"].sel(organ=name).values.astype(float)
        for name in states["organ"].values
    }
    last = {name: int(values[-1]) for name, values in lines.items()}
    most, *others = sorted(last, key=lambda name: -last[name])
    caption = (
        f"At the end of {years[-1]:.0f}, {last[most]:,} of {found.provenance['states']:,} states "
        f"hold the group “{most}”"
    )
    if others:
        few = too_few(last[most], last[others[0]], what="states")
        rank = f"; groups are not ranked, {few}" if few else ", more than any other group"
        caption += rank if few or last[most] > last[others[0]] else f", and as many {others[0]}"
    caption += "."
    finding = f"{last[most]:,} states hold the group “{most}” at the end of {years[-1]:.0f}"
    return Series("holders", "States that hold each group of organs", caption, "states", False,
                  years, lines, "year", finding=finding)  # fmt: skip


def groups_series(found: DiffusionFindings, name: str) -> Series:
    """A ratio of the adopters' populations, mean over states, by how many groups they adopted."""
    states, ratio = found.states, RATIOS[name]
    groups = np.count_nonzero(~np.isnan(states["adopted"].values), 1)
    chosen = {"1 group": groups == 1, "2 groups": groups == 2, "3 groups": groups == 3,
              "4 groups or more": groups > 3}  # fmt: skip
    values = states[name].values
    labels, means, lows, highs = [], [], [], []
    for label, mask in chosen.items():
        known = values[mask & ~np.isnan(values)]
        if known.size >= MIN_EVENTS:
            found_mean = cut(of_skewed(known.tolist(), MIN_EVENTS), ratio.unit)
            labels.append(f"{label} ({known.size:,} states)")
            for ends, value in zip((means, lows, highs), found_mean, strict=True):
                ends.append(value)
    caption = (
        "Mean over the states with so many groups, and its 95 % interval over these states, which "
        "allows for their skewness (Hall 1992)."
    )
    if not means:
        caption = f"No number of groups is held by {MIN_EVENTS} states."
    finding = ""
    if len(means) > 1:
        first, last = format_column([means[0], means[-1]], unit=ratio.unit)
        finding = f"{ratio.label}: {first} with {labels[0].partition(' (')[0]}, {last} with " \
                  f"{labels[-1].partition(' (')[0]} ({ratio.unit})"  # fmt: skip
    return Series(name, f"{ratio.label}, by groups adopted", caption, ratio.unit, False,
                  np.array(labels), {"mean": np.array(means)}, "Groups",
                  (np.array(lows), np.array(highs)), finding)  # fmt: skip


def index_series(found: DiffusionFindings) -> Series:
    """Adoption by type of regime, with the range of nine replicates in ten."""
    names = np.array([f"{_words(row['of']).capitalize()} (index {row['index']:.0f} %)"
                      for row in found.index])  # fmt: skip
    mean, low, high = (np.array([row[end] for row in found.index], float) / 100
                       for end in ("mean", "low", "high"))  # fmt: skip
    inside = sum(row["low"] <= row["index"] <= row["high"] for row in found.index)
    caption = (
        f"Mean of {found.study.index.replicates:,} replicates, with the range of nine in ten; "
        f"beside each name the published share of {found.study.index.year}."
    )
    finding = f"{inside} of {len(found.index)} published shares lie within the range of replicates"
    return Series("index", "States that use AI surveillance, beside a published index", caption,
                  "share of states", True, names, {"mean": mean}, "States", (low, high),
                  finding)  # fmt: skip


def _words(name: str) -> str:
    return name.replace("_", " ")
