"""What came of a case, without its code, so that a folder can hold it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from underwatch.errors import shortened
from underwatch.verification.case import ROLES, Case, Check

Verdict = Literal["reproduced", "not reproduced", "fitted", "bracket", "not modelled"]
VERDICTS: tuple[Verdict, ...] = (
    "reproduced", "fitted", "not reproduced", "bracket", "not modelled",
)  # fmt: skip


@dataclass(frozen=True)
class CaseResult:
    """A case that was run: what it is, its checks, and the verdict.

    verdict: "reproduced" if all checks agree; "fitted" if they do and inputs were fitted to the
    figure; "not reproduced" otherwise; "bracket" and "not modelled" where nothing is tested.
    Checks that do not count (see `Check.role`) can make a case fail, and never make it pass.
    """

    number: int
    title: str
    tests: str
    source: str
    confidence: str
    kind: str
    verdict: Verdict
    checks: tuple[Check, ...]
    notices: str
    note: str
    seconds: float

    @property
    def counted(self) -> tuple[Check, ...]:
        """The checks that count as a pass if they agree."""
        return tuple(check for check in self.checks if check.counts)

    @property
    def beside(self) -> str:
        """The checks that do not count, as what they are; empty if there are none.

        Examples
        --------
        >>> one = Check("Share", 10.0, 10.0, role="identity")
        >>> CaseResult(1, "A", "B", "C", "V", "exact", "reproduced", (one,) * 2, "", "", 0).beside
        '2 checks do not count: an identity of the input (2)'
        """
        roles = Counter(check.role for check in self.checks if not check.counts)
        if not roles:
            return ""
        checks = "1 check does" if roles.total() == 1 else f"{roles.total()} checks do"
        return f"{checks} not count: " + ", ".join(f"{ROLES[r]} ({n})" for r, n in roles.items())

    @property
    def misses(self) -> tuple[Check, ...]:
        """The checks that do not agree; none where nothing is tested."""
        if self.kind == "bracket":
            return ()
        return tuple(check for check in self.checks if not check.agrees)

    @property
    def is_miss(self) -> bool:
        """Whether it was tested and is not reproduced."""
        return self.verdict == "not reproduced"

    @property
    def sentence(self) -> str:
        """The verdict, with what a reader must know to quote it.

        Examples
        --------
        >>> one = Check("Share", 10.0, 10.4, "%", tolerance=1.0)
        >>> CaseResult(1, "A", "B", "C", "V", "fitted", "fitted", (one,), "", "", 0.0).sentence
        'fitted, off by 4.0 % at most'
        """
        if self.verdict == "fitted" and self.checks:
            most = 100 * max(abs(check.off) for check in self.checks)
            return f"fitted, off by {most:.1f} % at most"
        counted = self.counted
        if self.is_miss and len(counted) > 1:
            agreeing = sum(check.agrees for check in counted)
            return f"not reproduced ({agreeing} of {len(counted)} checks agree)"
        return str(self.verdict)


def result_of(case: Case, checks: Sequence[Check], seconds: float) -> CaseResult:
    """The result of a case with these checks. Raises ValueError if it tests and none counts."""
    tests = case.kind not in ("bracket", "not modelled")
    if tests and not any(check.counts for check in checks):
        raise ValueError(f"case {case.number} has no check that counts")
    verdict = _verdict(case, checks)
    note = case.note
    if verdict == "not reproduced" and case.miss:
        note = f"{case.miss} {note}".strip()
    return CaseResult(
        case.number, case.title, case.tests, case.source, case.confidence, case.kind, verdict,
        tuple(checks), case.notices, note, round(seconds, 3),
    )  # fmt: skip


def failed(case: Case, why: str) -> CaseResult:
    """The result of a case that ended with an error: not reproduced, and why."""
    return CaseResult(
        case.number, case.title, case.tests, case.source, case.confidence, case.kind,
        "not reproduced", (), case.notices,
        f"The case ended with an error: {shortened(why, 300)}", 0.0,
    )  # fmt: skip


def _verdict(case: Case, checks: Sequence[Check]) -> Verdict:
    if case.kind == "not modelled" or case.kind == "bracket":
        return case.kind
    if not all(check.agrees for check in checks):
        return "not reproduced"
    return "fitted" if case.kind == "fitted" else "reproduced"
