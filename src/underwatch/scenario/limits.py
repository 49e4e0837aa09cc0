"""Sizes of a run and of a study: what is accepted, checked in one place before any work starts.

The command line and the Python API call the same functions, so both refuse the same values
with the same sentences. Integers of NumPy are accepted; booleans are not integers here.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from underwatch.errors import Problem, UserError

MAX_SEED = 2**63 - 1
MAX_DAYS = 65_535  # days are held in 16 bits in the state of a citizen


class Range(NamedTuple):
    """The integers from `low` to `high`, both included."""

    low: int
    high: int


LIMITS: Mapping[str, Range] = {
    "citizens": Range(1, 4_000_000_000),
    "days": Range(1, MAX_DAYS),
    "seed": Range(0, MAX_SEED),
    "seeds": Range(1, 100_000),
    "panel": Range(0, 4_000_000_000),
    "threads": Range(1, 4096),
    "chunk": Range(1, 1_000_000_000),
    "every": Range(1, MAX_DAYS),
    "workers": Range(1, 4096),
    "orders": Range(1, 1_000_000),
    "citizen": Range(0, 4_000_000_000 - 1),
    "bearer": Range(0, 255),
}
NEVER_NONE = ("panel", "every")  # sizes without another default than their own


def check_run_size(**sizes: Any) -> dict[str, int]:
    """The sizes that are given, as plain integers; those that are None are left out.

    `panel` and `every` are never None.

    Parameters
    ----------
    **sizes
        Any of the names in `LIMITS`, such as citizens, days, seed, seeds, panel, threads,
        chunk, every. `seed` and `seeds` are also checked together, because a study runs
        the seeds seed, seed + 1, …, seed + seeds - 1.

    Raises
    ------
    UserError
        One sentence for each size that is not a whole number or is out of range.

    Examples
    --------
    >>> check_run_size(citizens=1000, days=None, seed=7)
    {'citizens': 1000, 'seed': 7}
    >>> check_run_size(days=0, panel=True)
    Traceback (most recent call last):
    underwatch.errors.UserError: days is 0, but it is a whole number from 1 to 65,535.
    panel is True, but it is a whole number from 0 to 4,000,000,000.
    """
    checked, problems = {}, []
    for name, value in sizes.items():
        if value is None and name not in NEVER_NONE:
            continue
        try:
            checked[name] = check_size(name, value)
        except UserError as error:
            problems += error.problems
    if not problems and "seeds" in checked and "seed" in checked:
        last = checked["seed"] + checked["seeds"] - 1
        if last > MAX_SEED:
            problems.append(
                Problem(
                    None,
                    f"seed is {checked['seed']} and seeds is {checked['seeds']}, so the last seed "
                    f"is {last}, but seeds end at {MAX_SEED}; choose a smaller seed.",
                )
            )
    if problems:
        raise UserError(problems)
    return checked


def check_size(name: str, value: Any, limit: Range | None = None) -> int:
    """One size as a plain integer within its range.

    name: what the sentence calls it; a key of `LIMITS` unless `limit` is given.

    Raises UserError if the value is no whole number (a bool is none) or lies outside.

    Examples
    --------
    >>> check_size("days", 30)
    30
    """
    low, high = limit or LIMITS[name]
    number = whole_number(value)
    if number is None or not low <= number <= high:
        raise UserError(
            f"{name} is {_written(value)}, but it is a whole number from {low:,} to {high:,}."
        )
    return number


_NO_LISTS = (str, bytes, Mapping)


def check_seeds(seeds: Any, first: int = 0) -> tuple[int, ...]:
    """The seeds of an ensemble: seeds=3 is first, first + 1, first + 2; an iterable is itself.

    Raises UserError if there is none, one is repeated, or one is no seed.

    Examples
    --------
    >>> check_seeds(3, first=2018)
    (2018, 2019, 2020)
    >>> check_seeds([5, 8])
    (5, 8)
    """
    is_number = whole_number(seeds) is not None  # an array of NumPy without dimensions is one
    if isinstance(seeds, Iterable) and not is_number and not isinstance(seeds, _NO_LISTS):
        chosen: dict[int, None] = {}
        for one in seeds:
            seed = check_size("seed", one)
            if seed in chosen:
                raise UserError(f"seeds lists {seed} twice; each seed is one replicate.")
            if len(chosen) == LIMITS["seeds"].high:
                raise UserError(f"seeds lists more than {LIMITS['seeds'].high:,} seeds.")
            chosen[seed] = None
        if not chosen:
            raise UserError("seeds is empty; give at least one seed.")
        return tuple(chosen)
    sizes = check_run_size(seed=first, seeds=seeds)
    if "seeds" not in sizes:
        raise UserError("seeds is None, but it is a number of seeds or a list of them.")
    return tuple(range(sizes["seed"], sizes["seed"] + sizes["seeds"]))


def whole_number(value: Any) -> int | None:
    """The value as an int if it is a whole number of Python or NumPy; None if it is not."""
    if isinstance(value, bool) or type(value).__name__ in ("bool", "bool_"):
        return None
    try:
        return int(value.__index__())
    except (AttributeError, TypeError):
        return None


def _written(value: Any) -> str:
    """The value as a message shows it, cut short."""
    try:
        text = (
            f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else repr(value)
        )
    except ValueError:  # an int of more digits than Python prints
        text = "a number of thousands of digits"
    return text if len(text) <= 60 else f"{text[:57]}…"


def too_long(days: int, key: str, longest: int) -> str:
    """The sentence about a run that is too long for its longest restriction, list or ruling."""
    return (
        f"a run of {days:,} days is too long: {key} is {longest:,}, and {days:,} + {longest:,} is "
        f"above {MAX_DAYS:,}, the last day that can be counted; "
        f"write at most {MAX_DAYS - longest:,} days."
    )
