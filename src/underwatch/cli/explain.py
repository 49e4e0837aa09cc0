"""`explain` prints what happened to one invented citizen, and writes it as a page."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli import streams
from underwatch.cli.options import Citizens, Days, Json, Quiet, Seed, whole
from underwatch.cli.progress import Bar, counted

Subject = Annotated[
    str, typer.Argument(metavar="RUN", help="A run folder, or a scenario to run for this.")
]
Citizen = Annotated[
    str,
    typer.Argument(
        help="The number of a citizen, from 0; see `find`. Numbers pass on when people die: "
        "123 is whoever has it on the last day, 123/0 whoever had it first."
    ),
]
Twin = Annotated[
    str | None, typer.Option(help="A run of the same people or a scenario, to compare with.")
]
Picture = Annotated[Path | None, typer.Option(help="Draw the chart into this new .svg file.")]
Report = Annotated[Path | None, typer.Option(help="Write the page into this new .html file.")]
Out = Annotated[
    Path | None,
    typer.Option(help="Write text, data, chart and page to this new folder. Default: none."),
]
Everything = Annotated[
    bool,
    typer.Option("--all", help="Also print routine records, bases, sums and figures."),
]


def explain(
    run: Subject, citizen: Citizen, twin: Twin = None, citizens: Citizens = None,
    days: Days = None, seed: Seed = None, report: Report = None, picture: Picture = None,
    out: Out = None, everything: Everything = False, quiet: Quiet = False, as_json: Json = False,
) -> None:  # fmt: skip
    """Explain one citizen: what happened, and the file beside the truth.

    Each sentence names the rows behind it in brackets: here-12 is the twelfth event of this run.
    The run is simulated again with this citizen recorded, which takes as long as the run did.
    --citizens, --days and --seed are for scenarios; a run has its own.
    """
    from underwatch.results import folder as store
    from underwatch.results.single_file import check_new_file, write_file

    number, slash, bearer = citizen.partition("/")
    of = whole(number), whole(bearer) if slash else None
    if report:
        check_new_file(report, "--report", ".html")
    if picture:
        check_new_file(picture, "--picture", ".svg")
    if out:
        store.check_writable(out)

    from underwatch import explanation

    try:
        with Bar(quiet) as bar:
            found = explanation.explain(
                run, of[0], twin, citizens=citizens, days=days, seed=seed, bearer=of[1],
                progress=counted(bar),
            )  # fmt: skip
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    if report:
        write_file(report, found.report(), "--report")
    if picture:
        write_file(picture, found.svg(), "--picture")
    if out:
        found.save(out)
    with streams.output():
        if not quiet:
            to = sys.stderr if as_json else sys.stdout
            print(_printable(found.text(everything)), file=to)
            for name, path in (("Page", report), ("Chart", picture), ("Folder and page", out)):
                if path:
                    print(f"{name}: {path}", file=to)
        if as_json:
            streams.print_object({"run": run} | found.to_dict())


def _printable(text: str) -> str:
    """Text of users, such as titles, without control characters."""
    from underwatch.errors import printable

    return printable(text, newlines=True)
