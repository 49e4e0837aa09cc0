"""The stated goals of the system: offences, debts, support and trust."""

import numpy as np

from underwatch.measurement.estimates import too_few
from underwatch.report.series.counts import (
    OF_100,
    Counts,
    Series,
    level_text,
    number_text,
    percent_text,
    ratio,
    share_text,
)


def offences(c: Counts) -> Series | None:
    """Minor offences committed beside those intended at zero perceived detection."""
    if not c.have("offences", "adults"):
        return None
    lines = {"committed": c.yearly("offences", 1000)}
    committed = c.total("offences")
    caption = f"Citizens commit {committed:,} minor offences."
    if c.have("would_offences"):
        lines["intended at zero perceived detection"] = c.yearly("would_offences", 1000)
        intended = c.total("would_offences")
        caption = (
            f"Perceived detection deters {share_text(intended - committed, intended)} of intended "
            f"minor offences; citizens commit {committed:,}."
        )
    finding = ""
    if c.have("would_offences") and not too_few(min(intended - committed, committed)):
        share = ratio(np.float64(intended - committed), np.float64(intended))
        finding = f"Perceived detection deters {percent_text(float(share))} of minor offences"
    title = "Minor offences, committed and intended"
    unit = "minor offences per 1,000 adults a year"
    return Series("offences", title, caption, unit, False, c.months, lines, finding=finding)


def defaults(c: Counts) -> Series | None:
    """Adults who are at least three instalments behind."""
    if not c.have("in_default", "adults"):
        return None
    part = ratio(c.by_month(c.daily("in_default")), c.by_month(c.daily("adults")))
    if np.isnan(part).all():
        return None
    days = c.by_month(np.ones(c.days.size, np.int64))
    levels = [
        (c.by_month(c.daily("in_default"))[k] / days[k], c.by_month(c.daily("adults"))[k] / days[k])
        for k in np.flatnonzero(~np.isnan(part))[[0, -1]]
    ]
    first, last = (level_text(*level) for level in levels)
    caption = f"{first} adults are in default in the first month, and {last} in the last."
    caption = caption.replace("% adults", "% of adults")
    title = "Adults in default"
    lines = {"in default": part}
    finding = f"{last} of adults are in default in the last month"
    if too_few(levels[-1][0]):
        finding = ""
    return Series("defaults", title, caption, "share of adults", True, c.months, lines,
                  finding=finding)  # fmt: skip


def support(c: Counts) -> Series | None:
    """Support for the system, among all adults and among those who know of penalties."""
    if not c.have("support_sum", "knowing", "knowing_support_sum", "adults"):
        return None
    everyone = OF_100 * c.level("support_sum")
    if not everyone.size:
        return None
    knowing = OF_100 * c.level("knowing_support_sum", "knowing")
    lines = {"all adults": everyone}
    caption = f"At the end mean support is {number_text(everyone[-1])} of 100"
    if np.isnan(knowing).all():
        caption += "; nobody knows of a penalty."
    else:
        lines["adults who know of penalties"] = knowing
        many = c.level("knowing")[-1]
        few = too_few(c.daily("knowing")[c.ends][-1], what="adults")
        among = f"{number_text(knowing[-1])} among the {percent_text(many)} of adults who know"
        if many and few:
            caption += f"; those who know of penalties are not compared: {few}."
        elif many:
            caption += f", and {among} of penalties."
        else:
            caption += "; nobody knows of a penalty any more."
    finding = f"Support ends at {number_text(everyone[-1])} of 100"
    if len(lines) > 1 and many and not few:
        finding += f", at {number_text(knowing[-1])} among those who know of penalties"
    title = "Support for the system, by knowledge of penalties"
    return Series("support", title, caption, "mean, of 100", False, c.days[c.ends], lines,
                  finding=finding)  # fmt: skip


def trust(c: Counts) -> Series | None:
    """Trust in other people, a stated goal, beside the perceived risk of expression."""
    names = {"trust_sum": "trust in other people", "risk_sum": "perceived risk of expression"}
    if not c.have("adults", *names):
        return None
    lines = {label: OF_100 * c.level(name) for name, label in names.items()}
    if not c.ends.size:
        return None
    (trust_before, trust_after), (risk_before, risk_after) = (
        (number_text(line[0]), number_text(line[-1])) for line in lines.values()
    )
    caption = (
        f"From the first month to the last, trust changes from {trust_before} to {trust_after} of "
        f"100 (50 is the resting level), and perceived risk from {risk_before} to {risk_after}."
    )
    finding = f"Trust goes from {trust_before} to {trust_after} of 100"
    title = "Trust in other people, and perceived risk of expression"
    return Series("trust", title, caption, "mean, of 100", False, c.days[c.ends], lines,
                  finding=finding)  # fmt: skip
