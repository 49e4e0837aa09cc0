"""What the assumptions leave of the differences between two worlds, where that was computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from underwatch.report.bands import (
    OPEN,
    Bands,
    bands_for,
    command,
    from_to,
    most_important,
    shipped_names,
    varied_words,
)
from underwatch.report.robustness import (
    Robustness,
    Shipped,
    band_words,
    hash_of_shipped,
    lasting_hash,
    shipped,
)
from underwatch.scenario import Scenario
from underwatch.scenario.ranges import switched_off_by
from underwatch.study.measures import title_words
from underwatch.study.tables import Rows
from underwatch.study.worlds import lay_over

if TYPE_CHECKING:
    from underwatch.study.comparison_findings import ComparisonFindings

_HEAD = ["Measure", "Band of the difference", "Unit", "Sign", "What moves the measure most"]
UNWATCHED = "unwatched"  # in which no safeguard has anything to act on


class Contrasted(NamedTuple):
    """Results for the difference of a world from the first of a comparison.

    sign: -1 where the first world is the scenario and the other one its baseline. citizens: of
    the comparison.
    """

    results: Shipped
    sign: int
    citizens: int

    def of(self, measure: str) -> Robustness | None:
        """What is known of the difference of a measure; None if nothing is."""
        one = self.results.measures.get(measure)
        return one if one is not None and one.difference is not None else None

    def band(self, one: Robustness) -> str:
        """The ends of the difference, with their signs."""
        made = one.difference
        assert made is not None
        scale = self.citizens / self.results.citizens if one.counts else 1.0
        ends = sorted(self.sign * scale * end for end in (made.low, made.high))
        return from_to(*ends, one, signed=True)

    def row(self, one: Robustness) -> list[str]:
        """A row of the table of a page."""
        scale = self.citizens / self.results.citizens if one.counts else 1.0
        sign = one.sign(self.sign)
        return [one.label, self.band(one), one.unit, sign, most_important(one, scale)]

    def words(self, world: str, first: str) -> str:
        """Whose difference it is, and how its bands were computed."""
        band = self.results.design["band"]
        return (
            f"{world} less {first}: {band_words(band)} of {band:,} points over the ranges of "
            f"{varied_words(self.results)} ({self.results.citizens:,} citizens)"
        )


def contrasted(found: ComparisonFindings, world: str) -> Contrasted | None:
    """The results for the difference of a world from the first; None without any that hold."""
    first = next(iter(found.scenarios))
    about = found.provenance
    hashes = {name: lasting_hash(about["scenarios"][name]) for name in (first, world)}
    for results in shipped().values():
        if results.days != found.days or results.baseline is None:
            continue
        for watched, other, sign in ((world, first, 1), (first, world, -1)):
            if hashes[watched] == results.lasting_hash and (
                hashes[other] == results.baseline_hash
                or _is_baseline(results, found.scenarios[watched], found.scenarios[other])
            ):
                return Contrasted(results, sign, about["citizens"])
    return None


def _is_baseline(results: Shipped, watched: Scenario, other: Scenario) -> bool:
    """Whether a world differs from what the results compare with in what acts on nothing alone."""
    return _same(lay_over(watched, [str(results.baseline)]), other)


def _same(laid: Scenario, other: Scenario) -> bool:
    """Whether two worlds are simulated alike over the same days: what differs acts on nothing."""
    unwatched = lasting_hash(other.model_dump(mode="json")) == hash_of_shipped(UNWATCHED)
    return all(
        (unwatched and key.startswith("safeguards."))
        or (switched_off_by(laid, key) and switched_off_by(other, key))
        for key in laid.diff(other)
        if key not in ("society.citizens", "society.seed", "last_day")
    )


def is_open(known: Contrasted | None, measure: str) -> bool:
    """Whether the sign of the difference in a measure changes within the ranges."""
    one = known.of(measure) if known else None
    return one is not None and one.sign() == "open"


def with_openness(known: Contrasted | None, measure: str, sentence: str) -> str:
    """A sentence that concludes on a difference, and that the difference is open if it is."""
    if not sentence or not is_open(known, measure):
        return sentence
    return f"{sentence.rstrip('.')}; {OPEN}."


class LeftOpen(NamedTuple):
    """What a page prints: tables, and a sentence on what is not computed, if anything is not."""

    tables: list[Rows]
    sentences: list[str]


def left_open(found: ComparisonFindings, measures: Sequence[str]) -> LeftOpen:
    """The bands of the differences, of the worlds themselves where those are not known."""
    first, *others = found.scenarios
    rows: list[list[str]] = []
    captions, missing = [], []
    for world in others:
        known = contrasted(found, world)
        if known is None:
            missing.append(world)
            continue
        made = [known.row(one) for name in measures if (one := known.of(name))]
        rows += [[f"{world} less {first}"], *made] if len(others) > 1 else made
        captions.append(known.words(world, first))
    tables = []
    if rows:
        text = f"What the assumptions leave of the differences; {'; '.join(captions)}"
        tables.append(Rows(text, _HEAD, rows, {1}))
    if missing and (side := _side_by_side(found, [first, *missing], measures)):
        tables.append(side)
    return LeftOpen(tables, [_not_computed(found, missing)] if missing else [])


def _side_by_side(
    found: ComparisonFindings, worlds: Sequence[str], measures: Sequence[str]
) -> Rows | None:
    """The band of each measure in each world for which results hold; None with fewer than two."""
    some = {world: bands_for(found.provenance, world) for world in worlds}
    known = {world: one for world, one in some.items() if isinstance(one, Bands)}
    if len(known) < 2:
        return None
    about = next(iter(known.values())).found.measures
    ends = dict.fromkeys(band_words(one.found.design["band"]) for one in known.values())
    caption = (
        f"What the assumptions leave of each world ({title_words(ends)}); each world's own "
        "assumptions are varied, so that the bands do not show the range of the difference"
    )
    rows = [
        [about[name].label, *(one.band(name) for one in known.values()), about[name].unit]
        for name in measures
        if name in about
    ]
    head = ["Measure", *(f"In {world}" for world in known), "Unit"]
    return Rows(caption, head, rows, set(range(1, len(known) + 1)))


def _not_computed(found: ComparisonFindings, worlds: Sequence[str]) -> str:
    first = next(iter(found.scenarios))
    every = "these differences" if len(worlds) == len(found.scenarios) - 1 else (
        f"the difference of {title_words(worlds)} from {first}"
    )  # fmt: skip
    commands = [_command(found, first, world) for world in worlds]
    text = f"What the assumptions leave of {every} is not computed: "
    return text + "; ".join(dict.fromkeys(commands))


def _command(found: ComparisonFindings, first: str, world: str) -> str:
    """The command for a difference: a shipped world that can be laid over the other one.

    Where there is none, a scenario beside the unwatched world is still its own unwatched self.
    """
    about: Mapping[str, Any] = found.provenance
    days = {found.scenarios[name].days for name in (first, world)} - {found.days}
    length = f" --days {found.days}" if days else ""
    for base, other in ((first, world), (world, first)):
        digest = lasting_hash(about["scenarios"][base])
        ours = base in shipped_names() and digest == hash_of_shipped(base)
        if ours and (base == UNWATCHED or _lies_over(found.scenarios, base, other)):
            return f"{command(about, other)} --baseline {base}{length}"
    return f"{command(about, world)}{length} gives the bands of one world"


def _lies_over(scenarios: Mapping[str, Scenario], base: str, other: str) -> bool:
    """Whether a shipped file that extends another makes its own world of the other scenario."""
    if Scenario.load(base).parent is None:  # it declares every figure, so that none could vary
        return False
    return _same(lay_over(scenarios[other], [base]), scenarios[base])


def console_bands(
    found: ComparisonFindings, rows: Rows, measures: Sequence[str]
) -> tuple[Rows, list[str]]:
    """The table of a console with a column of bands, or lines on what is open and not computed.

    rows: the differences, one row for each of the measures.
    """
    first, *others = found.scenarios
    known = {world: one for world in others if (one := contrasted(found, world))}
    lines = []
    if len(others) == 1 and known:
        (one,) = known.values()
        made = [*rows.head[:2], "Assumptions leave", *rows.head[2:]]
        cells = [
            [*row[:2], _cell(one, name), *row[2:]]
            for row, name in zip(rows.rows, measures, strict=True)
        ]
        numeric = {n if n < 2 else n + 1 for n in rows.numeric} | {2}
        return rows._replace(head=made, rows=cells, numeric=numeric), []
    for world, one in known.items():
        some = [each for name in measures if (each := one.of(name)) and each.sign() == "open"]
        if some:
            labels = title_words([each.label for each in some])
            lines.append(f"Open within the ranges of the assumptions in {world}: {labels}.")
    missing = [world for world in others if world not in known]
    return rows, lines + ([_not_computed(found, missing)] if missing else [])


def _cell(known: Contrasted, measure: str) -> str:
    one = known.of(measure)
    if one is None:
        return "–"
    return known.band(one)
