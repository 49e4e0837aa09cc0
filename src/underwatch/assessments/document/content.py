"""The document of an assessment: what stands in it, in which order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from underwatch.assessments.answers.answer import CLASSES, answer
from underwatch.assessments.answers.estimates import too_few
from underwatch.assessments.answers.forms import form
from underwatch.assessments.answers.passages import passage
from underwatch.assessments.answers.simulated import signs
from underwatch.assessments.answers.topics import safeguard_measures
from underwatch.assessments.document.blocks import (
    Answered,
    Block,
    Content,
    Line,
    Paragraph,
    Picture,
    Points,
    Section,
)
from underwatch.assessments.document.chart import picture
from underwatch.assessments.document.tables import (
    driver_table,
    figure_table,
    input_table,
    legend,
    marked,
    safeguard_table,
    threshold_table,
)
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.law import CONFIDENCE, NO_ADVICE, in_sentences, in_words, law
from underwatch.assessments.result import Answer, Assessed
from underwatch.report.limits import COMMAND, TITLE
from underwatch.report.verified import verified_of
from underwatch.report.words import upper_first

LIMITS = (
    "Everyone in it is invented. Rates follow from published aggregates and from assumptions, "
    "never from records of real people.",
    "An interval carries the ranges of the inputs, or chance where it says so. It does not carry "
    "whether the model has the right parts. Inputs are drawn independently of each other; shares "
    "of a whole are scaled so that they add up to 1.",
    "A figure published for one algorithm, list or place may not hold for another.",
    "The run compares worlds with each other on the same people. It does not predict a number that "
    "will be observed.",
)


def content(assessed: Assessed) -> Content:
    """The whole document: findings first, then figures, fields of the forms, limits, inputs."""
    first: dict[str, str] = {}
    made = (
        Section("summary", "Summary", tuple(_summary(assessed))),
        Section("figures", "Figures", tuple(_figures(assessed))),
        Section("fields", "Fields of the impact assessment", tuple(_fields(assessed, first))),
        Section("questions", "Questions under the law", tuple(_questions(assessed, first))),
        Section("limits", "Limits", tuple(_limits(assessed))),
        Section("reproduce", "How to reproduce", tuple(_reproduce(assessed))),
    )
    return Content(assessed.deployment.title, "Impact assessment", assessed.stamp, made)


def _summary(assessed: Assessed) -> Iterator[Block]:
    yield Paragraph(passage(assessed, "deployment").text)
    yield Paragraph(passage(assessed, "purpose").text)
    found = tuple(marked(each.sentence) for each in assessed.findings[:3])
    yield Points(found, ordered=True)
    decided = marked(passage(assessed, "conclusion").text)
    if decided:
        yield Paragraph(decided)
    signs = legend(*found, decided)
    if signs:
        yield Paragraph(f"{upper_first('; '.join(signs))}.", quiet=True)
    drawn = picture(assessed)
    if isinstance(drawn, Picture):
        yield drawn


def _figures(assessed: Assessed) -> Iterator[Block]:
    by_group = threshold_table(assessed)
    if by_group is not None:
        yield by_group
    made = figure_table(assessed)
    if made.rows:
        yield made
    agreed = passage(assessed, "agreement").text
    if agreed:
        yield Paragraph(agreed, quiet=True)
    if safeguard_measures(assessed):
        yield safeguard_table(assessed)
        if open_signs := signs(assessed):
            yield Paragraph(open_signs, quiet=True)
    if assessed.drivers:
        few = too_few(assessed.estimate(assessed.drivers[0].measure))
        yield Paragraph(passage(assessed, "drivers").text) if few else driver_table(assessed)


def _fields(assessed: Assessed, first: dict[str, str]) -> Iterator[Block]:
    beside = {field.id: field.beside for field in form("eu-fria").fields}
    same = {other for others in beside.values() for other in others}
    given = [*answer(assessed, "eu-fria"), *answer(assessed, "gdpr-dpia")]
    asked = [each for each in given if each.id not in same]
    met = {each.cls for each in asked}
    words = "; ".join(f"{mark}, {meaning}" for mark, meaning in CLASSES.items() if mark in met)
    signs = "".join(f" {each}." for each in legend(*(marked(each.text) for each in asked)))
    yield Paragraph(
        f"AI Act, Article 27 (FRIA), beside GDPR, Article 35(7). {_duty(assessed)}"
        f"Each field is marked: {words}. "
        f"{upper_first(form('eu-fria').status)}.{signs}",
        quiet=True,
    )
    yield from _each_once(asked, first, beside)


def _duty(assessed: Assessed) -> str:
    """When the duty of Article 27 begins, if it does not apply on the first day of use."""
    begins, period = law().article_27, assessed.deployment.period
    if "eu_ai_act" not in assessed.deployment.legal_regime or period.first_day >= str(begins):
        return ""
    return (
        f"On the state of the law given below this duty begins on {in_words(begins)}, after the "
        "first day of use. "
    )


def _each_once(
    given: Sequence[Answer],
    first: dict[str, str],
    beside: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
) -> Iterator[Block]:
    """The fields; where one would repeat a paragraph of another, it refers to it.

    first: paragraph to the field that has it; it is filled as fields are written.
    """
    for each in given:
        paragraphs, elsewhere = [], []
        for text in each.text.split("\n\n"):
            place = first.setdefault(text, each.id)
            if place == each.id:
                paragraphs.append(marked(text))
            elif paragraphs and paragraphs[-1].endswith(":"):  # it announces what stands elsewhere
                paragraphs[-1] = f"{paragraphs[-1]} see {place}."
            elif place not in elsewhere:
                elsewhere.append(place)
        if elsewhere:
            paragraphs.append(f"See also {', '.join(elsewhere)}.")
        yield Answered(each.id, each.label, each.cls, beside.get(each.id, ()), tuple(paragraphs))


def _questions(assessed: Assessed, first: dict[str, str]) -> Iterator[Block]:
    state = law()
    yield Paragraph(
        f"State of the law on {in_words(state.as_of)}; {CONFIDENCE}. {NO_ADVICE}", quiet=True
    )
    yield Paragraph(passage(assessed, "place in the AI Act").text)
    yield from _each_once(answer(assessed, "eu-article-5"), first)
    lines = []
    for key in assessed.deployment.legal_regime:
        act = state.acts.get(key)
        state_of_it = (
            " ".join(in_sentences(act, state.as_of, sources=False))
            if act
            else "no state of it is known here."
        )
        lines.append(f"{act.name if act else key}: {state_of_it}")
    if lines:
        yield Points(tuple(lines))


def _limits(assessed: Assessed) -> Iterator[Block]:
    fitted = passage(assessed, "fitted").text
    stated = (passage(assessed, "assumptions").text, *([fitted] if fitted else []))
    verified = verified_of(KINDS[assessed.deployment.kind].organs)
    yield Points((*stated, f"{verified} (underwatch verify).", *LIMITS))
    yield Paragraph(f"{TITLE} at all stands on a page of its own: {COMMAND}.", quiet=True)


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
