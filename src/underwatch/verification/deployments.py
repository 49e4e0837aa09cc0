"""Deployments of a camera with other figures than those of a shipped file."""

from __future__ import annotations

from collections.abc import Mapping

from underwatch.assessments.declaration import read_deployment
from underwatch.assessments.deployment import Deployment

ONE_GROUP = {f"people.groups.{group}.share": float(group == "A") for group in "ABCD"} | {
    f"accuracy.tested_mix.{group}": float(group == "A") for group in "ABCD"
}


def camera(figures: Mapping[str, float], *settings: str) -> Deployment:
    """The camera of `station` at one threshold, with these figures by dotted path.

    settings: "key=value" of what is no figure, such as the threshold.
    """
    station = read_deployment("station", ["accuracy.compare_thresholds=[]", *settings])
    for path, value in figures.items():
        station = station.with_figure(path, value)
    return station
