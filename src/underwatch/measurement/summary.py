"""What a run came to, one line per measure: benefits as plainly as harms."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import xarray as xr


class SummaryLine(NamedTuple):
    """One figure of a run; `value` is None where it cannot be told.

    `kind` is one of "stated goal", "expression", "error", "association",
    "burden", "trap", "reach" and "account"; "others" in a summary of another version.
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    kind: str


class Totals:
    """A run's totals, last days and shares, for the lines below."""

    def __init__(self, tallies: "xr.Dataset"):
        self.tallies = tallies
        days = [name for name, counts in tallies.data_vars.items() if counts.dims == ("day",)]
        self.total = {name: int(tallies[name].sum()) for name in days}
        self.last = {name: int(tallies[name][-1]) for name in days}
        self.years = self.total["adults"] / 365.25
        self.restricted_years = self.total["restricted"] / 365.25

    def of(self, part: str, whole: str, times: float = 100, *more: str):
        """One total, or the sum of several, as a share of another."""
        return share(sum(self.total[name] for name in (part, *more)), self.total[whole], times)

    def missing(self, done: str, wished: str):
        """The share of wished acts that were not done."""
        return share(self.total[wished] - self.total[done], self.total[wished])

    def a_year(self, part: str, people: int = 1000):
        """A total per so many adults and year."""
        return share(self.total[part], self.years, people)

    def restricted_a_year(self, part: str):
        """A total per restricted adult and year."""
        return share(self.total[part], self.restricted_years, 1)

    def at_end(self, part: str, whole: str = "adults", times: float = 100):
        """A last day's level as a share of another."""
        return share(self.last[part], self.last[whole], times)


def share(part: float, whole: float, times: float = 100) -> float | None:
    """A part of a whole, in hundredths; None of nothing."""
    return round(times * part / whole, 4) if whole else None


def default_rate(t: Totals):
    """Defaults by borrowers' years; one instalment is thirty days."""
    return share(t.total["defaults"], t.total["instalments_due"] * 30 / 365.25)


def support_of_unknowing(t: Totals):
    """Support among those who know of no penalty."""
    return share(
        t.last["support_sum"] - t.last["knowing_support_sum"],
        t.last["adults"] - t.last["knowing"], 100 / 255,
    )  # fmt: skip


def expression_gap(t: Totals) -> float | None:
    """Wasserstein distance between private opinions and those of the posts heard, of 100."""
    private = t.tallies["private_opinions"].values[-1].astype(float)
    expressed = t.tallies["expressed_opinions"].values.sum(0).astype(float)
    if not private.sum() or not expressed.sum():
        return None
    steps = np.abs(np.cumsum(private / private.sum()) - np.cumsum(expressed / expressed.sum()))
    return round(100 * float(steps[:-1].sum()) / len(steps), 4)


def diversity(t: Totals) -> float | None:
    """Shannon entropy of the opinions of posts heard, as a share of the most it could be."""
    expressed = t.tallies["expressed_opinions"].values.sum(0).astype(float)
    if not expressed.sum():
        return None
    p = expressed[expressed > 0] / expressed.sum()
    return round(100 * float(-(p * np.log(p)).sum() / np.log(expressed.size)), 4)


def group_ratio(tallies: "xr.Dataset", name: str) -> float | None:
    """How many times as often something falls on the group most affected as on the least."""
    cases = tallies[f"{name}_by_month"].sum(["month", "age", "place", "conviction"]).values
    people = tallies["adults_by_month"].sum(["month", "age", "place", "conviction"]).values
    known = people > 0
    if not known.any() or not cases[known].min():
        return None
    rates = cases[known] / people[known]
    return round(float(rates.max() / rates.min()), 4)


def ties_lost(t: Totals) -> float | None:
    """How many of the first day's ties were let go, in hundredths."""
    first = int(t.tallies["ties_open"][0])
    return share(first - t.last["ties_open"], first)


def critics_degree(tallies: "xr.Dataset", month: int = -1) -> float | None:
    """Ties of critics as a share of those of others, matched by group, age and place."""
    ties, adults = (tallies[f"{n}_by_month"].isel(month=month) for n in ("ties_open", "adults"))
    critics, others = {"conviction": "critical"}, {"conviction": ["loyal", "in between"]}
    weight = adults.sel(critics)
    matched = ties.sel(others).sum("conviction") / adults.sel(others).sum("conviction")
    expected = float((matched * weight).sum())
    return share(float(ties.sel(critics).sum()), expected)


def never_restricted(t: Totals) -> float | None:
    """Adults with no day under restriction."""
    days = t.tallies["adults_by_days_restricted"].values
    return share(int(days[0]), int(days.sum()))


def _known(value) -> float | None:
    """A lone figure of the tallies, or None where it cannot be told."""
    return None if np.isnan(value) else round(float(value), 4)


def shorrocks(moves: np.ndarray) -> float | None:
    """(k − trace of the transition matrix) / (k − 1), over the classes that anybody is in."""
    peopled = moves.sum(1) > 0
    k = int(peopled.sum())
    if k < 2:
        return None
    stay = np.diagonal(moves)[peopled] / moves.sum(1)[peopled]
    return round(float((k - stay.sum()) / (k - 1)), 4)


def years_below(moves: np.ndarray) -> float | None:
    """1 / (1 − the share who are still below the line a year later)."""
    inside = moves[0].sum()
    left = inside - moves[0, 0]
    return round(float(inside / left), 4) if left else None


def _moves(t: Totals) -> np.ndarray:
    return t.tallies["class_moves"].values.sum(0)


class Line(NamedTuple):
    """How one line of the summary is made."""

    name: str
    label: str
    unit: str
    value: Callable[[Totals], float | int | None]


_255 = 100 / 255
_YEARLY = "per 1,000 adults a year"
LINES: dict[str, tuple[Line, ...]] = {
    "stated goal": (
        Line("default_rate", "Borrowers falling into default", "% of borrowers a year",
             default_rate),
        Line("repayment", "Instalments paid in time", "%",
             lambda t: t.of("instalments_kept", "instalments_due")),
        Line("offences", "Minor offences", _YEARLY, lambda t: t.a_year("offences")),
        Line("offences_deterred", "Minor offences not committed for fear of detection",
             "% of those wished", lambda t: t.missing("offences", "would_offences")),
        Line("deterred_watched", "… of those wished under a camera", "%",
             lambda t: t.missing("offences_watched", "would_offences_watched")),
        Line("serious_offences", "Serious offences", _YEARLY,
             lambda t: t.a_year("serious_offences")),
        Line("trust", "Generalised trust at the end (50 = at rest)", "of 100",
             lambda t: t.at_end("trust_sum", times=_255)),
        Line("support", "Support for the system at the end", "of 100",
             lambda t: t.at_end("support_sum", times=_255)),
        Line("supporters", "Adults who support it more than not, at the end", "% of adults",
             lambda t: t.at_end("supporters")),
        Line("support_of_knowing", "Support among those who know of penalties", "of 100",
             lambda t: t.at_end("knowing_support_sum", "knowing", _255)),
        Line("support_of_unknowing", "Support among those who do not", "of 100",
             support_of_unknowing),
        Line("privileged", "Adults on the fast lane at the end", "% of adults",
             lambda t: t.at_end("privileged")),
    ),
    "expression": (
        Line("chilled_acts", "Lawful acts of expression not done for the risk perceived", "acts",
             lambda t: t.total["chilled_acts"]),
        Line("chilled_share", "… of the acts people would have done", "%",
             lambda t: t.of("chilled_acts", "would_acts")),
        Line("chilled_posts", "… of posts", "%", lambda t: t.missing("posts", "would_posts")),
        Line("chilled_messages", "… of private messages", "%",
             lambda t: t.missing("messages", "would_messages")),
        Line("chilled_petitions", "… of petitions", "%",
             lambda t: t.missing("petitions", "would_petitions")),
        Line("chilled_protests", "… of days of protest", "%",
             lambda t: t.missing("protests", "would_protests")),
        Line("chilled_foreign_visits", "… of looks abroad", "%",
             lambda t: t.missing("foreign_visits", "would_foreign_visits")),
        Line("posts", "Critical posts made", "posts", lambda t: t.total["posts"]),
        Line("posts_filtered", "… that contacts never saw", "%",
             lambda t: t.of("posts_filtered", "posts", 100, "posts_removed")),
        Line("protests", "Days of protest", _YEARLY, lambda t: t.a_year("protests")),
        Line("reached_abroad", "Looks abroad that reached the source", "%",
             lambda t: t.missing("foreign_visits_blocked", "foreign_visits")),
        Line("perceived_risk", "Perceived risk of speaking at the end", "of 100",
             lambda t: t.at_end("risk_sum", times=_255)),
        Line("opinion", "Private opinion at the end (100 = against the official line)", "of 100",
             lambda t: t.at_end("opinion_sum", times=_255)),
        Line("expression_gap", "Distance between what is thought and what is said", "of 100",
             expression_gap),
        Line("diversity", "Diversity of the opinions said (100 = all alike often)", "of 100",
             diversity),
    ),
    "error": (
        Line("sightings", "Records entered in files", "records",
             lambda t: t.total["true_sightings"] + t.total["false_sightings"]),
        Line("false_sightings", "… that are not of the citizen's own acts", "records",
             lambda t: t.total["false_sightings"]),
        Line("true_news_flagged", "Posts flagged that told true news", "records",
             lambda t: t.total["true_news_flagged"]),
        Line("bystanders", "Passers-by recorded near a protest", "records",
             lambda t: t.total["bystanders"]),
        Line("false_reports", "Lies of neighbours entered", "records",
             lambda t: t.total["false_by_neighbour"]),
        Line("alerts", "Watch-list alerts", "alerts", lambda t: t.total["alerts"]),
        Line("alert_precision", "… on people who are on the list", "%",
             lambda t: t.of("true_alerts", "alerts")),
        Line("wrongful", "Restrictions with no true cause of one's own", "restrictions",
             lambda t: t.total["wrongful"]),
        Line("wrongful_share", "… of the restrictions imposed", "%",
             lambda t: t.of("wrongful", "imposed")),
        Line("wrongful_ratio", "Wrongful restrictions, most to least affected group",
             "times as often", lambda t: group_ratio(t.tallies, "wrongful")),
        Line("wrongful_namings", "People named in public for another's act", "people",
             lambda t: t.total["wrongful_namings"]),
    ),
    "association": (
        Line("association_only", "Restrictions for the company alone", "restrictions",
             lambda t: t.total["association_only"]),
        Line("ties", "Ties outside the household that adults keep at the end", "ties an adult",
             lambda t: t.at_end("ties_open", times=1)),
        Line("ties_lost", "Ties let go since the first day", "%", ties_lost),
        Line("critics_degree", "Critics' ties, beside those of matched others, at the end",
             "% of others'", lambda t: critics_degree(t.tallies)),
        Line("score_assortativity", "Likeness of scores over ties at the end (assortativity)",
             "of 1", lambda t: _known(t.tallies["score_assortativity"])),
    ),
    "burden": (
        Line("imposed", "Restrictions imposed", "restrictions", lambda t: t.total["imposed"]),
        Line("restricted_person_days", "Person-days under restriction", "person-days",
             lambda t: t.total["restricted"]),
        Line("restricted_now", "Adults restricted on the last day", "% of adults",
             lambda t: t.at_end("restricted")),
        Line("never_restricted", "Adults never restricted", "% of adults", never_restricted),
        Line("concentration", "Share of these person-days borne by the most burdened hundredth",
             "%", lambda t: share(int(t.tallies["days_of_most_burdened"]), t.total["restricted"])),
        Line("flights_refused", "Flights refused", "per restricted adult a year",
             lambda t: t.restricted_a_year("flights_refused")),
        Line("trains_refused", "Trains refused", "per restricted adult a year",
             lambda t: t.restricted_a_year("trains_refused")),
        Line("namings", "People named in public", _YEARLY, lambda t: t.a_year("namings")),
        Line("dismissals", "People dismissed because an employer was told", "people",
             lambda t: t.total["dismissals"]),
        Line("stops", "Calls and stops by the police", _YEARLY, lambda t: t.a_year("stops")),
        Line("wrongful_stops", "… without an act of one's own", "% of stops",
             lambda t: t.of("wrongful_stops", "stops")),
        Line("appeals", "Appeals filed", "appeals", lambda t: t.total["appeals_filed"]),
        Line("appeals_upheld", "… that lifted a restriction", "%",
             lambda t: t.of("appeals_upheld", "appeals_filed")),
        Line("days_to_hearing", "Person-days of waiting for each appeal heard", "days",
             lambda t: t.of("appeal_days", "appeals_heard", 1)),
    ),
    "trap": (
        Line("mobility", "Mobility between score classes a year (Shorrocks; 0 none, 1 full)",
             "of 1", lambda t: shorrocks(_moves(t))),
        Line("years_below", "Expected years below the line, once there", "years",
             lambda t: years_below(_moves(t))),
    ),
    "reach": (
        Line("scored", "Adults scored by the state at the end", "% of adults",
             lambda t: t.at_end("scored")),
        Line("members", "Adults in the private score at the end", "% of adults",
             lambda t: t.at_end("members")),
        Line("under_camera", "Public moments under a camera (of offences wished)", "%",
             lambda t: t.of("would_offences_watched", "would_offences")),
        Line("records_held", "Records that a local file holds at the end", "records an adult",
             lambda t: t.at_end("records", times=1)),
        Line("tiers", "Files and copies held about an adult at the end", "of 3",
             lambda t: t.at_end("tiers_with_file", times=1)),
        Line("watched", "Adults on the watch list at the end", "per 1,000 adults",
             lambda t: t.at_end("watched", times=1000)),
        Line("knowing", "Adults who know of the penalties at the end", "% of adults",
             lambda t: t.at_end("knowing")),
    ),
    "account": (
        Line("account", "Restrictions imposed, less ended, less in force (0: the account closes)",
             "restrictions",
             lambda t: t.total["imposed"] - t.total["ended"] - t.last["in_force"]),
    ),
}  # fmt: skip
NAMES = tuple(line.name for lines in LINES.values() for line in lines)


def summarise(tallies: "xr.Dataset") -> list[SummaryLine]:
    """The summary of a whole run."""
    totals = Totals(tallies)
    return [
        SummaryLine(line.name, line.label, line.value(totals), line.unit, kind)
        for kind, lines in LINES.items()
        for line in lines
    ]


def remembered(summary: dict[str, dict]) -> list[SummaryLine]:
    """A summary as its run keeps it, measure → value and unit; it stands, whoever counts today.

    What this version does not sum up (any more) goes by its bare name, at the end.
    """
    known = [
        SummaryLine(line.name, line.label, **summary[line.name], kind=kind)
        for kind, lines in LINES.items()
        for line in lines
        if line.name in summary
    ]
    others = (name for name in summary if name not in NAMES)
    return known + [SummaryLine(name, name, **summary[name], kind="others") for name in others]
