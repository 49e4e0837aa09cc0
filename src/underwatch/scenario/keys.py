"""Dotted keys of a scenario and of its sections."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Section


def leaves(section: Section, above: str = "") -> Iterator[tuple[str, Any]]:
    """Every key of a section with its value, in the order of declaration."""
    for name, value in section:
        if isinstance(value, Section):
            yield from leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def at(section: Section, key: str) -> Any:
    """The value of a dotted key."""
    for name in key.split("."):
        section = getattr(section, name)
    return section


def plain(value: Any) -> Any:
    """A value as a file has it: dates as text, values by date as a mapping."""
    if isinstance(value, Dated):
        value = value.written
    if isinstance(value, dict):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def in_words(value: Any) -> str:
    """A value for people to read: thousands separators; dates after the values they begin.

    Examples
    --------
    >>> in_words(100_000), in_words(Dated({date(2016, 1, 1): 0.05})), in_words([])
    ('100,000', '0.05 from 2016-01-01', 'none')
    """
    if isinstance(value, Dated):
        steps = [(day, in_words(one)) for day, one in value.steps]
        return "; ".join(f"{text} from {day}" if day else text for day, text in steps)
    if value is None:
        return "not given"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(in_words, value)) or "none"
    return str(value)
