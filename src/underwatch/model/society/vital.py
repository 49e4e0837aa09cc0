"""Birthdays, deaths and births: who turns a year older, who dies, and who comes after them.

Once in thirty days, before the day begins, everyone is asked two questions: was there a birthday
in the past thirty days, and does this person die? Both are answered by a hash of seed, number and
month alone. So the same people are born, age and die on the same days in every world, whatever
organ is on.

Nobody's number is left empty. A newborn of the household takes it, with the group, the place and
the memberships of the one who died, so that the shares of the census stay. If no adult is left in
the household, one adult of 18 to 29 moves in first. The other traits are drawn anew by seed,
number and the count of earlier bearers: conviction about what one adult of the household, drawn by
lot, privately holds at that time; income with a chance that of the same adult.
"""

from typing import NamedTuple

import numpy as np

from underwatch.kernel.compile import nopython, parallel, prange
from underwatch.kernel.random import key, mixed
from underwatch.model.society.bearers import (
    OWN,
    age_of_incomer,
    conviction_drawn,
    conviction_of_newborn,
    income_of_newborn,
    own_traits,
    parent_drawn,
)
from underwatch.model.society.people import ADULT, PERSON
from underwatch.model.streams import BIRTH, DEATH, MONTH

YEAR = 365  # days from one birthday to the next
OLDEST = 110  # nobody grows older
BANDS = (0, 1, 15, 30, 45, 60, 70, 80, 90)  # first ages of the bands of the life table
DIES, COMES_OF_AGE = 1, 2  # bits of an event
_PART = 16_384  # people whom a thread asks at once

assert PERSON.fields["age"][1] == 0  # the age is the lowest byte of the first column


class Vital(NamedTuple):
    """The parameters of births and deaths, from a PARAMS record."""

    deaths: np.ndarray  # int64 (111): the chance to die in thirty days by age, of 2^32
    convictions: np.ndarray  # int64 (256): the conviction of a quantile
    spread: int  # of a newborn's conviction about the adult's opinion, in 255ths
    heirs: int  # the chance to have the adult's income, of 256


def life_table(per_1000_a_year) -> np.ndarray:
    """The chance to die within a year at each age from 0 to 110, from deaths by band of ages."""
    yearly = np.empty(OLDEST + 1)
    for first, last, rate in zip(BANDS, (*BANDS[1:], OLDEST), per_1000_a_year, strict=True):
        yearly[first:last] = rate / 1000
    yearly[OLDEST] = 1
    return yearly


def survivors(yearly: np.ndarray) -> np.ndarray:
    """The share of newborns who are alive at each age from 0 to 110."""
    return np.concatenate([[1], np.cumprod(1 - yearly)])[:-1]


@nopython
def ask(people, birthdays, events, lo, hi, day, month_key, deaths):
    """The birthdays and deaths of citizens lo … hi − 1 in the thirty days before a day."""
    yesterday = (day - 1) % YEAR
    for i in range(np.uint64(lo), np.uint64(hi)):
        age = np.int64(people[0, i] & np.uint64(255))
        since = yesterday - np.int64(birthdays[i])  # this year's; no division, for vector code
        birthday = np.int64(since + YEAR * (since < 0) < MONTH)
        age = min(OLDEST, age + birthday)
        people[0, i] = people[0, i] & ~np.uint64(255) | np.uint64(age)
        u = np.int64(mixed(month_key, i) >> np.uint64(32))
        of_age = COMES_OF_AGE * birthday * (age == ADULT)
        events[i] = np.uint8(DIES if u < deaths[age] else of_age)


@parallel
def ask_everyone(people, birthdays, events, day, seed, deaths, begin, end):
    """Everyone turns a year older if it is time; events[citizen] says who dies or comes of age.

    people: PERSON by columns; day: the one that begins; events: uint8 (n), bits as above;
    begin, end: the first of those who are asked, and the one after the last.
    """
    month_key = key(seed, DEATH, day)
    for part in prange((end - begin + _PART - 1) // _PART):
        lo = begin + part * _PART
        hi = min(end, lo + _PART)
        ask(people, birthdays, events, lo, hi, day, month_key, deaths)


def hashes(seed: int, kind: int, number, citizens: np.ndarray) -> np.ndarray:
    """A hash of seed, kind, number and citizen: uint64 (n)."""
    hashed = mixed.py_func
    with np.errstate(over="ignore"):
        return hashed(hashed(hashed(hashed(np.uint64(0), seed), kind), number), citizens)


def _words(seed: int, number: np.ndarray, citizens: np.ndarray) -> list[np.ndarray]:
    """Two random words of each bearer (bearers.py): uint64 (n) each."""
    return [hashes(seed, BIRTH + k, number, citizens) for k in (0, 1)]


def incomers(dead: np.ndarray, citizens: np.ndarray, number: np.ndarray, seed: int, vital: Vital):
    """Adults who move in: PERSON records, from those of the dead whose numbers they take."""
    first, second = _words(seed, number, citizens)
    made = _with_own_traits(dead, first)
    made["age"] = age_of_incomer.py_func(second)
    made["conviction"] = vital.convictions[conviction_drawn.py_func(second)]
    return made


def newborns(
    dead: np.ndarray, citizens: np.ndarray, number: np.ndarray, parents, seed: int, vital: Vital
):
    """Newborns: PERSON records, from those of the dead.

    parents: (income, private opinion) of one adult of each household, int64 (n) each.
    """
    first, second = _words(seed, number, citizens)
    income, opinion = parents
    made = _with_own_traits(dead, first)
    made["age"] = 0
    own = made["income"].astype(np.int64)
    made["income"] = income_of_newborn.py_func(second, own, income, vital.heirs)
    made["conviction"] = conviction_of_newborn.py_func(second, opinion, vital.spread)
    return made


def lot(seed: int, number: np.ndarray, citizens: np.ndarray, adults: np.ndarray) -> np.ndarray:
    """Which of the household's adults a newborn takes after: int64 (n), 0 to adults − 1."""
    return parent_drawn.py_func(hashes(seed, BIRTH + 1, number, citizens), adults)


def _with_own_traits(dead: np.ndarray, first: np.ndarray) -> np.ndarray:
    made = dead.copy()
    for name, trait in zip(OWN, own_traits.py_func(first), strict=True):
        made[name] = trait
    return made
