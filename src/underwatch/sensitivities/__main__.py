"""Compute the results that ship: `python -m underwatch.sensitivities [NAME …]`.

Each shipped scenario below is studied in its own size and written to data/sensitivity/NAME.json.
Finished runs are kept in the folder given by --keep, so that the command resumes.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

from underwatch.errors import UserError
from underwatch.report.robustness import FOLDER, shipped, to_json
from underwatch.scenario import Scenario
from underwatch.scenario.ranges import ranges
from underwatch.sensitivities import Sensitivity, sensitivity

FIRST = "atlantic-2018"
# About 40 minutes of one core in all. The first has enough citizens for thirty events in most of
# what a page shows first; wrongful restrictions would need more than a hundred thousand.
SIZES: dict[str, dict[str, Any]] = {
    FIRST: dict(citizens=4_000, trajectories=8, band=32, samples=32, matter=5),
    "safeguarded": dict(citizens=4_000, trajectories=4, band=24, samples=0),
    "rongcheng": dict(citizens=4_000, trajectories=4, band=24, samples=0),
    "thaw": dict(citizens=4_000, trajectories=4, band=24, samples=0),
    "sesame": dict(citizens=2_000, trajectories=4, band=24, samples=0),
    "credit-bureau": dict(citizens=2_000, trajectories=4, band=24, samples=0),
    "met-lfr": dict(citizens=4_000, trajectories=4, band=24, samples=0),
    "south-wales-2017": dict(citizens=50_000, trajectories=4, band=24, samples=0),
}
# Variants of the first: only what matters there is varied.
VARIANTS = ("safeguarded", "rongcheng", "thaw")
_MATTERING = 10  # of each measure of the first
_KEPT_EFFECTS = 20  # of each measure


def as_shipped(found: Sensitivity, name: str) -> dict[str, Any]:
    """What ships of a study: sizes, design, and each measure with its largest effects."""
    about = found.provenance
    measures = {}
    for measure, one in found.measures.items():
        written = to_json(one)
        effects = [each for each in written["effects"] if each["effect"] > 0]
        measures[measure] = written | {"effects": effects[:_KEPT_EFFECTS]}
    return {
        "scenario": name,
        "title": next(iter(found.scenarios.values())).title,
        **{key: about[key] for key in (
            "lasting_hash", "baseline", "baseline_hash", "citizens", "days", "seeds", "design",
            "varied")},
        "ranked": about["varied"],
        "version": about["versions"]["underwatch"],
        "measures": measures,
    }  # fmt: skip


def varied_in(name: str) -> list[str] | None:
    """The keys to vary: of a variant those that matter in the first and have a range there too.

    None for all. Raises UserError without results for the first.
    """
    if name not in VARIANTS:
        return None
    if FIRST not in shipped():
        raise UserError(f"compute {FIRST} first: what matters there is varied in {name}.")
    known = ranges(Scenario.load(name))
    keys = {
        key
        for one in shipped()[FIRST].measures.values()
        for each in one.effects[:_MATTERING]
        for key in each.keys
    }
    return [key for key, one in known.items() if key in keys and one.varied]


def in_text(made: dict[str, Any]) -> str:
    """As JSON, with a line for each measure and each of its effects."""
    lines = []
    for key, value in made.items():
        if key != "measures":
            lines.append(f" {json.dumps(key)}: {json.dumps(value)}")
            continue
        parts = []
        for name, one in value.items():
            effects = ",\n    ".join(json.dumps(each) for each in one["effects"])
            rest = json.dumps({k: v for k, v in one.items() if k != "effects"})[:-1]
            parts.append(f'  {json.dumps(name)}: {rest}, "effects": [\n    {effects}]}}')
        lines.append(' "measures": {\n' + ",\n".join(parts) + "}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Compute and write the results of the scenarios that are named, by default all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="shipped scenarios; default: all that have a size")
    parser.add_argument("--keep", type=Path, help="a folder for finished runs, to resume from")
    given = parser.parse_args()
    for name in given.names or SIZES:
        clock = time.perf_counter()
        folder = given.keep / name if given.keep else None
        found = sensitivity(
            name, assumptions=varied_in(name), budget=None, checkpoint=folder, **SIZES[name]
        )
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{name}.json").write_text(in_text(as_shipped(found, name)), "utf-8")
        shipped.cache_clear()
        print(f"{name}: {time.perf_counter() - clock:,.0f} s", flush=True)


if __name__ == "__main__":
    main()
