"""The safeguards of a scenario, each with a level between 0 and 1, dated."""

from typing import Annotated

from pydantic import Field

from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Level, Places, Section, Share


class Strict(Section):
    """The strict ends of the match threshold and of the score line, reached at level 1."""

    threshold_higher: Annotated[float, Field(ge=0, le=1e6)]  # by which match thresholds rise
    false_matches: Share  # factor on a false match rate that is given, not read from the curve
    misses: Annotated[float, Field(ge=1, le=100)]  # factor on a miss rate that is given
    line_lower: Annotated[int, Field(ge=0, le=1000)]  # points by which restrictions.below falls


class FullAppeal(Section):
    """Full recourse, reached at level 1 of appeal."""

    places_per_million_a_day: Places
    delay_days: Annotated[int, Field(ge=0, le=250)]
    reversed_wrongful: Share


class Safeguards(Section):
    """Filters between the stages; level 0 changes nothing (see data/safeguards.toml)."""

    minimise: Dated[Level]
    retain: Dated[Level]
    wall: Dated[Level]
    no_speech: Dated[Level]
    no_association: Dated[Level]
    match_threshold: Dated[Level]
    score_line: Dated[Level]
    review: Dated[Level]
    notice: Dated[Level]
    appeal: Dated[Level]
    proportionality: Dated[Level]
    opt_out: Dated[Level]
    correction: Dated[Level]
    coverage: Dated[Level]
    strict: Strict
    full_appeal: FullAppeal
