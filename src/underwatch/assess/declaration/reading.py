"""From a deployment file to a `Deployment`, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from underwatch.assess.declaration.closed_world import refused_keys
from underwatch.assess.declaration.common import Named
from underwatch.assess.declaration.values import Quantity
from underwatch.assess.kinds import KINDS
from underwatch.assess.law import law
from underwatch.assess.result import Deployer, Deployment, Figure, Period
from underwatch.errors import Problem, UserError, did_you_mean, shortened
from underwatch.scenario.data import DATA
from underwatch.scenario.evidence import checked_source
from underwatch.scenario.loading import SUFFIXES, read
from underwatch.scenario.loading.builder import Builder
from underwatch.scenario.loading.documents import Document
from underwatch.scenario.loading.files import find, label, open_document
from underwatch.scenario.loading.schema import Shape

ASSESSMENTS = DATA / "assessments"
# The model of each kind: its module here, its class, and what checks its figures together.
_MODELS = {
    "watch-list camera": ("camera", "WatchListCamera"),
    "citizen score": ("citizen_score", "CitizenScore"),
    "risk score": ("risk_score", "RiskScoreSystem"),
    "patrol allocation": ("patrols", "PatrolAllocation"),
}
_OWN_PAPER = "document:"


def read_deployment(name: str | Path, settings: Iterable[str] = ()) -> Deployment:
    """A deployment file by its path, or one that is shipped by its name.

    settings: "key=value" with dotted keys, such as "people.passes_per_day.value=60000".

    Raises UserError with every fault of the file, each with its line.

    Examples
    --------
    >>> read_deployment("station").kind
    'watch-list camera'
    """
    problems: list[Problem] = []
    name = _shipped(str(name))
    path = find(str(name), Path(), ASSESSMENTS, None, problems)
    document = open_document(path, label(path, ASSESSMENTS), problems) if path else None
    if document is None:
        raise UserError(problems)
    model = _model(document)
    closed = list(refused_keys(document, frozenset(_names(Shape(model)))))
    try:
        found = read(str(name), model, settings, ASSESSMENTS, check=_check)
    except UserError as error:
        refused = {problem.where for problem in closed}
        raise UserError(closed + [p for p in error.problems if p.where not in refused]) from None
    if closed:
        raise UserError(closed)
    deployment = _deployment(found.value, str(name))
    faults = [Problem(document.where(document.root, section), f"{section}: {sentence}")
              for section, sentence in KINDS[deployment.kind].faults(deployment)]  # fmt: skip
    if faults:
        raise UserError(faults)
    return deployment


def _shipped(name: str) -> str:
    """assessments/station.yaml is the shipped file where there is no such file of one's own."""
    path = Path(name)
    own = path.parent.name == ASSESSMENTS.name and path.suffix in SUFFIXES
    return path.stem if own and not path.exists() and (ASSESSMENTS / path.name).is_file() else name


def _model(document: Document) -> type[Named]:
    """The model of the kind that the file names."""
    kind = document.root.get("kind")
    if kind not in _MODELS:
        known = ", ".join(_MODELS)
        if "kind" not in document.root:
            raise UserError(
                Problem(f"{document.name}:1", f"kind is missing; it is one of {known}.")
            )
        where, written = document.where(document.root, "kind"), shortened(repr(kind))
        mean = did_you_mean(str(kind), _MODELS)
        raise UserError(Problem(where, f"kind is {written}, but it is one of {known}{mean}"))
    module, name = _MODELS[kind]
    found: type[Named] = getattr(import_module(f"underwatch.assess.declaration.{module}"), name)
    return found


def _names(shape: Shape) -> Iterator[str]:
    """The names of all keys of a model."""
    for name, below in shape.names.items():
        yield name
        yield from _names(below)
    if shape.entry is not None:
        yield from _names(shape.entry)


def _check(builder: Builder[Any]) -> None:
    """Ranges, sources, and shares that are parts of a whole."""
    for path in [p for p in builder.leaves if p[-1] == "value"]:
        parent = path[:-1]
        model = builder.shape_at(parent).model
        if model is None or not issubclass(model, Quantity):
            continue
        _check_figure(builder, parent)
    _check_conclusion(builder)
    _check_groups(builder)
    _check_shorter_list(builder)
    _check_law(builder)
    for where, key, total in _wholes(builder):
        if abs(total - 1) > 1e-6:
            sentence = f"{key} add up to {total:.7g}, but shares of a whole add up to 1."
            builder.problems.append(Problem(where, sentence))


def _check_figure(builder: Builder[Any], path: tuple[str, ...]) -> None:
    key = ".".join(path)
    leaves = {name: builder.leaves.get((*path, name)) for name in ("value", "low", "high")}
    source = builder.leaves.get((*path, "source"))
    numbers = {
        name: leaf.value
        for name, leaf in leaves.items()
        if leaf is not None and isinstance(leaf.value, int | float)
    }
    where = builder.places.get(path)

    def refuse(name: str, sentence: str) -> None:
        leaf = builder.leaves.get((*path, name))
        builder.problems.append(Problem(leaf.where(()) if leaf else where, sentence))

    if "low" in numbers and "value" in numbers and numbers["low"] > numbers["value"]:
        refuse("low", f"{key}.low is {numbers['low']:g}, above the value {numbers['value']:g}.")
    if "high" in numbers and "value" in numbers and numbers["high"] < numbers["value"]:
        refuse("high", f"{key}.high is {numbers['high']:g}, below the value {numbers['value']:g}.")
    if ("low" in numbers) != ("high" in numbers):
        there, absent = ("low", "high") if "low" in numbers else ("high", "low")
        refuse(there, f"{key} has {there} and no {absent}; write both ends of the range.")
    if source is None or not isinstance(source.value, str):
        return
    if source.value.startswith(_OWN_PAPER) and source.value[len(_OWN_PAPER) :].strip():
        return
    for fault in checked_source(source.value)[1]:
        refuse("source", f"{key}.source {fault}")
    if source.value.startswith("assumption") and "low" not in numbers and "high" not in numbers:
        refuse("value", f"{key} is an assumption and has no range; add low and high.")


def _check_conclusion(builder: Builder[Any]) -> None:
    """The measure that decides is one of the kind."""
    kind, measure = builder.leaves.get(("kind",)), builder.leaves.get(("conclusion", "measure"))
    if kind is None or measure is None or kind.value not in KINDS:
        return
    known = KINDS[kind.value].measures
    if isinstance(measure.value, str) and measure.value not in known:
        written = f"conclusion.measure is {shortened(repr(measure.value))}, which is not a measure"
        mean = did_you_mean(measure.value, known)
        builder.problems.append(Problem(measure.where(()), f"{written} here{mean}"))


def _check_groups(builder: Builder[Any]) -> None:
    """What is stated by group names groups that exist, and every one of them."""
    groups = {path[2] for path in builder.places if path[:2] == ("people", "groups") and path[2:]}
    for section in (("accuracy", "group_factors"), ("accuracy", "tested_mix")):
        named = {path[2]: where for path, where in builder.places.items()
                 if path[:2] == section and path[2:]}  # fmt: skip
        key = ".".join(section)
        for name, where in named.items():
            if name not in groups:
                mean = did_you_mean(name, groups)
                builder.problems.append(Problem(where, f"{key}.{name} is no group{mean}"))
        absent = sorted(groups - set(named))
        if named and absent:
            sentence = f"{key} leaves out {', '.join(absent)}; state it for every group."
            builder.problems.append(Problem(builder.places.get(section), sentence))


def _check_shorter_list(builder: Builder[Any]) -> None:
    """A shorter list is shorter, and its people pass no more often than those of the whole list."""

    def known(*path: str) -> float | None:
        leaf = builder.leaves.get((*path, "value"))
        return float(leaf.value) if leaf and isinstance(leaf.value, int | float) else None

    section = ("safeguards", "smaller_list")
    faces, shorter = known("list", "size"), known(*section, "size")
    passes, fewer = known("list", "share_of_passes"), known(*section, "share_of_passes")
    if None in (faces, shorter, passes, fewer) or not faces or not passes:
        return
    if shorter > faces or fewer / passes > shorter / faces * (1 + 1e-6):
        sentence = (
            f"{'.'.join(section)}: {shorter:,.0f} of {faces:,.0f} faces make at most "
            f"{passes * shorter / faces:.3g} of the passes, if they pass as often as the others."
        )
        builder.problems.append(Problem(builder.places.get(section), sentence))


def _check_law(builder: Builder[Any]) -> None:
    """The legal regime names acts that the table of the law knows."""
    leaf = builder.leaves.get(("legal_regime",))
    if leaf is None or not isinstance(leaf.value, list):
        return
    known = law().acts
    for k, key in enumerate(leaf.value):
        if isinstance(key, str) and key not in known:
            sentence = f"legal_regime: {shortened(key)} is not in the table of the law"
            builder.problems.append(Problem(leaf.where((k,)), sentence + did_you_mean(key, known)))


def _wholes(builder: Builder[Any]) -> Iterator[tuple[str | None, str, float]]:
    """The sums of shares that are parts of a whole: (place, key, sum)."""
    sums: dict[tuple[str, str, str], list[float]] = {}
    for path, leaf in builder.leaves.items():
        if path[-1] != "value" or not isinstance(leaf.value, int | float):
            continue
        match path:
            case ("people", "groups" | "visitors" as what, _, part, "value") if "share" in part:
                sums.setdefault(("people", what, part), []).append(leaf.value)
            case ("accuracy", "tested_mix", _, "value"):
                sums.setdefault(("accuracy", "tested_mix", ""), []).append(leaf.value)
    for (section, what, part), shares in sums.items():
        name = f"{section}.{what}" + (f".*.{part}" if part else "")
        yield builder.places.get((section, what)), name, sum(shares)


def _deployment(declared: Named, path: str) -> Deployment:
    """The declared model as what the other parts read."""
    head = ("kind", "title", "purpose", "deployer", "place", "period", "legal_regime")
    sections = {
        name: _plain(getattr(declared, name))
        for name in type(declared).model_fields
        if name not in head and getattr(declared, name) is not None
    }
    period, deployer = declared.period, declared.deployer
    return Deployment(
        declared.kind, declared.title, path, declared.purpose,
        Deployer(deployer.name, deployer.country, deployer.sector), declared.place,
        Period(period.first_day.isoformat(), period.days, period.hours_per_day),
        tuple(declared.legal_regime), sections,
    )  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, Quantity):
        return Figure(value.value, value.low, value.high, value.source)
    if isinstance(value, BaseModel):
        pairs = ((name, getattr(value, name)) for name in type(value).model_fields)
        return {name: _plain(one) for name, one in pairs if one is not None}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value
