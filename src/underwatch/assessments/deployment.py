"""A deployment as its file declares it: who deploys what, where, on whom, with which figures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

ASSUMED = "assumption:"


@dataclass(frozen=True)
class Figure:
    """One figure of a deployment file.

    value, low, high: in the unit of the key; low and high are None where the file gives no range.
    source: a key of the evidence, free text, or "assumption: …".

    Examples
    --------
    >>> Figure(0.05, 0.02, 0.1, "assumption: no record is kept").assumed
    True
    """

    value: float
    low: float | None = None
    high: float | None = None
    source: str = "assumption: not stated"

    @property
    def assumed(self) -> bool:
        """Whether the figure is an assumption."""
        return self.source.startswith(ASSUMED)

    def __float__(self) -> float:
        return float(self.value)


Entry = Figure | str | bool | int | float | list[Any] | Mapping[str, Any]


@dataclass(frozen=True)
class Deployer:
    """Who deploys the system. sector: "police", "municipality", "transport", …"""

    name: str
    country: str
    sector: str


@dataclass(frozen=True)
class Period:
    """How long, and how many hours a day. first_day: ISO date."""

    first_day: str
    days: int
    hours_per_day: float


@dataclass(frozen=True)
class Deployment:
    """A deployment file, as read and checked.

    kind: "watch-list camera", "risk score", "citizen score" or "patrol allocation".
    path: as the file was named; "" for a deployment that was built in Python.
    legal_regime: keys of data/law.yaml.
    sections: by name ("people", "list", "accuracy", "review", …), each a mapping of keys to a
        Figure, a text, a whole number, a list or (groups) a mapping.

    Examples
    --------
    >>> station = Deployment("watch-list camera", "A station", "", "Find wanted people",
    ...     Deployer("City police", "Atlantia", "police"), "a station",
    ...     Period("2025-01-01", 365, 8.0), (), {"list": {"size": Figure(10_000, source="list")}})
    >>> station.figures["list.size"].value, station.assumptions, station.figure("list.size")
    (10000, 0, 10000.0)
    """

    kind: str
    title: str
    path: str
    purpose: str
    deployer: Deployer
    place: str
    period: Period
    legal_regime: tuple[str, ...]
    sections: Mapping[str, Mapping[str, Entry]]

    @property
    def figures(self) -> dict[str, Figure]:
        """Every figure by its dotted path, in the order of the file."""
        return dict(_figures(self.sections, ""))

    @property
    def values(self) -> dict[str, float]:
        """The value of every figure by its dotted path, in the order of the file."""
        return {path: float(figure.value) for path, figure in self.figures.items()}

    @property
    def threshold(self) -> float | None:
        """The threshold in use; None where the kind has none."""
        found = self.get("accuracy.threshold")
        return None if found is None else float(found)

    def figure(self, path: str) -> float:
        """The value of a figure by its dotted path. Raises KeyError if the file has none."""
        return float(self.figures[path].value)

    def get(self, path: str, default: Any = None) -> Any:
        """What stands at a dotted path of the sections, whatever it is."""
        here: Any = self.sections
        for part in path.split("."):
            if not isinstance(here, Mapping) or part not in here:
                return default
            here = here[part]
        return here

    def with_figure(self, path: str, value: float) -> Deployment:
        """The same deployment with another value of one figure, by its dotted path."""
        return replace(self, sections=_with_figure(self.sections, "", path, value))

    @property
    def assumptions(self) -> int:
        """How many figures are assumptions."""
        return sum(figure.assumed for figure in self.figures.values())

    @property
    def hash(self) -> str:
        """The digest of what the file declares (not of its layout): 12 hexadecimal digits."""
        text = json.dumps(asdict(self) | {"path": ""}, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def _with_figure(part: Any, at: str, path: str, value: float) -> Any:
    if isinstance(part, Figure):
        return replace(part, value=value) if at == path else part
    if isinstance(part, Mapping):
        return {
            key: _with_figure(below, f"{at}.{key}" if at else str(key), path, value)
            for key, below in part.items()
        }
    return part


def _figures(part: Any, path: str) -> Iterator[tuple[str, Figure]]:
    if isinstance(part, Figure):
        yield path, part
        return
    pairs: Any = ()
    if isinstance(part, Mapping):
        pairs = part.items()
    elif isinstance(part, list | tuple):
        pairs = enumerate(part)
    for key, below in pairs:
        yield from _figures(below, f"{path}.{key}" if path else str(key))
