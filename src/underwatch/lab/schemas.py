"""What the routes of the worlds view return, for scripts and for OpenAPI."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Path
from pydantic import BaseModel, Field

from underwatch.lab.state import State

Id = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="Sixteen hexadecimal digits.")]
MapMeasure = Literal[
    "restricted",
    "risk",
    "wrongful",
    "stopped",
    "support",
    "score",
    "records",
    "wrong_records",
]

# What ever happened to an invented citizen, their groups, and the orders of a list of them.
Flag = Literal[
    "wrongful_restriction", "association_only", "restricted_by_score", "listed", "named",
    "wrongfully_named", "dismissed", "stopped", "wrongfully_stopped", "false_record",
    "false_alert", "appealed", "appeal_upheld", "defaulted",
]  # fmt: skip
Group = Literal["A", "B", "C", "D"]
Order = Literal["restricted_days", "records", "wrong_records", "score", "age", "conviction"]


class JobOut(BaseModel):
    """A job and how far it is."""

    id: str
    kind: str
    title: str
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    place: int | None = Field(description="Place in the queue, from 1 on; null if it runs.")
    stage: str = Field(description="What its process does: people, ties, compiling, days, …")
    stage_text: str = Field(description="The stage in words.")
    day: int = Field(description="Days that are simulated, or steps that are done.")
    days: int
    seconds: float = Field(description="Since it was started, or what it took.")
    sentence: str = Field(description="Why it failed; empty otherwise.")
    created: float
    state_hash: str | None = Field(default=None, description="SHA-256 of the final state.")


class World(BaseModel):
    """One of the two worlds of an experiment."""

    name: Literal["watched", "other"]
    title: str
    text: str
    hash: str = Field(description="Eight digits of the hash of its scenario.")
    job: JobOut


class EventOut(BaseModel):
    """A date on which the scenario of a world changes."""

    world: Literal["watched", "other"]
    day: int = Field(description="Days after the first day.")
    date: str
    text: str


class Experiment(BaseModel):
    """Two worlds of the same people, with the jobs that simulate them."""

    id: str
    link: str = Field(description="The address of exactly this state, from /worlds? on.")
    hash: str = Field(description="Names what is simulated: sixteen hexadecimal digits.")
    python: str = Field(description="A Python text that gives the same worlds.")
    state: State
    first_day: str
    days: int
    every: int = Field(description="Days from one frame of the map to the next.")
    changes: str = Field(description="How the worlds differ, in one or two sentences.")
    events: list[EventOut]
    worlds: list[World]


class Hex(BaseModel):
    """A neighbourhood of 512 citizens: number, axial coordinates, district, kind of place."""

    id: int
    q: int
    r: int
    district: int
    kind: Literal["rural", "town", "metropolis"]
    adults: int = Field(description="On the first day.")


class Layout(BaseModel):
    """The map of a nation."""

    citizens: int
    hexes: list[Hex]


class Frames(BaseModel):
    """The map on several evenings: whole numbers; times `scale` they are in `unit`."""

    measure: MapMeasure
    unit: str
    scale: float
    days: list[int]
    values: list[list[int]] = Field(description="By day and neighbourhood; -1 = nobody there.")
    mean: list[float] = Field(description="Of all adults, in `unit`.")
    chance: list[float] = Field(
        description="Two neighbourhoods that differ by less, in `unit`, are within chance."
    )
    written: int = Field(description="Frames so far, of any day.")
    last: bool = Field(description="Whether the last of `days` is the last of the run.")


class MeasureOut(BaseModel):
    """A measure of a run."""

    name: str
    label: str
    value: float | None
    unit: str
    kind: str
    definition: str
    note: str
    events: int | None = Field(description="How many events it rests on; null if on none.")
    text: str = Field(description="Value, unit and note, as reports show them.")


class SummaryOut(BaseModel):
    """The measures of a finished run, and what its report says first."""

    measures: list[MeasureOut]
    headlines: list[str]
    findings: list[str]
    state_hash: str


class Line(BaseModel):
    """One line of a chart."""

    label: str
    values: list[float | None]


class Course(BaseModel):
    """A measure by month; shares are shares of one."""

    measure: str
    by: str | None
    title: str
    caption: str
    unit: str
    months: list[str]
    lines: list[Line]


class Person(BaseModel):
    """An invented citizen on the last evening, and what ever happened to them."""

    citizen: int
    hex: int
    age: int
    group: str
    place: str
    conviction: int
    score: float | None
    restricted: bool
    restricted_days: int
    records: int
    wrong_records: int
    happened: list[str]


class People(BaseModel):
    """Invented citizens of a run."""

    matching: int
    people: list[Person]


class Seeds(BaseModel):
    """How many seeds a comparison has."""

    seeds: Annotated[int, Field(strict=True, ge=3, le=20)]


class DifferenceOut(BaseModel):
    """One measure in the watched world beside the other; intervals are of 95 %."""

    name: str
    label: str
    unit: str
    kind: str
    definition: str
    other: float | None
    watched: float | None
    other_low: float | None
    other_high: float | None
    watched_low: float | None
    watched_high: float | None
    difference: float | None
    low: float | None
    high: float | None
    beyond_chance: bool | None = Field(description="Judged with all measures together.")
    note: str
    text: str = Field(description="The difference with its interval, or why there is none.")


class Bands(BaseModel):
    """Both worlds over several seeds."""

    seeds: list[int]
    sentence: str = Field(description="What changed, or that nothing is beyond chance.")
    findings: list[str]
    measures: list[DifferenceOut]
    headlines: list[str]


class ScenarioOut(BaseModel):
    """A shipped scenario."""

    name: str
    title: str
    text: str
    extends: str | None
    days: int


class OrganOut(BaseModel):
    """An organ that can be switched off: what it is, in one sentence, and its source."""

    number: str
    name: str
    sentence: str
    source: str
    can_be_off: bool
    moves: list[str]


class SafeguardOut(BaseModel):
    """A safeguard and the meaning of its level from 0 to 1."""

    key: str
    name: str
    between: str
    level: str
    law: str


class MapMeasureOut(BaseModel):
    """A measure of the map."""

    name: MapMeasure
    title: str
    unit: str
    definition: str


class Limits(BaseModel):
    """What this lab accepts."""

    citizens: list[int]
    days: list[int]
    seeds: list[int]
    processes: int
    waiting: int


class Catalogue(BaseModel):
    """What there is to choose from."""

    scenarios: list[ScenarioOut]
    organs: list[OrganOut]
    safeguards: list[SafeguardOut]
    map_measures: list[MapMeasureOut]
    plottable: list[str]
    headlines: list[str]
    limits: Limits
    version: str
