"""The tables of a document: figures in three worlds, safeguards, drivers, inputs."""

from __future__ import annotations

from math import isclose

from underwatch.assessments.answers.estimates import FORMULA, bare_note, in_words, written
from underwatch.assessments.answers.figures import plain
from underwatch.assessments.answers.simulated import turning_in_words
from underwatch.assessments.answers.topics import (
    figures_of,
    group_name,
    grouped_measure,
    label_of,
    safeguard_measures,
    short_name,
    topics,
)
from underwatch.assessments.document.blocks import Table
from underwatch.assessments.result import ALL, Assessed, Driver, Estimate
from underwatch.report.numbers import format_column
from underwatch.report.words import upper_first
from underwatch.scenario.evidence import sources_in_words

_WORLDS = ("absent", "as declared", "safeguarded")
_NOTES = {
    "*": "closed form alone, the runs had fewer than 30 events",
    "†": "closed form and runs differ by more than the interval",
    "=": "exact, no input behind it has a range",
    "‡": "runs alone, the interval is of chance",
}


def figure_table(assessed: Assessed) -> Table:
    """Each measure without the deployment, as declared, and with every safeguard."""
    rows = []
    for name in figures_of(assessed):
        found = [assessed.estimate(name, world) for world in _WORLDS]
        if found[1] is None:
            continue
        if _is_empty(found[0]):
            found[0] = None
        texts = ["–" if each is None else _cell(each) for each in found]
        rows.append((found[1].label, *texts))
    head = ("Measure", "Without it", "As declared", "With every safeguard")
    meanings = legend(*(text for row in rows for text in row))
    caption = "; ".join(["Figures, in brackets what the ranges of the inputs leave", *meanings])
    return Table(caption, head, tuple(rows), frozenset({1, 2, 3}))


def _is_empty(absent: Estimate | None) -> bool:
    """Whether a formula gave a figure on appeals where nothing is decided, and nobody appeals."""
    redress = topics()["redress"].measures
    return absent is not None and absent.kind == "closed form" and absent.measure in redress


def _cell(estimate: Estimate) -> str:
    """The figure; marked where a run could not check it, or does not agree with it."""
    text = marked(in_words(estimate))
    if _is_exact(estimate):
        text = f"{text}\N{NO-BREAK SPACE}="
    return f"{text}\N{NO-BREAK SPACE}†" if estimate.agrees is False else text


def _is_exact(estimate: Estimate) -> bool:
    """Whether a formula gives the figure and no input behind it has a range."""
    ends = estimate.input_low, estimate.input_high
    if estimate.kind == "run" or None in ends:
        return False
    return ends[0] == ends[1] or bool(isclose(ends[0] or 0.0, ends[1] or 0.0, rel_tol=1e-6))


def marked(text: str) -> str:
    """Sentences in which a sign stands for the notes that would come after every figure.

    >>> marked("It raises 5.5 (2.3 to 11.5; closed form alone) alerts.")
    'It raises 5.5 (2.3 to 11.5)\xa0* alerts.'
    """
    for words, mark in ((FORMULA, "*"), ("chance alone", "‡")):
        text = text.replace(f"; {words})", f")\N{NO-BREAK SPACE}{mark}")
    return text


def legend(*texts: str) -> list[str]:
    """What the signs mean that stand in these texts."""
    return [
        f"{mark} {_NOTES[mark]}"
        for mark in _NOTES
        if any(f"\N{NO-BREAK SPACE}{mark}" in text for text in texts)
    ]


def threshold_table(assessed: Assessed) -> Table | None:
    """What the chart shows, in numbers: each group at each threshold; None without thresholds."""
    measure = grouped_measure(assessed)
    found = assessed.select(measure, "as declared") if measure else ()
    thresholds = sorted({each.threshold for each in found if each.threshold is not None})
    if len(thresholds) < 2:
        return None
    rows = []
    for group in dict.fromkeys(each.group for each in found):
        known = {each.threshold: each for each in found if each.group == group}
        cells = (known.get(threshold) for threshold in thresholds)
        name = "All" if group == ALL else upper_first(group_name(assessed, group))
        rows.append((name, *("–" if each is None else _bare(each) for each in cells)))
    declared = assessed.deployment.threshold
    heads = (f"Threshold {one:g}{' (in use)' if one == declared else ''}" for one in thresholds)
    caption = f"{found[0].label}, {found[0].unit}, by group and threshold"
    return Table(caption, ("Group", *heads), tuple(rows), frozenset(range(1, 1 + len(thresholds))))


def _bare(estimate: Estimate) -> str:
    """A figure and its range, without unit and without what stands at the head of the table."""
    return bare_note(in_words(estimate, unit=False)).replace("; chance alone", "")


def safeguard_table(assessed: Assessed) -> Table:
    """What each safeguard changes alone; assumed effects are inputs, emergent ones follow."""
    shown = safeguard_measures(assessed)[:4]
    effects = {(each.key, each.measure): each for each in assessed.safeguards}
    firsts = {each.key: each for each in reversed(assessed.safeguards)}
    rows = [("As declared", *(_before(assessed, measure) for measure in shown), "–")]
    for key in dict.fromkeys(each.key for each in assessed.safeguards):
        cells = []
        for measure in shown:
            effect = effects.get((key, measure))
            known = assessed.estimate(measure, f"safeguard:{key}")
            text = "–" if effect is None else written(effect.after)
            cells.append(text if effect is None or known is None else _bare(known))
        rows.append((firsts[key].label, *cells, firsts[key].origin))
    heads = (upper_first(short_name(assessed, measure)) for measure in shown)
    head = ("Safeguard, alone", *heads, "Effect")
    return Table(
        "What each safeguard changes, in brackets what the ranges of the inputs or chance leave",
        head,
        tuple(rows),
        frozenset(range(1, 1 + len(shown))),
    )


def _before(assessed: Assessed, measure: str) -> str:
    known = assessed.estimate(measure)
    if known is not None:
        return _bare(known)
    return written(next(each for each in assessed.safeguards if each.measure == measure).before)


def driver_table(assessed: Assessed) -> Table:
    """The five inputs that move the conclusion most, and where it changes."""
    label, unit = label_of(assessed, assessed.drivers[0].measure)
    ranked = sorted(assessed.drivers, key=lambda each: -each.swing)[:5]
    ends = format_column([end for each in ranked for end in (each.at_low, each.at_high)], unit=unit)
    rows = tuple(
        (
            upper_first(each.label),
            f"{plain(each.low)} to {plain(each.high)}",
            f"{ends[2 * k]} to {ends[2 * k + 1]}{_change(each)}",
            _turn(each),
        )
        for k, each in enumerate(ranked)
    )
    limit = "" if assessed.limit is None else f" (limit {plain(assessed.limit)})"
    head = ("Input", "Range", f"{label}, {unit}", f"Conclusion changes{limit}")
    by_runs = any(each.change_low is not None for each in ranked)
    changes = "; in brackets the change, with its 95 % interval over seeds" if by_runs else ""
    caption = f"The inputs that move the conclusion most, each moved alone{changes}"
    return Table(caption, head, rows, frozenset({1, 2, 3}))


def _change(driver: Driver) -> str:
    """The change over the range with its interval over seeds, where runs gave it."""
    if driver.change_low is None or driver.change_high is None:
        return ""
    low, high = driver.change_low, driver.change_high
    change, *ends = format_column([driver.at_high - driver.at_low, low, high],
                                  [(low, high)] * 3, signed=True)  # fmt: skip
    return f" ({change}; {' to '.join(ends)})"


def _turn(driver: Driver) -> str:
    if not driver.sought:
        return "no more than chance"
    if driver.turning_point is None:
        if driver.within:
            return f"at no value {driver.within}"
        return "at no value" if driver.everywhere else "not within the range"
    return turning_in_words(driver)


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
