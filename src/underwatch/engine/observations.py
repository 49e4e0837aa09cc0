"""A user's own measures: functions that read every citizen on chosen evenings.

    observe = {name: function(columns) -> number or array}

The functions run between two strides of a simulation, on copies, so that they
change no bit; without any, nothing is done.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from underwatch.engine.columns_view import Columns
from underwatch.engine.foreign import running
from underwatch.errors import UserError
from underwatch.kernel.identity import digest_of

Observe = Mapping[str, Callable[[Columns], Any]]


def named_functions(observe: Observe | None) -> dict[str, Callable[[Columns], Any]]:
    """The functions of `observe` by name.

    Raises:
        UserError: `observe` is no mapping of names to functions.
    """
    if observe is not None and not isinstance(observe, Mapping):
        name = getattr(observe, "__name__", "f")
        function = name if callable(observe) and name.isidentifier() else "function"
        raise UserError(
            f"observe is a {type(observe).__name__}, but each function needs a name: write "
            f'observe={{"name": {function}}}, with a name that you choose.'
        )
    for name, function in (observe or {}).items():
        if not isinstance(name, str) or not callable(function):
            raise UserError(
                f"observe: {name!r} is mapped to a value of type {type(function).__name__}, but a "
                'name (text) is mapped to a function of the columns: write {"name": function}.'
            )
    return dict(observe or {})


class Observations:
    """What the functions of one simulation returned so far.

    The functions run on the evenings of days 0, every, 2 · every … and of the last day.
    """

    def __init__(self, observe: Observe | None, every: int, days: int):
        """Check the functions before anything runs.

        Raises:
            UserError: `observe` is no mapping of names to functions, or `every`
                is no whole number from 1 on.
        """
        self.functions = named_functions(observe)
        try:
            self.every = every.__index__()
        except (AttributeError, TypeError):
            self.every = 0
        if self.every < 1 or isinstance(every, bool):
            raise UserError(f"every is {every!r}, but it is a whole number of days from 1 on.")
        self.last_day = days - 1
        self.days: list[int] = []
        self.values: dict[str, list[np.ndarray]] = {name: [] for name in self.functions}

    def days_until_next(self, day: int) -> int | None:
        """How many days run from the morning of `day` until the next observation is due."""
        if not self.functions:
            return None
        return min(-(-day // self.every) * self.every, self.last_day) - day + 1

    def take(self, simulation: Any) -> None:
        """Call the functions, if one is due on the evening that the simulation has reached.

        Raises:
            UserError: a function failed (its exception is the cause), or it
                returned no numbers, or another shape than before.
        """
        day = simulation.day - 1
        if not self.functions or (day % self.every and day != self.last_day):
            return
        columns = Columns(simulation)
        taken = {name: self._call(name, columns) for name in self.functions}
        for name, value in taken.items():
            self.values[name].append(value)
        self.days.append(day)

    def _call(self, name: str, columns: Columns) -> np.ndarray:
        try:
            with running(f"observe: {name}"):
                value = np.array(self.functions[name](columns))
        except Exception as error:
            raise UserError(
                f"observe: {name!r} failed on {columns.date}: {type(error).__name__}: {error}"
            ) from error
        if value.dtype.kind not in "biuf":
            raise UserError(
                f"observe: {name!r} returned values of type {value.dtype} on {columns.date}, but "
                "it returns a number or an array of numbers."
            )
        before = self.values[name]
        if before and before[0].shape != value.shape:
            raise UserError(
                f"observe: {name!r} returned an array of shape {value.shape} on {columns.date}, "
                f"but of shape {before[0].shape} before; it returns the same shape every time."
            )
        return value

    def results(self) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """name -> (days, values): int64 (k) and an array (k, …), one row for each day."""
        days = np.array(self.days, np.int64)
        return {
            name: (days, np.stack(values) if values else np.zeros(0))
            for name, values in self.values.items()
        }

    def key(self) -> str:
        """What two simulations have in common that take the same observations."""
        if not self.functions:
            return ""
        each = sorted(f"{name} {digest_of(f)}" for name, f in self.functions.items())
        return f"{self.every} {each}"

    def as_arrays(self) -> dict[str, np.ndarray]:
        """The observations so far, as a checkpoint keeps them."""
        kept = {"observed_days": np.array(self.days, np.int64)}
        results = self.results()
        for k, name in enumerate(sorted(results)):
            kept[f"observed_{k}"] = results[name][1]
        return kept

    def from_arrays(self, kept: Mapping[str, np.ndarray]) -> None:
        """Take over the observations of a checkpoint."""
        self.days = kept["observed_days"].tolist()
        for k, name in enumerate(sorted(self.functions)):
            self.values[name] = list(kept[f"observed_{k}"]) if self.days else []

    def copy_from(self, other: "Observations") -> None:
        """Take over another simulation's observations; both have the same functions."""
        self.days = list(other.days)
        self.values = {name: list(values) for name, values in other.values.items()}
