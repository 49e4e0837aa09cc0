"""A study of several worlds as a folder: what was lived, what was found, and a page to read."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from underwatch.report.page import KINDS
from underwatch.report.study import Table, render_study
from underwatch.results import folder as store
from underwatch.scenario import Scenario
from underwatch.study import charts as pictures
from underwatch.study.attribute import Attribution
from underwatch.study.compare import Comparison
from underwatch.study.frontier import Frontier, Point


def provenance(
    kind: str, title: str, scenarios: dict[str, Scenario], days: int, seeds: Iterable[int],
    seconds: float, command: list[str], sources: dict[str, str],
) -> dict:  # fmt: skip
    """What every study tells of itself; `kind` says how to read the rest."""
    from underwatch.results.provenance import made_with

    first = next(iter(scenarios.values()))
    return {
        **made_with(),
        "kind": kind,
        "title": title,
        "scenarios": {name: s.model_dump(mode="json") for name, s in scenarios.items()},
        "scenario_hashes": {name: s.hash for name, s in scenarios.items()},
        "sources": sources,
        "citizens": first.society.citizens,
        "first_day": first.first_day.isoformat(),
        "days": days,
        "seeds": [*seeds],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "command": command,
    }


def keep_comparison(folder: Path, told: dict, found: Comparison) -> None:
    """Tallies of every world and seed, the differences, and the page."""
    lives = f"{len(found.seeds)} {'life' if len(found.seeds) == 1 else 'lives'}"
    text = (
        f"The same {told['citizens']:,} invented people, with the same luck, in each world; "
        f"{lives} of {found.days:,} days."
    )
    if found.parts:
        text += f" The worlds are one until day {found.parts}, and part there."
    if len(found.seeds) > 1:
        text += (
            " Low and high: 95 % over seeds, pair by pair. Strangers: how many seeds it would have "
            "taken with other people in each world."
        )
    tables = [
        _differences(found, world, kind, heading)
        for world in [*found.scenarios][1:]
        for kind, heading in KINDS.items()
    ]
    page = render_study(told["title"], text, tables, pictures.of_comparison(found), told)
    store.save_study(folder, told, {"differences": found.table()}, page, found.dataset())


def _differences(found: Comparison, world: str, kind: str, heading: str) -> Table:
    """One kind of measure in one world beside the first."""
    first, many = next(iter(found.scenarios)), len(found.seeds) > 1
    head = ["Measure", first, world, "Difference"]
    head += ["Low", "High", "Strangers", "Unit"] if many else ["Unit"]
    rows = []
    for d in found.differences:
        if (d.world, d.kind) == (world, kind):
            row = [d.label, _told(d.first), _told(d.here), _signed(d.difference)]
            row += [_signed(d.low), _signed(d.high), _whole(d.unpaired_seeds)] if many else []
            rows.append([*row, d.unit])
    return Table(f"{heading}: {world} beside {first}", head, rows, set(range(1, len(head) - 1)))


def keep_attribution(folder: Path, told: dict, found: Attribution) -> None:
    """The shares, and the page."""
    certain = found.exact and len(found.seeds) == 1
    head = ["Part", "Share", "Of the whole"] + ([] if certain else ["Low", "High"])
    rows = [
        [p.name, _signed(p.value), _percent(p.value, found.total)]
        + ([] if certain else [_signed(p.low), _signed(p.high)])
        for p in found.parts
    ]
    rows.append(["all together", _signed(found.total), "", *[""] * (len(head) - 3)])
    of = found.measure.replace("_", " ")
    caption = f"Shares of {of} ({found.unit}); they add up to the whole"
    tables = [Table(caption, head, rows, set(range(1, len(head))))]
    how = "over all orders" if found.exact else "over sampled orders, with 95 % intervals"
    text = (
        f"In the world without these parts {_told(found.without)} {found.unit}, with all of them "
        f"{_told(found.with_all)}. Shapley values {how}, from {found.worlds} worlds of the same "
        f"{told['citizens']:,} invented people."
    )
    page = render_study(told["title"], text, tables, pictures.of_attribution(found), told)
    store.save_study(folder, told, {"shares": _arrow(map(asdict, found.parts))}, page)


def keep_frontier(folder: Path, told: dict, found: Frontier) -> None:
    """Every set that was lived, those that nothing betters, and the page."""
    head = ["Safeguards", f"{found.harm} ({found.harm_unit})",
            f"{found.benefit} ({found.benefit_unit})", "Gives up"]  # fmt: skip
    rows = [[_named(p), _told(p.harm), _told(p.benefit), given_up(p)] for p in found.points]
    tables = [Table("Sets of safeguards that no other set betters", head, rows, {1, 2})]
    text = f"{len(found.lived)} of {found.sets:,} sets were lived. " + (
        "No set that is one safeguard away betters any of these."
        if found.finished
        else "The search ended before all neighbours were looked at; allow more with --worlds."
    )
    page = render_study(told["title"], text, tables, pictures.of_frontier(found), told)
    sets = [asdict(p) | {"unbettered": p in found.points} for p in found.lived]
    sets = [s | {"gives_up": [*map(str, s["gives_up"].items())]} for s in sets]
    store.save_study(folder, told, {"sets": _arrow(sets)}, page)


def given_up(point: Point) -> str:
    """What stated goals lose, in words."""
    lost = (f"{goal.replace('_', ' ')} {value:+,.3g}" for goal, value in point.gives_up.items())
    return "; ".join(lost) or "nothing"


def _named(point: Point) -> str:
    return ", ".join(point.safeguards) or "none"


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _arrow(rows):
    import pyarrow as pa

    return pa.Table.from_pylist([*rows])


def _told(value) -> str:
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")


def _whole(value) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _signed(value) -> str:
    return "–" if value is None else f"{value:+,.3g}" if abs(value) < 100 else f"{value:+,.0f}"
