"""What a watched citizen did each day, seen or not: asked of the law of the day itself.

The diary keeps what the citizen woke with and heard; the law and the addresses
of chance do the rest. So an act that no sensor saw is told as surely as one on
file, and so is the risk that was felt when an act was not done.
"""

import numpy as np
from numba import prange

from underwatch.engine.world import today_of
from underwatch.kernel.compile import kernel, parallel
from underwatch.kernel.random import draw
from underwatch.model.day import ContactSignals, DailyDraws, Misattributed, morning, night_params
from underwatch.model.society.acts import Acts, act
from underwatch.model.society.people import ADULT, load_person
from underwatch.model.society.speech import Speech
from underwatch.model.state import State, load_state, unpack

FELT = ("risk", "detection", "trust", "support", "opinion", "standing")
ACTS = (*Speech._fields, *Acts._fields[1:])
RECORD = np.dtype([(name, "i8") for name in (*FELT, *ACTS)])


@kernel
def _updated(state, felt):
    """The state in which the citizen woke."""
    return State(
        felt.risk, felt.detection, felt.trust, felt.support, felt.opinion,
        state.named, state.appeal_wait, state.reasons, state.list_until, state.score_until,
        felt.standing, state.dissolved, state.file, state.region, state.nation,
    )  # fmt: skip


@kernel
def _put(out, felt, acts):
    """A day's feelings and acts, in the order of RECORD."""
    s = acts.speech
    values = (
        felt.risk, felt.detection, felt.trust, felt.support, felt.opinion, felt.standing,
        s.would_post, s.posted, s.contradicting, s.true_news, s.would_message, s.messaged,
        s.contradicting_message, s.would_petition, s.petitioned, s.would_protest, s.protested,
        s.would_foreign_visit, s.foreign_visit,
        acts.disfavoured, acts.favoured, acts.would_minor, acts.minor, acts.watched, acts.serious,
        acts.due, acts.kept, acts.good, acts.flies, acts.rides, acts.applies, acts.joins,
    )  # fmt: skip
    for k in range(len(values)):
        out[k] = values[k]


@parallel
def _replay(out, person, people, mornings, heard, shares, params_table, epochs, seed):
    """Ask every day of one citizen again: out[day, FELT and DEEDS].

    people: their traits by columns, uint64 (2, 1). mornings: uint64 (4, days), yesterday's
    evening with today's copies. heard: uint64 (3, days), sums of contacts' words by layer.
    """
    for day in prange(out.shape[0]):
        params = params_table[epochs[day]]
        today = today_of(day, seed, params)
        draws = DailyDraws(
            draw(seed, 0, day, person), draw(seed, 1, day, person), draw(seed, 2, day, person),
            draw(seed, 3, day, person), draw(seed, 4, day, person), draw(seed, 5, day, person),
            draw(seed, 6, day, person), draw(seed, 7, day, person),
        )  # fmt: skip
        traits, state = load_person(people, 0), load_state(mornings, day)
        contacts = ContactSignals(
            np.int64(heard[0, day]), np.int64(heard[1, day]), np.int64(heard[2, day]),
            np.int64(shares[day]),
        )  # fmt: skip
        nothing = Misattributed(0, 0, 0)  # what lands on a file moves no feeling and no act
        felt = morning(
            traits, state, nothing, contacts, draws, person, today, 0, night_params(params)
        ).felt
        updated = _updated(state, felt)
        spots = params.watched_spots[traits.place]
        told = unpack(contacts.home, contacts.local, contacts.online)
        acts = act(traits, updated, told, contacts.share, spots, draws, today, person, params)
        _put(out[day], felt, acts)


@parallel
def _draws(out, seed, stream, person):
    """One citizen's chance of a stream, every day."""
    for day in prange(out.shape[0]):
        out[day] = draw(seed, stream, np.int64(day), person)


def acts(recording, place: int, heard: np.ndarray) -> np.ndarray:
    """Every day of a watched citizen as RECORD: what they woke feeling, would do, and did."""
    days = recording.days
    mornings = np.empty((4, days), np.uint64)
    mornings[:, :1] = recording.first[:, place : place + 1]
    mornings[:, 1:] = recording.evenings[:4, :-1, place]
    mornings[3] = recording.evenings[3, :, place]
    people = np.ascontiguousarray(recording.people[place : place + 1].view(np.uint64).reshape(2, 1))
    out = np.zeros((days, len(RECORD)), np.int64)
    _replay(
        out, int(recording.watched[place]), people, mornings, heard,
        np.ascontiguousarray(recording.shares[:, place]), recording.params, recording.epochs,
        recording.scenario.society.seed,
    )  # fmt: skip
    if recording.people[place]["age"] < ADULT:
        out[:] = 0
    return out.view(RECORD)[:, 0]


def draws(recording, citizen: int, stream: int) -> np.ndarray:
    """A citizen's chance of a stream, every day, of 2^32."""
    out = np.zeros(recording.days, np.int64)
    _draws(out, recording.scenario.society.seed, stream, citizen)
    return out
