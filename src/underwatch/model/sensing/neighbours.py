"""Neighbours as informers (M20): true and false reports.

A citizen who posted, wrote or protested may be reported by one neighbour: an adult of the
neighbourhood, of another household, drawn for the day. Whether the two know each other does not
matter. Loyal neighbours report more, independent ones less. Some reports are false.

    p(report) = rate · (1 − conviction) · (1 − independence) of the neighbour
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel, nopython
from underwatch.model import streams
from underwatch.model.society.people import ADULT, BLOCK, load_person
from underwatch.model.streams import chance, happens


class Reported(NamedTuple):
    """What a neighbour reported today; flags 0 or 1."""

    truly: int
    falsely: int
    found_out: int  # the citizen learns that somebody informed


NOTHING_REPORTED = Reported(*(0 for _ in Reported._fields))


@nopython
def _readiness(person, people, today):
    """The readiness to inform of the neighbour drawn for today, 0 to 65,025; 0 if there is none.

    The first adult of another household, from a drawn place in the neighbourhood on.
    """
    start = person // BLOCK * BLOCK
    size = min(BLOCK, people.shape[1] - start)
    home = person - load_person(people, person).place_in_home
    first = chance(today, streams.NEIGHBOUR, person) * size >> 32
    for step in range(size):
        j = start + (first + step) % size
        neighbour = load_person(people, j)
        if neighbour.age >= ADULT and j - neighbour.place_in_home != home:
            return (255 - neighbour.conviction) * (255 - neighbour.independence)
    return 0


@kernel
def inform(speech, people, draws, today, person, params):
    """One citizen's reports of the day."""
    truly = 0
    falsely = 0
    if params.reports > 0 and speech.posted | speech.messaged | speech.protested:
        ready = _readiness(person, people, today)
        u = chance(today, streams.NEIGHBOUR_REPORTS, person)
        truly = int(u < (params.reports * ready >> 16))
    if draws.slander <= params.cap_slander >> 16:
        p = params.cap_slander * _readiness(person, people, today) >> 16
        falsely = int(happens(draws.slander, streams.SLANDER, p, today, person))
    found_out = 0
    if truly | falsely:
        found_out = int(chance(today, streams.NEIGHBOUR_KNOWN, person) < params.informer_known)
    return Reported(truly, falsely, found_out)
