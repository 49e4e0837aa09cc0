"""The job `bands`: both worlds under several seeds, compared with the same random draws."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.lab.figures import HEADLINES
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import write_json
from underwatch.lab.state import OTHER, WATCHED, State
from underwatch.lab.texts import texts

BANDS = "bands.json"
# What findings and reports call the two worlds.
NAMES = {OTHER: "the other world", WATCHED: "the watched world"}
# Measures of which the sentence of what changed chooses the first that is beyond chance.
FIRST = ("chilled_share", "restricted_now", "wrongful", "offences_deterred", "trust", "support")


def arguments_of(state: State, seeds: int) -> dict[str, Any]:
    """What the job is given."""
    return {
        "state": state.worlds_only().model_dump(mode="json", by_alias=True),
        "scenario_hash": state.hashes(),
        "days": state.length,
        "seeds": seeds,
    }


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Compare the two worlds, and write the differences and the report."""
    state = State.model_validate(arguments["state"])
    made = state.scenarios()
    found = uw.compare(
        {NAMES[which]: made[which] for which in (OTHER, WATCHED)}, days=state.length, budget=None,
        seeds=arguments["seeds"], checkpoint=folder / "kept",
        progress=lambda step: report("seeds", step.days, step.of_days),
    )  # fmt: skip
    report("report")
    write_json(folder / BANDS, bands_of(found))
    found.report(folder / "report.html")


def bands_of(found: uw.Comparison) -> dict[str, Any]:
    """The differences of a comparison for the pages."""
    rows = [_row(found, one) for one in found.differences[NAMES[WATCHED]].values()]
    return {
        "seeds": list(found.seeds),
        "sentence": sentence(rows),
        "findings": found.findings(),
        "measures": rows,
        "headlines": [row["name"] for row in rows if row["name"] in HEADLINES],
    }


def _row(found: uw.Comparison, one: Any) -> dict[str, Any]:
    bands = {which: _band(found.values[NAMES[which]][one.measure]) for which in NAMES}
    shown = uw.Value(
        one.measure, one.label, one.difference, one.unit, one.definition, one.kind, one.low,
        one.high, one.note,
    )  # fmt: skip
    return {
        "name": one.measure, "label": one.label, "unit": one.unit, "kind": one.kind,
        "definition": one.definition, "other": one.first, "watched": one.here,
        **{f"{name}_{end}": band[end] for name, band in bands.items() for end in ("low", "high")},
        "difference": one.difference, "low": one.low, "high": one.high,
        "beyond_chance": one.distinguished, "note": one.note, "text": str(shown),
    }  # fmt: skip


def _band(values: list[float | None]) -> dict[str, float | None]:
    """The lowest and the highest value over the seeds."""
    known = [value for value in values if value is not None]
    return {"low": min(known), "high": max(known)} if known else {"low": None, "high": None}


def sentence(rows: list[dict[str, Any]]) -> str:
    """What changed, in one sentence with its interval; or that chance explains it."""
    t = texts()
    by_name = {row["name"]: row for row in rows}
    for name in FIRST:
        row = by_name.get(name)
        if row and row["beyond_chance"] and row["difference"]:
            more = row["difference"] > 0
            ends = (row["low"], row["high"]) if more else (-row["high"], -row["low"])
            size = uw.Value(name, "", abs(row["difference"]), row["unit"], "", "", *ends)
            return t(f"bands.{'more' if more else 'less'}", label=row["label"], size=str(size))
    return t("bands.none")
