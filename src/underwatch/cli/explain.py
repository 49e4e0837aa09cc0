"""`explain` tells one invented person's life, beside their twin's in another world if asked."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli import tables
from underwatch.cli.options import Citizens, Days, Json, Quiet, Seed, settings
from underwatch.cli.progress import Bar
from underwatch.cli.run import counted
from underwatch.errors import UserError

Run = Annotated[
    Path, typer.Argument(help="The folder of a run, or a scenario that is to be lived for this.")
]
Citizen = Annotated[int, typer.Argument(help="Their number, from 0; anybody will do.")]
Twin = Annotated[
    Path | None, typer.Option(help="A run of the same people in another world, to compare with.")
]
Picture = Annotated[Path | None, typer.Option(help="Draw the life into this .svg file.")]
Out = Annotated[
    Path | None, typer.Option(help="Leave text, JSON and picture in this folder.  [none]")
]


def explain(
    run: Run, citizen: Citizen, twin: Twin = None, citizens: Citizens = None, days: Days = None,
    seed: Seed = None, picture: Picture = None, out: Out = None, quiet: Quiet = False,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Tell one citizen's life: what they did, what the file says, and why each thing was decided.

    The run is lived again with this citizen watched, which takes as long as the run did.
    --citizens, --days and --seed are for scenarios; a run has its own.
    """
    from underwatch.results import folder as store

    provenance = _to_live(run, citizens, days, seed)
    other = _to_live(twin, citizens, days, seed) if twin else None
    if other:
        _refuse_strangers(run, provenance, twin, other)
    if out and out.exists():
        raise UserError(f"{out} exists already; choose another --out, or remove it.")
    if picture and picture.suffix != ".svg":
        raise UserError(f"{picture} is not an .svg file; write --picture {picture.stem}.svg.")
    try:
        life = _lived(provenance, citizen, quiet, "living again")
        its_twin = _lived(other, citizen, quiet, "living again, elsewhere") if other else None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    part = _divergence(life, its_twin)
    if not quiet:
        _tell(life, its_twin, part, sys.stderr if as_json else sys.stdout)
    if picture:
        picture.write_text(_drawn(life, its_twin), "utf-8")
    found = _found(run, citizen, life, twin, its_twin, part)
    if out:
        with store.whole(out) as folder:
            with (folder / "life.txt").open("w", encoding="utf-8") as text:
                _tell(life, its_twin, part, text)
            (folder / "life.json").write_text(json.dumps(found, indent=1), "utf-8")
            (folder / "life.svg").write_text(_drawn(life, its_twin), "utf-8")
    if as_json:
        print(json.dumps(found))


def _to_live(run: Path, citizens: int | None, days: int | None, seed: int | None) -> dict:
    """What a run's folder tells of it; of a scenario the same, as far as it is known before."""
    from underwatch.results import folder as store
    from underwatch.scenario import reading, shipped

    if run.is_dir() or not (str(run) in shipped() or run.suffix in (".yaml", ".yml")):
        told = store.load(run).provenance
        if {citizens, days, seed} != {None}:
            raise UserError(
                f"{run} was lived with people, days and luck of its own; leave out --citizens, "
                "--days and --seed, or name a scenario."
            )
        return told
    read = reading(str(run), settings(None, citizens, seed))
    days = read.value.days if days is None else days
    if days < 1:
        raise UserError(f"{days} days cannot be lived; write 1 or more.")
    return {
        "scenario": read.value.model_dump(mode="json"), "sources": read.sources, "days": days,
        "first_day": read.value.first_day.isoformat(), "state_hash": None,
    }  # fmt: skip


def _refuse_strangers(run, one: dict, twin, other: dict) -> None:
    """Twins are the same person: of the same society and luck, from the same first day."""
    differing = [
        key for key, value in one["scenario"]["society"].items()
        if other["scenario"]["society"].get(key) != value
    ]  # fmt: skip
    if one["first_day"] != other["first_day"]:
        differing.append("first_day")
    if differing:
        raise UserError(
            f"{run} and {twin} are not of the same people: they differ in {', '.join(differing)}; "
            "run both with the same society, --citizens, --seed and first day."
        )


def _lived(provenance: dict, citizen: int, quiet: bool, says: str):
    """The citizen's life in a run, lived again."""
    from underwatch.explanation.life import Life
    from underwatch.explanation.replay import replay

    with Bar(quiet) as bar:
        tell = counted(bar)

        def progress(step):
            if step.stage == "days":
                bar(says, step.done, step.total)
            else:
                tell(step)

        return Life.of(replay(provenance, [citizen], progress), citizen)


def _drawn(life, twin) -> str:
    """The life as an SVG file."""
    from underwatch.explanation.chart import life_chart
    from underwatch.report.rendering import to_svg

    return to_svg(life_chart(life, twin))


def _divergence(life, twin):
    from underwatch.explanation.divergence import divergence

    return divergence(life, twin) if twin else None


def _found(run, citizen, life, twin, its_twin, part) -> dict:
    from dataclasses import asdict

    parted = asdict(part) | {"cause": part.cause} if part else None
    other = {"run": str(twin)} | its_twin.told() if its_twin else None
    return {"run": str(run), "citizen": citizen, "life": life.told(), "twin": other,
            "divergence": parted}  # fmt: skip


def _tell(life, twin, part, stream) -> None:
    """The life as text for people."""
    from underwatch.explanation import timeline

    def say(*lines: str) -> None:
        print(*lines, sep="\n", file=stream)

    say(*timeline.person(life), f"World: {life.recording.scenario.title}.")
    say(*timeline.timeline(life), "")
    if twin:
        say(*_parted(part, twin), "")
    _ends(life, twin, stream)
    if rules := timeline.figures_used(life):
        say("", "Figures that ruled decisions and what is wrong on file:", *rules)


def _parted(part, twin) -> list[str]:
    """The day on which the two lives part."""
    from textwrap import wrap

    name = twin.recording.scenario.title
    if part is None:
        return [f"This life and its twin's in “{name}” never part."]
    lines = [f"This life and its twin's in “{name}” part on {part.date} (day {part.day})."]
    lines += [f"here only: {what}" for what in part.here]
    lines += [f"there only: {what}" for what in part.there]
    lines += [f"{field}: {a} here, {b} there" for field, (a, b) in part.differing.items()]
    causes = part.causes if part.causes != ["not recorded"] else ["the cause is not recorded"]
    lines += [f"{'cause' if k == 0 else 'and'}: {cause}" for k, cause in enumerate(causes)]
    for what, since in (("feel", part.felt), ("do", part.did)):
        when = f"from {since} on they {what}" if since else f"they never {what}"
        lines.append(f"{when} otherwise")
    found = wrap(lines[0], 100)
    for line in lines[1:]:
        found += wrap(line, 100, initial_indent="  ", subsequent_indent="    ")
    return found


HEADS = {"did": "What they did", "file says": "What the file says they did",
         "not own": "Of it all, no act of their own", "decided": "What was decided of them",
         "no longer did": "What they no longer did"}  # fmt: skip


def _ends(life, twin, stream) -> None:
    """Both lives in figures, side by side."""
    lives = [life, twin] if twin else [life]
    titles = ["this world", "the other world"][: len(lives)] if twin else ["times"]
    rows = tables.table("", *titles)
    for sort, head in HEADS.items():
        sums = [x.sums[sort] for x in lives]
        rows.add_row(f"[bold]{head}[/bold]", *([] if any(sums) else ["none"] * len(lives)))
        for label in dict.fromkeys(label for each in sums for label in each):
            rows.add_row(f"  {label}", *(tables.figure(each.get(label, 0)) for each in sums))
    rows.add_row("[bold]At the end[/bold]")
    for name in ("risk", "detection", "trust", "support", "opinion"):
        rows.add_row(f"  {name}, of 1", *(f"{x.states[-1][name] / 255:.2f}" for x in lives))
    scores = (int(x.scores[-1]) for x in lives)
    rows.add_row("  score", *("none" if s < 0 else tables.figure(s) for s in scores))
    tables.console(stream).print(rows)
