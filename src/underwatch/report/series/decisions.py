"""Decisions about people, and the wrongful ones among them."""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from underwatch.measurement.estimates import MIN_EVENTS, TOO_FEW, too_few
from underwatch.report.few import beside, poisson_interval
from underwatch.report.numbers import format_interval
from underwatch.report.series.counts import (
    YEAR_DAYS,
    Counts,
    Series,
    level_text,
    percent_text,
    ratio,
    share_text,
)


def restricted(c: Counts) -> Series | None:
    """Adults under at least one restriction, by day."""
    if not c.have("restricted", "adults"):
        return None
    part = ratio(c.daily("restricted"), c.adults)
    if np.isnan(part).all():
        return None
    most, counts = int(np.nanargmax(part)), c.daily("restricted")
    last, highest = (level_text(counts[day], c.adults[day]) for day in (-1, most))
    caption = (
        f"On the last day {last} adults are under at least one restriction; the maximum is "
        f"{highest}, on {c.days[most]}."
    ).replace("% adults", "% of adults")
    if not part[most]:
        caption = "Nobody is ever under a restriction."
    few = too_few(counts[-1])
    finding = "" if few else f"{last} of adults are under restrictions on the last day"
    if not part[most]:
        finding = "Nobody is under restrictions"
    title = "Adults under restrictions"
    lines = {"restricted": part}
    return Series("restricted", title, caption, "share of adults", True, c.days, lines,
                  finding=finding)  # fmt: skip


def wrongful(c: Counts) -> Series | None:
    """Restrictions with no act of the person's own, and those because of association only."""
    names = {"wrongful": "no act of the person's own", "association_only": "association only"}
    if not c.have("imposed", "adults", *names):
        return None
    imposed = c.total("imposed")
    parts = [share_text(c.total(name), imposed) for name in names]
    caption = "No restriction is imposed."
    if imposed:
        caption = (
            f"Of the restrictions imposed, {parts[0]} have no true record of the person's own "
            f"among their reasons, and {parts[1]} follow from association only."
        )
    finding = _share(c.total("wrongful"), imposed, "of restrictions are wrongful")
    if not imposed:
        finding = "No restriction is imposed"
    title = "Wrongful restrictions (no act of the person's own)"
    # Months with a few events each would be noise; years have an interval of their counts.
    x, lines, bands, when = _rates(c, names)
    unit = f"restrictions per 100,000 adults a year{when}"
    return Series("wrongful", title, caption, unit, False, x, lines, finding=finding,
                  bands=bands)  # fmt: skip


def _share(part: int, whole: int, text: str) -> str:
    """A title that states a share; none of few events."""
    events = min(part, whole - part)
    return "" if events < MIN_EVENTS else f"{percent_text(part / whole, events)} {text}"


class _Rates(NamedTuple):
    """Rates by label with their intervals, and what their unit says of time."""

    x: np.ndarray
    lines: dict[str, np.ndarray]
    bands: dict[str, tuple[np.ndarray, np.ndarray]] | None
    when: str


def _rates(c: Counts, names: dict[str, str]) -> _Rates:
    """Rates per 100,000 adults a year, by month; where months have few events, by year.

    Years have Poisson intervals. names: label of each tally, the one with most events first.
    """
    if c.months.size <= 24 or c.total(next(iter(names))) >= MIN_EVENTS * c.months.size:
        monthly = {label: c.yearly(name, 100_000) for name, label in names.items()}
        return _Rates(c.months, monthly, None, "")
    x, first = np.unique(c.days.astype("datetime64[Y]"), return_index=True)
    years = np.add.reduceat(c.adults, first) / YEAR_DAYS
    counts = {label: np.add.reduceat(c.daily(name), first) for name, label in names.items()}
    lines = {label: ratio(made, years) * 100_000 for label, made in counts.items()}
    bands = {
        label: tuple(ratio(end, years) * 100_000 for end in poisson_interval(made))
        for label, made in counts.items()
    }
    return _Rates(x.astype("datetime64[D]"), lines, bands, ", by calendar year")


def groups(c: Counts) -> Series | None:
    """The rate of wrongful restrictions in each group, with 95 % intervals."""
    if not c.have("wrongful_by_month", "adults_by_month", "adults"):
        return None
    labels, cases = c.split("wrongful", "group")
    _, people = c.split("adults", "group")
    if not people.sum():
        return None
    cases, people = cases.sum(0), np.nansum(people, 0)
    # Levels are measured on fewer days than flows, so they give only the groups' shares.
    years = people / people.sum() * c.adults.sum() / YEAR_DAYS
    rate = ratio(cases, years) * 100_000
    low, high = (ratio(end, years) * 100_000 for end in poisson_interval(cases))
    title = "Wrongful restrictions (no act of the person's own), by group"
    unit = "wrongful restrictions per 100,000 adults a year"
    caption = compared(labels, cases, rate)
    finding = "" if TOO_FEW in caption else "No group is distinguished in wrongful restrictions"
    if caption.startswith("Wrongful restrictions fall"):
        finding = caption.partition(" times as often")[0] + " times as often"
    return Series(
        "groups", title, caption, unit, False, np.array([f"group {x}" for x in labels]),
        {"wrongful": rate}, across="Group", spans=(low, high), finding=finding,
    )  # fmt: skip


def compared(labels: np.ndarray, cases: np.ndarray, rate: np.ndarray) -> str:
    """A sentence on the groups with the highest and the lowest rate, if there are enough events.

    These two are chosen because they differ most, so their interval is that of all pairs of
    groups at once (Bonferroni). Events count as independent of each other.
    """
    if not cases.sum():
        return "No restriction is wrongful."
    most, least = int(np.argmax(rate)), int(np.argmin(rate))
    events = int(cases[most]), int(cases[least])
    if len(labels) < 2:
        return f"{events[0]:,} restrictions are wrongful."
    if note := too_few(*events):
        return f"Groups {labels[most]} and {labels[least]} are not compared: {beside(note)}."
    times = rate[most] / rate[least]
    pairs = len(labels) * (len(labels) - 1) // 2
    z = NormalDist().inv_cdf(1 - 0.025 / pairs)
    factor = np.exp(z * np.sqrt(1 / events[0] + 1 / events[1]))
    text = format_interval(times, times / factor, times * factor).replace(" (", " times as often (")
    if pairs > 1:
        text = text.replace("95 % interval", f"95 % interval for all {pairs} pairs of groups")
    verb = "fall" if times > factor else "do not differ beyond chance: they fall"
    return (
        f"Wrongful restrictions {verb} on group {labels[most]} {text} as on group "
        f"{labels[least]}; {events[0]:,} and {events[1]:,} events."
    )


def alerts(c: Counts) -> Series | None:
    """Watch-list alerts, and those that are true."""
    names = {"alerts": "all alerts", "true_alerts": "true alerts"}
    if not c.have("adults", *names):
        return None
    total = c.total("alerts")
    if 0 < total < MIN_EVENTS:
        return None
    caption = "There is no alert."
    if total:
        true = share_text(c.total("true_alerts"), total)
        caption = f"Of the alerts, {true} concern a person who is on the watch list."
    finding = "There is no watch-list alert"
    if total:
        finding = _share(c.total("true_alerts"), total, "of alerts are for people on the list")
    title = "Watch-list alerts, all and true"
    x, lines, bands, when = _rates(c, names)
    unit = f"alerts per 100,000 adults a year{when}"
    return Series("alerts", title, caption, unit, False, x, lines, finding=finding, bands=bands)


def appeals(c: Counts) -> Series | None:
    """Appeals that are filed, heard and upheld."""
    names = {"appeals_filed": "filed", "appeals_heard": "heard", "appeals_upheld": "upheld"}
    if not c.have("adults", *names):
        return None
    filed, heard, upheld = (c.total(name) for name in names)
    if filed < MIN_EVENTS:
        return None  # the table has the counts; a line through so few says nothing
    caption = (
        f"Citizens file {filed:,} appeals, of which {heard:,} are heard and {upheld:,} upheld."
    )
    finding = _share(upheld, filed, "of appeals are upheld") if filed else "Nobody appeals"
    title = "Appeals filed, heard and upheld"
    x, lines, bands, when = _rates(c, names)
    unit = f"appeals per 100,000 adults a year{when}"
    return Series("appeals", title, caption, unit, False, x, lines, finding=finding, bands=bands)
