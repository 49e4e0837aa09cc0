"""Local files are delivered to the regional and national tiers before a day begins (M5)."""

from underwatch.engine.world import lookalike_of, rotation_of, today_of
from underwatch.kernel.compile import nopython
from underwatch.model.dossiers.deliveries import delivers_today, receive
from underwatch.model.dossiers.tiers import files_of
from underwatch.model.society.people import ADULT, BLOCK, load_person
from underwatch.model.state import load_state, put_tiers


@nopython
def deliver(world, lo, hi, day, seed, params):
    """Deliver the files of the adults of lo … hi − 1 whose office delivers today.

    A delivery reads the local files of anybody, and writes the citizen's own files of the
    tiers. So the citizens may be taken in any order, on any threads.
    """
    total = world.people.shape[1]
    today = today_of(day, seed, world.listed[0], total, params)
    names = rotation_of(day - 1, seed, 1, total)
    i = lo
    while i < hi:
        block = i // BLOCK
        end = min(hi, (block + 1) * BLOCK)
        if delivers_today(block, params.region_every, day) or delivers_today(
            block, params.nation_every, day
        ):
            for j in range(i, end):
                traits, state = load_person(world.people, j), load_state(world.states, j)
                if traits.age >= ADULT:
                    namesake = lookalike_of(names, j, total)
                    others = load_state(world.states, namesake).file if namesake != j else 0
                    files = receive(files_of(state), others, traits, today, j, params)
                    put_tiers(world.states, j, files.region, files.nation)
        i = end
