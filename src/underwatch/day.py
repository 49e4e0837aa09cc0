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

from underwatch.consequences.decisions import decide
from underwatch.engine.columns import columns
from underwatch.engine.law import law
from underwatch.files.dossiers import fuse
from underwatch.measures.tally import measure, stratum
from underwatch.response.adapt import meet, respond
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
    SPOKE,
    STATE,
    Heard,
    State,
    mean,
    unpack,
)
from underwatch.rules import RULES  # noqa: F401  (the record that `rules` is)
from underwatch.scoring.scores import assess
from underwatch.sensing.sightings import sense
from underwatch.society.acts import live
from underwatch.society.people import ADULT, PERSON, Person

load_person, _ = columns(Person, PERSON)
load_state, store_state = columns(State, STATE)


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


@law
def _sum(a, b, c):
    return Heard(
        a.adults + b.adults + c.adults, a.spoke + b.spoke + c.spoke,
        a.penalised + b.penalised + c.penalised, a.caught + b.caught + c.caught,
        a.kept + b.kept + c.kept, a.broke + b.broke + c.broke, a.scores + b.scores + c.scores,
    )  # fmt: skip


@law
def citizen_day(i, today, luck, home_words, local_words, online_words, face_word, name_word,
                face_double, people, states, rules, rows):  # fmt: skip
    """One citizen's day. Returns (word for others to see tomorrow, queues to wait in)."""
    me = load_person(people, i)
    if me.age < ADULT:
        return np.uint64(0), 0
    mine = load_state(states, i)
    home, local, online = unpack(home_words), unpack(local_words), unpack(online_words)
    heard = _sum(home, local, online)
    share = mean(ONE, heard.adults)

    acts = live(me, mine, heard.spoke * share, rules.watched_spots[me.place], luck,
                today, i, rules)  # fmt: skip

    watched = int(0 < rules.watch_line <= mine.contradicting)
    double_group = np.int64(people[face_double].group)
    seen = sense(acts, me, watched, mine.standing, double_group, luck, today, i, rules)

    face = int((face_word & FACE_MISTAKEN) != 0)
    name = int((name_word & NAME_MISTAKEN) != 0)
    # Files halve each on a day of their own; the multiplication is a hash of the id.
    turn = (i * 2_654_435_769 & 0xFFFFFFFF) * rules.halve_days >> 32
    halved = int(turn == today.fading)
    file = fuse(mine, seen, face, name, halved)

    seen_by = rules.observed
    contacts = (
        home.adults * seen_by[0] + local.adults * seen_by[1] + online.adults * seen_by[2]
    )  # fmt: skip
    scores = home.scores * seen_by[0] + local.scores * seen_by[1] + online.scores * seen_by[2]
    score = assess(file, contacts, scores, rules)
    scored = int(rules.scoring and me.piloted < rules.piloted)

    made = decide(mine, file, score, scored, seen, name, today, i, rules)
    met = meet(mine, acts, rules.list_bans, rules.score_bans)
    after = respond(mine, acts, seen, file, score, made, met, heard, share, rules)
    store_state(states, i, after)
    measure(rows[stratum(me)], today, acts, seen, watched, face, name, made, met, scored, after)

    word = ADULTS
    shown = score.total if rules.hops_many else score.own
    word |= np.uint64(shown) << np.uint64(SCORE_LANE)
    if acts.posted:
        word |= SPOKE
    if after.list_until > 0 or after.score_until > 0 or met.stopped or seen.unpermitted:
        word |= PENALISED
    if seen.minor or seen.serious:
        word |= CAUGHT
    if acts.due:
        word |= KEPT if acts.kept else BROKE
    if seen.mistaken_face:
        word |= FACE_MISTAKEN
    if seen.mistaken_name:
        word |= NAME_MISTAKEN
    ready = (after.standing & APPEAL) != 0 and after.appeal_wait >= rules.appeal_delay
    queues = (after.standing & (COURT | POLICE)) | (APPEAL if ready else 0)
    return word, queues
