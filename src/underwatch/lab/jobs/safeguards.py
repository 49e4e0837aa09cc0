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
        "scenario_hash": state.hashes()[WATCHED],
        "citizens": min(state.citizens, CITIZENS),
        "days": state.length,
        "seeds": SEEDS,
        "levels": levels_of_a_law(),
        "single": list(GUARDS),
    }


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Compare the watched world with itself under each safeguard, and under all of them."""
    base = State.model_validate(arguments["state"]).scenarios()[WATCHED]
    levels = arguments["levels"]
    worlds = {_NONE: base}
    worlds |= {key: base.with_({f"safeguards.{key}": levels[key]}) for key in arguments["single"]}
    worlds[_ALL] = base.with_({f"safeguards.{key}": level for key, level in levels.items()})
    found = uw.compare(
        worlds, citizens=arguments["citizens"], days=arguments["days"], budget=None,
        seeds=arguments["seeds"], checkpoint=folder / "kept",
        progress=lambda step: report("seeds", step.days, step.of_days),
    )  # fmt: skip
    write_json(folder / SAFEGUARDS, measured(found, levels, arguments["citizens"]))


def levels_of_a_law() -> dict[str, float]:
    """The level of each safeguard in the shipped scenario `safeguarded`.

    Examples
    --------
    >>> levels_of_a_law()["minimise"], len(levels_of_a_law())
    (0.5, 14)
    """
    scenario = uw.Scenario.load("safeguarded")
    declared = scenario.safeguards
    last = scenario.last_day
    return {key: float(getattr(declared, key).on(last)) for key in uw.safeguards()}


def measured(found: uw.Comparison, levels: dict[str, float], citizens: int) -> dict[str, Any]:
    """How much of the measure each world gives back, the largest first, all together last."""
    by_world = {world: found.differences[world][MEASURE] for world in found.differences}
    first = next(iter(by_world.values()))
    rows = [
        {
            "key": world, "name": "" if world == _ALL else uw.safeguards()[world].name,
            "level": levels.get(world, 1.0), "value": one.here, "back": -one.difference,
            "low": None if one.high is None else -one.high,
            "high": None if one.low is None else -one.low,
            "beyond_chance": bool(one.distinguished and one.difference < 0),
        }
        for world, one in by_world.items()
    ]  # fmt: skip
    rows.sort(key=lambda row: (row["key"] == _ALL, -row["back"]))
    return {
        "measure": MEASURE, "unit": first.unit, "none": first.first, "citizens": citizens,
        "seeds": len(found.seeds), "rows": rows,
    }  # fmt: skip
