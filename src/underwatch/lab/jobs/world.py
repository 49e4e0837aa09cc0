"""The job `world`: simulate one world, a frame of its map a day, and what the pages show of it.

map.json, frames.bin   the map, while it goes on; see `underwatch.lab.frames`
summary.json           the measures of the run
series.json            the course of some of them by month
people.npy             the invented citizens, what is needed to find one
run/                   the run as `Run.save` writes it, with its report
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.errors import UserError
from underwatch.lab.figures import write_figures
from underwatch.lab.frames import MapWriter
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import write_json
from underwatch.lab.state import State

RUN, FIGURES = "run", "figures.json"
_SHORTER = 1_500  # days from which a frame stands for several days


def arguments_of(state: State, which: str) -> dict[str, Any]:
    """What the job of a world is given."""
    return {
        "state": state.worlds_only().model_dump(mode="json", by_alias=True),
        "which": which,
        "scenario_hash": state.hashes()[which],
        "citizens": state.citizens,
        "days": state.length,
        "seed": state.seed,
        "every": every_of(state.length),
    }


def every_of(days: int) -> int:
    """Days from one frame of the map to the next."""
    return -(-days // _SHORTER)


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Simulate a world, or go on with it."""
    state = State.model_validate(arguments["state"])
    scenario = state.scenarios()[arguments["which"]]
    try:
        run = _simulated(folder, scenario, arguments, report)
    except UserError:
        if not (folder / RUN).exists():
            raise
        shutil.rmtree(folder / RUN)  # what is kept is of another version of the software
        run = _simulated(folder, scenario, arguments, report)
    report("figures")
    write_figures(folder, run)
    write_json(folder / FIGURES, {"state_hash": run.state_hash})
    report("saving")
    if not is_saved(folder):
        run.save(folder / RUN, report=False)  # the page is made when somebody asks for it


def is_saved(folder: Path) -> bool:
    """Whether the run of a job is written."""
    return (folder / RUN / "MANIFEST.sha256").exists()


def _simulated(
    folder: Path, scenario: uw.Scenario, arguments: dict[str, Any], report: Progress
) -> uw.Run:
    """The run, on its last day; the frames of its map are written on the way."""
    every = arguments["every"]
    if is_saved(folder):
        return uw.Run.load(folder / RUN)
    writer = MapWriter(folder, arguments["citizens"], every)
    try:
        return uw.run(
            scenario, arguments["citizens"], arguments["days"], arguments["seed"], threads=1,
            observe={"map": writer}, every=every, checkpoint=folder / RUN,
            progress=lambda step: report(step.stage, step.done, step.total),
        )  # fmt: skip
    finally:
        writer.close()
