"""The result of `assess`, with the verbs of every result."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from underwatch.assessments import keeping
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.result import Answer, Assessed, Estimate
from underwatch.report.verified import verified
from underwatch.results import folder as store
from underwatch.results.base import Page, Result, write_page
from underwatch.results.parquet import write_parquet
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
    >>> uw.Assessment.kind
    'assess'
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
        from underwatch.assessments.charts import measure_chart

        return measure_chart(self, measure)

    def headline(self) -> list[list[str]]:
        """The most important figures as a small table of texts, its head first."""
        return KINDS[self.deployment.kind].headline(self)

    def save(self, folder: str | Path) -> Path:
        """Write the assessment to a new folder that `underwatch.load` reads back.

        Raises UserError if the folder holds something already.
        """
        path = store.as_path(folder)
        with store.whole(path) as part:
            store.write_json(part / store.RUN, self._record())
            write_parquet(part / keeping.FILE, keeping.table(self.estimates))
            store.write_text(part / store.CODEBOOK, keeping.codebook())
            store.write_text(part / store.REPORT, self.report())
        return path

    @classmethod
    def load(cls, folder: str | Path) -> Assessment:
        """Read an assessment from its folder. Raises UserError if it has changed."""
        from underwatch.results.record_schema import readable

        path = store.as_path(folder)
        record = store.load_provenance(path)
        with readable(path, "an assessment"):
            found = keeping.assessed_of(record["result"])
            sections = keeping.in_order(found.deployment.sections, record["orders"], "")
            return cls(replace(found, deployment=replace(found.deployment, sections=sections)))

    def report(self, file: str | Path | None = None) -> Page:
        """The assessment as one HTML page that needs no network; written to `file` if given."""
        from underwatch.assessments.document import document_html

        return write_page(document_html(self), file)

    def answer(self, form: str) -> list[Answer]:
        """The fields of a form, answered from the run, from the file, or left to the author.

        form: such as "eu-fria" or "gdpr-dpia". Raises UserError if it is unknown.
        """
        from underwatch.assessments.answers import answer

        return [*answer(self, form)]

    def document(self, file: str | Path) -> Path:
        """Write the document to a .html or .docx file; one that exists is replaced.

        Raises UserError for any other ending.
        """
        from underwatch.assessments.document import write_document

        return write_document(self, file)

    def export(self, kind: str, file: str | Path | None = None) -> Path:
        """Write the file for another form or tool, such as "ca-aia".

        file: is replaced if it exists. By default a new one, named after the deployment and the
        kind, such as station-ca-aia.json. Raises UserError for an unknown kind.
        """
        from underwatch.assessments.exports import write_export

        return write_export(self, kind, file)[0]

    @staticmethod
    def exports() -> dict[str, str]:
        """The kinds that `export` takes, and the form or format of each.

        Examples
        --------
        >>> import underwatch as uw
        >>> uw.Assessment.exports()["dpv"]
        'W3C Data Privacy Vocabulary, as JSON-LD'
        """
        from underwatch.assessments.exports.kinds import KINDS as EXPORTS

        return {name: kind.what for name, kind in EXPORTS.items()}

    def methods(self) -> str:
        """How the assessment was made, as a paragraph for a paper."""
        origin, seeds = self.provenance, self.provenance.seeds
        listed = f"{len(seeds)} seeds ({seeds[0]} to {seeds[-1]})" if len(seeds) > 1 else "one seed"
        size = f"{origin.citizens:,} invented people" if origin.citizens else "all invented people"
        return (
            f"We used Underwatch {origin.version} to assess a deployment "
            f"(“{self.deployment.title}”, {self.deployment.kind}). Closed forms give each measure "
            f"for which there is one; beside them {listed} simulate {size} over {origin.days:,} "
            "days under the deployment as declared, its absence, all its safeguards and each of "
            "them alone, with common random draws. Intervals carry the ranges of the inputs: 256 "
            "draws of all inputs, independent of each other, of which 95 % lie within; those of "
            "runs are 95 % Student intervals over seeds. Of the "
            f"{len(self.deployment.figures)} figures of the deployment {origin.assumptions} are "
            f"assumptions. The people correspond to no real person. {verified()}. "
            f"Deployment {origin.hash}; `{origin.command}`."
        )

    def _record(self) -> dict[str, Any]:
        origin = self.provenance
        return {
            **made_with(), "kind": self.kind, "title": self.deployment.title,
            "sources": {path: one.source for path, one in self.deployment.figures.items()},
            "command": [origin.command], "days": origin.days, "seconds": origin.seconds,
            "finished": datetime.now(UTC).isoformat(timespec="seconds"),
            "result": {
                one.name: keeping.plain(getattr(self, one.name)) for one in fields(Assessed)
            },
            "orders": keeping.orders(self.deployment.sections, ""),
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
