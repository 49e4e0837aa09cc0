"""The job `assessment`: a deployment assessed, with its document and everything to download.

assessment.json   findings, the table of headlines, and what there is to download
document.html, document.docx, deployment.yaml, estimates.csv, export-KIND.SUFFIX
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import underwatch as uw
from underwatch.errors import UserError
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import write_json

RESULT, FILE, ESTIMATES = "assessment.json", "deployment.yaml", "estimates.csv"


def arguments_of(system: str, answers: dict[str, Any], seeds: int) -> dict[str, Any]:
    """What the job is given."""
    return {"system": system, "answers": answers, "seeds": seeds}


def work(folder: Path, arguments: dict[str, Any], report: Progress) -> None:
    """Assess the deployment, and write the document and the downloads."""
    form = uw.DeploymentForm(arguments["system"])
    deployment = form.read(arguments["answers"])
    found = uw.assess(
        deployment, seeds=arguments["seeds"], workers=1,
        progress=lambda stage, done, total: report("assessing", done, total),
    )  # fmt: skip
    report("report")
    (folder / FILE).write_text(form.file(arguments["answers"]), "utf-8")
    found.to_dataframe().to_csv(folder / ESTIMATES, index=False)
    for ending in ("html", "docx"):
        found.document(folder / f"document.{ending}")
    write_json(folder / RESULT, result_of(found) | {"exports": _exported(folder, found)})


def result_of(found: uw.Assessment) -> dict[str, Any]:
    """What the page shows of an assessment."""
    origin = found.provenance
    tested = [each.agrees for each in found.estimates if each.agrees is not None]
    return {
        "title": found.deployment.title,
        "system": found.deployment.kind,
        "findings": [each.sentence for each in found.findings],
        "headline": found.headline(),
        "assumptions": origin.assumptions,
        "figures": len(found.deployment.figures),
        "seeds": len(origin.seeds),
        "agree": sum(tested),
        "tested": len(tested),
        "methods": found.methods(),
    }


def _exported(folder: Path, found: uw.Assessment) -> list[dict[str, str]]:
    """The exports that this deployment can have, each written to a file."""
    made = []
    for kind, what in found.exports().items():
        try:
            file = found.export(kind, folder / f"export-{kind}")
        except UserError:
            continue  # a form that is for another kind of system
        made.append({"kind": kind, "what": what, "file": file.name})
    return made
