"""What a run came to, one line per measure: benefits as plainly as harms."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import xarray as xr


class SummaryLine(NamedTuple):
    """One figure of a run; `value` is None where it cannot be told.

    `kind` is one of "stated goal", "expression", "error", "association",
    "burden", "trap", "reach" and "account".
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    kind: str


class _Run:
    """A run's totals, last days and shares, for the lines below."""

    def __init__(self, tallies: "xr.Dataset"):
        self.tallies = tallies
        days = [name for name, counts in tallies.data_vars.items() if counts.dims == ("day",)]
        self.total = {name: int(tallies[name].sum()) for name in days}
        self.last = {name: int(tallies[name][-1]) for name in days}
        self.years = self.total["adults"] / 365.25
        self.restricted_years = self.total["restricted"] / 365.25

    def of(self, part: str, whole: str, times: float = 100):
        """One total as a share of another."""
        return share(self.total[part], self.total[whole], times)

    def a_year(self, part: str, people: int = 1000):
        """A total per so many adults and year."""
        return share(self.total[part], self.years, people)

    def at_end(self, part: str, whole: str = "adults", times: float = 100):
        """A last day's level as a share of another."""
        return share(self.last[part], self.last[whole], times)


def share(part: float, whole: float, times: float = 100) -> float | None:
    """A part of a whole, in hundredths; None of nothing."""
    return round(times * part / whole, 4) if whole else None


def summarise(tallies: "xr.Dataset") -> list[SummaryLine]:
    """The summary of a whole run."""
    run = _Run(tallies)
    lines = [
        *_goals(run), *_expression(run), *_errors(run), *_association(run), *_burden(run),
        *_traps(run), *_reach(run),
    ]  # fmt: skip
    closes = run.total["imposed"] - run.total["ended"] - run.last["in_force"]
    label = "Restrictions imposed, less ended, less in force (0: the account closes)"
    return [SummaryLine(*line) for line in lines] + [
        SummaryLine("account", label, closes, "restrictions", "account")
    ]


def _goals(run):
    total, kind = run.total, "stated goal"
    due = total["instalments_due"] * 30 / 365.25  # one instalment is thirty days
    knowing = run.at_end("knowing_support_sum", "knowing", 100 / 255)
    unknowing = share(
        run.last["support_sum"] - run.last["knowing_support_sum"],
        run.last["adults"] - run.last["knowing"], 100 / 255,
    )  # fmt: skip
    deterred = share(total["would_offences"] - total["offences"], total["would_offences"])
    return [
        ("default_rate", "Borrowers falling into default", share(total["defaults"], due),
         "% of borrowers a year", kind),
        ("repayment", "Instalments paid in time", run.of("instalments_kept", "instalments_due"),
         "%", kind),
        ("offences", "Minor offences", run.a_year("offences"), "per 1,000 adults a year", kind),
        ("offences_deterred", "Minor offences not committed for fear of detection", deterred,
         "% of those wished", kind),
        ("deterred_watched", "… of those wished under a camera",
         share(total["would_offences_watched"] - total["offences_watched"],
               total["would_offences_watched"]), "%", kind),
        ("serious_offences", "Serious offences", run.a_year("serious_offences"),
         "per 1,000 adults a year", kind),
        ("trust", "Generalised trust at the end (50 = at rest)",
         run.at_end("trust_sum", times=100 / 255), "of 100", kind),
        ("support", "Support for the system at the end",
         run.at_end("support_sum", times=100 / 255), "of 100", kind),
        ("supporters", "Adults who support it more than not, at the end",
         run.at_end("supporters"), "% of adults", kind),
        ("support_of_knowing", "Support among those who know of penalties", knowing, "of 100",
         kind),
        ("support_of_unknowing", "Support among those who do not", unknowing, "of 100", kind),
        ("privileged", "Adults on the fast lane at the end", run.at_end("privileged"),
         "% of adults", kind),
    ]  # fmt: skip


def _expression(run):
    total, kind = run.total, "expression"
    looks_open = share(total["looks"] - total["looks_blocked"], total["looks"])
    return [
        ("chilled_acts", "Lawful acts of expression not done for the risk perceived",
         total["chilled_acts"], "acts", kind),
        ("chilled_share", "… of the acts people would have done",
         run.of("chilled_acts", "would_acts"), "%", kind),
        ("chilled_posts", "… of posts",
         share(total["would_posts"] - total["posts"], total["would_posts"]), "%", kind),
        ("chilled_messages", "… of private messages",
         share(total["would_messages"] - total["messages"], total["would_messages"]), "%", kind),
        ("chilled_petitions", "… of petitions",
         share(total["would_petitions"] - total["petitions"], total["would_petitions"]), "%", kind),
        ("chilled_protests", "… of days of protest",
         share(total["would_protests"] - total["protests"], total["would_protests"]), "%", kind),
        ("chilled_looks", "… of looks abroad",
         share(total["would_looks"] - total["looks"], total["would_looks"]), "%", kind),
        ("posts", "Critical posts made", total["posts"], "posts", kind),
        ("posts_filtered", "… that contacts never saw", run.of("posts_filtered", "posts"), "%",
         kind),
        ("protests", "Days of protest", run.a_year("protests"), "per 1,000 adults a year", kind),
        ("reached_abroad", "Looks abroad that reached the source", looks_open, "%", kind),
        ("perceived_risk", "Perceived risk of speaking at the end",
         run.at_end("risk_sum", times=100 / 255), "of 100", kind),
        ("opinion", "Private opinion at the end (100 = against the official line)",
         run.at_end("opinion_sum", times=100 / 255), "of 100", kind),
        ("expression_gap", "Distance between what is thought and what is said",
         expression_gap(run.tallies), "of 100", kind),
    ]  # fmt: skip


def expression_gap(tallies: "xr.Dataset") -> float | None:
    """Wasserstein distance between private opinions and those of the posts heard, of 100."""
    thoughts = tallies["thoughts"].values[-1].astype(float)
    voices = tallies["voices"].values.sum(0).astype(float)
    if not thoughts.sum() or not voices.sum():
        return None
    steps = np.abs(np.cumsum(thoughts / thoughts.sum()) - np.cumsum(voices / voices.sum()))
    return round(100 * float(steps[:-1].sum()) / len(steps), 4)


def _errors(run):
    total, kind = run.total, "error"
    return [
        ("sightings", "Records entered in files",
         total["true_sightings"] + total["false_sightings"], "records", kind),
        ("false_sightings", "… that are not of the citizen's own acts", total["false_sightings"],
         "records", kind),
        ("true_news_flagged", "Posts flagged that told true news", total["true_news_flagged"],
         "records", kind),
        ("bystanders", "Passers-by recorded near a protest", total["bystanders"], "records", kind),
        ("false_reports", "Lies of neighbours entered", total["false_by_neighbour"], "records",
         kind),
        ("alerts", "Watch-list alerts", total["alerts"], "alerts", kind),
        ("alert_precision", "… on people who are on the list", run.of("true_alerts", "alerts"),
         "%", kind),
        ("wrongful", "Restrictions with no true cause of one's own", total["wrongful"],
         "restrictions", kind),
        ("wrongful_share", "… of the restrictions imposed", run.of("wrongful", "imposed"), "%",
         kind),
        ("wrongful_ratio", "Wrongful restrictions, most to least affected group",
         group_ratio(run.tallies, "wrongful"), "times as often", kind),
        ("wrongful_namings", "People named in public for another's act",
         total["wrongful_namings"], "people", kind),
    ]  # fmt: skip


def group_ratio(tallies: "xr.Dataset", name: str) -> float | None:
    """How many times as often something falls on the group most affected as on the least."""
    cases = tallies[f"{name}_by_month"].sum(["month", "age", "place", "conviction"]).values
    people = tallies["adults_by_month"].sum(["month", "age", "place", "conviction"]).values
    known = people > 0
    if not known.any() or not cases[known].min():
        return None
    rates = cases[known] / people[known]
    return round(float(rates.max() / rates.min()), 4)


def _association(run):
    kind = "association"
    return [
        ("association_only", "Restrictions for the company alone", run.total["association_only"],
         "restrictions", kind),
        ("ties", "Ties outside the household that adults keep at the end",
         run.at_end("ties_open", times=1), "ties an adult", kind),
        ("ties_lost", "Ties let go since the first day", ties_lost(run.tallies), "%", kind),
        ("critics_degree", "Critics' ties, beside those of matched others, at the end",
         critics_degree(run.tallies), "% of others'", kind),
    ]  # fmt: skip


def ties_lost(tallies: "xr.Dataset") -> float | None:
    """How many of the first day's ties were let go, in hundredths."""
    first, last = int(tallies["ties_open"][0]), int(tallies["ties_open"][-1])
    return share(first - last, first)


def critics_degree(tallies: "xr.Dataset", month: int = -1) -> float | None:
    """Ties of critics as a share of those of others, matched by group, age and place."""
    ties, adults = (tallies[f"{n}_by_month"].isel(month=month) for n in ("ties_open", "adults"))
    critics, others = {"conviction": "critical"}, {"conviction": ["loyal", "in between"]}
    weight = adults.sel(critics)
    matched = ties.sel(others).sum("conviction") / adults.sel(others).sum("conviction")
    expected = float((matched * weight).sum())
    return share(float(ties.sel(critics).sum()), expected)


def _burden(run):
    total, kind = run.total, "burden"
    most = int(run.tallies["days_of_most_burdened"])
    never = run.tallies["adults_by_days_restricted"].values
    return [
        ("imposed", "Restrictions imposed", total["imposed"], "restrictions", kind),
        ("restricted_person_days", "Person-days under restriction", total["restricted"],
         "person-days", kind),
        ("restricted_now", "Adults restricted on the last day", run.at_end("restricted"),
         "% of adults", kind),
        ("never_restricted", "Adults never restricted", share(int(never[0]), int(never.sum())),
         "% of adults", kind),
        ("concentration", "Share of these person-days borne by the most burdened hundredth",
         share(most, total["restricted"]), "%", kind),
        ("flights_refused", "Flights refused",
         share(total["flights_refused"], run.restricted_years, 1), "per restricted adult a year",
         kind),
        ("trains_refused", "Trains refused",
         share(total["trains_refused"], run.restricted_years, 1), "per restricted adult a year",
         kind),
        ("namings", "People named in public", run.a_year("namings"), "per 1,000 adults a year",
         kind),
        ("dismissals", "People dismissed because an employer was told", total["dismissals"],
         "people", kind),
        ("stops", "Calls and stops by the police", run.a_year("stops"), "per 1,000 adults a year",
         kind),
        ("wrongful_stops", "… without an act of one's own", run.of("wrongful_stops", "stops"),
         "% of stops", kind),
        ("appeals", "Appeals filed", total["appeals_filed"], "appeals", kind),
        ("appeals_upheld", "… that lifted a restriction",
         run.of("appeals_upheld", "appeals_filed"), "%", kind),
        ("days_to_hearing", "Person-days of waiting for each appeal heard",
         run.of("appeal_days", "appeals_heard", 1), "days", kind),
    ]  # fmt: skip


def _traps(run):
    moves = run.tallies["class_moves"].values.sum(0)
    return [
        ("mobility", "Shorrocks mobility between score classes a year (0 = none, 1 = full)",
         shorrocks(moves), "of 1", "trap"),
        ("years_below", "Expected years below the line, once there", years_below(moves), "years",
         "trap"),
    ]  # fmt: skip


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


def _reach(run):
    kind = "reach"
    return [
        ("scored", "Adults scored by the state at the end", run.at_end("scored"), "% of adults",
         kind),
        ("members", "Adults in the private score at the end", run.at_end("members"), "% of adults",
         kind),
        ("records_held", "Records that a local file holds at the end",
         run.at_end("records", times=1), "records an adult", kind),
        ("tiers", "Files and copies held about an adult at the end",
         run.at_end("tiers_with_file", times=1), "of 3", kind),
        ("watched", "Adults on the watch list at the end", run.at_end("watched", times=1000),
         "per 1,000 adults", kind),
        ("knowing", "Adults who know of the penalties at the end", run.at_end("knowing"),
         "% of adults", kind),
    ]  # fmt: skip
