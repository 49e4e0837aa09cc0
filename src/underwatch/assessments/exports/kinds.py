"""The exports by name, and how one is written to a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import NamedTuple

from underwatch.assessments.exports.exported import Exported
from underwatch.assessments.result import Assessed
from underwatch.errors import UserError, did_you_mean
from underwatch.results.folder import as_path
from underwatch.results.single_file import write_file


class Kind(NamedTuple):
    """what: the form or format. suffix: of its file. module: of this folder, with `export`."""

    what: str
    suffix: str
    module: str


KINDS = {
    "ca-aia": Kind(
        "Canada's Algorithmic Impact Assessment, for the official tool", ".json", "canada.file"
    ),
    "iama": Kind(
        "Dutch impact assessment of human rights and algorithms, version 2", ".yaml", "dutch"
    ),
    "nl-dpia": Kind(
        "Dutch government data protection impact assessment, version 3", ".yaml", "dutch"
    ),
    "dpv": Kind("W3C Data Privacy Vocabulary, as JSON-LD", ".jsonld", "dpv"),
    "atrs": Kind("UK Algorithmic Transparency Recording Standard, draft", ".md", "prose"),
    "ico-dpia": Kind("UK Information Commissioner's DPIA template, draft", ".md", "prose"),
    "us-sir": Kind("US surveillance ordinances: impact report, draft", ".md", "prose"),
}


def not_an_export(kind: str) -> str:
    """The sentence about a name that is none of `KINDS`.

    >>> not_an_export("dpvv")
    'dpvv is not an export; did you mean dpv?'
    """
    if kind.lower() in ("fria", "eu-fria", "dpia", "gdpr-dpia"):
        return (
            f"{kind} is not an export: the fundamental rights impact assessment of Article 27 "
            "(FRIA), beside the GDPR's DPIA, is the document; write --document FILE.docx."
        )
    return f"{kind} is not an export{did_you_mean(kind, KINDS)}"


def exported(assessed: Assessed, kind: str) -> Exported:
    """An export as text. Raises UserError for a kind that is none of `KINDS`."""
    if kind not in KINDS:
        raise UserError(not_an_export(kind))
    module = import_module(f"underwatch.assessments.exports.{KINDS[kind].module}")
    make: Callable[[Assessed, str], Exported] = module.export
    return make(assessed, kind)


def write_export(assessed: Assessed, kind: str, path: str | Path | None = None) -> tuple[Path, str]:
    """Write an export; gives the path and a sentence on what is in it.

    path: by default `new_file` of the deployment's name. One that is named is replaced if it
    exists.
    """
    made = exported(assessed, kind)
    file = as_path(path) if path is not None else new_file(assessed.name, kind)
    write_file(file, made.text, replace=path is not None)
    return file, made.note


def new_file(name: str, kind: str) -> Path:
    """A file of the current folder for an export that is not there yet.

    name: of the deployment. An author fills in what an export leaves open, so that one that
    exists is kept: after station-ca-aia.json comes station-ca-aia-2.json.
    """
    names = (f"{name}-{kind}{'' if k == 1 else f'-{k}'}{KINDS[kind].suffix}" for k in count(1))
    return next(file for each in names if not os.path.lexists(file := Path(each)))
