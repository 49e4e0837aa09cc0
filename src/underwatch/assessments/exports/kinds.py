"""The exports by name, and how one is written to a file."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from underwatch.assessments.exports.exported import Exported
from underwatch.assessments.result import Assessed
from underwatch.errors import UserError, did_you_mean
from underwatch.results.folder import as_path
from underwatch.results.single_file import write_file


class Kind(NamedTuple):
    """what: the form or format. module: of this folder, with a function `export`."""

    what: str
    module: str


KINDS = {
    "ca-aia": Kind("Canada's Algorithmic Impact Assessment, for the official tool", "canada.file"),
    "iama": Kind("Dutch impact assessment of human rights and algorithms, version 2", "dutch"),
    "nl-dpia": Kind("Dutch government data protection impact assessment, version 3", "dutch"),
    "dpv": Kind("W3C Data Privacy Vocabulary, as JSON-LD", "dpv"),
    "atrs": Kind("UK Algorithmic Transparency Recording Standard, draft", "prose"),
    "ico-dpia": Kind("UK Information Commissioner's DPIA template, draft", "prose"),
    "us-sir": Kind("US surveillance ordinances: impact report, draft", "prose"),
}


def exported(assessed: Assessed, kind: str) -> Exported:
    """An export as text. Raises UserError for a kind that is none of `KINDS`."""
    if kind not in KINDS:
        raise UserError(f"{kind} is not an export{did_you_mean(kind, KINDS)}")
    module = import_module(f"underwatch.assessments.exports.{KINDS[kind].module}")
    make: Callable[[Assessed, str], Exported] = module.export
    return make(assessed, kind)


def write_export(assessed: Assessed, kind: str, path: str | Path | None = None) -> tuple[Path, str]:
    """Write an export; gives the path and a sentence on what is in it.

    path: by default the deployment's name and the kind, such as "station-ca-aia.json", in the
    current folder. A file that exists is replaced.
    """
    made = exported(assessed, kind)
    file = as_path(path if path is not None else f"{assessed.name}-{kind}{made.suffix}")
    write_file(file, made.text, replace=True)
    return file, made.note
