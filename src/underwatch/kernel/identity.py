"""What code is, as a digest, a user's function or this package: for keys and for provenance."""

import hashlib
import os
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any

_PACKAGE = Path(__file__).parent.parent
_SHAPES_NO_NUMBER = {"cli", "lab", "report"}


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


@cache
def code_digest() -> str:
    """Sixteen hexadecimal digits of this package's code, but for the command line and pages.

    Two processes with the same digest continue each other's work to the same bits; an
    interrupted run or study is resumed by the code that started it only.
    """
    folders = {each.parent.name for each in _PACKAGE.glob("*/*.py")}
    parts = ["", *sorted(folders - _SHAPES_NO_NUMBER)]
    return hashlib.sha256(" ".join(map(sources_digest, parts)).encode()).hexdigest()[:16]


@cache
def sources_digest(folder: str) -> str:
    """A digest of the code in a folder of this package and below it; "": in no folder of it.

    By os.walk, as a run waits for it: by pathlib, it takes twice as long.
    """
    digest, start = hashlib.sha256(), len(str(_PACKAGE))
    for place, below, files in os.walk(_PACKAGE / folder):
        below[:] = sorted(below) if folder else []
        for name in sorted(name for name in files if name.endswith(".py")):
            path = os.path.join(place, name)
            with open(path, "rb", buffering=0) as file:
                digest.update(path[start:].encode() + b"\0" + file.read() + b"\0")
    return digest.hexdigest()
