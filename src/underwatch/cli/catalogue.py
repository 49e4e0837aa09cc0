"""What there is: scenarios, organs, safeguards, and the schema of a scenario."""

import json
import sys
from typing import Annotated

import typer

from underwatch.cli import tables
from underwatch.cli.options import DEFAULT, World

JsonList = Annotated[bool, typer.Option("--json", help="As a JSON list.")]


def scenarios(as_json: JsonList = False) -> None:
    """List the shipped scenarios."""
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
        print(json.dumps(found, ensure_ascii=False))
        return
    for entry in found:
        print(f"{entry['name']:26} {entry['text']}")


def _one_line(document: dict) -> str:
    return " ".join(str(document.get("text", document.get("title", ""))).split()).split(". ")[0]


def schema() -> None:
    """Print the JSON Schema of a resolved scenario."""
    from underwatch.scenario import Scenario

    print(json.dumps(Scenario.model_json_schema(), indent=2, ensure_ascii=False))


def organs(scenario: World = DEFAULT, as_json: JsonList = False) -> None:
    """List the organs M1 to M25: when each is on in a scenario, and what it moves."""
    from underwatch.scenario import Scenario
    from underwatch.scenario.organs import organs as known

    world = Scenario.load(scenario)
    found = [
        {
            "organ": organ.number, "name": organ.name, "article": organ.article,
            "switch": list(organ.switch), "without": organ.without,
            "on": {str(day): on for day, on in organ.history(world)},
            "moves": list(organ.moves), "page": organ.page,
        }
        for organ in known()
    ]  # fmt: skip
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    rows = tables.table("organ", f"in {scenario}", "switch", "moves", "page", right=False)
    for organ in found:
        history = [f"{'on' if on else 'off'} from {day}" for day, on in organ["on"].items()]
        if len(history) == 1:
            history = ["on" if on else "off" for on in organ["on"].values()]
        moves = ", ".join(organ["moves"][:3]) + (" …" if len(organ["moves"]) > 3 else "")
        switch = "\n".join(organ["switch"][:2]) or "–"
        rows.add_row(f"{organ['organ']} {organ['name']}", "\n".join(history), switch, moves,
                     organ["page"])  # fmt: skip
    tables.console(sys.stdout, width=130).print(rows)


def safeguards(scenario: World = "safeguarded", as_json: JsonList = False) -> None:
    """List the safeguards: what a level means, which law asks for it, its level in a scenario."""
    from underwatch.scenario import Scenario
    from underwatch.scenario.safeguards import safeguards as known

    world = Scenario.load(scenario)
    found = [
        {
            "safeguard": guard.key, "name": guard.name, "between": guard.between,
            "means": guard.level, "law": guard.law, "scenario": guard.scenario,
            "level": {
                f"from {day}" if day else "always": level
                for day, level in getattr(world.safeguards, guard.key).steps
            },
        }
        for guard in known()
    ]  # fmt: skip
    if as_json:
        print(json.dumps(found, ensure_ascii=False))
        return
    rows = tables.table(
        "safeguard", f"in {scenario}", "between", "level 1 means", "law", right=False
    )
    for guard in found:
        level = "\n".join(f"{level} {day}" for day, level in guard["level"].items())
        rows.add_row(guard["safeguard"], level, guard["between"], guard["means"], guard["law"])
    tables.console(sys.stdout, width=150).print(rows)
