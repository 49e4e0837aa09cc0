"""Draw behaviour that no rule prescribes and write docs/emergence.md: `make docs`.

Every chart comes from runs that this script makes, and every number in the text is computed
from them. 300,000 invented citizens; about ten minutes on two cores.
"""

import argparse
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

import underwatch as uw
from underwatch.measurement.summary import critics_degree, shorrocks
from underwatch.report import charts
from underwatch.report.rendering import to_svg
from underwatch.report.series import Series

HERE = Path(__file__).parent
LONG = "last_day=2026-12-31"  # the default system, kept for six more years
HIDDEN = "firewall.news_of_penalties_hushed=1"
VISIBLE = "firewall.news_of_penalties_hushed={2014-06-14: 1, 2018-01-01: 0}"


class Figure(NamedTuple):
    """One chart with the paragraph beneath it; `holds`: whether the runs show the claim."""

    name: str
    claim: str
    holds: bool
    text: str
    unit: str
    percent: bool
    x: np.ndarray
    lines: dict[str, np.ndarray]

    @property
    def title(self) -> str:
        """The claim, or that these runs do not show it."""
        return self.claim if self.holds else f"Not seen in these runs: {self.claim}"


@cache
def simulated(name: str, *settings: str, citizens: int):
    """The tallies of one scenario."""
    print("simulating", name, *settings, file=sys.stderr)
    return uw.run(uw.Scenario.load(name, list(settings)), citizens=citizens).tallies


def monthly(tallies, name: str, per: str = "adults") -> np.ndarray:
    """A measure by month, divided by another; both summed over all strata."""
    layers = ["group", "age", "place", "conviction"]
    return (tallies[f"{name}_by_month"].sum(layers) / tallies[f"{per}_by_month"].sum(layers)).values


def months(tallies) -> np.ndarray:
    """The first days of the months of a run."""
    return tallies["month"].values.astype("datetime64[D]")


def percent(share: float, digits: int = 0) -> str:
    """A share as text: 4.3 %."""
    return f"{100 * share:.{digits}f} %"


def points(share: float, digits: int = 1) -> str:
    """A difference in words: 2.1 % fewer, 0.3 % more."""
    return f"{percent(abs(share), digits)} {'fewer' if share < 0 else 'more'}"


def adoption(n: int) -> Figure:
    """Organ M4. The expected shape is an S-curve, driven by word of mouth."""
    loud, quiet = (
        simulated("atlantic-2018", *settings, citizens=n)
        for settings in ((), ("precursor.share_boasting=0",))
    )
    lines = {
        "high scorers boast": monthly(loud, "members"),
        "nobody boasts": monthly(quiet, "members"),
    }
    steps = np.diff(lines["high scorers boast"])
    steepest = months(loud)[int(steps.argmax())]
    holds = steps.size // 10 < steps.argmax() < steps.size * 9 // 10
    text = (
        "Membership in the private score spreads along ties: slowly at first, fastest in "
        f"{steepest.astype('datetime64[M]')}, then more slowly again, because most online shoppers "
        f"have heard of it. It reaches {percent(lines['high scorers boast'][-1])} of adults; "
        f"without boasting, {percent(lines['nobody boasts'][-1])}."
    )
    title = "Adoption of the private score follows an S-curve"
    return Figure("adoption", title, holds, text, "share of adults", True, months(loud), lines)


def protest(n: int) -> Figure:
    """Organs M17 and M18. The expected shape is a long quiet and a sudden rise."""
    thaw, stays = simulated("thaw", citizens=n), simulated("atlantic-2018", citizens=n)
    lines = {
        "the system ends in 2018": 1000 * monthly(thaw, "protests"),
        "the system stays": 1000 * monthly(stays, "protests"),
    }
    when = months(thaw)
    end = np.datetime64("2018-01-01")
    before = lines["the system ends in 2018"][(when < end) & (when >= np.datetime64("2016-01-01"))]
    after = lines["the system ends in 2018"][when >= end]
    text = (
        f"In the two years before the end there are {before.mean():.2f} days of protest a month "
        f"per 1,000 adults, and never more than {before.max():.2f}; afterwards there are "
        f"{after.mean():.2f}, and {after.max():.1f} in one month. No rule changes on that day what "
        "citizens wish: perceived risk had raised their thresholds, and as it falls, fewer "
        "protesting contacts are enough to bring the next. Fatigue ends each wave."
    )
    holds = bool(after.max() > 2 * before.max())
    title = "Protest is rare and then sudden"
    unit = "days of protest per 1,000 adults and month"
    return Figure("protest", title, holds, text, unit, False, when, lines)


def chilling(n: int) -> Figure:
    """Organ M18. Self-censorship is expected to last longer than the penalties."""
    thaw = simulated("thaw", citizens=n)
    chilled = monthly(thaw, "chilled_acts", "would_acts")
    penalties = monthly(thaw, "stops") + monthly(thaw, "true_news_flagged")
    when = months(thaw)
    end = when >= np.datetime64("2018-01-01")
    lines = {
        "withheld lawful acts": chilled / chilled.max(),
        "stops and flagged posts": penalties / penalties.max(),
    }
    below = chilled[end] < chilled[~end][-1] / 2
    half = int(below.argmax())
    later = (
        f"after {half} months the share is below half of that."
        if below.any()
        else f"at the end of the run it is still {percent(chilled[-1], 1)}."
    )
    text = (
        "Stops and flags end on 1 January 2018. In the month before, people withhold "
        f"{percent(chilled[~end][-1], 1)} of lawful acts; {later}"
    )
    holds = not below[:2].any()
    title = "Self-censorship outlasts the penalties"
    return Figure("chilling", title, holds, text, "share of the highest month", True, when, lines)


def isolation(n: int) -> Figure:
    """Organs M10 and M19. Critics are expected to lose more ties than matched others."""
    system = simulated("atlantic-2018", LONG, citizens=n)
    unwatched = simulated("unwatched", LONG, citizens=n)
    when = months(system)

    def change(tallies):
        by_month = np.array([critics_degree(tallies, m) for m in range(when.size)])
        return by_month / by_month[0] - 1

    lines = {"the system": change(system), "unwatched": change(unwatched)}
    text = (
        "The chart shows critics' ties relative to those of people of the same group, age and "
        "place. After twelve years, relative to the others and to the first month, critics have "
        f"{points(lines['the system'][-1])} ties under the system, and "
        f"{points(lines['unwatched'][-1])} in the unwatched world."
    )
    holds = bool(lines["the system"][-1] < min(0, lines["unwatched"][-1]))
    title = "Critics lose more ties than others"
    unit = "change in critics' ties relative to matched others"
    return Figure("isolation", title, holds, text, unit, True, when, lines)


def trap(n: int) -> Figure:
    """Organs M1, M2 and M16. Score mobility is expected to fall with the memory of files."""
    worlds = {
        "half-life of one year": 365,
        "half-life of five years": 1825,
        "no halving": 0,
    }
    lines, years = {}, None
    for label, half_life in worlds.items():
        settings = (LONG, f"files.half_life_days={half_life}")
        moves = simulated("atlantic-2018", *settings, citizens=n).class_moves.values
        moves = moves[-6:]  # the years in which everyone is scored
        lines[label] = np.array([shorrocks(year) for year in moves])
        years = 2027 - len(moves) + np.arange(len(moves))
        if half_life == 0:
            below = moves[:, 0].sum(1) / moves.sum((1, 2))
            stay = moves[:, 0, 0] / moves[:, 0].sum(1)
    first, final = (lines["no halving"][k] for k in (0, -1))
    text = (
        "Without halving, mobility between score classes goes, year by year, from "
        f"{first:.2f} to {final:.2f} (1 = full mobility). {percent(stay[-1])} of the people below "
        "the threshold are still below it a year later, and their share goes from "
        f"{percent(below[0], 1)} to {percent(below[-1], 1)} of adults. With a half-life of one "
        f"year, mobility remains at {lines['half-life of one year'][-1]:.2f}."
    )
    x = np.array([f"{y}-01-01" for y in years], "datetime64[D]")
    title = "Low scores become a trap"
    unit = "Shorrocks mobility per year; 0 = nobody changes class"
    holds = bool(final < first and final < lines["half-life of one year"][-1])
    return Figure("trap", title, holds, text, unit, False, x, lines)


def support(n: int) -> Figure:
    """Organs M6 and M22. Support is expected to fall when penalties become visible."""
    hidden, seen = (simulated("atlantic-2018", news, citizens=n) for news in (HIDDEN, VISIBLE))
    lines = {
        "news of penalties passes from 2018": monthly(seen, "support_sum") / 255,
        "news of penalties is suppressed": monthly(hidden, "support_sum") / 255,
    }
    visible, suppressed = (line[-1] for line in lines.values())
    gap = 100 * (suppressed - visible)
    text = (
        "The penalties are the same in both scenarios. Where news of them passes from 2018 on, "
        f"support is {abs(gap):.1f} points of 100 {'lower' if gap > 0 else 'higher'} at the end "
        "of 2020."
    )
    title = "Support falls when penalties become visible"
    holds = bool(gap > 0)
    return Figure("support", title, holds, text, "mean support", True, months(seen), lines)


def effects(n: int) -> str:
    """The direct and the total effect on expression, as a section with a table."""
    seeds = 5
    print("comparing unwatched, atlantic-2018", file=sys.stderr)
    found = uw.compare("unwatched", "atlantic-2018", citizens=n // 10, seeds=seeds, budget=None)
    here = found.differences["atlantic-2018"]
    rows = []
    for label, withheld, count in EFFECTS:
        direct, total = here[withheld], here[count]
        low, high = (percent(end / total.first, 1) for end in (total.low, total.high))
        change = percent(total.difference / total.first, 1)
        rows.append(
            f"| {label} | {direct.here:.1f} % | {change} ({low} to {high}) |".replace("-", "−")
        )
    return "\n".join(
        [
            "## Silence is more than what is withheld",
            f"`underwatch compare unwatched atlantic-2018 --seeds {seeds} --citizens {n // 10}`. "
            "The direct effect is what the same citizens withhold because of perceived risk, on "
            "the same day, with the same draws and the same contacts. The total effect is the "
            "change in acts from the unwatched world, where others are not silent either and "
            "opinions drift differently. Filtered and removed posts count as acts in both.",
            "",
            "| acts | withheld (direct effect) | change from the unwatched world (95 % interval) |",
            "|---|---:|---:|",
            *rows,
            "",
        ]
    )


# Kinds of acts: label, share withheld, count.
EFFECTS = (
    ("All lawful acts of expression", "chilled_share", "acts"),
    ("Critical posts", "chilled_posts", "posts"),
    ("Days of protest", "chilled_protests", "protests"),
)
FIGURES = (adoption, protest, chilling, isolation, trap, support)


def main() -> None:
    """Draw all figures and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=300_000)
    options = parser.parse_args()
    sections = []
    for make in FIGURES:
        figure = make(options.citizens)
        series = Series(figure.name, figure.title, *figure[3:])
        spec = charts.chart(series, width=640) | {"padding": 14}
        spec["config"] = spec["config"] | {"background": "white"}
        (HERE / "figures" / f"{figure.name}.svg").write_text(to_svg(spec), "utf-8")
        sections.append(
            f"## {figure.title}\n{make.__doc__}\n\n![{figure.title}](figures/{figure.name}.svg)\n\n"
            f"{figure.text}\n"
        )
    sections.append(effects(options.citizens))
    head = (
        "# Emergent behaviour\n\n"
        "No rule and no scenario prescribes the curves on this page: the rules concern one person "
        f"on one day. `make docs` writes the page from runs of {options.citizens:,} invented "
        "citizens; every number is computed from these runs. Nearly all figures of the scenarios "
        "are assumptions, so read the shapes and not the levels.\n\n"
    )
    (HERE / "emergence.md").write_text(head + "\n".join(sections), "utf-8")


if __name__ == "__main__":
    main()
