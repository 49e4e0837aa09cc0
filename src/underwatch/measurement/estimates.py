"""From tallies to the figures of a summary: totals, shares, rates and indices.

Each function gives an Estimate: a value, the number of events that it rests on, and, where the
value is not defined, why.
"""

from typing import NamedTuple

import numpy as np

from underwatch.measurement.catalogue import LAYERS, MEASURES
from underwatch.measurement.tallies import TallyTable, at_label, in_order, summed

YEAR_DAYS = 365.25
MIN_EVENTS = 30  # in each of two cells that are compared
TOO_FEW = "too few"  # how the note of what rests on too few events begins
_SERVERS = {"court": "courts", "police": "police", "appeal": "appeal courts", "review": "reviewers"}
OF_100 = 100 / 255  # attitudes are kept in bytes


class Estimate(NamedTuple):
    """A value and what it rests on.

    events: how many events were counted; None where the value does not rest on events.
    note: why the value is None.
    """

    value: float | int | None
    events: int | None = None
    note: str = ""


def too_few(*events: float | None, what: str = "events") -> str:
    """Why cells are not compared by a ratio or ranked; empty if each has enough events.

    events: of each cell; None where its value does not rest on events, as that of an attitude.

    Examples
    --------
    >>> too_few(3, 10), too_few(300, 100), too_few(None, 10)
    ('too few events (3 and 10)', '', 'too few events (10)')
    """
    known = [int(count) for count in events if count is not None]
    if not known or min(known) >= MIN_EVENTS:
        return ""
    *most, last = (f"{count:,}" for count in known)
    listed = f"{', '.join(most)} and {last}" if most else last
    return f"{TOO_FEW} {what} ({listed})"


class Totals:
    """Totals, last days, shares and rates of one run's tallies."""

    def __init__(self, tallies: TallyTable):
        self.tallies = tallies
        # Plain arrays: a hundred sums through xarray take longer than a tenth of a small run.
        by_name = {name: tallies.variables[name] for name in tallies.data_vars}
        days = {name: one.values for name, one in by_name.items() if one.dims == ("day",)}
        self.total = {name: int(counts.sum()) for name, counts in days.items()}
        self.last = {name: int(counts[-1]) for name, counts in days.items()}
        self.years = self.total["adults"] / YEAR_DAYS
        self.restricted_years = self.total["restricted"] / YEAR_DAYS

    def count(self, name: str) -> Estimate:
        """A total over the run."""
        return Estimate(self.total[name], self.total[name])

    def person_days(self, name: str, begun: str) -> Estimate:
        """A total of person-days; the days of one event are not independent of each other."""
        return Estimate(self.total[name], self.total[begun])

    def of(self, part: str, whole: str, times: float = 100, *more: str) -> Estimate:
        """One total, or the sum of several, as a share of another; with times = 1 a mean."""
        parts = sum(self.total[name] for name in (part, *more))
        found = _share(parts, self.total[whole], times, whole)
        return found._replace(events=self.total[whole]) if times == 1 else found

    def missing(self, done: str, intended: str) -> Estimate:
        """The share of intended acts that were not done."""
        return _share(self.total[intended] - self.total[done], self.total[intended], 100, intended)

    def a_year(self, part: str, people: int = 1000) -> Estimate:
        """A total per so many adults and year."""
        count = self.total[part]
        return Estimate(share(count, self.years, people), count, _lacking("adults", self.years))

    def restricted_a_year(self, part: str) -> Estimate:
        """A total per restricted adult and year."""
        years, count = self.restricted_years, self.total[part]
        return Estimate(share(count, years, 1), count, _lacking("restricted", years))

    def at_end(self, part: str, whole: str = "adults", times: float = 100) -> Estimate:
        """A last day's level as a share of another."""
        found = _share(self.last[part], self.last[whole], times, whole)
        counted = MEASURES[part].unit == MEASURES[whole].unit
        return found if counted else found._replace(events=None)


def share(part: float, whole: float, times: float = 100) -> float | None:
    """A part of a whole, in hundredths; None of nothing."""
    return round(times * part / whole, 4) if whole else None


def _share(part: int, whole: int, times: float, name: str) -> Estimate:
    """A share of the measure `name`, which rests on the rarer of its two outcomes."""
    events = min(part, whole - part) if whole and part <= whole else None
    return Estimate(share(part, whole, times), events, _lacking(name, whole))


def _lacking(name: str, whole: float) -> str:
    """Why nothing can be divided by a measure."""
    label = MEASURES[name].label
    return "" if whole else f"no {label[0].lower()}{label[1:]}"


def default_rate(t: Totals) -> Estimate:
    """Defaults by borrower-years; one instalment stands for thirty days."""
    count, due = t.total["defaults"], t.total["instalments_due"]
    return Estimate(share(count, due * 30 / YEAR_DAYS), count, _lacking("instalments_due", due))


def support_of_unknowing(t: Totals) -> Estimate:
    """Support among those who know of no penalty."""
    others = t.last["adults"] - t.last["knowing"]
    value = share(t.last["support_sum"] - t.last["knowing_support_sum"], others, OF_100)
    return Estimate(value, None, "" if others else "every adult knows of penalties")


def expression_gap(t: Totals) -> Estimate:
    """Wasserstein distance between private opinions and those of the posts seen, of 100."""
    private = t.tallies["private_opinions"].values[-1].astype(float)
    expressed = t.tallies["expressed_opinions"].values.sum(0).astype(float)
    if not private.sum() or not expressed.sum():
        return Estimate(None, None, "no critical posts that contacts saw")
    steps = np.abs(np.cumsum(private / private.sum()) - np.cumsum(expressed / expressed.sum()))
    return Estimate(round(100 * float(steps[:-1].sum()) / len(steps), 4), int(expressed.sum()))


def cohort_opinion(t: Totals, cohort: str) -> Estimate:
    """The mean private opinion of a cohort on the last evening, of 100."""
    people = at_label(t.tallies, "private_by_cohort", "cohort", cohort)
    if note := too_few(int(people.sum()), what="people"):
        return Estimate(None, None, note)
    return Estimate(round(float(np.average(np.arange(256), weights=people)) * OF_100, 4))


def cohort_expressed(t: Totals, cohort: str) -> Estimate:
    """The mean opinion of a cohort's critical posts that contacts saw, of 100."""
    posts = at_label(t.tallies, "expressed_by_cohort", "cohort", cohort)
    count = int(posts.sum())
    if note := too_few(count, what="posts"):
        return Estimate(None, count, note)
    middle = (np.arange(posts.size) + 0.5) / posts.size
    return Estimate(round(100 * float(np.average(middle, weights=posts)), 4), count)


def diversity(t: Totals) -> Estimate:
    """Shannon entropy of the opinions of posts seen, as a share of its maximum."""
    expressed = t.tallies["expressed_opinions"].values.sum(0).astype(float)
    if not expressed.sum():
        return Estimate(None, None, "no critical posts that contacts saw")
    p = expressed[expressed > 0] / expressed.sum()
    value = round(100 * float(-(p * np.log(p)).sum() / np.log(expressed.size)), 4)
    return Estimate(value, int(expressed.sum()))


def at_capacity(t: Totals, queue: str) -> Estimate:
    """Days on which a queue was at capacity, in percent; a mean over districts."""
    days = at_label(t.tallies, "queue_at_capacity", "queue", queue)
    return Estimate(share(float(days.sum()), days.size))


def limit(t: Totals, queue: str) -> str:
    """On how many days a queue was at capacity, in words; empty if on none."""
    days = at_label(t.tallies, "queue_at_capacity", "queue", queue)
    full = round(float(days.sum()))
    return f"{_SERVERS[queue]} at capacity on {full:,} of {days.size:,} days" if full else ""


def group_ratio(tallies: TallyTable, name: str) -> Estimate:
    """How many times as often something happens to the group most affected as to the least."""
    cases = summed(tallies[f"{name}_by_month"], "group")
    people = summed(tallies["adults_by_month"], "group")
    known = people > 0
    if known.sum() < 2:
        return Estimate(None, None, "fewer than two groups with adults")
    cases, rates = cases[known], cases[known] / people[known]
    most, least = int(rates.argmax()), int(rates.argmin())
    events = int(cases[most]), int(cases[least])
    if note := too_few(*events):
        return Estimate(None, min(events), note)
    return Estimate(round(float(rates[most] / rates[least]), 4), min(events))


def ties_lost(t: Totals) -> Estimate:
    """By how much ties decreased since the first day, in percent; negative if they increased."""
    first = int(t.tallies["ties_open"].values[0])
    return _share(first - t.last["ties_open"], first, 100, "ties_open")


def critics_degree(tallies: TallyTable, month: int = -1) -> float | None:
    """Ties of critics in percent of those of others, matched by group, age and place.

    month: its index. A month that ends before its first measurement of levels has none of its
    own; the last measurement before it stands for it, and without one the value is None.
    """
    return _matched(tallies, month).value


def _matched(tallies: TallyTable, month: int = -1) -> Estimate:
    """See `critics_degree`; too few critics, or too few others, are not compared."""
    nobody = "no critics with matched others"
    ties, adults = (
        in_order(tallies[f"{name}_by_month"], "month", *LAYERS).astype(float)
        for name in ("ties_open", "adults")
    )
    end = range(len(adults))[month] + 1
    measured = np.flatnonzero(np.nan_to_num(adults[:end]).sum((1, 2, 3, 4)))
    if not measured.size:
        return Estimate(None, None, nobody)
    ties, adults = ties[measured[-1]], adults[measured[-1]]
    critic = LAYERS["conviction"].index("critical")
    many = np.delete(adults, critic, -1).sum(-1)
    matched = np.divide(
        np.delete(ties, critic, -1).sum(-1), many, out=np.zeros_like(many), where=many > 0
    )
    value = share(float(ties[..., critic].sum()), float((matched * adults[..., critic]).sum()))
    people = float(adults[..., critic].sum()), float(many[adults[..., critic] > 0].sum())
    if value is None or not people[0]:
        return Estimate(None, None, nobody)
    note = too_few(*people, what="adults")
    return Estimate(None if note else value, int(min(people)), note)


def matched_degree(t: Totals) -> Estimate:
    """Ties of critics relative to matched others, in the last month with a measurement."""
    return _matched(t.tallies)


def never_restricted(t: Totals) -> Estimate:
    """Adults with no day under restriction."""
    days = t.tallies["adults_by_days_restricted"].values
    return _share(int(days[0]), int(days.sum()), 100, "adults")


def concentration(t: Totals) -> Estimate:
    """Person-days under restriction of the most burdened hundredth of adults, in percent."""
    total, imposed = t.total["restricted"], t.total["imposed"]
    value = share(int(t.tallies["days_of_most_burdened"].values), total)
    if total and (note := too_few(imposed)):  # of so few, the most burdened bear everything
        return Estimate(None, imposed, note)
    return Estimate(value, imposed, _lacking("restricted", total))


def score_assortativity(t: Totals) -> Estimate:
    """The correlation of scores over ties, if scores differ."""
    value = float(t.tallies["score_assortativity"].values)
    if np.isnan(value):
        return Estimate(None, None, "no ties between adults with different scores")
    return Estimate(round(value, 4))


def shorrocks(moves: np.ndarray) -> float | None:
    """(k − trace of the transition matrix) / (k − 1), over the classes that anybody is in."""
    peopled = moves.sum(1) > 0
    k = int(peopled.sum())
    if k < 2:
        return None
    stay = np.diagonal(moves)[peopled] / moves.sum(1)[peopled]
    return round(float((k - stay.sum()) / (k - 1)), 4)


def mobility(t: Totals) -> Estimate:
    """The Shorrocks index of the run's transitions from year to year."""
    value = shorrocks(_moves(t))
    note = "" if value is not None else "fewer than two score classes a year apart"
    return Estimate(value, None, note)


def years_below(t: Totals) -> Estimate:
    """1 / (1 − the share who are still below the threshold a year later)."""
    moves = _moves(t)
    inside = moves[0].sum()
    left = int(inside - moves[0, 0])
    if not left:
        return Estimate(None, None, "nobody left the lowest class in a year")
    if note := too_few(left, inside, what="people"):
        return Estimate(None, left, note)
    return Estimate(round(float(inside / left), 4), left)


def _moves(t: Totals) -> np.ndarray:
    return t.tallies["class_moves"].values.sum(0)
