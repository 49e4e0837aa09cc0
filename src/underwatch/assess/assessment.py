"""The result of `assess`, with the verbs of every result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.assess.kinds import KINDS
from underwatch.assess.result import (
    Answer,
    Assessed,
    Deployer,
    Deployment,
    Driver,
    Estimate,
    Figure,
    Finding,
    Origin,
    Period,
    SafeguardEffect,
)
from underwatch.results import folder as store
from underwatch.results.base import Page, Result, write_page
from underwatch.results.provenance import made_with

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


class Assessment(Result, Assessed):
    """A deployment assessed: what it does to people, with intervals; made by `underwatch.assess`.

    Attributes
    ----------
    deployment: as declared. estimates: every number, by world, group and threshold. findings: in
    sentences, the three most important ones first. drivers: the inputs that move the conclusion
    most. safeguards: what each one changes. provenance: version, hash, seeds, and the command
    that makes it again.

    Examples
    --------
    >>> import underwatch as uw
    >>> found = uw.assess("station", citizens=2000, seeds=3)
    >>> found.to_dataframe()["world"].nunique()
    8
    """

    kind: ClassVar[str] = "assess"

    def __init__(self, assessed: Assessed):
        Assessed.__init__(
            self, **{one.name: getattr(assessed, one.name) for one in fields(Assessed)}
        )

    def to_dataframe(self) -> pd.DataFrame:
        """One row for each estimate; the columns are the fields of `Estimate`."""
        import pandas as pd

        return pd.DataFrame([asdict(each) for each in self.estimates],
                            columns=[one.name for one in fields(Estimate)])  # fmt: skip

    def plot(self, measure: str | None = None) -> alt.TopLevelMixin:
        """A chart of one measure: by group, threshold and world, with what the inputs leave.

        measure: by default the first that is known by group. Raises UserError if it is unknown.
        """
        from underwatch.assess.charts import measure_chart

        return measure_chart(self, measure)

    def headline(self) -> list[list[str]]:
        """The most important figures as a small table of texts, its head first."""
        return KINDS[self.deployment.kind].headline(self)

    def save(self, folder: str | Path) -> Path:
        """Write the assessment to a new folder that `underwatch.load` reads back.

        Raises UserError if the folder holds something already.
        """
        path = store.as_path(folder)
        store.save_study(path, self._record(), {"estimates": _table(self.estimates)}, self.report())
        return path

    @classmethod
    def load(cls, folder: str | Path) -> Assessment:
        """Read an assessment from its folder. Raises UserError if it has changed."""
        from underwatch.results.record_schema import readable

        path = store.as_path(folder)
        record = store.load_provenance(path)
        with readable(path, "an assessment"):
            found = _assessed(record["result"])
            sections = _in_order(found.deployment.sections, record["orders"], "")
            return cls(replace(found, deployment=replace(found.deployment, sections=sections)))

    def report(self, file: str | Path | None = None) -> Page:
        """The assessment as one HTML page that needs no network; written to `file` if given."""
        from underwatch.assess.document import document_html

        return write_page(document_html(self), file)

    def answer(self, form: str) -> list[Answer]:
        """The fields of a form, answered from the run, from the file, or left to the author.

        form: such as "eu-fria" or "gdpr-dpia". Raises UserError if it is unknown.
        """
        from underwatch.assess.answers import answer

        return [*answer(self, form)]

    def document(self, file: str | Path) -> Path:
        """Write the document to a .html or .docx file; one that exists is replaced.

        Raises UserError for any other ending.
        """
        from underwatch.assess.document import write_document

        return write_document(self, file)

    def export(self, kind: str, file: str | Path | None = None) -> Path:
        """Write the file for another form or tool, such as "ca-aia"; one that exists is replaced.

        file: by default the deployment's name and the kind. Raises UserError if it is unknown.
        """
        from underwatch.assess.exports import write_export

        return write_export(self, kind, file)[0]

    def _record(self) -> dict[str, Any]:
        origin = self.provenance
        return {
            **made_with(), "kind": self.kind, "title": self.deployment.title,
            "sources": {path: one.source for path, one in self.deployment.figures.items()},
            "command": [origin.command], "days": origin.days, "seconds": origin.seconds,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "result": {one.name: _plain(getattr(self, one.name)) for one in fields(Assessed)},
            "orders": _orders(self.deployment.sections, ""),
        }  # fmt: skip

    def _facts(self) -> list[tuple[str, str]]:
        origin = self.provenance
        tested = [each.agrees for each in self.estimates if each.agrees is not None]
        facts = [
            ("title", self.deployment.title),
            ("", self.deployment.kind),
            ("seeds", f"{len(origin.seeds)}"),
            ("assumptions", f"{origin.assumptions}"),
            ("runs agree with closed forms", f"{sum(tested)} of {len(tested)}"),
        ]
        if self.findings:
            facts.append(("finding", self.findings[0].sentence))
        return facts


def _plain(value: Any) -> Any:
    """A part of an assessment as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _assessed(plain: dict[str, Any]) -> Assessed:
    """An assessment as a folder holds it. Raises ValueError for anything else."""
    from underwatch.results.record_schema import checked

    declared = plain["deployment"]
    deployment = Deployment(
        **{name: str(declared[name]) for name in ("kind", "title", "path", "purpose", "place")},
        deployer=Deployer(**checked(Deployer, declared["deployer"])),
        period=Period(**checked(Period, declared["period"])),
        legal_regime=tuple(checked(list[str], declared["legal_regime"])),
        sections=_sections(declared["sections"]),
    )
    origin = checked(Origin, plain["provenance"])
    return Assessed(
        deployment,
        tuple(Estimate(**one) for one in checked(list[Estimate], plain["estimates"])),
        tuple(
            Finding(one["sentence"], tuple(one["measures"]))
            for one in checked(list[Finding], plain["findings"])
        ),
        tuple(Driver(**one) for one in checked(list[Driver], plain["drivers"])),
        tuple(
            SafeguardEffect(**one) for one in checked(list[SafeguardEffect], plain["safeguards"])
        ),
        Origin(**origin | {"seeds": tuple(origin["seeds"])}),
        str(plain["conclusion"]),
        plain["limit"],
    )


def _orders(sections: Any, path: str) -> dict[str, list[str]]:
    """The keys of every section by its dotted path, in order; JSON objects are kept sorted."""
    if not isinstance(sections, Mapping):
        return {}
    found = {path: [str(key) for key in sections]}
    for key, below in sections.items():
        found |= _orders(below, f"{path}.{key}" if path else str(key))
    return found


def _in_order(sections: Any, orders: Mapping[str, list[str]], path: str) -> Any:
    """The sections with their keys in the order that was kept."""
    if not isinstance(sections, Mapping):
        return sections
    return {
        key: _in_order(sections[key], orders, f"{path}.{key}" if path else key)
        for key in orders[path]
    }


def _sections(plain: Any) -> Any:
    """Sections with their figures."""
    if isinstance(plain, dict):
        if set(plain) == {one.name for one in fields(Figure)}:
            return Figure(**plain)
        return {name: _sections(one) for name, one in plain.items()}
    return [_sections(one) for one in plain] if isinstance(plain, list) else plain


def _table(estimates: tuple[Estimate, ...]) -> Any:
    """The estimates as the table of a folder, with the same types whatever they hold."""
    from underwatch.results.parquet import schema, to_table

    columns = {one.name: str(one.type).removesuffix(" | None") for one in fields(Estimate)}
    return to_table([asdict(each) for each in estimates], schema(**columns))
