"""Police visits, and the watch list (M14)."""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import both
from underwatch.kernel.narrow import narrow
from underwatch.model import streams
from underwatch.model.dossiers.records import CONTRADICTING, HALF, SERIOUS
from underwatch.model.dossiers.tiers import file_at, files_of, seen
from underwatch.model.state import POLICE_OWN, POLICE_SERVED, POLICE_SPEECH
from underwatch.model.streams import chance

_CERTAIN = 1 << 32


class Dispatch(NamedTuple):
    """Flags 0 or 1."""

    sent: int  # a police visit is ordered
    for_own_act: int
    for_speech: int  # because of posts or assembly, own or another person's


NOBODY_SENT = Dispatch(*(0 for _ in Dispatch._fields))


class Stop(NamedTuple):
    """A visit that takes place today, and its outcome; flags 0 or 1."""

    stopped: int
    own: int  # for an own act
    for_speech: int  # because of posts or assembly
    warned: int
    charged: int  # neither: the stop ends with nothing


@kernel
def enrolled_at_random(person, seed, share):
    """Whether a citizen is of the share (of 2^32) who are put on the watch list at random."""
    return (person * 3_266_489_917 + seed * 2_654_435_761) & 0xFFFFFFFF < share


@kernel
def on_watch_list(state, person, seed, params):
    """Whether an adult is on the list: enrolled at random, or for what the police read on file."""
    file = file_at(params.police_read, files_of(state))
    posts = seen(narrow(file), CONTRADICTING, params.sees)
    crimes = seen(narrow(file >> 32), SERIOUS - HALF, params.sees >> HALF)
    return int(
        ((params.watch_line > 0) & (posts >= params.watch_line))
        | ((params.watch_crimes > 0) & (crimes >= params.watch_crimes))
        | enrolled_at_random(person, seed, params.enrolled)
    )


@kernel
def dispatch(sightings, watched, crowd, today, person, params):
    """Whether today's sightings cause a police visit; a confirmed alert always does."""
    caught, read, entered = sightings.caught, sightings.read, sightings.entered
    own = caught.confirmed & watched
    sent = caught.confirmed
    speech = own & int(params.watch_line > 0)  # the watch list holds authors of posts
    assembly = caught.protest | read.petition
    if read.contradicting | entered.serious | assembly | caught.bystander | crowd:
        u = chance(today, streams.VISIT, person)
        posts = int(read.contradicting > 0 and u < params.visit_speech)
        marched = int(assembly and u < params.visit_assembly)
        near = int((caught.bystander | crowd) and u < params.visit_assembly)
        own |= posts | marched | int(entered.serious and u < params.visit_serious)
        speech |= posts | marched | near
        sent |= own | near
    return Dispatch(sent, own, speech)


@kernel
def stop(state, today, person, params):
    """The visit that the queue served last evening: it ends with nothing, a warning or a charge."""
    if (state.standing & POLICE_SERVED) == 0:
        return Stop(0, 0, 0, 0, 0)
    own = int((state.standing & POLICE_OWN) != 0)
    speech = int((state.standing & POLICE_SPEECH) != 0)
    charges = params.charged_rightful if own else params.charged_wrongful
    warnings = params.warned_rightful if own else params.warned_wrongful
    u = chance(today, streams.STOP_OUTCOME, person)
    charged = int(u < charges)
    warned = int(u < charges + both(warnings, _CERTAIN - charges)) - charged
    return Stop(1, own, speech, warned, charged)
