"""The job `safeguards`: the watched world with one safeguard at a time, over several seeds.

    safeguards.json   one measure in each of these worlds, with its interval

The nation is smaller than that of the maps, because there are many worlds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import write_json
from underwatch.lab.pictures import GUARDS
from underwatch.lab.state import WATCHED, State

SAFEGUARDS, MEASURE = "safeguards.json", "chilled_share"
CITIZENS, SEEDS = 5_000, 3
_NONE, _ALL = "none", "all"


def arguments_of(state: State) -> dict[str, Any]:
    """What the job is given."""
    return {
        "state": state.worlds_only().model_dump(mode="json", by_alias=True),
        "scenario_hash": state.scenarios()[WATCHED].hash,
        "citizens": min(state.citizens, CITIZENS),
        "days": state.length,
        "seeds": SEEDS,
    }


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Compare the watched world with itself under each safeguard, and under all of them."""
    base = State.model_validate(arguments["state"]).scenarios()[WATCHED]
    full = {f"safeguards.{key}": 1 for key in uw.safeguards()}
    worlds = {_NONE: base, **{key: base.with_({f"safeguards.{key}": 1}) for key in GUARDS}}
    worlds[_ALL] = base.with_(full)
    found = uw.compare(
        worlds, citizens=arguments["citizens"], days=arguments["days"], budget=None,
        seeds=arguments["seeds"], checkpoint=folder / "kept",
        progress=lambda step: report("seeds", step.days, step.of_days),
    )  # fmt: skip
    write_json(folder / SAFEGUARDS, measured(found, arguments["citizens"]))


def measured(found: uw.Comparison, citizens: int) -> dict[str, Any]:
    """The measure in every world, from the largest reduction to the smallest."""
    by_world = {world: found.differences[world][MEASURE] for world in found.differences}
    first = next(iter(by_world.values()))
    rows = []
    for world, one in by_world.items():
        low, high = one.low, one.high
        rows.append(
            {
                "key": world,
                "name": "" if world == _ALL else uw.safeguards()[world].name,
                "value": one.here,
                "difference": one.difference,
                "low": None if low is None else max(0.0, first.first + low),
                "high": None if high is None else first.first + high,
                "beyond_chance": bool(one.distinguished and one.difference < 0),
            }  # fmt: skip
        )
    singles = sorted((row for row in rows if row["key"] != _ALL), key=lambda row: row["value"])
    together = [row for row in rows if row["key"] == _ALL]
    return {
        "measure": MEASURE, "unit": first.unit, "none": first.first, "citizens": citizens,
        "seeds": len(found.seeds), "rows": singles + together,
    }  # fmt: skip
