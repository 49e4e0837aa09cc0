"""The catalogue of measures for readers: `measures()`, and one page of plain text for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import TextWrapper
from typing import TYPE_CHECKING, Any

from underwatch.errors import UserError, did_you_mean
from underwatch.measurement.catalogue import LAYERS, LEVEL, MEASURES, STOCK, unit_of, words
from underwatch.measurement.summary import LINES

if TYPE_CHECKING:
    from underwatch.scenario.catalogue import Catalogue

SUMMARY = "summary"
_TYPES = {
    SUMMARY: "summary line: one value for each run",
    "flow": "tally of events, by day, and by month and stratum; months add up",
    STOCK: "tally counted every evening, by day, and by month and stratum",
    LEVEL: "tally measured every seventh day and held in between; by month its mean",
}
# Tables of a run that are counted by other things than the strata.
TABLES = (
    "adults_by_days_restricted", "class_moves", "days_of_most_burdened", "expressed_by_cohort",
    "expressed_opinions", "private_by_cohort", "private_opinions", "queue_at_capacity",
    "score_assortativity",
)  # fmt: skip
_WRAPPED = TextWrapper(88, "  ", "  ", break_on_hyphens=False, break_long_words=False)


@dataclass(frozen=True)
class Measure:
    """One measure of the catalogue.

    type: "summary" (one value for each run), "flow", "stock" or "level" (tallies by day, and by
    month and stratum). strata: what its tallies are counted by. parent: the summary line that it
    is a part or a share of. formula: in terms of tallies. tallies: those in the formula.
    organs: numbers of the organs that move one of its tallies most directly.
    """

    name: str
    label: str
    unit: str
    type: str
    kind: str
    definition: str
    reading: str
    formula: str
    parent: str | None
    tallies: tuple[str, ...]
    strata: tuple[str, ...]
    organs: tuple[str, ...]


def measures() -> Catalogue[Measure]:
    """All measures by name: the lines of a summary, then the tallies.

    A tally that has the name of a summary line stands under "tallies.NAME".

    Examples
    --------
    >>> measures()["chilled_share"].unit
    '% of intended acts'
    >>> measures()["restricted"].label
    'Adults under restrictions'
    """
    from underwatch.scenario.catalogue import Catalogue

    return Catalogue("measures", entries())


def entries() -> dict[str, Measure]:
    """Every measure by name, in the order of the summary and then of the tallies."""
    moved = _moved()
    found = {name: _from_summary(name, moved) for name in LINES}
    for name, tally in MEASURES.items():
        key = f"tallies.{name}" if name in found else name
        found[key] = Measure(
            name, tally.label, tally.unit, tally.type, tally.kind, tally.definition,
            tally.reading, name, None, (name,), tuple(LAYERS), moved.get(name, ()),
        )  # fmt: skip
    return found


def _from_summary(name: str, moved: dict[str, tuple[str, ...]]) -> Measure:
    line = LINES[name]
    tallies = _tallies_in(line.formula)
    moving = {*tallies, *words()["summary"][name].get("moved_with", ())} - {"adults"}
    organs = {organ for tally in moving for organ in moved.get(tally, ())}
    strata = () if set(tallies) & set(TABLES) else tuple(LAYERS)
    return Measure(
        name, line.label, line.unit, SUMMARY, line.kind, line.definition, line.reading,
        line.formula, line.parent, tallies, strata, tuple(sorted(organs, key=_number)),
    )  # fmt: skip


def _tallies_in(formula: str) -> tuple[str, ...]:
    """The tallies and tables named in a formula."""
    named = formula.translate(str.maketrans("(),", "   ")).split()
    found = dict.fromkeys(word for word in named if word in MEASURES or word in TABLES)
    return (*found, *(("adults",) if "adult-years" in formula else ()))


def _moved() -> dict[str, tuple[str, ...]]:
    """The organs that move each tally."""
    found: dict[str, tuple[str, ...]] = {}
    for organ in _organs():
        for name in organ.moves:
            found[name] = (*found.get(name, ()), organ.number)
    return found


def _organs() -> Iterable[Any]:
    from underwatch.scenario.organs import organs

    table = organs()
    return table.values() if isinstance(table, Mapping) else table


def _number(organ: str) -> int:
    return int(organ.removeprefix("M"))


def find(name: str) -> Measure:
    """The measure of this name; a sentence with the nearest name if there is none."""
    known = entries()
    if name not in known:
        raise UserError(f"{name} is not a measure{did_you_mean(name, known)}")
    return known[name]


def measure_page(name: str) -> str:
    """A measure on one page of plain text: definition, unit, formula, strata, how to read it.

    Errors: UserError if there is no such measure.

    Examples
    --------
    >>> print(measure_page("chilled_share").splitlines()[0])
    Share of lawful acts withheld because of perceived risk (chilled_share)
    """
    measure = find(name)
    over_run = unit_of(measure.name, "sum") if measure.type != SUMMARY else measure.unit
    unit = measure.unit + (f"; summed over days: {over_run}" if over_run != measure.unit else "")
    facts = {
        "Definition": measure.definition,
        "Unit": unit,
        "Kind": f"{measure.kind}; {_TYPES[measure.type]}",
        "Formula": measure.formula if measure.type == SUMMARY else "",
        "Share or part of": f"{LINES[measure.parent].label} ({measure.parent})"
        if measure.parent else "",
        "Strata": _strata(measure),
        "How to read it": measure.reading,
        "Organs that move it": ", ".join(_organ_names(measure.organs)),
        "Tallies": ", ".join(measure.tallies) if measure.type == SUMMARY else "",
    }  # fmt: skip
    title = f"{measure.label} ({name})"
    text = [title, "=" * len(title)]
    for head, body in facts.items():
        if body:
            text += ["", head, _WRAPPED.fill(body)]
    return "\n".join(text) + "\n"


def _strata(measure: Measure) -> str:
    if not measure.strata:
        return ""
    layers = "; ".join(
        f"{layer} ({', '.join(labels)})"
        for layer, labels in LAYERS.items()
        if layer in measure.strata
    )
    return layers if measure.type != SUMMARY else f"from its tallies, by month: {layers}"


def _organ_names(numbers: tuple[str, ...]) -> list[str]:
    return [f"{organ.number} {organ.name}" for organ in _organs() if organ.number in numbers]
