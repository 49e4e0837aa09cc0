"""From a deployment file to a `Deployment`, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from underwatch.assessments.declaration.checks import check
from underwatch.assessments.declaration.closed_world import refused_keys, unprintable
from underwatch.assessments.declaration.common import Named
from underwatch.assessments.declaration.values import Limit, Quantity, of_percent
from underwatch.assessments.kinds import KINDS
from underwatch.assessments.result import ALL, Deployer, Deployment, Figure, Period
from underwatch.errors import Problem, UserError, nearest, shortened
from underwatch.scenario.data import DATA
from underwatch.scenario.loading import SUFFIXES, read
from underwatch.scenario.loading.documents import Document, Parts
from underwatch.scenario.loading.files import find, label, open_document
from underwatch.scenario.loading.schema import as_written

ASSESSMENTS = DATA / "assessments"
# The model of each kind: its module here, its class, and what checks its figures together.
_MODELS = {
    "watch-list camera": ("camera", "WatchListCamera"),
    "citizen score": ("citizen_score", "CitizenScore"),
    "risk score": ("risk_score", "RiskScoreSystem"),
    "patrol allocation": ("patrols", "PatrolAllocation"),
}


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
    closed = [*refused_keys(document, model), *unprintable(document)]
    try:
        found = read(str(name), model, settings, ASSESSMENTS, check=check)
    except UserError as error:
        refused = {problem.where for problem in closed}
        raise UserError(closed + [p for p in error.problems if p.where not in refused]) from None
    if closed:
        raise UserError(closed)
    deployment = _deployment(found.value, str(name))
    faults = [Problem(document.where(document.root, section), f"{section}: {sentence}")
              for section, sentence in KINDS[deployment.kind].faults(deployment)
              or _of_groups_only(deployment)]  # fmt: skip
    if faults:
        raise UserError(faults)
    return deployment


def _of_groups_only(deployment: Deployment) -> list[tuple[str, str]]:
    """The measure that decides is known of all people together, not of groups alone."""
    measure = (deployment.get("conclusion") or {}).get("measure")
    if measure is None:
        return []
    values = deployment.values
    known = KINDS[deployment.kind].quick(values, deployment, frozenset())
    groups = {group for name, group, _ in known if name == measure}
    if not groups or ALL in groups:
        return []
    return [("conclusion", f"{measure} is known by group only; a conclusion rests on a measure of "
             "all people together.")]  # fmt: skip


def _shipped(name: str) -> str:
    """assessments/station.yaml is the shipped file where there is no such file of one's own."""
    path = Path(name)
    own = path.parent.name == ASSESSMENTS.name and path.suffix in SUFFIXES
    return path.stem if own and not path.exists() and (ASSESSMENTS / path.name).is_file() else name


def _model(document: Document) -> type[Named]:
    """The model of the kind that the file names."""
    kind = document.root.get("kind")
    if not isinstance(kind, str) or kind not in _MODELS:
        known = ", ".join(_MODELS)
        if "kind" not in document.root:
            raise UserError(
                Problem(f"{document.name}:1", f"kind is missing; it is one of {known}.")
            )
        where = document.where(document.root, "kind")
        written = shortened(as_written(Parts(document).plain(document.root, "kind")))
        close = nearest(kind, _MODELS) if isinstance(kind, str) else None
        mean = f"; did you mean {close}?" if close else "."
        raise UserError(Problem(where, f"kind is {written}, but it is one of {known}{mean}"))
    return model_of(kind)


def model_of(kind: str) -> type[Named]:
    """The model of a file of a kind. Raises KeyError if there is no such kind."""
    module, name = _MODELS[kind]
    found: type[Named] = getattr(
        import_module(f"underwatch.assessments.declaration.{module}"), name
    )
    return found


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
    if isinstance(value, Limit):
        ends = (of_percent(each) for each in (value.value, value.low, value.high))
        return Figure(*ends, value.source)  # type: ignore[arg-type]
    if isinstance(value, Quantity):
        return Figure(value.value, value.low, value.high, value.source)
    if isinstance(value, BaseModel):
        pairs = ((name, getattr(value, name)) for name in type(value).model_fields)
        return {name: _plain(one) for name, one in pairs if one is not None}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value
