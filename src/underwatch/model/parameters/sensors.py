"""Stage 2: error rates of sensors, as integers for the kernels."""

import numpy as np

from underwatch.model.parameters.society import mean_readiness
from underwatch.model.parameters.units import MEAN_MOBILE, MEAN_SOCIABLE, chance, daily
from underwatch.model.sensing import matcher
from underwatch.scenario.dated import Dated
from underwatch.scenario.sections.values import Section


def on(section: Section, day) -> dict:
    """A section's values as they hold on a day."""
    return {name: value.on(day) if isinstance(value, Dated) else value for name, value in section}


def sensors(r, scenario, day):
    """Cameras, readers, the firewall, registers and neighbours."""
    _cameras(r, on(scenario.cameras, day))
    matcher.set_rates(r, scenario)
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
    ready = mean_readiness(scenario.society)
    r["cap_slander"] = daily(neighbours["lies_per_year"], ready) if ready else 0
    r["informer_known"] = chance(neighbours["found_out"])


def _cameras(r, cameras):
    hundreds = cameras["per_1000_people"] / 100
    first = dict(cameras["share_covered_per_100"])
    covered = np.array([1 - (1 - min(1.0, first[place])) ** hundreds for place in first])
    seen = covered * cameras["uptime"]
    r["watched_spots"] = chance(seen)
    r["crowd_seen"] = chance(seen * cameras["protests_matched"])
    r["presence"] = chance(seen * cameras["passers_by_recorded"] / MEAN_MOBILE)
    r["probed"] = chance(cameras["share_matched"])
    r["list_outsiders"] = cameras["watch_list_outsiders"]
    r["list_scaled_to"] = cameras["watch_list_scaled_to"]
    r["pass_checked"] = daily(cameras["passes_checked_per_day"] * 365.25, MEAN_MOBILE)


def share_within_group(scenario, day) -> list[float]:
    """The share of false matches with a citizen of the own group, for each of the four groups."""
    return matcher.share_within_group(scenario).tolist()


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
