"""The guided story: its texts, and the figures of its pictures."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup, escape
from pydantic import BaseModel, Field

from underwatch.lab.figures import STORY, SUMMARY
from underwatch.lab.frames import HEX, position
from underwatch.lab.jobs.job import id_of
from underwatch.lab.jobs.safeguards import SAFEGUARDS
from underwatch.lab.jobs.safeguards import arguments_of as safeguards_of
from underwatch.lab.jobs.world import arguments_of
from underwatch.lab.json_files import read_json
from underwatch.lab.laboratory import Here, Lab
from underwatch.lab.pictures import rules
from underwatch.lab.refusals import Refused, responses
from underwatch.lab.schemas import Id, JobOut
from underwatch.lab.state import WATCHED, State
from underwatch.lab.texts import DATA, texts

router = APIRouter(prefix="/api", responses=responses(403, 422))
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_LATER = re.compile(r"\{(\w+)\}")  # figures that only a run has


class StoryOut(BaseModel):
    """What the six pictures show of one world; each by the name of its step."""

    rules: dict[str, float]
    watched: dict[str, Any]
    records: dict[str, Any]
    score: dict[str, Any]
    closed: dict[str, Any]
    silence: dict[str, Any]


class GuardRow(BaseModel):
    """One measure in the watched world with one safeguard, or with all of them."""

    key: str
    name: str
    level: float
    value: float
    back: float = Field(description="By how much it is lower than without; with an interval.")
    low: float | None
    high: float | None
    beyond_chance: bool = Field(description="Lower than without, beyond chance.")


class GuardsOut(BaseModel):
    """What single safeguards change in the watched world."""

    measure: str
    unit: str
    none: float = Field(description="Without any safeguard.")
    citizens: int
    seeds: int
    rows: list[GuardRow]


@router.get("/jobs/{id}/story", responses=responses(404, 409))
def get_story(id: Id, lab: Here) -> StoryOut:
    """The figures of the story's pictures, of one finished world."""
    job = lab.queue.get(id)
    if job.kind != "world":
        raise Refused(404, texts()("refused.no_job"))
    found = read_json(job.folder / STORY)
    if found is None:
        raise Refused(409, texts()("refused.not_done"))
    return StoryOut.model_validate(found)


@router.post("/experiments/{id}/safeguards", responses=responses(404, 429, 503))
def begin_safeguards(id: Id, lab: Here) -> JobOut:
    """The watched world with one safeguard at a time: a job of kind `safeguards`."""
    experiment = lab.experiment(id)
    arguments = safeguards_of(experiment.state)
    title = texts()("jobs.safeguards")
    return lab.described(lab.queue.submit("safeguards", arguments, id, title))


@router.get("/jobs/{id}/safeguards", responses=responses(404, 409))
def get_safeguards(id: Id, lab: Here) -> GuardsOut:
    """What single safeguards change, once that job is done."""
    job = lab.done(id, "safeguards")
    return GuardsOut.model_validate(read_json(job.folder / SAFEGUARDS))


@cache
def _table() -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = tomllib.loads((DATA / "story.toml").read_text("utf-8"))["steps"]
    return steps


def context(lab: Lab, state: State) -> dict[str, Any]:
    """What the page of the story needs: its steps, with the figures of the scenario filled in."""
    figures = rules(state.scenarios()[WATCHED], state.length)
    words = {name: f"{abs(value):,g}" for name, value in figures.items()}
    return {
        "steps": [
            {**step, "text": [_paragraph(text, words) for text in step["text"]]}
            for step in _table()
        ],
        "places": places(state.citizens),
        "people": HEX,
        "names": {step["key"]: step["name"] for step in _table()},
        "marks": {step["key"]: step.get("marks", {}) for step in _table()},
    }


def places(citizens: int) -> list[tuple[int, int]]:
    """Where the neighbourhoods of a nation lie, for a map that has no values yet.

    Examples
    --------
    >>> places(1000)
    [(0, 0), (-1, 1)]
    """
    return [position(k) for k in range(-(-citizens // HEX))]


def _paragraph(text: str, words: dict[str, str]) -> Markup:
    """A paragraph with its figures; those of the run are filled in by the page's script."""
    parts = []
    for k, part in enumerate(_STRONG.split(text)):
        filled = str(escape(part))
        filled = _LATER.sub(
            lambda found: words.get(found[1]) or f'<span data-fill="{found[1]}">…</span>', filled
        )
        parts.append(f"<strong>{filled}</strong>" if k % 2 else filled)
    return Markup("".join(parts))


def numbers(lab: Lab, state: State) -> dict[str, Any]:
    """The headline measures of both worlds for a reader without scripts; empty before they end."""
    rows: list[dict[str, Any]] = []
    for which in state.scenarios():
        job = lab.queue.find(id_of("world", arguments_of(state, which)))
        summary = read_json(job.folder / SUMMARY) if job else None
        if summary is None:
            return {"rows": [], "places": places(state.citizens)}
        by_name = {one["name"]: one for one in summary["measures"]}
        for k, name in enumerate(summary["headlines"]):
            if len(rows) <= k:
                rows.append({"label": by_name[name]["label"]})
            rows[k][which] = by_name[name]["text"]
    return {"rows": rows, "places": places(state.citizens)}
