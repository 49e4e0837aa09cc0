"""Stage 5, decide: scores, lists and sightings become restrictions, calls, namings, perks."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model.decisions.naming import Naming, name_in_public
from underwatch.model.decisions.police import Dispatch, dispatch
from underwatch.model.decisions.redress import Hearing, Notice, hear, notify
from underwatch.model.decisions.restrictions import Restrictions, restrict
from underwatch.model.state import SPEECH


class Decisions(NamedTuple):
    """What the system decided today."""

    hearing: Hearing
    placed: Restrictions
    notice: Notice
    naming: Naming
    police: Dispatch
    for_speech: int  # a restriction by score in which posts or assembly weighed
    fast_lane: int  # today's score, public or private, opens it (M15)


@law
def fast_lane(score, scored, perks, rules):
    """Whether a score opens the fast lane."""
    public = scored * (rules.privilege_line > 0) * (score >= rules.privilege_line)
    return int(public | perks)


@law
def decide(mine, copy, score, scored, perks, seen, watched, landed, today, person, rules):
    """Today's decisions from a copy of the file, the score and the lists."""
    hearing = hear(mine, today, person, rules)
    placed = restrict(
        mine, copy, score, scored, seen.entered.judged, landed.name, hearing.upheld,
        hearing.reviewer_keeps, hearing.reviewer_errs, today, rules,
    )  # fmt: skip
    notice = notify(mine, placed.listed | placed.scored_out, today, person, rules)
    naming = name_in_public(
        mine, seen.caught.minor, landed.face, placed.listed, seen.entered.judged, today, person,
        rules,
    )  # fmt: skip
    return Decisions(
        hearing, placed, notice, naming,
        dispatch(seen, watched, landed.crowd, today, person, rules),
        int(placed.scored_out and (placed.reasons >> 4 & SPEECH) != 0),
        fast_lane(score.total, scored, perks, rules),
    )  # fmt: skip
