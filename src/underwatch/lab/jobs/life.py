"""The job `life`: one invented citizen explained, beside the same citizen in another world."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import write_json
from underwatch.lab.state import State

LIFE, REPORT = "life.json", "report.html"


def arguments_of(state: State, which: str, other: tuple[State, str] | None, citizen: int) -> Any:
    """What the job is given: the world of a citizen, the world beside it, and the citizen."""
    worlds = [(state.worlds_only(), which)] + (
        [(other[0].worlds_only(), other[1])] if other else []
    )
    return {
        "state": [one.model_dump(mode="json", by_alias=True) for one, _ in worlds],
        "which": [name for _, name in worlds],
        "scenario_hash": [one.scenarios()[name].hash for one, name in worlds],
        "citizens": state.citizens, "seed": state.seed, "days": state.length, "citizen": citizen,
    }  # fmt: skip


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Simulate both worlds again with this citizen recorded, and write what happened."""
    made = [
        State.model_validate(state).scenarios()[which]
        for state, which in zip(arguments["state"], arguments["which"], strict=True)
    ]
    found = uw.explain(
        made[0], arguments["citizen"], twin=made[1] if len(made) > 1 else None,
        citizens=arguments["citizens"], days=arguments["days"], seed=arguments["seed"],
        progress=lambda step: report(step.stage, step.done, step.total),
    )  # fmt: skip
    report("report")
    found.report(folder / REPORT)
    write_json(folder / LIFE, life_of(found))


def life_of(found: uw.Explanation) -> dict[str, Any]:
    """An explanation for the page: as the API gives it, the story in sentences."""
    story = found.story
    profiles = [found.profile] + ([found.twin] if found.twin else [])
    return {
        "citizen": found.citizen,
        "title": story.title,
        "lead": [each.text for each in story.lead],
        "person": found.person,
        "wrong": [each.text for each in story.wrong],
        "difference": [each.text for each in story.difference],
        "differs_from": found.divergence["date"] if found.divergence else None,
        "years": [
            {
                "year": year,
                "worlds": [[_sentence(s) for s in (*of.brief, *of.sentences)] for of in worlds],
            }
            for year, worlds in story.years.items()
        ],
        "worlds": [_world(found, profile) for profile in profiles],
    }


def _sentence(sentence: Any) -> dict[str, Any]:
    return {"text": sentence.text, "wrong": sentence.wrong}


def _world(found: uw.Explanation, profile: Any) -> dict[str, Any]:
    """One world: the truth, the file beside it, decisions with their reasons, and the course."""
    acts = [
        {"what": label, "date": date, "times": times}
        for label, each in profile.acts.items()
        for date, times in each
    ]
    return {
        "title": profile.world,
        "first_day": profile.first_day,
        "days": profile.days,
        "score": profile.final.get("score"),
        "truth_and_file": [
            {"what": what, "done": done, "own": own, "wrong": wrong}
            for what, done, own, wrong in profile.truth_and_file()
        ],
        "acts": sorted(acts, key=lambda act: act["date"]),
        "events": [
            {
                "date": each.date,
                "sort": each.sort,
                "what": each.what,
                "by": each.entered_by,
                "cause": each.true_cause,
                "own": each.own,
                "times": each.times,
                "whose": list(each.whose),
                "reasons": found.reasons(each),
            }
            for each in profile.events
        ],  # fmt: skip
        "spans": [asdict(span) for span in profile.spans],
        "series": {name: profile.series[name] for name in ("score", "line", "risk")},
    }
