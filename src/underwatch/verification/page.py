"""A verification as one HTML page: the verdicts, then a picture for each check of each case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from underwatch.report import origins
from underwatch.report.findings import Finding
from underwatch.report.methods import command_line
from underwatch.report.parts import Table, template
from underwatch.report.stamp import stamp
from underwatch.verification.case import CONFIDENCES
from underwatch.verification.strips import strip
from underwatch.verification.wording import numbers

if TYPE_CHECKING:
    from underwatch.verification.result import Verification

KINDS = {
    "exact": "Exact results",
    "empirical": "Published measurements",
    "fitted": "Figures to which inputs were fitted",
    "out of sample": "Out of sample: predicted before they were compared",
    "bracket": "What published figures would take",
    "not modelled": "Not modelled",
}


def page(found: Verification) -> str:
    """The page as text. Every check has a picture; what is wrong is marked by shape and colour."""
    origin = found.provenance
    seeds = f"seed {origin['seed']}" + (", quick: fewer replicates" if origin["quick"] else "")
    first, *findings = found.sentences() or ["No case was run."]
    groups = [
        (heading, [case for case in found.cases if case.kind == kind])
        for kind, heading in KINDS.items()
    ]
    return template("verification.html.j2").render(
        kicker="Verification of the model", title=first.removesuffix("."),
        text="Each case runs an organ of the model, by the function that a run or an assessment "
        "calls, and compares it with an exact result or a published figure.",
        size=[f"{len(found.cases)} cases, {seeds}"], days=None, stamp=stamp(origin),
        findings=[Finding(text) for text in findings], table=_table(found),
        groups=[(heading, some) for heading, some in groups if some],
        strip=strip, numbers=numbers, confidences=CONFIDENCES,
        methods=found.methods(), command=command_line(origin), python="",
        **origins.origin(origin),
    )  # fmt: skip


def _table(found: Verification) -> Table:
    rows = [
        [f"{case.number} {case.title}", case.kind, case.confidence,
         f"{case.agreeing} of {len(case.checks)}" if case.checks else "–", case.sentence]
        for case in found.cases
    ]  # fmt: skip
    head = ["Case", "Kind", "Confidence", "Checks that agree", "Verdict"]
    return Table("All cases", head, rows, {3})
