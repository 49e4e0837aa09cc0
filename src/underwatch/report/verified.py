"""What the last whole verification of the shipped model found, for methods and documents."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from underwatch.scenario.data import DATA

FILE = DATA / "verification.json"
_ORGAN = re.compile(r"\bM\d+")


@dataclass(frozen=True)
class VerifiedCase:
    """One case of a verification.

    tests: the organ that is run. source: of what is expected; confidence: how it was read.
    sentence: the verdict in words. checks: those that count; beside: those that do not, in words.
    notices: a fault that the case would notice. note: what to know of it.
    """

    number: int
    title: str
    tests: str
    source: str
    kind: str
    confidence: str
    verdict: str
    sentence: str
    checks: int
    beside: str
    notices: str
    note: str


@dataclass(frozen=True)
class ShippedVerification:
    """The last whole verification of the shipped model: what it found, and every case."""

    headline: str
    sentences: tuple[str, ...]
    seed: int
    cases: tuple[VerifiedCase, ...]


def shipped_verification() -> ShippedVerification:
    """What the last whole verification found; `underwatch.verify` runs the cases again.

    Examples
    --------
    >>> import underwatch as uw
    >>> uw.shipped_verification().cases[0].title
    'False alerts and the size of the list'
    """
    found = shipped()
    names = VerifiedCase.__dataclass_fields__
    cases = (VerifiedCase(**{name: case[name] for name in names}) for case in found["cases"])
    return ShippedVerification(
        found["headline"], tuple(found["sentences"]), found["seed"], tuple(cases)
    )


@cache
def shipped() -> dict[str, Any]:
    """What docs/verification.py wrote: headline, sentences, counts, seed, and every case.

    Examples
    --------
    >>> sorted(shipped())
    ['cases', 'counts', 'headline', 'seed', 'sentences']
    """
    found: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
    return found


def verified() -> str:
    """One sentence, without a full stop: how many cases are reproduced, and which are not."""
    missed = [case for case in shipped()["cases"] if case["verdict"] == "not reproduced"]
    text = f"In the verification of the model, {shipped()['headline']}"
    if missed:
        text += "; not reproduced: " + ", ".join(f"{c['number']} {c['title']}" for c in missed)
    return text


def verified_of(organs: Iterable[str]) -> str:
    """The headline and the verdict of each case that runs one of these organs; no full stop.

    Examples
    --------
    >>> verified_of(["M27"])[-36:]
    '; of the cases on M27: reproduced 22'
    """
    named = [*organs]
    by_verdict: dict[str, list[str]] = {}
    for case in shipped()["cases"]:
        if {*named} & {*_ORGAN.findall(case.get("tests", ""))}:
            verdict = {"bracket": "not tested"}.get(case["verdict"], case["verdict"])
            by_verdict.setdefault(verdict, []).append(str(case["number"]))
    text = f"In the verification of the model, {shipped()['headline']}"
    if by_verdict:
        parts = (f"{verdict} {', '.join(numbers)}" for verdict, numbers in by_verdict.items())
        text += f"; of the cases on {', '.join(named)}: {'; '.join(parts)}"
    return text
