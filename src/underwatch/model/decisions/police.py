"""Police at the door, and the watch list (M14)."""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.dossiers.records import CONTRADICTING, SERIOUS
from underwatch.model.dossiers.tiers import LOCAL, NATION, contradicting_held, seen, serious_held
from underwatch.model.streams import chance


class Dispatch(NamedTuple):
    """Flags 0 or 1."""

    sent: int  # police are to call
    for_own_act: int


@law
def on_watch_list(mine, rules):
    """Whether the file that the police read counts enough contradicting posts, or offences."""
    above = mine.nation if rules.police_read == NATION else mine.region
    here = rules.police_read == LOCAL
    posts = seen(mine.file, CONTRADICTING, rules.sees) * here
    posts += contradicting_held(above) * (not here)
    crimes = seen(mine.file, SERIOUS, rules.sees) * here + serious_held(above) * (not here)
    return int(
        ((rules.watch_line > 0) & (posts >= rules.watch_line))
        | ((rules.watch_crimes > 0) & (crimes >= rules.watch_crimes))
    )


@law
def dispatch(sightings, watched, crowd, today, person, rules):
    """Whether today's sightings send the police; an alert always does."""
    caught, read, entered = sightings.caught, sightings.read, sightings.entered
    own = caught.alert & watched
    sent = caught.alert
    assembly = caught.protest | read.petition
    if read.contradicting | entered.serious | assembly | caught.bystander | crowd:
        u = chance(today, draws.VISIT, person)
        own |= int(read.contradicting > 0 and u < rules.visit_speech)
        own |= int(entered.serious and u < rules.visit_serious)
        own |= int(assembly and u < rules.visit_assembly)
        sent |= own | int((caught.bystander | crowd) and u < rules.visit_assembly)
    return Dispatch(sent, own)
