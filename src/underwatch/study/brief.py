"""The findings of studies: a title, sentences with intervals, and the table that stands first.

Pages and the command line say the same, from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from underwatch.measurement.estimates import too_few
from underwatch.report.bands import OPEN, measure_sentence
from underwatch.report.chance import one_draw
from underwatch.report.few import EXACT, beside, in_cell, ratio_interval
from underwatch.report.findings import Finding
from underwatch.report.numbers import format_column, format_interval
from underwatch.report.words import lower_first, upper_first
from underwatch.study.differences import CANNOT
from underwatch.study.effects import effects
from underwatch.study.measures import title_words
from underwatch.study.multiplicity import MARK
from underwatch.study.robust import contrasted, is_open, with_openness
from underwatch.study.statistics import MIN_SEEDS
from underwatch.study.tables import Rows, attribution_rows, frontier_rows

if TYPE_CHECKING:
    from underwatch.study.attribution_findings import AttributionFindings, Share
    from underwatch.study.comparison_findings import ComparisonFindings
    from underwatch.study.differences import Difference
    from underwatch.study.effects import Effect
    from underwatch.study.frontier_findings import FrontierFindings, Point


class Brief(NamedTuple):
    """What a study found, shortest first. headline: None where there is nothing to list."""

    title: str
    findings: list[Finding]
    headline: Rows | None


# What a comparison says first, harms and goals in turn.
FIRST = ("restricted_now", "offences", "wrongful", "trust", "repayment", "support")
LISTED = ("acts", "chilled_share", "restricted_now", "wrongful", "offences", "repayment", "trust",
          "support")  # fmt: skip
MOST_WORLDS = 4  # whose differences stand side by side


def comparison_brief(found: ComparisonFindings) -> Brief:
    """The effect on lawful acts in each world, then the differences that stand out."""
    first, *others = found.scenarios
    chance = len(found.seeds) < MIN_SEEDS  # that no interval tells apart from a difference
    by_world = {world: effects(found, world) for world in others}
    known = {world: contrasted(found, world) for world in others}
    sentences = [
        Finding(with_openness(known[world], "acts", text), ("acts", "chilled_share"))
        for world, some in by_world.items()
        if some and (text := _effect_sentence(some[0], world, first))
    ]
    citizens = (found.provenance.get("citizens") or 0) * len(found.seeds)
    for name in FIRST:
        for world in others:
            made = found.differences[world].get(name)
            if made is not None and (text := _difference_sentence(made, world, first, citizens)):
                mark = EXACT if "exact 95 %" in text else ""
                sentences.append(Finding(with_openness(known[world], name, text), (name,), mark))
                break
    title = next(
        (
            f"{text} (open)" if is_open(known[world], "acts") else text
            for world, some in by_world.items()
            if some and (text := _effect_title(some[0], world, first))
        ),
        "",
    )
    if chance:
        return Brief(found.title, [Finding(one_draw(found.provenance)), *sentences],
                     comparison_headline(found))  # fmt: skip
    title = title or next((f"{f.text.rstrip('.')}" for f in sentences), found.title)
    return Brief(title, sentences, comparison_headline(found))


def _effect_sentence(effect: Effect, world: str, first: str) -> str:
    withheld, change = effect.withheld, effect.change
    if withheld.value is None:
        return ""
    text = f"In {world}, citizens withhold {format_interval(*withheld, '%')} of lawful acts"
    if change.value is None:
        return f"{text}."
    fewer = "fewer" if change.value < 0 else "more"
    ends = sorted(abs(end) for end in change[1:] if end is not None)
    if change.low is not None and not effect.distinguished:
        span = format_interval(*change, "%")
        return f"{text}; the change in acts from {first} is not distinguished from none: {span}."
    apart = "" if ends else ", under one draw of chance"
    return f"{text} and make {format_interval(abs(change.value), *(ends or (None, None)), '%')} " \
           f"{fewer} than in {first}{apart}."  # fmt: skip


def _effect_title(effect: Effect, world: str, first: str) -> str:
    """The change in lawful acts, if it is beyond chance."""
    change = effect.change
    if change.value is None or change.low is None or not effect.distinguished:
        return ""
    many = f"{float(f'{abs(change.value):.3g}'):g} %"
    return f"Citizens make {many} {'fewer' if change.value < 0 else 'more'} lawful acts in " \
           f"{world} than in {first}"  # fmt: skip


def _difference_sentence(made: Difference, world: str, first: str, citizens: int) -> str:
    """One measure in both worlds, with the interval of the difference, or why there is none.

    citizens: of a world, over all seeds.
    """
    if made.first is None or made.here is None or made.difference is None:
        return ""
    values = [made.here, made.first]
    spans = None
    if made.low is not None and made.high is not None:
        # As wide as an interval of one world is, more or less: pairing makes the difference exact.
        wide = (made.high - made.low) * max(1.0, (made.unpaired_seeds or 1) / made.seeds) ** 0.5
        spans = [(value - wide / 2, value + wide / 2) for value in values]
    here, there = format_column(values, spans, [made.unit] * 2)
    there = there if made.first else "0"
    text = f"{made.label}: {here} {made.unit} in {world} and {there} in {first}"
    few = _too_few(made)
    if few or (made.note and not made.note.startswith(CANNOT)):
        return f"{text}; {beside(few or made.note, citizens)}{_ratio_of_few(made)}."
    if made.low is None or made.high is None:
        if made.note.startswith(CANNOT):
            return f"{text}; they {made.note}."
        return f"{text}; chance can make such a difference." if made.difference else f"{text}."
    if not made.distinguished:
        among = "" if made.low <= 0 <= made.high else ", judged with all other differences"
        return f"{text}; no difference beyond chance{among}: {_signed_interval(made)}."
    return f"{text}, {_apart(made)}."


def _ratio_of_few(made: Difference) -> str:
    """How many times as many there may be in the other world, exactly, as if they were unpaired."""
    if not made.events_first or made.events_here is None or not made.unit:
        return ""
    low, high = ratio_interval((made.events_first, made.events_here))
    return f"; {low:.2g} to {high:.2g} times as many events (exact, without pairing)"


def _apart(made: Difference) -> str:
    """How much more or less it is, without signs: "lower by 4.04 (95 % interval 2.59 to 5.50)"."""
    value, low, high = map(abs, (made.difference or 0, made.low or 0, made.high or 0))
    span = format_interval(value, *sorted((low, high)), made.unit if made.unit == "%" else "")
    return f"{'lower' if (made.difference or 0) < 0 else 'higher'} by {span}"


def _too_few(made: Difference) -> str:
    """That neither world has enough events of a measure; empty if one has, or it has none."""
    events = [n for n in (made.events_first, made.events_here) if n is not None]
    return too_few(max(events)) if events and made.difference else ""


def _signed_interval(made: Difference) -> str:
    value, low, high = format_column(
        [made.difference, made.low, made.high], [(made.low, made.high)] * 3, [made.unit] * 3,
        signed=True,
    )  # fmt: skip
    return f"{value} (95 % interval {low} to {high})"


def listed(found: ComparisonFindings) -> list[str]:
    """The measures of the headline table, in its order."""
    about = next(iter(found.differences.values()))
    return [name for name in LISTED if name in about]


def comparison_headline(found: ComparisonFindings) -> Rows:
    """The headline measures: what differs from the first world, and the first world's value."""
    first, *others = found.scenarios
    others = others[:MOST_WORLDS]
    about = found.differences[others[0]]
    chosen = [about[name] for name in listed(found)]
    units = [d.unit for d in chosen]
    every = [found.differences[world][d.measure] for world in others for d in chosen]
    spans = [(d.low, d.high) for d in every]
    # All worlds in one precision, so that a row can be compared.
    values, lows, highs = (
        format_column(
            [getattr(d, end) for d in every], spans, units * len(others), signed=True, missing=""
        )
        for end in ("difference", "low", "high")
    )
    cells = [
        in_cell(_too_few(d))
        or (f"{value} ({low} to {high}){MARK if d.distinguished else ''}" if low else value or "–")
        for d, value, low, high in zip(every, values, lows, highs, strict=True)
    ]
    size = len(chosen)
    columns = [[d.label for d in chosen]]
    columns += [cells[k * size : (k + 1) * size] for k in range(len(others))]
    known = {world: contrasted(found, world) for world in others}
    unsettled = [is_open(known[world], d.measure) for world in others for d in chosen]
    cells = [f"{cell}, open" if one else cell for cell, one in zip(cells, unsettled, strict=True)]
    several = any(d.low is not None for d in every)
    mark = f" ({MARK} beyond chance)" if several else ""
    head = ["Measure", *(f"Difference in {world}{mark}" for world in others)]
    spans = [(d.low, d.high) if d.low is not None else None for d in chosen]
    columns.append(format_column([d.first for d in chosen], spans, units, missing="–"))
    columns.append(units)
    rows = [list(row) for row in zip(*columns, strict=True)]
    caption = f"Difference from {first}"
    if several:
        caption += f" (95 % interval; {MARK} beyond chance, all measures judged together)"
    if any(unsettled):
        caption += f"; {OPEN}"
    return Rows(caption, [*head, f"Value in {first}", "Unit"], rows, set(range(1, len(head) + 1)))


def attribution_brief(found: AttributionFindings) -> Brief:
    """Which components contribute most, which reduce the measure, and what a reader must know."""
    if found.undefined:
        sentence = found.undefined_sentence()
        return Brief(f"{found.label} has no shares: it is undefined in some worlds",
                     [Finding(sentence, (found.measure,))], None)  # fmt: skip
    without, with_all = ends(found)
    sentences = [
        f"Without these {found.components} the measure is {without}, with all of them {with_all} "
        f"({found.unit}).",
        *_ranked(found),
        *found.cautions(),
    ]
    title = f"{found.label}: {found.few or 'contributions are not ranked'}"
    if found.largest:
        names = [_name(share) for share in found.largest]
        verb = "contributes" if len(names) == 1 else "contribute"
        measure = lower_first(found.label)
        title = f"{title_words(names[:3])} {verb} most to {measure}"
        if len(names) > 3:
            title = f"{found.label}: the largest contributions are not distinguished"
    return Brief(title, [Finding(text, (found.measure,)) for text in sentences],
                 attribution_rows(found))  # fmt: skip


def attribution_bands(found: AttributionFindings) -> list[str]:
    """What the assumptions leave of the measure, in a sentence; or the command that computes it."""
    text = measure_sentence(found.provenance, found.measure, found.label, "the shares")
    return [text] if text else []


def frontier_bands(found: FrontierFindings) -> list[str]:
    """What the assumptions leave of harm and benefit without safeguards; or the command."""
    both = ((found.harm, found.harm_label), (found.benefit, found.benefit_label))
    what = "the differences between sets"
    return [
        text
        for measure, label in both
        if (text := measure_sentence(found.provenance, measure, label, what))
    ]


def ends(found: AttributionFindings) -> list[str]:
    """The measure without the components and with all of them, as text."""
    known = [share for share in found.shares.values() if share.low is not None]
    span = (known[0].low, known[0].high) if known else None
    return format_column([found.without, found.with_all], [span, span], found.unit)


def _ranked(found: AttributionFindings) -> list[str]:
    if not found.largest:
        return []
    first, *others = found.largest
    text = f"{_name(first)} contributes {format_interval(first.value, first.low, first.high)} " \
           f"{found.unit}"  # fmt: skip
    percent = found.percent(first)
    if percent is not None and 0 < percent:
        text += f", {percent:.0f} % of the total"
    if others:
        text += f"; {title_words(map(_name, others))} {'is' if len(others) == 1 else 'are'} not " \
                "distinguished from it"  # fmt: skip
    sentences = [f"{text}."]
    if found.reducing:
        least = found.reducing[0]
        span = format_interval(least.value, least.low, least.high)
        sentences.append(f"{_name(least)} reduces the measure: {span} {found.unit}.")
    return sentences


def _name(share: Share) -> str:
    """A component with its number behind it: "Cameras (M11)"."""
    words = share.name.removeprefix(share.key).strip()
    return f"{words} ({share.key})" if words and words != share.name else share.name


def frontier_brief(found: FrontierFindings) -> Brief:
    """The listed set with the least harm, the best single safeguard, and how sets were searched."""
    sentences = []
    title = f"{found.harm_label}: no set of safeguards is listed"
    known = [p for p in found.points if p.harm is not None and p.safeguards]
    if found.few:
        title = f"No set of safeguards is ranked: {found.few}"
    elif known and found.none.harm is not None:
        best = min(known, key=lambda p: p.harm or 0)
        spans = [(p.harm_low, p.harm_high) for p in (found.none, best)]
        before, after = format_column([found.none.harm, best.harm], spans, found.harm_unit)
        names = title_words(map(safeguard_name, best.safeguards))
        verb = "leaves" if len(best.safeguards) == 1 else "leave"
        label = lower_first(found.harm_label)
        title = f"{upper_first(names)} {verb} least of {label}: {after} instead of {before}"
        kept = format_column(
            [found.none.benefit, best.benefit],
            [(p.benefit_low, p.benefit_high) for p in (found.none, best)], found.benefit_unit,
        )  # fmt: skip
        span = format_interval(best.harm, best.harm_low, best.harm_high)
        sentences.append(
            f"Of the listed sets, {names} {verb} least harm: {span} {found.harm_unit} instead of "
            f"{before}{_overlap(found.none, best)}. {found.benefit_label}: {kept[1]} instead of "
            f"{kept[0]} ({found.benefit_unit})."
        )
    elif not known:
        title = f"No set of safeguards betters the system without any in {found.harm_label.lower()}"
    best_single, searched = found.best_single(), found.sentences()
    sentences += [best_single] if best_single else []
    sentences += [text for text in searched if text != best_single]
    rows = frontier_rows(found) if found.points or found.few else None
    if rows is not None and not found.few:  # as the points of the chart
        last = len(rows.rows) - 1
        numbered = [[f"{k + 1}. {row[0]}" if k < last else row[0], *row[1:]]
                    for k, row in enumerate(rows.rows)]  # fmt: skip
        rows = rows._replace(rows=numbered)
    return Brief(title, [Finding(text, (found.harm, found.benefit)) for text in sentences], rows)


def _overlap(none: Point, best: Point) -> str:
    """That the intervals of two sets overlap, if they have any and these do."""
    if none.harm_low is None or best.harm_high is None or best.harm_high < none.harm_low:
        return ""
    return " (their intervals overlap)"


def safeguard_name(key: str) -> str:
    """A safeguard in words, with its key: "exclusion of speech (no_speech)"."""
    from underwatch.scenario.catalogue import safeguards

    known = safeguards()
    if key not in known:
        return key
    name = known[key].name
    return f"{lower_first(name)} ({key})"
