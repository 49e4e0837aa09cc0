"""The result of `verify`, with the verbs of every result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.results import folder as store
from underwatch.results.base import Page, Result, write_page
from underwatch.verification.case import COUNTED, KINDS, Check
from underwatch.verification.verdict import CaseResult
from underwatch.verification.wording import (
    counted,
    counted_by_kind,
    headline,
    left_out_words,
    sentences,
)

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

CHECKS = "checks.parquet"
# Columns of the table of checks: type, unit, and what they mean.
COLUMNS: Mapping[str, tuple[str, str, str]] = {
    "case": ("int", "number", "the number of the case"),
    "title": ("str", "text", "what is compared"),
    "kind": ("str", "text", ", ".join(KINDS)),
    "verdict": ("str", "text", "of the whole case"),
    "confidence": ("str", "letter", "how the source was read: V, S, M, or C for computed"),
    "tests": ("str", "text", "the organ or the statistic that is run"),
    "source": ("str", "text", "where the expectation comes from"),
    "check": ("str", "text", "one number of the case; empty for a case that is not modelled"),
    "unit": ("str", "text", "of all numbers of the row; empty for a plain number"),
    "expected": ("float", "of the row", "the exact or published value"),
    "allowed_low": ("float", "of the row", "the lowest value that would be right without error"),
    "allowed_high": ("float", "of the row", "the highest value that would be right without error"),
    "got": ("float", "of the row", "what the organ gave"),
    "error": ("float", "of the row", "its standard error; 0 where no chance is involved"),
    "low": ("float", "of the row", "got less 3.5 standard errors"),
    "high": ("float", "of the row", "got plus 3.5 standard errors"),
    "replicates": ("int", "number", "random draws, people, runs … behind it"),
    "agrees": ("bool", "true or false", "whether what was got is right, see Check.agrees"),
    "role": ("str", "text", f"{' or '.join(COUNTED)}, which count, or what it is instead"),
    "note": ("str", "text", "what a reader must know of the case"),
}


@dataclass(frozen=True, eq=False, repr=False)
class Verification(Result):
    """Cases run against the organs of the model; made by `underwatch.verify`.

    Attributes
    ----------
    cases: the result of each case, by number. provenance: seed, versions, machine and time.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.verify([36])
    >>> found[36].verdict, found.exact_passed
    ('reproduced', True)
    """

    provenance: dict[str, Any]
    cases: tuple[CaseResult, ...]

    kind: ClassVar[str] = "verify"

    def __getitem__(self, number: int) -> CaseResult:
        """A case by its number; KeyError if it was not run."""
        for case in self.cases:
            if case.number == number:
                return case
        raise KeyError(number)

    @property
    def title(self) -> str:
        """How many cases are reproduced."""
        return headline(self.cases)

    @property
    def exact_passed(self) -> bool | None:
        """Whether every exact case is reproduced, whatever became of others; None without any."""
        exact = [case for case in self.cases if case.kind == "exact"]
        return not any(case.is_miss for case in exact) if exact else None

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """How many cases of each kind have each verdict."""
        return counted_by_kind(self.cases)

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each check, and one without numbers for a case that has none."""
        frame: pd.DataFrame = self._table().to_pandas()
        return frame

    def plot(self) -> alt.TopLevelMixin:
        """Every check: how far it lies from what is expected, beside what is allowed."""
        from underwatch.verification.chart import checks_chart

        return checks_chart(self.cases, self.provenance)

    def report(self, file: str | Path | None = None) -> Page:
        """The verification as one HTML page that needs no network; written to `file` if given."""
        from underwatch.verification.page import page

        return write_page(page(self.cases, self.provenance, self.methods()), file)

    def save(self, folder: str | Path) -> Path:
        """Write the verification to a new folder that `underwatch.load` reads back.

        Raises UserError if the folder holds something already.
        """
        from underwatch.results.codebook import as_csv, of_table

        path, rows = store.as_path(folder), self._table()
        meanings = {name: (unit, meaning) for name, (_, unit, meaning) in COLUMNS.items()}
        record = self.provenance | {"result": [asdict(case) for case in self.cases]}
        book = as_csv(of_table(rows, CHECKS, meanings))
        store.save_study(path, record, {"checks": rows}, self.report(), codebook=book)
        return path

    @classmethod
    def load(cls, folder: str | Path) -> Verification:
        """Read a verification from its folder. Raises UserError if it has changed."""
        from underwatch.results.record_schema import checked, readable

        path = store.as_path(folder)
        record = store.load_provenance(path)
        with readable(path, "a verification"):
            listed = checked(list[CaseResult], record.pop("result"))
            return cls(record, tuple(_case_of(one) for one in listed))

    def methods(self) -> str:
        """How the verification was made, as a paragraph for a paper."""
        about = self.provenance
        return (
            f"We used Underwatch {about['versions']['underwatch']} to run {len(self.cases)} cases "
            "of exact results and published figures against the organs of the model, by the "
            f"functions that its runs use, with seed {about['seed']}. {' '.join(self.sentences())} "
            "Where a check rests on random draws, its interval is 3.5 standard errors to either "
            "side. What was fitted says so; it is reproduced, not predicted. A formula, an "
            "identity or the model against itself is no pass."
        )

    @property
    def left_out(self) -> list[dict[str, Any]]:
        """What a quick verification leaves out: number and title of each case, and why.

        `whole` is false where only some checks of the case are left out.
        """
        return [dict(one) for one in self.provenance.get("left_out", ())]

    def sentences(self) -> list[str]:
        """What was found, the most important first, and what was left out."""
        return sentences(self.cases) + left_out_words(self.left_out)

    def _table(self) -> Any:
        from underwatch.results.parquet import schema, to_table

        rows = []
        for case in self.cases:
            about = {name: getattr(case, name) for name in (
                "title", "kind", "verdict", "confidence", "tests", "source", "note")}  # fmt: skip
            checks = [_row(check) for check in case.checks] or [{}]
            rows += [{"case": case.number} | about | one for one in checks]
        return to_table(rows, schema(**{name: kind for name, (kind, *_) in COLUMNS.items()}))

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("title", self.title)]
        facts += [("", f"{n} {verdict}") for verdict, n in counted(self.cases).items()]
        return [*facts, ("seed", str(self.provenance["seed"]))]


def _row(check: Check) -> dict[str, Any]:
    (allowed_low, allowed_high), (low, high) = check.allowed, check.interval
    return {
        "check": check.label, "unit": check.unit, "expected": check.expected,
        "allowed_low": allowed_low, "allowed_high": allowed_high, "got": check.got,
        "error": check.error, "low": low, "high": high, "replicates": check.replicates,
        "agrees": check.agrees, "role": check.role,
    }  # fmt: skip


def _case_of(plain: dict[str, Any]) -> CaseResult:
    checks = (
        Check(**(one | {"band": None if one["band"] is None else tuple(one["band"])}))
        for one in plain["checks"]
    )
    return CaseResult(**(plain | {"checks": tuple(checks)}))
