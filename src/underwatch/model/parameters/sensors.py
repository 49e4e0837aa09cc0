"""Stage 2: error rates of sensors, as integers for the kernels."""

import numpy as np

from underwatch.model.parameters.units import MEAN_MOBILE, MEAN_READY, MEAN_SOCIABLE, chance, daily
from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Section


def on(section: Section, day) -> dict:
    """A section's values as they hold on a day."""
    return {name: value.on(day) if isinstance(value, Dated) else value for name, value in section}


def sensors(r, scenario, day):
    """Cameras, readers, the firewall, registers and neighbours."""
    _cameras(r, on(scenario.cameras, day), scenario.society.group_shares)
    platforms, registers = on(scenario.platforms, day), on(scenario.registers, day)
    wall, neighbours = on(scenario.firewall, day), on(scenario.neighbours, day)
    r["read_hit"] = chance(platforms["read"])
    # The kernel multiplies by (64 + sociability) / 256.
    r["read_false"] = daily(platforms["misread_per_year"], MEAN_SOCIABLE - 0.25)
    r["petition_hit"] = chance(platforms["petitions_read"])
    r["messages_read"] = chance(scenario.police.messages_read.on(day))
    r["post_filtered"] = chance(wall["posts_filtered"])
    r["protest_filtered"] = chance(wall["protests_filtered"])
    r["foreign_blocked"] = chance(wall["foreign_sources_blocked"])
    r["evasion_seen"] = chance(wall["evasion_seen"])
    r["instalments_reported"] = chance(registers["instalments_reported"])
    r["register_missed"] = chance(registers["judgement_missed"])
    r["register_mistyped"] = chance(registers["judgement_mistyped"])
    r["good_seen"] = chance(registers["good_deeds_seen"])
    r["serious_cleared"] = chance([share for _, share in registers["serious_cleared"]])
    r["reports"] = chance(neighbours["reports"])
    r["cap_slander"] = daily(neighbours["lies_per_year"], MEAN_READY)
    r["informer_known"] = chance(neighbours["found_out"])


def _cameras(r, cameras, groups):
    hundreds = cameras["per_1000_people"] / 100
    first = dict(cameras["share_covered_per_100"])
    covered = np.array([1 - (1 - min(1.0, first[place])) ** hundreds for place in first])
    seen = covered * cameras["uptime"]
    r["watched_spots"] = chance(seen)
    r["crowd_seen"] = chance(seen * cameras["protests_matched"])
    r["presence"] = chance(seen * cameras["passers_by_recorded"] / MEAN_MOBILE)
    r["probed"] = chance(cameras["share_matched"])
    r["match_hit"] = chance(1 - cameras["miss_rate"])
    factors = np.array(cameras["group_factors"], float)
    found = _found(cameras["false_match_rate"] * factors, cameras["gallery"])
    r["match_false"] = chance(_lookalike_matches(found, groups, cameras["double_in_group"]))
    r["alert_hit"] = r["match_hit"]
    r["alert_false"] = chance(
        _found(cameras["watch_list_false_match_rate"] * factors, cameras["watch_list_gallery"])
    )
    r["pass_checked"] = daily(cameras["passes_checked_per_day"] * 365.25, MEAN_MOBILE)


def _found(false_match_rate, gallery):
    """FPIR: the probability that a search of a gallery without the person returns somebody."""
    return -np.expm1(gallery * np.log1p(-np.minimum(false_match_rate, 1 - 1e-12)))


def _lookalike_matches(found, groups, within):
    """P(a citizen is taken for the day's lookalike), by [citizen's group, lookalike's group].

    The lookalike is drawn evenly from everyone, so of a citizen's false matches at most
    the share of the own group, divided by `found`, can be with the own group. As far as
    that allows, the share `within` of them is; the others are spread evenly over the
    other groups, and the mean is `found`.
    """
    shares = np.array(groups) / np.sum(groups)
    p = np.zeros((4, 4))
    for g in range(4):
        others = 1 - shares[g]
        own = found[g] * (within if others > 0 else 1.0)
        own = min(own, shares[g])  # every lookalike of the own group is taken for the citizen
        own = max(own, found[g] - others)  # more than the other groups can supply
        p[g] = (found[g] - own) / others if others > 0 else 0.0
        p[g, g] = own / shares[g] if shares[g] > 0 else 0.0
    return np.clip(p, 0, 1)


def share_within_group(scenario, day) -> list[float]:
    """The share of false matches with a citizen of the own group, for each of the four groups.

    It is `cameras.double_in_group`, unless a group is smaller than that share of the
    searches that find somebody: see `_lookalike_matches`.
    """
    cameras = on(scenario.cameras, day)
    shares = np.array(scenario.society.group_shares) / np.sum(scenario.society.group_shares)
    factors = np.array(cameras["group_factors"], float)
    found = _found(cameras["false_match_rate"] * factors, cameras["gallery"])
    p = _lookalike_matches(found, shares, cameras["double_in_group"])
    return [float(p[g, g] * shares[g] / found[g]) if found[g] > 0 else 0.0 for g in range(4)]


def note_on_groups(scenario, day) -> str | None:
    """A sentence if `cameras.double_in_group` is more than some groups can reach on a day.

    None if all groups reach it, or if no face is searched on that day.
    """
    cameras = on(scenario.cameras, day)
    asked, searched = cameras["double_in_group"], cameras["share_matched"]
    reached = zip("ABCD", share_within_group(scenario, day), strict=True)
    less = [f"{share:.2f} in group {g}" for g, share in reached if 0 < share < asked - 0.02]
    if not less or not cameras["per_1000_people"] or not (searched or cameras["protests_matched"]):
        return None
    return (
        f"cameras.double_in_group is {asked:g}, but the share of false matches within the group is "
        f"at most {' and '.join(less)}: fewer people are in the group than searches find somebody."
    )
