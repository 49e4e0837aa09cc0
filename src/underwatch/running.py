"""A scenario to a Run: the same bits on any threads, in any chunks, resumed or not."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from underwatch.errors import UserError
from underwatch.journey import Journey, Progress
from underwatch.scenario import Scenario

# Traits (as records and as columns), six contacts (at first and now), where they lie, weights,
# state, words, marks, queue, burden, class, who leaves whom; and in the end states and scores.
BYTES_A_CITIZEN = 2 * 16 + 2 * 6 * 4 + 10 + 4 + 32 + 2 * 8 + 2 + 1 + 2 + 1 + 2 + 32 + 3 * 8
_SPARE = 400 << 20  # the interpreter, compiled code and tallies


@dataclass(frozen=True)
class Run:
    """What a scenario came to: counts, the followed citizens' records, and where it came from."""

    scenario: Scenario
    provenance: dict
    tallies: "xarray.Dataset"  # noqa: F821
    panel: "pyarrow.Table"  # noqa: F821
    people: np.ndarray = field(repr=False)  # PERSON (citizens): who they are
    states: np.ndarray = field(repr=False)  # STATE (citizens), on the last evening
    scores: np.ndarray = field(repr=False)  # int (citizens): as others see it; -1 = not scored

    @property
    def state_hash(self) -> str:
        """SHA-256 of every citizen's last state and word."""
        return self.provenance["state_hash"]

    @property
    def summary(self):
        """The run in some twenty figures: benefits as plainly as harms."""
        from underwatch.measures.summary import summarise

        return summarise(self.tallies)


def run(
    scenario: Scenario,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    *,
    threads: int | None = None,
    panel: int = 0,
    sources: dict[str, str] | None = None,
    chunk: int | None = None,
    checkpoint: Path | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Run:
    """Live a scenario.

    citizens, days, seed: in place of the scenario's own. threads: of this
    machine; changes no bit. panel: how many citizens to follow record by
    record; changes no bit either. checkpoint: a folder from which an interrupted
    run of the same scenario goes on, and into which this one is put if it is
    interrupted. chunk: citizens whom a thread takes at once; changes no bit.
    """
    from underwatch.results import records, tallies

    scenario = _with(scenario, citizens=citizens, seed=seed)
    citizens, seed = scenario.society.citizens, scenario.society.seed
    days = scenario.days if days is None else days
    if days < 1:
        raise UserError(f"{days} days cannot be lived; write 1 or more.")
    room_for(citizens)
    threads = _threads(threads)
    chunk = chunk_for(citizens, threads) if chunk is None else chunk
    started = datetime.now(UTC)
    clock = time.perf_counter()
    journey = _set_out(scenario, days, panel, chunk, progress)
    try:
        journey.live(checkpoint=checkpoint)
    except KeyboardInterrupt:
        if checkpoint:
            journey.put_down(checkpoint)
        raise
    seconds = time.perf_counter() - clock
    provenance = {
        **made_with(),
        "threads": threads,
        "title": scenario.title,
        "text": scenario.text,
        "scenario": scenario.model_dump(mode="json"),
        "scenario_hash": scenario.hash,
        "sources": sources or {},
        "citizens": citizens,
        "days": days,
        "first_day": scenario.first_day.isoformat(),
        "seed": seed,
        "panel": panel,
        "state_hash": journey.hash(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "citizen_days_per_second": round(journey.lived_here * citizens / seconds),
    }
    return Run(
        scenario, provenance, tallies(journey), records(journey), journey.nation.people,
        journey.states(), journey.scores(),
    )  # fmt: skip


def _set_out(scenario, days, panel, chunk, progress) -> Journey:
    """A journey on its first morning, with so many citizens followed."""
    from underwatch.compiling import day_beside
    from underwatch.engine.law import is_compiled
    from underwatch.nation import build
    from underwatch.society.people import sample

    def tell(stage):
        progress(Progress(stage if is_compiled() else "compiling", 0, 1))

    with day_beside():
        nation = build(scenario, tell)
        followed = np.zeros(min(panel, nation.citizens), np.int64)
        sample(followed, nation.citizens, nation.seed)
    followed.sort()
    return Journey(scenario, nation, days, followed, chunk, progress)


def _with(scenario: Scenario, **society) -> Scenario:
    """The same scenario with another size or seed, checked like a file's."""
    given = {k: v for k, v in society.items() if v is not None}
    for key, value in given.items():
        least = 1 if key == "citizens" else 0
        if not isinstance(value, int) or value < least:
            raise UserError(f"{key} is {value!r}, but it is a whole number from {least} on.")
    part = scenario.society.model_copy(update=given)
    return scenario.model_copy(update={"society": part})


def _free_bytes() -> int:
    """Memory that a new process may take here; the limit of a container counts."""
    free = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free = next(int(x.split()[1]) << 10 for x in lines if x.startswith("MemAvailable"))
        group = Path("/sys/fs/cgroup")
        limit = (group / "memory.max").read_text().strip()
        if limit != "max":
            free = min(free, int(limit) - int((group / "memory.current").read_text()))
    except (OSError, StopIteration, ValueError):
        pass  # not Linux, or no container
    return free


def chunk_for(citizens: int, threads: int) -> int:
    """How many citizens a thread takes at once, so that each has as much to do as the next."""
    parts = threads * -(-citizens // (threads * 32_768))
    return -(-citizens // max(parts, min(2 * threads, -(-citizens // 4096))))


def room_for(citizens: int, times: int = 1) -> None:
    """Refuse a nation, lived so many times at once, that this machine has no memory for."""
    free = _free_bytes()
    need = times * (citizens * BYTES_A_CITIZEN + _SPARE)
    if need > free:
        fits = max(1, (free // times - _SPARE) // BYTES_A_CITIZEN)
        unit = 10 ** max(0, len(str(fits)) - 2)  # two figures are enough
        fits = fits // unit * unit
        at_once = f", {times} times at once," if times > 1 else ""
        raise UserError(
            f"{citizens:,} citizens{at_once} need about {need / 2**30:,.1f} GiB of memory, but "
            f"{free / 2**30:,.1f} GiB are free here. {fits:,} fit: write --citizens {fits}."
        )


def _threads(wanted: int | None) -> int:
    import numba

    most = numba.config.NUMBA_NUM_THREADS
    wanted = most if wanted is None else wanted
    if not 1 <= wanted <= most:
        raise UserError(f"{wanted} threads were asked for, but this process has 1 to {most}.")
    numba.set_num_threads(wanted)
    return wanted


def made_with() -> dict:
    """Software and machine, as every run and study tells of itself."""
    machine = {"system": platform.platform(), "processors": os.cpu_count()}
    return {"software": "underwatch", "versions": versions(), "machine": machine}


def versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("underwatch", "numpy", "numba", "pydantic", "xarray", "pyarrow")
    return {"python": platform.python_version()} | {name: version(name) for name in names}
