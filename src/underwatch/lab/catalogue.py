"""What there is to choose from on the pages: scenarios, organs, safeguards, measures, limits."""

from __future__ import annotations

from functools import cache

import underwatch as uw
from underwatch.lab import schemas
from underwatch.lab.figures import HEADLINES
from underwatch.lab.frames import MEASURES
from underwatch.lab.once import once
from underwatch.lab.refusals import Refused
from underwatch.lab.settings import Settings
from underwatch.lab.state import SHORTEST
from underwatch.lab.texts import texts


@once(most=4)
def catalogue(settings: Settings) -> schemas.Catalogue:
    """Everything that the pages offer, within the limits of one lab."""
    t = texts()
    return schemas.Catalogue(
        scenarios=[
            schemas.ScenarioOut(
                name=each.name, title=each.title, text=each.text, extends=each.extends,
                days=uw.Scenario.load(each.name).days,
            )
            for each in uw.scenarios().values()
        ],
        organs=[
            schemas.OrganOut(
                number=each.number, name=each.name, sentence=each.article,
                source=t("catalogue.article"), can_be_off=each.without is not None,
                moves=list(each.moves),
            )
            for each in uw.organs().values()
            if each.deployment is None
        ],
        safeguards=[
            schemas.SafeguardOut(key=key, name=each.name, between=each.between, level=each.level,
                                 law=each.law)
            for key, each in uw.safeguards().items()
        ],
        map_measures=[
            schemas.MapMeasureOut(
                name=name, title=t(f"map.{name}.title"), unit=each.unit,
                definition=t(f"map.{name}.definition"),
            )
            for name, each in MEASURES.items()
        ],
        plottable=list(plottable()),
        headlines=list(HEADLINES),
        limits=schemas.Limits(
            citizens=[1_000, settings.citizens], days=[SHORTEST, settings.days],
            seeds=[3, settings.seeds], processes=settings.processes, waiting=settings.waiting,
        ),
        version=uw.__version__,
    )  # fmt: skip


@cache
def plottable() -> tuple[str, ...]:
    """The names of measures, those of the summary first, then tallies."""
    return tuple(name for name in uw.measures() if "." not in name)


def check_plottable(name: str) -> None:
    """Raise Refused (404) for what is no measure."""
    if name not in plottable():
        raise Refused(404, texts()("refused.no_measure", name=name))
