"""The worlds of a study: scenarios by name, with their sources, and worlds derived from them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from underwatch.errors import Problem, UserError
from underwatch.scenario import Scenario, Section, reading
from underwatch.scenario.data import SCENARIOS
from underwatch.scenario.limits import check_run_size

ScenarioLike = Scenario | str | Path
_HEADER = ("extends", "title", "text")  # keys of a scenario file that no parameter stands under


def in_society(scenario: Scenario, **given: int) -> Scenario:
    """The same scenario with another number of citizens or seed; its sources stay."""
    society = scenario.society.model_copy(update=given)
    return scenario.model_copy(update={"society": society})


@dataclass(frozen=True)
class Worlds:
    """The scenarios of a study by name, the first of them the baseline.

    sources: dotted path of a parameter -> where its value is from, of all scenarios.
    """

    scenarios: dict[str, Scenario]
    sources: dict[str, str]

    @property
    def baseline(self) -> tuple[str, Scenario]:
        """The name of the first scenario, and the scenario."""
        return next(iter(self.scenarios.items()))


def read_worlds(
    scenarios: Iterable[ScenarioLike | Mapping[str, ScenarioLike]],
    citizens: int | None = None,
    seed: int | None = None,
    settings: Iterable[str] = (),
) -> Worlds:
    """Scenarios, names of shipped ones, or paths of files, as scenarios under distinct names.

    A mapping gives its scenarios names of the caller's choice. A file is named by its stem. A
    Scenario is named by its changes if `with_` made it, else by the stem of its file, else by
    its title. The second scenario of one name gets "-2", the next "-3".

    citizens, seed: replace those of every scenario. settings: "key=value", for what is read from
    files, as on the command line.

    Raises UserError with the problems of all the files at once.
    """
    size = check_run_size(citizens=citizens, seed=seed)
    settings = tuple(settings)
    found: dict[str, Scenario] = {}
    sources: dict[str, str] = {}
    problems: list[Problem] = []
    for wanted, like in _named(scenarios):
        try:
            scenario, origin = _read(like, settings)
        except UserError as error:
            problems += [problem for problem in error.problems if problem not in problems]
            continue
        name, count = wanted or scenario.name, 2
        while name in found:
            name, count = f"{wanted or scenario.name}-{count}", count + 1
        found[name] = in_society(scenario, **size) if size else scenario
        sources |= {path: source for path, source in origin.items() if path not in sources}
    if problems:
        raise UserError(problems)
    return Worlds(found, sources)


def titles(scenarios: Mapping[str, Scenario]) -> list[str]:
    """How a heading names the scenarios of a study: by title, where no two are alike.

    A title that several have is followed by the name of the scenario in brackets.
    """
    all_titles = [scenario.title for scenario in scenarios.values()]
    return [
        f"“{title}”" if all_titles.count(title) == 1 else f"“{title}” ({name})"
        for name, title in zip(scenarios, all_titles, strict=True)
    ]


def _named(
    scenarios: Iterable[ScenarioLike | Mapping[str, ScenarioLike]],
) -> Iterator[tuple[str | None, ScenarioLike]]:
    for one in scenarios:
        if isinstance(one, Mapping):
            yield from one.items()
        elif isinstance(one, Scenario):
            yield None, one
        elif isinstance(one, str | Path):
            yield Path(one).stem, one
        else:
            raise UserError(
                f"{one!r} is not a scenario; give a Scenario, the name of a shipped one or a path."
            )


def _read(like: ScenarioLike, settings: Iterable[str]) -> tuple[Scenario, dict[str, str]]:
    if isinstance(like, Scenario):
        return like, like.sources
    read = reading(like, settings)
    return read.value, dict(read.sources)


def lay_over(scenario: Scenario, names: Iterable[str]) -> Scenario:
    """A scenario with the values that some shipped scenario files give themselves.

    What those files inherit by `extends` is not applied, nor are their titles and texts. All
    that the scenario declares, from files, settings or Python, is there before: a study derives
    its worlds from the same declared values whichever way they were declared.
    """
    values: dict[str, Any] = {}
    for name in names:
        values |= own_values(name)
    return scenario._replaced(values)


@cache
def own_values(name: str) -> dict[str, Any]:
    """The values that the file of a shipped scenario gives itself, by dotted path, as in JSON."""
    from ruamel.yaml import YAML

    text = (SCENARIOS / f"{name}.yaml").read_text("utf-8")
    document = YAML(typ="safe", pure=True).load(text)
    for key in _HEADER:
        document.pop(key, None)
    return dict(_leaves(document, Scenario, ""))


def _leaves(node: Mapping[str, Any], model: type[Section], above: str) -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        if key not in model.model_fields:
            continue  # the source of a whole section
        kind = model.model_fields[key].annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _leaves(value, kind, f"{above}{key}.")
        else:
            has_source = isinstance(value, Mapping) and "value" in value
            yield f"{above}{key}", _as_json(value["value"] if has_source else value)


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(_as_json(key)): _as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
