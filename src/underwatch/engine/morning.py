"""The morning of a tile of citizens: what reaches each of them, and who may be active."""

import numpy as np

from underwatch.engine.queues import WAITS
from underwatch.kernel.compile import apart, in_own_frame, kernel
from underwatch.model.morning import ContactSignals, Misattributed, daily_draws, morning, owes
from underwatch.model.reasons import ACTIVE, BY_DEBT
from underwatch.model.society.people import ADULT, load_person, load_person_narrow
from underwatch.model.state import (
    CREDIT,
    CROWD_MISTAKEN,
    FACE_MISTAKEN,
    FATIGUE,
    NAME_MISTAKEN,
    credit_of,
    fatigue_of,
    load_state_narrow,
    put_feelings,
)
from underwatch.model.streams import MONTH


@kernel
def misattributions(flags):
    """Yesterday's acts of others that flags ascribe to a citizen, one by one."""
    return Misattributed(
        np.int64((flags & FACE_MISTAKEN) != 0), np.int64((flags & NAME_MISTAKEN) != 0),
        np.int64((flags & CROWD_MISTAKEN) != 0),
    )  # fmt: skip


@kernel
def contact_signals(workspace, k):
    """What the contacts of the k-th citizen showed; workspace: with `heard` and `shares`."""
    return ContactSignals(
        np.int64(workspace.heard[0, k]),
        np.int64(workspace.heard[1, k]),
        np.int64(workspace.heard[2, k]),
        # At most 65,536, which lets the compiler use narrow numbers.
        np.int64(workspace.shares[k]) & 0x1FFFF,
    )


@apart(seconds=3)
def start_day(
    people,
    states,
    shown,
    flags,
    flags_today,
    queues,
    workspace,
    lo,
    hi,
    crowded,
    spreads,
    offended,
    today,
    params,
):
    """Compute everyone's morning.

    Vector code needs unsigned indices that count up by one, and no branches.
    """
    in_own_frame()
    for person in range(lo, hi):
        i, k = np.uint64(person), np.uint64(person - lo)
        traits, state = load_person_narrow(people, i), load_state_narrow(states, i)
        updated = morning(
            traits,
            state,
            misattributions(workspace.misattributed[k]),
            contact_signals(workspace, k),
            daily_draws(workspace.draws, k),
            person,
            fatigue_of(flags[i]),
            today,
            crowded,
            spreads,
            offended,
            params,
        )
        adult = traits.age >= ADULT
        felt = updated.felt
        put_feelings(
            states, i,
            felt.risk if adult else state.risk, felt.detection if adult else state.detection,
            felt.trust if adult else state.trust, felt.support if adult else state.support,
            felt.opinion if adult else state.opinion, felt.standing if adult else state.standing,
        )  # fmt: skip
        shown[i] = np.uint32(updated.signals)
        kept = updated.fatigue * FATIGUE + credit_of(flags[i]) * CREDIT
        flags_today[i] = np.uint16(kept if adult else 0)
        queues[i] = queues[i] & np.uint8(255 - WAITS)
        workspace.active[k] = np.uint8(updated.reasons)
        workspace.levels[k] = np.uint8(
            updated.privileged | (updated.watched & adult) << 1 | (updated.strives * adult) << 2
        )
    first_due = lo + -(today.day + lo) % MONTH
    for person in range(first_due, hi, MONTH):  # borrowers whose instalment is due
        owed = owes(load_person(people, person))
        workspace.active[person - lo] |= np.uint8(owed * (ACTIVE | BY_DEBT))
