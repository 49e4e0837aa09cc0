"""Studies of several worlds as the series that their pages draw."""

from typing import TYPE_CHECKING

import numpy as np

from underwatch.report.series import Series, ratio
from underwatch.report.series.counts import number_text as figures

if TYPE_CHECKING:
    import xarray as xr

    from underwatch.study.attribute import Attribution
    from underwatch.study.compare import Comparison
    from underwatch.study.frontier import Frontier

# What is drawn of worlds side by side: title, part, whole, unit, is it a percentage, times.
COURSES = {
    "chilled": ("Lawful acts never done", "chilled_acts", "would_acts", "share of acts", True, 1),
    "restricted": ("Under restrictions", "restricted", "adults", "share of adults", True, 1),
    "wrongful": ("Restrictions without a cause of one's own", "wrongful", "adults",
                 "per 100,000 adults and year", False, 100_000 * 365.25),
    "offences": ("Minor offences", "offences", "adults", "per 1,000 adults and year", False,
                 1000 * 365.25),
    "kept": ("Instalments paid in time", "instalments_kept", "instalments_due",
             "share of instalments", True, 1),
    "support": ("Support for the system", "support_sum", "adults", "of 100", False, 100 / 255),
    "trust": ("Trust", "trust_sum", "adults", "of 100", False, 100 / 255),
    "risk": ("Perceived risk of speaking", "risk_sum", "adults", "of 100", False, 100 / 255),
}  # fmt: skip


def of_comparison(comparison: "Comparison") -> list[Series]:
    """The worlds' courses by month, mean over seeds."""
    return courses(comparison.dataset())


def courses(tallies: "xr.Dataset") -> list[Series]:
    """One picture for each course, one line for each world."""
    days = tallies["day"].values.astype("datetime64[D]")
    months, first = np.unique(days.astype("datetime64[M]"), return_index=True)

    def monthly(name, world):
        daily = tallies[name].sel(world=world).sum("seed").transpose("day").values
        return np.add.reduceat(daily.astype(float), first)

    found = []
    for name, (title, part, whole, unit, percent, times) in COURSES.items():
        lines = {
            str(world): times * ratio(monthly(part, world), monthly(whole, world))
            for world in tallies["world"].values
        }
        says = "; ".join(f"{world} {_said(line, percent)}" for world, line in lines.items())
        says = f"On average: {says}."
        x = months.astype("datetime64[D]")
        found.append(Series(name, title, says, unit, percent, x, lines))
    return found


def _said(line: np.ndarray, percent: bool) -> str:
    known = line[~np.isnan(line)]
    if not known.size:
        return "unknown"
    mean = float(known.mean())
    return f"{figures(100 * mean)} %" if percent else figures(mean)


def of_attribution(found: "Attribution") -> list[Series]:
    """The shares as bars, with their intervals if there are any."""
    names = np.array([part.name for part in found.parts])
    values = np.array([part.value for part in found.parts])
    spans = None
    if all(part.low is not None for part in found.parts):
        spans = tuple(np.array([getattr(p, k) for p in found.parts]) for k in ("low", "high"))
    largest = found.parts[0]
    says = (
        f"{largest.name} has the largest share: {figures(largest.value)} of "
        f"{figures(found.total)} {found.unit}."
    )
    title = "What each part adds, averaged over every order in which they could come"
    return [Series("shares", title, says, found.unit, False, names, {"share": values}, spans=spans)]


def of_frontier(found: "Frontier") -> list[Series]:
    """Harm that is left against the stated benefit that is left, along the frontier."""
    points = sorted(found.points, key=lambda point: point.benefit)
    x = np.array([point.benefit for point in points])
    lines = {"sets that nothing betters": np.array([point.harm for point in points])}
    says = (
        f"Without safeguards {figures(found.none.harm)} {found.harm_unit}; on the frontier from "
        f"{figures(min(p.harm for p in points))} to {figures(max(p.harm for p in points))}."
    )
    title = "What is left of the harm for what is left of the benefit"
    across = f"{found.benefit.replace('_', ' ')} ({found.benefit_unit})"
    return [Series("frontier", title, says, found.harm_unit, False, x, lines, across)]
