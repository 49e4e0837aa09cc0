"""`load`: any result folder back as the object that wrote it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.base import Result
from underwatch.results.ledger import is_ledger

# The kind that run.json states, and the class whose `load` reads such a folder.
KINDS = {
    "run": "underwatch.results.run_result.Run",
    "replicates": "underwatch.study.replicates_result.Runs",
    "compare": "underwatch.study.compare.Comparison",
    "attribute": "underwatch.study.attribute.Attribution",
    "frontier": "underwatch.study.frontier.Frontier",
    "diffusion": "underwatch.study.diffusion.Diffusion",
    "sweep": "underwatch.study.sweep.result.Sweep",
    "calibrate": "underwatch.calibration.result.Calibration",
    "sensitivity": "underwatch.sensitivities.result.Sensitivity",
    "explain": "underwatch.explanation.Explanation",
    "assess": "underwatch.assessments.assessment.Assessment",
    "verify": "underwatch.verification.result.Verification",
}


def load(folder: str | Path) -> Result:
    """Read a result folder: a run, an ensemble or a study; or the partial results of a sweep.

    Every file is compared with the manifest first; large tables are read when they
    are first used.

    Raises
    ------
    UserError
        If the folder is no result, or a file of it is missing or has changed.

    Examples
    --------
    >>> import tempfile, underwatch as uw
    >>> run = uw.run("unwatched", citizens=2000, days=30)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     same = uw.load(run.save(f"{place}/first"))
    ...     same.state_hash == run.state_hash
    True
    """
    folder = store.as_path(folder)
    if not store.is_run(folder) and is_ledger(folder):
        from underwatch.study.sweep.result import Sweep

        return Sweep.load_partial(folder)
    kind = kind_of(store.load_provenance(folder))
    if kind not in KINDS:
        raise UserError(
            f"{folder} holds a result of kind {kind!r}, which this version cannot read."
        )
    module, _, name = KINDS[kind].rpartition(".")
    found: Result = getattr(import_module(module), name).load(folder)
    return found


def kind_of(provenance: dict[str, object]) -> str:
    """The kind of a result; the provenance of earlier versions does not state every kind."""
    if "kind" in provenance:
        return str(provenance["kind"])
    return "run" if "scenario" in provenance else "diffusion"
