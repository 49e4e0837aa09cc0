"""An assessment in a folder: its record, its table of estimates and the codebook of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from underwatch.assessments.result import (
    Assessed,
    Deployer,
    Deployment,
    Driver,
    Estimate,
    Figure,
    Finding,
    Origin,
    Period,
    SafeguardEffect,
)
from underwatch.results.codebook import Column, as_csv
from underwatch.results.parquet import schema, to_table
from underwatch.results.record_schema import checked

FILE = "estimates.parquet"
_MEANING = {
    "measure": "key of the measure",
    "label": "the measure in words",
    "unit": "unit of value, and of all intervals",
    "value": "the best figure: the closed form where there is one, else the mean over seeds",
    "world": "as declared, absent, safeguarded, or safeguard:<key> for one alone",
    "group": "all, or a group of the deployment file",
    "threshold": "of the operating curve; empty where the measure does not hang on one",
    "input_low": "lower end of the 95 % interval that the ranges of the inputs leave",
    "input_high": "upper end of it; empty if more draws leave the measure undefined",
    "chance_low": "lower end of the 95 % interval of the mean over seeds",
    "chance_high": "upper end of it",
    "simulated": "the mean over seeds",
    "events": "events behind it, in all seeds together",
    "agrees": "whether the closed form lies in the 99.9 % interval of the mean over seeds",
    "kind": "closed form, run, or both",
    "note": "what a reader must know, such as too few events (12)",
    "reach": "how far a closed form may lie from the mean over seeds and still agree with it",
}


def plain(value: Any) -> Any:
    """A part of an assessment as JSON holds it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def assessed_of(plain: dict[str, Any]) -> Assessed:
    """An assessment as a folder holds it. Raises ValueError for anything else."""
    declared = plain["deployment"]
    deployment = Deployment(
        **{name: str(declared[name]) for name in ("kind", "title", "path", "purpose", "place")},
        deployer=Deployer(**checked(Deployer, declared["deployer"])),
        period=Period(**checked(Period, declared["period"])),
        legal_regime=tuple(checked(list[str], declared["legal_regime"])),
        sections=_sections(declared["sections"]),
    )
    origin = checked(Origin, plain["provenance"])
    return Assessed(
        deployment,
        tuple(Estimate(**one) for one in checked(list[Estimate], plain["estimates"])),
        tuple(
            Finding(one["sentence"], tuple(one["measures"]))
            for one in checked(list[Finding], plain["findings"])
        ),
        tuple(Driver(**one) for one in checked(list[Driver], plain["drivers"])),
        tuple(
            SafeguardEffect(**one) for one in checked(list[SafeguardEffect], plain["safeguards"])
        ),
        Origin(**origin | {"seeds": tuple(origin["seeds"])}),
        str(plain["conclusion"]),
        plain["limit"],
    )


def orders(sections: Any, path: str) -> dict[str, list[str]]:
    """The keys of every section by its dotted path, in order; JSON objects are kept sorted."""
    if not isinstance(sections, Mapping):
        return {}
    found = {path: [str(key) for key in sections]}
    for key, below in sections.items():
        found |= orders(below, f"{path}.{key}" if path else str(key))
    return found


def in_order(sections: Any, orders: Mapping[str, list[str]], path: str) -> Any:
    """The sections with their keys in the order that was kept."""
    if not isinstance(sections, Mapping):
        return sections
    return {
        key: in_order(sections[key], orders, f"{path}.{key}" if path else key)
        for key in orders[path]
    }


def _sections(plain: Any) -> Any:
    """Sections with their figures."""
    if isinstance(plain, dict):
        if set(plain) == {one.name for one in fields(Figure)}:
            return Figure(**plain)
        return {name: _sections(one) for name, one in plain.items()}
    return [_sections(one) for one in plain] if isinstance(plain, list) else plain


def table(estimates: tuple[Estimate, ...]) -> Any:
    """The estimates as the table of a folder, with the same types whatever they hold."""
    columns = {one.name: str(one.type).removesuffix(" | None") for one in fields(Estimate)}
    return to_table([asdict(each) for each in estimates], schema(**columns))


def codebook() -> str:
    """Every column of the table with its type, unit and meaning, as CSV."""
    kinds = {"str": "text", "float": "number", "int": "whole number", "bool": "true or false"}
    return as_csv(
        [
            Column(
                FILE, one.name, kinds[str(one.type).removesuffix(" | None")],
                "of the measure" if str(one.type).startswith("float") else "–", _MEANING[one.name],
            )
            for one in fields(Estimate)
        ]
    )  # fmt: skip
