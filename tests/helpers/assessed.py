"""A small assessment made by hand, for tests of answers, documents and exports: nothing runs."""

from underwatch.assessments.result import (
    Assessed,
    Deployer,
    Deployment,
    Driver,
    Estimate,
    Figure,
    Finding,
    Origin,
    Period,
    SafeguardEffect,
)  # fmt: skip

GROUPS = ("A", "B", "C", "D")
THRESHOLDS = (0.6, 0.62, 0.64)
ASSUMED = "assumption: no record is kept"


def deployment(kind: str = "watch-list camera") -> Deployment:
    """A station with a watch list of 10,000."""
    sections = {
        "people": {
            "passes_per_day": Figure(50_000, 40_000, 60_000, ASSUMED),
            "groups": {name: Figure(0.25, source=ASSUMED) for name in GROUPS},
        },
        "list": {
            "size": Figure(10_000, source="the operator's own count, confidence S"),
            "rule": "people wanted for an offence",
        },
        "accuracy": {
            "threshold": 0.62,
            "found": Figure(0.89, 0.85, 0.92, "npl_2023"),
        },
        "review": {"true_confirmed": Figure(0.95, 0.9, 0.99, ASSUMED)},
        "appeals": {"places_per_day": Figure(1, 0.5, 2, ASSUMED)},
        "safeguards": {"switched_on": ["second officer"]},
    }  # fmt: skip
    return Deployment(
        kind, "Live face recognition at a station", "station.yaml", "Find wanted people",
        Deployer("City police", "Atlantia", "police"), "a station",
        Period("2026-01-01", 365, 8.0), ("eu_ai_act", "gdpr"), sections,
    )  # fmt: skip


def estimates() -> tuple[Estimate, ...]:
    """False alerts by group and threshold, and what follows, in three worlds."""
    found = []
    for k, threshold in enumerate(THRESHOLDS):
        for j, group in enumerate(("all", *GROUPS)):
            value = 0.17 * 0.1**k * (2.5 if j == 0 else 2.5**j / 10)
            found.append(Estimate(
                "false_alerts_per_1000_passes", "False alerts per 1,000 passes", "alerts", value,
                group=group, threshold=threshold, input_low=value / 2, input_high=value * 2,
                simulated=value * 1.05, events=int(value * 4000), agrees=True, kind="both",
            ))  # fmt: skip
    for world, value in (("absent", 0.0), ("safeguarded", 0.004)):
        found.append(Estimate(
            "false_alerts_per_1000_passes", "False alerts per 1,000 passes", "alerts", value, world,
            threshold=0.62, input_low=value / 2, input_high=value * 2,
        ))  # fmt: skip
    found += [
        Estimate("precision_of_alerts", "Alerts on people who are on the list", "%", 58.0,
                 threshold=0.62,
                 input_low=31.0, input_high=74.0),
        Estimate("missed_share", "Passes by people on the list without an alert", "%", 11.0,
                 threshold=0.62,
                 input_low=8.0, input_high=15.0),
        Estimate("falsely_alerted_once", "People falsely alerted at least once in a year",
                 "people", 612, threshold=0.62, input_low=300.0, input_high=1300.0),
        Estimate("false_stops_per_day", "Stops a day of people who are not on the list", "stops", 4,
                 events=4, kind="run", note="too few events (4)"),
        Estimate("appeal_days", "Mean time until an appeal is decided", "days", 12.4,
                 chance_low=10.8, chance_high=14.1, kind="run"),
    ]  # fmt: skip
    return tuple(found)


def station(**changes) -> Assessed:
    """The whole assessment."""
    declared = deployment()
    whole = dict(
        deployment=declared,
        estimates=estimates(),
        findings=(
            Finding("Each day 2 people who are not on the list are taken for somebody who is "
                    "(1 to 4).", ("false_alerts_per_1000_passes",)),
            Finding("In group D false alerts are 15.6 times as frequent as in group A."),
            Finding("A second officer lowers false alerts by 90 %."),
        ),
        drivers=(
            Driver("accuracy.found", "Share of listed people found", 0.89, 0.85, 0.92,
                   "precision_of_alerts", 57.0, 58.6),
            Driver("people.passes_per_day", "Passes per day", 50_000, 40_000, 60_000,
                   "precision_of_alerts", 58.0, 58.0, 81_000),
        ),
        safeguards=(
            SafeguardEffect("second_officer", "Second officer", "false_alerts_per_1000_passes",
                            0.04, 0.004, "assumed"),
        ),
        provenance=Origin("0.1.0", declared.hash, (1, 2, 3, 4, 5), 100_000, 365,
                          declared.assumptions, "underwatch assess station.yaml --seeds 5"),
        conclusion="precision_of_alerts",
        limit=50.0,
    )  # fmt: skip
    return Assessed(**(whole | changes))
