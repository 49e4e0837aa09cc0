"""What a deployment does in closed form, at once: no run, and so no figure that only runs give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from underwatch.assessments.kinds import KINDS
from underwatch.assessments.result import Deployment, Estimate, Safeguards

_WORLDS = ("as declared", "safeguarded")


def closed_forms(
    deployment: Deployment, thresholds: Iterable[float] | None = None
) -> list[Estimate]:
    """The measures of a deployment that have a closed form, in the order of its kind.

    Both as declared and, where the deployment has some, with all its safeguards.

    thresholds: of the operating curve of a matcher, in the place of those that the file compares;
    only the deployment as declared is looked at then.

    Examples
    --------
    >>> import underwatch as uw
    >>> station = uw.DeploymentForm("station").read()
    >>> found = {one.measure: one for one in uw.closed_forms(station) if one.group == "all"}
    >>> found["missed_share"].unit
    '%'
    """
    kind, keys = KINDS[deployment.kind], frozenset(deployment.get("safeguards") or {})
    worlds: dict[str, Safeguards] = {_WORLDS[0]: frozenset()}
    if thresholds is not None:
        deployment = _at(deployment, [float(one) for one in thresholds])
    elif keys:
        worlds[_WORLDS[1]] = keys
    order = {measure: k for k, measure in enumerate(kind.measures)}
    found = []
    for world, safeguards in worlds.items():
        made = kind.quick(deployment.values, deployment, safeguards)
        for (measure, group, threshold), value in made.items():
            label, unit = kind.measures[measure]
            at = threshold if world == _WORLDS[0] else None
            found.append(Estimate(measure, label, unit, float(value), world, group, at))
    return sorted(found, key=lambda one: order[one.measure])


def _at(deployment: Deployment, thresholds: list[float]) -> Deployment:
    """The deployment at other thresholds, the first of them in use."""
    if deployment.threshold is None or not thresholds:
        return deployment
    accuracy = {**deployment.sections["accuracy"],
                "threshold": thresholds[0], "compare_thresholds": thresholds}  # fmt: skip
    return replace(deployment, sections={**deployment.sections, "accuracy": accuracy})
