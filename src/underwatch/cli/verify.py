"""`verify`: parses its options, calls the API and prints a table of checks."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import WHOLE, Json, Out, Quiet
from underwatch.cli.progress import Bar, Interrupted

if TYPE_CHECKING:
    from underwatch.verification.result import Verification

_WIDTH = 160  # of a pipe


def verify(
    case: Annotated[
        list[int] | None,
        typer.Option(help="Run only the case of this number; may be repeated.", **WHOLE),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick",
            help="Fewer replicates, without the slow cases, which it names: less than a minute.",
        ),
    ] = False,
    seed: Annotated[
        int | None, typer.Option(help="Seed of all random draws. Default: 2018.", **WHOLE)
    ] = None,
    out: Out = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Run exact results and published figures against the organs of the model.

    Prints what is expected, what the organs give, and a verdict for each case; writes a page with
    a picture for each check. The exit code is 1 if an exact case is not reproduced.
    """
    from underwatch.cli.options import folders
    from underwatch.engine.interrupts import signals_wait
    from underwatch.verification.registry import chosen
    from underwatch.verification.verify import SEED
    from underwatch.verification.verify import verify as run_cases

    chosen(case, quick)  # unknown numbers, before any folder
    folder, _ = folders(out, "verification")
    with Bar(quiet, "cases") as bar:
        bar("running the cases")
        try:
            found = run_cases(case, quick=quick, seed=SEED if seed is None else seed, progress=bar)
        except KeyboardInterrupt:
            raise Interrupted("Interrupted. Nothing is kept.") from None
    found.provenance["command"] = ["underwatch", *sys.argv[1:]]
    kept = f"The verification is complete and kept in {folder}."
    try:
        with signals_wait():
            found.save(folder)
        with streams.output(kept):
            if not quiet:
                print_verification(found, folder, sys.stderr if as_json else sys.stdout)
            if as_json:
                streams.print_object(as_object(found, folder))
    except KeyboardInterrupt:
        raise Interrupted(f"Interrupted. {kept}") from None
    if found.exact_passed is False:
        raise typer.Exit(1)


def print_verification(found: "Verification", folder: Path, stream) -> None:
    """A row for each check, what was found in sentences, and where the page is."""
    from underwatch.verification.case import ROLES
    from underwatch.verification.wording import numbers

    console = tables.console(stream, width=_WIDTH)
    made = tables.table("No.", "Case", "Expected", "Got", "Interval", "Verdict", "Confidence")
    made.columns[1].justify = made.columns[5].justify = "left"
    for case in found.cases:
        made.add_row(str(case.number), case.title, "", "", "", case.sentence, case.confidence)
        for check in case.checks:
            shown = numbers(check)
            interval = shown.interval or (shown.allowed and f"allowed {shown.allowed}")
            verdict = ROLES[check.role]
            if not check.agrees and case.kind != "bracket":
                verdict = f"does not agree{verdict and ', '}{verdict}"
            made.add_row("", f"  {check.label}", shown.expected, shown.got, interval, verdict, "")
    console.print(made)
    for sentence in found.sentences():
        console.print(sentence)
    for case in found.cases:
        if case.note and (case.is_miss or case.kind == "not modelled"):
            console.print(f"{case.number}: {case.note}")
    console.print(f"Page: {folder / 'report.html'}")


def as_object(found: "Verification", folder: Path) -> dict:
    """What `verify --json` prints."""
    from underwatch.verification.wording import words

    cases = [
        asdict(case)
        | {"checks": [asdict(c) | {"interval": c.interval, "agrees": c.agrees,
                                   "counts": c.counts, "words": words(c, case.kind)}
                       for c in case.checks]}
        for case in found.cases
    ]  # fmt: skip
    return {
        "verification": str(folder), "exact_passed": found.exact_passed, "counts": found.counts,
        "left_out": found.left_out, "sentences": found.sentences(), "cases": cases,
        "seconds": found.provenance["seconds"],
    }  # fmt: skip
