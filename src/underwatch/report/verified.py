"""What the last whole verification of the shipped model found, for methods and documents."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from underwatch.scenario.data import DATA

FILE = DATA / "verification.json"


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
