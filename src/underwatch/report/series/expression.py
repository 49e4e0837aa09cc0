"""Lawful expression, and the ties through which it travels."""

import numpy as np

from underwatch.measurement.estimates import MIN_EVENTS, too_few
from underwatch.measurement.tallies import in_order
from underwatch.report.few import beside, in_cell
from underwatch.report.series.counts import Counts, Series, percent_text, ratio, share_text


def chilled(c: Counts) -> Series | None:
    """Critical posts withheld because of perceived risk, by conviction.

    One kind of act only: citizens of different conviction intend different kinds of acts, so
    that shares of all acts would compare unlike things.
    """
    names = ("posts", "would_posts", "chilled_acts", "would_acts")
    if not c.have(*names, "posts_by_month", "would_posts_by_month"):
        return None
    labels, made = c.split("posts", "conviction")
    _, intended = c.split("would_posts", "conviction")
    months = c.tallies["month"].values.astype("datetime64[D]")
    unit = "share of intended posts"
    # Where a month has a few posts, its share would be noise.
    if months.size > 24 and intended.mean(0).min() < 4 * MIN_EVENTS:
        months, first = np.unique(months.astype("datetime64[Y]"), return_index=True)
        made, intended = (np.add.reduceat(each, first) for each in (made, intended))
        months, unit = months.astype("datetime64[D]"), f"{unit}, by calendar year"
    shares = ratio(intended - made, intended).T
    by_label = [*zip(labels, (intended - made).sum(0), intended.sum(0), strict=True)]
    parts = (f"{label} {_percent_of(part, whole)}" for label, part, whole in by_label)
    # A line that rests on too few events is named in the caption, and not drawn.
    lines = {
        label: line
        for (label, part, whole), line in zip(by_label, shares, strict=True)
        if not too_few(min(part, whole - part))
    }
    if not lines:
        lines = {"all citizens": ratio((intended - made).sum(1), intended.sum(1))}
    over_all = share_text(c.total("chilled_acts"), c.total("would_acts"))
    caption = (
        f"Over the whole run citizens withhold {over_all} of intended lawful acts of expression "
        f"because of perceived risk; of critical posts: {', '.join(parts)}."
    )
    critical = list(labels).index("critical") if "critical" in labels else 0
    whole, part = intended.sum(0)[critical], (intended - made).sum(0)[critical]
    finding = ""
    if whole and not too_few(min(part, whole - part)):
        finding = f"Critics withhold {_percent_of(part, whole)} of the critical posts they intend"
    title = "Critical posts withheld because of perceived risk, by opinion of the state"
    return Series("chilled", title, caption, unit, True, months, lines,
                  finding=finding)  # fmt: skip


def _percent_of(part: float, whole: float) -> str:
    """A share that stands beside those of other groups."""
    if note := too_few(min(part, whole - part)):
        return in_cell(note)
    return percent_text(float(ratio(np.float64(part), np.float64(whole))), int(part) or None)


KINDS = {
    "posts": "critical posts",
    "messages": "private messages",
    "petitions": "petitions",
    "protests": "days of protest",
    "foreign_visits": "visits to foreign sites",
}


def kinds(c: Counts) -> Series | None:
    """The share of each kind of lawful act that is withheld because of perceived risk."""
    if not c.have(*KINDS, *(f"would_{kind}" for kind in KINDS)):
        return None
    intended = np.array([c.total(f"would_{kind}") for kind in KINDS])
    done = np.array([c.total(kind) for kind in KINDS])
    known = intended > 0  # a kind that nobody intended has no share
    if not known.any():
        return None
    withheld_of = intended - done
    rare = known & (withheld_of > 0) & (withheld_of < MIN_EVENTS)
    known &= ~rare if (known & ~rare).any() else True  # too few events: named, and not drawn
    labels = np.array([*KINDS.values()])[known]
    held = ratio(withheld_of, intended)[known]
    counts = [*zip(withheld_of[known], intended[known], strict=True)]
    most, least = int(held.argmax()), int(held.argmin())
    caption = "No lawful act of any of these kinds is withheld."
    if held.any():
        few = len(labels) > 1 and too_few(counts[most][0], counts[least][0])
        if few:
            withheld = int((intended - done).sum())
            caption = f"Perceived risk withholds {share_text(withheld, int(intended.sum()))} of all"
            caption += f"; {labels[most]} and {labels[least]} are not compared: {beside(few)}"
        else:
            caption = (
                f"Perceived risk withholds {share_text(*map(int, counts[most]))} of {labels[most]}"
            )
            if len(labels) > 1:
                caption += f" and {share_text(*map(int, counts[least]))} of {labels[least]}"
        rest = [
            f"{name}: {in_cell(too_few(count))}"
            for name, count, other in zip(KINDS.values(), withheld_of, known, strict=True)
            if count and not other
        ]
        caption += f"{''.join(f'; {each}' for each in rest)}."
    finding = ""
    if held.any() and not few and counts[most][0] >= MIN_EVENTS:
        share = percent_text(held[most], int(counts[most][0]))
        finding = f"Perceived risk withholds {share} of {labels[most]}"
    title = "Lawful acts withheld because of perceived risk, by kind"
    unit = "share of intended acts"
    lines = {"withheld": held}
    return Series("kinds", title, caption, unit, True, labels, lines, across="Kind of act",
                  finding=finding)  # fmt: skip


def ties(c: Counts) -> Series | None:
    """Ties that critics lose, beside those of others of the same group, age and place."""
    if not c.have("ties_open_by_month", "adults_by_month"):
        return None
    layers = ("month", "group", "age", "place", "conviction")
    kept, adults = (
        np.nan_to_num(in_order(c.tallies[f"{name}_by_month"], *layers))
        for name in ("ties_open", "adults")
    )
    critics = c.tallies["conviction"].values == "critical"
    theirs, weight = (x[..., critics].sum(-1) for x in (kept, adults))
    alike, many = (x[..., ~critics].sum(-1) for x in (kept, adults))
    both = (weight > 0) & (many > 0)  # where there are critics and matched others
    people = (weight * both).sum((1, 2, 3))
    known = people > 0
    if known.sum() < 2:  # one month has nothing to be compared with
        return None

    def course(of_each: np.ndarray) -> np.ndarray:
        mean = ratio(np.where(both, of_each, 0).sum((1, 2, 3)), people)[known]
        return ratio(mean, np.full_like(mean, mean[0])) - 1

    lines = {
        "critics": course(theirs),
        "others of the same group, age and place": course(ratio(alike, many) * weight),
    }
    critic, other = (_change(line[-1]) for line in lines.values())
    last = np.flatnonzero(known)[-1]
    few = too_few(people[last], (many * both)[last].sum(), what="adults")
    caption = (
        f"From the first month to the last critics {critic} of their ties outside the household, "
        f"and others of the same group, age and place {other}."
        if not few
        else f"Critics and others are not compared: {few}."
    )
    finding = f"Critics {critic} of their ties, matched others {other}" if not few else ""
    title = "Change in the ties of critics and of matched others"
    unit = "change in ties per adult since the first month"
    months = c.tallies["month"].values.astype("datetime64[D]")[known]
    return Series("ties", title, caption, unit, True, months, lines, finding=finding)


def _change(change: float) -> str:
    if abs(change) < 1e-9:
        return "lose none"
    return f"{'gain' if change > 0 else 'lose'} {percent_text(abs(change))}"
