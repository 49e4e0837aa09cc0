"""Cases out of sample: published figures that were never used to set anything.

Figures, definitions and what counts as agreement were committed before the model was run
against them. Nothing is fitted to them, now or later: a miss stays a miss.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np

from underwatch.results.run import run
from underwatch.results.run_result import Run
from underwatch.scenario import Scenario
from underwatch.scenario.evidence import figures
from underwatch.verification.case import SLOW, Case, Check

SCENARIO = "atlantic-2018"
CITIZENS = 50_000  # of each replicate
_MILLION = 1e6
_COMMITTED = (
    "Committed with its tolerance before the first run against it; nothing is fitted to it."
)


def _by_date(key: str, part: str | None = None) -> dict[date, float]:
    value: Any = figures()[key].value
    return {date.fromisoformat(day): float(each) for day, each in
            (value[part] if part else value).items()}  # fmt: skip


def _replicated(
    scenario: Scenario, last: date, replicates: int, seed: int,
    measure: Callable[[Run], np.ndarray],
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """(mean, standard error) over replicates of what `measure` reads from a run up to a day."""
    days = (last - scenario.first_day).days + 1
    found = np.array([
        measure(run(scenario, citizens=CITIZENS, days=days, seed=seed + k))
        for k in range(replicates)
    ])  # fmt: skip
    spread = found.std(0, ddof=1) if replicates > 1 else np.full(found.shape[1], np.inf)
    return found.mean(0), spread / np.sqrt(replicates)


def _within(figure: float, part: float) -> tuple[float, float]:
    """The band that a figure has to be met in, whatever the error of the replicates."""
    return (1 - part) * figure, (1 + part) * figure


def _list_alone() -> Scenario:
    """The default scenario with the court's list as its only restriction, as it was fitted."""
    return Scenario.load(SCENARIO).with_({"restrictions.on": False, "title": "The list alone"})


def refused_in_2019(replicates: int, seed: int) -> list[Check]:
    """Tickets refused up to two days of 2019, where the fit ends with 2018."""
    scenario = _list_alone()
    kinds = ("flights", "trains")
    published = {kind: _by_date("refused_travel_2019", kind) for kind in kinds}
    asked = [(kind, day) for kind in kinds for day in published[kind]]
    scale = figures()["census_2020"].value["people"] / CITIZENS / _MILLION  # type: ignore[index]

    def measure(one: Run) -> np.ndarray:
        tallies = one.tallies
        return np.array([
            scale * tallies[f"{kind}_refused"].values[: (day - scenario.first_day).days + 1].sum()
            for kind, day in asked
        ])  # fmt: skip

    got, error = _replicated(scenario, max(day for _, day in asked), replicates, seed, measure)
    return [
        Check(
            f"{kind.capitalize()} refused by {day}", published[kind][day] / _MILLION, float(got[k]),
            "million", float(error[k]), band=_within(published[kind][day] / _MILLION, 0.1),
            replicates=replicates,
        )
        for k, (kind, day) in enumerate(asked)
    ]  # fmt: skip


def complied(replicates: int, seed: int) -> list[Check]:
    """The share of all who were ever listed who left the list because they paid.

    No listing ends by its term before 2019, so whoever leaves has paid, has won an appeal, or is
    dead; the last two are taken off.
    """
    scenario = _list_alone()
    paid = _by_date("court_complied")
    listed = _by_date("court_blacklist") | {date(2018, 9, 30): 12.11e6}  # with the same report
    before = _by_date("court_blacklist")[min(_by_date("court_blacklist"))]
    shares = {day: paid[day] / _at(listed, day) for day in paid}
    people = float(figures()["census_2020"].value["people"])  # type: ignore[index,arg-type]

    def measure(one: Run) -> np.ndarray:
        totals = {name: one.tallies[name].values.cumsum() for name in
                  ("imposed", "ended", "ended_by_death", "appeals_upheld")}  # fmt: skip
        left = totals["ended"] - totals["ended_by_death"] - totals["appeals_upheld"]
        ever = totals["imposed"] + before * CITIZENS / people
        at = [(day - scenario.first_day).days for day in shares]
        return 100 * left[at] / ever[at]

    got, error = _replicated(scenario, max(shares), replicates, seed, measure)
    return [
        Check(
            f"Of those ever listed, paid by {day}", 100 * share, float(got[k]), "%",
            float(error[k]), band=_within(100 * share, 0.2), replicates=replicates,
        )
        for k, (day, share) in enumerate(shares.items())
    ]  # fmt: skip


def _at(series: dict[date, float], day: date) -> float:
    """A cumulative series at a day, along a straight line between its dates."""
    days = sorted(series)
    return float(np.interp(
        day.toordinal(), [one.toordinal() for one in days], [series[one] for one in days]
    ))  # fmt: skip


def private_and_public(replicates: int, seed: int) -> list[Check]:
    """Withheld private messages over withheld posts: how much less fear there is in private."""
    scenario = Scenario.load(SCENARIO)
    survey: Any = figures()["pen_2013"].value
    expected = survey["telephone_or_mail"] / survey["social_media"]

    def measure(one: Run) -> np.ndarray:
        shares = [float(one.summary[f"chilled_{kind}"].value or 0.0) for kind in
                  ("messages", "posts")]  # fmt: skip
        return np.array([shares[0] / shares[1] if shares[1] else np.nan])

    got, error = _replicated(scenario, scenario.last_day, replicates, seed, measure)
    return [
        Check(
            "Self-censorship in private over that in public",
            expected,
            float(got[0]),
            "",
            float(error[0]),
            band=(expected / 1.5, expected * 1.5),
            replicates=replicates,
        )
    ]


CASES = (
    Case(
        44, "Tickets refused in 2019",
        "M16 Restrictions: the court's list and the trips that people want",
        "the court, via Global Times and Shanghai Daily, 2019", "S", "out of sample",
        refused_in_2019, replicates=6, quick=0, slow=SLOW, seconds=25,
        notices="Listed people who are not barred, or barred for a shorter term: the counts would "
        "be off by the share of them, and the error is a few per cent.",
        note=f"{_COMMITTED} Places of the court and wanted trips are fitted to the figures up to "
        "June 2018; those of December 2018 are held out. Each figure is to be met within 10 %.",
        miss="In the model refusals follow the number of people on the list, which grew by a "
        "tenth in those months. The published flights grew more than twice as fast as in the "
        "second half of 2018, and the trains hardly at all. Whether trips, the people who are "
        "barred or the count changed is not published.",
    ),
    Case(
        45, "Listed debtors who paid",
        "M9 Repayment history and M16 Restrictions: payment of a debt while listed",
        "the court, via China Daily and Shanghai Daily, 2018–2019", "S", "out of sample",
        complied, replicates=6, quick=0, slow=SLOW, seconds=25,
        notices="A chance of payment that is drawn each day and not each month: thirty times as "
        "many would have paid.",
        note=f"{_COMMITTED} The chance to pay while listed is an assumption. Each share is to be "
        "met within a fifth. People who were listed before the first day count as listed and "
        "never as paid.",
        miss="The assumed chance to pay while listed, 0.9 % a month, is too low for the published "
        "share. It was chosen for the number of people on the list, and is left as it was.",
    ),
    Case(
        46, "Self-censorship in private and in public",
        "M18 Self-censorship: the weight of perceived risk in private",
        "PEN American Center 2013", "V", "out of sample",
        private_and_public, replicates=4, quick=0, slow=SLOW, seconds=30,
        notices="Perceived risk with its full weight in private: the ratio would be near 1.",
        note=f"{_COMMITTED} The survey asked writers in the United States whether they avoid; "
        "the model counts acts that are withheld in an invented nation. The ratio is to be met "
        "within a factor of 1.5.",
        miss="By assumption perceived risk has three tenths of its weight in private, and nobody "
        "is notified of a message that was read. The writers had learned that telephones and "
        "mail were watched. The assumption is left as it was.",
    ),
)  # fmt: skip
