"""Police at the door, and the watch list (M14)."""

from typing import NamedTuple

from underwatch.engine.law import law
from underwatch.files.dossiers import CONTRADICTING, SERIOUS, count
from underwatch.files.tiers import LOCAL, NATION, contradicting_held, serious_held


class Dispatch(NamedTuple):
    """Flags 0 or 1."""

    sent: int  # police are to call
    for_own_act: int


@law
def on_watch_list(mine, rules):
    """Whether the file that the police read counts enough contradicting posts, or offences."""
    above = mine.nation if rules.police_read == NATION else mine.region
    here = rules.police_read == LOCAL
    posts = count(mine.file, CONTRADICTING) * here + contradicting_held(above) * (not here)
    crimes = count(mine.file, SERIOUS) * here + serious_held(above) * (not here)
    return int(
        ((rules.watch_line > 0) & (posts >= rules.watch_line))
        | ((rules.watch_crimes > 0) & (crimes >= rules.watch_crimes))
    )


@law
def dispatch(seen, watched, crowd, rules):
    """Whether today's sightings send the police."""
    caught, read = seen.caught, seen.read
    posts = read.contradicting > 0 and rules.visit_speech
    crime = seen.entered.serious and rules.visit_serious
    assembly = rules.visit_assembly and (caught.protest | read.petition)
    mistaken = rules.visit_assembly and (caught.bystander | crowd)
    own = posts or crime or assembly or (caught.alert and watched)
    return Dispatch(int(own or mistaken or caught.alert), int(own))
