"""Deliveries before a day begins: by marketplaces to local offices (M3), and by these to the tiers.

Both M5 and M3 set the days of an office by its number, so offices that receive and deliver at one
interval do both on the same days.
"""

from underwatch.engine.world import lookalike_of, rotation_of, today_of
from underwatch.kernel.compile import apart, kernel
from underwatch.model.dossiers.companies import hand_over, marketplaces_deliver, sold_by
from underwatch.model.dossiers.deliveries import receive
from underwatch.model.dossiers.tiers import Files
from underwatch.model.society.people import ADULT, BLOCK, load_person
from underwatch.model.state import load_state, put_delivered
from underwatch.model.streams import delivers_today


@kernel
def delivers(block, day, params):
    """Whether an office of a neighbourhood delivers today, or is delivered to."""
    due = delivers_today(block, params.region_every, day)
    due |= delivers_today(block, params.nation_every, day)
    return due | marketplaces_deliver(block, day, params)


@kernel
def deliver_to(world, i, names, today, params):
    """Deliver the files of citizen i, whose office delivers today, if it is an adult.

    names: the rotation of yesterday's namesakes.
    """
    traits, state = load_person(world.people, i), load_state(world.states, i)
    if traits.age >= ADULT:
        namesake = lookalike_of(names, i, world.people.shape[1])
        others = load_state(world.states, namesake).file if namesake != i else 0
        theirs = load_person(world.people, namesake).memberships
        handed = hand_over(
            state.handed, state.file,
            sold_by(others, theirs, traits.memberships), traits.memberships,
            today, i, params,
        )  # fmt: skip
        files = Files(state.file, state.region, state.nation, handed)
        files = receive(files, others, traits, today, i, params)
        put_delivered(world.states, i, handed, files.region, files.nation)


@apart(seconds=1)
def deliver(world, lo, hi, day, seed, params):
    """Deliver the files of the adults of lo … hi − 1 whose office delivers today.

    A delivery reads the local files of anybody, and writes what the citizen's own offices hold
    beside them. So the citizens may be taken in any order, on any threads.
    """
    total = world.people.shape[1]
    today = today_of(day, seed, world.listed[0], total, params)
    names = rotation_of(day - 1, seed, 1, total)
    i = lo
    while i < hi:
        block = i // BLOCK
        end = min(hi, (block + 1) * BLOCK)
        if delivers(block, day, params):
            for j in range(i, end):
                deliver_to(world, j, names, today, params)
        i = end
