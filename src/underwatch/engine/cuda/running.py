"""The loop over days on a device; it takes the place of `threads.simulate_days`.

The world stays on the device: days, reviews of ties, births and deaths are computed there, and only
what was counted is copied after a stride. The processor's copy is brought up to date when somebody
reads it: an observation, a checkpoint, the end of a run.
"""

import time
from collections.abc import Iterable

import numpy as np
from numba import config, cuda

from underwatch.engine.cuda import births, constants, evenings, grids, night_grids, ties
from underwatch.engine.cuda.functions import Device
from underwatch.engine.cuda.launching import Launcher
from underwatch.engine.cuda.work import BAND, Work, empty_work
from underwatch.engine.night import pack_open_ties
from underwatch.engine.queues import used_blocks
from underwatch.engine.vital import DEAD, Month
from underwatch.engine.world import Panel, World
from underwatch.kernel.columns import as_records
from underwatch.measurement.catalogue import NAMES, OPINION_CLASSES, STRATA
from underwatch.measurement.queues import QUEUES
from underwatch.model.society.people import PERSON
from underwatch.model.streams import LEVELS_EVERY, MONTH

config.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # some launches are for one thread, or one a district
THREADS = 128  # of a block
OF_A_BLOCK = {"evenings": evenings.A_BLOCK}  # where they are others
_PIECE = 1 << 14  # segments whose candidates are sorted at once
_BLOCKS_EACH = 16  # blocks of a grid for each multiprocessor; a thread takes several citizens
BLOCKS_EACH = {"mornings": 40, "levels": 5}  # levels: few, for each has counts of its own
_MOST = 1 << 15  # citizens of a block: few enough for sums of points, below 2^16 each, in 32 bits
# Registers of a thread at most: with many, few threads share a multiprocessor; with few, numbers
# are kept in memory.
REGISTERS = {"listen": 40, "mornings": 96, "active_days": 128}
GRIDS = {
    function.__name__: function
    for function in (
        ties.sort_ties, constants.count_adults, constants.set_constants, constants.deliveries,
        grids.listen, grids.mornings, grids.active_days, grids.levels,
        evenings.evenings, night_grids.add_up, night_grids.choose, night_grids.turn_over,
        night_grids.count_opinions,
        births.grow_older, births.succeed, births.be_born, births.meet,
    )
}  # fmt: skip
# What days and months change.
CHANGED = (
    "people slots states signals flags queues listed protesting offending restricted_days history "
    "entries lengths birthdays bearers absent cohorts"
).split()
# What is not read on a device: candidates have an order of their own there, and who is known is
# counted beside them (ties.py).
NOT_READ = "near wide known".split()


def to_device(array: np.ndarray):
    """An array copied to the device."""
    return cuda.to_device(array)


def room_for(array: np.ndarray):
    """Memory of the device for an array, which holds nothing yet."""
    return cuda.device_array_like(array)


def copy(array, out) -> None:
    """Copy an array of the processor into one of the device, or the other way."""
    if isinstance(out, np.ndarray):
        array.copy_to_host(out)
    else:
        out.copy_to_device(array)


class DaysOnDevice:
    """The world on the device, and the compiled grids.

    Args:
        device: the functions of the device, of one scoring rule.
    """

    def __init__(self, device: Device):
        self._device = device
        self._grids = {
            name: device.grid(function, REGISTERS.get(name)) for name, function in GRIDS.items()
        }
        self._launched, self._launcher = False, Launcher()
        self.seconds: dict[str, float] = {}  # by what was done: days, and copies both ways
        self._host: World | None = None
        self._world: World | None = None
        self._work: Work | None = None
        self._next = 0
        self._ahead: set[str] = set()  # arrays of the host's world that are older than the device's

    def __call__(
        self, world, first, days, seed, epochs, params_table, _chunk, tallies, expressed_opinions,
        capacity, panel, *_everyone,
    ):  # fmt: skip
        """Run days first … first + days − 1 of all citizens, as `threads.simulate_days` does."""
        begun = self._enter(world, first)
        table, opinions = to_device(params_table), to_device(expressed_opinions)
        counts, places = to_device(tallies), to_device(capacity)
        followed = Panel(*(to_device(array) for array in panel))
        for t in range(days):
            day, epoch = first + t, int(epochs[first + t])
            self._day(day, seed, table, epoch, counts, opinions, places, followed, t)
        begun = self._took("days", begun)
        for here, there in (
            (counts, tallies), (opinions, expressed_opinions), (places, capacity),
            (followed.ledger, panel.ledger),
        ):  # fmt: skip
            copy(here, there)
        self._next, self._ahead = first + days, set(CHANGED)
        self._took("from the device", begun)

    def pass_month(self, world, day, seed, params_table, epoch) -> Month:
        """Births and deaths before a day begins, as `vital.pass_month` does; nobody is recorded."""
        begun, citizens = self._enter(world, day), world.people.shape[1]
        today = day, seed, to_device(params_table), epoch
        found, counts = np.zeros(2, np.int64), np.zeros((STRATA, len(NAMES)), np.int64)
        found_there, counts_there = to_device(found), to_device(counts)
        self._launch("grow_older", citizens, *today, found_there)
        copy(found_there, found)
        dead = int(found[births.DEAD_OF])
        log = np.zeros((births.LOG, max(1, dead)), np.uint64)
        log_there = room_for(log)
        self._launch("succeed", citizens, *today, log_there, counts_there, found_there)
        self._launch("be_born", citizens, *today, counts_there)
        self._launch("meet", citizens, day, seed)
        copy(counts_there, counts)
        copy(log_there, log)
        self._ahead = set(CHANGED)
        self._took("births and deaths", begun)
        return Month(_logged(log[:, :dead], day), counts, np.zeros(0, np.int64))

    def opinions(self, world: World) -> np.ndarray:
        """How many adults hold each class of private opinion: int64 (classes)."""
        begun, counts = self._enter(world, self._next), np.zeros(OPINION_CLASSES, np.int64)
        there = to_device(counts)
        self._launch("count_opinions", world.people.shape[1], there)
        copy(there, counts)
        self._took("from the device", begun)
        return counts

    def bring_back(self, world: World, names: Iterable[str] = CHANGED) -> None:
        """Bring arrays of a world in the processor's memory up to date, if they are not."""
        stale = self._ahead.intersection(names) if self._host is world else set()
        if not stale:
            return
        begun, self._ahead = time.perf_counter(), self._ahead - stale
        before = world.slots.copy() if "slots" in stale else None
        for name in stale - {"entries"}:
            copy(getattr(self._world, name), getattr(world, name))
        if "entries" in stale:
            self._copy_queues(self._world.entries, world.entries)
        if before is not None:
            pack_open_ties(world, before, 0, world.people.shape[1])
        self._took("from the device", begun)

    def _enter(self, world: World, day: int) -> float:
        """Have a world on the device on the morning of a day; the time now."""
        begun = time.perf_counter()
        if self._host is not world or self._next != day:
            self._take_over(world)
            self._next = day
        return self._took("to the device", begun)

    def is_compiled(self) -> bool:
        """Whether the day is compiled already, by this process or one before it."""
        return self._launched or self._device.is_kept("mornings", REGISTERS["mornings"])

    def _took(self, what: str, begun: float) -> float:
        """Add the seconds since `begun` to those of a part of the work, once the device is done."""
        cuda.synchronize()
        now = time.perf_counter()
        self.seconds[what] = self.seconds.get(what, 0.0) + now - begun
        return now

    def _take_over(self, world: World) -> None:
        """Bring a world to the device, or what a checkpoint has changed of it."""
        if self._host is not None:
            self.bring_back(self._host)
        if self._host is not world:
            self._host = None  # what a former world took is free
            self._world = self._work = None
            self._launcher.forget()
            little = {name: getattr(world, name)[:1] for name in NOT_READ}
            whole = world._replace(**little, entries=world.entries[:, :0])
            self._world = World(*map(to_device, whole))._replace(entries=room_for(world.entries))
            self._work = self._sorted_ties(world)
            self._host = world
        else:
            for name in set(World._fields) - {*NOT_READ, "entries"}:
                copy(getattr(world, name), getattr(self._world, name))
            copy(np.zeros(world.protesting.shape, np.int32), self._work.adults)
        self._copy_queues(world.entries, self._world.entries)
        self._launch("count_adults", world.people.shape[1])

    def _sorted_ties(self, world: World) -> Work:
        """A Work with the candidates of everyone, piece by piece."""
        n = world.people.shape[1]
        near, wide, offsets = map(room_for, (world.near, world.wide, np.empty((2, n), np.uint16)))
        self._work = Work(*map(to_device, empty_work(n)), near, wide, offsets)
        for first in range(0, world.starts.shape[1] - 1, _PIECE):
            last = min(world.starts.shape[1] - 1, first + _PIECE)
            (a, b), (c, d) = world.starts[:, [first, last]].tolist()
            piece = to_device(world.near[a:b]), to_device(world.wide[c:d])
            self._launch("sort_ties", last - first, *piece, first, last)
        return self._work

    def _copy_queues(self, entries, out) -> None:
        """Copy the blocks of the queues that hold entries; there is room for everyone."""
        used = used_blocks(self._host.lengths)
        for queue in range(len(QUEUES) if used else 0):
            copy(entries[queue, :used], out[queue, :used])

    def _launch(self, name: str, threads: int, *more) -> None:
        """Start a grid for so many citizens, or whatever each thread takes."""
        if config.ENABLE_CUDASIM:
            blocks, size = 2, 4
        else:
            size, each = OF_A_BLOCK.get(name, THREADS), BLOCKS_EACH.get(name, _BLOCKS_EACH)
            most = max(each * cuda.get_current_device().MULTIPROCESSOR_COUNT, -(-threads // _MOST))
            blocks = max(1, min(-(-threads // size), most))
        self._launcher.start(self._grids[name], blocks, size, (self._world, self._work), more)
        self._launched = True

    def _day(self, day, seed, table, epoch, counts, opinions, places, panel, t) -> None:
        world, citizens = self._world, self._world.people.shape[1]
        today = day, seed, table, epoch
        self._launch("set_constants", 1, *today)
        self._launch("deliveries", citizens, *today)
        for band, lo in enumerate(range(0, citizens, BAND)):
            hi = min(citizens, lo + BAND)
            self._launch("listen", hi - lo, lo, hi, day)
            self._launch("mornings", hi - lo, lo, hi, band, *today)
            self._launch("active_days", hi - lo, lo, band, *today, counts, opinions, panel, t)
            if day % LEVELS_EVERY == 0:
                self._launch("levels", hi - lo, lo, hi, day, table, epoch, counts, t)
        self._launch("evenings", world.protesting.shape[0] * evenings.A_BLOCK, *today)
        self._launch("add_up", self._work.queued.size, counts, places, t)
        if day % MONTH == MONTH - 1:
            self._launch("choose", citizens, *today)
            self._launch("turn_over", citizens, day)


def _logged(log: np.ndarray, day: int) -> np.ndarray:
    """The log of a month (births.py) as DEAD records, in the order of citizens."""
    log = log[:, np.argsort(log[0] & np.uint64(0xFFFFFFFF))]
    dead, people = np.zeros(log.shape[1], DEAD), as_records(log[2:], PERSON)
    for name in PERSON.names:
        dead[name] = people[name]
    for name, place in (("citizen", 0), ("bearer", 32), ("cohort", 40), ("restricted_days", 48)):
        dead[name] = (log[0] >> np.uint64(place)).astype(DEAD[name])
    dead["day"], dead["history"] = day, log[1].astype(DEAD["history"])
    return dead
