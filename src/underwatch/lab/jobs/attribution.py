"""The job `attribution`: the share of each organ in a measure, on a small nation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import write_json
from underwatch.lab.state import WATCHED, State

SHARES = "shares.json"
CITIZENS, DAYS, SEEDS = 3_000, 1_095, 3  # of an attribution in the lab, at most


def arguments_of(state: State, measure: str, organs: tuple[str, ...]) -> dict[str, Any]:
    """What the job is given."""
    scenario = state.scenarios()[WATCHED]
    return {
        "state": state.worlds_only().model_dump(mode="json", by_alias=True),
        "scenario_hash": scenario.hash,
        "measure": measure,
        "organs": list(organs),
        "citizens": min(state.citizens, CITIZENS),
        "days": min(state.length, DAYS),
        "seeds": SEEDS,
    }


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Attribute the measure, and write the shares and the report."""
    scenario = State.model_validate(arguments["state"]).scenarios()[WATCHED]
    found = uw.attribute(
        scenario, arguments["measure"], organs=arguments["organs"],
        citizens=arguments["citizens"], days=arguments["days"], seeds=arguments["seeds"],
        budget=None, checkpoint=folder / "kept",
        progress=lambda step: report("worlds", step.days, step.of_days),
    )  # fmt: skip
    report("report")
    write_json(folder / SHARES, shares_of(found) | {"citizens": arguments["citizens"],
                                                    "days": arguments["days"]})  # fmt: skip
    found.report(folder / "report.html")


def shares_of(found: uw.Attribution) -> dict[str, Any]:
    """An attribution for the page."""
    return {
        "measure": found.measure, "label": found.label, "unit": found.unit,
        "definition": found.definition, "without": found.without, "with_all": found.with_all,
        "total": found.total, "method": found.method(), "cautions": found.cautions(),
        "ranked": not found.few and not found.undefined,
        "shares": [
            {
                "key": share.key, "name": share.name, "value": share.value, "low": share.low,
                "high": share.high, "percent": found.percent(share),
            }
            for share in found.shares.values()
        ],
    }  # fmt: skip
