"""Studies of many worlds: `compare`, `attribute`, `frontier` and `diffusion`."""

import json
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli.options import (
    DEFAULT,
    Citizens,
    Days,
    Json,
    Out,
    Quiet,
    Seed,
    Set,
    World,
    folders,
    settings,
)
from underwatch.cli.progress import Bar, interrupted
from underwatch.errors import UserError

Small = Annotated[int, typer.Option(help="How many people; many worlds are lived by them.")]
Lives = Annotated[int, typer.Option(help="How many lives to live in each world.")]


def compare(
    worlds: Annotated[
        list[str], typer.Argument(help="Two or more: shipped names, or .yaml files.")
    ],
    citizens: Citizens = None,
    days: Days = None,
    seeds: Lives = 3,
    seed: Seed = None,
    from_: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="Branch the others off the first then."),
    ] = None,
    out: Out = None,
    set_: Set = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Live worlds with the same people and luck, and tell what differs.

    Ctrl-C keeps the worlds that are finished: the same command with the same
    --out goes on.
    """
    from underwatch.study.compare import compare as live

    if len(worlds) < 2:
        raise UserError(f"{worlds[0]} alone cannot be compared; name two worlds or more.")
    chosen, sources = _read(worlds, settings(set_, citizens, seed))
    folder, halfway = folders(out, "-".join(Path(name).stem for name in worlds))
    clock = time.perf_counter()
    with _far(quiet, folder) as far:
        found = live(
            chosen, days, seeds, from_.date() if from_ else None, halfway, far
        )  # fmt: skip

    def keep(told, folders_):
        told["differences"] = {
            name: [vars(d) for d in found.differences if d.world == name]
            for name in [*chosen][1:]
        }  # fmt: skip
        told["state_hashes"] = {
            str(seed): {name: one.state_hash for name, one in by_world.items()}
            for seed, by_world in found.outcomes.items()
        }
        told["parts"] = found.parts
        folders_.keep_comparison(folder, told, found)

    title = " beside ".join(chosen)
    told = _kept("compare", title, chosen, found.days, found.seeds, clock, sources, keep, halfway)
    _tell(told, folder, quiet, as_json)
    if as_json:
        by_world = {
            name: {d["measure"]: {k: d[k] for k in ("difference", "low", "high", "unit")}
                   for d in some}
            for name, some in told["differences"].items()
        }  # fmt: skip
        first_other = next(iter(by_world.values()))
        said = {"study": str(folder), "worlds": [*chosen], "differences": first_other}
        said |= {"by_world": by_world} if len(by_world) > 1 else {}
        _say(said, told, "state_hashes")


def attribute(
    scenario: World = DEFAULT,
    measure: Annotated[str, typer.Option(help="What to share out, e.g. chilled_acts.")] = ...,
    organs: Annotated[
        str | None, typer.Option(help="Which organs, e.g. M1,M7,M11.  [those that see and strike]")
    ] = None,
    safeguards: Annotated[
        str | None, typer.Option(help="Share out over safeguards instead: names, or all.")
    ] = None,
    citizens: Small = 5_000,
    days: Days = None,
    seeds: Lives = 1,
    orders: Annotated[
        int, typer.Option(help="Orders to sample, and their reverses, beyond eight parts.")
    ] = 20,
    seed: Seed = None,
    out: Out = None,
    set_: Set = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Tell which organ, or which safeguard, is responsible for which share of a measure.

    Shapley values: exact for up to eight parts (2 to the power of their number
    worlds), over sampled orders beyond. Ctrl-C keeps the worlds that are finished.
    """
    from underwatch.study import attribute as attribution

    attribution.check_measure(measure)
    if organs and safeguards:
        raise UserError("Name either --organs or --safeguards.")
    given = settings(set_, citizens, seed)
    chosen, sources = _read([scenario], given)
    if safeguards:
        parts = attribution.safeguard_parts(scenario, given, _chosen(safeguards))
    else:
        parts = attribution.organ_parts(scenario, given, _listed(organs or ""))
    folder, halfway = folders(out, f"{Path(scenario).stem}-{measure}")
    clock = time.perf_counter()
    with _far(quiet, folder) as far:
        found = attribution.attribute(parts, measure, days, seeds, orders, halfway, far)

    def keep(told, folders_):
        told["attribution"] = vars(found) | {"parts": [vars(part) for part in found.parts]}
        folders_.keep_attribution(folder, told, found)

    title = f"Who is responsible for {measure.replace('_', ' ')} in {next(iter(chosen))}"
    lasted = next(iter(chosen.values())).days if days is None else days
    told = _kept("attribute", title, chosen, lasted, found.seeds, clock, sources, keep, halfway)
    _tell(told, folder, quiet, as_json)
    if as_json:
        parts_said = {p.key: {"value": p.value, "low": p.low, "high": p.high} for p in found.parts}
        said = {"study": str(folder), "measure": measure, "unit": found.unit,
                "without": found.without, "with_all": found.with_all, "total": found.total,
                "parts": parts_said, "exact": found.exact, "worlds": found.worlds}  # fmt: skip
        _say(said, told)


def frontier(
    scenario: World = DEFAULT,
    harm: Annotated[str, typer.Option(help="What is to be less.")] = "chilled_acts",
    benefit: Annotated[str, typer.Option(help="The stated goal to keep.")] = "offences_deterred",
    safeguards: Annotated[str, typer.Option(help="Which to try: names, or all.")] = "all",
    worlds: Annotated[int, typer.Option(help="How many sets to live at most.")] = 200,
    citizens: Small = 5_000,
    days: Days = None,
    seed: Seed = None,
    out: Out = None,
    set_: Set = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Find the sets of safeguards that take most harm away for what they give up.

    Only safeguards are searched, never more control. Ctrl-C keeps the worlds
    that are finished.
    """
    from underwatch.study import attribute as attribution
    from underwatch.study import frontier as search

    search.check(harm, benefit)
    given = settings(set_, citizens, seed)
    chosen, sources = _read([scenario], given)
    parts = attribution.safeguard_parts(scenario, given, _chosen(safeguards))
    folder, halfway = folders(out, f"{Path(scenario).stem}-frontier")
    clock = time.perf_counter()
    with _far(quiet, folder) as far:
        found = search.frontier(parts, harm, benefit, days, worlds, halfway, far)

    def keep(told, folders_):
        told["frontier"] = vars(found) | {
            "none": vars(found.none), "points": [vars(p) for p in found.points],
            "lived": len(found.lived),
        }  # fmt: skip
        folders_.keep_frontier(folder, told, found)

    (name, world), *_ = chosen.items()
    title = f"What safeguards take away of {harm.replace('_', ' ')} in {name}"
    lasted = world.days if days is None else days
    told = _kept("frontier", title, chosen, lasted, [world.society.seed], clock, sources, keep,
                 halfway)  # fmt: skip
    _tell(told, folder, quiet, as_json)
    if as_json:
        _say({"study": str(folder)} | told["frontier"], told)


def diffusion(
    study: Annotated[str, typer.Argument(help="A shipped name, or a .yaml file.")] = "diffusion",
    seed: Seed = None,
    citizens: Annotated[int | None, typer.Option(help="People in each state's nation.")] = None,
    out: Out = None,
    set_: Set = None,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Let the organs spread over invented states, and live a small nation for each (M24).

    Ctrl-C keeps the nations lived: the same command with the same --out goes on.
    """
    import shutil

    from underwatch.cli.told_diffusion import tell
    from underwatch.engine.simulation import ctrl_c_waits
    from underwatch.results import folder as store
    from underwatch.study.diffusion.declaration import reading
    from underwatch.study.diffusion.export import export

    given = [*(set_ or [])]
    given += [f"seed={seed}"] if seed is not None else []
    given += [f"nations.citizens={citizens}"] if citizens is not None else []
    read = reading(study, given)
    folder, halfway = folders(out, Path(study).stem)
    with _stopping(folder), Bar(quiet, "nations") as bar:
        found = export(
            read.value, read.sources, halfway, lambda step: bar("living", step.done, step.total)
        )
    told = found.provenance | {"command": ["underwatch", *sys.argv[1:]]}
    with ctrl_c_waits():
        store.save_states(folder, told, found.states)
        shutil.rmtree(halfway, ignore_errors=True)  # none if nobody adopted anything
    if not quiet:
        tell(told, found.states, folder, sys.stderr if as_json else sys.stdout)
    if as_json:
        keys = ("seed", "states", "adopters", "citizens", "comparison", "seconds", "study_hash",
                "result_hash")  # fmt: skip
        print(json.dumps({"study": str(folder)} | {key: told[key] for key in keys}))


def _read(names: list[str], given: list[str]) -> tuple[dict, dict]:
    """(scenario by name, where each figure is from); every fault of every file at once."""
    from underwatch.scenario import reading

    chosen, sources, problems = {}, {}, []
    for name in names:
        try:
            read = reading(name, given)
        except UserError as error:
            problems += [p for p in error.problems if p not in problems]
            continue
        stem, again = Path(name).stem, 2
        key = stem
        while key in chosen:
            key, again = f"{stem}-{again}", again + 1
        chosen[key] = read.value
        sources |= {path: source for path, source in read.sources.items() if path not in sources}
    if problems:
        raise UserError(problems)
    return chosen, sources


def _chosen(safeguards: str) -> list[str]:
    return [] if safeguards == "all" else _listed(safeguards)


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


@contextmanager
def _stopping(folder: Path):
    """Ctrl-C is told in one sentence, and leaves with what shells expect."""
    try:
        yield
    except KeyboardInterrupt:
        interrupted(folder)
        raise typer.Exit(130) from None


@contextmanager
def _far(quiet: bool, folder: Path):
    """A bar over all the days of all the worlds."""
    with _stopping(folder), Bar(quiet) as bar:
        yield lambda far: bar(
            "living", far.days, far.of_days, f", {far.tasks}/{far.of_tasks} worlds finished"
        )


def _kept(kind, title, chosen, days, seeds, clock, sources, keep, halfway) -> dict:
    """Write the study; its provenance."""
    import shutil

    from underwatch.engine.simulation import ctrl_c_waits
    from underwatch.study import folders as written

    with ctrl_c_waits():
        told = written.provenance(
            kind, title, chosen, days, seeds, time.perf_counter() - clock,
            ["underwatch", *sys.argv[1:]], sources,
        )  # fmt: skip
        keep(told, written)
        shutil.rmtree(halfway, ignore_errors=True)
    return told


def _tell(told: dict, folder: Path, quiet: bool, as_json: bool) -> None:
    from underwatch.cli import told as telling

    if not quiet:
        telling.tell(told, folder, sys.stderr if as_json else sys.stdout)


def _say(said: dict, told: dict, *more: str) -> None:
    keys = ("citizens", "days", "seeds", "seconds", *more)
    print(json.dumps(said | {key: told[key] for key in keys}))
