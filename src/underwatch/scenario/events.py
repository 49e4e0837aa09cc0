"""What changes in a scenario on a date, as numbered markers of charts and a key in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from underwatch.scenario.keys import in_words
from underwatch.scenario.organs import organs

MOST = 9  # markers of a chart
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_WORDS = 3  # sections that are named one by one


class Event(NamedTuple):
    """A date on which figures of a scenario change: its number on charts, and what changes."""

    number: str
    day: date
    text: str


def dated_changes(provenance: Mapping[str, Any]) -> list[Event]:
    """The changes within a run or a study, the first day left out; the largest if there are many.

    provenance: of the result; its scenario, or the last of its scenarios that changes at all.
    """
    first, days = provenance.get("first_day"), provenance.get("days")
    if not isinstance(first, str) or not isinstance(days, int):
        return []
    try:
        begin = date.fromisoformat(first)
        last = begin + timedelta(days - 1)
    except (ValueError, OverflowError):
        return []
    found: list[tuple[date, dict[str, tuple[Any, Any]]]] = []
    chosen: Mapping[str, Any] = {}
    for scenario in _scenarios(provenance):
        by_day: dict[date, dict[str, tuple[Any, Any]]] = {}
        for day, key, before, after in _changes(scenario):
            if begin < day <= last:
                by_day.setdefault(day, {})[key] = before, after
        if len(by_day) >= len(found):
            found, chosen = sorted(by_day.items()), scenario
    largest = sorted(found, key=lambda one: -len(one[1]))[:MOST]
    return [
        Event(str(k + 1), day, _text(changes, _switched(chosen, day)))
        for k, (day, changes) in enumerate(sorted(largest, key=lambda one: one[0]))
    ]


def _scenarios(provenance: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    one, many = provenance.get("scenario"), provenance.get("scenarios")
    if isinstance(one, dict):
        yield one
    elif isinstance(many, dict):
        yield from (world for world in many.values() if isinstance(world, dict))


def _changes(section: Mapping[str, Any], above: str = "") -> Iterator[tuple[date, str, Any, Any]]:
    """(day, key, value before, value from then on) of every dated change."""
    for name, value in section.items():
        if not isinstance(value, dict) or not value:
            continue
        if all(isinstance(key, str) and _DATE.fullmatch(key) for key in value):
            steps = sorted(value.items())
            for k, (day, after) in enumerate(steps):
                before = steps[k - 1][1] if k else None
                yield date.fromisoformat(day), f"{above}{name}", before, after
        else:
            yield from _changes(value, f"{above}{name}.")


def _switched(scenario: Mapping[str, Any], day: date) -> dict[str, tuple[str, ...]]:
    """The organs that a day switches on or off, in words, with the keys that do it."""
    found = {}
    for organ in organs():
        if not organ.switch:
            continue
        before, after = (
            all(any(_holds(scenario, key, when) for key in keys)
                for keys in (organ.switch, organ.needs) if keys)
            for when in (day - timedelta(1), day)
        )  # fmt: skip
        if before != after:
            words = f"{organ.name} ({organ.number}) switched {'on' if after else 'off'}"
            found[words] = (*organ.switch, *organ.needs)
    return found


def _holds(scenario: Mapping[str, Any], key: str, day: date) -> bool:
    """Whether a figure is something other than 0, false or empty on a day."""
    value: Any = scenario
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if isinstance(value, Mapping) and value and all(_DATE.fullmatch(str(k)) for k in value):
        known = [step for step in sorted(value) if step <= day.isoformat()]
        value = value[known[-1]] if known else None
    if isinstance(value, Mapping):
        return any(map(bool, value.values()))
    return bool(value)


def _text(changes: Mapping[str, tuple[Any, Any]], switched: Mapping[str, tuple[str, ...]]) -> str:
    """What changes on one day: organs, one figure by name and values, many by their sections."""
    covered = {key for keys in switched.values() for key in keys}
    rest = {key: ends for key, ends in changes.items() if key not in covered}
    return "; ".join(filter(None, (*switched, _figures(rest))))


def _figures(changes: Mapping[str, tuple[Any, Any]]) -> str:
    if len(changes) <= 2:
        return "; ".join(_figure(key, *ends) for key, ends in changes.items())
    sections: dict[str, list[str]] = {}
    for key in changes:
        sections.setdefault(key.partition(".")[0].replace("_", " "), []).append(key)
    many = sorted(sections, key=lambda name: -len(sections[name]))
    named = [
        _figure(sections[name][0], *changes[sections[name][0]])
        if len(sections[name]) == 1
        else f"{name} ({len(sections[name])} figures)"
        for name in many[:_MOST_WORDS]
    ]
    more = len(many) - len(named)
    return "; ".join(named) + (f"; and {more} other sections" if more > 1 else
                               "; and 1 other section" if more else "")  # fmt: skip


def _figure(key: str, before: Any, after: Any) -> str:
    """A figure with its values, such as "restrictions switched on"."""
    *above, last = key.replace("_", " ").split(".")
    if last == "on" and isinstance(after, bool):
        return f"{' '.join(above)} switched {'on' if after else 'off'}"
    words, new = " ".join([*above, last]), _plain(after)
    return f"{words} from {_plain(before)} to {new}" if before is not None else f"{words}: {new}"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,g}"
    return str(in_words(value)) or "none"
