"""A verification as one HTML page: the verdicts, then a picture for each check of each case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from underwatch.report import origins
from underwatch.report.findings import Finding
from underwatch.report.methods import command_line
from underwatch.report.parts import Table
from underwatch.report.stamp import stamp
from underwatch.report.templates import template
from underwatch.verification.case import CONFIDENCES, ROLES, Check
from underwatch.verification.strips import strip
from underwatch.verification.verdict import CaseResult
from underwatch.verification.wording import left_out_words, numbers, sentences

KINDS = {
    "exact": "Exact results",
    "empirical": "Published measurements",
    "replication": "Results of other models, reproduced in their world",
    "fitted": "Figures to which inputs were fitted",
    "out of sample": "Out of sample: predicted before they were compared",
    "bracket": "What published figures would take",
    "not modelled": "Not modelled",
}


def page(cases: Sequence[CaseResult], origin: Mapping[str, Any], methods: str) -> str:
    """The page as text. Every check has a picture; what is wrong is marked by shape and colour.

    origin: the provenance of the verification. methods: its paragraph for a paper.
    """
    seeds = f"seed {origin['seed']}" + (", quick: fewer replicates" if origin["quick"] else "")
    first, *findings = [*sentences(cases), *left_out_words(origin.get("left_out", ()))] or [
        "No case was run."
    ]
    groups = [
        (heading, [case for case in cases if case.kind == kind]) for kind, heading in KINDS.items()
    ]
    return template("verification.html.j2").render(
        kicker="Verification of the model", title=first.removesuffix("."),
        text="Each case runs an organ of the model, by the function that a run or an assessment "
        "calls, and compares it with an exact result or a published figure.",
        size=[f"{len(cases)} cases, {seeds}"], days=None, stamp=stamp(origin),
        findings=[Finding(text) for text in findings], table=_table(cases),
        groups=[(heading, some) for heading, some in groups if some],
        strip=strip, numbers=numbers, word=word, confidences=CONFIDENCES,
        methods=methods, command=command_line(origin), python="",
        **origins.origin(dict(origin)),
    )  # fmt: skip


def word(case: CaseResult, check: Check) -> tuple[str, str]:
    """What stands over a picture, and its kind: right, wrong, or plain where nothing is shown."""
    if case.kind == "bracket":
        return "not tested", "plain"
    if not check.agrees:
        return "does not agree", "wrong"
    if check.role == "organ" and case.kind != "fitted":
        return "reproduced", "right"
    if check.role == "statistic":
        return f"reproduced, {ROLES['statistic']}", "right"
    return f"agrees, does not count: {ROLES[check.role]}" if not check.counts else "fitted", "plain"


def _table(cases: Sequence[CaseResult]) -> Table:
    rows = [
        [f"{case.number} {case.title}", case.kind, case.confidence, case.sentence] for case in cases
    ]
    head = ["Case", "Kind", "Confidence", "Verdict"]
    return Table("All cases", head, rows)
