"""The findings of studies as tables of text, the same on pages and on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from underwatch.report.numbers import format_column, format_value
from underwatch.study.capacity import bounds
from underwatch.study.differences import CANNOT
from underwatch.study.effects import effect_cells, effects
from underwatch.study.measures import title_words
from underwatch.study.multiplicity import MARK

if TYPE_CHECKING:
    from underwatch.study.attribution_findings import AttributionFindings
    from underwatch.study.comparison_findings import ComparisonFindings, Difference
    from underwatch.study.frontier_findings import FrontierFindings, Point

MISSING = "not defined"
UNPAIRED = "Unpaired seeds for the same precision"
INTERVAL = "95 % interval"
RATIO = "Ratio (95 % interval)"
MOST_UNRANKED = 40


class Rows(NamedTuple):
    """A table: its heads, its rows of text, and which columns hold numbers."""

    caption: str
    head: list[str]
    rows: list[list[str]]
    numeric: set[int]


def comparison_rows(found: ComparisonFindings, world: str, kind: str, caption: str) -> Rows:
    """The measures of one kind in one world beside the first."""
    first = next(iter(found.scenarios))
    chosen = [d for d in found.differences[world].values() if d.kind == kind]
    units = [d.unit for d in chosen]
    spans = [(d.low, d.high) for d in chosen]
    # Both worlds in one precision, so that a row can be compared.
    both = format_column(
        [*(d.first for d in chosen), *(d.here for d in chosen)],
        [*_ends(found, first, chosen), *_ends(found, world, chosen)], [*units, *units],
    )  # fmt: skip
    # The difference comes first, so that no screen is too narrow for it.
    columns = [
        [d.label for d in chosen],
        format_column([d.difference for d in chosen], spans, units, signed=True),
    ]
    head = ["Measure", "Difference"]
    several = any(d.low is not None for d in chosen)
    if several:
        ends = intervals([d.low for d in chosen], [d.high for d in chosen], units)
        marks = [f" {MARK}" if d.distinguished else "" for d in chosen]
        columns += [[f"{end}{mark}" for end, mark in zip(ends, marks, strict=True)]]
        head += [f"{INTERVAL} ({MARK} beyond chance)"]
    columns += [both[: len(chosen)], both[len(chosen) :]]
    head += [first, world]
    if several:
        columns += [ratios(chosen), [_seeds(d.unpaired_seeds) for d in chosen]]
        head += [RATIO, UNPAIRED]
    columns, head, numeric = [*columns, units], [*head, "Unit"], set(range(1, len(head)))
    if not several and any(_why(d) for d in chosen):
        columns, head = [*columns, [_why(d) or "–" for d in chosen]], [*head, "Note"]
    return Rows(caption, head, [list(row) for row in zip(*columns, strict=True)], numeric)


def effect_rows(found: ComparisonFindings, world: str) -> Rows:
    """Acts withheld in a world (direct effect) beside the change in acts (total effect)."""
    first = next(iter(found.scenarios))
    names, rows = effect_cells(effects(found, world))
    heads = {
        "withheld": f"Withheld in {world} (direct effect, % of intended acts)",
        "change": f"Change from {first} (total effect, % of acts there)",
        "interval": INTERVAL,
    }
    head = ["Acts", *(heads[name] for name in names)]
    caption = f"Direct and total effect on expression: {world} beside {first}"
    return Rows(caption, head, rows, set(range(1, len(head))))


def effect_sentence(found: ComparisonFindings) -> str:
    """What the two effects are."""
    first = next(iter(found.scenarios))
    return (
        "The direct effect is what citizens withhold because of perceived risk, on the same day "
        "with the same contacts. The total effect is the change in acts from the same people in "
        f"{first}; it also holds what others no longer say, and the change in opinions."
    )


def impossible_sentence(found: ComparisonFindings) -> str:
    """Why some measures have no ratio although it is not chance; empty if there are none."""
    every = [d for by_name in found.differences.values() for d in by_name.values()]
    names = {d.measure for d in every if d.note.startswith(CANNOT)}
    some = [n for n in names if not all(cells[n].never for cells in found.cells.values())]
    worlds = [w for w, cells in found.cells.items() if any(cells[n].never for n in some)]
    if not worlds:
        return ""
    return (
        f"“–” in place of a ratio marks events that cannot occur in {title_words(worlds)}: what "
        "causes them is switched off there."
    )


def capacity_sentences(found: ComparisonFindings) -> list[str]:
    """What a queue at capacity bounds, one sentence for each world in which it does."""
    made = []
    about = next(iter(found.differences.values()))
    for world, values in found.values.items():
        happens = {d.measure: d.label for d in about.values() if any(values[d.measure])}
        by_seed = [
            dict(zip(values, one, strict=True)) for one in zip(*values.values(), strict=True)
        ]
        if some := bounds(happens, by_seed):
            made.append(f"In {world}: {some}")
    return made


def ratios(chosen: Sequence[Difference]) -> list[str]:
    """How many times as much as in the first world, with the interval of the ratio.

    Without an interval there is no ratio; instead, why the two worlds are not compared so.
    """
    known = [d.ratio_low is not None for d in chosen]
    values = [d.ratio if one else None for d, one in zip(chosen, known, strict=True)]
    lows, highs = [d.ratio_low for d in chosen], [d.ratio_high for d in chosen]
    spans = list(zip(lows, highs, strict=True))
    cells = (format_column(ends, spans, "times", missing="") for ends in (values, lows, highs))
    return [
        f"{value} ({low} to {high})" if value else _why(d) or "–"
        for value, low, high, d in zip(*cells, chosen, strict=True)
    ]


def _why(found: Difference) -> str:
    """Why two worlds are not compared by a ratio; empty where the events cannot occur."""
    return "" if found.note.startswith(CANNOT) else found.note


def _ends(found: ComparisonFindings, world: str, chosen: Sequence[Difference]):
    """The intervals of some measures in one world, for their precision."""
    from underwatch.study.statistics import defined, estimate

    made = [estimate(defined(map(_float, found.values[world][d.measure]))) for d in chosen]
    return [(one.low, one.high) for one in made]


def attribution_rows(found: AttributionFindings) -> Rows:
    """The shares, the largest first, and their sum."""
    shares = list(found.shares.values())
    spans = [(share.low, share.high) for share in shares]
    known = [share for share in shares if share.low is not None]
    width = known[0] if known else None
    total_span = (width.low, width.high) if width else None
    values = format_column(
        [*(share.value for share in shares), found.total], [*spans, total_span], found.unit,
        signed=True,
    )  # fmt: skip
    percents = [_percent(found.percent(share)) for share in shares]
    columns = [[*(share.name for share in shares), "Total"], values]
    head = [found.components.removesuffix("s").capitalize(), f"Contribution ({found.unit})"]
    if known:
        lows, highs = [share.low for share in shares], [share.high for share in shares]
        columns.append([*intervals(lows, highs, found.unit), ""])
        head.append(f"{INTERVAL} ({found.unit})")
    if found.few:
        columns.append([found.few] * (len(shares) + 1))
    else:
        columns.append([*percents, _percent(100.0 if found.total else None)])
    head.append("Share of total")
    rows = [list(row) for row in zip(*columns, strict=True)]
    caption = f"{found.label}: contribution of each {found.components.removesuffix('s')}"
    return Rows(caption, head, rows, set(range(1, len(head))))


def frontier_rows(found: FrontierFindings) -> Rows:
    """The listed sets, and the world without safeguards after them for comparison.

    Where too few events are counted, the first evaluated sets in their place, in no order.
    """
    shown = found.evaluated[:MOST_UNRANKED] if found.few else found.points
    points = [*(p for p in shown if p.safeguards), found.none]
    columns = [[*(point.name for point in points[:-1]), f"Baseline: {found.none.name}"]]
    head = ["Safeguards"]
    for label, unit, name in (
        (found.harm_label, found.harm_unit, "harm"),
        (found.benefit_label, found.benefit_unit, "benefit"),
    ):
        values = [getattr(point, name) for point in points]
        lows, highs = ([getattr(p, f"{name}_{end}") for p in points] for end in ("low", "high"))
        columns.append(format_column(values, list(zip(lows, highs, strict=True)), unit))
        head.append(f"{label} ({unit})")
        if any(low is not None for low in lows):
            columns.append(intervals(lows, highs, unit))
            head.append(INTERVAL)
    columns.append([given_up(point) for point in points])
    caption = "Sets of safeguards with the least harm for the benefit they keep"
    if any(point.harm_low is not None or point.benefit_low is not None for point in points):
        caption += "; goals are worse if beyond chance, all sets and goals judged together"
    if found.few:
        caption = f"Evaluated sets of safeguards, not ranked. {found.few}"
    rows = [list(row) for row in zip(*columns, strict=True)]
    return Rows(caption, [*head, "Goals that are worse than without safeguards"], rows,
                set(range(1, len(head))))  # fmt: skip


def given_up(point: Point) -> str:
    """The stated goals that are worse than without safeguards, and by how much."""
    from underwatch.measurement.pages import entries

    known, lost = entries(), []
    for goal, value in point.gives_up.items():
        label, unit = known[goal].label, known[goal].unit
        worse = MISSING if value is None else format_value(value, unit=unit, signed=True)
        lost.append(f"{label}: {worse}")
    return "; ".join(lost) or "none"


def intervals(
    lows: Sequence[float | None], highs: Sequence[float | None], unit: str | Sequence[str]
) -> list[str]:
    """Intervals as text, in the precision of the column that they belong to."""
    spans = list(zip(lows, highs, strict=True))
    columns = (format_column(ends, spans, unit, missing="") for ends in (lows, highs))
    return [f"{low} to {high}" if low else "–" for low, high in zip(*columns, strict=True)]


def _float(value: float | int | None) -> float | None:
    return None if value is None else float(value)


def _seeds(value: float | None) -> str:
    """A number of seeds, to two digits: a ratio of variances from few seeds carries no more."""
    if value is None:
        return "–"
    return f"{float(f'{value:.1e}'):,.0f}" if value >= 100 else f"{value:,.0f}"


def _percent(value: float | None) -> str:
    # A number that rounds to zero has no sign.
    return "–" if value is None else f"{round(value) + 0:,} %"
