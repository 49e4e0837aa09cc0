"""A user's own scoring rule: a function of a dossier and of contacts' scores, nothing else.

    rule(dossier, contacts) -> int

The signature is the boundary: no trait of the citizen is in it. The rule takes
the place of the scenario's points and of its association term; the score is
what it returns, clipped to `scoring.floor` … `scoring.ceiling`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from types import FunctionType
from typing import Any

from underwatch.errors import Problem, UserError
from underwatch.kernel.identity import digest_of
from underwatch.model.scoring.rule_arguments import Contacts, Dossier
from underwatch.model.scoring.rule_check import numbers_read


@dataclass(frozen=True)
class ScoreRule:
    """A scoring rule that was checked and compiled.

    What the rule sees, and when:

    *Local office* (`scoring.reads: local`). The score is `rule(dossier, contacts)`.
    The dossier counts the records of the local file that the state may read that
    day; purchases as the citizen's marketplace last handed them over.

    *Regional or national office.* The same, of the file of that office: the records
    that reached it with the last delivery (organ M5), purchases among them only if
    they were handed over by then.

    *Without association* the rule is applied with no contacts (all four fields
    0), and *without records that are not the citizen's own* to the dossier less
    those. A restriction is association only, or wrongful, as these come out below
    the line. Posts and assembly weigh in a restriction if the rule returns
    something else without them.

    *Switches.* On a day on which `scoring.association` is 0, contacts are withheld
    from the rule, so organ M10 and the safeguard no_association at full level
    switch them off. A safeguard that withholds records (wall, no_speech) empties
    their counts at full level; below it the rule sees them whole.

    Attributes:
        function: the Python function.
        digest: 16 hexadecimal digits for its bytecode and the numbers it reads;
            part of a run's provenance and of the key of a checkpoint.

    Examples:
        >>> LINE = 900
        >>> def three_strikes(dossier, contacts):
        ...     strikes = dossier.default + dossier.serious_offence
        ...     return 1000 if strikes < 3 else LINE - 1
        >>> ScoreRule.compile(three_strikes)  # doctest: +ELLIPSIS
        ScoreRule(three_strikes, ...)
        >>> ScoreRule.compile(lambda dossier, contacts: dossier.age)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        underwatch.errors.UserError: scoring rule <lambda>, line 1: it reads .age, but ...
    """

    function: Callable[[Dossier, Contacts], int] = field(compare=False)
    digest: str
    numbers: dict[str, int] = field(compare=False, repr=False)  # from outside, by name

    @classmethod
    def compile(cls, rule: "Callable[[Dossier, Contacts], int] | ScoreRule") -> "ScoreRule":
        """Check a function and compile it; a rule that was compiled is returned as it is.

        A rule computes with whole numbers: `+ - * // % & | ^`, shifts by numbers
        that are written out, comparisons, `if`, and `for` over `range` or over the
        dossier; the functions min, max, abs, range, int, bool and len; and whole
        numbers from outside, whose values it keeps. So it gives the same score on
        any machine. It divides only by a number that is not 0, or by `max(1, …)`.

        Raises:
            UserError: the function reads or writes anything else, does not
                compile, or returns no whole number.
        """
        if isinstance(rule, ScoreRule):
            return rule
        if not isinstance(rule, FunctionType):
            raise UserError(
                f"score is a {type(rule).__name__}, but a scoring rule is a Python function of "
                "two arguments: def rule(dossier, contacts)."
            )
        numbers = numbers_read(rule)
        compiled = cls(rule, digest_of(rule, numbers), numbers)
        compiled._check_types()
        return compiled

    @cached_property
    def kernel(self) -> Any:
        """The compiled function, for kernels to call.

        It is named after its digest, and belongs to this module: code on disk refers to a module
        that the next process can import, and two rules never share a symbol.
        """
        from types import CellType

        from underwatch.kernel.compile import user_kernel

        code = self.function.__code__
        cells = tuple(CellType(self.numbers[name]) for name in code.co_freevars)
        scope = {"__name__": __name__, **self.numbers}
        function = FunctionType(code, scope, code.co_name, None, cells)
        function.__qualname__ = f"{code.co_name}_{self.digest}"
        return user_kernel(function)

    def _check_types(self) -> None:
        """Compile the rule by itself, and see that it is about whole numbers."""
        from numba import typeof, types
        from numba.core.errors import NumbaError

        empty = Dossier(*[0] * len(Dossier._fields)), Contacts(0, 0, 0, 0)
        try:
            self.kernel.compile(tuple(map(typeof, empty)))
        except (NumbaError, OverflowError, NotImplementedError) as error:
            lines = [line.strip() for line in str(error).splitlines() if line.strip()]
            why = next((x for x in lines if not x.startswith("Failed in")), "unknown")
            why = re.split(r",? (?:location:|defined at)", why)[0].rstrip(".")
            raise self._refused(f"it does not compile: {why}.") from error
        (signature,) = self.kernel.nopython_signatures
        if not isinstance(signature.return_type, types.Integer):
            raise self._refused(
                f"it returns {signature.return_type}, but a score is a whole number on every path."
            )
        wrong = (types.Float, types.Complex, types.Optional, types.UnicodeType)
        (overload,) = self.kernel.overloads.values()
        for name, kind in overload.type_annotation.typemap.items():
            if isinstance(kind, wrong):
                raise self._refused(
                    f"{name.split('.')[0].lstrip('$')} is a {kind}, but a rule computes with "
                    "whole numbers, so that every machine gives the same bits."
                )

    def _refused(self, sentence: str) -> UserError:
        return UserError(Problem(f"scoring rule {self.function.__name__}", sentence))

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"ScoreRule({self.function.__name__}, {self.digest})"

    def __reduce__(self) -> tuple[Any, ...]:
        return ScoreRule.compile, (self.function,)
