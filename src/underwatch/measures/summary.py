"""What a run came to, one line per measure: benefits as plainly as harms."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import xarray as xr


class SummaryLine(NamedTuple):
    """One figure of a run; `value` is None where it cannot be told.

    `kind` is one of "stated goal", "expression", "error", "association",
    "burden", "reach" and "account".
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    kind: str


def summarise(tallies: "xr.Dataset") -> list[SummaryLine]:
    """The summary of a whole run, from its daily totals."""
    days = [name for name, counts in tallies.data_vars.items() if "day" in counts.dims]
    total = {name: int(tallies[name].sum()) for name in days}
    last = {name: int(tallies[name][-1]) for name in total}
    person_years = total["adults"] / 365.25
    listed_years = total["restricted"] / 365.25

    def share(part: int, whole: float, times: float = 100) -> float | None:
        return round(times * part / whole, 4) if whole else None

    borrowers_due = total["instalments_due"] * 30 / 365.25  # one instalment is thirty days
    lines = [
        ("default_rate", "Borrowers falling into default", share(total["defaults"], borrowers_due),
         "% of borrowers a year", "stated goal"),
        ("repayment", "Instalments paid in time",
         share(total["instalments_kept"], total["instalments_due"]), "%", "stated goal"),
        ("offences", "Minor offences", share(total["offences"], person_years, 1000),
         "per 1,000 adults a year", "stated goal"),
        ("offences_deterred", "Minor offences not committed for fear of detection",
         share(total["would_offences"] - total["offences"], total["would_offences"]),
         "% of those wished", "stated goal"),
        ("serious_offences", "Serious offences",
         share(total["serious_offences"], person_years, 1000),
         "per 1,000 adults a year", "stated goal"),
        ("trust", "Generalised trust at the end (50 = at rest)",
         share(last["trust_sum"], last["adults"] * 65535), "of 100", "stated goal"),
        ("privileged", "Adults on the fast lane at the end",
         share(last["privileged"], last["adults"]), "% of adults", "stated goal"),
        ("posts", "Critical posts made", total["posts"], "posts", "expression"),
        ("chilled_acts", "Lawful posts not made for the risk perceived",
         total["chilled_acts"], "acts", "expression"),
        ("chilled_share", "… of the posts people would have made",
         share(total["chilled_acts"], total["would_posts"]), "%", "expression"),
        ("perceived_risk", "Perceived risk of speaking at the end",
         share(last["risk_sum"], last["adults"] * 65535), "of 100", "expression"),
        ("sightings", "Records entered in files",
         total["true_sightings"] + total["false_sightings"], "records", "error"),
        ("false_sightings", "… that are not the citizen's own", total["false_sightings"],
         "records", "error"),
        ("true_news_flagged", "Posts flagged that told true news", total["true_news_flagged"],
         "records", "error"),
        ("alerts", "Watch-list alerts", total["alerts"], "alerts", "error"),
        ("alert_precision", "… on people who are on the list",
         share(total["true_alerts"], total["alerts"]), "%", "error"),
        ("wrongful", "Restrictions with no true cause of one's own", total["wrongful"],
         "restrictions", "error"),
        ("wrongful_share", "… of the restrictions imposed",
         share(total["wrongful"], total["imposed"]), "%", "error"),
        ("association_only", "Restrictions for the company alone", total["association_only"],
         "restrictions", "association"),
        ("imposed", "Restrictions imposed", total["imposed"], "restrictions", "burden"),
        ("restricted_person_days", "Person-days under restriction", total["restricted"],
         "person-days", "burden"),
        ("restricted_now", "Adults restricted on the last day",
         share(last["restricted"], last["adults"]), "% of adults", "burden"),
        ("flights_refused", "Flights refused", share(total["flights_refused"], listed_years, 1),
         "per restricted adult a year", "burden"),
        ("trains_refused", "Trains refused", share(total["trains_refused"], listed_years, 1),
         "per restricted adult a year", "burden"),
        ("stops", "Calls and stops by the police", share(total["stops"], person_years, 1000),
         "per 1,000 adults a year", "burden"),
        ("wrongful_stops", "… without an act of one's own",
         share(total["wrongful_stops"], total["stops"]), "% of stops", "burden"),
        ("appeals", "Appeals filed", total["appeals_filed"], "appeals", "burden"),
        ("appeals_upheld", "… that lifted a restriction",
         share(total["appeals_upheld"], total["appeals_filed"]), "%", "burden"),
        ("days_to_hearing", "Person-days of waiting for each appeal heard",
         share(total["appeal_days"], total["appeals_heard"], 1), "days", "burden"),
        ("scored", "Adults scored at the end", share(last["scored"], last["adults"]),
         "% of adults", "reach"),
        ("records_held", "Records that a file holds at the end",
         share(last["records"], last["adults"], 1), "records an adult", "reach"),
        ("watched", "Adults on the watch list at the end",
         share(last["watched"], last["adults"], 1000), "per 1,000 adults", "reach"),
        ("account", "Restrictions imposed, less ended, less in force (0: the account closes)",
         total["imposed"] - total["ended"] - last["in_force"], "restrictions", "account"),
    ]  # fmt: skip
    return [SummaryLine(*line) for line in lines]
