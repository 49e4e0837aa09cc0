"""What a case of the verification is: an expectation, and a run of an organ that must meet it.

A case runs an organ's own kernel, the function that a run or an assessment calls; a formula
beside the code is the expected side only. It returns checks, one for each number that it compares.
A check says what it compares; only those of an organ or of a statistic count as a pass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from typing import Literal

Kind = Literal[
    "exact", "empirical", "replication", "fitted", "out of sample", "bracket", "not modelled"
]
KINDS: tuple[Kind, ...] = (
    "exact", "empirical", "replication", "fitted", "out of sample", "bracket", "not modelled",
)  # fmt: skip
Role = Literal["organ", "statistic", "formula", "identity", "derived", "model", "fitted"]
ROLES: dict[Role, str] = {
    "organ": "",
    "statistic": "a statistic, not the organ",
    "formula": "a formula, not the organ",
    "identity": "an identity of the input",
    "derived": "what follows from other checks",
    "model": "the model against itself",
    "fitted": "an input was fitted to it",
}
COUNTED = ("organ", "statistic")  # roles of checks that count as a pass
CONFIDENCES = {
    "V": "the source itself was read",
    "S": "a press or secondary account",
    "M": "from memory, to be checked",
    "C": "computed",
}
# Standard errors to either side of what was got: some hundred checks of a right model together
# stay within them in 95 % of all seeds. With three, a whole verification failed in one of four.
ERRORS = 3.5
# Why a quick verification leaves out a case that needs runs of the default scenario.
SLOW = (
    "each simulates years of an invented nation of 50,000 citizens or more, up to six times, which "
    "takes twenty seconds or longer"
)
_ROUNDING = 1e-9  # relative; what floating point may lose in a result that has no other error


@dataclass(frozen=True)
class Check:
    """One number of a case: what is expected, and what the organ gave.

    Attributes
    ----------
    label: a noun phrase, such as "False alerts in 10,000 passes, 1,000 faces".
    expected, got: in `unit`.
    unit: such as "%" or "per million"; empty for a plain number.
    error: the standard error of `got`; 0 where no chance is involved.
    tolerance: how far `got` may lie from `expected`, besides its error.
    band: the published interval, or the range that is allowed, in place of expected ± tolerance;
        `got` must lie inside, whatever its error.
    replicates: how many random draws, people, runs … `got` rests on.
    role: what is compared. An organ, or a statistic that is printed, with what is known of it; or
        what proves nothing when it agrees: a formula of the package, an identity of the input,
        what follows from other checks (such as the complement of a share), the model against
        itself, a figure to which an input was fitted.

    Examples
    --------
    >>> check = Check("Heads", 50.0, 49.2, "%", error=0.5, replicates=10_000)
    >>> check.agrees, check.interval
    (True, (47.45, 50.95))
    >>> Check("Share", 7.0, 8.2, "%", error=0.1, band=(6.1, 8.1)).agrees
    False
    """

    label: str
    expected: float
    got: float
    unit: str = ""
    error: float = 0.0
    tolerance: float = 0.0
    band: tuple[float, float] | None = None
    replicates: int = 1
    role: Role = "organ"

    def __post_init__(self) -> None:
        """Hold plain numbers, whatever a case has computed them with."""
        for name in ("expected", "got", "error", "tolerance"):
            object.__setattr__(self, name, float(getattr(self, name)))
        object.__setattr__(self, "replicates", int(self.replicates))

    @property
    def allowed(self) -> tuple[float, float]:
        """The values of an organ without any error that would be right."""
        if self.band is not None:
            return self.band
        return self.expected - self.tolerance, self.expected + self.tolerance

    @property
    def interval(self) -> tuple[float, float]:
        """`got` with 3.5 standard errors to either side."""
        reach = ERRORS * self.error
        return round(self.got - reach, 12), round(self.got + reach, 12)

    @property
    def agrees(self) -> bool:
        """Whether what was got is right.

        With a band it lies inside. Else it lies within the tolerance, which 3.5 standard errors
        of its own widen.
        """
        if not (isfinite(self.got) and isfinite(self.error)):
            return False
        low, high = self.allowed
        reach = _ROUNDING * max(abs(low), abs(high))
        reach += 0.0 if self.band is not None else ERRORS * self.error
        return low - reach <= self.got <= high + reach

    @property
    def counts(self) -> bool:
        """Whether it is a pass if it agrees. What does not count still fails a case."""
        return self.role in COUNTED

    @property
    def off(self) -> float:
        """How far `got` lies from `expected`, relative to it; absolute where that is 0."""
        return (self.got - self.expected) / abs(self.expected or 1.0)


Run = Callable[[int, int], list[Check]]  # gets replicates and seed


@dataclass(frozen=True)
class Case:
    """One case of the verification.

    Attributes
    ----------
    number: as in the list of cases; 1 to 39, and from 40 on what was added later.
    title: a noun phrase.
    tests: the organ or the statistic that is run, such as "M12 Face matching: FPIR of a list".
    source: where the expectation comes from. confidence: see `CONFIDENCES`.
    kind: exact (an answer follows from mathematics), empirical (a published measurement),
        replication (what another model was published to do, in its world), fitted
        (inputs were fitted to the figure, so it is reproduced and not predicted), out of sample
        (the prediction was committed before it was compared), bracket (nothing is tested: what
        the figures would take), or not modelled.
    run: gets the number of replicates and a seed; returns the checks. None if not modelled.
    replicates: in a whole verification. quick: in a quick one; 0 leaves the case out.
    notices: a plausible fault that the case would notice, with the size of its effect beside
        the error of the check.
    note: what a reader must know: what was fitted, why it is not modelled, the order of commits.
    miss: why the case is not reproduced, if it is known.
    slow: what a quick verification leaves out of the case, the whole if quick is 0, and why.
    seconds: about how long a whole run of it takes on one core; the longest start first.
    """

    number: int
    title: str
    tests: str
    source: str
    confidence: str
    kind: Kind
    run: Run | None = None
    replicates: int = 1
    quick: int = 1
    notices: str = ""
    note: str = ""
    miss: str = ""
    slow: str = ""
    seconds: float = 1.0

    def __post_init__(self) -> None:
        """Raise ValueError for a case that says less than a reader needs."""
        if self.confidence not in CONFIDENCES or self.kind not in KINDS:
            raise ValueError(f"case {self.number}: {self.confidence!r}, {self.kind!r}")
        if (self.run is None) != (self.kind == "not modelled"):
            raise ValueError(f"case {self.number}: a case that is modelled has a run, no other has")
        if self.kind in ("fitted", "bracket", "not modelled") and not self.note:
            raise ValueError(f"case {self.number}: a {self.kind} case has a note that says why")
        if not self.quick and not self.slow:
            raise ValueError(f"case {self.number}: a slow case says why")
