"""Fit the fitted constants of `atlantic-2018` to published figures: `make refit`.

Fitted are the court's places for each million people and day, to the published number of people
put on its list, and the flights and train trips that citizens want, to the published numbers of
refused tickets. Each fit minimises the largest relative error over the published dates up to the
end of 2018; figures of 2019 are compared and not fitted. Restrictions by score are off in these
runs, because the published figures concern the court's list alone.

`python -m docs.refit` fits and prints; `--check` simulates the shipped values alone and exits with
1 if one of them is off; `--page` also writes docs/reference/fitted.md. 1,000,000 invented
citizens; about a minute a round on two quiet cores.
"""

import argparse
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import underwatch as uw
from underwatch.scenario.evidence import figures
from underwatch.scenario.keys import at

PAGE = Path(__file__).parent / "reference" / "fitted.md"
SCENARIO = "atlantic-2018"
COURT = "blacklist.court_places_per_million_a_day"
FLIGHTS, TRAINS = "life.flights_per_year", "life.train_trips_per_year"
LAST_FITTED = date(2018, 12, 31)
WITHIN = 0.10  # largest relative error of a simulated figure
NEAR = 0.05  # largest relative difference between a shipped constant and its fit
LISTED = "adults on the list"
PLAUSIBLE = {date(2016, 12, 31): (0.005, 0.008), date(2019, 12, 31): (0.01, 0.014)}  # shares
DECIMALS = {COURT: 1, FLIGHTS: 2, TRAINS: 2}
SETTLED = 0.02  # a smaller relative change ends the fit
ROUNDS = 4

Constants = dict[str, Any]  # key → number, or first day → number
Daily = dict[str, np.ndarray]  # series → count of each day, scaled to the nation


class Published(NamedTuple):
    """A published cumulative series, and the tally that corresponds to it.

    before: what was counted before the first day of the scenario. constant: the key that is
    fitted to the series.
    """

    name: str
    tally: str
    figures: dict[date, float]
    before: float
    evidence: str
    constant: str

    @property
    def fitted(self) -> list[date]:
        """The dates of the figures that are fitted."""
        return [day for day in self.figures if day <= LAST_FITTED]


class Row(NamedTuple):
    """One published figure beside the simulated one."""

    series: Published
    day: date
    simulated: float

    @property
    def figure(self) -> float:
        """The published figure."""
        return self.series.figures[self.day]

    @property
    def error(self) -> float:
        """The simulated figure, relative to the published one, less 1."""
        return self.simulated / self.figure - 1

    @property
    def fitted(self) -> bool:
        """Whether the constants were fitted to it."""
        return self.day in self.series.fitted


def published(first_day: date) -> list[Published]:
    """The published series after the first day."""
    listed = _by_date(figures()["court_blacklist"].value)
    before = max((count for day, count in listed.items() if day <= first_day), default=0.0)
    later = {day: count for day, count in listed.items() if day > first_day}
    made = [Published("people put on the list", "imposed", later, before, "court_blacklist", COURT)]
    for name, constant in (("flights", FLIGHTS), ("trains", TRAINS)):
        tickets = _by_date(figures()["refused_travel"].value[name])
        made.append(
            Published(f"{name} refused", f"{name}_refused", tickets, 0, "refused_travel", constant)
        )
    return made


def _by_date(values: Mapping[str, float]) -> dict[date, float]:
    return {date.fromisoformat(str(day)): float(value) for day, value in values.items()}


def minimax(parts: np.ndarray, target: np.ndarray, before: float = 0) -> np.ndarray:
    """Weights w ≥ 0 that minimise the largest |(before + parts · w) / target − 1|.

    parts: (dates, weights); target: (dates,). Solved as a linear programme.
    """
    from scipy.optimize import linprog

    relative, rest = parts / target[:, None], 1 - before / target
    slack = np.ones((len(target), 1))
    sides = np.vstack([np.hstack([relative, -slack]), np.hstack([-relative, -slack])])
    goal = np.append(np.zeros(parts.shape[1]), 1.0)
    return linprog(goal, A_ub=sides, b_ub=np.concatenate([rest, -rest])).x[:-1]


def shipped(scenario: uw.Scenario) -> Constants:
    """The constants that the scenario file holds."""
    steps = {day or scenario.first_day: value for day, value in at(scenario, COURT).steps}
    return {COURT: steps, FLIGHTS: at(scenario, FLIGHTS), TRAINS: at(scenario, TRAINS)}


def simulate(scenario: uw.Scenario, constants: Constants, citizens: int) -> Daily:
    """Listings and refused tickets by day, scaled to the nation."""
    print("simulating", written(constants), file=sys.stderr)
    series = published(scenario.first_day)
    last = max([day for each in series for day in each.figures] + list(PLAUSIBLE))
    alone = scenario.with_({"restrictions.on": False, **constants, "title": "The list alone"})
    tallies = uw.run(alone, citizens=citizens, days=(last - scenario.first_day).days + 1).tallies
    scale = figures()["census_2020"].value["people"] / citizens
    daily = {each.name: tallies[each.tally].values * scale for each in series}
    return daily | {LISTED: tallies["restricted"].values / tallies["adults"].values}


def total(daily: np.ndarray, first_day: date, since: date, until: date) -> float:
    """The sum of daily counts from one day to another, both included."""
    begin, end = ((day - first_day).days for day in (since, until))
    return float(daily[begin : max(begin, end + 1)].sum())


def compared(first_day: date, daily: Daily) -> list[Row]:
    """Each published figure beside the simulated one."""
    return [
        Row(each, day, each.before + total(daily[each.name], first_day, first_day, day))
        for each in published(first_day)
        for day in each.figures
    ]


def on_the_list(first_day: date, daily: Daily) -> list[str]:
    """The share of adults on the list on some days, beside what is plausible; as sentences."""
    return [
        f"On {day}, {100 * daily[LISTED][(day - first_day).days]:.2f} % of adults are on the list "
        f"({100 * low:.1f} to {100 * high:.1f} % is plausible)."
        for day, (low, high) in PLAUSIBLE.items()
    ]


def refitted(first_day: date, constants: Constants, daily: Daily) -> Constants:
    """The constants that fit best, given a simulation with other constants.

    The court is always at capacity, so the listings of a period are proportional to its places;
    refused tickets are proportional to the trips that people want.
    """
    made: Constants = {}
    for each in published(first_day):
        old = constants[each.constant]
        steps = old if isinstance(old, dict) else {first_day: old}
        ends = [day - timedelta(1) for day in list(steps)[1:]] + [date.max]
        parts = [
            [
                total(daily[each.name], first_day, begin, min(day, end)) / value
                for (begin, value), end in zip(steps.items(), ends, strict=True)
            ]
            for day in each.fitted
        ]
        target = np.array([each.figures[day] for day in each.fitted])
        found = minimax(np.array(parts), target, each.before)
        values = [round(float(value), DECIMALS[each.constant]) for value in found]
        made[each.constant] = dict(zip(steps, values, strict=True))
        if not isinstance(old, dict):
            made[each.constant] = values[0]
    return made


def fit(scenario: uw.Scenario, citizens: int) -> tuple[Constants, Daily]:
    """Fit until the constants settle, at most ROUNDS times; the simulation is of the result."""
    found = shipped(scenario)
    for _ in range(ROUNDS):
        constants = found
        daily = simulate(scenario, constants, citizens)
        found = refitted(scenario.first_day, constants, daily)
        if not off(constants, found, SETTLED):
            break
    return constants, daily


def off(constants: Constants, found: Constants, near: float = NEAR) -> list[str]:
    """The constants that differ from their fit by more than `near`, as sentences."""
    sentences = []
    for key, value in constants.items():
        for begin, one in _steps(value).items():
            other = _steps(found[key])[begin]
            if abs(one / other - 1) > near:
                since = f" from {begin}" if begin else ""
                sentences.append(f"{key} is {one}{since}, but the fit is {other}.")
    return sentences


def missed(rows: list[Row]) -> list[str]:
    """The fitted figures that are missed by more than WITHIN, as sentences."""
    return [
        f"{row.series.name} by {row.day}: {row.simulated:,.0f} simulated, {row.figure:,.0f} "
        f"published, {percent(row.error)}."
        for row in rows
        if row.fitted and abs(row.error) > WITHIN
    ]


def _steps(value: Any) -> dict[date | None, float]:
    return value if isinstance(value, dict) else {None: value}


def percent(share: float) -> str:
    """A relative error as text: +4.3 %."""
    return f"{100 * share:+.1f} %"


def written(constants: Constants) -> str:
    """Constants in one line."""
    return "; ".join(
        f"{key} "
        + ", ".join(f"{one} from {day}" if day else str(one) for day, one in _steps(value).items())
        for key, value in constants.items()
    )


def table(rows: list[Row]) -> list[str]:
    """A Markdown table of published and simulated figures."""
    lines = [
        "| figure | by | published | simulated | error | use |",
        "|---|---|---:|---:|---:|---|",
    ]
    for row in rows:
        use = "fitted" if row.fitted else "compared"
        lines.append(
            f"| {row.series.name} | {row.day} | {row.figure:,.0f} | {row.simulated:,.0f} "
            f"| {percent(row.error)} | {use} |"
        )
    return lines


def main() -> int:
    """Fit or check, print, and write the page if asked to; 1 if the shipped values are off."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=1_000_000)
    parser.add_argument("--check", action="store_true", help="of the shipped values; no fitting")
    parser.add_argument("--page", action="store_true", help=f"write {PAGE.name}")
    options = parser.parse_args()
    scenario = uw.Scenario.load(SCENARIO)
    holds = shipped(scenario)
    if options.check:
        daily = simulate(scenario, holds, options.citizens)
        found = refitted(scenario.first_day, holds, daily)
    else:
        found, daily = fit(scenario, options.citizens)
    rows, stock = compared(scenario.first_day, daily), on_the_list(scenario.first_day, daily)
    print("\n".join([*table(rows), "", *stock]))
    print(f"\nfit: {written(found)}\n{SCENARIO} holds: {written(holds)}")
    wrong = off(holds, found) + missed(rows)
    print("\n".join(wrong) if wrong else "The shipped values are those of the fit.")
    if options.page:
        from docs.fitted import page

        PAGE.write_text(page(rows, stock, holds, options.citizens), "utf-8")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
