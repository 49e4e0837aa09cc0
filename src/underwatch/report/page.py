"""A run, or replicates of it, as one page: findings, goals beside harms, charts, the rest folded.

The page is one file that needs no network: no script, no font, no image from elsewhere. It
reads on a phone, by keyboard, in the dark and on paper, and every chart has its numbers in a
table below it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from underwatch.report.bands import bands_for, robustness_rows
from underwatch.report.brief import headline, in_brief
from underwatch.report.chance import one_draw
from underwatch.report.charts import scenario_text
from underwatch.report.few import in_cell, without_few
from underwatch.report.numbers import NOT_DEFINED, format_column, is_defined
from underwatch.report.parts import Drawing, Fold, Table, draw, report
from underwatch.report.rendering import Begin, Render, render_charts
from underwatch.report.series import Series, all_series

if TYPE_CHECKING:
    from underwatch.measurement.tallies import TallyTable
    from underwatch.report.brief import Figure

Events = Mapping[str, int | None]  # by measure

# Heading of each kind of measure, in the order of the page.
GOALS = {"stated goal": "Stated goals"}
HARMS = {
    "expression": "Expression",
    "error": "Error",
    "association": "Association",
    "burden": "Burden",
    "queue": "Queues",
    "trap": "Persistence of low scores",
}
REST = {"reach": "Reach of the system", "account": "Account of restrictions"}
KINDS = GOALS | HARMS | REST


# Rows of the table that is not folded: stated goals first, harms after them.
HEADLINES = (
    "offences_deterred", "repayment", "trust", "support",
    "chilled_share", "restricted_now", "wrongful", "wrongful_share", "alert_precision",
)  # fmt: skip


def render(
    provenance: dict,
    tallies: "TallyTable",
    measures: "Sequence[Figure]",
    renderer: Render = render_charts,
    series: "Sequence[Series] | None" = None,
    events: Mapping[str, int | None] | None = None,
) -> str:
    """The page of a run, or of replicates, as text, to be written to a file as it is.

    provenance: as run.json holds it. tallies: `Run.tallies`. measures: the summary's lines, or
    its values over seeds. renderer: renders charts to SVG. series: of the charts; by default all
    that the tallies allow. events: see `in_brief`.
    """
    begun = begin(provenance, tallies, lambda specs: partial(renderer, specs), series)
    return begun(provenance, measures, events)


def begin(
    provenance: dict,
    tallies: "TallyTable",
    drawn: Begin,
    series: "Sequence[Series] | None" = None,
) -> Callable[..., str]:
    """Begin to draw the charts of a page, which takes longest; a function that gives the page.

    drawn: begins to render charts. That function takes provenance, measures and events as `render`
    does; provenance here need not have a summary.
    """
    charts = list(all_series(tallies) if series is None else series)
    hero = next((each for each in charts if each.name == "chilled"), charts[0] if charts else None)
    drawing = draw(provenance, hero, [each for each in charts if each is not hero], drawn)

    def finish(provenance: dict, measures: "Sequence[Figure]", events: Events | None = None) -> str:
        return _page(provenance, _dates(tallies), list(measures), events, drawing)

    return finish


def _page(
    provenance: dict, days: tuple[int, str, str] | None, measures: "list[Figure]",
    events: Events | None, drawing: Drawing,
) -> str:  # fmt: skip
    name = scenario_text(provenance, "title") or "A run of Underwatch"
    several = any(is_defined(getattr(each, "low", None)) for each in measures)
    seeds = provenance.get("seeds") or [0]
    note = "" if several or len(seeds) > 2 else one_draw(provenance)
    return report(
        provenance,
        title=headline(measures, events) or name,
        kicker=name,
        text=scenario_text(provenance, "text"),
        days=days,
        findings=in_brief(
            measures, events, (provenance.get("citizens") or 0) * len(seeds), bands_for(provenance)
        ),
        note=note,
        headline=_headline(provenance, measures, events or {}),
        robustness=_left_open(provenance),
        folds=_folds(measures, events or {}),
        drawing=drawing,
    )  # fmt: skip


def _headline(provenance: dict, measures: "Sequence[Figure]", events: Events) -> list[Table]:
    """The headline measures, and what the assumptions leave of them where that is known."""
    if not measures:
        return []
    shown = [m for name in HEADLINES for m in measures if m.name == name]
    known = robustness_rows(provenance, HEADLINES)
    return [_table("Stated goals and harms", shown, events)] + (
        [] if isinstance(known, str) else [Table(*known, {1})])  # fmt: skip


def _left_open(provenance: dict) -> list[str]:
    """A sentence in place of the table, where it is not known what the assumptions leave."""
    known = robustness_rows(provenance, HEADLINES)
    return [known] if isinstance(known, str) and known else []


def _folds(measures: "Sequence[Figure]", events: Events) -> list[Fold]:
    """Every measure, in one table for each part of the page, and the definitions."""
    if not measures:
        return []
    others = {m.kind: m.kind.capitalize() for m in measures if m.kind not in KINDS}
    folds = []
    for summary, kinds in (("Stated goals", GOALS), ("Harms", HARMS),
                           ("Reach and account", REST | others)):  # fmt: skip
        shown = [m for kind in kinds for m in measures if m.kind == kind]
        words = [(m.label, m.name, m.definition) for m in shown if m.definition]
        count = f"{summary}: all {len(shown):,} measures"
        folds.append(Fold(count, [_table(summary, shown, events, kinds)] if shown else [], words))
    return folds


def _dates(tallies: "TallyTable") -> tuple[int, str, str] | None:
    """Number of days, first and last day."""
    days = tallies["day"].values.astype("datetime64[D]").astype(str)
    return (days.size, str(days[0]), str(days[-1])) if days.size else None


def _table(
    caption: str, shown: "Sequence[Figure]", of_seeds: Events,
    kinds: Mapping[str, str] | None = None,
) -> Table:  # fmt: skip
    """Measures as rows, one precision for each unit; with kinds, a heading before each of them.

    of_seeds: the events of values over seeds, by measure. A share on few events is not shown.
    """
    events = [of_seeds.get(m.name, getattr(m, "events", None)) for m in shown]
    known, labels = without_few([m.value for m in shown], [_unit(m) for m in shown], events)
    spans = [
        (None, None) if value is None else (getattr(m, "low", None), getattr(m, "high", None))
        for m, value in zip(shown, known, strict=True)
    ]
    units = [m.unit for m in shown]
    values = format_column(known, spans, units, events=events, missing="–")
    values = [NOT_DEFINED if m.value is None else cell
              for m, cell in zip(shown, values, strict=True)]  # fmt: skip
    several = any(is_defined(low) for low, _ in spans)
    head = ["Measure", "Value", *(["95 % interval"] if several else []), "Unit"]
    lows, highs = (
        format_column([span[k] for span in spans], spans, units, missing="") for k in (0, 1)
    )
    rows: list[list[str]] = []
    kind = None
    for m, value, low, high, unit in zip(shown, values, lows, highs, labels, strict=True):
        if kinds is not None and len(kinds) > 1 and m.kind != kind:
            kind = m.kind
            rows.append([kinds[kind]])
        interval = [f"{low} to {high}" if low else "–"] if several else []
        rows.append([m.label, value, *interval, unit])
    depths = _depths(shown) if kinds is not None else {}
    by_label = {m.label: depths[m.name] for m in shown if depths.get(m.name)}
    return Table(caption, head, rows, {1, 2} if several else {1}, by_label)


def _unit(line: "Figure") -> str:
    """The unit of a value, and what bounds it; why there is no value."""
    if not is_defined(line.value):
        return in_cell(line.note)
    more = in_cell(getattr(line, "limit", "") or line.note)
    return f"{line.unit}; {more}" if more else line.unit


def _depths(measures: "Sequence[Figure]") -> dict[str, int]:
    """How many of the lines above a measure it is a part of."""
    parents = {m.name: getattr(m, "parent", None) for m in measures}
    depths: dict[str, int] = {}
    for name, parent in parents.items():
        above = 0
        while parent in parents and above < 3:
            above, parent = above + 1, parents[parent]
        depths[name] = above
    return depths
