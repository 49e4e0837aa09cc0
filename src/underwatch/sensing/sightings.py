"""Stage 2, sense: sensors turn acts into sightings with a claimed identity.

Cameras miss and mistake, readers misread, registers lose and mistype. What a
sensor is, is its error rates. A mistaken sighting lands on the double of the
day: it travels in this citizen's word and reaches the double's file tomorrow.
"""

from typing import NamedTuple

from underwatch import draws
from underwatch.draws import chance
from underwatch.engine.law import law
from underwatch.response.state import COURT_CALLED
from underwatch.society.people import POSTS


class Sightings(NamedTuple):
    """What the sensors claim of this citizen today: flags 0 or 1."""

    contradicting: int
    unpermitted: int
    misread: int  # an ordinary post read as unpermitted
    disfavoured: int
    favoured: int
    minor: int
    serious: int
    late: int
    repaid: int
    good: int
    judged: int  # the court's judgement entered
    mistaken_face: int  # today's probe landed on the double
    mistaken_name: int  # today's judgement was entered under the double's name
    alerted: int  # a watch-list camera raised an alert on this passer-by


@law
def sense(acts, me, watched, called, double_group, luck, today, person, rules):
    """One citizen's sightings; `double_group` is the group of today's face double."""
    unpermitted = 0
    contradicting = 0
    online = int((me.memberships & POSTS) != 0)
    if acts.posted & online:
        seen = chance(today, draws.POST_READ, person) < rules.read_hit
        contradicting = int(seen and acts.contradicting)
        unpermitted = int(seen and not acts.contradicting)
    misread = online & int(luck.flagged < (rules.read_false * (64 + me.sociability) >> 8))

    disfavoured = 0
    favoured = 0
    if acts.disfavoured or acts.favoured:
        if chance(today, draws.PURCHASE_SHARED, person) < rules.shops_shared:
            disfavoured = acts.disfavoured
            favoured = acts.favoured

    minor = 0
    mistaken_face = 0
    if acts.minor and acts.spot < rules.watched_spots[me.place]:
        if chance(today, draws.MINOR_PROBED, person) < rules.probed:
            if chance(today, draws.MINOR_MATCH, person) < rules.match_hit:
                minor = 1
            elif (
                chance(today, draws.MINOR_DOUBLE, person)
                < rules.match_false[me.group, double_group]
            ):
                mistaken_face = 1
    serious = 0
    if acts.serious:
        serious = int(
            chance(today, draws.SERIOUS_SEEN, person) < rules.serious_cleared[me.place]
        )

    alerted = 0
    checked = rules.pass_checked[me.place] * (64 + me.mobility) >> 8
    if luck.pass_by < checked:
        rate = rules.alert_hit if watched else rules.alert_false[me.group]
        alerted = int(luck.pass_by < (checked * rate >> 32))

    reported = False
    if acts.due:
        reported = chance(today, draws.INSTALMENT_REPORTED, person) < rules.instalments_reported
    good = 0
    if acts.good:
        good = int(chance(today, draws.GOOD_DEED_SEEN, person) < rules.good_seen)
    judged = 0
    mistaken_name = 0
    if called & COURT_CALLED:
        if chance(today, draws.REGISTER_MISSED, person) >= rules.register_missed:
            wrong = chance(today, draws.REGISTER_MISTYPED, person)
            mistaken_name = int(wrong < rules.register_mistyped)
            judged = 1 - mistaken_name
    return Sightings(
        contradicting, unpermitted, misread, disfavoured, favoured, minor, serious,
        int(reported) & (1 - acts.kept), int(reported) & acts.kept,
        good, judged, mistaken_face, mistaken_name, alerted,
    )  # fmt: skip
