"""What the model cannot tell, in short: the sentences that stand beside every result."""

from __future__ import annotations

import re
from functools import cache

from underwatch.scenario.data import DATA

PAGE = DATA / "pages" / "limits.md"
COMMAND = "underwatch model limits"
TITLE = "What this model cannot tell you"


@cache
def limits() -> tuple[str, ...]:
    """What the model cannot tell, in short; `underwatch model limits` prints the whole page.

    Examples
    --------
    >>> import underwatch as uw
    >>> uw.limits()[0].split(". ")[0]
    'It predicts nothing about a real country, city, agency, product or group'
    """
    part = PAGE.read_text("utf-8").split("\n## In short\n")[1].split("\n## ")[0]
    return tuple(re.findall(r"^- (.+)$", part, re.M))
