"""Draw what nobody wrote into the laws, and tell it in docs/emergence.md: `make docs`.

Every picture is of real runs, made here, and every number in the text is read
off them. 300,000 invented citizens; about five minutes on two cores.
"""

import argparse
import sys
from functools import cache
from pathlib import Path

import numpy as np

import underwatch as uw
from underwatch.measurement.summary import critics_degree, shorrocks
from underwatch.report import charts
from underwatch.report.rendering import to_svg
from underwatch.report.series import Series

HERE = Path(__file__).parent
LONG = "last_day=2026-12-31"  # the default system, kept for six years more
HIDDEN = "firewall.news_of_penalties_hushed=1"
SEEN = "firewall.news_of_penalties_hushed={2014-06-14: 1, 2018-01-01: 0}"


@cache
def lived(name: str, *settings: str, citizens: int):
    """The tallies of one world."""
    print("living", name, *settings, file=sys.stderr)
    return uw.run(uw.Scenario.load(name, list(settings)), citizens=citizens).tallies


def monthly(tallies, name: str, per: str = "adults") -> np.ndarray:
    """A flow by month, by a level's mean or another flow; for a level, its mean."""
    layers = ["group", "age", "place", "conviction"]
    return (tallies[f"{name}_by_month"].sum(layers) / tallies[f"{per}_by_month"].sum(layers)).values


def months(tallies) -> np.ndarray:
    return tallies["month"].values.astype("datetime64[D]")


def over_time(name, title, says, unit, percent, x, lines) -> Series:
    return Series(name, title, says, unit, percent, x, lines)


def adoption(n: int) -> Series:
    """M4: an S-curve of opting in, by word of mouth."""
    loud, quiet = (
        lived("atlantic-2018", *settings, citizens=n)
        for settings in ((), ("precursor.share_boasting=0",))
    )
    lines = {
        "the high-scored boast": monthly(loud, "members"),
        "nobody boasts": monthly(quiet, "members"),
    }
    grown = np.diff(lines["the high-scored boast"])
    steepest = months(loud)[int(grown.argmax())].astype("datetime64[M]")
    says = (
        f"Opting into the private score spreads along ties: slow at first, fastest in {steepest}, "
        f"then slower, for most of those who shop online have heard. It reaches "
        f"{lines['the high-scored boast'][-1]:.0%} of adults; without boasting, "
        f"{lines['nobody boasts'][-1]:.0%}."
    )
    title = "Joining spreads as an S"
    return over_time("adoption", title, says, "share of adults", True, months(loud), lines)


def protest(n: int) -> Series:
    """M17, M18: quiet, then sudden."""
    thaw, stays = lived("thaw", citizens=n), lived("atlantic-2018", citizens=n)
    lines = {
        "the system ends in 2018": 1000 * monthly(thaw, "protests"),
        "the system stays": 1000 * monthly(stays, "protests"),
    }
    when = months(thaw)
    end = np.datetime64("2018-01-01")
    before = lines["the system ends in 2018"][(when < end) & (when >= np.datetime64("2016-01-01"))]
    after = lines["the system ends in 2018"][when >= end]
    says = (
        f"In the two years before the end, {before.mean():.2f} days of protest a month for each "
        f"1,000 adults, and never more than {before.max():.2f}; afterwards {after.mean():.2f}, and "
        f"in one month {after.max():.1f}. Nobody's wish changed overnight: a threshold that fear "
        "had raised was low enough again for one contact's march to bring the next."
    )
    title = "Protest is quiet, then sudden"
    unit = "days of protest for each 1,000 adults and month"
    return over_time("protest", title, says, unit, False, when, lines)


def chilling(n: int) -> Series:
    """M18: fear outlives what it was of."""
    thaw = lived("thaw", citizens=n)
    chilled = monthly(thaw, "chilled_acts", "would_acts")
    penalties = monthly(thaw, "stops") + monthly(thaw, "true_news_flagged")
    when = months(thaw)
    end = when >= np.datetime64("2018-01-01")
    lines = {
        "lawful acts never done": chilled / chilled.max(),
        "stops and flagged posts": penalties / penalties.max(),
    }
    half = int(np.argmax(chilled[end] < chilled[~end][-1] / 2))
    says = (
        f"Stops and flags end at once on 1 January 2018. In the last month before, "
        f"{chilled[~end][-1]:.1%} of lawful acts were held back; it takes {half} months until half "
        f"as many are."
    )
    title = "Chilling outlives the penalties"
    unit = "of the highest month"
    return over_time("chilling", title, says, unit, True, when, lines)


def isolation(n: int) -> Series:
    """M10, M19: critics' ties fall behind those of matched others."""
    system, free = lived("atlantic-2018", LONG, citizens=n), lived("unwatched", LONG, citizens=n)
    when = months(system)

    def course(tallies):
        by_month = np.array([critics_degree(tallies, m) for m in range(when.size)])
        return by_month / by_month[0] - 1

    lines = {"the system": course(system), "unwatched": course(free)}
    says = (
        f"Critics have as many ties as matched others' ties allow at first. Twelve years on they "
        f"have lost {-lines['the system'][-1]:.1%} more of them than the others under the system, "
        f"and {abs(lines['unwatched'][-1]):.1%} where nobody watches."
    )
    title = "Critics' circles shrink"
    unit = "change in critics' ties beside matched others'"
    return over_time("isolation", title, says, unit, True, when, lines)


def trap(n: int) -> Series:
    """M1, M2, M16: score classes that harden, the sooner the longer a file remembers."""
    worlds = {
        "files forget half in a year": 365,
        "files forget half in five years": 1825,
        "files never forget": 0,
    }
    lines, years = {}, None
    for label, half_life in worlds.items():
        settings = (LONG, f"files.half_life_days={half_life}")
        moves = lived("atlantic-2018", *settings, citizens=n).class_moves.values
        moves = moves[-6:]  # the years in which everyone is scored
        lines[label] = np.array([shorrocks(year) for year in moves])
        years = 2027 - len(moves) + np.arange(len(moves))
        if half_life == 0:
            below = moves[:, 0].sum(1) / moves.sum((1, 2))
            stay = moves[:, 0, 0] / moves[:, 0].sum(1)
    first, final = (lines["files never forget"][k] for k in (0, -1))
    says = (
        f"Where files never forget, mobility between score classes falls year by year, from "
        f"{first:.2f} to {final:.2f} of 1; {stay[-1]:.0%} of those below the line are there a year "
        f"later, and they become more, from {below[0]:.1%} to {below[-1]:.1%} of adults. Where "
        f"files forget half in a year, mobility stays at "
        f"{lines['files forget half in a year'][-1]:.2f}."
    )
    x = np.array([f"{y}-01-01" for y in years], "datetime64[D]")
    title = "Score classes harden into a trap"
    unit = "Shorrocks mobility a year: 0 = everyone stays in their class"
    return over_time("trap", title, says, unit, False, x, lines)


def support(n: int) -> Series:
    """M6, M22: support falls when penalties become visible."""
    hidden, seen = (lived("atlantic-2018", news, citizens=n) for news in (HIDDEN, SEEN))
    lines = {
        "news of penalties passes from 2018": monthly(seen, "support_sum") / 255,
        "news of penalties is hushed": monthly(hidden, "support_sum") / 255,
    }
    gap = lines["news of penalties is hushed"][-1] - lines["news of penalties passes from 2018"][-1]
    says = (
        f"The penalties are the same in both worlds. Where news of them passes from 2018 on, "
        f"support is {100 * gap:.1f} points of 100 lower by the end of 2020."
    )
    title = "Support falls when penalties are seen"
    return over_time("support", title, says, "mean support", True, months(seen), lines)


PICTURES = (adoption, protest, chilling, isolation, trap, support)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=300_000)
    given = parser.parse_args()
    told = []
    for make in PICTURES:
        series = make(given.citizens)
        drawn = charts.chart(series, width=640) | {"padding": 14}
        drawn["config"] = drawn["config"] | {"background": "white"}
        (HERE / "figures" / f"{series.name}.svg").write_text(to_svg(drawn), "utf-8")
        told.append(
            f"## {series.title}\n{make.__doc__}\n\n![{series.title}](figures/{series.name}.svg)\n\n"
            f"{series.caption}\n"
        )
    head = (
        "# What nobody wrote into the laws\n\n"
        f"Written by `make docs` from runs of {given.citizens:,} invented citizens; every number "
        "is read off these runs and changes with them. None of these courses stands in a law or a "
        "scenario: the laws are of one person and one day. Nearly all figures are assumptions, so "
        "the shapes are what to look at, not the heights.\n\n"
    )
    (HERE / "emergence.md").write_text(head + "\n".join(told), "utf-8")


if __name__ == "__main__":
    main()
