"""A user's own measures and scoring rule on their way to the worker processes of a study."""

import hashlib
import pickle
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from underwatch.errors import UserError
from underwatch.scenario.limits import check_size


@dataclass(frozen=True)
class OwnCode:
    """Functions of the user's, to be run beside the model in every world of a study.

    observe: name -> function of the read-only columns, called every `every` days. score: a
    function of a dossier and of the contacts' scores, in place of the scenario's own points.
    """

    observe: Mapping[str, Callable[..., Any]] | None = None
    every: int = 30
    score: Callable[..., Any] | None = None
    score_digest: str = ""  # of the rule as it was checked, before any worker imported it

    @property
    def digest(self) -> str:
        """SHA-256 of the code; empty without any. Part of what identifies a study."""
        if not self.observe and self.score is None:
            return ""
        digest = hashlib.sha256(str(self.every).encode())
        for name, function in (self.observe or {}).items():
            digest.update(f"{name} {_code_text(function)}".encode())
        digest.update(self.score_digest.encode())
        return digest.hexdigest()

    @property
    def is_of_main(self) -> bool:
        """Whether a worker must import the main script to find the functions."""
        return b"__main__" in pickle.dumps((self.observe, self.score))

    def for_simulation(self) -> dict[str, Any]:
        """The keyword arguments of a `Simulation`; none without code of the user's.

        Raises UserError if the scoring rule, as imported here, is not the one that was checked.
        """
        found: dict[str, Any] = {}
        if self.observe:
            found |= {"observe": dict(self.observe), "every": self.every}
        if self.score is not None:
            from underwatch.model.scoring.rule import ScoreRule

            rule = ScoreRule.compile(self.score)
            if rule.digest != self.score_digest:
                raise UserError(
                    "score: a number that the rule reads was changed after its module was "
                    "imported, so the worker processes have another rule; write it in the module."
                )
            found["score"] = rule
        return found


def own_code(observe: Mapping[str, Callable[..., Any]] | None, every: int, score: Any) -> OwnCode:
    """The user's code, checked before any work starts.

    Raises UserError if a function cannot be sent to a worker process, which finds it by its
    module and name, or if the scoring rule is refused (see `ScoreRule`).
    """
    from underwatch.engine.observations import named_functions

    functions = named_functions(observe)
    for name, function in functions.items():
        check_importable(function, f"observe: {name}")
    digest = ""
    if score is not None:
        from underwatch.model.scoring.rule import ScoreRule

        score = getattr(score, "function", score)  # workers compile the rule for themselves
        digest = ScoreRule.compile(score).digest
        check_importable(score, "score")
    return OwnCode(functions or None, check_size("every", every), score, digest)


def refuse_observe(observe: object, study: str) -> None:
    """Refuse `observe` in a study that weighs the measures of the summary only."""
    if observe is not None:
        raise UserError(
            f"observe: {study} weighs the measures of the summary and tallies only; use compare "
            "to see a measure of your own in several worlds."
        )


def check_importable(function: Callable[..., Any], what: str) -> None:
    """Refuse a function that another process cannot import by its module and name."""
    name = getattr(function, "__qualname__", repr(function))
    how = "define it with `def` at the top level of a module (a .py file) and import it from there"
    main = sys.modules.get("__main__")
    if getattr(function, "__module__", None) == "__main__" and not hasattr(main, "__file__"):
        raise UserError(
            f"{what}: {name} is defined in the interactive session, which the worker processes "
            f"of a study cannot import; {how}."
        )
    try:
        pickle.dumps(function)
    except (pickle.PicklingError, AttributeError, TypeError):
        raise UserError(
            f"{what}: {name} cannot be sent to the worker processes of a study, because they "
            f"find a function by its module and name; {how}."
        ) from None


def _code_text(function: Callable[..., Any]) -> str:
    """What a function does, as text that changes with its code and constants."""
    code = getattr(function, "__code__", None)
    return _of_code(code) if code else repr(function)


def _of_code(code: CodeType) -> str:
    inner = [_of_code(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {inner}"
