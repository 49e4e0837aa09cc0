"""What one run is: its scenario, its sizes, own measures and an own rule; as data on disk, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from underwatch.errors import UserError
from underwatch.scenario import Scenario
from underwatch.scenario.changes import check_days
from underwatch.scenario.limits import check_run_size

Observe = Mapping[str, Callable[..., Any]]
FORMAT = 1  # of the settings on disk


@dataclass(frozen=True)
class RunSettings:
    """One run, checked before any work starts.

    Attributes:
        scenario: with the size and the seed of this run.
        days, panel: the length of the run, and how many citizens are followed.
        threads, chunk: how it is simulated; they change no bit.
        extra: what the simulation is given besides, in the usual case nothing: `observe`,
            `every`, `score`, `device`.
        command: the command line that started the run; empty for a run from Python.
        started: when the run was first started, in UTC.
    """

    scenario: Scenario
    days: int
    panel: int
    threads: int
    chunk: int
    extra: dict[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    started: str = ""

    @property
    def citizens(self) -> int:
        """The number of citizens."""
        return self.scenario.society.citizens

    @property
    def seed(self) -> int:
        """The seed of all random draws."""
        return self.scenario.society.seed

    def key(self) -> dict[str, Any]:
        """What an interrupted run and the one that resumes it have in common."""
        from underwatch.engine.checkpoint import made_by
        from underwatch.engine.observations import Observations

        rule = self.extra.get("score")
        observed = Observations(self.extra.get("observe"), self.extra.get("every", 30), self.days)
        return {
            "scenario": self.scenario.hash,
            "citizens": self.citizens,
            "seed": self.seed,
            "days": self.days,
            "panel": self.panel,
            "observations": observed.key(),
            "rule": rule.digest if rule else "",
            **made_by(),
        }

    def as_data(self) -> dict[str, Any]:
        """The settings as JSON holds them, functions by their names and digests."""
        census = {"census": self.scenario.census} if self.scenario.census else {}
        return {
            "format": FORMAT,
            "kind": "run",
            "scenario": self.scenario.model_dump(mode="json"),
            "sources": dict(self.scenario.sources),
            **census,
            "days": self.days,
            "panel": self.panel,
            "every": self.extra.get("every", 30),
            "observed": sorted(self.extra.get("observe", ())),
            "command": list(self.command),
            "started": self.started,
            "key": self.key(),
        }


def settings_of(
    scenario: Scenario,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    panel: int = 0,
    observe: Observe | None = None,
    every: int = 30,
    score: Any = None,
    chunk: int | None = None,
    device: str = "cpu",
    command: tuple[str, ...] = (),
) -> RunSettings:
    """The settings of a run that can be simulated here.

    Raises UserError for a size, a length or a function that cannot be used, for a population for
    which this machine lacks memory, and for a device that is not here.
    """
    given = check_run_size(citizens=citizens, days=days, seed=seed, threads=threads,
                           panel=panel, every=every, chunk=chunk)  # fmt: skip
    from underwatch.engine.ranks import launch
    from underwatch.engine.ranks.memory import check_memory
    from underwatch.engine.resources import chunk_for, use_threads

    scenario = resized(scenario, given.get("citizens"), given.get("seed"))
    length = given.get("days", scenario.days)
    check_days(scenario, length)
    people = scenario.society.citizens
    launch.check(people, observed=observe is not None)
    check_memory(people)
    used = use_threads(given.get("threads") or launch.default_threads(), people)
    extra = _own_measures_and_rule(observe, given["every"], score)
    if device != "cpu":
        from underwatch.engine.cuda.check import check_device

        launch.refuse("A day on a graphics card")
        extra["device"] = check_device(device, people)
    return RunSettings(
        scenario,
        length,
        given["panel"],
        used,
        given.get("chunk") or chunk_for(people, used),
        extra,
        command,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )


def settings_from(
    data: Mapping[str, Any],
    *,
    threads: int | None = None,
    observe: Observe | None = None,
    score: Any = None,
) -> RunSettings:
    """The settings that an interrupted run left, with the functions that only a caller has.

    Raises UserError if functions are missing, or if another version wrote the data.
    """
    check_format(data)
    try:
        if data["kind"] != "run":
            raise ValueError
        scenario = Scenario.model_validate(data["scenario"], strict=False)
        scenario._sources, scenario._census = dict(data["sources"]), data.get("census")
        observed, rule = [str(name) for name in data["observed"]], data["key"]["rule"]
        command, started = tuple(map(str, data["command"])), str(data["started"])
        sizes = {"days": data["days"], "panel": data["panel"], "every": data["every"]}
    except (KeyError, TypeError, ValueError, AttributeError):
        raise UserError(_OTHER_FORMAT) from None
    if observed and not observe:
        names = ", ".join(observed)
        raise UserError(
            f"The interrupted run has own measures ({names}), which are functions that its folder "
            "cannot hold; resume it in Python with uw.resume(…, observe=…)."
        )
    if rule and score is None:
        raise UserError(
            "The interrupted run has an own scoring rule, a function that its folder cannot hold; "
            "resume it in Python with uw.resume(…, score=…)."
        )
    made = settings_of(
        scenario, threads=threads, observe=observe if observed else None, score=score, **sizes
    )
    return replace(made, command=command, started=started)


def check_format(data: Mapping[str, Any]) -> None:
    """Refuse the settings that another version left. Raises UserError."""
    if data.get("format") != FORMAT:
        raise UserError(_OTHER_FORMAT)


_OTHER_FORMAT = (
    "The interrupted run was started by another version of the software, whose settings this "
    "version cannot read; resume it with that version, or choose another folder."
)


def resized(scenario: Scenario, citizens: int | None, seed: int | None) -> Scenario:
    """The same scenario with another number of citizens or another seed."""
    given = {"society.citizens": citizens, "society.seed": seed}
    given = {key: value for key, value in given.items() if value is not None}
    return scenario._replaced(given) if given else scenario


def _own_measures_and_rule(observe: Observe | None, every: int, score: Any) -> dict[str, Any]:
    """What the simulation is given besides the scenario; nothing in the usual case."""
    extra: dict[str, Any] = {}
    if observe is not None:
        from underwatch.engine.observations import named_functions

        extra |= {"observe": named_functions(observe), "every": every}
    if score is not None:
        from underwatch.model.scoring.rule import ScoreRule

        extra["score"] = ScoreRule.compile(score)
    return extra
