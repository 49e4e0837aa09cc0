"""A user's own measures, outputs and scoring rule on their way to the workers of a study."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import Any

from underwatch.errors import UserError, shortened
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

    outputs: Mapping[str, Callable[..., Any]] | None = None  # of a whole run, when it has ended

    @property
    def names(self) -> tuple[str, ...]:
        """What a sentence calls each function that runs as Python code beside the model."""
        observed = (f"observe: {name}" for name in self.observe or ())
        return *observed, *(f"output {name}" for name in self.outputs or ())

    @property
    def digest(self) -> str:
        """SHA-256 of the code; empty without any. Part of what identifies a study."""
        if not self.observe and not self.outputs and self.score is None:
            return ""
        digest = hashlib.sha256(str(self.every).encode())
        for functions in (self.observe or {}, self.outputs or {}):
            for name, function in functions.items():
                digest.update(f"{name} {code_text(function)}\0".encode())
            digest.update(b"\0")
        digest.update(self.score_digest.encode())
        return digest.hexdigest()

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
                    "score: the worker processes import another rule than this process has; change "
                    "the module of the rule, and not what it holds once it is imported."
                )
            found["score"] = rule
        return found


def own_code(
    observe: Mapping[str, Callable[..., Any]] | None, every: int, score: Any,
    outputs: Mapping[str, Callable[..., Any]] | None = None,
) -> OwnCode:  # fmt: skip
    """The user's code, checked before any work starts.

    outputs: name -> function of a `Run`, which returns a number or an array.

    Raises UserError if a function cannot be sent to a worker process, or if the scoring rule is
    refused (see `ScoreRule`).
    """
    from underwatch.engine.observations import named_functions

    functions = named_functions(observe)
    for name, function in functions.items():
        check_sendable(function, f"observe: {name}")
    named = _outputs(outputs)
    digest = ""
    if score is not None:
        from underwatch.model.scoring.rule import ScoreRule

        score = getattr(score, "function", score)  # workers compile the rule for themselves
        digest = ScoreRule.compile(score).digest
        check_sendable(score, "score")
    every = check_size("every", every)
    return OwnCode(functions or None, every, score, digest, named or None)


def _outputs(outputs: Any) -> dict[str, Callable[..., Any]]:
    """The outputs by name. Raises UserError for what is no function, or has no name."""
    if outputs is None:
        return {}
    if not isinstance(outputs, Mapping):
        raise UserError("outputs is a mapping of names to functions of a run.")
    for name, function in outputs.items():
        if not isinstance(name, str) or not name.strip():
            raise UserError(f"outputs: {shortened(repr(name))} is not a name.")
        if not callable(function):
            raise UserError(
                f"outputs: {shortened(name)} is mapped to a value of type "
                f"{type(function).__name__}, but to a function of a run it is."
            )
        check_sendable(function, f"outputs: {name}")
    return dict(outputs)


def refuse_observe(observe: object, study: str) -> None:
    """Refuse `observe` in a study that weighs the measures of the summary only."""
    if observe is not None:
        raise UserError(
            f"observe: {study} weighs the measures of the summary and tallies only; use compare "
            "to see a measure of your own in several worlds."
        )


def check_sendable(function: Callable[..., Any], what: str) -> None:
    """Refuse a function that cannot be sent to another process.

    A function of a module is sent by its name, any other by its code, in memory only.
    """
    import cloudpickle

    try:
        cloudpickle.dumps(function)
    except Exception as error:
        name = getattr(function, "__qualname__", repr(function))
        raise UserError(
            f"{what}: {shortened(name)} cannot be sent to the worker processes of a study "
            f"({shortened(error, 120)}); define it with `def` at the top level of a module (a .py "
            "file), and let it open or import there what it needs."
        ) from None


def code_text(function: Any, seen: frozenset[int] = frozenset()) -> str:
    """What a function does, as text that changes with its code and with what it reads."""
    function = getattr(function, "py_func", function)  # of a compiled function
    code = getattr(function, "__code__", None)
    if code is None or id(code) in seen:
        return getattr(function, "__qualname__", type(function).__qualname__)
    seen = seen | {id(code)}
    cells = [_cell(cell) for cell in function.__closure__ or ()]
    known = {name: function.__globals__[name] for name in sorted(_names(code))
             if name in function.__globals__}  # fmt: skip
    read = [function.__defaults__, function.__kwdefaults__, *cells, *known.values()]
    return f"{_of_code(code)} {[*known]} {[_as_text(value, seen) for value in read]}"


def _as_text(value: Any, seen: frozenset[int]) -> str:
    """A value that a function reads; what is no plain value or function goes by its name."""
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        return repr(value)
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_as_text(one, seen) for one in value]
        ordered = parts if isinstance(value, list | tuple) else sorted(parts)
        return f"{type(value).__name__}{ordered}"
    if isinstance(value, Mapping):
        return str([(_as_text(k, seen), _as_text(v, seen)) for k, v in value.items()])
    if hasattr(value, "tobytes") and hasattr(value, "dtype"):
        return f"{value.dtype} {hashlib.sha256(value.tobytes()).hexdigest()}"
    if hasattr(getattr(value, "py_func", value), "__code__"):
        return code_text(value, seen)
    return str(getattr(value, "__qualname__", getattr(value, "__name__", type(value).__qualname__)))


def _cell(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _names(code: CodeType) -> set[str]:
    inner = (_names(c) for c in code.co_consts if isinstance(c, CodeType))
    return set(code.co_names).union(*inner)


def _of_code(code: CodeType) -> str:
    inner = [_of_code(c) if isinstance(c, CodeType)
             else str(sorted(map(repr, c))) if isinstance(c, frozenset)  # has no fixed order
             else repr(c) for c in code.co_consts]  # fmt: skip
    return f"{code.co_code.hex()} {code.co_names} {inner}"
