"""The list of faults (faults.toml), and a source file with one of them."""

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
SOURCES = "src/underwatch"


class Fault(NamedTuple):
    """One fault; see the head of faults.toml."""

    name: str
    kind: str
    organ: str
    file: str
    text: str
    instead: str
    tests: tuple[str, ...]  # those that should notice it, as pytest names them
    compiled: bool

    def applied(self, source: str) -> str:
        """The source with the fault. Raises ValueError unless the text stands there once."""
        if (many := source.count(self.text)) != 1:
            raise ValueError(f"{self.name}: its text stands {many} times in {self.file}, not once")
        return source.replace(self.text, self.instead)


def faults() -> list[Fault]:
    """Every fault, in the order of the list."""
    found = tomllib.loads((HERE / "faults.toml").read_text("utf-8"))
    groups, compiled = found["tests"], set(found["compiled"])
    return [
        Fault(
            **{key: value for key, value in one.items() if key != "tests"},
            tests=tuple(test for name in one["tests"] for test in groups[name]),
            compiled=not compiled.isdisjoint(one["tests"]),
        )
        for one in found["fault"]
    ]


def subset(some: Iterable[Fault]) -> list[str]:
    """The tests that some faults name, each once."""
    return list(dict.fromkeys(test for fault in some for test in fault.tests))
