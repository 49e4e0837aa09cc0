"""The two effects of a world on lawful acts, side by side: acts withheld, and the change in acts.

The direct effect is what citizens withhold because of perceived risk, on the same day, with the
same draws and the same contacts. The total effect is the change in acts from the first world; it
holds the direct effect, what others no longer say, and different opinions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from underwatch.report.few import in_cell
from underwatch.report.numbers import format_column
from underwatch.study.statistics import UNDEFINED, Estimate, defined, of_unit, ratio_of_means

if TYPE_CHECKING:
    from underwatch.study.comparison_findings import ComparisonFindings

# Kinds of acts: label, the share withheld, the number of acts.
ACTS = (
    ("All lawful acts of expression", "chilled_share", "acts"),
    ("Critical posts", "chilled_posts", "posts"),
    ("Days of protest", "chilled_protests", "protests"),
)
UNIT = "%"


class Effect(NamedTuple):
    """Both effects on one kind of acts, in percent.

    withheld: of the acts intended in the world. change: of the acts in the first world, with
    Fieller's interval of a ratio of means. distinguished: whether the change is beyond chance,
    as in `Difference`. note: why there is no change, such as "too few events (3 and 10)".
    """

    label: str
    withheld: Estimate
    change: Estimate
    note: str = ""
    distinguished: bool | None = None


def effects(found: ComparisonFindings, world: str) -> list[Effect]:
    """Both effects of a world on each kind of acts that the comparison has."""
    made, baseline = [], next(iter(found.scenarios))
    for label, share, count in ACTS:
        if share not in found.values[world] or count not in found.differences[world]:
            continue
        values = defined(found.values[world][share])
        withheld = of_unit(values, UNIT)
        acts, change = found.differences[world][count], UNDEFINED
        if acts.first and acts.ratio is not None:
            pairs = zip(found.values[baseline][count], found.values[world][count], strict=True)
            known = [(float(a), float(b)) for a, b in pairs if a is not None and b is not None]
            times = ratio_of_means([a for a, _ in known], [b for _, b in known])
            # No more acts can be missing than there were.
            change = Estimate(*(None if x is None else max(-100.0, 100 * (x - 1)) for x in times))
        note = "" if change.value is not None else acts.note
        made.append(Effect(label, withheld, change, note, acts.distinguished))
    return made


def effect_cells(chosen: list[Effect]) -> tuple[list[str], list[list[str]]]:
    """(heads of the columns, rows of text); intervals where there are any."""
    head, columns = [], [[one.label for one in chosen]]
    for name, signed in (("withheld", False), ("change", True)):
        made: list[Estimate] = [getattr(one, name) for one in chosen]
        spans = [(one.low, one.high) for one in made]
        values = format_column([one.value for one in made], spans, UNIT, signed=signed, missing="")
        if signed:
            values = [
                value or in_cell(one.note) or "–" for value, one in zip(values, chosen, strict=True)
            ]
        columns.append([value or "–" for value in values])
        head.append(name)
        if any(one.low is not None for one in made):
            lows, highs = (
                format_column([getattr(one, end) for one in made], spans, UNIT, missing="")
                for end in ("low", "high")
            )
            columns.append([f"{a} to {b}" if a else "–" for a, b in zip(lows, highs, strict=True)])
            head.append("interval")
    return head, [list(row) for row in zip(*columns, strict=True)]
