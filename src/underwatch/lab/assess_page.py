"""What the page that assesses a system is rendered from: the form, section by section."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import QueryParams

import underwatch as uw
from underwatch.lab.once import once
from underwatch.lab.views import assess_view

# The head of a deployment file stands in one section of the form.
_ABOUT = ("title", "purpose", "deployer", "place", "period", "legal_regime")
_LONG = 90  # characters from which a text has a field of several lines


def context(query: QueryParams) -> dict[str, Any]:
    """The systems to begin with, the form of the one that is asked for, and what it holds."""
    view = assess_view(query)
    return {**_context(view.system), "view": view}


@once(most=20)
def _context(system: str) -> dict[str, Any]:
    known, form = uw.deployments(), uw.DeploymentForm(system)
    sections: dict[str, list[dict[str, Any]]] = {}
    for number, one in enumerate(form.questions.values()):
        section = "about" if one.section in _ABOUT else one.section
        sections.setdefault(section, []).append(_field(number, one))
    return {
        "system": form.name,
        "kind": form.kind,
        "systems": [
            {"name": name, "title": title, "kind": uw.DeploymentForm(name).kind}
            for name, title in known.items()
        ],
        "sections": sections,
        "threshold": _threshold(form),
    }


def _field(number: int, one: Any) -> dict[str, Any]:
    shown = {name: _written(getattr(one, name)) for name in ("value", "low", "high")}
    if one.sort in ("list", "numbers"):
        shown["value"] = ", ".join(map(_written, one.value))
    is_share = one.least == 0 and one.most == 1
    between = {end: _readable(getattr(one, end)) for end in ("low", "high")}
    if not (shown["low"] or shown["high"]):
        between = {}
    return {
        "id": f"q{number}", "path": one.path, "text": one.text, "sort": one.sort, **shown,
        "between": between,
        "chosen": one.value, "source": one.source, "choices": one.choices or {},
        "share": is_share, "long": one.sort == "text" and len(shown["value"]) >= _LONG,
        "assumed": one.source.startswith("assumption"),
    }  # fmt: skip


def _readable(value: Any) -> str:
    """An end of a range as readers expect it."""
    is_large = isinstance(value, int | float) and abs(value) >= 10_000
    return f"{value:,.0f}" if is_large else _written(value)


def _written(value: Any) -> str:
    """A value as a field holds it; numbers so that a browser reads them back."""
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _threshold(form: uw.DeploymentForm) -> dict[str, float] | None:
    """Between which thresholds the slider of a matcher moves; None for other systems."""
    curve = [
        float(one.value)
        for path, one in form.questions.items()
        if path.startswith("accuracy.curve.") and path.endswith(".threshold")
    ]
    if not curve:
        return None
    value = float(form.questions["accuracy.threshold"].value)
    return {"low": min(curve), "high": max(curve), "value": value}
