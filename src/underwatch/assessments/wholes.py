"""Shares that are parts of a whole: where one of them moves, the others make room for it."""

from __future__ import annotations

from collections.abc import Mapping

# Sections whose entries are shares of a whole, and the key of the share in an entry.
_WHOLES = (
    ("people.groups", "share"),
    ("people.visitors", "share_of_passes"),
    ("accuracy.tested_mix", ""),
    ("averaging.worked", "share"),
)


def parts_of(path: str, paths: Mapping[str, object]) -> list[str]:
    """The paths of all shares of the whole that a share is part of; empty if it is part of none.

    Examples
    --------
    >>> parts_of("people.groups.A.share", {"people.groups.A.share": 1, "people.groups.B.share": 1})
    ['people.groups.A.share', 'people.groups.B.share']
    >>> parts_of("list.share_of_passes", {"list.share_of_passes": 1})
    []
    """
    for section, key in _WHOLES:
        begin, end = f"{section}.", f".{key}" if key else ""
        if path.startswith(begin) and path.endswith(end):
            return [one for one in paths if one.startswith(begin) and one.endswith(end)]
    return []


def moved(values: Mapping[str, float], path: str, to: float) -> dict[str, float]:
    """The figures with one of them moved; the other shares of its whole keep their proportions.

    Examples
    --------
    >>> shares = {f"people.groups.{name}.share": part for name, part in zip("ABC", (0.5, 0.3, 0.2))}
    >>> list(moved(shares, "people.groups.A.share", 0.75).values())
    [0.75, 0.15, 0.1]
    """
    found = {**values, path: to}
    others = [one for one in parts_of(path, values) if one != path]
    rest = sum(values[one] for one in others)
    for one in others:
        found[one] = round(values[one] * (1 - to) / rest, 12) if rest else (1 - to) / len(others)
    return found
