"""The order of a day.

1. live – every citizen acts, given who they are and yesterday's state.
2. sense – sensors turn acts into sightings with a claimed identity.
3. fuse – sightings become a dossier.
4. score – rules turn the dossier into points; association reads the contacts'.
5. decide – thresholds and lists become restrictions, calls, rulings.
6. respond – what happened reaches the citizen; this alone writes tomorrow.
7. measure – truth and file held together; nothing reads a measure back.
"""

from typing import NamedTuple

import numpy as np

from underwatch.consequences.decisions import Decisions, decide
from underwatch.engine.columns import columns
from underwatch.engine.law import law
from underwatch.files.dossiers import Dossier, fuse
from underwatch.measures.tally import measure, stratum
from underwatch.response.adapt import Events, meet, respond
from underwatch.response.state import (
    ADULTS,
    APPEAL,
    BROKE,
    CAUGHT,
    COURT,
    FACE_MISTAKEN,
    KEPT,
    NAME_MISTAKEN,
    ONE,
    PENALISED,
    POLICE,
    SCORE_LANE,
    SCORED,
    SPOKE,
    STATE,
    Heard,
    State,
    mean,
    unpack,
)
from underwatch.rules import RULES  # noqa: F401  (the record that `rules` is)
from underwatch.scoring.scores import Score, assess
from underwatch.sensing.sightings import Sightings, sense
from underwatch.society.acts import Acts, live
from underwatch.society.people import ADULT, PERSON, Person

load_person, _ = columns(Person, PERSON)
load_state, store_state = columns(State, STATE)


class Words(NamedTuple):
    """Yesterday's words that reach a citizen: sums by layer, and of today's doubles."""

    home: int
    local: int
    online: int
    face: int
    name: int


class Luck(NamedTuple):
    """The draws that everyone needs every day, uint32 values."""

    post: int
    flagged: int
    purchase: int
    minor: int
    serious: int
    flight: int
    train: int
    pass_by: int


class Lived(NamedTuple):
    """One citizen's day, stage by stage."""

    acts: Acts
    seen: Sightings
    watched: int  # on the watch list
    face: int  # yesterday another's face was taken for this one
    name: int  # … or a judgement entered under this one's name
    file: Dossier
    score: Score
    scored: int
    made: Decisions
    met: Events
    after: State


@law
def _sum(a, b, c):
    return Heard(
        a.adults + b.adults + c.adults, a.spoke + b.spoke + c.spoke,
        a.penalised + b.penalised + c.penalised, a.caught + b.caught + c.caught,
        a.kept + b.kept + c.kept, a.broke + b.broke + c.broke,
        a.scored + b.scored + c.scored, a.scores + b.scores + c.scores,
    )  # fmt: skip


@law
def live_through(i, me, mine, luck, words, double_group, today, rules):
    """Stages 1 to 6 for citizen i; `words` are those of yesterday that reach them."""
    home, local, online = unpack(words.home), unpack(words.local), unpack(words.online)
    heard = _sum(home, local, online)
    share = mean(ONE, heard.adults)  # what one contact weighs

    acts = live(me, mine, heard.spoke * share, rules.watched_spots[me.place], luck,
                today, i, rules)  # fmt: skip

    watched = int(0 < rules.watch_line <= mine.contradicting)
    seen = sense(acts, me, watched, mine.standing, double_group, luck, today, i, rules)

    face = int((words.face & FACE_MISTAKEN) != 0)
    name = int((words.name & NAME_MISTAKEN) != 0)
    # Files halve each on a day of their own; the multiplication is a hash of the id.
    turn = (i * 2_654_435_769 & 0xFFFFFFFF) * rules.halve_days >> 32
    file = fuse(mine, seen, face, name, int(turn == today.fading))

    by = rules.observed
    contacts = home.scored * by[0] + local.scored * by[1] + online.scored * by[2]
    scores = home.scores * by[0] + local.scores * by[1] + online.scores * by[2]
    score = assess(file, contacts, scores, rules)
    scored = int(rules.scoring and me.piloted < rules.piloted)

    made = decide(mine, file, score, scored, seen, name, today, i, rules)
    met = meet(mine, acts, made, today, i, rules)
    after = respond(mine, acts, seen, watched, file, score, made, met, heard, share, rules)
    return Lived(acts, seen, watched, face, name, file, score, scored, made, met, after)


@law
def word_of(day, rules):
    """What others may see of a citizen tomorrow."""
    acts, seen, after = day.acts, day.seen, day.after
    word = ADULTS
    if day.scored:
        shown = day.score.total if rules.hops_many else day.score.own
        word |= SCORED | np.uint64(shown) << np.uint64(SCORE_LANE)
    if acts.posted:
        word |= SPOKE
    removed = seen.unpermitted | seen.contradicting | seen.misread
    if after.list_until > 0 or after.score_until > 0 or day.met.stopped or removed:
        word |= PENALISED
    if seen.minor or seen.serious:
        word |= CAUGHT
    if acts.due:
        word |= KEPT if acts.kept else BROKE
    if seen.mistaken_face:
        word |= FACE_MISTAKEN
    if seen.mistaken_name:
        word |= NAME_MISTAKEN
    return word


@law
def citizen_day(i, today, luck, words, double_group, people, states, rules, counts):
    """Citizen i's day, written to `states` and counted. Returns (word, queues to wait in)."""
    me = load_person(people, i)
    if me.age < ADULT:
        return np.uint64(0), 0
    day = live_through(
        i, me, load_state(states, i), luck, words, double_group, today, rules
    )  # fmt: skip
    store_state(states, i, day.after)
    measure(counts, stratum(me), today, day)

    after = day.after
    ready = (after.standing & APPEAL) != 0 and after.appeal_wait >= rules.appeal_delay
    return word_of(day, rules), (after.standing & (COURT | POLICE)) | (APPEAL if ready else 0)
