"""Catalogue commands: scenarios, censuses, organs, safeguards, measures, and the schema."""

import json
import sys
from typing import Annotated

import typer

from underwatch.cli import streams, tables
from underwatch.cli.options import DEFAULT

JsonList = Annotated[bool, typer.Option("--json", help="Print a JSON list.")]
CensusName = Annotated[
    str | None, typer.Argument(metavar="CENSUS", help="A census, or a .yaml file: print it.")
]
OrganName = Annotated[
    str | None, typer.Argument(metavar="ORGAN", help="M1 to M27, or model: print a page.")
]
GuardName = Annotated[
    str | None, typer.Argument(metavar="SAFEGUARD", help="A safeguard: print its page.")
]
MeasureName = Annotated[
    str | None, typer.Argument(metavar="MEASURE", help="A measure: print its page.")
]
InScenario = Annotated[
    str, typer.Option("--scenario", help="Scenario whose values are shown: a name or a .yaml file.")
]


def scenarios(as_json: JsonList = False) -> None:
    """List the shipped scenarios; `underwatch show NAME` prints one."""
    from ruamel.yaml import YAML

    from underwatch.scenario import shipped
    from underwatch.scenario.data import SCENARIOS

    reader = YAML(typ="safe", pure=True)
    found = [
        {
            "name": name,
            "text": _one_line(reader.load((SCENARIOS / f"{name}.yaml").read_text("utf-8"))),
        }
        for name in shipped()
    ]
    if as_json:
        streams.print_object(found, ensure_ascii=False)
        return
    for entry in found:
        print(f"{entry['name']:26} {entry['text']}")


def _one_line(document: dict) -> str:
    return " ".join(str(document.get("text", document.get("title", ""))).split()).split(". ")[0]


def census(name: CensusName = None, as_json: JsonList = False) -> None:
    """List the shipped censuses, or print the figures of one with their sources."""
    from underwatch.scenario.censuses import censuses, describe

    if name is not None:
        print(describe(name), end="")
        return
    found = censuses()
    if as_json:
        streams.print_object([entry._asdict() for entry in found], ensure_ascii=False)
        return
    for entry in found:
        print(f"{entry.name:26} {entry.title}")
    print("\nA scenario names one as society.census; underwatch census NAME prints its figures.")


def schema() -> None:
    """Print the JSON Schema of a resolved scenario."""
    from underwatch.scenario import Scenario

    print(json.dumps(Scenario.model_json_schema(), indent=2, ensure_ascii=False))


def organs(
    organ: OrganName = None, scenario: InScenario = DEFAULT, as_json: JsonList = False
) -> None:
    """List the organs M1 to M27 with their dates in a scenario, or print the page of one."""
    from underwatch.cli import pages
    from underwatch.scenario import Scenario
    from underwatch.scenario.organs import organs as known

    if organ is not None:
        model = organ.lower() == "model"
        pages.show(pages.page("model") if model else pages.organ_page(organ, scenario))
        return
    world = Scenario.load(scenario)
    if as_json:
        found = [
            {
                "organ": entry.number, "name": entry.name, "article": entry.article,
                "switch": list(entry.switch), "without": entry.without,
                "on": {str(day): on for day, on in entry.history(world)},
                "moves": list(entry.moves), "files": list(entry.files),
            }
            for entry in known()
        ]  # fmt: skip
        streams.print_object(found, ensure_ascii=False)
        return
    rows = tables.table("organ", "name", f"in {scenario}", "scenario without it", right=False)
    for entry in known():
        dates = pages.spans(entry.history(world)) if entry.switch else "no switch"
        rows.add_row(entry.number, entry.name, dates, entry.without or "–")
    tables.console(sys.stdout, width=130).print(rows)
    print(
        "\nunderwatch organs M12 prints the page of M12, "
        "underwatch organs model that of the whole model."
    )


def safeguards(
    safeguard: GuardName = None, scenario: InScenario = "safeguarded", as_json: JsonList = False
) -> None:
    """List the safeguards with their levels in a scenario, or print the page of one."""
    from underwatch.cli import pages
    from underwatch.scenario import Scenario
    from underwatch.scenario.safeguards import safeguards as known

    if safeguard is not None:
        pages.show(pages.safeguard_page(safeguard, scenario))
        return
    levels = Scenario.load(scenario).safeguards
    if as_json:
        found = [
            {
                "safeguard": guard.key, "name": guard.name, "between": guard.between,
                "means": guard.level, "law": guard.law, "scenario": guard.scenario,
                "level": {
                    f"from {day}" if day else "always": level
                    for day, level in getattr(levels, guard.key).steps
                },
            }
            for guard in known()
        ]  # fmt: skip
        streams.print_object(found, ensure_ascii=False)
        return
    rows = tables.table(
        "safeguard", f"in {scenario}", "between", "meaning of the level", "law", right=False
    )
    for guard in known():
        level = pages.written(getattr(levels, guard.key))
        rows.add_row(guard.key, level, guard.between, guard.level, guard.law)
    tables.console(sys.stdout, width=150).print(rows)


def measures(measure: MeasureName = None, as_json: JsonList = False) -> None:
    """List the measures with their units, or print the page of one."""
    from dataclasses import asdict

    from underwatch.measurement.pages import entries, measure_page

    if measure is not None:
        print(measure_page(measure), end="")
        return
    known = entries()
    if as_json:
        found = [asdict(entry) | {"name": name} for name, entry in known.items()]
        streams.print_object(found, ensure_ascii=False)
        return
    rows = tables.table("measure", "what it counts", "unit", right=False)
    for name, entry in known.items():
        rows.add_row(name, entry.label, entry.unit)
    tables.console(sys.stdout, width=130).print(rows)
    print("\nunderwatch measures chilled_share prints the page of chilled_share.")
