"""The census that a scenario names: found and opened as a file of its own."""

from pathlib import Path
from typing import Any

from underwatch.errors import Problem, UserError
from underwatch.scenario.census import check_name
from underwatch.scenario.data import CENSUSES
from underwatch.scenario.loading.documents import Document
from underwatch.scenario.loading.files import find, label, open_document


def census_document(
    wanted: Any, folder: Path, where: str | None, problems: list[Problem]
) -> Document | None:
    """The file of a census that is named at a place, seen from a folder; None, and problems."""
    try:
        wanted = check_name(wanted)
    except UserError as error:
        problems.append(Problem(where, error.problems[0].sentence))
        return None
    path = find(wanted, folder, CENSUSES, where, problems)
    document = open_document(path, label(path, CENSUSES), problems) if path else None
    if document is not None and "extends" in document.root:
        place = document.where(document.root, "extends")
        problems.append(Problem(place, "a census extends no other; write all of its figures."))
        return None
    return document


def census_name(document: Document) -> str:
    """What a scenario writes to name a census: its name if it is shipped, else its path."""
    path = document.path
    return path.stem if path and path.parent == CENSUSES.resolve() else document.name
