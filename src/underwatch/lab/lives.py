"""The routes of the view of one life: a citizen explained, and the rule of an invented score."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field, ValidationError

import underwatch as uw
from underwatch.lab.jobs.job import Job
from underwatch.lab.jobs.life import LIFE, arguments_of
from underwatch.lab.json_files import read_json
from underwatch.lab.laboratory import Here, Lab
from underwatch.lab.refusals import Refused, responses, sentence_of
from underwatch.lab.schemas import Id, JobOut
from underwatch.lab.state import WATCHED, State
from underwatch.lab.texts import texts

router = APIRouter(prefix="/api", responses=responses(403, 422))
Name = Annotated[str, Field(pattern="^[0-9a-f]{16}$")]
Part = Annotated[str | None, Query(max_length=500)]


class Wanted(BaseModel):
    """Whose life, in the world of which job, beside the world of which other job."""

    job: Name
    citizen: Annotated[int, Field(strict=True, ge=0, le=4_000_000_000)]
    twin: Name | None = None


class Sentence(BaseModel):
    """A sentence; wrong: whether it is about what is no act of the citizen's own."""

    text: str
    wrong: bool


class Year(BaseModel):
    """A year in each world."""

    year: str
    worlds: list[list[Sentence]]


class Beside(BaseModel):
    """How often an act was done, and what the file holds of it."""

    what: str
    done: int | None = Field(description="Null where the line is no act, such as a judgement.")
    own: int = Field(description="Records of own acts.")
    wrong: int = Field(description="Records that describe no act of the citizen's own.")


class Act(BaseModel):
    """What the citizen did on a day, seen or not."""

    what: str
    date: str
    times: int


class Happened(BaseModel):
    """A record, a decision, a step of the citizen or an act withheld."""

    date: str
    sort: Literal["record", "decision", "step", "withheld"]
    what: str
    by: str
    cause: str
    own: bool
    times: int
    whose: list[int] = Field(description="Whose act it was, where a face or name was mistaken.")
    reasons: list[str] = Field(description="The rule, the records and the figures behind it.")


class Lasting(BaseModel):
    """A restriction, from its first day to its last."""

    kind: str
    first: str
    last: str
    days: int
    cause: str
    own: bool


class Series(BaseModel):
    """Weekly points [date, value]; null where there is no score or no line."""

    score: list[tuple[str, float | None]]
    line: list[tuple[str, float | None]]
    risk: list[tuple[str, float | None]]


class WorldOfLife(BaseModel):
    """The citizen in one world."""

    title: str
    first_day: str
    days: int
    score: float | None
    truth_and_file: list[Beside]
    acts: list[Act]
    events: list[Happened]
    spans: list[Lasting]
    series: Series


class Life(BaseModel):
    """One invented citizen, explained: in the chosen world and, if asked for, in another."""

    citizen: int
    title: str
    lead: list[str]
    person: list[str]
    wrong: list[str]
    difference: list[str]
    differs_from: str | None = Field(description="The first day on which both worlds differ.")
    years: list[Year]
    worlds: list[WorldOfLife]


class Kind(BaseModel):
    """A kind of record and the points of one."""

    key: str
    one: str
    many: str
    points: int
    source: str


class Rule(BaseModel):
    """The rule of a score: base + points + weight × (mean of the contacts − base), cut at ends."""

    scenario: str
    date: str
    on: bool
    base: int
    floor: int
    ceiling: int
    weight: float
    kinds: list[Kind]
    most: int = Field(description="Records of a kind that a file counts.")
    restricted_below: int | None
    restricted_days: int | None
    privileged_from: int | None


@router.post("/lives", responses=responses(400, 404, 413, 415, 429, 503))
def begin_life(wanted: Wanted, lab: Here) -> JobOut:
    """Explain a citizen of a world, beside the same citizen in another: a job of kind `life`."""
    job, other = _world(lab, wanted.job), wanted.twin and _world(lab, wanted.twin)
    state, which = _state(job)
    if wanted.citizen >= state.citizens:
        raise Refused(404, texts()("refused.no_citizen"))
    twin = _state(other) if other else None
    if twin and (twin[0].citizens, twin[0].seed, twin[0].length) != (
        state.citizens, state.seed, state.length,
    ):  # fmt: skip
        raise Refused(422, texts()("refused.other_people"))
    arguments = arguments_of(state, which, twin, wanted.citizen)
    title = texts()("jobs.life", n=wanted.citizen)
    return lab.described(lab.queue.submit("life", arguments, job.group, title))


@router.get("/jobs/{id}/life", responses=responses(404, 409))
def get_life(id: Id, lab: Here) -> Life:
    """What happened to a citizen."""
    return Life.model_validate(read_json(lab.done(id, "life").folder / LIFE))


@router.get("/score")
def get_score(
    request: Request,
    lab: Here,
    scenario: Part = None,
    without: Part = None,
    with_: Annotated[str | None, Query(alias="with", max_length=500)] = None,
    set: Annotated[list[str] | None, Query(max_length=20)] = None,
    day: Annotated[int | None, Query(ge=0, le=100_000)] = None,
) -> Rule:
    """The rule of the score in the watched world of a state, by default on its last day.

    The address is that of a page. The sliders of an invented person compute in the browser.
    """
    try:
        state = lab.checked(State.from_query(request.url.query))
    except ValidationError as error:
        raise Refused(422, sentence_of(error.errors())) from None
    watched = state.scenarios()[WATCHED]
    on = watched.last_day
    if state.day is not None:
        on = min(watched.first_day + timedelta(state.day), on)
    return Rule.model_validate(uw.points_rule(watched, on), from_attributes=True)


def _world(lab: Lab, name: str) -> Job:
    job = lab.queue.get(name)
    if job.kind != "world":
        raise Refused(404, texts()("refused.no_job"))
    return job


def _state(job: Job) -> tuple[State, str]:
    return State.model_validate(job.arguments["state"]), job.arguments["which"]
