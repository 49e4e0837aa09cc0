"""The document of an assessment: what stands in it, in which order."""

from __future__ import annotations

from collections.abc import Iterator

from underwatch.assess.answers.answer import CLASSES, answer
from underwatch.assess.answers.forms import form
from underwatch.assess.answers.passages import passage
from underwatch.assess.answers.risks import risks, scale_in_words
from underwatch.assess.answers.topics import upper
from underwatch.assess.document.blocks import (
    Answered,
    Block,
    Content,
    Line,
    Paragraph,
    Picture,
    Points,
    Section,
)
from underwatch.assess.document.chart import picture
from underwatch.assess.document.tables import (
    driver_table,
    figure_table,
    input_table,
    safeguard_table,
)
from underwatch.assess.law import CONFIDENCE, NO_ADVICE, in_sentences, in_words, law
from underwatch.assess.result import Assessed

LIMITS = (
    "Everyone in it is invented. Rates follow from published aggregates and from assumptions, "
    "never from records of real people.",
    "An interval carries the ranges of the inputs, or chance where it says so. It does not carry "
    "whether the model has the right parts.",
    "A figure published for one algorithm, list or place may not hold for another.",
    "The run compares worlds with each other on the same people. It does not predict a number that "
    "will be observed.",
)


def content(assessed: Assessed) -> Content:
    """The whole document: findings first, then figures, fields of the forms, limits, inputs."""
    made = (
        Section("summary", "Summary", tuple(_summary(assessed))),
        Section("figures", "Figures", tuple(_figures(assessed))),
        Section("fields", "Fields of the impact assessment", tuple(_fields(assessed))),
        Section("questions", "Questions under the law", tuple(_questions(assessed))),
        Section("limits", "Limits", tuple(_limits(assessed))),
        Section("reproduce", "How to reproduce", tuple(_reproduce(assessed))),
    )
    return Content(assessed.deployment.title, "Impact assessment", assessed.stamp, made)


def _summary(assessed: Assessed) -> Iterator[Block]:
    yield Paragraph(passage(assessed, "deployment").text)
    yield Paragraph(passage(assessed, "purpose").text)
    yield Points(tuple(each.sentence for each in assessed.findings[:3]), ordered=True)
    drawn = picture(assessed)
    if isinstance(drawn, Picture):
        yield drawn


def _figures(assessed: Assessed) -> Iterator[Block]:
    made = figure_table(assessed)
    if made.rows:
        yield made
    agreed = passage(assessed, "agreement").text
    if agreed:
        yield Paragraph(agreed, quiet=True)
    if assessed.safeguards:
        yield safeguard_table(assessed)
    if assessed.drivers:
        yield driver_table(assessed)


def _fields(assessed: Assessed) -> Iterator[Block]:
    words = "; ".join(f"{letter}, {meaning}" for letter, meaning in CLASSES.items())
    yield Paragraph(
        f"AI Act, Article 27, beside GDPR, Article 35(7). Each field is marked: {words}. "
        f"{upper(form('eu-fria').status)}.",
        quiet=True,
    )
    beside = {field.id: field.beside for field in form("eu-fria").fields}
    for given in answer(assessed, "eu-fria"):
        yield _answered(given.id, given.label, given.cls, beside.get(given.id, ()), given.text)
    same = {other for others in beside.values() for other in others}
    for given in answer(assessed, "gdpr-dpia"):
        if given.id not in same:
            yield _answered(given.id, given.label, given.cls, (), given.text)
    if risks(assessed):
        yield Paragraph(f"Probabilities in words: {scale_in_words('ico')}.", quiet=True)


def _answered(name: str, label: str, cls: str, beside: tuple[str, ...], text: str) -> Answered:
    return Answered(name, label, cls, beside, tuple(text.split("\n\n")))


def _questions(assessed: Assessed) -> Iterator[Block]:
    state = law()
    yield Paragraph(
        f"State of the law on {in_words(state.as_of)}; {CONFIDENCE}. {NO_ADVICE}", quiet=True
    )
    yield Paragraph(passage(assessed, "place in the AI Act").text)
    for given in answer(assessed, "eu-article-5"):
        yield _answered(given.id, given.label, given.cls, (), given.text)
    lines = []
    for key in assessed.deployment.legal_regime:
        act = state.acts.get(key)
        said = (
            " ".join(in_sentences(act, state.as_of, sources=False))
            if act
            else "no state of it is known here."
        )
        lines.append(f"{act.name if act else key}: {said}")
    if lines:
        yield Points(tuple(lines))


def _limits(assessed: Assessed) -> Iterator[Block]:
    yield Points((passage(assessed, "assumptions").text, *LIMITS))


def _reproduce(assessed: Assessed) -> Iterator[Block]:
    origin = assessed.provenance
    number = f"{origin.citizens:,}" if origin.citizens else "as many as the file implies"
    yield Line(origin.command)
    yield Paragraph(
        f"Underwatch {origin.version}; deployment {origin.hash}; {len(origin.seeds)} seeds "
        f"({', '.join(map(str, origin.seeds))}); invented people: {number}; {origin.days:,} days.",
        quiet=True,
    )
    yield input_table(assessed)
