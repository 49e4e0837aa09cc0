"""Where a page's numbers are from: sources, assumptions, and all that was run."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from underwatch.scenario.evidence import cite
from underwatch.scenario.evidence import figures as known_figures


class Row(NamedTuple):
    """A line of the table of sources."""

    path: str
    value: str
    source: str
    assumed: bool


def told(provenance: dict) -> dict[str, Any]:
    """All that a page says of its origin, under the names that the templates use."""
    rows, worlds = [*sources(provenance)], _worlds(provenance)
    first = next(iter(worlds.values()), None)
    return {
        "sources": rows,
        "assumed": sum(row.assumed for row in rows),
        "provenance": list(flat(provenance)),
        "scenario": json.dumps(first, indent=2, ensure_ascii=False, default=str) if first else "",
        "worlds": list(worlds),
        "differing": differing(worlds),
    }


def _worlds(provenance: dict) -> dict[str, dict]:
    """The scenarios by name; a run has one."""
    one, many = provenance.get("scenario"), provenance.get("scenarios")
    if isinstance(one, dict):
        return {"this run": one}
    if not isinstance(many, dict):
        return {}
    return {str(name): world for name, world in many.items() if isinstance(world, dict)}


def sources(provenance: dict) -> Iterator[Row]:
    """Where each figure of the (first) scenario is from; assumptions first."""
    known = {str(k): str(v) for k, v in (provenance.get("sources") or {}).items()}
    for words in ("title", "text"):  # nothing in them is assumed
        known.pop(words, None)
    scenario = next(iter(_worlds(provenance).values()), None)
    by_trust = sorted(known.items(), key=lambda item: (not _assumed(item[1]), item[0]))
    for path, source in by_trust:
        key = source.removeprefix("evidence.")
        if key in known_figures():
            source = f"{key}: {cite(key)}"
        yield Row(path, _value(scenario, path), source, _assumed(source))


def _assumed(source: str) -> bool:
    return source.lower().startswith("assum")


def _value(scenario: object, path: str) -> str:
    """What the scenario says at a dotted path; nothing if the path leads nowhere."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(scenario, dict) and step in scenario:
            scenario = scenario[step]
        elif isinstance(scenario, list) and step.isdigit() and int(step) < len(scenario):
            scenario = scenario[int(step)]
        else:
            return ""
    return _plain(scenario)


def _plain(value: object) -> str:
    """A figure of a scenario in a line."""
    if isinstance(value, int | float | str):
        return str(value)
    flat = isinstance(value, dict)
    if flat and not any(isinstance(part, dict | list) for part in value.values()):
        return ", ".join(f"{key}: {part}" for key, part in value.items())
    return json.dumps(value, ensure_ascii=False, default=str)


def flat(provenance: dict, before: str = "") -> Iterator[tuple[str, str]]:
    """The provenance line by line, less what has a place of its own on the page."""
    for key, value in sorted(provenance.items(), key=lambda item: str(item[0])):
        whole = key in ("scenario", "scenarios", "sources", "summary") and isinstance(value, dict)
        if not before and (whole or key in ("title", "text")):
            continue
        if isinstance(value, list | tuple) and any(isinstance(part, dict) for part in value):
            value = dict(enumerate(value))
        if isinstance(value, dict) and value:
            yield from flat(value, f"{before}{key}.")
        else:
            plain = " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            yield f"{before}{key}", plain


def differing(worlds: dict[str, dict]) -> list[list[str]]:
    """What two worlds or more do not say alike: a path, and what each says there."""
    said = [dict(_leaves(world)) for world in worlds.values()]
    rows = []
    for path in dict.fromkeys(path for leaves in said for path in leaves):
        each = [leaves.get(path, "–") for leaves in said]
        if len(set(each)) > 1:
            rows.append([path, *each])
    return rows


def _leaves(scenario: dict, before: str = "") -> Iterator[tuple[str, str]]:
    """Each figure with its dotted path; dates of one figure stay together."""
    for key, value in scenario.items():
        if not before and key in ("title", "text"):
            continue
        parts = list(value.values()) if isinstance(value, dict) else []
        if any(isinstance(part, dict | list) for part in parts) or (parts and not before):
            yield from _leaves(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", _plain(value)
