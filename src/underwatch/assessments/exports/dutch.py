"""Dutch government forms: the DPIA model 3.0 and IAMA 2.0, as the YAML of their answers.

The keys and the layout are those of the published schema of answers, version 2. It takes no keys
with letters, so that answers to such questions stand beside it, under `underwatch`.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from underwatch.assessments.answers.answer import answer
from underwatch.assessments.answers.estimates import written
from underwatch.assessments.answers.forms import form
from underwatch.assessments.answers.risks import risks, scale_in_words
from underwatch.assessments.answers.topics import label_of
from underwatch.assessments.exports.exported import Exported
from underwatch.assessments.result import Answer, Assessed

SCHEMA = (
    "https://github.com/MinBZK/par-dpia-form/blob/main/schemas/assessment-output.v2.schema.json"
)
URNS = {"iama": "urn:nl:iama:2.0", "nl-dpia": "urn:nl:dpia:3.0"}
# Explanations that the form shows after a question of yes or no; a file that explains says yes.
_ASKED_BEFORE = {"15.6.2": "15.6.1"}
_KEY = re.compile(r"^[0-9]+(\.[0-9]+)*$")


def export(assessed: Assessed, kind: str) -> Exported:
    """The answers of one of the two forms; the author's questions are listed, not filled."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    given = answer(assessed, kind)
    filled = [each for each in given if each.cls in "RD"]
    answers: dict[str, Any] = {}
    for each in filled:
        if each.id in _ASKED_BEFORE:
            answers[_ASKED_BEFORE[each.id]] = _value("true", now)
        if _KEY.match(each.id):
            answers[each.id] = _value(each.text, now)
    if kind == "nl-dpia":
        answers |= _rows(assessed, now)
    whole = {
        "$schema": SCHEMA,
        "metadata": {"urn": URNS[kind], "createdAt": now},
        "answers": answers,
        "underwatch": _beside(assessed, kind, given),
    }
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 100, True
    stream = io.StringIO()
    yaml.dump(whole, stream)
    left = sum(each.cls == "A" for each in given)
    note = f"{len(filled)} questions are answered in English; {left} are left to the author."
    return Exported(stream.getvalue(), note)


def _beside(assessed: Assessed, kind: str, given: tuple[Answer, ...]) -> dict[str, Any]:
    """What the schema has no place for: the stamp, other answers, and facts for the author."""
    other = [each for each in given if each.cls in "RD" and not _KEY.match(each.id)]
    return {
        "stamp": assessed.stamp,
        "form": f"{form(kind).title}, {form(kind).version}",
        "likelihood": scale_in_words("dutch"),
        "answers_with_other_keys": {each.id: _text(each.text) for each in other},
        "left_to_the_author": {
            each.id: _text(f"{each.label}. {each.text}") for each in given if each.cls == "A"
        },
        "not_applicable": {
            each.id: f"{each.label}. {each.text}" for each in given if each.cls == "N"
        },
        "reproduce": assessed.provenance.command,
    }


def _rows(assessed: Assessed, now: str) -> dict[str, Any]:
    """The repeated questions of chapters 16 and 17: one row for each risk and each safeguard."""
    found = risks(assessed)
    rows = [
        {
            "_index": k,
            "16.1.1": _value(f"{each.text}.", now),
            "16.1.2": _value(each.origin, now),
            **({"16.1.3": _value(each.word("dutch"), now)} if each.known else {}),
            "16.1.4": _value(f"{each.reason}. Scale: {scale_in_words('dutch')}.", now),
        }
        for k, each in enumerate(found)
    ]
    names = dict.fromkeys(each.key for each in assessed.safeguards)
    measures = [
        {"_index": k, "17.1.3": _value(_safeguard(assessed, name), now)}
        for k, name in enumerate(names)
    ]
    tables = {"16.1": rows, "17.1": measures}
    return {key: table for key, table in tables.items() if table}


def _safeguard(assessed: Assessed, key: str) -> str:
    """One safeguard, and what it changes of each main measure."""
    effects = [each for each in assessed.safeguards if each.key == key]
    parts = []
    for effect in effects:
        label, unit = label_of(assessed, effect.measure)
        before, after = written(effect.before), written(effect.after, unit=unit)
        parts.append(f"{label}: from {before} to {after}")
    return f"{effects[0].label} ({effects[0].origin}). {'; '.join(parts)}."


def _value(text: str, now: str) -> dict[str, Any]:
    return {"value": _text(text), "lastEditedAt": now}


def _text(text: str) -> str:
    """A text of several paragraphs as a block, so that people can edit it."""
    return LiteralScalarString(f"{text}\n") if "\n" in text else text
