"""Runs of a citizen score: the engine's own nation with, without and with a safeguarded score."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np

from underwatch.assessments.closed_forms.citizen_score import SUMMARY
from underwatch.assessments.declaration.citizen_score import SCENARIO_KEYS, WHOLE_DAYS
from underwatch.assessments.result import ALL, Deployment, Key, Measured, Safeguards
from underwatch.errors import Problem, UserError
from underwatch.scenario import Scenario
from underwatch.study.runs import Outcome, Task, run_in_worker

_YEAR = 365.25
_RATES = {"imposed_rate": "imposed", "wrongful_rate": "wrongful", "appeal_rate": "appeals_filed"}


def run(
    deployment: Deployment,
    seed: int,
    citizens: int | None,
    worlds: Mapping[str, Safeguards],
) -> dict[str, dict[Key, Measured]]:
    """One seed: every world on the same people; (value, events) by measure.

    citizens: by default as many as the file states. Raises UserError if the scenario refuses a
    figure of the file.
    """
    scenarios = {
        world: scenario_of(deployment, safeguards, citizens, seed)
        for world, safeguards in worlds.items()
    }
    found = outcomes_of(scenarios, seed, deployment.period.days)
    return {world: _measured(outcome) for world, outcome in found.items()}


def outcomes_of(scenarios: Mapping[str, Scenario], seed: int, days: int) -> dict[str, Outcome]:
    """What happens in some worlds with the same people. Raises UserError if one of them fails."""
    found: dict[str, Outcome] = {}
    task = Task(str(seed), {**scenarios}, seed, days, keep_tallies=True)
    for world, outcome in run_in_worker(task, lambda _: None).items():
        if not isinstance(outcome, Outcome):
            raise UserError(f"{world}: {outcome.message}")
        found[world] = outcome
    return found


def faults(deployment: Deployment) -> list[tuple[str, str]]:
    """What the scenario refuses, of values and of the ends of ranges: the section, a sentence."""
    found: list[tuple[str, str]] = []
    for safeguards, end in (
        (None, "value"), (frozenset(deployment.get("safeguards") or ()), "value"),
        (frozenset(), "low"), (frozenset(), "high"),
    ):  # fmt: skip
        try:
            scenario_of(_at_end(deployment, end), safeguards, None, 0)
        except UserError as error:
            found += [_of_file(problem, end) for problem in error.problems]
    return [*dict.fromkeys(found)]


def _at_end(deployment: Deployment, end: str) -> Deployment:
    """The deployment with each figure of the scenario at an end of its range."""
    for path in SCENARIO_KEYS:
        there = getattr(deployment.figures[path], end)
        if there is not None:
            deployment = deployment.with_figure(path, there)
    return deployment


def _of_file(problem: Problem, end: str) -> tuple[str, str]:
    """A fault of a setting of the scenario, as one of the figure that gave it."""
    named = {key: path for path, key in SCENARIO_KEYS.items()}
    key = (problem.where or "").removeprefix("--set ")
    if key not in named:
        return "pilot", problem.sentence
    path = named[key]
    return path.partition(".")[0], problem.sentence.replace(key, f"{path}.{end}", 1)


def scenario_of(
    deployment: Deployment, safeguards: Safeguards, citizens: int | None, seed: int
) -> Scenario:
    """The scenario of one world, with the figures of the file. safeguards: None without score."""
    first = date.fromisoformat(deployment.period.first_day)
    last = first + timedelta(days=deployment.period.days - 1)
    figures = deployment.figures
    settings = [
        f"first_day={first}", f"last_day={last}", f"society.seed={seed}",
        f"society.citizens={citizens or deployment.get('pilot.citizens')}",
    ]  # fmt: skip
    for path, key in SCENARIO_KEYS.items():
        value: float = figures[path].value
        settings.append(f"{key}={round(value) if path in WHOLE_DAYS else repr(float(value))}")
    for key in sorted(safeguards or ()):
        level = float(figures[f"safeguards.{key}.level"].value)
        settings.append(f"safeguards.{key}={level!r}")
    over = [str(deployment.get("pilot.without"))] if safeguards is None else []
    return Scenario.load(str(deployment.get("pilot.scenario")), settings, over)


def _measured(outcome: Outcome) -> dict[Key, Measured]:
    found: dict[Key, Measured] = {}
    for name in SUMMARY:
        value = outcome.value(name)
        if value is not None:
            found[name, ALL, None] = float(value), outcome.events(name)
    tallies = outcome.tallies
    groups = [str(group) for group in tallies.coords["group"].values]
    adults = _adult_days(tallies)
    of_groups = {ALL: sum(adults)} | dict(zip(groups, adults, strict=True))
    for measure, tally in {**_RATES, "under_restriction": "restricted"}.items():
        counts = _by_group(tallies, tally)
        for group, count in ({ALL: sum(counts)} | dict(zip(groups, counts, strict=True))).items():
            if not of_groups[group]:
                continue
            if measure == "under_restriction":
                imposed = _by_group(tallies, "imposed")
                events = sum(imposed) if group == ALL else imposed[groups.index(group)]
                value = 100 * count / of_groups[group]
            else:
                events, value = count, 1000 * count / (of_groups[group] / _YEAR)
            found[measure, group, None] = value, int(events)
    imposed_in_all = outcome.totals["imposed"]
    if imposed_in_all:
        only = outcome.totals["association_only"]
        share = 100 * only / imposed_in_all
        found["association_share", ALL, None] = share, min(only, imposed_in_all - only)
    return found


def _adult_days(tallies: Any) -> list[float]:
    """Days of adults, by group; their number is measured once a month."""
    counts = tallies["adults_by_month"]
    days = tallies["day"].values.astype("datetime64[M]")
    months = tallies["month"].values.astype("datetime64[M]")
    lengths = np.array([(days == month).sum() for month in months])
    other = [name for name in counts.dims if name not in ("group", "month")]
    return [float(one) for one in lengths @ counts.sum(other).transpose("month", "group").values]


def _by_group(tallies: Any, name: str) -> list[int]:
    """A tally by group: events, or person-days of a stock that is counted every evening."""
    counts = tallies[f"{name}_by_month"]
    other = [dimension for dimension in counts.dims if dimension != "group"]
    return [int(one) for one in counts.sum(other).values]
