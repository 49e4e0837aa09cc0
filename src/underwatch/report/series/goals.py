"""What the system is for: offences, debts, support and trust."""

import numpy as np

from underwatch.report.series.counts import Counts, Series, figures, ratio, share


def offences(c: Counts) -> Series | None:
    """What was done beside what would have been done had nobody felt watched."""
    if not c.have("offences", "adults"):
        return None
    lines = {"committed": c.yearly("offences", 1000)}
    says = f"{c.total('offences'):,} offences were committed."
    if c.have("would_offences"):
        lines["had nobody felt watched"] = c.yearly("would_offences", 1000)
        would = c.total("would_offences")
        fewer = float(ratio(would - c.total("offences"), would))
        says = (
            f"{c.total('offences'):,} minor offences were committed; had nobody felt watched it "
            f"would have been {would:,}, so {share(fewer)} were averted."
        )
    title = "How many offences were committed"
    return Series(
        "offences", title, says, "minor offences per 1,000 adults and year", False, c.months, lines
    )


def defaults(c: Counts) -> Series | None:
    """Adults who are behind with what they owe."""
    if not c.have("in_default", "adults"):
        return None
    part = ratio(c.by_month(c.daily("in_default")), c.by_month(c.daily("adults")))
    if np.isnan(part).all():
        return None
    known = part[~np.isnan(part)]
    says = f"{share(known[0])} of adults were in default at first and {share(known[-1])} at last."
    title = "How many adults were in default"
    lines = {"in default": part}
    return Series("defaults", title, says, "share of adults", True, c.months, lines)


OF_100 = 100 / 255  # feelings are kept in bytes


def support(c: Counts) -> Series | None:
    """How much people welcome the system, and those who know what it does to some."""
    if not c.have("support_sum", "knowing", "knowing_support_sum", "adults"):
        return None
    everyone = OF_100 * c.level("support_sum")
    if not everyone.size:
        return None
    knowing = OF_100 * c.level("knowing_support_sum", "knowing")
    lines = {"all adults": everyone}
    says = f"At the end support stood at {figures(everyone[-1])} of 100"
    if np.isnan(knowing).all():
        says += "; nobody ever knew of a penalty."
    else:
        lines["those who know of penalties"] = knowing
        many = c.level("knowing")[-1]
        says += (
            f"; among the {share(many)} who knew of penalties, at {figures(knowing[-1])}."
            if many
            else "; nobody knew of a penalty any more."
        )
    title = "How much people supported the system, and those who knew of its penalties"
    return Series("support", title, says, "mean support, of 100", False, c.days[c.ends], lines)


def trust(c: Counts) -> Series | None:
    """Trust in other people, which the system was to raise, and the fear that came with it."""
    names = {"trust_sum": "trust in other people", "risk_sum": "perceived risk of speaking"}
    if not c.have("adults", *names):
        return None
    lines = {label: OF_100 * c.level(name) for name, label in names.items()}
    if not c.ends.size:
        return None
    (calm, trusting), (bold, afraid) = (
        (figures(line[0]), figures(line[-1])) for line in lines.values()
    )
    says = (
        f"From the end of the first month to the last, trust went from {calm} to {trusting} of 100 "
        f"(50 is at rest), and the perceived risk of speaking from {bold} to {afraid}."
    )
    title = "How far people trusted each other, and how risky it seemed to speak"
    return Series("trust", title, says, "mean, of 100", False, c.days[c.ends], lines)
