"""Sobol' indices: which factors the variance of a measure is due to, alone and with others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from underwatch.errors import UserError
from underwatch.study.statistics import LEVEL

if TYPE_CHECKING:
    import pandas as pd

    from underwatch.study.sweep.findings import SweepFindings

RESAMPLES = 999
COLUMNS = ("scenario", "factor", "first", "first_low", "first_high", "total", "total_low",
           "total_high")  # fmt: skip


def indices(found: SweepFindings, measure: str) -> pd.DataFrame:
    """The indices of a measure; see `Sweep.sensitivity`."""
    import pandas as pd

    if not found.is_sobol:
        kind = found.record["plan"]["plan"]
        raise UserError(f"Sobol' indices need a plan of the kind sobol; this one is a {kind}.")
    factors = [*found.record["plan"]["factors"]]
    samples = len(found.points) // (len(factors) + 2)
    rows: list[dict[str, Any]] = []
    for scenario in found.scenarios:
        of_one = found.dataset[measure].sel(scenario=scenario)
        values = of_one.mean("seed", skipna=False).values
        if np.isnan(values).any():
            raise UserError(
                f"{measure} is undefined in {int(np.isnan(values).sum()):,} of {len(values):,} "
                f"points in {scenario}, so that its variance over the plan is undefined."
            )
        for factor, row in zip(factors, estimated(values, samples), strict=True):
            rows.append({"scenario": scenario, "factor": factor} | row)
    return pd.DataFrame(rows, columns=[*COLUMNS])


def estimated(values: np.ndarray, samples: int) -> list[dict[str, float]]:
    """first and total of each factor, with the ends of their intervals.

    values: of the points in the order of the plan: A, B, then A with each column of B.
    """
    from scipy.stats import sobol_indices

    first, second, *mixed = values.reshape(-1, 1, samples)
    if np.ptp(values.reshape(-1, samples)[:2]) == 0:  # shares of no variance are undefined
        return [dict.fromkeys(COLUMNS[2:], np.nan) for _ in mixed]
    made = sobol_indices(
        func={"f_A": first, "f_B": second, "f_AB": np.array(mixed)}, n=samples,
        rng=np.random.default_rng(0),
    )  # fmt: skip
    drawn = made.bootstrap(confidence_level=LEVEL, n_resamples=RESAMPLES)
    rows = []
    for k in range(len(mixed)):
        row = {}
        for name, values_, interval in (
            ("first", made.first_order, drawn.first_order),
            ("total", made.total_order, drawn.total_order),
        ):
            ends = interval.confidence_interval
            parts = (values_, ends.low, ends.high)
            for end, part in zip(("", "_low", "_high"), parts, strict=True):
                row[f"{name}{end}"] = float(np.ravel(part)[k])
        rows.append(row)
    return rows
