"""What is known of the world, figure by figure: value, unit, source, year, confidence.

Scenarios cite these figures by key. A figure is never more certain than its
source was read: V in a stored copy of the source, S in a press or secondary
account, M from memory, C computed.
"""

import tomllib
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from underwatch.errors import UserError, did_you_mean, nearest
from underwatch.scenario.data import DATA

FIGURES = DATA / "evidence" / "figures.toml"


class Figure(BaseModel):
    """One figure of the evidence; a mapping holds parts, or a series by date."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    what: str = Field(min_length=10)
    value: float | dict[str, float | dict[str, float]]
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)
    year: int | str
    confidence: Literal["V", "S", "M", "C"]
    note: str = ""


@cache
def figures() -> dict[str, Figure]:
    """Every figure by its key, in the order of the file; read once."""
    written = tomllib.loads(FIGURES.read_text("utf-8"))
    return {key: Figure(**entry) for key, entry in written.items()}


def cite(key: str) -> str:
    """A figure's origin in a few words: source (year), confidence."""
    if key not in figures():
        raise UserError(f"{key} is not a figure of the evidence{did_you_mean(key, figures())}")
    figure = figures()[key]
    year = {"not stated": " (year not stated)", "none": ""}.get(figure.year, f" ({figure.year})")
    return f"{figure.source}{year}, confidence {figure.confidence}"


def checked_source(written: object) -> tuple[str, list[str]]:
    """A scenario's source in one line, and what is wrong with it, as ends of sentences.

    written: "assumption: why", a figure's key, keys between commas, or a list of these.
    """
    items = written if isinstance(written, list) else [written]
    if not items or not all(isinstance(item, str) and item.strip() for item in items):
        return "", ['is not a source; write an evidence key or "assumption: why", in quotes.']
    sources, faults = [source for item in items for source in _apart(item)], []
    for source in sources:
        if source.startswith("assumption"):
            if not source.partition(":")[2].strip():
                faults.append('does not say why; write "assumption: why".')
        elif source not in figures():
            close = nearest(source, figures())
            how = f"did you mean {close}?" if close else 'write one, or "assumption: why".'
            faults.append(f"is {source!r}, which is no evidence key; {how}")
    return ", ".join(sources), faults


def _apart(written: str) -> list[str]:
    """The sources between commas; an assumption is the last, for it may hold commas itself."""
    one, comma, rest = written.strip().partition(",")
    if one.startswith("assumption") or not comma:
        return [written.strip().removeprefix("evidence.")]
    return [one.strip().removeprefix("evidence."), *(_apart(rest) if rest.strip() else [])]
