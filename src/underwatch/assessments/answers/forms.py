"""The forms that assessments answer, as data/forms holds them: fields, and what answers each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from underwatch.errors import UserError, did_you_mean
from underwatch.scenario.data import DATA

FOLDER = DATA / "forms"
# In the order in which they are listed. Canada's form has a folder of its own, with its score.
NAMES = ("eu-fria", "eu-article-5", "gdpr-dpia", "iama", "nl-dpia", "atrs", "ico-dpia", "us-sir")


@dataclass(frozen=True)
class Field:
    """One field of a form.

    id: as the form numbers it. cls: "R" from the run, "D" from the file, "A" left to `by`.
    passages: the passages that answer it, or for "A" bear on it. settle: what is left open.
    beside: fields of another form that ask the same. kinds: kinds of deployments that it
    concerns; empty for all. part: the heading of the form under which it stands. shown_if: a
    field before it, and the answer of that which it needs. otherwise: why it does not apply
    without that answer.
    """

    id: str
    label: str
    cls: str
    passages: tuple[str, ...] = ()
    by: str = "the author of the assessment"
    settle: str = ""
    beside: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    part: str = ""
    shown_if: tuple[str, ...] = ()
    otherwise: str = ""


@dataclass(frozen=True)
class Form:
    """One form. status: "" or why an export of it is a draft. law: keys of data/law.yaml."""

    id: str
    title: str
    authority: str
    version: str
    source: str
    confidence: str
    status: str
    law: tuple[str, ...]
    fields: tuple[Field, ...]


@cache
def form(name: str) -> Form:
    """The form with this name, read once. Raises UserError for a name that is none of `NAMES`."""
    if name not in NAMES:
        raise UserError(f"{name} is not a form{did_you_mean(name, NAMES)}")
    table = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    fields = tuple(_field(entry) for entry in table["field"])
    return Form(**_frozen(table["form"]), fields=fields)


def _field(entry: dict[str, Any]) -> Field:
    named = _frozen(entry)
    return Field(cls=named.pop("class"), **named)


def _frozen(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of a form with its lists as tuples."""
    return {key: tuple(each) if isinstance(each, list) else each for key, each in entry.items()}
