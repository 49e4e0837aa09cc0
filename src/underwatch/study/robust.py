"""What the assumptions leave of the differences between two worlds, where that was computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underwatch.report.robustness import (
    Robustness,
    band_words,
    contrast_for,
    from_to,
    most_important,
)
from underwatch.study.tables import Rows

if TYPE_CHECKING:
    from underwatch.study.comparison_findings import ComparisonFindings

_HEAD = ["Measure", "Band of the difference", "Unit", "Sign", "What moves the measure most"]


def left_open(found: ComparisonFindings) -> Rows:
    """The bands of the headline differences; without any, the caption is a sentence that says so.

    A difference whose sign changes within the ranges is open.
    """
    from underwatch.study.brief import LISTED

    first, *others = found.scenarios
    scenarios = found.provenance["scenarios"]
    rows: list[list[str]] = []
    captions = []
    for world in others:
        known = contrast_for(scenarios, found.days, first, world)
        if known is None:
            continue
        shipped, sign = known
        scale = found.provenance["citizens"] / shipped.citizens
        some = [shipped.measures[name] for name in LISTED if name in shipped.measures]
        made = [_row(one, sign, scale if one.counts else 1.0) for one in some if one.difference]
        rows += [[f"{world} less {first}"], *made] if len(others) > 1 else made
        captions.append(
            f"{world} less {first}: {band_words(shipped.design['band'])} of "
            f"{shipped.design['band']:,} points over the ranges of {shipped.varied:,} assumptions "
            f"({shipped.citizens:,} citizens)"
        )
    if rows:
        text = f"What the assumptions leave of the differences; {'; '.join(captions)}"
        return Rows(text, _HEAD, rows, {1})
    return Rows(
        "What the assumptions leave of these differences is not computed: underwatch sensitivity "
        f"{others[-1]} --baseline {first}",
        _HEAD, [], {1},
    )  # fmt: skip


def _row(one: Robustness, sign: int, scale: float) -> list[str]:
    made = one.difference
    assert made is not None
    ends = sorted(sign * scale * end for end in (made.low, made.high))
    band = from_to(*ends, one, signed=True)
    return [one.label, band, one.unit, one.sign(sign), most_important(one, scale)]
