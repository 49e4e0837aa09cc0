"""Published deployments of live face recognition, and the inputs that reproduce them.

What is fitted is named: nothing here predicts these deployments. The miss rate and the false-match
rate are those of the curve of `station`, at the threshold that is stated; the list is published
or assumed; the threshold, or else the share of passes by people on the list, is what it takes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import SimpleNamespace

from underwatch.assessments.declaration import read_deployment
from underwatch.model.sensing.matcher import rates_at
from underwatch.scenario.evidence import figures


@dataclass(frozen=True)
class Published:
    """One published deployment. passes: faces that were searched; None if nobody counted them."""

    name: str
    evidence: str
    passes: float | None
    alerts: int
    true_alerts: int
    faces: float
    threshold: float
    fitted: str

    @property
    def false_match_rate(self) -> float:
        """FMR of the curve at the threshold."""
        return rates_at(_curve(), self.threshold)[0]

    @property
    def fpir(self) -> float:
        """FPIR of the list at the threshold."""
        return -math.expm1(self.faces * math.log1p(-self.false_match_rate))

    @property
    def found(self) -> float:
        """TPIR of the curve at the threshold."""
        return 1 - rates_at(_curve(), self.threshold)[1]

    @property
    def share_on_list(self) -> float:
        """The share of passes by people on the list that makes the published precision."""
        odds = self.true_alerts / (self.alerts - self.true_alerts) * self.fpir / self.found
        return odds / (1 + odds)

    @property
    def precision(self) -> float:
        """The precision of alerts that these inputs give, in %."""
        true = self.share_on_list * self.found
        return 100 * true / (true + (1 - self.share_on_list) * self.fpir)

    @property
    def false_alerts(self) -> float | None:
        """The false alerts that these inputs give."""
        if self.passes is None:
            return None
        return self.passes * (1 - self.share_on_list) * self.fpir


def published() -> tuple[Published, ...]:
    """The deployments whose alerts were published with their truth.

    Examples
    --------
    >>> [f"{case.precision:.1f}" for case in published()]
    ['7.0', '19.0', '99.5']
    """
    known = {
        key: dict(figures()[key].value)  # type: ignore[arg-type]
        for key in ("south_wales_2017", "met_trials_2019", "met_2025")
    }
    final, trials, year = known.values()
    return (
        Published(
            "South Wales Police, final of 2017", "south_wales_2017", final["visitors"],
            int(final["alerts"]), int(final["true_alerts"]), 1_150, 0.5405,
            "threshold and share on the list; the list is assumed",
        ),
        Published(
            "Metropolitan Police, trials 2016–19", "met_trials_2019", None,
            int(trials["matches"]), int(trials["verified"]), 2_500, 0.58,
            "share on the list; list and threshold are assumed, faces were not published",
        ),
        Published(
            "Metropolitan Police, year to September 2025", "met_2025", year["faces"],
            int(year["alerts"]), int(year["alerts"] - year["false_alerts"]), year["watch_list"],
            year["threshold"],
            "share on the list; the curve at 0.64 is itself fitted to these false alerts",
        ),
    )  # fmt: skip


def table() -> list[str]:
    """The cases as lines of a Markdown table."""
    lines = [
        "| Deployment | Faces on the list | Threshold | False alerts: published, given | "
        "Precision: published, given | Share of passes on the list that it takes | Fitted |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for case in published():
        given = "–" if case.false_alerts is None else f"{case.false_alerts:,.0f}"
        share = 100 * case.true_alerts / case.alerts
        lines.append(
            f"| {case.name} | {case.faces:,.0f} | {case.threshold:g} | "
            f"{case.alerts - case.true_alerts:,}, {given} | {share:.1f} %, {case.precision:.1f} % "
            f"| 1 in {1 / case.share_on_list:,.0f} | {case.fitted} |"
        )
    return lines


def _curve() -> SimpleNamespace:
    """The operating curve of the station."""
    points = sorted(
        (float(point["threshold"]), point["false_match_rate"].value, point["miss_rate"].value)
        for point in read_deployment("station").get("accuracy.curve").values()
    )
    at, false_matches, misses = (list(column) for column in zip(*points, strict=True))
    return SimpleNamespace(
        thresholds=at, false_match_rates=false_matches, false_match_rates_low=false_matches,
        miss_rates=misses, miss_rates_low=misses,
    )  # fmt: skip
