"""That one run shows one draw of chance, and which command gives an interval of it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

SEEDS = 5  # that the command asks for; an interval takes three
_OWN = ("--seeds", "--out", "--resume")  # options that the command gives anew, or not at all


def one_draw(provenance: Mapping[str, Any]) -> str:
    """That the numbers of a result over one seed or two have no interval of chance, and how to get.

    Examples
    --------
    >>> one_draw({"command": ["underwatch", "run", "mine.yaml", "--out", "x", "--days", "90"]})
    'One run shows one draw of chance, and no interval of it; `underwatch run mine.yaml --days 90 \
--seeds 5` gives one.'
    >>> one_draw({"kind": "compare", "seeds": [1, 2]})
    'Two seeds show two draws of chance, and no interval of it; `uw.compare(…, seeds=5)` gives one.'
    """
    kind = "compare" if provenance.get("kind") == "compare" else "run"
    count = len(provenance.get("seeds") or [0])
    if count == 1:
        shows = f"One {'seed' if kind == 'compare' else 'run'} shows one draw of chance"
    else:
        shows = "Two seeds show two draws of chance"
    return f"{shows}, and no interval of it; `{_command(provenance, kind)}` gives one."


def _command(provenance: Mapping[str, Any], kind: str) -> str:
    """The command that made the result, with more seeds; in Python if there is none."""
    given = provenance.get("command")
    words = list(map(str, given)) if isinstance(given, list | tuple) else []
    if words[1:2] != [kind]:
        return f"uw.{kind}(…, seeds={SEEDS})"
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in _OWN:
            skip = True
        elif not word.startswith(tuple(f"{option}=" for option in _OWN)):
            kept.append(word)
    return shlex.join([*kept, "--seeds", str(SEEDS)])
