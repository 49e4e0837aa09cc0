"""Commands that describe the model: its pages, and the page of each assumption."""

import sys
from typing import Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.catalogue import InScenario, JsonList
from underwatch.cli.options import DEFAULT
from underwatch.errors import UserError, did_you_mean

PAGES = {
    "description": "the model in two pages: purpose, state, schedule, input, limits",
    "odd": "the ODD+D protocol: schedule, equations and parameters, made from the code",
    "limits": "what this model cannot tell you",
    "measures": "how to read measures",
}
PageName = Annotated[
    str | None,
    typer.Argument(metavar="PAGE", help=f"{', '.join(PAGES)}: print the page."),
]
AssumptionName = Annotated[
    str | None,
    typer.Argument(
        metavar="KEY",
        help="A figure (scoring.association), a section (scoring) or an organ (M10): print the "
        "pages of its assumptions.",
    ),
]


def model(page: PageName = None, scenario: InScenario = DEFAULT) -> None:
    """List the pages that describe the model, or print one."""
    from underwatch.cli import pages

    if page is None:
        for name, text in PAGES.items():
            print(f"{name:14} {text}")
        print("\nunderwatch model limits prints a page; underwatch organs M12 that of an organ.")
        return
    if page not in PAGES:
        raise UserError(f"there is no page {page} of the model{did_you_mean(page, PAGES)}")
    if page == "odd":
        from underwatch.cli.odd import odd_page

        pages.show(odd_page(scenario))
    else:
        pages.show(pages.page("model" if page == "description" else page))


def assumptions(
    key: AssumptionName = None, scenario: InScenario = DEFAULT, as_json: JsonList = False
) -> None:
    """List the assumptions of a scenario with their ranges, or print the page of one."""
    from underwatch.cli import assumption_pages as made
    from underwatch.cli import pages

    found = made.chosen(key, scenario) if key else [*made.assumptions(scenario).values()]
    if as_json:
        listed = [
            {
                "key": one.key, "meaning": one.meaning, "organs": list(one.organs),
                "value": one.value, "range": one.range.words if one.range else None,
                "reason": one.range.reason if one.range else None, "source": one.source,
                "moves": made.moves(one, scenario),
            }
            for one in found
        ]  # fmt: skip
        streams.print_object(listed, ensure_ascii=False)
        return
    if key:
        pages.show(made.page(key, scenario))
        return
    rows = tables.table("assumption", "value", "range", right=False)
    for one in found:
        rows.add_row(one.key, one.value, one.range.words if one.range else "")
    tables.console(sys.stdout, width=130).print(rows)
    print(
        f"\n{len(found)} assumptions. underwatch assumptions scoring.association prints the page "
        "of one: range, reason, source and what it moves."
    )
