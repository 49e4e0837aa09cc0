"""Between which values a figure of a deployment file can lie, as its section declares it."""

from __future__ import annotations

from functools import cache
from typing import Any

from annotated_types import Ge, Gt, Le

from underwatch.assessments.declaration.reading import model_of
from underwatch.assessments.declaration.values import Quantity
from underwatch.scenario.loading.schema import Shape

_TINY = 1e-12


@cache
def bounds(kind: str, path: str) -> tuple[float, float]:
    """The least and the greatest value of a figure, by its dotted path.

    A value that must be above 0 has a tiny one as its least. Of a path that no section has, such as
    one that was made in Python: from 0 on.

    Examples
    --------
    >>> bounds("watch-list camera", "review.false_confirmed")
    (0.0, 1.0)
    >>> bounds("risk score", "score.features.changes reported late.signal")
    (-20.0, 20.0)
    """
    model: Any = _model_at(Shape.of(model_of(kind)), path)
    low, high = 0.0, 1e12
    if model is not None:
        for one in Shape(model).names["value"].parts:
            if isinstance(one, Ge | Gt):
                low = float(one.ge) if isinstance(one, Ge) else _TINY  # type: ignore[arg-type]
            elif isinstance(one, Le):
                high = float(one.le)  # type: ignore[arg-type]
    return low, high


def _model_at(shape: Shape | None, path: str) -> Any:
    """The model of the figure at a path; a name that a file chooses may hold dots itself."""
    while shape is not None and path:
        name, _, path = path.partition(".")
        while shape.entry is not None and path and _model_at(shape.entry, path) is None:
            more, _, path = path.partition(".")
            name = f"{name}.{more}"
        shape = shape.child(name)
    model = shape.model if shape is not None else None
    return model if model is not None and issubclass(model, Quantity) else None
