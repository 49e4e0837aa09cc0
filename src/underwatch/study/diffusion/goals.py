"""What adopters measure in their nations: the stated goals of the organs, and a cost."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

Sums = Mapping[str, int]  # tallies of a nation, summed over the days that are measured


class Goal(NamedTuple):
    """A change between the same people without and with organs, from 0 to 1 (or below 0)."""

    label: str
    change: Callable[[Sums, Sums], float]  # of the sums without and with
    tallies: tuple[str, ...]


def _fall(*parts: str, less: str | None = None) -> Callable[[Sums, Sums], float]:
    """The share by which a count falls; 0 if there is nothing that could fall."""

    def change(without: Sums, having: Sums) -> float:
        before, after = (
            sum(sums[part] for part in parts) - (sums[less] if less else 0)
            for sums in (without, having)
        )
        return 1 - after / before if before > 0 else 0.0

    return change


def _rise(part: str, scale: float) -> Callable[[Sums, Sums], float]:
    """How much a mean over adults rises, as a share of its range."""

    def mean(sums: Sums) -> float:
        return sums[part] / (scale * sums["adults"]) if sums["adults"] else 0.0

    return lambda without, having: mean(having) - mean(without)


_CRITICISM = ("posts", "petitions", "protests")

# In the order of the keys of `Wants`.
GOALS = {
    "fewer_offences": Goal("Fall in minor offences", _fall("offences"), ("offences",)),
    "fewer_arrears": Goal(
        "Fall in missed instalments", _fall("instalments_due", less="instalments_kept"),
        ("instalments_due", "instalments_kept"),
    ),
    "less_criticism": Goal(
        "Fall in open criticism (posts, petitions, protests)", _fall(*_CRITICISM), _CRITICISM
    ),
    "more_support": Goal("Rise in support", _rise("support_sum", 255), ("support_sum", "adults")),
    "more_restricted": Goal(
        "Rise in adults under a restriction", _rise("restricted", 1), ("restricted", "adults")
    ),
}  # fmt: skip
TALLIES = tuple(dict.fromkeys(name for goal in GOALS.values() for name in goal.tallies))


def changes(without: Sums, having: Sums) -> list[float]:
    """The change in every goal."""
    return [goal.change(without, having) for goal in GOALS.values()]
