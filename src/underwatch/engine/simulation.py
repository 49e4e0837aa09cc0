"""A simulation: the world and the counts so far."""

import hashlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from underwatch.engine.checkpoint import COUNTED, Checkpoints, Key, made_by
from underwatch.engine.evening import CLASSES, Evening
from underwatch.engine.interrupts import signals_wait
from underwatch.engine.observations import Observations, Observe
from underwatch.engine.population import Population, copied, initial_world
from underwatch.engine.resources import refuse_after_fork
from underwatch.engine.vital import DEAD
from underwatch.measurement.catalogue import NAMES, OPINION_CLASSES, STRATA
from underwatch.measurement.cohorts import OTHERS
from underwatch.measurement.queues import QUEUES
from underwatch.model.streams import MONTH
from underwatch.scenario import Scenario

BY_COHORT = OTHERS + 1, OPINION_CLASSES
_STRIDE = 5_000_000  # citizen-days between two reports; counts of each of its days are held
_DEVICE_STRIDE = 20_000_000_000  # the same on a card: some six seconds on an H100
YEAR = 365  # days between two counts of moves between score classes


@dataclass(frozen=True)
class Progress:
    """How far a run is."""

    stage: str  # "people", "ties", "compiling", "compiling the rule" or "days"
    done: int
    total: int


class Simulation(Evening):
    """One scenario, simulated day by day over one population.

    Args:
        scenario: what is simulated; its society section is that of the population.
        population: the citizens and their ties.
        days: the length of the run.
        followed: citizens whose records are kept one by one, ascending.
        chunk: citizens whom a thread takes at once; changes no bit.
        progress: called with a Progress after every stride.
        evenings: keep the state of the followed citizens on every evening, too.
        observe: the user's own measures, name -> function of Columns.
        every: days from one observation to the next; changes no bit.
        score: a ScoreRule, or a function to compile to one, in the place of the
            scenario's points and association.
        take: take the population over instead of copying it: for the only simulation of it,
            after which nothing of the population can be read.
        device: "cpu", or "cuda" for a graphics card; changes no bit.

    Raises:
        UserError: `observe`, `every` or `score` cannot be used, or this process was
            forked from one that has simulated.
    """

    def __init__(
        self,
        scenario: Scenario,
        population: Population,
        days: int,
        followed: np.ndarray,
        chunk: int,
        progress: Callable[[Progress], None] = lambda _: None,
        evenings: bool = False,
        observe: Observe | None = None,
        every: int = 30,
        score: "ScoreRule | Callable | None" = None,  # noqa: F821
        take: bool = False,
        device: str = "cpu",
    ):
        from underwatch.engine.recording import CONTACTS, contacts_of
        from underwatch.model import parameters as params
        from underwatch.model.scoring.rule import ScoreRule

        refuse_after_fork()
        self.score = None if score is None else ScoreRule.compile(score)
        self.observed = Observations(observe, every, days)
        self.scenario, self.population, self.days = scenario, population, days
        self.chunk, self.progress, self.device = chunk, progress, device
        self.followed = np.asarray(followed, np.int64)
        recorded = self.followed if evenings else self.followed[:0]
        self.contacts = contacts_of(population, recorded)
        self.params, self.epochs = params.timetable(scenario, days)
        self.world = initial_world(population, self.params[0], take, self.own)
        self.day = self.days_here = 0
        self.traffic: dict[str, Any] = {}  # between ranks, if there are several
        self.daily = np.zeros((days, len(NAMES)), np.int64)
        self.months = _months(scenario, days)
        self.monthly = np.zeros((len(self.months), STRATA, len(NAMES)), np.int64)
        self.capacity = np.zeros((days, len(QUEUES), 2), np.int64)
        self.expressed_opinions = np.zeros((len(self.months), *BY_COHORT), np.int64)
        self.private_opinions = np.zeros((len(self.months), OPINION_CLASSES), np.int64)
        # By the last count; nobody's in a run that ends before there is one.
        self.classes = np.full(population.citizens if days >= YEAR else 0, -1, np.int8)
        self.moves = np.zeros((days // YEAR, len(CLASSES), len(CLASSES)), np.int64)
        self.lines = [np.zeros((0, 4), np.int64)]  # day, place in the panel, kind, how many
        self.dead = np.zeros(0, DEAD)  # who died so far, in the order of days
        # The first state and closed ties of adults who moved in, by day and place in the panel: of
        # a recording.
        self.arrivals: dict[tuple[int, int], np.ndarray] = {}
        rows, k = CONTACTS + self.contacts.shape[1], len(recorded)
        self.evenings = np.zeros((rows, days if evenings else 0, k), np.uint64)

    def branch(self, scenario: Scenario) -> "Simulation":
        """The same evening, all copied, with another scenario from tomorrow on."""
        from underwatch.model import parameters as params

        other = copy(self)
        other.scenario, other.world = scenario, copied(self.world)
        other.params, other.epochs = params.timetable(scenario, self.days)
        other.months = _months(scenario, self.days)
        other.observed = Observations(self.observed.functions, self.observed.every, self.days)
        other.observed.copy_from(self.observed)
        other.lines, other.arrivals = list(self.lines), dict(self.arrivals)
        other.days_here = 0
        for name in COUNTED:
            setattr(other, name, getattr(self, name).copy())
        return other

    def run(self, until: int | None = None, checkpoints: Checkpoints | None = None) -> None:
        """Simulate up to a day, or to the last.

        checkpoints: where one is written every few minutes, and when Ctrl-C or SIGTERM ends
        the run; what they hold is resumed first. Between strides a signal ends the run; while
        something is compiled, it does so at once.
        """
        refuse_after_fork()
        until = self.days if until is None else min(until, self.days)
        if checkpoints:
            checkpoints.resume(self)
        stage = self._next_stage()
        self.progress(Progress(stage, self.day, self.days))
        if stage != "days" and self.day < until:
            self._stride(until)
            self._report(checkpoints)
        with signals_wait() as signals:
            while not (ended := self._agreed(signals)) and self.day < until:
                self._stride(until)
                self._report(checkpoints)
                if checkpoints and checkpoints.due():
                    checkpoints.try_to_save(self)
            if ended and checkpoints:
                checkpoints.try_to_save(self)

    def _agreed(self, signals: list[int]) -> bool:
        """Whether the run ends early; `signals`: those that came here."""
        return bool(signals)

    def _report(self, checkpoints: Checkpoints | None) -> None:
        """Report a stride that has ended; if the listener ends the run, keep it so far."""
        try:
            self.progress(Progress("days", self.day, self.days))
        except KeyboardInterrupt:
            if checkpoints:
                checkpoints.try_to_save(self)
            raise

    def _next_stage(self) -> str:
        """What the first stride does: "days", or first the compilation of what it calls."""
        from underwatch.engine.rebind import folder_of
        from underwatch.kernel.compile import CACHE, is_compiled

        if self.device != "cpu":
            return "days" if self.on_device.is_compiled() else "compiling"
        folder = folder_of(self.score) if self.score else CACHE
        if is_compiled(folder) or self._simulate_days.signatures:
            return "days"
        return "compiling the rule" if self.score else "compiling"

    @property
    def _simulate_days(self):
        """The compiled loop over days: the default, or that around the user's scoring rule."""
        from underwatch.engine.rebind import simulate_days_for
        from underwatch.engine.threads import simulate_days

        if self.device == "cuda":
            return self.on_device

        return simulate_days_for(self.score) if self.score else simulate_days

    def _stride(self, until: int) -> None:
        """Simulate some days at once, within one month and one year, to the next observation."""
        from underwatch.engine.world import Panel
        from underwatch.measurement.ledger import empty_ledger

        self._pass_month()
        month = month_of(self.scenario.first_day, self.day)
        report_every = _STRIDE if self.device == "cpu" else _DEVICE_STRIDE
        stride = min(max(1, report_every // self.population.citizens), until - self.day)
        stride = min(stride, YEAR - self.day % YEAR, MONTH - self.day % MONTH)
        stride = min(stride, self.observed.days_until_next(self.day) or stride)
        while month_of(self.scenario.first_day, self.day + stride - 1) != month:
            stride -= 1
        tallies = np.zeros((stride, STRATA, len(NAMES)), np.int64)
        expressed_opinions = np.zeros((stride, *BY_COHORT), np.int64)
        ledger = empty_ledger(stride, len(self.followed))
        last = self.day + stride
        kept = self.evenings.shape[1] > 0
        rows, _, k = self.evenings.shape
        evenings = np.zeros((rows, stride if kept else 0, k), np.uint64)
        self._run_days(
            self._world,
            self.day,
            stride,
            self.population.seed,
            self.epochs,
            self.params,
            self.chunk,
            tallies,
            expressed_opinions,
            self.capacity[self.day : last],
            Panel(self.followed, ledger, evenings, self.contacts),
            *self.own,
        )
        if kept:
            self.evenings[:, self.day : last] = evenings
        self.daily[self.day : last] += tallies.sum(1)
        at = self.months.index(month)
        self.monthly[at] += tallies.sum(0)
        self.expressed_opinions[at] += expressed_opinions.sum(0)
        # A row of truth values is searched in a tenth of the time of an array of numbers.
        found = np.flatnonzero(ledger.reshape(-1) != 0)
        days, *others = np.unravel_index(found, ledger.shape)
        lines = [days + self.day, *others, ledger.reshape(-1)[found]]
        self.lines.append(np.column_stack(lines))
        self.day = last
        self.days_here += stride
        if last == self.days or month_of(self.scenario.first_day, last) != month:
            self.private_opinions[at] = self.opinions_held()
        if last % YEAR == 0:
            self._count_class_moves()
        self.observed.take(self)

    def _run_days(self, *arguments: Any) -> None:
        """Run the days of a stride, with the arguments of `threads.simulate_days`."""
        self._simulate_days(*arguments)

    def _births_and_deaths(self, held: np.void) -> Any:
        """The month that ends before today; held: the PARAMS record of today."""
        from underwatch.engine.vital import pass_month

        day, seed = self.day, self.population.seed
        if self.device == "cuda":
            epoch = int(self.epochs[day])
            return self.on_device.pass_month(self._world, day, seed, self.params, epoch)
        return pass_month(self.world, day, seed, held)

    def _pass_month(self) -> None:
        """Births and deaths of the past thirty days, if a day begins that takes stock of them."""
        from underwatch.engine.recording import record_morning

        held = self.params[self.epochs[self.day]]
        if self.day == 0 or self.day % MONTH or not held["vital"]:
            return
        passed = self._births_and_deaths(held)
        self.dead = np.concatenate([self.dead, passed.dead])
        if len(self.classes):
            self.classes[passed.dead["citizen"]] = -1
        self.daily[self.day] += passed.counts.sum(0)
        at = self.months.index(month_of(self.scenario.first_day, self.day))
        self.monthly[at] += passed.counts
        if self.evenings.shape[1]:
            self.arrivals |= record_morning(self, passed)

    def _count_class_moves(self) -> None:
        """Count moves between score classes since a year ago."""
        from underwatch.kernel.columns import pieces

        table = np.zeros(len(CLASSES) ** 2, np.int64)
        begin, end = self.own
        for here in pieces(end, first=begin):
            now = self.score_classes(here)
            both = (self.classes[here] >= 0) & (now >= 0)
            pairs = self.classes[here][both].astype(int) * len(CLASSES) + now[both]
            table += np.bincount(pairs, minlength=len(table))
            self.classes[here] = now
        self.moves[self.day // YEAR - 1] = table.reshape(len(CLASSES), len(CLASSES))

    def key(self) -> Key:
        """What a checkpoint and the simulation that resumes it have in common."""
        followed = hashlib.sha256(self.followed.tobytes()).hexdigest()[:16]
        return {
            "scenario": self.scenario.hash,
            "citizens": self.population.citizens,
            "seed": self.population.seed,
            "days": self.days,
            "panel": f"{len(self.followed)} {followed} {self.evenings.shape[1]}",
            "observations": self.observed.key(),
            "rule": self.score.digest if self.score else "",
            **made_by(),
        }

    @property
    def observations(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """What `observe` returned so far: name -> (days, values), a row for each day."""
        return self.observed.results()


def _months(scenario: Scenario, days: int) -> list[date]:
    """The first days of the months of a run."""
    return sorted({month_of(scenario.first_day, t) for t in range(days)})


def month_of(first_day: date, t: int) -> date:
    """The first of the month in which day t falls."""
    return (first_day + timedelta(t)).replace(day=1)
