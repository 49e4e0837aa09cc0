"""The tables of a document: figures in three worlds, safeguards, drivers, inputs."""

from __future__ import annotations

from underwatch.assess.answers.declared import plain
from underwatch.assess.answers.estimates import in_words
from underwatch.assess.answers.simulated import label_of
from underwatch.assess.document.blocks import Table
from underwatch.assess.result import ALL, Assessed, Driver
from underwatch.report.numbers import format_column, format_value
from underwatch.scenario.evidence import sources_in_words

_WORLDS = ("absent", "as declared", "safeguarded")


def figure_table(assessed: Assessed) -> Table:
    """Each measure without the deployment, as declared, and with every safeguard."""
    names = dict.fromkeys(e.measure for e in assessed.estimates if e.group == ALL)
    rows = []
    for name in names:
        found = [
            assessed.estimate(name, world) for world in ("absent", "as declared", "safeguarded")
        ]
        if found[1] is None:
            continue
        texts = ["–" if each is None else in_words(each) for each in found]
        rows.append((found[1].label, *texts, _check(found[1].agrees)))
    head = ("Measure", "Without it", "As declared", "With every safeguard", "Simulated")
    caption = "Figures with the interval that the ranges of the inputs leave"
    return Table(caption, head, tuple(rows), frozenset({1, 2, 3}))


def _check(agrees: bool | None) -> str:
    """Whether the run agrees with the closed form."""
    return "–" if agrees is None else "agrees" if agrees else "differs"


def safeguard_table(assessed: Assessed) -> Table:
    """What each safeguard changes; assumed effects are inputs, emergent ones follow."""
    rows = []
    for each in assessed.safeguards:
        label, unit = label_of(assessed, each.measure)
        before, after = (format_value(value, unit=unit) for value in (each.before, each.after))
        rows.append((each.label, label, before, after, each.how))
    head = ("Safeguard", "Measure", "Before", "After", "Effect")
    return Table("What each safeguard changes alone", head, tuple(rows), frozenset({2, 3}))


def driver_table(assessed: Assessed) -> Table:
    """The five inputs that move the conclusion most, and where it changes."""
    label, unit = label_of(assessed, assessed.drivers[0].measure)
    ranked = sorted(assessed.drivers, key=lambda each: -each.swing)[:5]
    ends = format_column([end for each in ranked for end in (each.at_low, each.at_high)], unit=unit)
    rows = tuple(
        (
            each.label,
            f"{plain(each.low)} to {plain(each.high)}",
            f"{ends[2 * k]} to {ends[2 * k + 1]}",
            "at no value"
            if each.turning_point is None
            else f"at {format_value(each.turning_point)}",
        )
        for k, each in enumerate(ranked)
    )
    limit = "" if assessed.limit is None else f" (limit {format_value(assessed.limit)})"
    head = ("Input", "Range", f"{label}, {unit}", f"Conclusion changes{limit}")
    return Table("The inputs that move the conclusion most", head, rows, frozenset({1, 2, 3}))


def _turn(driver: Driver) -> str:
    if driver.turning_point is None:
        return "at no value"
    return f"at {format_value(driver.turning_point)}"


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
