"""`assess`: parses its options, calls the API and prints three findings and a table."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import WHOLE, Json, Out, Quiet
from underwatch.cli.progress import Bar, Interrupted
from underwatch.errors import Problem, UserError

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
        typer.Option(
            help="Also write the document, with the fields of the FRIA and the DPIA, to this .html "
            "or .docx file."
        ),
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
    from underwatch.results.held_folder import held_folder
    from underwatch.scenario.limits import check_run_size

    check_run_size(citizens=citizens, seeds=seeds, seed=seed)
    read = read_deployment(deployment, set_ or ())  # every fault of the file, before any folder
    _check_files(document or (), export or (), Path(read.path).stem)
    first = SEED if seed is None else seed
    count = KINDS[read.kind].seeds if seeds is None else seeds
    with held_folder(out, Path(deployment).stem) as folder:
        try:
            with Bar(quiet, "runs") as bar:
                bar("assessing")
                found = run_assessment(
                    deployment, citizens=citizens, seeds=range(first, first + count),
                    settings=set_ or (), progress=bar,
                )  # fmt: skip
        except KeyboardInterrupt:
            raise Interrupted("Interrupted. Nothing is kept.") from None
        _keep_and_print(found, folder, document or (), export or (), quiet, as_json, every)


def _keep_and_print(
    found: "Assessment", folder: Path, documents: Sequence[Path], exports: Sequence[str],
    quiet: bool, as_json: bool, every: bool,
) -> None:  # fmt: skip
    """Write all that is asked for, and print the findings, whatever could not be written.

    Raises UserError with what could not be written, and what is kept.
    """
    from underwatch.assessments.exports import write_export
    from underwatch.engine.interrupts import signals_wait

    kept = "The assessment is complete and kept in {}."
    notes: list[str] = []
    faults: list[str] = []

    def attempt(what: object, write: Callable[[], str]) -> bool:
        try:
            notes.append(write())
        except UserError as error:
            faults.append(str(error))
        except OSError as error:
            faults.append(
                f"{error.filename or what} cannot be written ({error.strerror or error})."
            )
        except (MemoryError, ImportError) as error:
            faults.append(f"{what} cannot be written ({error or 'too little memory'}).")
        else:
            return True
        return False

    try:
        with signals_wait():
            saved = attempt(folder, lambda: kept.format(found.save(folder)))
            notes.clear()
            for file in documents:
                attempt(file, lambda file=file: f"Wrote {found.document(file)}.")
            for kind in exports:
                attempt(kind, lambda kind=kind: "Wrote {}: {}".format(*write_export(found, kind)))
            rest = kept.format(folder) if saved else "The assessment is not kept in a folder."
        with streams.output(rest):
            if not quiet:
                stream = sys.stderr if as_json else sys.stdout
                print_assessment(found, folder if saved else None, stream, every)
                for note in notes:
                    streams.complain(note)
            if as_json:
                streams.print_object(as_object(found, folder if saved else None))
        if faults:
            raise UserError(" ".join([*faults, rest]))
    except KeyboardInterrupt:
        raise Interrupted(" ".join(["Interrupted.", *faults, rest])) from None


def _check_files(documents: Sequence[Path], exports: Sequence[str], name: str) -> None:
    """Raise UserError for a document or an export that cannot be written, before any work.

    name: of the deployment, after which exports are named.
    """
    from underwatch.assessments.exports import KINDS, new_file, not_an_export
    from underwatch.results.folder import as_path
    from underwatch.results.single_file import check_new_file

    problems = [
        Problem("--export", not_an_export(each)) for each in exports if each not in KINDS
    ] + [
        Problem("--document", f"{each} is neither .html nor .docx; a document is one of these.")
        for each in documents
        if each.suffix not in (".html", ".docx")
    ]
    if any(each.suffix == ".docx" for each in documents) and find_spec("docx") is None:
        problems.append(Problem("--document", "a .docx needs the library python-docx."))
    if problems:
        raise UserError(problems)
    for each in documents:
        check_new_file(as_path(each), "--document")
    for kind in exports:
        check_new_file(new_file(name, kind), "--export")


def print_assessment(
    found: "Assessment", folder: Path | None, stream, every: bool = False
) -> None:  # fmt: skip
    """Three findings, the headline table and where the document is; or every measure.

    folder: where the assessment is kept; None if it is not.
    """
    from underwatch.assessments.answers.simulated import how_it_is_read, noticed
    from underwatch.assessments.wording import bare_note

    console = tables.console(stream, width=_WIDTH)
    origin = found.provenance
    tested = [each for each in found.estimates if each.agrees is not None]
    agree = "No figure has both a formula and a simulation"
    if tested:
        same, seen = sum(each.agrees is True for each in tested), noticed(tested)
        agree = f"{same:,} of {len(tested):,} figures agree between formula and simulation"
        agree += f" (differences of {seen} would be noticed; median)" if seen else ""
    console.print(tables.bold(found.deployment.title))
    for finding in found.findings[:_SENTENCES]:
        console.print(bare_note(finding.sentence))
    if every:
        _print_all(console, found)
    elif rows := found.headline():
        head, *body = rows
        made = tables.table(*head)
        for row in body:
            made.add_row(*row)
        console.print(made)
    if read := how_it_is_read(found):
        console.print(read)
    place = "" if folder is None else f" Document: {folder / 'report.html'}"
    console.print(f"{agree}; {origin.assumptions} figures are assumptions.{place}")


def _print_all(console, found: "Assessment") -> None:
    from underwatch.assessments.wording import bare_note, with_range

    made = tables.table("Measure", "World", "Group", "Threshold", "Value (range of the inputs)",
                        "Simulated")  # fmt: skip
    for each in found.estimates:
        simulated = each.note or tables.figure(each.simulated)
        threshold = "" if each.threshold is None else f"{each.threshold:g}"
        value = bare_note(with_range(each))
        made.add_row(each.label, each.world, each.group, threshold, value, simulated)
    console.print(made)


def as_object(found: "Assessment", folder: Path | None) -> dict:
    """What `assess --json` prints."""
    return {
        "assessment": None if folder is None else str(folder), "title": found.deployment.title,
        "findings": [each.sentence for each in found.findings],
        "estimates": [asdict(each) for each in found.estimates],
        "drivers": [asdict(each) for each in found.drivers],
        "safeguards": [asdict(each) for each in found.safeguards],
        "provenance": asdict(found.provenance),
    }  # fmt: skip
