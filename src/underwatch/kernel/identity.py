"""What a user's function is, as a digest: for keys of checkpoints and for provenance."""

import hashlib
from types import CodeType
from typing import Any


def _describe(code: CodeType) -> str:
    constants = [
        _describe(c) if isinstance(c, CodeType)
        else sorted(map(repr, c)) if isinstance(c, frozenset)  # whose own order is not fixed
        else repr(c)
        for c in code.co_consts
    ]  # fmt: skip
    return f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {constants}"


def digest_of(function: Any, values: dict[str, Any] | None = None) -> str:
    """Sixteen hexadecimal digits: the same for the same bytecode, constants and `values`.

    values: what else the function reads, by name. The bytecode depends on the
    version of Python. A callable without code of its own goes by its type's name.
    """
    code = getattr(function, "__code__", None)
    text = _describe(code) if isinstance(code, CodeType) else type(function).__qualname__
    given = sorted((values or {}).items())
    return hashlib.sha256(f"{text} {given}".encode()).hexdigest()[:16]
