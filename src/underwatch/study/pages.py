"""The HTML pages of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underwatch.report.page import KINDS
from underwatch.report.study import Table, render_study
from underwatch.study import charts, tables
from underwatch.study.statistics import seeds_phrase

if TYPE_CHECKING:
    from underwatch.study.attribution_findings import AttributionFindings
    from underwatch.study.comparison_findings import ComparisonFindings
    from underwatch.study.frontier_findings import FrontierFindings


def comparison_page(found: ComparisonFindings) -> str:
    """Every measure of every world beside the first, and the courses by month."""
    first = next(iter(found.scenarios))
    text = (
        f"The same {found.provenance['citizens']:,} invented people, with the same random draws, "
        f"were simulated in each world for {found.days:,} days, with "
        f"{seeds_phrase(len(found.seeds))}."
    )
    if found.diverge_day:
        text += f" The worlds are one until day {found.diverge_day:,} and diverge there."
    reason = tables.impossible_sentence(found)
    for sentence in (tables.effect_sentence(found), reason, *tables.capacity_sentences(found)):
        text += f"\n\n{sentence}" if sentence else ""
    rows = [tables.effect_rows(found, world) for world in found.differences]
    rows += [
        tables.comparison_rows(found, world, kind, f"{heading}: {world} beside {first}")
        for world in found.differences
        for kind, heading in KINDS.items()
    ]
    return render_study(
        found.title, text, [Table(*some) for some in rows if some.rows],
        charts.comparison_series(found), found.provenance,
    )  # fmt: skip


def attribution_page(found: AttributionFindings) -> str:
    """The shares as a table and as bars; or the worlds in which the measure is undefined."""
    people = f"{found.provenance['citizens']:,} invented people"
    if found.undefined:
        text = f"{found.undefined_sentence()} All worlds have the same {people}."
        worlds = [
            [one.world, ", ".join(map(str, one.seeds))] for one in found.undefined
        ]  # fmt: skip
        table = Table("Worlds in which the measure is undefined", ["World", "Seeds"], worlds)
        return render_study(found.title, text, [table], [], found.provenance)
    without, with_all = ends(found)
    text = (
        f"Without these {found.components} the measure is {without}, with all of "
        f"them {with_all} ({found.unit}). "
        f"{' '.join([found.method(), *found.cautions()])} All worlds have the same {people}.\n\n"
        f"{found.definition}"
    )
    return render_study(
        found.title, text, [Table(*tables.attribution_rows(found))],
        [charts.attribution_series(found)], found.provenance,
    )  # fmt: skip


def ends(found: AttributionFindings) -> list[str]:
    """The measure without the components and with all of them, as text."""
    from underwatch.report.numbers import format_column

    known = [share for share in found.shares.values() if share.low is not None]
    span = (known[0].low, known[0].high) if known else None
    return format_column([found.without, found.with_all], [span, span], found.unit)


def frontier_page(found: FrontierFindings) -> str:
    """The listed sets as a table and as a chart."""
    people = f"the same {found.provenance['citizens']:,} invented people"
    text = f"{' '.join(found.sentences())} All sets have {people}."
    series = [charts.frontier_series(found)] if found.points else []
    listed = [Table(*tables.frontier_rows(found))]
    if found.undefined:
        rows = [[p.name, *(_defined(v) for v in (p.harm, p.benefit))] for p in found.undefined]
        head = ["Safeguards", found.harm_label, found.benefit_label]
        listed.append(Table("Sets in which a measure is not defined", head, rows))
    return render_study(found.title, text, listed, series, found.provenance)


def _defined(value: float | None) -> str:
    return tables.MISSING if value is None else "defined"
