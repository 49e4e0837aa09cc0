"""Days to a Run: strides of days, tallies on the way, checkpoints, the same bits in any case."""

import hashlib
import os
import platform
import signal
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from underwatch.errors import UserError
from underwatch.measures.tally import LAYERS, MEASURES, NAMES, SHAPE, STRATA
from underwatch.scenario import Scenario

BYTES_A_CITIZEN = 15 + 64 + 29 + 2 * 8 + 1  # traits, ties, state, words, queue
_SPARE = 400 << 20  # the interpreter, compiled code and tallies
_STRIDE = 25_000_000  # citizen-days between two signs of life


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    stage: str  # "people", "ties", "compiling" or "days"
    done: int
    total: int


@dataclass(frozen=True)
class Run:
    """What a scenario came to: counts, the followed citizens' records, and where it came from."""

    scenario: Scenario
    provenance: dict
    tallies: "xarray.Dataset"  # noqa: F821
    panel: "pyarrow.Table"  # noqa: F821
    states: np.ndarray = field(repr=False)  # STATE (citizens), on the last evening

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
    scenario = _with(scenario, citizens=citizens, seed=seed)
    citizens, seed = scenario.society.citizens, scenario.society.seed
    days = scenario.days if days is None else days
    if days < 1:
        raise UserError(f"{days} days cannot be lived; write 1 or more.")
    _room_for(citizens)
    threads = _threads(threads)
    if chunk is None:  # each thread has as much to do as the next
        parts = threads * -(-citizens // (threads * 32_768))
        chunk = -(-citizens // max(parts, min(2 * threads, -(-citizens // 4096))))
    started = datetime.now(UTC)
    journey = Journey(scenario, days, panel, chunk, progress)
    clock = time.perf_counter()
    try:
        journey.live(checkpoint)
    except KeyboardInterrupt:
        if checkpoint:
            journey.put_down(checkpoint)
        raise
    seconds = time.perf_counter() - clock
    provenance = {
        "software": "underwatch",
        "versions": _versions(),
        "machine": {"system": platform.platform(), "processors": os.cpu_count()},
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
    return Run(scenario, provenance, journey.tallies(), journey.records(), journey.world.states)


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


def _room_for(citizens: int) -> None:
    free = _free_bytes()
    need = citizens * BYTES_A_CITIZEN + _SPARE
    if need > free:
        fits = max(1, (free - _SPARE) // BYTES_A_CITIZEN)
        unit = 10 ** max(0, len(str(fits)) - 2)  # two figures are enough
        fits = fits // unit * unit
        raise UserError(
            f"{citizens:,} citizens need about {need / 2**30:,.1f} GiB of memory, but "
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


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("underwatch", "numpy", "numba", "pydantic", "xarray", "pyarrow")
    return {"python": platform.python_version()} | {name: version(name) for name in names}


class Journey:
    """A run under way: the world, the counts so far, and how to put both down."""

    def __init__(self, scenario, days, panel, chunk, progress):
        from underwatch import rules
        from underwatch.draws import SOCIETY, unshuffled
        from underwatch.engine.cpu import Panel, World
        from underwatch.engine.law import is_compiled
        from underwatch.measures.ledger import empty_ledger
        from underwatch.response.state import STATE
        from underwatch.society.people import PERSON, populate
        from underwatch.society.ties import empty_ties, weave

        n, seed = scenario.society.citizens, scenario.society.seed
        self.scenario, self.days, self.chunk, self.progress = scenario, days, chunk, progress
        self.rules, self.epochs = rules.timetable(scenario, days)
        progress(Progress("people" if is_compiled() else "compiling", 0, 1))
        people, ties = np.zeros(n, PERSON), empty_ties(n)
        populate(people, seed, rules.census(scenario))
        progress(Progress("ties" if is_compiled() else "compiling", 0, 1))
        weave(ties, people, seed, int(rules.part(scenario.society.homophily)))
        self.world = World(
            people, ties, np.zeros(n, STATE), np.zeros((2, n + 1), np.uint64),
            np.zeros(n, np.uint8),
        )  # fmt: skip
        self.world.states["trust"], self.world.states["score"] = 32_768, scenario.scoring.base
        followed = sorted(unshuffled(k, n, seed, SOCIETY - 1) for k in range(min(panel, n)))
        self.panel = np.array(followed, np.int64)
        self.Panel, self.empty_ledger, self.STATE = Panel, empty_ledger, STATE
        self.day = self.lived_here = 0
        self.daily = np.zeros((days, len(NAMES)), np.int64)
        self.months = sorted({_month(scenario.first_day, t) for t in range(days)})
        self.monthly = np.zeros((len(self.months), STRATA, len(NAMES)), np.int64)
        self.lines = [np.zeros((0, 3), np.int64)]  # day, place in the panel, kind

    def live(self, checkpoint: Path | None) -> None:
        """Live on to the last day; Ctrl-C is let through between strides."""
        from underwatch.engine.cpu import live_days
        from underwatch.engine.law import is_compiled

        if checkpoint and (checkpoint / "journey.npz").exists():
            self._take_up(checkpoint)
        stage = "days" if is_compiled() else "compiling"
        with ctrl_c_waits() as asked:
            self.progress(Progress(stage, self.day, self.days))
            while self.day < self.days:
                stride = max(1, _STRIDE // len(self.world.people))
                month = _month(self.scenario.first_day, self.day)
                stride = min(stride, self.days - self.day)
                while _month(self.scenario.first_day, self.day + stride - 1) != month:
                    stride -= 1
                tallies = np.zeros((stride, STRATA, len(NAMES)), np.int64)
                ledger = self.empty_ledger(stride, len(self.panel))
                live_days(
                    self.world, self.day, stride, self.scenario.society.seed, self.epochs,
                    self.rules, self.chunk, tallies,
                    self.Panel(self.panel, np.zeros(len(self.panel), self.STATE), ledger),
                )  # fmt: skip
                self.daily[self.day : self.day + stride] = tallies.sum(1)
                self.monthly[self.months.index(month)] += tallies.sum(0)
                self.lines.append(np.argwhere(ledger) + [self.day, 0, 0])
                self.day += stride
                self.lived_here += stride
                self.progress(Progress("days", self.day, self.days))
                if asked:
                    break
        if asked:
            raise KeyboardInterrupt

    def _key(self) -> str:
        return f"{self.scenario.hash} {self.days} {len(self.panel)}"

    def put_down(self, folder: Path) -> None:
        """Keep what is lived, for the same run to go on from."""
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / "journey.part.npz"
        np.savez(
            part, key=self._key(), day=self.day, states=self.world.states,
            words=self.world.words, queues=self.world.queues, daily=self.daily,
            monthly=self.monthly, lines=np.concatenate(self.lines),
        )  # fmt: skip
        part.rename(folder / "journey.npz")

    def _take_up(self, folder: Path) -> None:
        with np.load(folder / "journey.npz") as kept:
            if str(kept["key"]) != self._key():
                raise UserError(
                    f"{folder} holds an interrupted run of another scenario, size, seed, panel or "
                    "number of days; go on with the same, or choose another --out."
                )
            self.day = int(kept["day"])
            self.world.states[:], self.world.words[:] = kept["states"], kept["words"]
            self.world.queues[:] = kept["queues"]
            self.daily[:], self.monthly[:] = kept["daily"], kept["monthly"]
            self.lines = [kept["lines"]]

    def hash(self) -> str:
        """SHA-256 of states and of the words that the next day would read."""
        digest = hashlib.sha256(self.world.states.tobytes())
        digest.update(self.world.words[self.day & 1].tobytes())
        return digest.hexdigest()

    def tallies(self):
        """Counts as an xarray Dataset: totals by day, and by month and stratum."""
        import xarray as xr

        from underwatch.draws import STOCKTAKING

        first = np.datetime64(self.scenario.first_day, "D")
        ends = np.arange(self.days) // STOCKTAKING * STOCKTAKING
        variables = {}
        taken = np.zeros(len(self.months))
        for t in range(0, self.days, STOCKTAKING):
            taken[self.months.index(_month(self.scenario.first_day, t))] += 1
        for k, (name, measure) in enumerate(MEASURES.items()):
            daily = self.daily[:, k]
            months = self.monthly[:, :, k].reshape(-1, *SHAPE)
            about = {"units": measure.unit, "long_name": measure.says}
            every, many = dict(about), dict(about)
            if measure.level:
                daily = daily[ends]
                every["sampled"] = f"each {STOCKTAKING}th day, held in between"
                with np.errstate(invalid="ignore"):
                    months = months / taken[:, None, None, None, None]
                many["sampled"] = "mean of the days on which it was taken"
            elif name in ("in_force", "restricted"):
                many["units"] = f"{measure.unit} × days"
            variables[name] = ("day", daily, every)
            variables[f"{name}_by_month"] = (("month", *LAYERS), months, many)
        coords = {
            "day": ("day", first + np.arange(self.days), {"long_name": "day"}),
            "month": ("month", np.array(self.months, "datetime64[D]"), {"long_name": "month"}),
        } | {layer: (layer, list(labels)) for layer, labels in LAYERS.items()}
        about = {"title": self.scenario.title, "scenario_hash": self.scenario.hash}
        return xr.Dataset(variables, coords, about)

    def records(self):
        """Every record of the followed citizens, a pyarrow Table in the order of days."""
        import pyarrow as pa

        from underwatch.measures.ledger import KINDS

        lines = np.concatenate(self.lines)
        kinds = np.array(KINDS, object)[lines[:, 2]]
        first = np.datetime64(self.scenario.first_day, "D")
        return pa.table({
            "day": pa.array(first + lines[:, 0]),
            "citizen": pa.array(self.panel[lines[:, 1]]),
            "record": pa.array(kinds[:, 0], pa.string()),
            "entered_by": pa.array(kinds[:, 1], pa.string()),
            "true_cause": pa.array(kinds[:, 2], pa.string()),
        })  # fmt: skip


@contextmanager
def ctrl_c_waits():
    """Ctrl-C as a wish, to be granted where nothing is half done."""
    asked = []
    try:
        before = signal.signal(signal.SIGINT, lambda *_: asked.append(True))
    except ValueError:  # not the main thread, which alone hears signals
        yield asked
        return
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _month(first_day: date, t: int) -> date:
    return (first_day + timedelta(t)).replace(day=1)
