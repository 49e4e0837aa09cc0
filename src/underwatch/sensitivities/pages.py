"""A sensitivity study as findings, charts, tables and a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from underwatch.report.bands import contrast_sentence, from_to
from underwatch.report.few import over_points
from underwatch.report.findings import Finding
from underwatch.report.numbers import COUNTED, format_column
from underwatch.report.robustness import FactorEffect, Robustness, band_words
from underwatch.report.series import Series
from underwatch.report.study import Fold, Table, render_study
from underwatch.report.words import lower_first, upper_first
from underwatch.study.brief import Brief
from underwatch.study.measures import title_words
from underwatch.study.tables import Rows

if TYPE_CHECKING:
    from underwatch.sensitivities.findings import SensitivityFindings

MISSING = "–"
MOST_BARS = 10
MOST_CHARTS = 6
MOST_ROWS = 20  # of a folded table; the folder has all


def sensitivity_page(found: SensitivityFindings) -> str:
    """The band of each headline, the assumptions that matter most as bars, all others folded."""
    about = found.provenance
    text = (
        f"{varied_sentence(found)} A trajectory changes one assumption at a time. Each run has "
        f"{about['citizens']:,} invented citizens and {about['days']:,} days; all share their "
        "random draws, so a band holds what the assumptions leave and the chance of one population."
    )
    ranked = [one for one in found.measures.values() if one.effects]
    folds = [
        Fold(f"{one.label}: all assumptions that move it", [Table(*effect_rows(one))])
        for one in ranked
    ]
    return render_study(
        headline(found), text, [Table(*band_rows(found))],
        [effect_series(one) for one in ranked[:MOST_CHARTS]], about, kicker=found.title,
        findings=findings(found)[:6], folds=folds,
    )  # fmt: skip


def sensitivity_brief(found: SensitivityFindings) -> Brief:
    """What a command prints at its end."""
    varied = Finding(varied_sentence(found), ())
    return Brief(headline(found), [varied, *findings(found)], band_rows(found))


def varied_sentence(found: SensitivityFindings) -> str:
    """How many assumptions were varied, of how many that have a range, and at how many points."""
    about, design = found.provenance, found.provenance["design"]
    every = about.get("assumptions", about["varied"])  # not known of an older study
    many = f"{about['varied']:,}" + (f" of {every:,}" if every != about["varied"] else "")
    text = (
        f"{many} assumptions were varied, at {design['band']:,} points for the bands and along "
        f"{design['trajectories']:,} trajectories that rank them"
    )
    if design["samples"]:
        text += f", with Sobol’ indices from {design['samples']:,} base points"
    return f"{text}."


def headline(found: SensitivityFindings) -> str:
    """Which conclusions are open; without any, what matters most for the first measure."""
    unsettled = [one for one in found.measures.values() if one.sign() == "open"]
    if unsettled:
        many = title_words([lower_first(one.label) for one in unsettled[:2]])
        more = f" and {len(unsettled) - 2:,} more" if len(unsettled) > 2 else ""
        return f"Open within the ranges of the assumptions: {many}{more}"
    for one in found.measures.values():
        if one.movers:
            return f"{one.movers[0].factor} moves {lower_first(one.label)} most"
    if any(one.effects for one in found.measures.values()):
        return f"{found.title}: no assumption moves a measure as far as its digits show"
    return f"{found.title}: too few events to rank any assumption"


def findings(found: SensitivityFindings) -> list[Finding]:
    """The band of each measure with what moves it most, open conclusions first."""
    name = next(iter(found.scenarios))
    opened, others = [], []
    for one in found.measures.values():
        if one.low is None or one.high is None:
            note = over_points(one.note, found.provenance["citizens"])
            others.append(Finding(f"{one.label}: {note}.", (one.measure,)))
            continue
        text = f"{one.label}: the assumptions leave {_band(one)} {one.unit}"
        most = [each.factor for each in one.movers[:2]]
        if most:
            text += f"; {title_words(most)} {'moves' if len(most) == 1 else 'move'} it most"
        others.append(Finding(f"{text}.", (one.measure,)))
        if one.sign() == "open":
            sentence = contrast_sentence(one, 1, 1.0, name, str(found.baseline))
            opened.append(Finding(f"{sentence}.", (one.measure,)))
    return opened + others


def band_rows(found: SensitivityFindings) -> Rows:
    """Each measure as declared, its band, the difference from the baseline, and its verdict."""
    points = found.provenance["design"]["band"]
    ends = upper_first(band_words(points))
    head = ["Measure", "As declared", ends if "%" in ends else f"{ends} of {points:,}", "Unit"]
    compared = any(one.difference for one in found.measures.values())
    if compared:
        head += [f"Difference from {found.baseline}", "Sign"]
    rows = []
    for one in found.measures.values():
        row = [
            one.label,
            _text([one.value, one.low, one.high], one)[0],
            _band(one),
            one.unit
            if one.low is not None
            else f"{one.unit}; {over_points(one.note, found.provenance['citizens'])}",
        ]
        rows.append(row + (_difference(one) if compared else []))
    caption = "What the assumptions leave of each measure"
    return Rows(caption, head, rows, {1, 2, 4} if compared else {1, 2})


def _difference(one: Robustness) -> list[str]:
    made = one.difference
    if made is None:
        return [MISSING, MISSING]
    return [from_to(made.low, made.high, one, signed=True), one.sign()]


def _band(one: Robustness) -> str:
    """The ends in the precision of the value beside them; one number if they do not differ."""
    if one.low is None:
        return MISSING
    return " to ".join(dict.fromkeys(_text([one.value, one.low, one.high], one)[1:]))


def _text(values: list[float | None], one: Robustness) -> list[str]:
    known = [None if v is None else round(v) if one.unit in COUNTED else v for v in values]
    return format_column(known, unit=one.unit, missing=MISSING)


def effect_rows(one: Robustness) -> Rows:
    """The assumptions that move a measure: range, effect, direction, and Sobol' indices if any."""
    shown = [each for each in one.effects if each.effect > 0][:MOST_ROWS]
    spans = [(each.effect_low, each.effect_high) for each in shown]
    effects, lows, highs = (
        format_column([getattr(each, name) for each in shown], spans, "of the measure")
        for name in ("effect", "effect_low", "effect_high")
    )
    head = ["Assumption", "Range", f"Mean change ({one.unit})", "Direction"]
    indexed = len(one.indexed)
    head += ["First order", "Total"] if indexed else []
    rows = []
    for each, effect, low, high in zip(shown, effects, lows, highs, strict=True):
        row = [each.factor, each.range, f"{effect} ({low} to {high})", direction(each)]
        if indexed:
            row += [_index(each, "first"), _index(each, "total")]
        rows.append(row)
    none = len([each for each in one.effects if each.effect <= 0])
    rest = f"; {none:,} assumptions do not move it" if none else ""
    shares = (
        f"; first order and total: shares of the variance that {indexed:,} of them cause, all "
        "others as declared" if indexed else ""
    )  # fmt: skip
    caption = f"{one.label}: what each assumption changes over its range{rest}{shares}"
    return Rows(caption, head, rows, {2, 4, 5} if indexed else {2})


def direction(each: FactorEffect) -> str:
    """Whether the measure rises or falls with the assumption, or both."""
    if abs(each.mean) < 0.5 * each.effect:
        return "either way"
    return "rises" if each.mean > 0 else "falls"


def _index(each: FactorEffect, which: str) -> str:
    value, low, high = (getattr(each, f"{which}{end}") for end in ("", "_low", "_high"))
    return MISSING if value is None else f"{value:.2f} ({low:.2f} to {high:.2f})"


def effect_series(one: Robustness) -> Series:
    """The assumptions that move a measure most, as bars with intervals."""
    shown = [each for each in one.effects if each.effect > 0][:MOST_BARS]
    names = np.array([each.factor for each in shown], dtype=str)
    values, lows, highs = (
        np.array([getattr(each, name) for each in shown], float)
        for name in ("effect", "effect_low", "effect_high")
    )
    label = lower_first(one.label)
    first = one.movers[0].factor if one.movers else ""
    return Series(
        f"effects on {one.measure}",
        f"What moves {label}",
        "The mean absolute change over the range of each assumption, with its 95 % interval over "
        "trajectories; assumptions that move together are one bar.",
        one.unit,
        False,
        names,
        {upper_first(label): values},
        across="assumption",
        spans=(lows, highs),
        finding=f"{first} moves {label} most" if first else "",
    )
