"""A small nation for each state that has taken anything: what its organs do to its people.

An organ is nothing until the first day of the year in which the state takes it,
and from then on what it is on the last day of the scenario it is taken from.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np

from underwatch.engine.simulation import Progress
from underwatch.results.partial import PartialResults
from underwatch.results.run import run
from underwatch.scenario import Scenario, Section
from underwatch.scenario.dated import Dated
from underwatch.study.diffusion.declaration import Study
from underwatch.study.diffusion.states import PEOPLE, looked_up

_WORTH_A_THREAD = 20_000  # citizens


class Ratio(NamedTuple):
    """A sum over days as a share of another sum, times so much."""

    part: str
    whole: str
    times: float
    unit: str
    says: str


# What is kept of a nation.
RATIOS = {
    "chilled_share": Ratio("chilled_acts", "would_acts", 100, "% of acts",
                           "Lawful acts of expression not done for the risk perceived"),
    "restricted_share": Ratio("restricted", "adults", 100, "% of adults",
                              "Adults under a restriction, on the mean day"),
    "wrongful_share": Ratio("wrongful", "imposed", 100, "% of bans",
                            "Restrictions imposed with no true cause of one's own"),
    "support": Ratio("support_sum", "adults", 100 / 255, "of 100",
                     "Support for the system, on the mean day"),
    "reach": Ratio("tiers_with_file", "adults", 1, "files of 3",
                   "Files and copies held about an adult, on the mean day"),
    "records": Ratio("records", "adults", 1, "records",
                     "Records that a local file holds of an adult, on the mean day"),
}  # fmt: skip


def nation(study: Study, worlds: tuple[Scenario, Scenario], own: Mapping[str, int], seed: int):
    """The scenario of one state, from the year of its first organ to the last of the study.

    worlds: before and after, as `Nations.worlds` gives them. own: the year of
    each group that it takes.
    """
    before, _ = worlds
    first_day = date(min(own.values()), 1, 1)
    changed = {}
    for name, year in own.items():
        for key in study.offers[name].switches:
            off, on = (value_at(world, key).on(first_day) for world in worlds)
            changed[key] = Dated({first_day: off} | {date(year, 1, 1): on})
    people = {"citizens": study.nations.citizens, "seed": seed}
    society = before.society.model_copy(update=people)
    dates = {"first_day": first_day, "last_day": date(study.years.last, 12, 31)}
    dated = before.model_copy(update=dates | {"society": society})
    return with_values(dated, changed)


def value_at(section: Section, key: str):
    """What stands at a dotted key."""
    for name in key.split("."):
        section = getattr(section, name)
    return section


def with_values(section: Section, values: Mapping[str, object]) -> Section:
    """The same section with other values at some dotted keys."""
    update: dict = {}
    below: dict[str, dict] = {}
    for key, value in values.items():
        name, dot, rest = key.partition(".")
        if dot:
            below.setdefault(name, {})[rest] = value
        else:
            update[name] = value
    update |= {name: with_values(getattr(section, name), inner) for name, inner in below.items()}
    return section.model_copy(update=update)


def run_all(
    study: Study,
    worlds: tuple[Scenario, Scenario],
    adopted: np.ndarray,
    kept: PartialResults,
    progress: Callable[[Progress], None] = lambda _: None,
) -> np.ndarray:
    """Live every adopting state's nation: int64 (states, years, ratios, part and whole).

    adopted: years, int64 (states, groups), of one luck. kept: what was lived of
    this study before, and will be.
    """
    years = range(study.years.first, study.years.last + 1)
    seeds = looked_up(study.seed, PEOPLE, len(adopted))
    counts = np.zeros((len(adopted), len(years), len(RATIOS), 2), np.int64)
    takers = np.flatnonzero((adopted <= study.years.last).any(1))
    for done, s in enumerate(takers):
        progress(Progress("nations", done, len(takers)))
        lived = kept.get(f"state-{s:04}")
        if lived is None:
            own = {k: int(y) for k, y in zip(study.offers, adopted[s]) if y <= study.years.last}
            lived = _lived(nation(study, worlds, own, int(seeds[s])), years)
            kept.put(f"state-{s:04}", lived)
        counts[s] = lived
    progress(Progress("nations", len(takers), len(takers)))
    return counts


def _lived(scenario: Scenario, years: range) -> np.ndarray:
    """The sums of one nation by calendar year."""
    import numba

    # Where citizens are few, threads cost more by waiting for each other than they save.
    threads = 1 + scenario.society.citizens // _WORTH_A_THREAD
    tallies = run(scenario, threads=min(threads, numba.config.NUMBA_NUM_THREADS)).tallies
    found = tallies["day"].values.astype("datetime64[Y]").astype(int) + 1970 - years[0]
    counts = np.zeros((len(years), len(RATIOS), 2), np.int64)
    for k, ratio in enumerate(RATIOS.values()):
        for side, name in enumerate((ratio.part, ratio.whole)):
            np.add.at(counts[:, k, side], found, tallies[name].values)
    return counts


def shares(counts: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Each ratio of such counts, NaN where there is nothing to divide by."""
    for k, (name, ratio) in enumerate(RATIOS.items()):
        part, whole = counts[..., k, 0], counts[..., k, 1]
        yield name, np.where(whole > 0, ratio.times * part / np.maximum(whole, 1), np.nan)
