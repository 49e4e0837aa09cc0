"""Stage 5, decide: scores, lists and sightings become restrictions, dispatches and namings."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.model.decisions.naming import NOBODY_NAMED, Naming, name_in_public
from underwatch.model.decisions.police import NOBODY_SENT, Dispatch, dispatch
from underwatch.model.decisions.redress import (
    NO_NOTICE,
    NOTHING_HEARD,
    Hearing,
    Notice,
    hear,
    notify,
)
from underwatch.model.decisions.restrictions import Restrictions, restrict
from underwatch.model.scoring.scores import whole_points
from underwatch.model.state import SPEECH


class Decisions(NamedTuple):
    """What the system decided today."""

    hearing: Hearing
    placed: Restrictions
    notice: Notice
    naming: Naming
    police: Dispatch
    for_speech: int  # a restriction by score for which posts or assembly counted
    privileged: int  # today's score, public or private, gives privileged access (M15)


@kernel
def privileged(score, scored, perks, params):
    """Whether a public or private score gives privileged access; 0 or 1."""
    public = scored * (params.privilege_line > 0) * (
        whole_points(score) >= params.privilege_line
    )  # fmt: skip
    return int(public | perks)


@kernel
def nothing_decided(state, score, scored, perks, params):
    """The decisions of a day without a case, a claim that matters, or a score below the line."""
    return Decisions(
        NOTHING_HEARD,
        Restrictions(state.list_until, state.score_until, state.reasons, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        NO_NOTICE, NOBODY_NAMED, NOBODY_SENT, 0, privileged(score.total, scored, perks, params),
    )  # fmt: skip


@kernel
def decide(state, found, score, scored, perks, seen, watched, misattributed, today, person, params):
    """Today's decisions from what was found in the file, the score and the lists."""
    hearing = hear(state, today, person, params)
    placed = restrict(
        state, found, score, scored, seen.entered.judged, misattributed.name, hearing.upheld,
        hearing.reviewer_keeps, hearing.reviewer_errs, today, params,
    )  # fmt: skip
    notice = notify(state, placed.listed | placed.scored_out, today, person, params)
    naming = name_in_public(
        state,
        seen.caught.minor,
        misattributed.face,
        placed.listed,
        seen.entered.judged,
        today,
        person,
        params,
    )
    return Decisions(
        hearing, placed, notice, naming,
        dispatch(seen, watched, misattributed.crowd, today, person, params),
        int(placed.scored_out and (placed.reasons >> 4 & SPEECH) != 0),
        privileged(score.total, scored, perks, params),
    )  # fmt: skip
