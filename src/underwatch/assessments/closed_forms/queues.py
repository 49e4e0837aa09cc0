"""Waiting before officers or reviewers: Erlang's formula for arrivals at random (M/M/c)."""

from __future__ import annotations

import math


def chance_of_waiting(load: float, officers: int) -> float:
    """Erlang C: the share of arrivals that find everybody busy.

    load: arrivals per unit of time times the time that one takes, in officers (erlangs).

    Examples
    --------
    >>> round(chance_of_waiting(9.0, 10), 4), round(chance_of_waiting(9.5, 10), 4)
    (0.6687, 0.8256)
    """
    if load >= officers:
        return 1.0
    blocked = 1.0  # Erlang B by its recursion, which cannot overflow
    for busy in range(1, officers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return officers * blocked / (officers - load * (1 - blocked))


def mean_wait(arrivals: float, time_each: float, officers: int) -> float:
    """The mean wait before somebody is free, in the unit of `time_each`; inf if they never keep up.

    arrivals: per unit of time.

    Examples
    --------
    >>> round(mean_wait(9.0, 1.0, 10), 3), round(mean_wait(9.5, 1.0, 10), 3)
    (0.669, 1.651)
    """
    load = arrivals * time_each
    if load >= officers:
        return math.inf
    return chance_of_waiting(load, officers) * time_each / (officers - load)


def settles(arrivals: float, time_each: float, officers: int, period: float) -> bool:
    """Whether a queue that begins empty comes to rest well within a period.

    Its memory fades over 1/(cμ(1 − √ρ)²), with c officers, μ = 1 / time_each and the load ρ; the
    period must be three times as long. A queue that never comes to rest has no mean wait.

    Examples
    --------
    >>> settles(0.5, 1.0, 1, 365), settles(0.95, 1.0, 1, 365), settles(2.0, 1.0, 1, 365)
    (True, False, False)
    """
    busy = arrivals * time_each / officers
    if busy >= 1:
        return False
    return period * officers * (1 - math.sqrt(busy)) ** 2 >= _MEMORIES * time_each


_MEMORIES = 3
