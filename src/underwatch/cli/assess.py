"""`assess`: parses its options, calls the API and prints three findings and a table."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import WHOLE, Json, Out, Quiet
from underwatch.cli.progress import Bar, Interrupted
from underwatch.errors import Problem, UserError, did_you_mean

if TYPE_CHECKING:
    from underwatch.assessments.assessment import Assessment

_WIDTH = 160  # of a pipe
_SENTENCES = 3


def assess(
    deployment: Annotated[
        str, typer.Argument(help="A deployment file (.yaml), or the name of a shipped one.")
    ] = "station",
    citizens: Annotated[
        int | None,
        typer.Option(
            help="Number of invented people. Default: all that the file implies.", **WHOLE
        ),
    ] = None,
    seeds: Annotated[
        int | None,
        typer.Option(
            help="Number of seeds; an interval needs three. Default: 10; 5 of a score.", **WHOLE
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="The first seed. Default: 2018.", **WHOLE)
    ] = None,
    out: Out = None,
    set_: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE",
            help="Set one figure of the deployment, such as accuracy.threshold=0.64.",
        ),
    ] = None,
    document: Annotated[
        list[Path] | None,
        typer.Option(help="Also write the document to this .html or .docx file."),
    ] = None,
    export: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND",
            help="Also write a file for another form: ca-aia, iama, nl-dpia, dpv, atrs, ico-dpia "
            "or us-sir.",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Print every measure.")] = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Assess a deployment: what it does to people, with and without safeguards.

    Every number is found twice where it can be, by formula and by simulated people, with the range
    that uncertain inputs leave. The result folder holds the document, for a file or a printer.
    """
    from underwatch.assessments.assessing import SEED
    from underwatch.assessments.assessing import assess as run_assessment
    from underwatch.assessments.declaration import read_deployment
    from underwatch.assessments.kinds import KINDS
    from underwatch.cli.options import folders
    from underwatch.engine.interrupts import signals_wait
    from underwatch.scenario.limits import check_run_size

    check_run_size(citizens=citizens, seeds=seeds, seed=seed)
    _check_files(document or (), export or ())
    read = read_deployment(deployment, set_ or ())  # every fault of the file, before any folder
    folder, _ = folders(out, Path(deployment).stem)
    first = SEED if seed is None else seed
    count = KINDS[read.kind].seeds if seeds is None else seeds
    with Bar(quiet, "runs") as bar:
        bar("assessing")
        try:
            found = run_assessment(
                deployment, citizens=citizens, seeds=range(first, first + count),
                settings=set_ or (),
                progress=bar,
            )  # fmt: skip
        except KeyboardInterrupt:
            raise Interrupted("Interrupted. Nothing is kept.") from None
    kept = f"The assessment is complete and kept in {folder}."
    try:
        with signals_wait():
            found.save(folder)
            notes = [f"Wrote {found.document(each)}." for each in document or ()]
            notes += [_exported(found, each) for each in export or ()]
        with streams.output(kept):
            if not quiet:
                print_assessment(found, folder, sys.stderr if as_json else sys.stdout, every)
                for note in notes:
                    streams.complain(note)
            if as_json:
                streams.print_object(as_object(found, folder))
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted. {kept}") from None


def _exported(found: "Assessment", kind: str) -> str:
    """Write an export; a sentence on the file and what is in it."""
    from underwatch.assessments.exports import write_export

    file, note = write_export(found, kind)
    return f"Wrote {file}: {note}"


def _check_files(documents: Sequence[Path], exports: Iterable[str]) -> None:
    """Raise UserError for a document or an export that cannot be written, before any work."""
    from underwatch.assessments.exports import KINDS

    problems = [
        Problem("--export", f"{each} is not an export{did_you_mean(each, KINDS)}")
        for each in exports
        if each not in KINDS
    ] + [
        Problem("--document", f"{each} is neither .html nor .docx; a document is one of these.")
        for each in documents
        if each.suffix not in (".html", ".docx")
    ]
    if any(each.suffix == ".docx" for each in documents) and find_spec("docx") is None:
        problems.append(Problem("--document", "a .docx needs the library python-docx."))
    if problems:
        raise UserError(problems)


def print_assessment(found: "Assessment", folder: Path, stream, every: bool = False) -> None:
    """Three findings, the headline table and where the document is; or every measure."""
    console = tables.console(stream, width=_WIDTH)
    origin = found.provenance
    tested = [each.agrees for each in found.estimates if each.agrees is not None]
    agree = "No figure has both a formula and a simulation"
    if tested:
        agree = f"{sum(tested):,} of {len(tested):,} figures agree between formula and simulation"
    console.print(tables.bold(found.deployment.title))
    for finding in found.findings[:_SENTENCES]:
        console.print(finding.sentence)
    if every:
        _print_all(console, found)
    elif rows := found.headline():
        head, *body = rows
        made = tables.table(*head)
        for row in body:
            made.add_row(*row)
        console.print(made)
    console.print(
        f"{agree}; {origin.assumptions} figures are assumptions. Document: {folder / 'report.html'}"
    )


def _print_all(console, found: "Assessment") -> None:
    from underwatch.assessments.wording import with_range

    made = tables.table("Measure", "World", "Group", "Threshold", "Value (range of the inputs)",
                        "Simulated")  # fmt: skip
    for each in found.estimates:
        simulated = each.note or tables.figure(each.simulated)
        threshold = "" if each.threshold is None else f"{each.threshold:g}"
        made.add_row(each.label, each.world, each.group, threshold, with_range(each), simulated)
    console.print(made)


def as_object(found: "Assessment", folder: Path) -> dict:
    """What `assess --json` prints."""
    return {
        "assessment": str(folder), "title": found.deployment.title,
        "findings": [each.sentence for each in found.findings],
        "estimates": [asdict(each) for each in found.estimates],
        "drivers": [asdict(each) for each in found.drivers],
        "safeguards": [asdict(each) for each in found.safeguards],
        "provenance": asdict(found.provenance),
    }  # fmt: skip
