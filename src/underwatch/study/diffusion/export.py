"""A study of diffusion from its figures to a table of states, beside the published index."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from underwatch.engine.simulation import Progress
from underwatch.results.partial import PartialResults
from underwatch.scenario.evidence import cite, figures
from underwatch.study.diffusion.declaration import REGIMES, Study
from underwatch.study.diffusion.nations import RATIOS, run_all, shares
from underwatch.study.diffusion.spread import NEVER, spread
from underwatch.study.diffusion.states import REPLICATES, SIZES, States, invent, looked_up

BY_REGIME, IN_ALL = "feldstein_2019_by_regime", "feldstein_2019"
ALL, FACES = "all", "face recognition"


@dataclass(frozen=True)
class Exported:
    """What a study came to: a table by state, organ and year, and where it came from."""

    study: Study
    provenance: dict
    states: "xarray.Dataset"  # noqa: F821


def export(
    study: Study,
    sources: dict[str, str] | None = None,
    partial: Path | None = None,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Exported:
    """Let the organs spread, and live a nation for each state that takes any.

    halfway: a folder in which finished nations are kept, so that the same study
    goes on from there when it was interrupted.
    """
    from underwatch.results.provenance import made_with

    started, clock = datetime.now(UTC), time.perf_counter()
    worlds = study.nations.worlds()
    kept = PartialResults(partial, f"{study.hash} {worlds[0].hash} {worlds[1].hash}")
    states = invent(study)
    replicates = looked_up(study.seed, REPLICATES, study.index.replicates).astype(np.uint64)
    adopted = spread(study, states, [study.seed, *replicates])
    counts = run_all(study, worlds, adopted[0], kept, progress)
    rows = compare(study, states, adopted)
    digest = hashlib.sha256(adopted[0].tobytes() + counts.tobytes()).hexdigest()
    provenance = {
        **made_with(),
        "title": study.title,
        "text": study.text,
        "study": study.model_dump(mode="json"),
        "study_hash": study.hash,
        "scenario_hashes": {"before": worlds[0].hash, "after": worlds[1].hash},
        "sources": sources or {},
        "seed": study.seed,
        "states": study.states.number,
        "adopters": int((adopted[0] < NEVER).any(1).sum()),
        "citizens": study.nations.citizens,
        "comparison": rows,
        "result_hash": digest,
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    return Exported(study, provenance, table(study, states, adopted[0], counts, rows))


def compare(study: Study, states: States, adopted: np.ndarray) -> list[dict]:
    """Shares of states that use AI surveillance at the end of the index's year, in per cent.

    adopted: int64 (replicates, states, groups), the study's own luck first. One row
    for each type of regime, one for all states, one for face recognition; "low"
    and "high" hold nine replicates in ten.
    """
    groups, year = list(study.offers), study.index.year
    uses, faces = (
        (adopted[:, :, [groups.index(name) for name in names]] <= year).any(2)
        for names in (study.index.uses, study.index.faces)
    )
    by_regime, in_all = figures()[BY_REGIME].value, figures()[IN_ALL].value
    everyone = np.ones(len(states.regime), bool)
    rows = [
        _row(study, regime, uses, states.regime == k, 100 * by_regime[regime], BY_REGIME)
        for k, regime in enumerate(REGIMES)
    ]
    for name, who, key in ((ALL, uses, "ai_surveillance"), (FACES, faces, "face_recognition")):
        published = 100 * in_all[key] / in_all["looked_at"]
        rows.append(_row(study, name, who, everyone, published, IN_ALL))
    return rows


def _row(study, name, uses, among, published, key) -> dict:
    percent = 100 * uses[:, among].mean(1) if among.any() else np.zeros(len(uses))
    low, high = np.quantile(percent[1:], [0.05, 0.95])
    return {
        "of": name,
        "states": int(among.sum()),
        "adopters": round(float(percent[0]), 2),
        "mean": round(float(percent[1:].mean()), 2),
        "low": round(float(low), 2),
        "high": round(float(high), 2),
        "index": round(published, 2),
        "confidence": figures()[key].confidence,
        "source": cite(key),
        "fitted": study.index.fitted,
    }


def table(study, states: States, adopted, counts, rows) -> "xarray.Dataset":  # noqa: F821
    """All of it as an xarray Dataset by state, organ, year and regime."""
    import xarray as xr

    years = np.arange(study.years.first, study.years.last + 1)
    held = adopted[:, :, None] <= years
    taken = np.where(adopted < NEVER, adopted, np.nan)
    own = np.where((adopted < NEVER).any(1), study.years.last + 1 - adopted.min(1), 0)
    variables = {
        "regime": ("state", np.array(REGIMES)[states.regime], _about("type", "Type of regime")),
        "size_class": ("state", np.array(SIZES)[states.size_class],
                       _about("class", "Size, by thirds of the states")),
        "size": ("state", states.size, _about("middle states", "Size, 1 = the middle state")),
        "trade_with_exporter": ("state", 100 * states.exporter / 65536,
                                _about("% of its trade", "Trade with the exporter")),
        "adopted": (("state", "organ"), taken,
                    _about("year", "From whose first day a state has an organ; NaN = never")),
        "holders": (("organ", "year"), held.sum(0),
                    _about("states", "States that have an organ in a year")),
        "years_lived": ("state", own, _about("years", "Years that its nation was lived")),
    }  # fmt: skip
    for name, by_year in shares(counts):
        about = _about(RATIOS[name].unit, f"{RATIOS[name].says}; NaN = nothing to divide by")
        variables[f"{name}_by_year"] = (("state", "year"), by_year, about)
    for name, in_all in shares(counts.sum(1)):
        says = f"{RATIOS[name].says}, over all years lived; NaN = nothing to divide by"
        about = _about(RATIOS[name].unit, says)
        variables[name] = ("state", in_all, about)
    for name, says in (("adopters", "Use AI surveillance, in this luck"),
                       ("mean", "Use AI surveillance, mean over replicates"),
                       ("index", "Use AI surveillance, as published")):  # fmt: skip
        values = [row[name] for row in rows]
        about = _about("% of states", f"{says}, at the end of {study.index.year}")
        variables[f"share_{name}"] = ("of", values, about)
    coords = {
        "state": ("state", np.arange(len(adopted)), {"long_name": "number of an invented state"}),
        "organ": ("organ", list(study.offers), {"long_name": "group of organs"}),
        "year": ("year", years, {"long_name": "year"}),
        "of": ("of", [row["of"] for row in rows], {"long_name": "which states are counted"}),
    }
    return xr.Dataset(variables, coords, {"title": study.title, "study_hash": study.hash})


def _about(units: str, long_name: str) -> dict:
    return {"units": units, "long_name": long_name}
