"""Studies of several worlds, as tables for people; from what their folders hold."""

from pathlib import Path

from underwatch.cli import tables


def tell(told: dict, folder: Path, stream) -> None:
    """Tell of a study by its kind."""
    console = tables.console(stream, width=160)
    console.print(
        f"[bold]{told['title']}[/bold]: {told['citizens']:,} citizens, {told['days']:,} days from "
        f"{told['first_day']}, {len(told['seeds'])} "
        f"{'life' if len(told['seeds']) == 1 else 'lives'} in each world, {told['seconds']:.1f} s"
    )
    {"compare": _comparison, "attribute": _attribution, "frontier": _frontier}[told["kind"]](
        console, told
    )
    console.print(tables.where(folder, told["sources"]))


def _comparison(console, told) -> None:
    first, *_ = told["scenarios"]
    for world, differences in told["differences"].items():
        rows = tables.table("measure", first, world, "difference", "95 % interval",
                            "strangers", "unit")  # fmt: skip
        rows.columns[-1].justify = "left"
        kind = None
        for d in differences:
            if d["kind"] != kind:
                kind = d["kind"]
                rows.add_row(f"[bold]{kind}[/bold]")
            strangers = d["unpaired_seeds"]
            between = f"{tables.signed(d['low'])} … {tables.signed(d['high'])}"
            rows.add_row(
                f"  {d['label']}", tables.figure(d["first"]), tables.figure(d["here"]),
                tables.signed(d["difference"]), between if d["low"] is not None else "–",
                f"{strangers:,.0f}" if strangers else "–", d["unit"],
            )  # fmt: skip
        console.print(rows)
    if told["parts"]:
        console.print(f"The worlds are one until day {told['parts']}.")
    console.print("strangers: seeds it would have taken with other people in each world")


def _attribution(console, told) -> None:
    found = told["attribution"]
    rows = tables.table("part", f"share of {found['measure']}", "of the whole", "95 % interval")
    for part in found["parts"]:
        whole = part["value"] / found["total"] if found["total"] else None
        between = f"{tables.signed(part['low'])} … {tables.signed(part['high'])}"
        known = part["low"] is not None and part["low"] != part["high"]
        rows.add_row(f"  {part['name']}", tables.signed(part["value"]),
                     "–" if whole is None else f"{100 * whole:.1f} %",
                     between if known else "exact" if found["exact"] else "–")  # fmt: skip
    rows.add_row("[bold]all together[/bold]", tables.signed(found["total"]))
    console.print(rows)
    console.print(
        f"Without these parts {tables.figure(found['without'])} {found['unit']}, with all of them "
        f"{tables.figure(found['with_all'])}; from {found['worlds']} worlds."
    )


def _frontier(console, told) -> None:
    from underwatch.study.folders import given_up
    from underwatch.study.frontier import Point

    found = told["frontier"]
    rows = tables.table(found["harm"], found["benefit"], "gives up", "safeguards")
    rows.columns[2].justify = rows.columns[3].justify = "left"
    none = found["none"]
    for made in ([] if none in found["points"] else [none]) + found["points"]:
        point = Point(**made)
        rows.add_row(tables.figure(point.harm), tables.figure(point.benefit), given_up(point),
                     ", ".join(point.safeguards) or "none")  # fmt: skip
    console.print(rows)
    end = "no set one safeguard away betters any of these"
    console.print(
        f"{found['harm']}: {found['harm_unit']}; {found['benefit']}: {found['benefit_unit']}. "
        f"{found['lived']} of {found['sets']:,} sets lived; "
        + (end if found["finished"] else "not all neighbours were looked at (--worlds)")
    )
