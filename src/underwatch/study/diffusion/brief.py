"""What a study of diffusion says first, on its page and on a console."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underwatch.report.findings import Finding
from underwatch.report.study import Table, render_study
from underwatch.study.brief import Brief
from underwatch.study.diffusion.tables import (
    REGIME_KEY,
    adoption_rows,
    all_rows,
    groups_series,
    holders_series,
    index_series,
)

if TYPE_CHECKING:
    from underwatch.study.diffusion.findings import DiffusionFindings


def diffusion_brief(found: DiffusionFindings) -> Brief:
    """How many states adopt organs, beside the published index, and which lead."""
    about, years = found.provenance, found.study.years
    states, adopters = about["states"], about["adopters"]
    sentences = [
        f"{adopters:,} of {states:,} invented states adopt an organ from {years.first} to "
        f"{years.last} (one replicate of adoption).",
        holders_series(found).caption,
    ]
    for row in found.index[-2:]:
        sentences.append(
            f"{str(row['of']).replace('_', ' ').capitalize()}: {row['mean']:.0f} % of states in "
            f"the mean of {found.study.index.replicates:,} replicates (90 % of replicates "
            f"{row['low']:.0f} to {row['high']:.0f} %), {row['index']:.0f} % in the published "
            f"index of {found.study.index.year}."
        )
    sentences += found.sentences()[1:]
    title = f"{round(100 * adopters / states)} % of the invented states adopt an organ by " \
            f"{years.last}"  # fmt: skip
    return Brief(title, [Finding(text) for text in sentences], adoption_rows(found))


def diffusion_page(found: DiffusionFindings) -> str:
    """The study as one HTML page."""
    about, years = found.provenance, found.study.years
    made = diffusion_brief(found)
    text = (
        f"{about['states']:,} invented states, {years.first} to {years.last}. A population of "
        f"{about['citizens']:,} invented people is simulated for each adopter, with 1 seed: no "
        f"interval.\n\n{found.study.text}"
    )
    tables = [Table(*rows) for rows in all_rows(found)]
    by_groups = [groups_series(found, name) for name in ("chilled_share", "support")]
    charts = [holders_series(found), index_series(found)]
    charts += [series for series in by_groups if series.x.size > 1]
    return render_study(
        made.title, text, tables, charts, about, kicker=found.title, findings=made.findings,
        note=f"{found.sentences()[0]} {REGIME_KEY}",
    )  # fmt: skip
