"""Cameras with face matching (M11, M12, M13, M14, M17): a camera is its error rates.

A probe finds the right person, misses, or lands on the double of the day: the
mistake travels in a mark and reaches the double's file tomorrow.

    FPIR(group) = 1 − (1 − FMR(group, threshold))^gallery   resolved once, in rules/
"""

from typing import NamedTuple

from underwatch.kernel.compile import law
from underwatch.model import streams as draws
from underwatch.model.society.people import load_person
from underwatch.model.streams import chance, turned


class Caught(NamedTuple):
    """What cameras claim today; flags 0 or 1."""

    minor: int
    protest: int
    mistaken_face: int  # today's probe of an offence landed on the double
    mistaken_crowd: int  # … of a protest
    bystander: int  # passed near a protest and was recorded there
    alert: int  # a watch-list camera raised an alert on this passer-by


@law
def _probe(match, mistake, me, double, people, today, person, rules):
    """(found, mistaken): one face run against the gallery."""
    if chance(today, match, person) < rules.match_hit:
        return 1, 0
    other = load_person(people, double).group
    return 0, int(chance(today, mistake, person) < rules.match_false[me.group, other])


@law
def look(acts, me, watched, double, people, crowd, luck, today, person, rules):
    """One citizen under cameras.

    double: whose face is most like theirs today; crowd: yesterday's share of the
    district in the street.
    """
    minor = 0
    mistaken_face = 0
    if acts.minor and acts.watched:
        if chance(today, draws.MINOR_PROBED, person) < rules.probed:
            minor, mistaken_face = _probe(
                draws.MINOR_MATCH, draws.MINOR_DOUBLE, me, double, people, today, person, rules
            )
    protest = 0
    mistaken_crowd = 0
    if acts.speech.protested:
        if chance(today, draws.PROTEST_SEEN, person) < rules.crowd_seen[me.place]:
            protest, mistaken_crowd = _probe(
                draws.PROTEST_MATCH, draws.PROTEST_DOUBLE, me, double, people, today, person, rules
            )
    passes = 64 + me.mobility
    # Wrong place, wrong time: passing a street that was full yesterday.
    near = (rules.presence[me.place] * crowd >> 16) * passes >> 8
    bystander = int(turned(luck.rare, draws.BYSTANDER) < near and not acts.speech.protested)

    alert = 0
    checked = rules.pass_checked[me.place] * passes >> 8
    u = turned(luck.rare, draws.PASS_BY)
    if u < checked:
        rate = rules.alert_hit if watched else rules.alert_false[me.group]
        alert = int(u < (checked * rate >> 32))
    return Caught(minor, protest, mistaken_face, mistaken_crowd, bystander, alert)
