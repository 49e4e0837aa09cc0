"""User errors: what was asked for cannot be done, and the sentences that say why.

A problem states where it is, what is written there, and what to write instead.
All problems of one request are reported together, one line each.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST_PROBLEMS = 50  # messages of one error; the rest is counted
_LONGEST_WORD = 80  # characters of a word that are compared with known words

# C0 and C1 control characters, and marks that reorder or hide text on a screen.
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: object, newlines: bool = False) -> str:
    r"""Text from a file or an argument, safe to print: control characters become visible.

    newlines: keep line feeds, and tabs, as they are.

    Examples
    --------
    >>> printable("\x1b[31mred\x1b[0m")
    '\\x1b[31mred\\x1b[0m'
    >>> printable("two\nlines"), printable("two\nlines", newlines=True)
    ('two\\nlines', 'two\nlines')
    """

    def visible(found: re.Match[str]) -> str:
        character = found[0]
        if newlines and character in "\n\t":
            return character
        return character.encode("unicode_escape").decode("ascii")

    return _CONTROL.sub(visible, str(text))


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `where` is "file:line", "--set key", or None without a place."""

    where: str | None
    sentence: str

    def __str__(self) -> str:
        where = self.where
        if where and where.startswith("--set ") and where[6:] in self.sentence:
            where = "--set"  # the sentence names the key
        return printable(f"{where}: {self.sentence}" if where else self.sentence)


class UserError(Exception):
    """What the user asked for cannot be done; each problem is one line of the message.

    problems: at most `MOST_PROBLEMS`, and then one that states how many more there are.

    Examples
    --------
    >>> print(UserError("days is 0, but a run has at least 1."))
    days is 0, but a run has at least 1.
    """

    def __init__(self, problems: Problem | str | Iterable[Problem]):
        if isinstance(problems, str):
            problems = Problem(None, problems)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        if len(self.problems) > MOST_PROBLEMS + 1:
            more = f"and {len(self.problems) - MOST_PROBLEMS:,} more problems."
            self.problems[MOST_PROBLEMS:] = [Problem(None, more)]
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class Refusals:
    """What several checks refuse, gathered so that all of it is reported at once.

    Examples
    --------
    >>> def positive(name, value):
    ...     if value <= 0:
    ...         raise UserError(f"{name} is {value}.")
    ...     return value
    >>> refused = Refusals()
    >>> refused(positive, "a", 1), refused(positive, "b", 0), refused(positive, "c", -1)
    (1, None, None)
    >>> refused.report()
    Traceback (most recent call last):
    underwatch.errors.UserError: b is 0.
    c is -1.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, check: Callable[P, T], *args: P.args, **given: P.kwargs) -> T | None:
        """What a check returns; None if it refuses."""
        try:
            return check(*args, **given)
        except UserError as error:
            self.problems += error.problems
            return None

    def add(self, sentence: str) -> None:
        """Note a problem without a place."""
        self.problems.append(Problem(None, sentence))

    def report(self) -> None:
        """Raise UserError with everything that was refused, each once; nothing if nothing was."""
        if self.problems:
            raise UserError(list(dict.fromkeys(self.problems)))


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The known word that looks most like this one, or None if none comes close."""
    plain = {w.lower(): w for w in words}
    found = get_close_matches(str(word).lower()[:_LONGEST_WORD], plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def did_you_mean(word: str, words: Iterable[str], same: Sequence[str] = ()) -> str:
    """The end of a sentence about an unknown word: the nearest known word, or what is known.

    same: words that mean the same elsewhere; one alone is named before any that is near.
    """
    words = list(words)
    close = same[0] if len(same) == 1 else nearest(word, words)
    if close:
        return f"; did you mean {close}?"
    if not words:
        return "."
    more = f" and {len(words) - 12} more" if len(words) > 12 else ""
    return f"; known {'is' if len(words) == 1 else 'are'} {', '.join(words[:12])}{more}."


def shortened(text: object, most: int = 120) -> str:
    """Text cut to so many characters, for a name or value that may be of any length."""
    text = str(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
