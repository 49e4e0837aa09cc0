"""Published figures: value, unit, source, year and confidence; and the sources of scenarios.

Scenarios cite these figures by key. The confidence states how the source was read: V in a
stored copy of the source, S in a press or secondary account, M from memory, C computed.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from underwatch.errors import UserError, did_you_mean, nearest, shortened
from underwatch.scenario.data import DATA
from underwatch.scenario.shipped_files import read_toml

FIGURES = DATA / "evidence" / "figures.toml"
_CITATION = re.compile(r"\S, confidence [VSMC]$")  # a publication that is no key of the evidence
NUMBER = r"-?\d*\.?\d+(?:e[-+]?\d+)?"
_RANGE = re.compile(rf"\(range ({NUMBER}) to ({NUMBER})\)")


class Figure(BaseModel):
    """One published figure; a mapping holds parts, or a series by date."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    what: str = Field(min_length=10)
    value: float | dict[str, float | dict[str, float]]
    unit: str = Field(min_length=1)
    source: str = Field(min_length=1)
    year: int | str
    confidence: Literal["V", "S", "M", "C"]
    note: str = ""
    bears_on: list[str] = []  # the organs that it can set or test, as far as that is noted


@cache
def figures() -> dict[str, Figure]:
    """Every figure by its key, in the order of the file; read once."""
    written = read_toml(FIGURES)
    return {key: Figure(**entry) for key, entry in written.items()}


def cite(key: str) -> str:
    """The origin of a figure in short: source (year), confidence."""
    if key not in figures():
        raise UserError(f"{key} is not a figure of the evidence{did_you_mean(key, figures())}")
    figure = figures()[key]
    year = {"not stated": " (year not stated)", "none": ""}.get(
        str(figure.year), f" ({figure.year})"
    )
    return f"{figure.source}{year}, confidence {figure.confidence}"


class Assumptions(NamedTuple):
    """How many of the figures of a scenario or a study are assumptions."""

    assumed: int
    figures: int

    def sentence(self, what: str = "scenario") -> str:
        """The count in words, without a full stop."""
        return f"{self.assumed:,} of {self.figures:,} figures of this {what} are assumptions"


def assumptions(sources: Mapping[str, str]) -> Assumptions:
    """Count figures and assumptions; `sources` maps each key to its source.

    Every key is a figure except title and text. It is an assumption if its source names no key
    of the evidence: what is set on the command line or by default counts as one, and
    "camera_counts, assumption: 2014 by extrapolation" does not.

    Examples
    --------
    >>> assumptions({"title": "default", "a": "census_2020", "b": "assumption: a guess"})
    Assumptions(assumed=1, figures=2)
    """
    figures = {key: source for key, source in sources.items() if key not in ("title", "text")}
    return Assumptions(sum(map(is_assumption, figures.values())), len(figures))


def is_assumption(source: str) -> bool:
    """Whether a source, in one line, names neither a key of the evidence nor a publication."""
    first = source.partition("assumption")[0]
    if _CITATION.search(first.rstrip(", ")):
        return False
    return not any(key.strip().removeprefix("evidence.") in figures() for key in first.split(","))


def is_fitted(source: str) -> bool:
    """Whether a source says that its figure is fitted to published figures, not predicted.

    Examples
    --------
    >>> is_fitted("assumption: fitted to refused_travel, not predicted"), is_fitted("census_2020")
    (True, False)
    """
    return "fitted to" in source


def stated_range(source: str) -> tuple[float, float] | None:
    """The range within which an assumption is plausible, if its source states one.

    Examples
    --------
    >>> stated_range("assumption: of the order of Sesame's weights (range 0.05 to 0.35)")
    (0.05, 0.35)
    >>> stated_range("census_2020")
    """
    found = _RANGE.search(source)
    return (float(found[1]), float(found[2])) if found else None


def checked_source(written: object) -> tuple[str, list[str]]:
    """A source of a scenario in one line, and what is wrong with it, as ends of sentences.

    written: "assumption: why", a figure's key, keys between commas, a publication with its
    confidence, such as "Eurostat demo_pjanind (2021), confidence V", or a list of these.
    """
    listed = written if isinstance(written, list) else [written]
    items = [item for item in listed if isinstance(item, str) and item.strip()]
    if not items or len(items) < len(listed):
        return "", ['is not a source; write an evidence key or "assumption: why", in quotes.']
    sources = [source for item in items for source in _split(item)]
    faults: list[str] = []
    for source in sources:
        if source.startswith("assumption"):
            if not source.partition(":")[2].strip():
                faults.append('gives no reason; write "assumption: why".')
        elif source not in figures() and not _CITATION.search(source):
            close = nearest(source, figures())
            how = f"did you mean {close}?" if close else 'write one, or "assumption: why".'
            faults.append(f"is {shortened(repr(source))}, which is no evidence key; {how}")
    return ", ".join(sources), faults


def sources_in_words(source: str) -> str:
    """A source in one line, with publication, year and confidence after each key.

    Examples
    --------
    >>> sources_in_words("nist_2018, assumption: the same for all")
    'nist_2018: NISTIR 8238 (2018), confidence V; assumption: the same for all'
    """
    parts = _split(source)
    return "; ".join(f"{part}: {cite(part)}" if part in figures() else part for part in parts)


def _split(written: str) -> list[str]:
    """The sources between commas; assumptions and publications may hold commas themselves."""
    if _CITATION.search(written.strip()) and not written.strip().startswith("assumption"):
        return [written.strip()]
    one, comma, rest = written.strip().partition(",")
    if one.startswith("assumption") or not comma:
        return [written.strip().removeprefix("evidence.")]
    return [one.strip().removeprefix("evidence."), *(_split(rest) if rest.strip() else [])]
