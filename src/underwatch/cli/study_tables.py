"""The findings of studies as tables on a terminal; the figures are those of their pages."""

from pathlib import Path
from typing import TYPE_CHECKING

from underwatch.cli import tables
from underwatch.study.measures import title_words
from underwatch.study.statistics import seeds_phrase

if TYPE_CHECKING:
    from underwatch.calibration import Calibration
    from underwatch.sensitivities import Sensitivity
    from underwatch.study.attribution import Attribution
    from underwatch.study.comparison import Comparison
    from underwatch.study.diffusion.result import Diffusion
    from underwatch.study.frontier_result import Frontier
    from underwatch.study.result import Study
    from underwatch.study.sweep import Sweep
    from underwatch.study.tables import Rows

WIDTH = 160  # of a pipe


def print_study(found: "Study", folder: Path, stream, everything: bool = False) -> None:
    """The findings of a study of any kind, and where its folder is; or every table."""
    console = tables.console(stream, width=WIDTH)
    what = "study" if found.kind == "diffusion" else "scenario"
    if everything or found.kind in ("sweep", "calibrate"):
        show = {
            "compare": _comparison, "attribute": _attribution, "frontier": _frontier,
            "diffusion": _diffusion, "sweep": _sweep, "calibrate": _calibration,
            "sensitivity": _sensitivity,
        }  # fmt: skip
        show[found.kind](console, found)
        for line in tables.where(folder, found.provenance["sources"], what=what):
            console.print(line)
        return
    from underwatch.cli.closing import print_brief
    from underwatch.study import brief
    from underwatch.study.diffusion.brief import diffusion_brief

    make = {
        "compare": brief.comparison_brief, "attribute": brief.attribution_brief,
        "frontier": brief.frontier_brief, "diffusion": diffusion_brief,
        "sensitivity": _sensitivity_brief,
    }  # fmt: skip
    made = make[found.kind](found)
    headline, last = _left_by_assumptions(found, made.headline)
    rows = None if headline is None else _table(headline)
    if getattr(found, "complete", True) is False:
        last.append("More sets are allowed by --max-sets.")
    last += tables.where(folder, found.provenance["sources"], False, what)
    whole = found.kind == "sensitivity"  # of which the measures were chosen
    print_brief(console, _head(found), made.findings, rows, last, whole)


def _left_by_assumptions(found: "Study", rows: "Rows | None") -> "tuple[Rows | None, list[str]]":
    """The table with what the assumptions leave of the differences, or lines that say it."""
    from underwatch.study import brief
    from underwatch.study.attribution_findings import AttributionFindings
    from underwatch.study.comparison_findings import ComparisonFindings
    from underwatch.study.frontier_findings import FrontierFindings
    from underwatch.study.robust import console_bands

    if isinstance(found, ComparisonFindings) and rows is not None:
        return console_bands(found, rows, brief.listed(found))
    if isinstance(found, AttributionFindings):
        return rows, brief.attribution_bands(found)
    if isinstance(found, FrontierFindings):
        return rows, brief.frontier_bands(found)
    return rows, []


def _sensitivity_brief(found: "Sensitivity"):
    """The bands and what matters most; see `sensitivities.pages`."""
    from underwatch.sensitivities.pages import sensitivity_brief

    return sensitivity_brief(found)


def print_partial(found: "Sweep", folder: Path, stream) -> None:
    """What a sweep that is not finished has so far."""
    console = tables.console(stream, width=WIDTH)
    _sweep(console, found)
    console.print(f"Partial results: {folder}; the same command with the same --out resumes.")


def _sweep(console, found: "Sweep") -> None:
    from underwatch.study.sweep.pages import sentences, sweep_rows

    console.print(tables.bold(found.title))
    for sentence in sentences(found):
        console.print(sentence)
    for rows in sweep_rows(found):
        _print(console, rows, rows.caption)


def _calibration(console, found: "Calibration") -> None:
    from underwatch.calibration.pages import all_rows

    console.print(tables.bold(found.title))
    for sentence in found.sentences():
        console.print(sentence)
    for rows in all_rows(found):
        _print(console, rows, rows.caption)


def _head(found: "Study"):
    """The title of a study with its size, in one line of text."""
    about = found.provenance
    if found.kind == "diffusion":
        years = found.study.years
        return tables.bold(found.title, (
            f": {about['states']:,} invented states, {years.first} to {years.last}; "
            f"{about['citizens']:,} citizens in each of their populations; "
            f"{about['seconds']:.1f} s"
        ))  # fmt: skip
    size = f"{about['citizens']:,} citizens"
    if about.get("scenario_citizens", about["citizens"]) != about["citizens"]:
        whole, minutes = about["scenario_citizens"], about["budget_minutes"]
        size = f"{about['citizens']:,} of {whole:,} citizens (budget of {minutes:g} minutes)"
    title = found.title
    if found.kind == "compare":  # the titles of several scenarios are too long for a line
        title = f"{title_words(about['worlds'])} compared"
    return tables.bold(title, (
        f": {size}, {about['days']:,} days from {about['first_day']}, "
        f"{seeds_phrase(len(about['seeds']))}, {about['seconds']:.1f} s"
    ))  # fmt: skip


def _table(rows: "Rows"):
    """A table; columns of text are aligned left."""
    made = tables.table(*rows.head)
    for k, column in enumerate(made.columns):
        column.justify = "right" if k in rows.numeric else "left"
        column.max_width = 34 if k in rows.numeric else None  # long heads are broken
    for row in rows.rows:
        made.add_row(*row)
    return made


def _print(console, rows: "Rows", head: str | None = None) -> None:
    """One table below its heading."""
    if head:
        console.print(tables.bold(head))
    console.print(_table(rows._replace(rows=[[f"  {row[0]}", *row[1:]] for row in rows.rows])))


def _comparison(console, found: "Comparison") -> None:
    from underwatch.report.page import KINDS
    from underwatch.study import tables as study_tables

    first = next(iter(found.scenarios))
    console.print(_head(found))
    for world in found.differences:
        rows = study_tables.effect_rows(found, world)
        if rows.rows:
            _print(console, rows, rows.caption)
    console.print(study_tables.effect_sentence(found))
    if how := found.judged_sentence():
        console.print(how)
    for world, by_name in found.differences.items():
        for kind in dict.fromkeys(d.kind for d in by_name.values()):
            heading = f"{KINDS.get(kind, kind.capitalize())}: {world} beside {first}"
            _print(console, study_tables.comparison_rows(found, world, kind, heading), heading)
    if reason := study_tables.impossible_sentence(found):
        console.print(reason)
    for sentence in study_tables.capacity_sentences(found):
        console.print(sentence)
    if found.diverge_day:
        console.print(f"The worlds are one until day {found.diverge_day:,} and diverge there.")


def _attribution(console, found: "Attribution") -> None:
    from underwatch.study.brief import ends
    from underwatch.study.tables import attribution_rows

    console.print(_head(found))
    if found.undefined:
        console.print(found.undefined_sentence())
        return
    _print(console, attribution_rows(found))
    without, with_all = ends(found)
    console.print(
        f"Without these {found.components} the measure is {without}, with all of "
        f"them {with_all} ({found.unit}). {' '.join([found.method(), *found.cautions()])}"
    )


def _frontier(console, found: "Frontier") -> None:
    from underwatch.study.tables import frontier_rows

    console.print(_head(found))
    if found.points or found.few:
        _print(console, frontier_rows(found))
    console.print("\n".join(found.sentences()))
    if not found.complete:
        console.print("More sets are allowed by --max-sets.")


def _sensitivity(console, found: "Sensitivity") -> None:
    from underwatch.sensitivities.pages import band_rows, effect_rows, varied_sentence

    console.print(_head(found))
    console.print(varied_sentence(found))
    for rows in (band_rows(found), *(effect_rows(m) for m in found.measures.values() if m.effects)):
        _print(console, rows, rows.caption)


def _diffusion(console, found: "Diffusion") -> None:
    from underwatch.study.diffusion.tables import all_rows

    console.print(_head(found))
    for rows in all_rows(found):
        _print(console, rows, rows.caption)
    for sentence in found.sentences():
        console.print(sentence)
