"""`assess`: a deployment, its absence and its safeguarded form on the same invented people."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from underwatch.assessments import ranges
from underwatch.assessments.assessment import Assessment
from underwatch.assessments.deciding import conclusion_of, drivers_of
from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.declaration.closed_world import unprintable_texts
from underwatch.assessments.keeping import plain
from underwatch.assessments.kinds import KINDS, Kind
from underwatch.assessments.result import (
    ALL,
    Assessed,
    Deployment,
    Estimate,
    Key,
    Measured,
    Origin,
    SafeguardEffect,
    Safeguards,
)
from underwatch.assessments.running import Running
from underwatch.assessments.worlds.comparing import by_key, estimate
from underwatch.errors import Problem, UserError
from underwatch.results.provenance import versions

SEED = 2018  # the first, if none is named
DECLARED, ABSENT, SAFEGUARDED, ALONE = "as declared", "absent", "safeguarded", "safeguard:"
Drawn = dict[str, list[ranges.Answer]]  # by world, one for each draw of the inputs
Runs = dict[str, list[Mapping[Key, Measured]]]  # by world, one for each seed


def assess(
    deployment: str | Path | Deployment,
    *,
    citizens: int | None = None,
    seeds: int | Iterable[int] | None = None,
    settings: Iterable[str] = (),
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Assessment:
    """Assess a deployment: closed forms beside runs, with the ranges of the inputs.

    Parameters
    ----------
    deployment: a deployment file, the name of a shipped one such as "station", or a Deployment.
    citizens: how many invented people are simulated; by default all that the file implies, up to
        a limit. Counts are those of all people, whatever is simulated.
    seeds: how many, from 2018 on, or the seeds themselves; intervals over seeds need three. By
        default 10, and 5 of a citizen score.
    settings: "key=value" laid over the file, such as "accuracy.threshold=0.64"; a Deployment has
        none, as `with_figure` gives another one.
    workers: the number of processes; changes no number.
    progress: gets the stage of the work, and how many runs of it are done, of how many.

    Raises
    ------
    UserError
        If the file is refused, with every fault and its line; if a Deployment is given settings.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.assess("station", citizens=2000, seeds=3)
    >>> found.estimate("missed_share").unit
    '%'
    """
    clock = time.perf_counter()
    settings = [settings] if isinstance(settings, str) else [*settings]
    if not isinstance(deployment, Deployment):
        deployment = read_deployment(deployment, settings)
    else:
        _check_built(deployment, settings)
    kind = KINDS[deployment.kind]
    chosen = _seeds(kind.seeds if seeds is None else seeds)
    if citizens is not None and not 100 <= int(citizens) <= 1_000_000_000:
        raise UserError(f"citizens is {citizens}, but an assessment takes 100 to 1,000,000,000.")
    worlds = worlds_of(deployment)
    about = Running(chosen, citizens, workers, progress)
    by_seed = about.all([(deployment, seed, worlds) for seed in chosen], "simulating", probes=True)
    runs: Runs = {world: [one[world] for one in by_seed] for world in worlds}
    drawn = _drawn(kind, deployment, worlds)
    estimates = _estimates(kind, deployment, worlds, runs, drawn, citizens)
    measure, limit = conclusion_of(kind, deployment)
    found = Assessed(
        deployment, estimates, (), drivers_of(kind, deployment, measure, limit, about),
        _effects(kind, deployment, estimates, drawn),
        _origin(deployment, chosen, citizens, settings), measure, limit,
    )  # fmt: skip
    found = replace(found, findings=tuple(kind.findings(found)))
    seconds = round(time.perf_counter() - clock, 3)
    return Assessment(replace(found, provenance=replace(found.provenance, seconds=seconds)))


def _check_built(deployment: Deployment, settings: Sequence[str]) -> None:
    """Refuse what a file would have been refused for, in a deployment that Python holds."""
    if settings:
        raise UserError(
            f"settings ({', '.join(settings)}) are laid over a file; of a Deployment take "
            "with_figure(path, value), which gives one with another figure."
        )
    unclear = [*unprintable_texts(plain(deployment))]
    if unclear:
        raise UserError(unclear)
    if faults := KINDS[deployment.kind].faults(deployment):
        raise UserError([Problem(None, f"{part}: {sentence}") for part, sentence in faults])


def worlds_of(deployment: Deployment) -> dict[str, Safeguards]:
    """The worlds of an assessment: the safeguards in force in each; None where it is absent."""
    keys = [*(deployment.get("safeguards") or {})]
    found: dict[str, Safeguards] = {DECLARED: frozenset(), ABSENT: None}
    if keys:
        found[SAFEGUARDED] = frozenset(keys)
    return found | {f"{ALONE}{key}": frozenset((key,)) for key in keys}


def _seeds(seeds: int | Iterable[int]) -> tuple[int, ...]:
    from underwatch.scenario.limits import check_run_size

    if isinstance(seeds, Iterable):
        chosen = tuple(int(seed) for seed in seeds)
        for seed in chosen:
            check_run_size(seed=seed)
    else:
        check_run_size(seeds=seeds)
        chosen = tuple(range(SEED, SEED + int(seeds)))
    if not chosen or len(set(chosen)) < len(chosen):
        raise UserError("seeds names no seed, or one twice; an assessment needs each once.")
    return chosen


def _drawn(kind: Kind, deployment: Deployment, worlds: Mapping[str, Safeguards]) -> Drawn:
    """The closed forms of each world at the same draws of the inputs."""
    inputs = [*ranges.drawn_inputs(deployment)]
    return {
        world: ranges.answers(
            inputs, partial(kind.quick, deployment=deployment, safeguards=safeguards)
        )
        for world, safeguards in worlds.items()
    }


def _estimates(
    kind: Kind, deployment: Deployment, worlds: Mapping[str, Safeguards], runs: Runs, drawn: Drawn,
    citizens: int | None,
) -> tuple[Estimate, ...]:  # fmt: skip
    """Every measure of every world, from both ways, in the order of the kind's measures."""
    values = deployment.values
    found = []
    order = {measure: k for k, measure in enumerate(kind.measures)}
    for world, safeguards in worlds.items():
        closed = kind.estimates(values, deployment, safeguards)
        compared, left_out = kind.compared(values, deployment, safeguards, citizens)
        spans = ranges.intervals(drawn.get(world, []))
        spans |= kind.more_intervals(spans, values, deployment, safeguards)
        simulated = by_key(runs[world])
        for key in sorted(
            dict.fromkeys([*closed, *simulated]), key=lambda one: order.get(one[0], len(order))
        ):
            one = estimate(
                key if world == DECLARED else (key[0], key[1], None), world,
                kind.measures[key[0]], closed.get(key), spans.get(key), simulated.get(key, []),
                compared.get(key), left_out,
            )  # fmt: skip
            if one is not None:
                found.append(one)
    return tuple(found)


def _effects(
    kind: Kind, deployment: Deployment, estimates: tuple[Estimate, ...], drawn: Drawn
) -> tuple[SafeguardEffect, ...]:
    """What each safeguard alone changes of the main measures."""
    threshold = (None, deployment.threshold)
    of_all = [each for each in estimates if each.group == ALL and each.measure in kind.main]
    before = {
        e.measure: e.value for e in of_all if e.world == DECLARED and e.threshold in threshold
    }
    found = []
    for after in of_all:
        if after.world.startswith(ALONE) and after.measure in before:
            key = after.world.removeprefix(ALONE)
            guard = kind.safeguard(key)
            low, high = ranges.change(
                drawn[DECLARED], drawn[after.world], (after.measure, ALL, threshold[1])
            )
            found.append(
                SafeguardEffect(
                    key, guard.label, after.measure, before[after.measure], after.value,
                    guard.how, low, high,
                )
            )  # fmt: skip
    return tuple(found)


def _origin(
    deployment: Deployment, chosen: tuple[int, ...], citizens: int | None, settings: list[str]
) -> Origin:  # fmt: skip
    words = ["underwatch", "assess", _file_of(deployment, settings), "--seeds", str(len(chosen))]
    words += ["--citizens", str(citizens)] if citizens is not None else []
    words += ["--seed", str(chosen[0])] if chosen[0] != SEED else []
    for setting in settings:
        words += ["--set", setting]
    return Origin(
        versions()["underwatch"], deployment.hash, chosen, citizens or 0, deployment.period.days,
        deployment.assumptions, shlex.join(words),
    )  # fmt: skip


def _file_of(deployment: Deployment, settings: Sequence[str]) -> str:
    """The file that declares a deployment; FILE if none does, or its file declares another one."""
    if not deployment.path:
        return "FILE"
    try:
        declared = read_deployment(deployment.path, settings)
    except UserError:
        return "FILE"
    return deployment.path if declared.hash == deployment.hash else "FILE"
