"""A study of several worlds as a folder: what was lived, what was found, and a page to read."""

import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from underwatch import store
from underwatch.report.study import Table, render_study
from underwatch.scenario import Scenario
from underwatch.study import pictures
from underwatch.study.attribution import Attribution
from underwatch.study.compare import Comparison
from underwatch.study.frontier import Frontier, Point


def provenance(
    kind: str, title: str, scenarios: dict[str, Scenario], days: int, seeds: Iterable[int],
    seconds: float, command: list[str], sources: dict[str, str],
) -> dict:  # fmt: skip
    """What every study tells of itself; `kind` says how to read the rest."""
    from underwatch.running import versions

    first = next(iter(scenarios.values()))
    return {
        "software": "underwatch",
        "kind": kind,
        "versions": versions(),
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
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
    rows = [
        [d.world, d.label, _told(d.first), _told(d.here), _signed(d.difference),
         _signed(d.low), _signed(d.high), _told(d.unpaired_seeds), d.unit]
        for d in found.differences
    ]  # fmt: skip
    head = ["World", "Measure", "In the first", "Here", "Difference", "Low", "High",
            "Seeds of strangers", "Unit"]  # fmt: skip
    caption = (
        "Every measure beside the first world. Low and high: 95 % over seeds, pair by pair. Seeds "
        "of strangers: how many it would have taken with other people in each world."
    )
    tables = [Table(caption, head, rows, {2, 3, 4, 5, 6, 7})]
    text = (
        f"The same {told['citizens']:,} invented people, with the same luck, in each world; "
        f"{len(found.seeds)} {'life' if len(found.seeds) == 1 else 'lives'} of {found.days:,} days."
    )
    if found.parts:
        text += f" The worlds are one until day {found.parts}, and part there."
    page = render_study(told["title"], text, tables, pictures.of_comparison(found), told)
    store.save_study(folder, told, {"differences": found.table()}, page, found.dataset())


def keep_attribution(folder: Path, told: dict, found: Attribution) -> None:
    """The shares, and the page."""
    rows = [[p.name, _signed(p.value), _signed(p.low), _signed(p.high)] for p in found.parts]
    rows.append(["all together", _signed(found.total), "", ""])
    caption = (
        f"Shares of {found.measure.replace('_', ' ')} ({found.unit}); they add up to the whole."
    )
    tables = [Table(caption, ["Part", "Share", "Low", "High"], rows, {1, 2, 3})]
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


def _arrow(rows):
    import pyarrow as pa

    return pa.Table.from_pylist([*rows])


def _told(value) -> str:
    return "–" if value is None else f"{value:,.2f}".removesuffix(".00")


def _signed(value) -> str:
    return "–" if value is None else f"{value:+,.3g}" if abs(value) < 100 else f"{value:+,.0f}"
