"""What people lawfully say, and with whom they still talk."""

import numpy as np

from underwatch.report.series.counts import Counts, Series, ratio, share


def chilled(c: Counts) -> Series | None:
    """Critical posts never written, of those wished, by conviction.

    Of one kind of act alone: who thinks otherwise wishes for other acts, so that
    shares of all acts would compare unlike things.
    """
    names = ("posts", "would_posts", "chilled_acts", "would_acts")
    if not c.have(*names, "posts_by_month", "would_posts_by_month"):
        return None
    labels, written = c.split("posts", "conviction")
    _, wished = c.split("would_posts", "conviction")
    lines = dict(zip(labels, ratio(wished - written, wished).T, strict=True))
    each = ratio((wished - written).sum(0), wished.sum(0))
    parts = (f"{label} {share(x)}" for label, x in zip(labels, each, strict=True))
    over_all = share(float(ratio(c.total("chilled_acts"), c.total("would_acts"))))
    says = (
        f"Over the whole run {over_all} of all lawful acts of expression were never done; of "
        f"critical posts ({', '.join(parts)})."
    )
    title = "How many critical posts were never written, by what people think of the state"
    months = c.tallies["month"].values.astype("datetime64[D]")
    return Series("chilled", title, says, "share of posts never written", True, months, lines)


KINDS = {
    "posts": "critical posts",
    "messages": "private messages",
    "petitions": "petitions",
    "protests": "days of protest",
    "foreign_visits": "visits to foreign sites",
}


def kinds(c: Counts) -> Series | None:
    """Each kind of lawful act: the share of it that was never done."""
    if not c.have(*KINDS, *(f"would_{kind}" for kind in KINDS)):
        return None
    wished = np.array([c.total(f"would_{kind}") for kind in KINDS])
    done = np.array([c.total(kind) for kind in KINDS])
    wanted = wished > 0  # of what nobody wished to do no share can be told
    if not wanted.any():
        return None
    labels = np.array([*KINDS.values()])[wanted]
    held = ratio(wished - done, wished)[wanted]
    most, least = held.argmax(), held.argmin()
    says = "No lawful act of any of these kinds was held back."
    if held.any():
        says = (
            f"Held back most were {labels[most]}, of which {share(held[most])} were never done, "
            f"and least {labels[least]}, {share(held[least])}."
        )
    title = "Which kinds of lawful acts were held back"
    unit = "share of lawful acts never done"
    lines = {"never done": held}
    return Series("kinds", title, says, unit, True, labels, lines, across="Kind of act")


def ties(c: Counts) -> Series | None:
    """Ties that critics lost, beside those that people otherwise like them lost."""
    if not c.have("ties_open_by_month", "adults_by_month"):
        return None
    layers = ("month", "group", "age", "place")
    kept, adults = (c.tallies[f"{name}_by_month"] for name in ("ties_open", "adults"))
    critics, others = {"conviction": "critical"}, {"conviction": ["loyal", "in between"]}
    theirs, weight = (x.sel(critics).transpose(*layers).values for x in (kept, adults))
    alike, many = (
        x.sel(others).sum("conviction").transpose(*layers).values for x in (kept, adults)
    )
    both = (weight > 0) & (many > 0)  # where there are critics and others like them
    people = (weight * both).sum((1, 2, 3))
    told = people > 0
    if told.sum() < 2:  # one month has nothing to be compared with
        return None

    def course(of_each: np.ndarray) -> np.ndarray:
        mean = ratio(np.where(both, of_each, 0).sum((1, 2, 3)), people)[told]
        return ratio(mean, np.full_like(mean, mean[0])) - 1

    lines = {
        "critics": course(theirs),
        "others alike in group, age and place": course(ratio(alike, many) * weight),
    }
    critic, other = (_lost(line[-1]) for line in lines.values())
    says = (
        f"From the first month to the last critics {critic} of their ties outside the household, "
        f"and others of the same group, age and place {other}."
    )
    title = "How the circles of critics changed, beside those of others like them"
    unit = "change in ties an adult since the first month"
    months = c.tallies["month"].values.astype("datetime64[D]")[told]
    return Series("ties", title, says, unit, True, months, lines)


def _lost(change: float) -> str:
    if abs(change) < 1e-9:
        return "lost none"
    return f"{'gained' if change > 0 else 'lost'} {share(abs(change))}"
