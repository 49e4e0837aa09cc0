"""What every result has in common: a short `repr`, a card in notebooks, and four verbs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from underwatch.results.folder import as_path
from underwatch.results.single_file import write_file
from underwatch.scenario.keyed import Keyed

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


@dataclass(frozen=True)
class Value:
    """One measure of a result.

    Attributes
    ----------
    name, label: the key in the summary, and a noun phrase for readers.
    value: None where the measure is not defined (nothing to divide by).
    unit: of value, low and high, such as "%" or "restrictions".
    definition: what is counted, in one sentence.
    kind: the heading under which reports show it, such as "stated goal" or "burden".
    low, high: the 95 % interval over seeds; None with fewer than three seeds.
    note: what a reader must know of the value, such as "interval cut at 0" or "police at
        capacity on 90 of 100 days", or why there is none, such as "too few events (3 and 10)";
        mostly empty.

    Examples
    --------
    >>> share = Value("chilled_share", "Share of acts withheld", 4.3127, "%", "…", "expression")
    >>> str(share), float(share)
    ('4.31 %', 4.3127)
    >>> str(Value("chilled_share", "Share of acts withheld", 4.3127, "%", "…", "x", 4.1, 4.5))
    '4.31 % (95 % interval 4.10 to 4.50)'
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    definition: str
    kind: str
    low: float | None = None
    high: float | None = None
    note: str = ""

    def __float__(self) -> float:
        return float("nan") if self.value is None else float(self.value)

    @property
    def unit_and_note(self) -> str:
        """The unit, and what a reader must know of the value; without a value, why."""
        from underwatch.report.few import in_cell

        note = in_cell(self.note)
        if self.value is None:
            return note
        return f"{self.unit}; {note}" if note else self.unit

    def __str__(self) -> str:
        from underwatch.report.numbers import format_interval

        if self.value is None and self.note:
            return self.note
        text = format_interval(self.value, self.low, self.high, self.unit)
        if not self.note:
            return text
        return f"{text} ({self.note})" if self.low is None else f"{text[:-1]}; {self.note})"


class Summary(Keyed[Value]):
    """The measures of a result by name: `summary["chilled_share"].value`.

    An unknown name raises KeyError with the nearest known name.
    """

    def __init__(self, values: Iterable[Value]):
        super().__init__({value.name: value for value in values})

    def _unknown(self, key: object) -> str:
        return f"{key} is not a measure of this result"

    def __repr__(self) -> str:
        return f"<Summary of {len(self)} measures: {', '.join(list(self)[:4])} …>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(value.name)}</th>"
            f"<td style='text-align:left'>{escape(value.label)}</td><td>{escape(str(value))}</td>"
            "</tr>"
            for value in self.values()
        )
        return f"<table>{rows}</table>"

    def to_dataframe(self) -> pd.DataFrame:
        """One row per measure: measure, label, value, unit, kind, low, high, definition, note."""
        import pandas as pd

        columns = ["measure", "label", "value", "unit", "kind", "low", "high", "definition",
                   "note"]  # fmt: skip
        rows = [{"measure": each.name} | asdict(each) for each in self.values()]
        frame = pd.DataFrame(rows, columns=columns)
        return frame.astype({"value": "float64", "low": "float64", "high": "float64"})


class Result(ABC):
    """A run, an ensemble of runs or a study.

    Every result can be tabulated, plotted, saved to a folder and written as a page.
    """

    @abstractmethod
    def to_dataframe(self) -> pd.DataFrame:
        """The result as a tidy table."""

    @abstractmethod
    def plot(self) -> alt.TopLevelMixin:
        """The result as an Altair chart."""

    @abstractmethod
    def save(self, folder: str | Path) -> Path:
        """Write the result to a new folder that `underwatch.load` reads back."""

    @abstractmethod
    def report(self, file: str | Path | None = None) -> Page:
        """The result as one HTML page that needs no network; written to `file` if given."""

    def methods(self) -> str:
        """How the result was made, as a paragraph for a paper.

        Examples
        --------
        >>> import underwatch as uw
        >>> uw.run("unwatched", citizens=2000, days=30).methods()[:18]
        'We used Underwatch'
        """
        from underwatch.report.methods import paragraph

        return paragraph(self._origin())

    def _origin(self) -> Mapping[str, Any]:
        """The provenance of the result."""
        found: Mapping[str, Any] = getattr(self, "provenance", {})
        return found

    @abstractmethod
    def _facts(self) -> list[tuple[str, str]]:
        """What a card shows, as (label, text); the first is the title."""

    def __repr__(self) -> str:
        (_, title), *facts = self._facts()
        title = title if len(title) <= 80 else f"{title[:79]}…"
        text = f"<{type(self).__name__} {title!r}: "
        text += "; ".join(f"{label} {value}".strip() for label, value in facts)
        return text[:296] + " …>" if len(text) > 298 else text + ">"

    def _repr_html_(self) -> str:
        (_, title), *facts = self._facts()
        rows = "".join(
            f"<tr><th style='text-align:left;font-weight:400;padding-right:1em'>{escape(label)}"
            f"</th><td style='text-align:left'>{escape(value)}</td></tr>"
            for label, value in facts
        )
        kind = escape(type(self).__name__)
        return (
            "<div style='border:1px solid #ccc;border-radius:4px;padding:.6em 1em;max-width:44em'>"
            f"<strong>{escape(title)}</strong> <span style='color:#555'>{kind}</span>"
            f"<table>{rows}</table></div>"
        )


class Page(str):
    """The text of an HTML page, with a short `repr`, so that a prompt does not show all of it.

    file: where it was written; None if it was not.

    Examples
    --------
    >>> Page("<html></html>"), len(Page("<html></html>"))
    (<Page of 1 kB, not written to a file>, 13)
    """

    file: Path | None

    def __new__(cls, text: str, file: str | Path | None = None) -> Page:
        page = super().__new__(cls, text)
        page.file = None if file is None else Path(file)
        return page

    def __repr__(self) -> str:
        size = -(-len(self.encode("utf-8", "backslashreplace")) // 1000)
        where = f"written to {self.file}" if self.file else "not written to a file"
        return f"<Page of {size:,} kB, {where}>"


def write_page(page: str, file: str | Path | None) -> Page:
    """The page itself; written to `file` first, if one is given."""
    if file is not None:
        write_file(as_path(file), page, replace=True)
    return Page(page, file)
