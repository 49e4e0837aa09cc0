"""Passages: what an assessment can say on one subject, as text and the estimates behind it.

A form names passages; each answer of each form is put together from the same ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from underwatch.assessments.answers import declared, risks, simulated, topics
from underwatch.assessments.result import Assessed, Estimate


@dataclass(frozen=True)
class Passage:
    """Text on one subject; empty if the assessment has nothing on it. facts: what it rests on."""

    text: str
    facts: tuple[Estimate, ...] = ()


_DECLARED: dict[str, Callable[[Assessed], str]] = {
    "title": declared.title,
    "deployment": declared.deployment,
    "deployer": declared.deployer,
    "place": declared.place,
    "districts": declared.districts,
    "purpose": declared.purpose,
    "process": declared.process,
    "period": declared.period,
    "people": declared.people,
    "list": declared.watch_list,
    "data": declared.data,
    "accuracy": declared.accuracy,
    "review": declared.review,
    "decisions": declared.decisions,
    "appeals": declared.appeals,
    "law": declared.law_of,
    "place in the AI Act": declared.place_in_ai_act,
    "cross references": declared.cross_references,
    "score sources": declared.score_sources,
    "self-learning": declared.self_learning,
    "published": declared.published,
    "assumptions": declared.assumptions,
    "fitted": declared.fitted,
    "reproduce": declared.reproduce,
}
_SIMULATED: dict[str, Callable[[Assessed], tuple[str, tuple[Estimate, ...]]]] = {
    "findings": simulated.findings,
    "conclusion": simulated.conclusion,
    "drivers": simulated.drivers,
    "safeguards": simulated.safeguards,
    "remaining": simulated.remaining,
    "thresholds": simulated.thresholds,
    "agreement": simulated.agreement,
    "risks": risks.harms,
}
NAMES = (*_DECLARED, *_SIMULATED, *topics.topics())


def passage(assessed: Assessed, name: str) -> Passage:
    """The passage with this name, one of `NAMES`.

    Raises KeyError for any other name.
    """
    if name in _DECLARED:
        return Passage(_DECLARED[name](assessed))
    if name in _SIMULATED:
        return Passage(*_SIMULATED[name](assessed))
    return Passage(*simulated.topic(assessed, name))
