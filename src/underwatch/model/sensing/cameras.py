"""Cameras with face matching (M11, M12, M13, M14, M17): a camera is its error rates.

A probe finds the right person, or nobody, or the citizen's lookalike. A mistake is kept
as a flag, and changes the lookalike's file tomorrow. The rates are those of the matcher
(matcher.py); the watch list is as long as the list that exists (galleries.py).
"""

from typing import NamedTuple

from underwatch.kernel.compile import kernel
from underwatch.kernel.fixed import both
from underwatch.model import streams
from underwatch.model.sensing.galleries import CERTAIN, mistaken_at_search, resemblance
from underwatch.model.society.people import load_person
from underwatch.model.streams import chance, happens


class Caught(NamedTuple):
    """What cameras claim today; flags 0 or 1."""

    minor: int
    protest: int
    mistaken_face: int  # today's probe of an offence found the lookalike
    mistaken_crowd: int  # today's probe of a protest found the lookalike
    bystander: int  # passed near a protest and was recorded there
    alert: int  # a watch-list camera raised an alert on this passer-by
    confirmed: int  # and its operator confirmed it


NOBODY_CAUGHT = Caught(*(0 for _ in Caught._fields))


@kernel
def _probe(match, mistake, traits, lookalike, people, today, person, params):
    """(found, mistaken): one face searched in the gallery."""
    if chance(today, match, person) < params.match_hit:
        return 1, 0
    other = load_person(people, lookalike).group
    factor = resemblance(today, person) >> 5
    return 0, int(chance(today, mistake, person) < params.match_false[factor, traits.group, other])


@kernel
def capture(acts, traits, watched, lookalike, people, crowd, draws, today, person, params):
    """What cameras claim about a citizen.

    lookalike: the citizen for whom they may be taken; crowd: yesterday's share of
    protesters among the district's adults, in 65,536ths.
    """
    minor = 0
    mistaken_face = 0
    if acts.minor and acts.watched:
        if chance(today, streams.MINOR_PROBED, person) < params.probed:
            minor, mistaken_face = _probe(
                streams.MINOR_MATCH,
                streams.MINOR_LOOKALIKE,
                traits,
                lookalike,
                people,
                today,
                person,
                params,
            )
    protest = 0
    mistaken_crowd = 0
    if acts.speech.protested:
        if chance(today, streams.PROTEST_SEEN, person) < params.crowd_seen[traits.place]:
            protest, mistaken_crowd = _probe(
                streams.PROTEST_MATCH,
                streams.PROTEST_LOOKALIKE,
                traits,
                lookalike,
                people,
                today,
                person,
                params,
            )
    passes = 64 + traits.mobility
    # Bystanders: passing near yesterday's protest.
    near = (params.presence[traits.place] * crowd >> 16) * passes >> 8
    passes_by = happens(draws.bystander, streams.BYSTANDER, near, today, person)
    bystander = int(passes_by and not acts.speech.protested)

    alert, confirmed = 0, 0
    checked = min(CERTAIN, params.pass_checked[traits.place] * passes >> 8)
    if happens(draws.pass_by, streams.PASS_BY, checked, today, person):
        rate = params.alert_hit
        if not watched:
            rate = mistaken_at_search(today, person, traits.group, params)
        p = both(checked, rate)
        alert = int(happens(draws.pass_by, streams.PASS_BY, p, today, person))
    if alert:
        confirms = params.confirms_true if watched else params.confirms_false
        confirmed = int(chance(today, streams.OPERATOR, person) < confirms)
    return Caught(minor, protest, mistaken_face, mistaken_crowd, bystander, alert, confirmed)
