"""Who a citizen is, one sentence each."""

from underwatch.explanation.profile import Profile

_MEMBERSHIPS = ((1, "shops online"), (2, "is a member of platforms"), (4, "has a loan to repay"),
                (8, "knows how to evade the firewall"))  # fmt: skip
_QUANTILES = ("income", "thrift", "conviction", "prudence", "independence", "sociability",
              "mobility", "taste")  # fmt: skip


def person(profile: Profile) -> list[str]:
    """Who the citizen is, one sentence each."""
    traits = profile.traits
    home = f"in a household of {traits['home_size']}"
    if traits["place_in_home"] == 0:
        home = f"head of a household of {traits['home_size']}"
    quantiles = ", ".join(f"{name} {traits[name] / 255:.2f}" for name in _QUANTILES)
    habits = ", ".join(text for bit, text in _MEMBERSHIPS if traits["memberships"] & bit)
    sentences = [
        f"Citizen {profile.name} of {profile.population:,} is invented: {traits['age']} years, "
        f"group {traits['group']}, {traits['place']}, {home}.",
        f"Traits from 0 to 1: {quantiles} (conviction 0 is with the official line, 1 against it).",
        f"Habits: {habits or 'none of those in the model'}.",
    ]
    sentences += _bearers(profile)
    if not profile.adult:
        sentences.append("The citizen is a child: no acts, no file, no score. A record mistaken "
                         "for a child is entered for the head of the household.")  # fmt: skip
    return sentences


def _bearers(profile: Profile) -> list[str]:
    """When this person had the number, and who had it before and after."""
    if len(profile.bearers) < 2:
        return []
    own = profile.bearers[profile.bearer]
    came = "was there on the first day"
    if own["bearer"]:
        came = f"was born on {own['first']}" if own["age_first"] < 18 else (
            f"moved in on {own['first']} at {own['age_first']}")  # fmt: skip
    went = f"died after {own['last']} at {own['age_last']}" if own["died"] else (
        f"is alive on the last day, at {own['age_last']}")  # fmt: skip
    others = [
        f"{profile.citizen}/{one['bearer']} ({one['first']} to {one['last']}, "
        f"{one['age_first']} to {one['age_last']} years)"
        for one in profile.bearers if one is not own
    ]  # fmt: skip
    return [f"This person, {profile.name}, {came} and {went}.",
            f"Others had the same number: {', '.join(others)}."]  # fmt: skip
