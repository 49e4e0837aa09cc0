"""The states of a study as an xarray Dataset by state, organ and year."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from underwatch.study.diffusion.declaration import REGIMES, Study
from underwatch.study.diffusion.goals import GOALS
from underwatch.study.diffusion.populations import RATIOS, ratios
from underwatch.study.diffusion.spread import NEVER, NOBODY, Spread
from underwatch.study.diffusion.states import SIZES, States

if TYPE_CHECKING:
    import xarray as xr


def states_dataset(
    study: Study, states: States, found: Spread, counts: np.ndarray, index: list[dict],
    measured: np.ndarray,
) -> xr.Dataset:  # fmt: skip
    """All findings of a study, each variable with its unit and a label.

    found: of one replicate, (states, groups). counts: as `run_populations` returns them. index:
    as `compare_with_index` returns it. measured: as `effects` returns it.
    """
    import xarray as xr

    adopted, supplier = found
    years = np.arange(study.years.first, study.years.last + 1)
    held = adopted[:, :, None] <= years
    year_adopted = np.where(adopted < NEVER, adopted, np.nan)
    simulated = np.where((adopted < NEVER).any(1), study.years.last + 1 - adopted.min(1), 0)
    variables = {
        "regime": ("state", np.array(REGIMES)[states.regime], _attrs("type", "Type of regime")),
        "size_class": ("state", np.array(SIZES)[states.size_class],
                       _attrs("class", "Size class, thirds of the states")),
        "size": ("state", states.size, _attrs("median states", "Size relative to the median")),
        "trade_with_exporter": ("state", 100 * states.exporter / 65536,
                                _attrs("% of its trade", "Trade with the exporter")),
        "adopted": (("state", "organ"), year_adopted,
                    _attrs("year", "Year of adoption, active from its first day; NaN = never")),
        "supplier": (("state", "organ"), _suppliers(adopted, supplier),
                     _attrs("state", "State that sold the group; -1 = the exporter, NaN = nobody")),
        "effect": (("organ", "goal"), 100 * measured,
                   _attrs("%", "Change that a group adds to the groups that it requires, mean of "
                               "trial nations")),
        "holders": (("organ", "year"), held.sum(0),
                    _attrs("states", "States that hold an organ in a year")),
        "years_simulated": ("state", simulated,
                            _attrs("years", "Years for which its population was simulated")),
    }  # fmt: skip
    for name, by_year in ratios(counts):
        attrs = _attrs(RATIOS[name].unit, f"{RATIOS[name].label}; NaN = not defined")
        variables[f"{name}_by_year"] = (("state", "year"), by_year, attrs)
    for name, overall in ratios(counts.sum(1)):
        label = f"{RATIOS[name].label}, over all years simulated; NaN = not defined"
        variables[name] = ("state", overall, _attrs(RATIOS[name].unit, label))
    for name, label in (("adopters", "Use of AI surveillance, in this replicate"),
                        ("mean", "Use of AI surveillance, mean over replicates"),
                        ("index", "Use of AI surveillance, as published")):  # fmt: skip
        values = [row[name] for row in index]
        attrs = _attrs("% of states", f"{label}, at the end of {study.index.year}")
        variables[f"share_{name}"] = ("of", values, attrs)
    coords = {
        "state": ("state", np.arange(len(adopted)), {"long_name": "number of an invented state"}),
        "organ": ("organ", list(study.offers), {"long_name": "group of organs"}),
        "year": ("year", years, {"long_name": "year"}),
        "of": ("of", [row["of"] for row in index], {"long_name": "which states are counted"}),
        "goal": ("goal", [*GOALS], {"long_name": "what adopters measure"}),
    }
    return xr.Dataset(variables, coords, {"title": study.title, "study_hash": study.hash})


def _suppliers(adopted: np.ndarray, supplier: np.ndarray) -> np.ndarray:
    """The number of each supplier, -1 for the exporter, NaN for none."""
    sold = np.where(supplier == len(adopted), -1, supplier)
    return np.where((adopted < NEVER) & (supplier != NOBODY), sold, np.nan)


def _attrs(units: str, long_name: str) -> dict:
    return {"units": units, "long_name": long_name}
