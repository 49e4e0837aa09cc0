"""The whole state of a page: two worlds of the same people, and what is looked at.

It is what a script sends, what the address of a page states, and what a Python text reproduces.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.datastructures import QueryParams

import underwatch as uw
from underwatch.errors import UserError, shortened
from underwatch.lab.once import once

WATCHED, OTHER = "watched", "other"
MOST_SET = 20  # figures that one state sets
MOST_DAYS, MOST_CITIZENS = 3_000, 100_000_000
SHORTEST = 30
_NAME = r"^[a-z0-9-]{1,40}$"
_LEVEL = re.compile(r"([a-z_]{1,30}):([0-9]{1,3}(?:\.[0-9]{1,6})?)(?:\.|$)")
_KEY = re.compile(r"[a-z0-9_]{1,40}(\.[a-z0-9_]{1,40}){0,4}")
_WORD = re.compile(r"[A-Za-z0-9_-]{1,40}")

Level = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Scalar = bool | int | float | str


class State(BaseModel):
    """Two worlds and what is looked at; every field has a default, so that {} is a state.

    Examples
    --------
    >>> state = State(citizens=3000, days=90, without=("M10",))
    >>> state.query()
    'citizens=3000&days=90&without=M10'
    >>> State.from_query(state.query()) == state
    True
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    scenario: Annotated[str, Field(pattern=_NAME, description="A shipped scenario.")] = (
        "atlantic-2018"
    )
    other: Annotated[str, Field(pattern=_NAME, description="The world beside it.")] = "unwatched"
    citizens: Annotated[int, Field(strict=True, ge=1_000, le=MOST_CITIZENS)] = 20_000
    days: Annotated[
        int | None,
        Field(strict=True, ge=SHORTEST, le=MOST_DAYS, description="By default the scenario's."),
    ] = None
    seed: Annotated[int, Field(strict=True, ge=0, le=2**53 - 1)] = 2018
    without: Annotated[
        tuple[Annotated[str, Field(pattern=r"^M([1-9]|1[0-9]|2[0-7])$")], ...],
        Field(max_length=27, description="Organs that are switched off in the watched world."),
    ] = ()
    with_: Annotated[
        dict[Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")], Level],
        Field(alias="with", max_length=20, description="Safeguards of the watched world: levels."),
    ] = Field(default_factory=dict, alias="with")
    set: Annotated[
        dict[Annotated[str, Field(max_length=200)], Scalar],
        Field(max_length=MOST_SET, description="Figures of the watched world by key."),
    ] = Field(default_factory=dict)
    measure: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")] = "restricted"
    day: Annotated[int | None, Field(strict=True, ge=0, le=MOST_DAYS)] = None
    hex: Annotated[int | None, Field(strict=True, ge=0, le=MOST_CITIZENS)] = None
    citizen: Annotated[int | None, Field(strict=True, ge=0, le=MOST_CITIZENS)] = None

    @field_validator("scenario", "other")
    @classmethod
    def _is_shipped(cls, name: str) -> str:
        if name not in uw.scenarios():
            raise ValueError(f"{name} is no scenario that comes with the software.")
        return name

    @field_validator("without")
    @classmethod
    def _in_order(cls, numbers: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted({*numbers}, key=lambda number: int(number[1:])))

    @field_validator("with_")
    @classmethod
    def _are_safeguards(cls, levels: dict[str, float]) -> dict[str, float]:
        for name in levels:
            if name not in uw.safeguards():
                raise ValueError(f"{name} is no safeguard.")
        return {name: float(levels[name]) for name in uw.safeguards() if levels.get(name)}

    @field_validator("set")
    @classmethod
    def _are_figures(cls, figures: dict[str, Any]) -> dict[str, Any]:
        for key, value in figures.items():
            if not _KEY.fullmatch(key):
                raise ValueError(f"{shortened(repr(key), 60)} is no key of a scenario.")
            if key in ("title", "text"):
                raise ValueError(f"{key} is no figure.")
            if key.startswith(("society.citizens", "society.seed")):
                raise ValueError(f"{key} has a field of its own.")
            if isinstance(value, str) and not _WORD.fullmatch(value):
                raise ValueError(f"{key}: {shortened(repr(value), 60)} is no word or number.")
            if isinstance(value, float | int) and abs(value) > 1e15:
                raise ValueError(f"{key} is too large.")
        return dict(sorted(figures.items()))

    def query(self) -> str:
        """The state as the query of an address: short, in one order, without defaults.

        No value holds a character that an address would have to escape.

        Examples
        --------
        >>> State(**{"with": {"appeal": 0.5, "correction": 1}, "day": 30}).query()
        'with=appeal:0.5.correction:1&day=30'
        """
        plain = State()
        parts: list[tuple[str, str]] = []
        for name in ("scenario", "other", "citizens"):
            parts.append((name, _text(getattr(self, name), getattr(plain, name))))
        whole = self.model_copy(update={"days": None}).length
        parts.append(("days", _text(self.length, whole)))
        parts.append(("seed", _text(self.seed, plain.seed)))
        parts.append(("without", ".".join(self.without)))
        parts.append(("with", ".".join(f"{name}:{level:g}" for name, level in self.with_.items())))
        parts += [("set", f"{key}:{_scalar(value)}") for key, value in self.set.items()]
        for name in ("measure", "day", "hex", "citizen"):
            parts.append((name, _text(getattr(self, name), getattr(plain, name))))
        return "&".join(f"{name}={text}" for name, text in parts if text)

    @classmethod
    def from_query(cls, query: str) -> State:
        """The state of an address; names that are no fields are left out.

        Raises UserError, or pydantic's ValidationError, for a value that cannot be used.
        """
        found: dict[str, Any] = {}
        figures: dict[str, Scalar] = {}
        for name, text in QueryParams(query).multi_items():
            if name in ("scenario", "other", "measure"):
                found[name] = text
            elif name in ("citizens", "days", "seed", "day", "hex", "citizen"):
                found[name] = _whole(name, text)
            elif name == "without":
                found[name] = tuple(filter(None, text.split(".")))
            elif name == "with":
                found[name] = _levels(text)
            elif name == "set":
                key, colon, value = text.partition(":")
                if not colon:
                    raise UserError(f"set is {shortened(text, 60)!r}, but it is key:value.")
                figures[key] = _value(value)
        return cls(**found, set=figures)

    def scenarios(self) -> dict[str, uw.Scenario]:
        """The two worlds, `watched` and `other`, over the same people.

        Raises UserError for changes that a scenario does not accept.
        """
        return _scenarios(self.worlds_only())

    def hashes(self) -> dict[str, str]:
        """The hashes of the two scenarios."""
        return dict(_hashes(self.worlds_only().model_dump_json(by_alias=True)))

    def worlds_only(self) -> State:
        """The same two worlds, with nothing looked at."""
        return self.model_copy(
            update={"measure": "restricted", "day": None, "hex": None, "citizen": None}
        )

    @property
    def length(self) -> int:
        """How many days are simulated: those given, or those of the scenario."""
        return self.days or min(max(_days_of(self.scenario), SHORTEST), MOST_DAYS)

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits that name what is simulated."""
        return digest([self.hashes(), self.length])

    def python(self) -> str:
        """A Python text that simulates both worlds and prints the hash of their final states."""
        watched = f'uw.Scenario.load("{self.scenario}")'
        if self.without:
            watched += f".without({', '.join(map(_quoted, self.without))})"
        if figures := self._figures():
            items = ", ".join(f"{_quoted(key)}: {value!r}" for key, value in figures.items())
            watched += f".with_({{{items}}})"
        other = f'uw.Scenario.load("{self.other}")'
        if _is_aligned(self.worlds_only().model_dump_json(by_alias=True)):
            other += ".with_people_of(watched)"
        size = f"citizens={self.citizens}, days={self.length}, seed={self.seed}"
        return (
            "import underwatch as uw\n\n"
            f"watched = {watched}\n"
            f"other = {other}\n"
            "for scenario in (watched, other):\n"
            f"    run = uw.run(scenario, {size})\n"
            "    print(run.state_hash)\n"
        )

    def _figures(self) -> dict[str, Any]:
        levels = {f"safeguards.{name}": level for name, level in self.with_.items()}
        return {**levels, **self.set}


def digest(of: Any) -> str:
    """Sixteen hexadecimal digits that name a value of JSON."""
    text = json.dumps(of, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _scenarios(state: State) -> dict[str, uw.Scenario]:
    return dict(_made(state.model_dump_json(by_alias=True)))


@once(most=256)
def _made(text: str) -> tuple[tuple[str, uw.Scenario], ...]:
    state = State.model_validate_json(text)
    size = [f"society.citizens={state.citizens}", f"society.seed={state.seed}"]
    watched = uw.Scenario.load(state.scenario, size).without(*state.without)
    if figures := state._figures():
        watched = watched.with_(figures)
    other = uw.Scenario.load(state.other, size)
    if other.society != watched.society or other.first_day != watched.first_day:
        other = other.with_people_of(watched)
    return (WATCHED, watched), (OTHER, other)


@once(most=256)
def _hashes(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, scenario.hash) for name, scenario in _made(text))


@once(most=256)
def _is_aligned(text: str) -> bool:
    """Whether the other world would have other people or dates by itself."""
    state, made = State.model_validate_json(text), dict(_made(text))
    size = [f"society.citizens={state.citizens}", f"society.seed={state.seed}"]
    plain, watched = uw.Scenario.load(state.other, size), made[WATCHED]
    return bool(plain.society != watched.society or plain.first_day != watched.first_day)


@once(most=128)
def _days_of(scenario: str) -> int:
    return int(uw.Scenario.load(scenario).days)


def _text(value: Any, default: Any) -> str:
    return "" if value is None or value == default else str(value)


def _quoted(text: str) -> str:
    return json.dumps(text)


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, float) else str(value)


def _value(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]{1,15}\.[0-9]{1,15}(e-?[0-9]{1,2})?|-?[0-9]{1,15}e-?[0-9]{1,2}", text):
        return float(text)
    return text


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,16}", text):
        raise UserError(f"{name} is {shortened(text, 40)!r}, but it is a whole number.")
    return int(text)


def _levels(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    at = 0
    while at < len(text):
        match = _LEVEL.match(text, at)
        if match is None:
            raise UserError(
                f"with is {shortened(text, 60)!r}, but it is safeguards with levels, such as "
                "appeal:0.5.correction:1."
            )
        found[match[1]] = float(match[2])
        at = match.end()
    return found
