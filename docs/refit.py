"""Fit the fitted constants of `atlantic-2018` to published figures: `make refit`.

Fitted are the court's places for each million people and day, to the published number of people
put on its list, and the flights and train trips that citizens want, to the published numbers of
refused tickets. The largest relative error over the published dates up to the end of 2018 is
least (docs/fitting.py); figures of 2019 are compared and not fitted. Restrictions by score are
off in these runs, because the published figures concern the court's list alone.

`python -m docs.refit` fits and prints; `--check` simulates the shipped values alone and exits with
1 if one of them is off; `--page` also writes docs/reference/fitted.md. 1,000,000 invented
citizens; about a minute a round on two quiet cores.
"""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from docs.fitting import (
    COURT,
    FLIGHTS,
    ON_THE_LIST,
    TRAINS,
    Constants,
    Daily,
    Published,
    published,
    refitted,
)

import underwatch as uw
from underwatch.scenario.evidence import figures
from underwatch.scenario.keys import at

PAGE = Path(__file__).parent / "reference" / "fitted.md"
SCENARIO = "atlantic-2018"
WITHIN = 0.10  # largest relative error of a simulated figure
NEAR = 0.10  # largest relative difference between a shipped constant and its fit
SETTLED = 0.02  # a smaller relative change ends the fit
ROUNDS = 4
PLAUSIBLE = {date(2016, 12, 31): (0.005, 0.008), date(2019, 12, 31): (0.01, 0.014)}  # of adults
ADULTS = "adults"


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
    names = {each.name: each.tally for each in series}
    names |= {ON_THE_LIST: "restricted", ADULTS: "adults"}
    return {name: tallies[tally].values * scale for name, tally in names.items()}


def compared(first_day: date, daily: Daily) -> list[Row]:
    """Each published figure beside the simulated one."""
    return [
        Row(each, day, each.before + daily[each.name][: (day - first_day).days + 1].sum())
        for each in published(first_day)
        for day in each.figures
    ]


def on_the_list(first_day: date, daily: Daily) -> list[str]:
    """The share of adults on the list on some days, beside what is plausible; as sentences."""
    share = 100 * daily[ON_THE_LIST] / daily[ADULTS]
    return [
        f"On {day}, {share[(day - first_day).days]:.2f} % of adults are on the list "
        f"({100 * low:.1f} to {100 * high:.1f} % is plausible)."
        for day, (low, high) in PLAUSIBLE.items()
    ]


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
