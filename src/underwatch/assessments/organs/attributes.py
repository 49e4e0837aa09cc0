"""Sex, background, education and income class of invented people, as abstract attributes.

Published audits of risk scores report by these attributes, so a case of theirs needs them. Each
has a stated margin; how they go together is an assumed joint distribution, by odds ratios of
pairs. An attribute is looked up by its address of chance from a person's number: no byte of a
run holds it, and a run without a risk score has no trace of it. Income is the trait that the
population has anyway.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from underwatch.assessments.organs.chance import CELL, CLAIM, draws, threshold
from underwatch.errors import UserError

# Each attribute has two values: bit k of a cell is set for the first of its two names.
ATTRIBUTES = {
    "sex": ("women", "men"),
    "background": ("foreign background", "native background"),
    "education": ("no degree", "degree"),
    "income": ("income below median", "income from median"),
}
NAMES = tuple(ATTRIBUTES)
CELLS = 1 << len(NAMES)
_INCOME = NAMES.index("income")
HAS = np.array([[cell >> k & 1 for cell in range(CELLS)] for k in range(len(NAMES))], bool)
_STEPS = 500  # of the fitting of margins; it ends as soon as they fit


@dataclass(frozen=True)
class Mix:
    """Who the cases are.

    shares: of people with the first value of each attribute, from 0 to 1; one half where none is
        stated.
    odds_ratios: of pairs such as "education and income"; 1 (independent) where none is stated.

    Examples
    --------
    >>> mix = Mix({"sex": 0.561, "background": 0.237}, {"background and income": 2.0})
    >>> joint = mix.joint()
    >>> round(float(joint[HAS[0]].sum()), 6), round(float(joint.sum()), 6)
    (0.561, 1.0)
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    odds_ratios: Mapping[str, float] = field(default_factory=dict)

    def joint(self) -> np.ndarray:
        """The share of people in each cell, float64 (16): the margins exact, the odds ratios kept.

        Raises UserError if a name is unknown, a share not from 0 to 1, or an odds ratio not
        positive.
        """
        return self._joint

    @cached_property
    def _joint(self) -> np.ndarray:
        self._check()
        cells = np.ones(CELLS)
        for pair, ratio in self.odds_ratios.items():
            first, second = (NAMES.index(name) for name in pair.split(" and "))
            cells[HAS[first] & HAS[second]] *= ratio
        table = cells.reshape((2,) * len(NAMES))  # the last axis is the first attribute
        for _ in range(_STEPS):
            before = table
            for k, name in enumerate(NAMES):
                axis = len(NAMES) - 1 - k
                others = tuple(each for each in range(len(NAMES)) if each != axis)
                share = self.shares.get(name, 0.5)
                held = np.maximum(table.sum(others, keepdims=True), 1e-300)
                wanted = np.array([1 - share, share]).reshape(held.shape)
                table = table * (wanted / held)
            if np.abs(table - before).max() < 1e-14:
                break
        return table.reshape(CELLS)

    def _check(self) -> None:
        unknown = [name for name in self.shares if name not in NAMES]
        pairs = {f"{a} and {b}" for a in NAMES for b in NAMES if a != b}
        unknown += [pair for pair in self.odds_ratios if pair not in pairs]
        if unknown:
            raise UserError(
                f"{unknown[0]} is no attribute of the invented people; they have "
                f"{', '.join(NAMES)}, and pairs such as education and income."
            )
        wrong = [f"{n} {s}" for n, s in self.shares.items() if not 0 <= s <= 1]
        wrong += [f"{n} {r}" for n, r in self.odds_ratios.items() if not 0 < r < np.inf]
        if wrong:
            raise UserError(
                f"{wrong[0]}: a share is from 0 to 1, and an odds ratio is above 0. "
                "For 30 % write 0.3."
            )


def cell_rates(joint: np.ndarray, overall: float, rates: Mapping[str, float]) -> np.ndarray:
    """The rate in each cell, float64 (16), if only the rates of whole groups are published.

    joint: the share of each cell. overall: the rate of all. rates: of people with the first value
    of an attribute. The log odds of a cell are a sum over its attributes: no interactions beyond
    that are assumed. The margins are exact. Raises UserError if no population has these rates.
    """
    used = [name for name in NAMES if name in rates]
    rows = np.array([np.ones(CELLS), *(HAS[NAMES.index(name)] for name in used)])
    wanted = np.array([overall, *(rates[name] for name in used)])
    masses = rows * joint
    size = masses.sum(1)
    effects = np.zeros(len(rows))
    effects[0] = np.log(overall / (1 - overall))
    for _ in range(100):  # Newton's steps, not too long; the problem is concave
        p = 1 / (1 + np.exp(-effects @ rows))
        miss = masses @ p - wanted * size
        if np.abs(miss).max() < 1e-12:
            return np.asarray(p)
        step = np.linalg.lstsq((masses * p * (1 - p)) @ rows.T, miss, rcond=None)[0]
        effects -= np.clip(step, -3, 3)
    raise UserError(
        f"No population has an overall share of {overall:g} and these shares in its groups; "
        "the share of all lies between those of a group and of everybody else."
    )


@dataclass(frozen=True)
class Caseload:
    """The cases of an organ: invented people who claim. person: int64 (n). cell: int64 (n)."""

    person: np.ndarray
    cell: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def claim_chances(mix: Mix, claiming: float) -> tuple[int, int]:
    """The chance to claim of people with an income from the median, and of those below, of 2^32.

    claiming: the share of adults who claim. Half of all people have an income below the median;
    among those who claim their share is the mix's. Raises UserError if that is impossible.
    """
    low = mix.shares.get("income", 0.5)
    chances = 2 * claiming * (1 - low), 2 * claiming * low
    if max(chances) > 1 or claiming < 0:
        raise UserError(
            f"{claiming:g} of adults claim and {low:g} of them have an income below the median, "
            "but half of all adults have: more would claim than there are."
        )
    return threshold(chances[0]), threshold(chances[1])


def cell_thresholds(joint: np.ndarray) -> np.ndarray:
    """Cumulative thresholds of 2^32 of the other attributes, given income: int64 (2, 8).

    Row 1 is for incomes below the median. The cell of a person is the number of thresholds that
    the draw reaches, with the bit of income above it.
    """
    parts = joint.reshape(2, CELLS // 2)
    totals = np.maximum(parts.sum(1, keepdims=True), 1e-300)
    cumulative = np.cumsum(parts / totals, axis=1)
    cumulative[:, -1] = 1
    return np.round(cumulative * 2.0**32).astype(np.int64)


def caseload(
    person: np.ndarray, low_income: np.ndarray, mix: Mix, claiming: float, seed: int
) -> Caseload:
    """Who of the invented adults claims, and each one's cell.

    person: int64 (n), numbers of adults. low_income: bool (n), whether below the median.
    """
    low = np.asarray(low_income, bool)
    chances = np.array(claim_chances(mix, claiming))
    claims = draws(seed, CLAIM, 0, person) < chances[low.astype(int)]
    who, low = np.asarray(person)[claims], low[claims].astype(np.int64)
    reached = cell_thresholds(mix.joint())[low] <= draws(seed, CELL, 0, who)[:, None]
    return Caseload(who, reached.sum(1) + (low << _INCOME))


def members(cell: np.ndarray, group: str) -> np.ndarray:
    """Whether each case is of a group such as "women" or "degree"; "all" is everybody."""
    if group == "all":
        return np.ones(len(cell), bool)
    for k, names in enumerate(ATTRIBUTES.values()):
        if group in names:
            return np.asarray((np.asarray(cell) >> k & 1).astype(bool) == (group == names[0]))
    raise UserError(f"{group} is no group of the invented people; groups are {', '.join(GROUPS)}.")


GROUPS = tuple(name for names in ATTRIBUTES.values() for name in names)
