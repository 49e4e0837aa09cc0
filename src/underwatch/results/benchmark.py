"""What a run of some size takes on this machine: bytes a citizen, and time.

Memory is the resident memory of this process above that of the same process with its compiled code
loaded and a small nation simulated. So what is left is what a larger nation adds.
"""

from __future__ import annotations

import platform
import resource
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.results.provenance import made_with
from underwatch.scenario import Scenario

if TYPE_CHECKING:
    from underwatch.engine.simulation import Simulation

_SMALL = 2_000  # citizens of the nation with which the code is loaded
_FILES = Path("/proc/self")


@dataclass(frozen=True)
class Benchmark:
    """What a run took.

    built, ended: seconds of building the nation and of what follows the last day; days: seconds of
    each thirty days. floor, after_building, peak: bytes of resident memory, of which the floor is
    the program; predicted: above the program. arrays: bytes by name.
    """

    citizens: int
    threads: int
    built: float
    days: tuple[float, ...]
    lengths: tuple[int, ...]
    ended: float
    floor: int
    after_building: int
    peak: int
    predicted: int
    arrays: dict[str, int]
    machine: dict[str, Any]

    @property
    def bytes_a_citizen(self) -> float:
        """Resident memory at its peak, above the program's."""
        return (self.peak - self.floor) / self.citizens

    @property
    def speed(self) -> float:
        """Citizen-days a second, of all days."""
        return self.citizens * sum(self.lengths) / sum(self.days)

    @property
    def days_of_building(self) -> float:
        """How many days of the simulation take as long as building the nation."""
        return self.built * sum(self.lengths) / sum(self.days)

    def as_json(self) -> dict[str, Any]:
        """All figures, for --json."""
        return {
            **asdict(self),
            "bytes_a_citizen": self.bytes_a_citizen,
            "citizen_days_per_second": self.speed,
            "days_of_building": self.days_of_building,
        }


def benchmark(
    scenario: Scenario, days: int, threads: int | None, notify: Callable[[str], None]
) -> Benchmark:
    """Build a nation and simulate some days of it in this process, and measure both.

    threads: None = all. notify: gets a sentence before each part.

    Raises UserError if this machine lacks memory.
    """
    from underwatch.engine.population import build
    from underwatch.engine.resources import (
        PROGRAM,
        bytes_for,
        check_memory,
        chunk_for,
        use_threads,
    )
    from underwatch.engine.simulation import Simulation
    from underwatch.results.settings import resized
    from underwatch.results.tables import tallies

    citizens = scenario.society.citizens
    check_memory(citizens)
    notify("Loading the compiled code")
    small = resized(scenario, _SMALL, None)
    used = use_threads(threads, max(citizens, 1))
    nobody = np.zeros(0, np.int64)
    simulated = Simulation(small, build(small), min(days, 31), nobody, _SMALL, take=True)
    simulated.run()
    tallies(simulated)
    floor = _resident("VmRSS")
    _forget_peak()
    notify(f"Building {citizens:,} citizens")
    clock = time.perf_counter()
    population = build(scenario)
    chunk = chunk_for(citizens, used)
    simulation = Simulation(scenario, population, days, nobody, chunk, take=True)
    built = time.perf_counter() - clock
    after_building = _resident("VmHWM")
    taken, lengths = [], []
    while simulation.day < days:
        begun, clock = simulation.day, time.perf_counter()
        notify(f"Day {begun:,} of {days:,}")
        simulation.run(begun + 30)
        taken.append(time.perf_counter() - clock)
        lengths.append(simulation.day - begun)
    clock = time.perf_counter()
    notify("Counting")
    simulation.hash()
    tallies(simulation)
    return Benchmark(
        citizens, used, built, tuple(taken), tuple(lengths), time.perf_counter() - clock, floor,
        after_building, _resident("VmHWM"), bytes_for(citizens) - PROGRAM,
        arrays_of(simulation), made_with() | {"processor": _processor()},
    )  # fmt: skip


def arrays_of(simulation: Simulation) -> dict[str, int]:
    """Bytes of each array of a world; of the queues, what their entries use."""
    from underwatch.engine.queues import used_blocks

    world = simulation.world
    sizes = {name: int(getattr(world, name).nbytes) for name in world._fields}
    used = used_blocks(world.lengths)
    sizes["entries"] = int(world.entries[:, :used].nbytes)
    return sizes


def _resident(kind: str) -> int:
    """VmRSS: resident memory now; VmHWM: at its peak. Bytes."""
    try:
        lines = (_FILES / "status").read_text().splitlines()
        return next(int(x.split()[1]) << 10 for x in lines if x.startswith(kind))
    except (OSError, StopIteration):  # not Linux: the peak of the whole process
        unit = 1 if platform.system() == "Darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _forget_peak() -> None:
    """Let the peak of resident memory be counted from now on, where that is possible."""
    try:
        (_FILES / "clear_refs").write_text("5")
    except OSError:
        pass


def _processor() -> str:
    """The name of the processor; "" if the system does not tell."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next((x.split(":", 1)[1].strip() for x in lines if x.startswith("model name")), "")
    except OSError:
        return platform.processor()
