"""What every page and every exported chart says of itself, in one line."""

from collections.abc import Mapping
from typing import Any

from underwatch.scenario.evidence import assumptions


def stamp(provenance: Mapping[str, Any]) -> str:
    """Invented people, how many assumptions, which version, which scenario.

    Examples
    --------
    >>> stamp({"sources": {"a": "census_2020", "b": "assumption: a guess"},
    ...        "versions": {"underwatch": "0.1.0"}, "scenario_hash": "0123456789abcdef"})
    'Invented people; 1 of 2 figures are assumptions; Underwatch 0.1.0; hash 0123456789ab'
    """
    parts = ["Invented people"]
    counted = assumptions(provenance.get("sources") or {})
    if counted.figures:
        parts.append(f"{counted.assumed:,} of {counted.figures:,} figures are assumptions")
    version = (provenance.get("versions") or {}).get("underwatch")
    if version:
        parts.append(f"Underwatch {version}")
    if digest := _digest(provenance):
        parts.append(f"hash {digest[:12]}")
    return "; ".join(parts)


def _digest(provenance: Mapping[str, Any]) -> str:
    """The hash of the scenario, or of all scenarios of a study as one."""
    for key in ("scenario_hash", "study_hash"):
        if isinstance(provenance.get(key), str):
            return str(provenance[key])
    many = provenance.get("scenario_hashes")
    if not isinstance(many, Mapping) or not many:
        return ""
    from hashlib import sha256

    return sha256(" ".join(sorted(map(str, many.values()))).encode()).hexdigest()
