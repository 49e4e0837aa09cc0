"""What the last whole verification of the shipped model found, for methods and documents."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from underwatch.scenario.data import DATA

FILE = DATA / "verification.json"
_ORGAN = re.compile(r"\bM\d+")


@dataclass(frozen=True)
class VerifiedCheck:
    """One number of a case: what was expected, and what was got.

    Attributes
    ----------
    label: a noun phrase. unit: of all numbers; empty for a plain number.
    expected: the exact or published value. allowed: the values that would be right without error.
    got: what the organ gave. interval: 3.5 standard errors to either side of it.
    replicates: random draws, people, runs … behind it.
    agrees: whether it is right. counts: whether it is a pass if it is; see `role`.
    words: what was got, what was expected, and how far off it is if it does not agree.
    """

    label: str
    unit: str
    expected: float
    allowed: tuple[float, float]
    got: float
    interval: tuple[float, float]
    replicates: int
    role: str
    agrees: bool
    counts: bool
    words: str


@dataclass(frozen=True)
class VerifiedCase:
    """One case of a verification.

    Attributes
    ----------
    tests: the organ that is run. source: of what is expected; confidence: how it was read.
    sentence: the verdict in words.
    miss: the widest miss in words, and how many more there are; empty if there is none.
    counted: how many of its checks count. checks: all of them, with expected and got.
    beside: those that do not count, in words.
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
    miss: str
    counted: int
    checks: tuple[VerifiedCheck, ...]
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
    >>> [case.miss for case in uw.shipped_verification().cases if case.number == 1]
    ['']
    """
    found = shipped()
    return ShippedVerification(
        found["headline"], tuple(found["sentences"]), found["seed"],
        tuple(_case(case) for case in found["cases"]),
    )  # fmt: skip


def _case(kept: dict[str, Any]) -> VerifiedCase:
    checks = (
        VerifiedCheck(**(one | {name: tuple(one[name]) for name in ("allowed", "interval")}))
        for one in kept["checks"]
    )
    names = {name: kept[name] for name in VerifiedCase.__dataclass_fields__}
    return VerifiedCase(**(names | {"checks": tuple(checks)}))


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
    """One sentence, without a full stop: how many cases are reproduced, which are not, how far."""
    return f"In the verification of the model, {shipped()['headline']}{_missed()}"


def _missed(numbers: Collection[int] | None = None) -> str:
    """The cases that are not reproduced, with the widest miss of each; empty if there are none."""
    missed = [
        f"{case['number']} {case['title']} ({case['miss']})"
        for case in shipped()["cases"]
        if case["verdict"] == "not reproduced" and (numbers is None or case["number"] in numbers)
    ]
    return "; not reproduced: " + "; ".join(missed) if missed else ""


def verified_of(organs: Iterable[str]) -> str:
    """The headline and the verdict of each case that runs one of these organs; no full stop.

    Of those that are not reproduced, the widest miss as well.

    Examples
    --------
    >>> verified_of(["M27"])[-36:]
    '; of the cases on M27: reproduced 22'
    """
    named = [*organs]
    by_verdict: dict[str, list[int]] = {}
    for case in shipped()["cases"]:
        if {*named} & {*_ORGAN.findall(case.get("tests", ""))}:
            verdict = {"bracket": "not tested"}.get(case["verdict"], case["verdict"])
            by_verdict.setdefault(verdict, []).append(case["number"])
    text = f"In the verification of the model, {shipped()['headline']}"
    missed = by_verdict.pop("not reproduced", [])
    if by_verdict:
        parts = (
            f"{verdict} {', '.join(map(str, numbers))}" for verdict, numbers in by_verdict.items()
        )
        text += f"; of the cases on {', '.join(named)}: {'; '.join(parts)}"
    return text + (_missed(missed) if missed else "")
