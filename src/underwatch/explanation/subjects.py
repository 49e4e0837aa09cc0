"""What can be explained: a run, its folder, or a scenario that is run for the purpose."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from underwatch.errors import UserError, nearest
from underwatch.results import folder as store
from underwatch.results.run import resized
from underwatch.results.run_result import Run
from underwatch.scenario import Scenario
from underwatch.scenario.limits import check_run_size

Subject = Run | Scenario | str | Path


def provenance_of(subject: Subject, sizes: Mapping[str, int | None]) -> dict[str, Any]:
    """What a replay needs to know: scenario, sources, days, and the state hash of a run.

    subject: a run, its folder, a scenario, a shipped name or a .yaml file. sizes: citizens, days
    and seed for a scenario; a run has its own (UserError). The state hash of a scenario is None.
    """
    if isinstance(subject, str | Path):
        subject = _loaded(subject)
    elif isinstance(subject, dict):
        raise UserError("explain takes one run or a scenario, not a dictionary.")
    if not isinstance(subject, Scenario):
        return _of_run(subject, sizes)
    given = check_run_size(**sizes)
    scenario = resized(subject, given.get("citizens"), given.get("seed"))
    return {
        "scenario": scenario.model_dump(mode="json"), "sources": dict(scenario.sources),
        "days": given.get("days", scenario.days), "first_day": scenario.first_day.isoformat(),
        "state_hash": None,
    }  # fmt: skip


def _loaded(name: str | Path) -> Scenario | dict[str, Any]:
    from underwatch.scenario import shipped

    path = store.as_path(name)
    if not store.is_folder(path) and (
        str(name) in shipped() or path.suffix.lower() in (".yaml", ".yml")
    ):
        return Scenario.load(name)
    close = None if path.exists() or path.name != str(name) else nearest(path.name, shipped())
    if close:
        raise UserError(f"there is no run folder or scenario {name}; did you mean {close}?")
    return store.load_provenance(path)


def _of_run(subject: Any, sizes: Mapping[str, int | None]) -> dict[str, Any]:
    """The provenance of a run. Raises UserError for another result, or a run with its own rule."""
    provenance = subject if isinstance(subject, dict) else getattr(subject, "provenance", None)
    if not isinstance(provenance, dict) or provenance.get("kind", "run") != "run":
        kind = type(subject).__name__ if provenance is None else provenance.get("kind")
        raise UserError(f"explain takes one run or a scenario, not a result of kind {kind}.")
    if provenance.get("points_rule"):
        raise UserError(
            "This run used a scoring rule of its own, which explain cannot trace to records; "
            "explain a run with the scenario's points."
        )
    if any(value is not None for value in sizes.values()):
        raise UserError(
            "A run has its own citizens, days and seed; leave out these options, or explain a "
            "scenario."
        )
    return provenance


def twin_of(first: dict[str, Any], twin: Subject) -> dict[str, Any]:
    """The provenance of a twin: the same people, random draws and first day in another world.

    A scenario is run with the citizens, days and seed of the first.
    """
    if isinstance(twin, str | Path):
        twin = _loaded(twin)  # type: ignore[assignment]
    sizes: dict[str, int | None] = {}
    if isinstance(twin, Scenario):
        society = first["scenario"]["society"]
        sizes = {"citizens": society["citizens"], "seed": society["seed"], "days": first["days"]}
    found = provenance_of(twin, sizes)
    _check_same_people(first, found)
    return found


def _check_same_people(one: dict[str, Any], other: dict[str, Any]) -> None:
    society = other["scenario"]["society"]
    differing = [
        key for key, value in one["scenario"]["society"].items() if society.get(key) != value
    ]
    if one["first_day"] != other["first_day"]:
        differing.append("first_day")
    if differing:
        raise UserError(
            f"The twin is not of the same people: {', '.join(differing)} differ. Run both with "
            "the same society, citizens, seed and first day."
        )
