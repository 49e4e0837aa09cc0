"""Where the numbers of a page come from: sources, assumptions, and all that was run."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from underwatch.scenario.evidence import assumptions, cite, is_assumption, is_fitted
from underwatch.scenario.evidence import figures as known_figures
from underwatch.scenario.keys import in_words

_ELSEWHERE = ("scenario", "scenarios", "sources", "study", "summary")  # on a page
# Keys whose numbers are names or years, without thousands separators.
_NAMES = ("seed", "year", "first", "last", "offered_from")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


class Row(NamedTuple):
    """A line of the table of sources."""

    path: str
    value: str
    source: str
    assumed: bool
    fitted: bool = False


def origin(provenance: dict) -> dict[str, Any]:
    """All that a page shows of its origin, under the names that the templates use."""
    rows, worlds = [*sources(provenance)], _worlds(provenance)
    first = next(iter(worlds.values()), None)
    assumed, total = assumptions(_sources(provenance))
    return {
        "sources": rows,
        "what": _what(provenance),
        "assumed": assumed,
        "total": total,
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


def _what(provenance: dict) -> str:
    """What declares the figures: a scenario, or a study with figures of its own."""
    return "study" if isinstance(provenance.get("study"), dict) else "scenario"


def _sources(provenance: dict) -> dict[str, str]:
    """The source of each figure by its path; title and text are not figures."""
    known = provenance.get("sources") or {}
    return {str(k): str(v) for k, v in known.items() if k not in ("title", "text")}


def sources(provenance: dict) -> Iterator[Row]:
    """The source of each figure of the (first) scenario or of the study; assumptions first."""
    scenario = next(iter(_worlds(provenance).values()), provenance.get("study"))
    rows = []
    for path, source in _sources(provenance).items():
        assumed = is_assumption(source)
        key = source.removeprefix("evidence.")
        if key in known_figures():
            source = f"{key}: {cite(key)}"
        value = _value(scenario, path)
        if path.rpartition(".")[2] in _NAMES:
            value = value.replace(",", "")
        rows.append(Row(path, value, source, assumed, is_fitted(source)))
    yield from sorted(rows, key=lambda row: (not row.assumed, row.path))


def _value(scenario: object, path: str) -> str:
    """The scenario's value at a dotted path; empty if the path leads nowhere."""
    for step in path.replace("[", ".").replace("]", "").split("."):
        if isinstance(scenario, dict) and step in scenario:
            scenario = scenario[step]
        elif isinstance(scenario, list) and step.isdigit() and int(step) < len(scenario):
            scenario = scenario[int(step)]
        else:
            return ""
    return _plain(scenario)


def _plain(value: object) -> str:
    """A figure of a scenario as one line, as `underwatch show` writes it."""
    if not isinstance(value, dict):
        return in_words(value)
    dated = all(map(_DATE.fullmatch, map(str, value)))
    write = "{1} from {0}" if dated else "{0}: {1}"
    return "; ".join(write.format(key, _plain(part)) for key, part in value.items())


def flat(provenance: dict, before: str = "") -> Iterator[tuple[str, str]]:
    """The provenance line by line, without what has a place of its own on the page."""
    for key, value in sorted(provenance.items(), key=lambda item: str(item[0])):
        whole = key in _ELSEWHERE and isinstance(value, dict)
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
    """Rows of the figures that differ between worlds: the path, and the value in each world."""
    leaves = [dict(_leaves(world)) for world in worlds.values()]
    rows = []
    for path in dict.fromkeys(path for world in leaves for path in world):
        values = [world.get(path, "–") for world in leaves]
        if len(set(values)) > 1:
            rows.append([path, *values])
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
