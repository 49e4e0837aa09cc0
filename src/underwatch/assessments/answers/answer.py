"""The answers of a form: each field with its text, its class and the estimates behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from underwatch.assessments.answers.forms import Field, form
from underwatch.assessments.answers.passages import passage
from underwatch.assessments.result import Answer, Assessed

CLASSES = {
    "R": "answered from the run",
    "D": "copied from the deployment file",
    "A": "left to the author",
    "N": "not applicable",
}
NOTHING = "Neither the deployment file nor the run says anything on it."
_ANNOUNCED = re.compile(r"[^.?!]*:$")  # the end of a text that announces facts


def answer(assessed: Assessed, name: str) -> tuple[Answer, ...]:
    """Every field of a form that concerns this kind of deployment, answered.

    name: of the form, such as "eu-fria". An answer of class "A" names who has to give it, states
    what is to be settled, and then the facts that bear on it; one of class "N" says why the field
    does not apply.
    """
    kind = assessed.deployment.kind
    found: dict[str, Answer] = {}
    for field in form(name).fields:
        if not field.kinds or kind in field.kinds:
            found[field.id] = _answered(assessed, field, found)
    return tuple(found.values())


def _answered(assessed: Assessed, field: Field, before: Mapping[str, Answer]) -> Answer:
    if field.shown_if:
        needed, value = field.shown_if
        if before[needed].text != value:
            return Answer(field.id, field.label, "N", f"Not applicable. {field.otherwise}")
    passages = [found for name in field.passages if (found := passage(assessed, name)).text]
    texts = [each.text for each in passages]
    cls = field.cls if texts else "A"
    if field.cls != "A" and not texts:
        texts = [f"To be answered by {field.by}. {NOTHING} {field.settle}".strip()]
    elif cls == "A":
        settle = field.settle if texts else _ANNOUNCED.sub("", field.settle)
        texts = [f"To be answered by {field.by}. {settle}".strip(), *texts]
    elif field.settle:
        texts.append(field.settle)
    facts = dict.fromkeys(fact for each in passages for fact in each.facts)
    return Answer(field.id, field.label, cls, "\n\n".join(texts), tuple(facts))
