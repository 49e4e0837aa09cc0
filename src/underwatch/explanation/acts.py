"""What a recorded citizen did each day, seen or not, computed by the functions of the day itself.

The recording holds the state and the contacts' signals of every morning; the model and the
addresses of random draws do the rest. So acts that no sensor saw are known as surely as those on
file, and so is the perceived risk when an act was withheld.
"""

import numpy as np

from underwatch.engine.recording import PEOPLE, STATE_WORDS
from underwatch.engine.world import today_of
from underwatch.kernel.compile import kernel, serial
from underwatch.kernel.random import draw, fill
from underwatch.model.dossiers.companies import hand_over
from underwatch.model.dossiers.deliveries import receive
from underwatch.model.dossiers.linkage import linked_records
from underwatch.model.dossiers.tiers import Files
from underwatch.model.morning import (
    ContactSignals,
    Misattributed,
    daily_draws,
    morning,
    night_params,
)
from underwatch.model.reasons import ANY
from underwatch.model.society.acts import Acts, act
from underwatch.model.society.people import load_person, load_person_narrow
from underwatch.model.society.speech import Speech, Street
from underwatch.model.state import (
    State,
    load_state,
    load_state_narrow,
    put_delivered,
    unpack,
)
from underwatch.model.streams import DAILY_STREAMS, Today

FELT = ("risk", "detection", "trust", "support", "opinion", "standing")
ACTS = (*Speech._fields, *Acts._fields[1:])
RECORD = np.dtype([(name, "i8") for name in (*FELT, *ACTS)])


@kernel
def _updated(state, felt):
    """The state of the morning, after the news of the night; feelings are widened to int64."""
    return State(
        np.int64(felt.risk), np.int64(felt.detection), np.int64(felt.trust),
        np.int64(felt.support), np.int64(felt.opinion),
        state.named, state.appeal_wait, state.reasons, state.list_until, state.score_until,
        np.int64(felt.standing), state.handed, state.file, state.region, state.nation,
    )  # fmt: skip


@kernel
def _write(out, state, acts):
    """A day's feelings and acts, in the order of RECORD."""
    s = acts.speech
    values = (
        state.risk, state.detection, state.trust, state.support, state.opinion, state.standing,
        s.would_post, s.posted, s.contradicting, s.true_news, s.would_message, s.messaged,
        s.contradicting_message, s.would_petition, s.petitioned, s.would_protest, s.protested,
        s.would_foreign_visit, s.foreign_visit,
        acts.disfavoured, acts.favoured, acts.would_minor, acts.minor, acts.watched, acts.serious,
        acts.due, acts.kept, acts.good, acts.gamed, acts.flies, acts.rides, acts.applies,
        acts.joins,
    )  # fmt: skip
    for k in range(len(values)):
        out[k] = values[k]


@serial
def _replay(
    out, person, people, mornings, others, heard, shares, streets, words, params_table, epochs,
    seed,
):  # fmt: skip
    """Compute every day of one citizen again: out[day, FELT and ACTS].

    people: the citizen's traits by columns, uint64 (2, days). mornings: uint64 (5, days), the
    evening before; what is delivered on the day is written into it. others: uint64 (days), the
    files that may be linked. heard: uint64 (3, days), sums of contacts' signals. streets: int64
    (4, days), the shares who protested and offended, the citizen's fatigue and loan. words:
    workspace for a day's draws, uint32 (streams, 1).
    """
    for day in range(out.shape[0]):
        params = params_table[epochs[day]]
        today = today_of(day, seed, 0, 1, params)  # no act depends on the watch list
        fill(words, person, 1, day, seed, 0)
        draws = daily_draws(words, 0)
        traits, state = load_person(people, day), load_state(mornings, day)
        namesakes = np.int64(others[day])
        handed = hand_over(
            state.handed, state.file, namesakes, traits.memberships, today, person, params
        )
        files = Files(state.file, state.region, state.nation, handed)
        files = receive(files, namesakes, traits, today, person, params)
        put_delivered(mornings, day, handed, files.region, files.nation)
        contacts = ContactSignals(
            np.int64(heard[0, day]), np.int64(heard[1, day]), np.int64(heard[2, day]),
            np.int64(shares[day]),
        )  # fmt: skip
        nobody = Misattributed(0, 0, 0)  # mistakes change no feeling and no act of the day
        woken = morning(
            load_person_narrow(people, day), load_state_narrow(mornings, day), nobody, contacts,
            draws, person, streets[2, day], today, 0, False, streets[1, day],
            night_params(params),
        )  # fmt: skip
        strives = np.int64(woken.strives)
        street = Street(streets[0, day], streets[2, day], streets[3, day], strives)
        updated = _updated(load_state(mornings, day), woken.felt)
        spots = params.watched_spots[traits.place]
        counts = unpack(contacts.home, contacts.local, contacts.online)
        acts = act(
            traits, updated, counts, contacts.share, street, spots, draws, ANY, today, person,
            params,
        )  # fmt: skip
        _write(out[day], updated, acts)


@serial
def _draws(out, seed, stream, person):
    """One citizen's random draws of a stream, every day."""
    for day in range(out.shape[0]):
        out[day] = draw(seed, stream, np.int64(day), person)


@serial
def _linked(out, day, seed, others, office, mistaken, person):
    """Into out[0]: the namesake's records that are linked to a citizen at an office."""
    out[0] = linked_records(others, office, mistaken, Today(seed, day, -1, -1, 0, 0), person)


def linked(recording, citizen: int, day: int, office: int, others: int, mistaken: int) -> int:
    """The records of a namesake that a delivery links to a citizen, as counts of a file."""
    out = np.zeros(1, np.int64)
    _linked(out, day, recording.scenario.society.seed, others, office, mistaken, citizen)
    return int(out[0])


def acts(who, heard: np.ndarray) -> np.ndarray:
    """Every day of a recorded citizen: feelings of the morning, acts wanted, acts done.

    who: a Trajectory. heard: sums of contacts' signals, uint64 (3, days). Returns RECORD (days);
    zeros on the days of a child, and on those of another bearer of the number.
    """
    from underwatch.kernel.columns import as_columns

    recording, index = who.recording, who.index
    mornings = as_columns(np.ascontiguousarray(who.mornings))
    people = np.ascontiguousarray(recording.evenings[PEOPLE : PEOPLE + 2, :, index])
    streets = np.stack([
        recording.protesting[:, index], recording.offending[:, index],
        recording.fatigue[:, index], recording.credit[:, index],
    ])  # fmt: skip
    out = np.zeros((recording.days, len(RECORD)), np.int64)
    _replay(
        out, int(recording.citizens[index]), people, mornings,
        np.ascontiguousarray(recording.namesakes[:, index]), heard,
        np.ascontiguousarray(recording.shares[:, index]),
        streets,
        np.zeros((DAILY_STREAMS, 1), np.uint32), recording.params, recording.epochs,
        recording.scenario.society.seed,
    )  # fmt: skip
    out[~who.adult_days] = 0
    return out.view(RECORD)[:, 0]


def compile_ahead(params, epochs, seed: int) -> None:
    """Compile both functions for arrays of no day; it takes seconds, once per version."""
    days = np.zeros(0, np.int64)
    _replay(
        np.zeros((0, len(RECORD)), np.int64), 0, np.zeros((2, 1), np.uint64),
        np.zeros((STATE_WORDS, 0), np.uint64), np.zeros(0, np.uint64),
        np.zeros((3, 0), np.uint64), days,
        np.zeros((4, 0), np.int64), np.zeros((DAILY_STREAMS, 1), np.uint32), params, epochs, seed,
    )  # fmt: skip
    _draws(days, seed, 0, 0)
    linked_none = np.zeros(1, np.int64)
    _linked(linked_none, 0, seed, 0, 0, 0, 0)


def draws(recording, citizen: int, stream: int) -> np.ndarray:
    """A citizen's random draws of a stream, every day: int64 (days), of 2^32."""
    out = np.zeros(recording.days, np.int64)
    _draws(out, recording.scenario.society.seed, stream, citizen)
    return out
