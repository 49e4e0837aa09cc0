"""Which measures can count no event in a world, because what causes the events is off there.

The catalogue names the organs that move each measure. Where all of them are off on every day, or
where a world has no organ at all, no event can occur and zero is not chance. What people do
without any organ can always occur.
"""

from datetime import timedelta

from underwatch.scenario import Scenario

# Measures of the summary whose events occur without any organ.
UNCAUSED = frozenset({
    "default_rate", "repayment", "offences", "serious_offences", "supporters", "acts", "posts",
    "protests", "expressed_by_adults_at_start", "expressed_by_come_of_age", "expression_gap",
    "diversity", "ties_lost", "critics_degree", "court_demand", "court_dropped", "court_waiting",
})  # fmt: skip
# Sections of what people do of themselves; an organ with a switch elsewhere is one of the system.
_OF_PEOPLE = ("response", "protest", "ties", "opinion", "support")


def impossible(scenario: Scenario, days: int) -> frozenset[str]:
    """The measures of the summary whose events cannot occur in a run of so many days.

    Examples
    --------
    >>> from underwatch.scenario import Scenario
    >>> found = impossible(Scenario.load("unwatched"), 365)
    >>> "imposed" in found, "chilled_acts" in found, "offences" in found
    (True, True, False)
    """
    from underwatch.measurement.pages import SUMMARY, entries
    from underwatch.scenario.organs import organs

    last = scenario.first_day + timedelta(days - 1)
    able = [organ for organ in organs() if organ.switch]
    off = {
        organ.number
        for organ in able
        if not any(on for day, on in organ.history(scenario) if day <= last)
    }
    of_system = {
        organ.number
        for organ in able
        if any(key.partition(".")[0] not in _OF_PEOPLE for key in organ.switch)
    }
    unreviewed = not any(level for _, level in scenario.safeguards.review.steps)
    found = set()
    for name, measure in entries().items():
        if measure.type != SUMMARY or name in UNCAUSED:
            continue
        if name.startswith("review_"):  # the queue of a safeguard
            never = unreviewed
        else:
            never = of_system <= off or bool(measure.organs) and off.issuperset(measure.organs)
        if never:
            found.add(name)
    return frozenset(found)
