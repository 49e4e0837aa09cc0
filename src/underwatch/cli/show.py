"""`show` prints a result folder, or a scenario with its sources."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import All
from underwatch.errors import UserError


def show(
    target: Annotated[
        str, typer.Argument(help="The folder of a run or of a study, or a scenario.")
    ],
    picture: Annotated[
        Path | None, typer.Option(help="Draw a run in four panels into this new .svg file.")
    ] = None,
    everything: All = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Print the summary of a run, the findings of a study, or a scenario with its sources."""
    with streams.output():
        if _is_scenario(target):
            _show_scenario(target, picture, as_json)
        else:
            _show_folder(Path(target), picture, as_json, everything)


def _is_scenario(target: str) -> bool:
    """A folder is a result; what else is a .yaml file or a shipped name is a scenario."""
    from underwatch.results.folder import is_folder
    from underwatch.scenario import shipped

    if is_folder(Path(target)):
        return False
    return target.lower().endswith((".yaml", ".yml")) or target in shipped()


def _show_scenario(name: str, picture: Path | None, as_json: bool) -> None:
    from underwatch.scenario import Scenario

    if picture:
        raise UserError(f"{name} is a scenario; --picture draws a run.")
    scenario = Scenario.load(name)
    if as_json:
        declared = {"scenario": scenario.model_dump(mode="json"), "census": scenario.census}
        streams.print_object(declared | {"sources": dict(scenario.sources)})
    else:
        print(scenario.describe())
        if note := tables.notes(scenario):
            print(f"\n{note}")


def _show_folder(folder: Path, picture: Path | None, as_json: bool, everything: bool) -> None:
    from underwatch.results import folder as store
    from underwatch.results.ledger import is_ledger
    from underwatch.study.load import kind_of

    if not store.is_folder(folder):
        _refuse_unknown(folder)
    if not store.is_run(folder) and is_ledger(folder):
        _show_partial(folder, picture, as_json)
        return
    provenance = store.load_provenance(folder)
    kind = kind_of(provenance)
    if picture and kind != "run":
        raise UserError(f"{folder} holds a study; --picture draws one run. Its page has charts.")
    if picture:
        _draw(folder, picture)
    if as_json:
        streams.print_object({"run" if kind == "run" else "study": str(folder)} | provenance)
    elif kind == "assess":
        from underwatch.assessments.assessment import Assessment
        from underwatch.cli.assess import print_assessment

        print_assessment(Assessment.load(folder), folder, sys.stdout)
    elif kind == "run":
        from underwatch.cli.run import print_run
        from underwatch.results.run_result import Run

        print_run(Run.load(folder), folder, sys.stdout, everything)
    elif kind == "replicates":
        from underwatch.cli.seeds import print_seeds
        from underwatch.study.replicates_result import Runs

        print_seeds(Runs.load(folder), folder, None, everything)
    elif kind == "explain":
        from underwatch.errors import printable
        from underwatch.explanation import Explanation

        print(printable(Explanation.load(folder).text(), newlines=True))
        print(f"Folder and page: {folder}")
    else:
        from underwatch.cli.study_tables import print_study
        from underwatch.study.load import load

        print_study(load(folder), folder, sys.stdout, everything)


def _show_partial(folder: Path, picture: Path | None, as_json: bool) -> None:
    """What a sweep that is not finished has so far, also while it grows."""
    from underwatch.cli.study_tables import print_partial
    from underwatch.study.load import load

    if picture or as_json:
        raise UserError(f"{folder} holds partial results; --picture and --json are for a result.")
    print_partial(load(folder), folder, sys.stdout)


def _refuse_unknown(target: Path) -> None:
    from underwatch.errors import nearest, shortened
    from underwatch.scenario import shipped

    close = nearest(str(target), shipped())
    end = f"did you mean {close}?" if close else "`underwatch scenarios` lists the scenarios."
    raise UserError(f"{shortened(target)} is neither a result folder nor a scenario; {end}")


def _draw(folder: Path, picture: Path) -> None:
    """The run in four panels, as a new file."""
    from underwatch.report import charts, rendering
    from underwatch.results.run_result import Run
    from underwatch.results.single_file import check_new_file, write_file

    check_new_file(picture, "--picture", ".svg")
    run = Run.load(folder)
    drawn = rendering.to_svg(charts.picture(run.tallies, run.provenance))
    write_file(picture, drawn, "--picture")
