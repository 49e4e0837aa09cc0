"""Stage 2, sense: sensors turn acts into sightings with a claimed identity.

Cameras miss and mistake, readers misread, registers lose and mistype. What a
sensor is, is its error rates. A mistaken sighting lands on the double of the
day: it travels in this citizen's word and reaches the double's file tomorrow.
"""

from typing import NamedTuple

from numba import njit

from underwatch import draws
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


@njit
def sense(acts, me, watched, called, double_group, luck, seed, day, person, rules):
    """One citizen's sightings; `double_group` is the group of today's face double."""
    unpermitted = 0
    contradicting = 0
    misread = 0
    if me.memberships & POSTS:
        if acts.posted:
            seen = draws.draw(seed, draws.POST_READ, day, person) < rules.read_hit
            contradicting = int(seen and acts.contradicting)
            unpermitted = int(seen and not acts.contradicting)
        misread = int(luck.flagged < (rules.read_false * (64 + me.sociability) >> 8))

    disfavoured = 0
    favoured = 0
    if acts.disfavoured or acts.favoured:
        if draws.draw(seed, draws.PURCHASE_SHARED, day, person) < rules.shops_shared:
            disfavoured = acts.disfavoured
            favoured = acts.favoured

    minor = 0
    mistaken_face = 0
    if acts.minor and acts.spot < rules.watched_spots[me.place]:
        if draws.draw(seed, draws.MINOR_PROBED, day, person) < rules.probed:
            if draws.draw(seed, draws.MINOR_MATCH, day, person) < rules.match_hit:
                minor = 1
            elif (
                draws.draw(seed, draws.MINOR_DOUBLE, day, person)
                < rules.match_false[me.group, double_group]
            ):
                mistaken_face = 1
    serious = 0
    if acts.serious:
        serious = int(
            draws.draw(seed, draws.SERIOUS_SEEN, day, person) < rules.serious_cleared[me.place]
        )

    rate = rules.alert_hit if watched else rules.alert_false[me.group]
    checked = rules.pass_checked[me.place] * (64 + me.mobility) >> 8
    alerted = int(luck.pass_by < (checked * rate >> 32))

    late = 0
    if acts.due and not acts.kept:
        late = int(draws.draw(seed, draws.LATE_REPORTED, day, person) < rules.late_reported)
    good = 0
    if acts.good:
        good = int(draws.draw(seed, draws.GOOD_DEED_SEEN, day, person) < rules.good_seen)
    judged = 0
    mistaken_name = 0
    if called & COURT_CALLED:
        if draws.draw(seed, draws.REGISTER_MISSED, day, person) >= rules.register_missed:
            wrong = draws.draw(seed, draws.REGISTER_MISTYPED, day, person)
            mistaken_name = int(wrong < rules.register_mistyped)
            judged = 1 - mistaken_name
    return Sightings(
        contradicting, unpermitted, misread, disfavoured, favoured, minor, serious,
        late, int(acts.due and acts.kept), good, judged, mistaken_face, mistaken_name, alerted,
    )  # fmt: skip
