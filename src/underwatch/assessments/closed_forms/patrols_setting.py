"""Patrol allocation of a deployment file as numbers, with or without safeguards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from underwatch.assessments.organs.patrols import Patrols
from underwatch.assessments.result import Deployment, Safeguards

GROUP, OTHERS = "group", "others"  # of residents, beside the names of districts


@dataclass(frozen=True)
class PatrolSetting:
    """What the closed forms and the runs of one setting share: its inputs, and no formula.

    patrols: of the organ. names, residents, of_group: by district. stops: of a patrol in a day.
    """

    patrols: Patrols
    names: tuple[str, ...]
    residents: tuple[int, ...]
    of_group: tuple[float, ...]
    stops: int
    minutes: float
    days: int


def setting(
    values: Mapping[str, float], deployment: Deployment, safeguards: Safeguards
) -> PatrolSetting:
    """The numbers of one world. safeguards: None: as many patrols go to every district alike."""
    names = tuple(deployment.get("people.districts"))

    def each(key: str) -> tuple[float, ...]:
        return tuple(values[f"people.districts.{name}.{key}"] for name in names)

    patrols = Patrols(
        each("discovered"), each("reported"), values["allocation.reported_weight"],
        each("entered"), int(deployment.get("allocation.patrols")),
        follow_records=safeguards is not None,
    )  # fmt: skip
    made = PatrolSetting(
        patrols, names, tuple(round(one) for one in each("residents")), each("of_group"),
        int(deployment.get("stops.per_patrol")), values["stops.minutes_of_the_person"],
        deployment.period.days,
    )  # fmt: skip
    for key in safeguards or ():
        if key == "fewer_stops":
            made = replace(made, stops=int(deployment.get("safeguards.fewer_stops.per_patrol")))
        else:
            made = replace(made, patrols=replace(made.patrols, **{key: True}))
    return made
