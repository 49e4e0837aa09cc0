"""The summary of a run: one value for each line, benefits as plainly as harms."""

from collections.abc import Callable
from typing import NamedTuple

from underwatch.measurement import estimates as e
from underwatch.measurement.catalogue import words
from underwatch.measurement.cohorts import COHORTS
from underwatch.measurement.estimates import OF_100, Estimate, Totals, critics_degree, shorrocks
from underwatch.measurement.queues import QUEUES
from underwatch.measurement.tallies import TallyTable

__all__ = ["LINES", "NAMES", "SummaryLine", "critics_degree", "remembered", "shorrocks",
           "summarise"]  # fmt: skip


class SummaryLine(NamedTuple):
    """One measure of a run.

    value: None where it is not defined; `note` gives the reason. kind: "stated goal",
    "expression", "error", "association", "burden", "queue", "trap", "reach" or "account"; "others"
    in a summary that another version wrote. parent: the line that this is a part or a share of.
    events: how many events the value rests on; None where it is not a count of events.
    limit: on how many days a queue that bounds the measure was at capacity; empty if on none.
    """

    name: str
    label: str
    value: float | int | None
    unit: str
    kind: str
    definition: str = ""
    parent: str | None = None
    events: int | None = None
    note: str = ""
    limit: str = ""


class Line(NamedTuple):
    """How one line of the summary is computed, and the words that go with it."""

    name: str
    label: str
    unit: str
    kind: str
    definition: str
    formula: str
    reading: str
    parent: str | None
    limited_by: str  # a queue; empty for most
    estimate: Callable[[Totals], Estimate]


def _total(name: str) -> Callable[[Totals], Estimate]:
    return lambda t: t.count(name)


def _sum(*names: str) -> Callable[[Totals], Estimate]:
    def total(t: Totals) -> Estimate:
        count = sum(t.total[name] for name in names)
        return Estimate(count, count)

    return total


def _rest(whole: str, part: str) -> Callable[[Totals], Estimate]:
    def rest(t: Totals) -> Estimate:
        count = t.total[whole] - t.total[part]
        return Estimate(count, count)

    return rest


def _of(part: str, whole: str, times: float = 100, *more: str) -> Callable[[Totals], Estimate]:
    return lambda t: t.of(part, whole, times, *more)


def _missing(done: str, intended: str) -> Callable[[Totals], Estimate]:
    return lambda t: t.missing(done, intended)


def _a_year(part: str) -> Callable[[Totals], Estimate]:
    return lambda t: t.a_year(part)


def _at_end(part: str, whole: str = "adults", times: float = 100) -> Callable[[Totals], Estimate]:
    return lambda t: t.at_end(part, whole, times)


def _queue(queue: str) -> dict[str, Callable[[Totals], Estimate]]:
    """The lines of one queue."""
    demand, served = f"{queue}_demand", f"{queue}_served"
    return {
        demand: _a_year(demand),
        served: _of(served, demand),
        f"{queue}_dropped": _of(f"{queue}_dropped", demand),
        f"{queue}_waiting": _at_end(f"{queue}_waiting", times=1000),
        f"{queue}_wait": _of(f"{queue}_wait_days", served, 1),
        f"{queue}_at_capacity": lambda t: e.at_capacity(t, queue),
    }


def _account(t: Totals) -> Estimate:
    return Estimate(t.total["imposed"] - t.total["ended"] - t.last["in_force"])


_ESTIMATES: dict[str, Callable[[Totals], Estimate]] = {
    # Stated goals
    "default_rate": e.default_rate,
    "repayment": _of("instalments_kept", "instalments_due"),
    "loans_declined": _of("loans_declined", "loan_applications"),
    "offences": _a_year("offences"),
    "offences_deterred": _missing("offences", "would_offences"),
    "deterred_watched": _missing("offences_watched", "would_offences_watched"),
    "serious_offences": _a_year("serious_offences"),
    "trust": _at_end("trust_sum", times=OF_100),
    "support": _at_end("support_sum", times=OF_100),
    "supporters": _at_end("supporters"),
    "support_of_knowing": _at_end("knowing_support_sum", "knowing", OF_100),
    "support_of_unknowing": e.support_of_unknowing,
    "privileged": _at_end("privileged"),
    # Expression
    "chilled_acts": _total("chilled_acts"),
    "chilled_share": _of("chilled_acts", "would_acts"),
    "chilled_posts": _missing("posts", "would_posts"),
    "chilled_messages": _missing("messages", "would_messages"),
    "chilled_petitions": _missing("petitions", "would_petitions"),
    "chilled_protests": _missing("protests", "would_protests"),
    "chilled_foreign_visits": _missing("foreign_visits", "would_foreign_visits"),
    "acts": _rest("would_acts", "chilled_acts"),
    "posts": _total("posts"),
    "posts_filtered": _of("posts_filtered", "posts", 100, "posts_removed"),
    "protests": _a_year("protests"),
    "reached_abroad": _missing("foreign_visits_blocked", "foreign_visits"),
    "perceived_risk": _at_end("risk_sum", times=OF_100),
    "opinion": _at_end("opinion_sum", times=OF_100),
    "opinion_of_adults_at_start": lambda t: e.cohort_opinion(t, COHORTS[0]),
    "opinion_of_come_of_age": lambda t: e.cohort_opinion(t, COHORTS[1]),
    "expressed_by_adults_at_start": lambda t: e.cohort_expressed(t, COHORTS[0]),
    "expressed_by_come_of_age": lambda t: e.cohort_expressed(t, COHORTS[1]),
    "expression_gap": e.expression_gap,
    "diversity": e.diversity,
    # Error
    "declined_repaying": _of("declined_repaying", "loans_declined"),
    "sightings": _sum("true_sightings", "false_sightings"),
    "false_sightings": _total("false_sightings"),
    "bystanders": _total("bystanders"),
    "false_reports": _total("false_by_neighbour"),
    "true_news_flagged": _total("true_news_flagged"),
    "alerts": _total("alerts"),
    "alert_precision": _of("true_alerts", "alerts"),
    "wrongful": _total("wrongful"),
    "wrongful_share": _of("wrongful", "imposed"),
    "wrongful_ratio": lambda t: e.group_ratio(t.tallies, "wrongful"),
    "wrongful_namings": _total("wrongful_namings"),
    # Association
    "association_only": _total("association_only"),
    "ties": _at_end("ties_open", times=1),
    "ties_lost": e.ties_lost,
    "critics_degree": e.matched_degree,
    "score_assortativity": e.score_assortativity,
    # Burden
    "imposed": _total("imposed"),
    "restricted_person_days": lambda t: t.person_days("restricted", "imposed"),
    "concentration": e.concentration,
    "restricted_now": _at_end("restricted"),
    "never_restricted": e.never_restricted,
    "flights_refused": lambda t: t.restricted_a_year("flights_refused"),
    "trains_refused": lambda t: t.restricted_a_year("trains_refused"),
    "namings": _a_year("namings"),
    "dismissals": _total("dismissals"),
    "stops": _a_year("stops"),
    "wrongful_stops": _of("wrongful_stops", "stops"),
    "stops_warned": _of("police_warnings", "stops"),
    "stops_charged": _of("police_charges", "stops"),
    "wrongful_charges": _of("wrongful_charges", "police_charges"),
    "for_company_data": _total("for_company_data"),
    "appeals": _total("appeals_filed"),
    "appeals_upheld": _of("appeals_upheld", "appeals_filed"),
    # Queues
    **{name: made for queue in QUEUES for name, made in _queue(queue).items()},
    # Traps
    "gamed_acts": _a_year("gamed_acts"),
    "mobility": e.mobility,
    "years_below": e.years_below,
    # Reach
    "scored": _at_end("scored"),
    "members": _at_end("members"),
    "under_camera": _of("would_offences_watched", "would_offences"),
    "records_held": _at_end("records", times=1),
    "company_share": _at_end("company_records", "state_records"),
    "handed_by_marketplaces": _a_year("handed_by_marketplaces"),
    "handed_by_platforms": _a_year("handed_by_platforms"),
    "tiers": _at_end("tiers_with_file", times=1),
    "watched": _at_end("watched", times=1000),
    "knowing": _at_end("knowing"),
    # Account
    "account": _account,
}


_OPTIONAL = ("parent", "limited_by", "moved_with")


def _line(name: str, estimate: Callable[[Totals], Estimate]) -> Line:
    entry = words()["summary"][name]
    parent, limited_by = entry.get("parent"), entry.get("limited_by", "")
    about = {key: value for key, value in entry.items() if key not in _OPTIONAL}
    return Line(name, **about, parent=parent, limited_by=limited_by, estimate=estimate)


LINES: dict[str, Line] = {name: _line(name, made) for name, made in _ESTIMATES.items()}
NAMES = tuple(LINES)


def summarise(tallies: TallyTable) -> list[SummaryLine]:
    """The summary of a whole run.

    tallies: counts by day, and by month and stratum, as `Run.tallies` holds them.
    """
    totals = Totals(tallies)
    limits = {queue: e.limit(totals, queue) for queue in QUEUES} | {"": ""}
    return [
        _filled(line, line.estimate(totals))._replace(limit=limits[line.limited_by])
        for line in LINES.values()
    ]


def _stored(entry: dict) -> Estimate:
    return Estimate(entry.get("value"), entry.get("events"), entry.get("note", ""))


def remembered(summary: dict[str, dict]) -> list[SummaryLine]:
    """A summary as its run keeps it, measure → value and unit; it is not computed anew.

    Measures that this version does not know stand under their bare names at the end.
    """
    known = [
        _filled(line, _stored(summary[name]))._replace(
            unit=summary[name].get("unit", line.unit), limit=summary[name].get("limit", "")
        )
        for name, line in LINES.items()
        if name in summary
    ]
    return known + [
        SummaryLine(name, name, entry.get("value"), entry.get("unit", ""), "others")
        for name, entry in summary.items()
        if name not in LINES
    ]


def _filled(line: Line, found: Estimate) -> SummaryLine:
    value, events, note = found
    note = note if value is None else ""
    return SummaryLine(line.name, line.label, value, line.unit, line.kind, line.definition,
                       line.parent, events, note)  # fmt: skip
