"""The tables of a document: figures in three worlds, safeguards, drivers, inputs."""

from __future__ import annotations

from underwatch.assessments.answers.estimates import bare_note, in_words, written
from underwatch.assessments.answers.figures import plain, rounded
from underwatch.assessments.answers.topics import (
    figures_of,
    label_of,
    safeguard_measures,
    short_name,
    topics,
    upper,
)
from underwatch.assessments.document.blocks import Table
from underwatch.assessments.result import Assessed, Driver, Estimate
from underwatch.report.numbers import format_column
from underwatch.scenario.evidence import sources_in_words

_WORLDS = ("absent", "as declared", "safeguarded")
_NOTES = {
    "*": "closed form alone, the runs had fewer than 30 events",
    "†": "closed form and runs differ by more than the interval",
}


def figure_table(assessed: Assessed) -> Table:
    """Each measure without the deployment, as declared, and with every safeguard."""
    rows, notes = [], set()
    for name in figures_of(assessed):
        found = [assessed.estimate(name, world) for world in _WORLDS]
        if found[1] is None:
            continue
        if _is_empty(found[0]):
            found[0] = None
        texts = ["–" if each is None else _cell(each) for each in found]
        notes |= {text[-1] for text in texts if text[-1] in _NOTES}
        rows.append((found[1].label, *texts))
    head = ("Measure", "Without it", "As declared", "With every safeguard")
    meanings = [f"{mark} {_NOTES[mark]}" for mark in _NOTES if mark in notes]
    caption = "; ".join(["Figures, in brackets what the ranges of the inputs leave", *meanings])
    return Table(caption, head, tuple(rows), frozenset({1, 2, 3}))


def _is_empty(absent: Estimate | None) -> bool:
    """Whether a formula gave a figure on appeals where nothing is decided, and nobody appeals."""
    redress = topics()["redress"].measures
    return absent is not None and absent.kind == "closed form" and absent.measure in redress


def _cell(estimate: Estimate) -> str:
    """The figure; marked where a run could not check it, or does not agree with it."""
    text = in_words(estimate)
    bare = bare_note(text)
    mark = " *" if bare != text else " †" if estimate.agrees is False else ""
    return f"{bare}{mark}"


def safeguard_table(assessed: Assessed) -> Table:
    """What each safeguard changes alone; assumed effects are inputs, emergent ones follow."""
    shown = safeguard_measures(assessed)[:4]
    effects = {(each.key, each.measure): each for each in assessed.safeguards}
    firsts = {each.key: each for each in reversed(assessed.safeguards)}
    rows = [("As declared", *(_before(assessed, measure) for measure in shown), "–")]
    for key in dict.fromkeys(each.key for each in assessed.safeguards):
        cells = (effects.get((key, measure)) for measure in shown)
        texts = ("–" if each is None else written(each.after) for each in cells)
        rows.append((firsts[key].label, *texts, firsts[key].how))
    heads = (upper(short_name(assessed, measure)) for measure in shown)
    head = ("Safeguard, alone", *heads, "Effect")
    return Table(
        "What each safeguard changes", head, tuple(rows), frozenset(range(1, 1 + len(shown)))
    )


def _before(assessed: Assessed, measure: str) -> str:
    found = next(each for each in assessed.safeguards if each.measure == measure)
    return written(found.before)


def driver_table(assessed: Assessed) -> Table:
    """The five inputs that move the conclusion most, and where it changes."""
    label, unit = label_of(assessed, assessed.drivers[0].measure)
    ranked = sorted(assessed.drivers, key=lambda each: -each.swing)[:5]
    ends = format_column([end for each in ranked for end in (each.at_low, each.at_high)], unit=unit)
    rows = tuple(
        (
            upper(each.label),
            f"{plain(each.low)} to {plain(each.high)}",
            f"{ends[2 * k]} to {ends[2 * k + 1]}",
            _turn(each),
        )
        for k, each in enumerate(ranked)
    )
    limit = "" if assessed.limit is None else f" (limit {plain(assessed.limit)})"
    head = ("Input", "Range", f"{label}, {unit}", f"Conclusion changes{limit}")
    return Table("The inputs that move the conclusion most", head, rows, frozenset({1, 2, 3}))


def _turn(driver: Driver) -> str:
    if not driver.sought:
        return "not sought"
    if driver.turning_point is None:
        return "at no value"
    return f"at {rounded(driver.turning_point)}"


def input_table(assessed: Assessed) -> Table:
    """Every figure of the file with its range and its source; assumptions first."""
    figures = sorted(assessed.deployment.figures.items(), key=lambda item: not item[1].assumed)
    rows = []
    for path, figure in figures:
        span = "–"
        if figure.low is not None and figure.high is not None:
            span = f"{plain(figure.low)} to {plain(figure.high)}"
        rows.append((path, plain(figure.value), span, sources_in_words(figure.source)))
    head = ("Input", "Value", "Range", "Source")
    return Table("Inputs and their sources", head, tuple(rows), frozenset({1, 2}), small=True)
