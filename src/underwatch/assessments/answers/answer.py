"""The answers of a form: each field with its text, its class and the estimates behind it."""

from __future__ import annotations

from underwatch.assessments.answers.forms import Field, form
from underwatch.assessments.answers.passages import passage
from underwatch.assessments.result import Answer, Assessed

CLASSES = {
    "R": "answered from the run",
    "D": "copied from the deployment file",
    "A": "left to the author",
}
NOTHING = "The deployment file and the run say nothing on this."


def answer(assessed: Assessed, name: str) -> tuple[Answer, ...]:
    """Every field of a form that concerns this kind of deployment, answered.

    name: of the form, such as "eu-fria". An answer of class "A" states what the author has to
    settle, and then the facts that bear on it.
    """
    kind = assessed.deployment.kind
    fields = (field for field in form(name).fields if not field.kinds or kind in field.kinds)
    return tuple(_answered(assessed, field) for field in fields)


def _answered(assessed: Assessed, field: Field) -> Answer:
    passages = [found for name in field.passages if (found := passage(assessed, name)).text]
    text = "\n\n".join(each.text for each in passages)
    if field.cls == "A":
        text = f"{field.settle}\n\n{text}" if text else field.settle
    elif not text:
        text = f"{NOTHING} {field.settle}".strip()
    elif field.settle:
        text = f"{text}\n\n{field.settle}"
    facts = dict.fromkeys(fact for each in passages for fact in each.facts)
    return Answer(field.id, field.label, field.cls, text, tuple(facts))
