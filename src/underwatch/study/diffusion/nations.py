"""Figures of small nations by their dotted keys."""

from collections.abc import Mapping

from underwatch.scenario import Section


def value_at(section: Section, key: str):
    """The value at a dotted key."""
    for name in key.split("."):
        section = getattr(section, name)
    return section


def with_values(section: Section, values: Mapping[str, object]) -> Section:
    """The same section with other values at some dotted keys."""
    update: dict = {}
    below: dict[str, dict] = {}
    for key, value in values.items():
        name, dot, rest = key.partition(".")
        if dot:
            below.setdefault(name, {})[rest] = value
        else:
            update[name] = value
    update |= {name: with_values(getattr(section, name), inner) for name, inner in below.items()}
    return section.model_copy(update=update)
