"""The HTML pages of studies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underwatch.report.page import KINDS
from underwatch.report.parts import Fold
from underwatch.report.study import Table, render_study
from underwatch.study import brief, charts, tables
from underwatch.study.robust import left_open
from underwatch.study.statistics import seeds_phrase

if TYPE_CHECKING:
    from underwatch.study.attribution_findings import AttributionFindings
    from underwatch.study.comparison_findings import ComparisonFindings
    from underwatch.study.frontier_findings import FrontierFindings


def comparison_page(found: ComparisonFindings) -> str:
    """What differs, with intervals; the courses by month; every measure folded."""
    first = next(iter(found.scenarios))
    made = brief.comparison_brief(found)
    text = (
        f"The same {found.provenance['citizens']:,} invented people, with the same random draws, "
        f"were simulated in each world for {found.days:,} days, with "
        f"{seeds_phrase(len(found.seeds))}."
    )
    if found.diverge_day:
        text += f" The worlds are one until day {found.diverge_day:,} and diverge there."
    notes = [tables.effect_sentence(found), *tables.capacity_sentences(found)]
    if how := found.judged_sentence():
        text += f"\n\n{how}"
    if reason := tables.impossible_sentence(found):
        notes.append(reason)
    folds = []
    for world in found.differences:
        caption = f"{world} beside {first}"
        rows = [tables.effect_rows(found, world)]
        rows += [
            tables.comparison_rows(found, world, kind, f"{heading}: {caption}")
            for kind, heading in KINDS.items()
        ]
        shown = [Table(*some) for some in rows if some.rows]
        many = sum(len(some.rows) for some in rows[1:])
        folds.append(Fold(f"{caption}: all {many:,} measures", shown, notes=notes))
    headline = [Table(*made.headline)] if made.headline else []
    left = left_open(found, brief.LISTED)
    headline += [Table(*table) for table in left.tables]
    return render_study(
        made.title, text, headline, charts.comparison_series(found), found.provenance,
        kicker=found.title, findings=made.findings[:6], folds=folds, headline=len(headline),
        robustness=left.sentences,
    )  # fmt: skip


def attribution_page(found: AttributionFindings) -> str:
    """The shares as bars and as a table; or the worlds in which the measure is undefined."""
    made = brief.attribution_brief(found)
    people = f"{found.provenance['citizens']:,} invented people"
    if found.undefined:
        worlds = [
            [one.world, ", ".join(map(str, one.seeds))] for one in found.undefined
        ]  # fmt: skip
        table = Table("Worlds in which the measure is undefined", ["World", "Seeds"], worlds)
        return render_study(made.title, f"All worlds have the same {people}.", [table], [],
                            found.provenance, kicker=found.title,
                            findings=made.findings)  # fmt: skip
    text = f"{found.method()} All worlds have the same {people}.\n\n{found.definition}"
    return render_study(
        made.title, text, [Table(*made.headline)] if made.headline else [],
        [charts.attribution_series(found)], found.provenance, kicker=found.title,
        findings=made.findings, robustness=brief.attribution_bands(found),
    )  # fmt: skip


def frontier_page(found: FrontierFindings) -> str:
    """Every set as a point, and the listed ones as a table."""
    made = brief.frontier_brief(found)
    text = f"All sets have the same {found.provenance['citizens']:,} invented people."
    series = [charts.frontier_points(found)] if found.points and not found.few else []
    folds = []
    if found.undefined:
        rows = [[p.name, *(_defined(v) for v in (p.harm, p.benefit))] for p in found.undefined]
        head = ["Safeguards", found.harm_label, found.benefit_label]
        table = Table("Sets in which a measure is not defined", head, rows)
        folds.append(Fold(table.caption, [table]))
    return render_study(
        made.title, text, [Table(*made.headline)] if made.headline else [], series,
        found.provenance, kicker=found.title, findings=made.findings, folds=folds,
        robustness=brief.frontier_bands(found),
    )  # fmt: skip


def _defined(value: float | None) -> str:
    return tables.MISSING if value is None else "defined"
