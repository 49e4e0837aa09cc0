"""What `run.json` of each kind of result holds, checked before anything uses it.

A folder may come from a stranger: its files can agree with its manifest and still
hold anything. A record that lacks a key, or has a value of another type, is refused
with one sentence for each fault. Keys that are not declared here are kept as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from underwatch.errors import Problem, UserError, shortened
from underwatch.scenario import Scenario
from underwatch.scenario.limits import LIMITS

DEEPEST = 40  # levels of a record; a scenario has nine
_LARGEST = 1 << 28  # bytes of a record: 256 MB

Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{8,64}$")]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT[\d:.+Z-]+$")]
Citizens = Annotated[int, Field(ge=LIMITS["citizens"].low, le=LIMITS["citizens"].high)]
Days = Annotated[int, Field(ge=LIMITS["days"].low, le=LIMITS["days"].high)]
Seed = Annotated[int, Field(ge=LIMITS["seed"].low, le=LIMITS["seed"].high)]
Seeds = Annotated[list[Seed], Field(min_length=1, max_length=LIMITS["seeds"].high)]
Name = Annotated[str, Field(min_length=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]


class Part(BaseModel):
    """A part of a record: every declared key has its type, and other keys are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)


class Versions(Part):
    """Versions of software, by name."""

    python: Name
    underwatch: Name


class Record(Part):
    """What every result records of its origin."""

    software: Name
    versions: Versions
    machine: dict[str, Any]
    kind: Name
    sources: dict[str, str]
    command: list[str] = []


class Measured(Part):
    """One measure of a run's summary."""

    value: Number | None
    unit: str
    events: int | None = None
    note: str = ""
    limit: str = ""


class Observed(Part):
    """The user's own measures."""

    measures: list[str]
    every: Annotated[int, Field(ge=1)]


class Ranks(Part):
    """The processes of a run on several ranks, and the bytes that they sent to each other."""

    processes: Annotated[int, Field(ge=2)]
    bytes_a_day: Annotated[int, Field(ge=0)]
    bytes_a_day_by_kind: dict[str, Annotated[int, Field(ge=0)]]
    bytes_in_all: Annotated[int, Field(ge=0)]


class OneScenario(Record):
    """What a result of one scenario records."""

    title: str
    text: str
    scenario: dict[str, Any]
    scenario_hash: Digest
    citizens: Citizens
    days: Days
    first_day: date
    seconds: Seconds
    panel: Annotated[int, Field(ge=0)]
    observed: Observed | None = None
    score_rule: Digest | None = None


class RunRecord(OneScenario):
    """What a run records."""

    threads: Annotated[int, Field(ge=1)]
    ranks: Ranks | None = None
    seed: Seed
    state_hash: Hash
    started: Moment
    citizen_days_per_second: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    summary: dict[str, Measured]


class RunsRecord(OneScenario):
    """What an ensemble of runs records."""

    seeds: Seeds
    state_hashes: dict[str, Hash]
    finished: Moment


class ExplanationRecord(Record):
    """What an explanation of one citizen records."""

    citizen: Annotated[int, Field(ge=0)]
    days: Days
    first_day: date
    state_hash: Hash | None
    scenario: dict[str, Any] | None = None
    scenario_hash: Digest | None = None
    scenarios: dict[str, dict[str, Any]] | None = None
    scenario_hashes: dict[str, Digest] | None = None


class StudyRecord(Record):
    """What a study of several worlds records."""

    title: str
    worlds: Annotated[list[str], Field(min_length=1)]
    scenarios: dict[str, dict[str, Any]]
    scenario_hashes: dict[str, Digest]
    citizens: Citizens
    days: Days
    first_day: date
    seeds: Seeds
    finished: Moment
    seconds: Seconds
    result: dict[str, Any]


class DiffusionRecord(Record):
    """What a study of states records."""

    title: str
    text: str
    study: dict[str, Any]
    states: Annotated[int, Field(ge=1)]
    adopters: Annotated[int, Field(ge=0)]
    citizens: Citizens
    comparison: list[dict[str, Any]]
    seconds: Seconds


# By the kind that run.json states; a kind that is not here has a record of a later version.
KINDS: dict[str, type[Record]] = {
    "run": RunRecord,
    "replicates": RunsRecord,
    "compare": StudyRecord,
    "attribute": StudyRecord,
    "frontier": StudyRecord,
    "sweep": StudyRecord,
    "calibrate": StudyRecord,
    "sensitivity": StudyRecord,
    "diffusion": DiffusionRecord,
    "explain": ExplanationRecord,
}


def read_record(path: Path) -> dict[str, Any]:
    """The record of a result, as its `run.json` holds it.

    Raises UserError with one sentence for each key that is missing or has a wrong value.
    """
    record = _parsed(path)
    kind = record.get("kind")
    schema = KINDS.get(kind, Record) if isinstance(kind, str) else Record
    try:
        # From JSON, in which a date is a text, also where types are strict.
        checked = schema.model_validate_json(json.dumps(record))
    except ValidationError as error:
        raise UserError([_problem(path, each) for each in error.errors()]) from None
    _check_scenarios(path, checked)
    return record


def checked(kind: Any, plain: Any) -> Any:
    """What a folder holds as JSON, which is returned as it is if it fits a type.

    kind: such as list[Difference]; a dataclass is an object with its fields. Raises
    ValueError if a part of it is missing or of another type.
    """
    _adapter(kind).validate_json(json.dumps(plain), strict=True)
    return plain


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


@contextmanager
def readable(folder: str | Path, what: str) -> Iterator[None]:
    """Read the findings of a folder inside; what is not as this version writes it is refused.

    what: a noun with its article, such as "a comparison". Raises UserError.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
        raise UserError(
            f"{folder} holds {what} that this version of the software cannot read; make it again."
        ) from None


def declared_scenario(declared: Mapping[str, Any]) -> Scenario:
    """A scenario as a record holds it. Raises ValueError if this version cannot read it."""
    try:
        return Scenario.model_validate_json(json.dumps(declared), strict=True)
    except (ValidationError, UserError, TypeError, RecursionError) as error:
        raise ValueError("not a scenario of this version") from error


def _parsed(path: Path) -> dict[str, Any]:
    """A JSON object of which no level is deeper than any of ours."""
    fault = f"{path} is not the provenance of a result; restore it from a copy."
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError(fault)
        found = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        raise UserError(fault) from None
    if not isinstance(found, dict) or _deeper_than(found, DEEPEST):
        raise UserError(fault)
    return found


def _deeper_than(value: object, levels: int) -> bool:
    at: list[object] = [value]
    for _ in range(levels):
        inner: list[object] = []
        for each in at:
            if isinstance(each, dict):
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        at = [each for each in inner if isinstance(each, dict | list)]
        if not at:
            return False
    return True


def _check_scenarios(path: Path, record: Record) -> None:
    """Raise UserError unless every scenario is one, with the hash that is recorded."""
    scenario, hashes = getattr(record, "scenario", None), getattr(record, "scenario_hashes", None)
    recorded: dict[str, tuple[dict[str, Any], str | None]] = {}
    if scenario is not None:
        recorded["scenario"] = (scenario, getattr(record, "scenario_hash", None))
    for name, world in (getattr(record, "scenarios", None) or {}).items():
        recorded[f"scenarios.{shortened(name, 60)}"] = (world, (hashes or {}).get(name))
    if isinstance(record, StudyRecord) and sorted(record.worlds) != sorted(record.scenarios):
        raise UserError(f"{path}: the worlds are not those of the scenarios.")
    for where, (declared, expected) in recorded.items():
        try:
            found = declared_scenario(declared)
        except ValueError:
            raise UserError(
                f"{path}: {where} cannot be read; it is of another version of the software, or "
                "has been changed."
            ) from None
        if expected not in (None, found.hash):
            raise UserError(f"{path}: {where} is not the scenario whose hash is recorded.")
        if isinstance(record, RunRecord):
            _check_same(path, record, found)


def _check_same(path: Path, record: RunRecord, scenario: Scenario) -> None:
    society = scenario.society
    pairs = {
        "citizens": (record.citizens, society.citizens), "seed": (record.seed, society.seed),
        "first_day": (record.first_day, scenario.first_day),
    }  # fmt: skip
    differing = [name for name, (stated, declared) in pairs.items() if stated != declared]
    if differing:
        raise UserError(f"{path}: {', '.join(differing)} differ from those of its scenario.")


def _problem(path: Path, error: ErrorDetails) -> Problem:
    """A fault as a sentence that names the key, what is there and what belongs there."""
    key = ".".join(str(step) for step in error["loc"]) or "the record"
    where = str(path)
    if error["type"] == "missing":
        return Problem(where, f"{shortened(key)} is missing.")
    is_simple = isinstance(error["input"], str | int | float | bool | type(None))
    value = shortened(json.dumps(error["input"]), 60) if is_simple else "something else"
    wanted = error["msg"].replace("Input should", "it should")
    return Problem(where, f"{shortened(key)} is {value}, but {wanted[:1].lower()}{wanted[1:]}.")
