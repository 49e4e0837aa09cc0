"""The sentences that users see when something they wrote cannot be used.

A problem says where it is, what is written there, and what to write instead.
All problems of one reading are told together, one line each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `where` is "file:line", "--set key", or None if it is nowhere."""

    where: str | None
    sentence: str

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}" if self.where else self.sentence


class UserError(Exception):
    """What the user asked for cannot be done; each problem is one line of the message."""

    def __init__(self, problems: Problem | str | Iterable[Problem]):
        if isinstance(problems, str):
            problems = Problem(None, problems)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word that looks most like this one, or None if none comes close."""
    plain = {w.lower(): w for w in words}
    found = get_close_matches(str(word).lower(), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def did_you_mean(word: str, words: Iterable[str], same: Sequence[str] = ()) -> str:
    """The end of a sentence about an unknown word: its nearest neighbour, or what there is.

    same: words to name if none is near, because they mean the same elsewhere.
    """
    words = list(words)
    close = nearest(word, words) or (same[0] if len(same) == 1 else None)
    if close:
        return f"; did you mean {close}?"
    if not words:
        return "."
    more = f" and {len(words) - 12} more" if len(words) > 12 else ""
    return f"; known {'is' if len(words) == 1 else 'are'} {', '.join(words[:12])}{more}."
