"""What the source code of the model says of itself: functions in the order of a day, and fields.

The pages of the model are made from it, so that they cannot say anything else. The code is read
and not imported: reading takes a tenth of a second, importing it would load the compiler.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Decorators of compiled functions, see kernel/compile.py.
_COMPILED = {"apart", "kernel", "nopython", "nopython_nrt", "parallel", "serial"}
# Modules whose functions pack and unpack, draw, or count: they decide nothing.
_PLUMBING = ("kernel", "measurement", "model.state", "model.streams", "model.society.people")
_SENTENCE = re.compile(r"(?<=[.?!])\s")


@dataclass(frozen=True)
class Function:
    """A compiled function: where it is, what it takes, and the first sentence about it."""

    module: str  # dotted, below the package
    name: str
    arguments: tuple[str, ...]
    summary: str
    calls: tuple[str, ...]  # functions of the package, "module:name", in the order of the text

    @property
    def file(self) -> str:
        """Its file, from the top of the repository."""
        return f"src/underwatch/{self.module.replace('.', '/')}.py"


@dataclass(frozen=True)
class Field:
    """A field of a named tuple, with the comment beside it."""

    name: str
    meaning: str


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((PACKAGE / f"{module.replace('.', '/')}.py").read_text("utf-8"))


def exists(module: str) -> bool:
    """Whether there is a file for a dotted name."""
    return (PACKAGE / f"{module.replace('.', '/')}.py").is_file()


@cache
def _names(module: str) -> dict[str, str]:
    """The functions that a module can call by name: "module:name" of each."""
    found = {}
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("underwatch."):
            source = str(node.module).removeprefix("underwatch.")
            found |= {each.asname or each.name: f"{source}:{each.name}" for each in node.names}
    found |= {name: f"{module}:{name}" for name in _definitions(module)}
    return found


@cache
def _definitions(module: str) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in _tree(module).body if isinstance(node, ast.FunctionDef)}


@cache
def functions(module: str) -> dict[str, Function]:
    """The compiled functions of a module by name, in the order of the file."""
    found = {}
    for name, node in _definitions(module).items():
        marks = [getattr(mark, "func", mark) for mark in node.decorator_list]
        if not _COMPILED & {getattr(mark, "id", "") for mark in marks}:
            continue
        arguments = tuple(each.arg for each in node.args.args)
        found[name] = Function(module, name, arguments, _summary(node), _calls(module, node))
    return found


def _summary(node: ast.FunctionDef) -> str:
    """The first sentence of a docstring, in one line; empty if there is none."""
    text = " ".join((ast.get_docstring(node) or "").split("\n\n")[0].split())
    return _SENTENCE.split(text)[0]


def _calls(module: str, node: ast.FunctionDef) -> tuple[str, ...]:
    """Functions of the package that a function calls, each once, in the order of the text."""
    names = _names(module)
    nodes = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
    nodes.sort(key=lambda each: (each.lineno, each.col_offset))
    called = [names[each.func.id] for each in nodes
              if isinstance(each.func, ast.Name) and each.func.id in names]  # fmt: skip
    return tuple(dict.fromkeys(called))


def found(address: str) -> Function | None:
    """The compiled function "module:name" that decides something; else None."""
    module, _, name = address.partition(":")
    if module.startswith(_PLUMBING) or not exists(module):
        return None
    return functions(module).get(name)


def order(address: str, within: tuple[str, ...], depth: int = 0) -> Iterator[tuple[int, Function]]:
    """(depth, function) for what a function calls, in order, and for what these call in turn.

    within: names of the functions that are opened. A call without a docstring is opened in place.
    """
    caller = found(address)
    for called in caller.calls if caller else ():
        one = found(called)
        if one is None:
            continue
        opened = one.name in within
        if one.summary and not one.name.startswith("_"):
            yield depth, one
        below = depth + int(not one.name.startswith("_"))
        if opened:
            yield from order(called, within, below)


@cache
def fields(module: str, name: str) -> tuple[Field, ...]:
    """The fields of a named tuple in the order of the file, each with the comment on its line."""
    path = PACKAGE / f"{module.replace('.', '/')}.py"
    text = path.read_text("utf-8")
    comments = {
        token.start[0]: token.string.lstrip("# ")
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT
    }
    (group,) = (n for n in _tree(module).body if isinstance(n, ast.ClassDef) and n.name == name)
    lines = {
        node.target.id: node.lineno
        for node in group.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    return tuple(Field(one, comments.get(line, "")) for one, line in lines.items())


@cache
def names() -> frozenset[str]:
    """Every name that the code of the package uses, in lower case."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        with file.open("rb") as stream:
            found |= {token.string.lower() for token in tokenize.tokenize(stream.readline)
                      if token.type == tokenize.NAME}  # fmt: skip
    return frozenset(found)


def constant(module: str, name: str) -> int:
    """A whole number that a module names at its top."""
    for node in _tree(module).body:
        if isinstance(node, ast.Assign) and [getattr(n, "id", "") for n in node.targets] == [name]:
            return int(ast.literal_eval(node.value))
    raise KeyError(f"{module}:{name}")


def steps(module: str) -> list[str]:
    """The numbered steps at the head of a module, as "0. overnight – …"."""
    text = ast.get_docstring(_tree(module)) or ""
    joined = re.sub(r"\n {2,}", " ", text)
    return re.findall(r"^\d+\. .+$", joined, re.M)


def streams(module: str = "model.streams") -> list[str]:
    """The addresses of chance by name: what random draws decide."""
    found = []
    for node in _tree(module).body:
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            named = target.elts if isinstance(target, ast.Tuple) else [target]
            found += [one.id for one in named if isinstance(one, ast.Name)]
    return found
