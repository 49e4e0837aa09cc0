"""A user's own outputs of a run: functions of the whole `Run`, called where it was simulated."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from underwatch.engine.foreign import running
from underwatch.engine.simulation import Simulation
from underwatch.errors import UserError, shortened

_NUMBERS = "biuf"


def computed(
    functions: Mapping[str, Callable[..., Any]], simulation: Simulation
) -> dict[str, np.ndarray]:
    """What each function returns for the run that a simulation is: float64 arrays by name.

    Raises UserError if a function fails, or returns neither a number nor an array of numbers.
    """
    if not functions:
        return {}
    run = run_of(simulation)
    found = {}
    for name, function in functions.items():
        try:
            with running(f"output {name}"):
                value = function(run)
            array = np.asarray(np.nan if value is None else value)  # fails for ragged lists
        except (Exception, SystemExit) as error:  # sys.exit() ends a run, not the study
            why = f"{type(error).__name__}: {shortened(error, 200)}"
            raise UserError(f"output {name} failed: {why}") from error
        if array.dtype.kind not in _NUMBERS:
            raise UserError(
                f"output {name} returned {shortened(repr(value), 60)}, but an output is a number "
                "or an array of numbers."
            )
        found[name] = array.astype(np.float64)
    return found


def run_of(simulation: Simulation) -> Any:
    """The `Run` of a simulation that has ended, with its tallies, people and observations."""
    from underwatch.results.contents import Simulated
    from underwatch.results.provenance import made_with
    from underwatch.results.run_result import Run

    scenario = simulation.scenario
    provenance = {
        **made_with(),
        "kind": "run",
        "title": scenario.title,
        "scenario_hash": scenario.hash,
        "citizens": simulation.population.citizens,
        "days": simulation.days,
        "first_day": scenario.first_day.isoformat(),
        "seed": simulation.population.seed,
        "panel": 0,
        "state_hash": simulation.hash(),
    }
    return Run(scenario, provenance, Simulated(simulation))
