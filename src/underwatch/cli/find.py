"""`find` lists invented citizens of a run, with what happened to them."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import WHOLE
from underwatch.errors import UserError

Run = Annotated[Path, typer.Argument(help="A run folder.")]
Group = Annotated[str | None, typer.Option(help="A, B, C or D; several with commas.")]
Place = Annotated[str | None, typer.Option(help="rural, town or metropolis; several with commas.")]
Age = Annotated[str | None, typer.Option(help="Years, such as 60+ or 30-59.")]
Conviction = Annotated[
    str | None, typer.Option(help="loyal, in between, critical, or a range from 0 to 255.")
]
RestrictedDays = Annotated[
    str | None, typer.Option(help="Days under a restriction, such as 100+ or 1-30.")
]
Score = Annotated[str | None, typer.Option(help="The score on the last evening, such as 850-900.")]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CONDITION",
        help="Any column of people.parquet, as COLUMN=RANGE or COLUMN=yes; may be repeated.",
    ),
]
Order = Annotated[
    str | None,
    typer.Option(help="Column to sort by, highest first; with - before it, lowest first."),
]
Limit = Annotated[int, typer.Option(help="Rows to print; 0 for all.", **WHOLE)]
Csv = Annotated[Path | None, typer.Option(help="Write all columns to this new .csv file.")]

_SHOWN = ("age", "group", "place", "conviction", "score", "restricted_days", "records",
          "wrong_records")  # fmt: skip


def _flag(text: str, meaning: str) -> Any:
    return typer.Option(f"--{text}/--not-{text}", show_default=False, help=meaning)


def find(
    run: Run,
    wrongful: Annotated[
        bool | None, _flag("wrongful", "Restricted with no act of their own.")
    ] = None,
    association_only: Annotated[
        bool | None, _flag("association-only", "Restricted because of association only.")
    ] = None,
    named: Annotated[bool | None, _flag("named", "Named in public.")] = None,
    stopped: Annotated[bool | None, _flag("stopped", "Stopped or visited by the police.")] = None,
    dismissed: Annotated[bool | None, _flag("dismissed", "Dismissed by an employer.")] = None,
    group: Group = None,
    place: Place = None,
    age: Age = None,
    conviction: Conviction = None,
    score: Score = None,
    restricted_days: RestrictedDays = None,
    where: Where = None,
    order: Order = None,
    limit: Limit = 20,
    csv: Csv = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """List invented citizens of a run: who they are and what happened to them.

    The list holds those alive on the last evening. Where somebody had the number before,
    `explain RUN NUMBER/0` explains the first bearer.

    For example: underwatch find RUN --wrongful --group D --restricted-days 100+
    --order restricted_days
    """
    from underwatch.scenario.limits import LIMITS, Range, check_size

    check_size("limit", limit, Range(0, LIMITS["citizens"].high))
    from underwatch.results.run_result import Run
    from underwatch.results.single_file import check_new_file, write_file

    if csv:
        check_new_file(csv, "--csv")

    filters = {
        "wrongful": wrongful, "association_only": association_only, "named": named,
        "stopped": stopped, "dismissed": dismissed, "group": group, "place": place, "age": age,
        "conviction": conviction, "score": score, "restricted_days": restricted_days,
    } | dict(map(_condition, where or ()))  # fmt: skip
    found = Run.load(run).find(**filters, order=order, limit=None)
    total, found = len(found), found.head(limit) if limit else found
    if csv:
        write_file(csv, found.to_csv(), "--csv")
    with streams.output():
        if as_json:
            rows = json.loads(found.reset_index().to_json(orient="records"))
            streams.print_object({"run": str(run), "found": total, "citizens": rows})
        else:
            _print(found, total, run)


def _condition(text: str) -> tuple[str, Any]:
    """A condition of --where as a filter of the API."""
    column, equals, value = text.partition("=")
    if not equals:
        raise UserError(f"--where {text} has no value; write --where {text}=RANGE or {text}=yes.")
    flags = {"yes": True, "true": True, "no": False, "false": False}
    return column.strip().replace("-", "_"), flags.get(value.strip().lower(), value.strip())


def _print(found: Any, total: int, run: Path) -> None:
    from underwatch.results.people import HISTORY_MEANING

    rows = tables.table("Citizen", *(name.replace("_", " ").capitalize() for name in _SHOWN),
                        "What happened")  # fmt: skip
    rows.columns[-1].justify = "left"
    for citizen, row in found.iterrows():
        cells = [_cell(row[name]) for name in _SHOWN]
        flags = [name.replace("_", " ") for name in HISTORY_MEANING if row[name]]
        rows.add_row(str(citizen), *cells, ", ".join(flags) or "–")
    console = tables.console()
    if len(found):
        console.print(rows)
    if not total:
        console.print(f"No citizen of {run} matches.")
        return
    which = f"{total:,} {'citizen matches' if total == 1 else 'citizens match'}"
    listed = "the first is listed" if len(found) == 1 else f"the first {len(found):,} are listed"
    first = f"; {listed}" if len(found) < total else ""
    console.print(f"{which}{first}. All are invented and alive on the last evening.")
    if len(found):
        console.print(f"Next: underwatch explain {run} {found.index[0]}")


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "–" if value != value else f"{int(value):,}"
