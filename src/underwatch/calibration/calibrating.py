"""`calibrate`: fit assumptions to targets, with what is left unsure and what is not reached."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from underwatch.calibration.checks import faults, nowhere, scenario_of
from underwatch.calibration.declaration import A_PARAMETER, LEAST_POINTS
from underwatch.calibration.emulator import one_thread, require
from underwatch.calibration.findings import LEVEL, Compared, Fitted
from underwatch.calibration.matching import History, matched, out_of_reach, rounded
from underwatch.calibration.measured import OUTPUT, output_of
from underwatch.calibration.parameters import Parameter, parameters_of
from underwatch.calibration.result import Calibration
from underwatch.calibration.simulating import Simulator
from underwatch.calibration.space import Space, posterior
from underwatch.calibration.targets import Targets
from underwatch.errors import UserError, shortened
from underwatch.kernel.identity import code_digest
from underwatch.results.folder import as_path
from underwatch.results.ledger import Ledger
from underwatch.scenario import Scenario
from underwatch.scenario.changes import check_days
from underwatch.scenario.limits import check_run_size
from underwatch.study.asked import Size, about_to_run, begun
from underwatch.study.own_code import own_code
from underwatch.study.progress import Report
from underwatch.study.result import study_provenance
from underwatch.study.worlds import Worlds, in_society


def calibrate(
    targets: Targets | str | Path,
    *,
    citizens: int | None = None,
    seed: int | None = None,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    progress: Report | None = None,
) -> Calibration:
    """Fit assumptions of a scenario to targets, by history matching with an emulator.

    Parameters
    ----------
    targets : `Targets`, the name of a shipped file, or the path of a .yaml file.
    citizens, seed : replace those of the file.
    checkpoint : a folder that keeps finished runs, so that the calibration resumes wherever it
        was killed. The caller removes it.
    scheduler : the address of a Dask scheduler whose workers simulate; by default the cores of
        this machine.
    workers : processes of this machine; by default as many as have cores and memory. Neither
        changes a bit of a run.
    progress : is called with a `StudyProgress` several times a second.

    Returns
    -------
    Calibration
        `.parameters` has the posterior of each parameter, `.targets` each target beside runs at
        points of the posterior, `.fitted` whether any point is plausible at all.

    Raises
    ------
    UserError
        with every fault of the targets, before any run; or without scikit-learn.

    Examples
    --------
    >>> import underwatch as uw
    >>> uw.calibrate("no-such-file")
    Traceback (most recent call last):
    underwatch.errors.UserError: there is no targets file no-such-file; known is atlantic-2018.
    """
    clock = time.perf_counter()
    require()
    sizes = check_run_size(citizens=citizens, seed=seed)
    check_run_size(workers=workers)
    declared = _read(targets)
    scenario = _scenario(declared, sizes)
    parameters = parameters_of(declared, scenario)
    days = declared.length(scenario.first_day, scenario.days)
    check_days(scenario, days)
    points = declared.points or max(LEAST_POINTS, A_PARAMETER * len(parameters))
    runs = declared.waves * points * declared.seeds + declared.draws
    about_to_run(Size(scenario, runs, days, at_most=True), scheduler)
    output = output_of(declared, scenario.first_day, scenario.society.citizens)
    own = own_code(None, 30, None, {OUTPUT: output})
    ledger = Ledger(
        None if checkpoint is None else as_path(checkpoint),
        _study(declared, scenario, days, own.digest), code_digest(),
        {"citizens": scenario.society.citizens, "title": declared.title},
    )  # fmt: skip
    rng = np.random.default_rng(scenario.society.seed)
    with begun(ledger), one_thread():
        simulator = Simulator(
            parameters, scenario,
            (declared.length_of_waves(scenario.first_day, scenario.days), days), own, ledger,
            progress, scheduler, workers,
        )  # fmt: skip
        history, sample, figures = found_by(simulator, declared, parameters, points, rng)
    worlds = Worlds({scenario.name: scenario}, dict(scenario.sources))
    first = scenario.society.seed
    seeds = range(first, first + simulator.used)
    provenance = study_provenance("calibrate", declared.title, worlds, days, seeds, clock)
    provenance |= {"text": declared.text, "targets": declared.model_dump(mode="json")}
    with one_thread():
        return _result(provenance, worlds, declared, parameters, history, sample, figures, rng)


def _read(targets: Any) -> Targets:
    """Targets that have no fault. Raises UserError with all faults."""
    if isinstance(targets, str | Path):
        return Targets.load(targets)
    if not isinstance(targets, Targets):
        raise UserError(
            f"{shortened(repr(targets))} is no targets file; give Targets, the name of a shipped "
            "file or the path of a .yaml file."
        )
    if problems := faults(targets, targets._folder, nowhere):
        raise UserError(problems)
    return targets


def _scenario(declared: Targets, sizes: dict[str, int]) -> Scenario:
    """The scenario with the settings and the size of all runs."""
    scenario = scenario_of(declared, declared._folder)
    name = scenario.name
    if declared.settings:
        scenario = scenario._replaced(declared.settings)
    own = {"citizens": declared.citizens, "seed": declared.seed} | sizes
    made = in_society(scenario, **{key: size for key, size in own.items() if size is not None})
    assert made.name == name
    return made


def _study(declared: Targets, scenario: Scenario, days: int, digest: str) -> str:
    """What two calibrations must have in common for one to reuse the other's runs."""
    text = json.dumps([declared.model_dump(mode="json"), scenario.hash, days, digest])
    return hashlib.sha256(text.encode()).hexdigest()


def found_by(
    simulator: Any, declared: Targets, parameters: Sequence[Parameter], points: int,
    rng: np.random.Generator,
) -> tuple[History, np.ndarray, np.ndarray]:  # fmt: skip
    """The waves, the posterior in the unit cube, and the figures of runs at points of it.

    simulator: see `Simulator`. The figures are of `declared.draws` points of the posterior, one
    run each: float64 (draws, targets with those held out); the points are the first of the
    posterior. Without a plausible point both are empty.
    """
    fitted = [*declared.targets.values()]
    every: list[np.ndarray] = []  # with the figures of what is held out, for the record

    def simulate(units: np.ndarray, replicates: int, stage: str = "") -> np.ndarray:
        figures = _defined(simulator(units, replicates, stage), declared)
        every.append(figures)
        return figures[:, :, : len(fitted)]

    space = Space(
        np.array([one.figure for one in fitted]), np.array(_variances(declared)),
        correlations=_correlations(declared),
    )  # fmt: skip
    history = matched(
        simulate, parameters, [*declared.targets], space, points=points,
        replicates=declared.seeds, waves=declared.waves, rng=rng,
    )  # fmt: skip
    history.figures[:] = every
    none = np.empty((0, len(parameters))), np.empty((0, len(declared.every)))
    if history.empty or history.cloud is None:
        return history, *none
    sample = rng.permutation(posterior(space, history.cloud, rng))
    draws = rounded(parameters, sample[: declared.draws])
    stage = f"The posterior: {len(draws):,} points."
    return history, sample, simulator(draws, 1, stage, last=True)[:, 0]


def _variances(declared: Targets) -> list[float]:
    """Of the error of each published figure and of the discrepancy of the model."""
    return [one.error**2 + discrepancy_of(declared, name) ** 2
            for name, one in declared.targets.items()]  # fmt: skip


def _correlations(declared: Targets) -> np.ndarray | None:
    """Of the errors of the targets: float64 (targets, targets); None if all are independent."""
    if not declared.correlated:
        return None
    names = [*declared.targets]
    found = np.eye(len(names))
    for group in declared.correlated.values():
        places = [names.index(name) for name in group.targets]
        found[np.ix_(places, places)] = group.correlation
    np.fill_diagonal(found, 1.0)
    return found


def discrepancy_of(declared: Targets, name: str) -> float:
    """The discrepancy of the model for one target, in its unit."""
    target = declared.every[name]
    share = declared.discrepancy if target.discrepancy is None else target.discrepancy
    return share * abs(target.figure)


def _defined(figures: np.ndarray, declared: Targets) -> np.ndarray:
    """The figures, if those that are fitted are defined in every run. Raises UserError."""
    missing = np.isnan(figures[:, :, : len(declared.targets)]).sum((0, 1))
    for name, count in zip(declared.targets, missing, strict=True):
        if count:
            raise UserError(
                f"{name} is undefined in {int(count):,} of {figures[:, :, 0].size:,} runs, so that "
                "nothing can be fitted to it; choose more citizens, other ranges or another target."
            )
    return figures


def _result(
    provenance: dict[str, Any], worlds: Worlds, declared: Targets,
    parameters: Sequence[Parameter], history: History, sample: np.ndarray, figures: np.ndarray,
    rng: np.random.Generator,
) -> Calibration:  # fmt: skip
    """The findings as a result."""
    names = [*declared.targets]
    alone: list[str] = []
    together: list[str] = []
    if history.empty:
        alone, together = out_of_reach(history, names, rng)
    here = np.array([[min(max(one.unit(one.declared), 0.0), 1.0) for one in parameters]])
    values = np.array([[one.value(u) for one, u in zip(parameters, row, strict=True)]
                       for row in sample]).reshape(-1, len(parameters))  # fmt: skip
    return Calibration(
        provenance, worlds.scenarios, _fitted(parameters, values),
        _compared(declared, history, figures), tuple(history.waves), tuple(alone),
        tuple(together), float(history.space.implausibility(here)[0]), values,
        _runs(parameters, history, sample, figures),
    )  # fmt: skip


def _fitted(parameters: Sequence[Parameter], values: np.ndarray) -> dict[str, Fitted]:
    tail = (1 - LEVEL) / 2
    made = {}
    for k, one in enumerate(parameters):
        since = one.since.isoformat() if isinstance(one.since, date) else None
        found: dict[str, float] = {}
        if len(values):
            lower, median, upper = map(float, np.quantile(values[:, k], [tail, 0.5, 1 - tail]))
            width = (upper - lower) / (LEVEL * (one.high - one.low))
            found = {"median": median, "lower": lower, "upper": upper, "width": width}
        made[one.name] = Fitted(
            one.name, one.key, since, one.low, one.high, one.declared, **found
        )  # fmt: skip
    return made


def _compared(declared: Targets, history: History, figures: np.ndarray) -> dict[str, Compared]:
    tail = (1 - LEVEL) / 2
    made = {}
    for k, (name, target) in enumerate(declared.every.items()):
        runs = np.concatenate([*(w[:, :, k].ravel() for w in history.figures), figures[:, k]])
        runs = runs[np.isfinite(runs)]
        lowest, highest = (float(runs.min()), float(runs.max())) if runs.size else (None, None)
        simulated, low, high = None, None, None
        of_draws = figures[np.isfinite(figures[:, k]), k]
        if len(of_draws):
            low, simulated, high = map(float, np.quantile(of_draws, [tail, 0.5, 1 - tail]))
        made[name] = Compared(
            name, target.measure, name in declared.held_out, target.figure, target.error,
            discrepancy_of(declared, name), target.source, lowest, highest, simulated, low, high,
            history.waves[-1].targets.get(name),
        )  # fmt: skip
    return made


def _runs(
    parameters: Sequence[Parameter], history: History, sample: np.ndarray, figures: np.ndarray
) -> np.ndarray:
    """Every run as a row: wave, point, replicate, parameters, figures."""
    rows = []
    waves = [*zip(history.units, history.figures, strict=True)]
    waves.append((sample[: len(figures)], figures[:, None, :]))
    for number, (units, of_wave) in enumerate(waves, 1):
        shown = 0 if number == len(waves) else number
        for point, (place, replicates) in enumerate(zip(units, of_wave, strict=True), 1):
            values = [one.value(u) for one, u in zip(parameters, place, strict=True)]
            rows += [[shown, point, k, *values, *row] for k, row in enumerate(replicates, 1)]
    return np.array(rows, float)
