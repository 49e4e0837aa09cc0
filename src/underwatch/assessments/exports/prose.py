"""Forms of which no schema is published, as a draft text that an author completes (Markdown)."""

from __future__ import annotations

from itertools import groupby

from underwatch.assessments.answers.answer import CLASSES, answer
from underwatch.assessments.answers.forms import Field, Form, form
from underwatch.assessments.answers.passages import passage
from underwatch.assessments.answers.risks import risks, scale_in_words
from underwatch.assessments.exports.exported import Exported
from underwatch.assessments.result import Answer, Assessed
from underwatch.report.words import upper_first


def export(assessed: Assessed, kind: str) -> Exported:
    """One form, part by part: each field with its answer, or with what the author settles."""
    given = answer(assessed, kind)
    wanted = form(kind)
    lines = [*_head(assessed, wanted)]
    for part, fields in groupby(given, key=lambda each: _field(wanted, each).part):
        lines += [f"## {part}", ""] if part else []
        for each in fields:
            lines += [f"### {each.id} {each.label}", "", f"*{CLASSES[each.cls].capitalize()}.*", "",
                      each.text, ""]  # fmt: skip
            lines += _table(assessed) if "risks" in _field(wanted, each).passages else []
    left = sum(each.cls == "A" for each in given)
    note = f"A draft with {len(given)} fields; {left} of them are left to the author."
    return Exported("\n".join(lines).rstrip() + "\n", note)


def _head(assessed: Assessed, wanted: Form) -> list[str]:
    return [
        f"# {wanted.title}: {assessed.deployment.title}",
        "",
        f"**Draft.** {assessed.stamp}",
        "",
        f"Form: {wanted.authority}, {wanted.version}. {upper_first(wanted.status)}. Fields as read "
        f"in {wanted.source} (confidence {wanted.confidence}).",
        "",
        passage(assessed, "reproduce").text,
        "",
    ]


def _table(assessed: Assessed) -> list[str]:
    """The risks with their likelihood in the form's words; severity is left to the author."""
    rows = [
        f"| {each.text} | {each.origin} | {each.word('ico')} | {each.reason} | the author's |"
        for each in risks(assessed)
    ]
    if not rows:
        return []
    head = "| Risk | Source | Likelihood | Probability in the period | Severity |"
    scale = f"Likelihood: {scale_in_words('ico')}; the cut-offs are Underwatch's own."
    return [head, "|---|---|---|---|---|", *rows, "", scale, ""]


def _field(wanted: Form, given: Answer) -> Field:
    return next(field for field in wanted.fields if field.id == given.id)
