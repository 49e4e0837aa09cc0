"""What the system decided about people, and who was hit by mistake."""

import numpy as np

from underwatch.report.series.counts import YEAR_DAYS, Counts, Series, figures, ratio, share


def restricted(c: Counts) -> Series | None:
    """Adults who may not do something today because of a decision."""
    if not c.have("restricted", "adults"):
        return None
    part = ratio(c.daily("restricted"), c.adults)
    if np.isnan(part).all():
        return None
    most = int(np.nanargmax(part))
    says = (
        f"On the last day {share(part[-1])} of adults were under at least one restriction; "
        f"the most was {share(part[most])}, on {c.days[most]}."
    )
    if not part[most]:
        says = "Nobody was ever under a restriction."
    title = "How many adults were under restrictions in force"
    lines = {"restricted": part}
    return Series("restricted", title, says, "share of adults", True, c.days, lines)


def wrongful(c: Counts) -> Series | None:
    """Restrictions for which the person had done nothing."""
    names = {"wrongful": "wrongful", "association_only": "for association only"}
    if not c.have("imposed", "adults", *names):
        return None
    imposed = c.total("imposed")
    parts = [share(float(ratio(c.total(name), imposed))) for name in names]
    says = "No restriction was imposed."
    if imposed:
        says = (
            f"Of {imposed:,} restrictions imposed, {parts[0]} had no true cause of the person's "
            f"own, and {parts[1]} rested on whom the person knows and nothing else."
        )
    title = "How often people were restricted without a true cause of their own"
    lines = {label: c.yearly(name, 100_000) for name, label in names.items()}
    unit = "restrictions per 100,000 adults and year"
    return Series("wrongful", title, says, unit, False, c.months, lines)


def groups(c: Counts) -> Series | None:
    """Wrongful restrictions in each group, as a rate, for groups differ in size."""
    if not c.have("wrongful_by_month", "adults_by_month", "adults"):
        return None
    labels, cases = c.split("wrongful", "group")
    _, people = c.split("adults", "group")
    if not people.sum():
        return None
    # Stocktakings may be rarer than days, so only the groups' shares are taken from them.
    years = people.sum(0) / people.sum() * c.adults.sum() / YEAR_DAYS
    rate = ratio(cases.sum(0), years) * 100_000
    low, high = np.argmin(rate), np.argmax(rate)
    says = f"Group {labels[high]} was hit most often and group {labels[low]} least"
    says += f": {figures(rate[high] / rate[low])} times as often." if rate[low] else "."
    if not cases.sum():
        says = "No restriction was wrongful."
    title = "How wrongful restrictions fell on the groups"
    lines = {"wrongful": rate}
    unit = "wrongful restrictions per 100,000 adults and year"
    return Series("groups", title, says, unit, False, labels, lines, across="Group")


def alerts(c: Counts) -> Series | None:
    """What the cameras announced, and how much of it was so."""
    names = {"alerts": "all alerts", "true_alerts": "true alerts"}
    if not c.have("adults", *names):
        return None
    total = c.total("alerts")
    says = "There was no alert."
    if total:
        true = share(float(ratio(c.total("true_alerts"), total)))
        says = f"Of {total:,} alerts, {true} were for somebody who was on a watch list."
    title = "How many alerts were raised, and how many of them were true"
    lines = {label: c.yearly(name, 100_000) for name, label in names.items()}
    unit = "alerts per 100,000 adults and year"
    return Series("alerts", title, says, unit, False, c.months, lines)


def appeals(c: Counts) -> Series | None:
    """What became of those who asked for another look."""
    names = {"appeals_filed": "filed", "appeals_heard": "heard", "appeals_upheld": "upheld"}
    if not c.have("adults", *names):
        return None
    filed, heard, upheld = (c.total(name) for name in names)
    says = f"{filed:,} appeals were filed, {heard:,} were heard and {upheld:,} upheld."
    title = "How many people appealed, and how many were heard and believed"
    lines = {label: c.yearly(name, 100_000) for name, label in names.items()}
    unit = "appeals per 100,000 adults and year"
    return Series("appeals", title, says, unit, False, c.months, lines)
