"""The page docs/reference/sensitivity.md: what the assumptions leave of each headline.

`python -m docs.sensitivity` writes it from the results that are part of the package, which
`python -m underwatch.sensitivities` computes.
"""

from pathlib import Path

from underwatch.report.bands import from_to, varied_words
from underwatch.report.few import over_points
from underwatch.report.numbers import format_column
from underwatch.report.robustness import (
    MOST_SHOWN,
    FactorEffect,
    Robustness,
    Shipped,
    band_words,
    shipped,
)
from underwatch.report.words import lower_first
from underwatch.scenario import Scenario
from underwatch.sensitivities.__main__ import SIZES
from underwatch.study.possible import impossible

PAGE = Path(__file__).parent / "reference" / "sensitivity.md"
MISSING = "–"
LEAST_INDEX = 0.01  # smaller ones are left out
INTRODUCTION = (
    "For each scenario that was studied: every headline with all assumptions as declared, the "
    "band that their ranges leave, the band of the difference from the unwatched world, whether "
    "its sign is settled, and the five assumptions that move the measure most, largest first. "
    "[How to read it, and how it is computed](../how-to/sensitivity.md); [each assumption with "
    "its range and what it moves](../assumptions/index.md). A difference is *open* if its sign "
    "changes within the ranges, be it at a single point: nothing should be concluded from it. "
    "Where a measure rests on too few events for a band, the row says how many citizens 30 of them "
    "would take at each point. For *wrongful restrictions* these are 60,000 in the default "
    "scenario, fifteen times as many as were simulated, at each of its points. A cheaper estimator "
    "was looked for and is not used: the sum of the chances of a day would replace only the last "
    "random draw before a restriction. Whether a score lies near the line without any act of the "
    "person's own is settled by records of months before, in few citizens, and no sum over today's "
    "thresholds makes these more. Chances multiplied along that way would have to be independent, "
    "which they are not: ties, queues and files join them. "
    "The page is written by `python -m docs.sensitivity` from the data of the package."
)


def page() -> str:
    """The page, from the results that ship."""
    known = shipped()
    names = [name for name in SIZES if name in known]
    parts = ["# What the assumptions leave of each headline", INTRODUCTION, overview(names)]
    for name in names:
        parts += [f"## `{name}`", design(known[name]), *table(known[name]), indices(known[name])]
    return "\n\n".join(part for part in parts if part) + "\n"


def overview(names: list[str]) -> str:
    """The sign of each difference in each scenario."""
    known = shipped()
    measures = list(dict.fromkeys(m for name in names for m in known[name].measures))
    label = {m: known[name].measures[m].label for name in reversed(names) for m in measures
             if m in known[name].measures}  # fmt: skip
    rows = [
        [label[measure], *(sign(known[name].measures.get(measure)) for name in names)]
        for measure in measures
    ]
    text = "The sign of the difference from the unwatched world:"
    return f"{text}\n\n{as_table(['measure', *(f'`{name}`' for name in names)], rows)}"


def sign(one: Robustness | None) -> str:
    """The sign of a difference; why there is none in short."""
    if one is None:
        return MISSING
    if one.difference is None:
        return "too few events" if one.note.startswith("too few") else MISSING
    found = one.sign()
    return f"**{found}**" if found == "open" else found


def design(found: Shipped) -> str:
    """How a scenario was studied, and which conclusions are open."""
    points = found.design
    text = (
        f"{found.title}. {band_words(points['band'])} of {points['band']:,} points over the "
        f"ranges of {varied_words(found)}; {points['trajectories']:,} trajectories"
    )
    if points["samples"]:
        text += f"; Sobol' indices of {points['matter']:,} from {points['samples']:,} base points"
    text += (
        f"; {found.citizens:,} citizens, {found.days:,} days, "
        f"{len(found.seeds):,} seed{'s' * (len(found.seeds) > 1)}."
    )
    unsettled = [lower_first(one.label) for one in found.measures.values() if one.sign() == "open"]
    compared = any(one.difference for one in found.measures.values())
    if unsettled:
        return f"{text[:1].upper()}{text[1:]} Open: {'; '.join(unsettled)}."
    return f"{text[:1].upper()}{text[1:]}" + (" No difference is open." if compared else "")


def table(found: Shipped) -> list[str]:
    """The measures of a scenario."""
    head = ["measure", "as declared", "band", "unit", f"difference from `{found.baseline}`",
            "sign", "what moves it most"]  # fmt: skip
    never = impossible(Scenario.load(found.scenario), found.days)
    rows = [row(one, found.citizens, one.measure in never) for one in found.measures.values()]
    return [as_table(head, rows, "--:")]


def row(one: Robustness, citizens: int, never: bool = False) -> list[str]:
    """One measure: value, band, unit, difference, sign and what moves it most.

    citizens: at each point. never: whether nothing of the kind can occur in the scenario.
    """
    value = format_column([one.value], unit=one.unit, missing=MISSING)[0]
    if one.low is None or one.high is None:
        note = "cannot occur here" if never else over_points(one.note, citizens)
        return [one.label, value, MISSING, one.unit, MISSING, MISSING, note]
    made = one.difference
    apart = MISSING if made is None else from_to(made.low, made.high, one, signed=True)
    movers = [f"`{each.factor}`" if "." in each.factor else each.factor for each in top(one)]
    most = ", ".join(movers) or one.note or "none moves it as far as its digits show"
    return [one.label, value, from_to(one.low, one.high, one), one.unit, apart, sign(one), most]


def top(one: Robustness) -> list[FactorEffect]:
    """The assumptions that move a measure most."""
    return one.movers[:MOST_SHOWN]


def indices(found: Shipped) -> str:
    """The Sobol' indices, if any, after the mean change over the whole range (Morris)."""
    rows = [
        [one.label, f"`{each.factor}`" if "." in each.factor else each.factor, _effect(each, one),
         _index(each, "first"), _index(each, "total")]
        for one in found.measures.values()
        for each in one.indexed
        if each.total is not None and each.total >= LEAST_INDEX
    ]  # fmt: skip
    if not rows:
        return ""
    few = found.design["matter"]
    left_out = [
        lower_first(one.label)
        for one in found.measures.values()
        if not one.indexed and any(each.total is not None for each in one.effects)
    ]
    text = (
        f"Sobol' indices of {few:,} assumptions, beside their mean change over the range (Morris): "
        f"shares of the variance that these {few:,} cause, each alone and with its interactions, "
        "all others held as declared. An index near 1 says that an assumption matters more than "
        f"the other {few - 1:,}, not that it causes nearly all that is uncertain. With 95 % "
        f"intervals; indices below {LEAST_INDEX:g} are left out. An interval that reaches below 0 "
        "or above 1 says how few the base points are."
    )
    if left_out:
        text += (
            f" No index is printed where the assumption that moves a measure most is not among "
            f"the {few:,}: {'; '.join(left_out)}."
        )
    head = ["measure", "assumption", "mean change", "alone", "in all"]
    return f"{text}\n\n{as_table(head, rows)}"


def _effect(each: FactorEffect, one: Robustness) -> str:
    span = (each.effect_low, each.effect_high)
    values = format_column([each.effect, *span], [span] * 3, "of the measure")
    return f"{values[0]} ({values[1]} to {values[2]}) {one.unit}"


def _index(each: FactorEffect, which: str) -> str:
    value, low, high = (getattr(each, f"{which}{end}") for end in ("", "_low", "_high"))
    return f"{value:.2f} ({low:.2f} to {high:.2f})"


def as_table(head: list[str], rows: list[list[str]], second: str = "---") -> str:
    """A Markdown table; second: the alignment of the second and third column."""
    aligned = ["---", second, second, *["---"] * len(head)][: len(head)]
    lines = [head, aligned, *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
