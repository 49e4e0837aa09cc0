"""`diffusion`: organs spread over invented states by what adopters measured and sold."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

from underwatch.engine.resources import refuse_after_fork
from underwatch.engine.simulation import Progress
from underwatch.errors import UserError, shortened
from underwatch.kernel.identity import code_digest
from underwatch.results.ledger import Ledger
from underwatch.results.provenance import made_with
from underwatch.scenario.limits import Range, check_run_size, check_size
from underwatch.study.asked import Size, about_to_run, begun, is_asked
from underwatch.study.budget import BUDGET
from underwatch.study.diffusion.dataset import states_dataset
from underwatch.study.diffusion.declaration import Study, reading
from underwatch.study.diffusion.index import compare_with_index
from underwatch.study.diffusion.populations import run_populations
from underwatch.study.diffusion.result import Diffusion
from underwatch.study.diffusion.size import fitting
from underwatch.study.diffusion.spread import NEVER, Spread, spread
from underwatch.study.diffusion.states import REPLICATES, draw_for_states, invent
from underwatch.study.diffusion.trials import TrialNations, effects
from underwatch.study.worlds import in_society

MAX_CITIZENS = 10_000_000  # of one population, as in the declaration


class Declared(NamedTuple):
    """A study as declared, with the source of each of its values by dotted path."""

    study: Study
    sources: dict[str, str]


def read_study(
    study: Study | Declared | str | Path, seed: int | None = None, citizens: int | None = None,
    settings: Iterable[str] = (),
) -> Declared:  # fmt: skip
    """A study from its name, its file or itself, with another seed or other populations.

    settings: "key=value", for what is read from a file. Raises UserError with all problems.
    """
    size = check_run_size(seed=seed)
    if citizens is not None:
        citizens = check_size("citizens", citizens, Range(1, MAX_CITIZENS))
    if isinstance(study, str | Path):
        read = reading(study, [*settings])
        study = Declared(read.value, dict(read.sources))
    elif isinstance(study, Study):
        study = Declared(study, dict(getattr(study, "sources", None) or {}))
    elif not isinstance(study, Declared):
        raise UserError(
            f"{shortened(repr(study))} is not a study; give a Study, the name of a shipped one or "
            "the path of a .yaml file."
        )
    declared, sources = study
    if citizens is not None:
        nations = declared.nations.model_copy(update={"citizens": citizens})
        declared = declared.model_copy(update={"nations": nations})
        sources = sources | {"nations.citizens": "set for this study"}
    if size:
        declared = declared.model_copy(update=size)
        sources = sources | {"seed": "set for this study"}
    return Declared(declared, sources)


def diffusion(
    study: Study | Declared | str | Path = "diffusion",
    *,
    seed: int | None = None,
    citizens: int | None = None,
    budget: float | None = BUDGET,
    checkpoint: str | Path | None = None,
    scheduler: str | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Diffusion:
    """Let organs spread over invented states, and simulate a population of each adopter.

    States learn from trial nations what the organs did for those who adopted them before.

    Parameters
    ----------
    study : the name of a shipped study, the path of a .yaml file, or a declared study.
    seed : replaces the study's own.
    citizens : of the population of each state, in place of the study's own.
    budget : minutes that the study may take. Without `citizens`, the populations are the largest
        that fit, at most those of the study; None for no limit.
    checkpoint : a folder that keeps finished populations, so that an interrupted study can be
        resumed.
    scheduler : the address of a Dask scheduler whose workers simulate the populations, such as
        "tcp://10.0.0.1:8786"; by default the cores of this machine. It changes no bit.
    progress : is called with an engine `Progress`: the first stage is a sentence on the size,
        without a count; in the stage "trials" `done` sets of organs
        are measured, in the stage "states" `done` of `total` populations are finished.

    Returns
    -------
    Diffusion
        `.states` is an xarray Dataset by state, organ and year; `.index` compares adoption with
        a published index.

    Raises
    ------
    UserError
        with all the problems of a study file.

    Examples
    --------
    >>> import underwatch as uw
    >>> from underwatch.study.diffusion.declaration import Study
    >>> small = ["states.number=12", "years.first=2017", "years.last=2018", "index.year=2018",
    ...          "trials.populations=1", "trials.days=90"]
    >>> found = uw.diffusion(Study.load("diffusion", small), citizens=100)
    >>> found.states.sizes["state"]
    12
    """
    refuse_after_fork()
    started, clock = datetime.now(UTC), time.perf_counter()
    declared = read_study(study, seed, citizens)
    folder = None if checkpoint is None else Path(checkpoint)
    size = fitting(declared.study, None if citizens is not None else budget, folder)
    if size is None or is_asked():
        pass
    elif progress is not None:
        progress(Progress(size.sentence, 0, 0))
    else:
        size.warn()
    if size is not None and size.citizens < size.own:
        declared = read_study(declared, citizens=size.citizens)
    study, sources = declared
    worlds = study.nations.worlds()
    years = study.years
    trials_at_most = 2 ** len(study.offers) * study.trials.populations
    nation = in_society(worlds[1], citizens=study.nations.citizens)
    length = 366 * (years.last - years.first + 1)
    runs = study.states.number + trials_at_most
    about_to_run(Size(nation, runs, length, at_most=True), scheduler)
    key = f"{study.hash} {worlds[0].hash} {worlds[1].hash}"
    states = invent(study)
    replicates = draw_for_states(study.seed, REPLICATES, study.index.replicates).astype(np.uint64)
    ledger = Ledger(folder, key, code_digest(), {"citizens": study.nations.citizens})
    with begun(ledger) as kept:
        trials = TrialNations(study, worlds, kept, progress, scheduler)
        found = spread(study, states, [study.seed, *replicates], trials)
        adopted, supplier = found.adopted[0], found.supplier[0]
        counts = run_populations(study, worlds, adopted, kept, progress, scheduler)
        measured = effects(study, trials)
    index = compare_with_index(study, states, found.adopted)
    digest = hashlib.sha256(adopted.tobytes() + supplier.tobytes() + counts.tobytes()).hexdigest()
    provenance = {
        **made_with(),
        "kind": "diffusion",
        "title": study.title,
        "text": study.text,
        "study": study.model_dump(mode="json"),
        "study_hash": study.hash,
        "scenario_hashes": {"before": worlds[0].hash, "after": worlds[1].hash},
        "sources": sources,
        "seed": study.seed,
        "states": study.states.number,
        "adopters": int((adopted < NEVER).any(1).sum()),
        "citizens": study.nations.citizens,
        "comparison": index,
        "result_hash": digest,
        **(size.about if size else {}),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    table = states_dataset(study, states, Spread(adopted, supplier), counts, index, measured)
    return Diffusion(provenance, study, index, lambda: table)
