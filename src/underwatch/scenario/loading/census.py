"""The census that a scenario names: found, read and checked as a file of its own."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from underwatch.errors import Problem, UserError
from underwatch.scenario.census import Census, check_name
from underwatch.scenario.data import CENSUSES
from underwatch.scenario.loading.files import find, label, open_document
from underwatch.scenario.loading.gathered import Leaf
from underwatch.scenario.sections.society import Margins

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder


class Named(NamedTuple):
    """A census as a scenario names it, and the leaf of each of its margins."""

    name: str
    leaves: dict[str, Leaf]


def named_census(
    builder: "Builder[Census]", wanted: Any, folder: Path, where: str | None
) -> Named | None:
    """Read the census that is named at a place; None, and problems, if it is refused.

    builder: of a Census, empty; folder: the one from which a path is seen.
    """
    problems = builder.problems
    try:
        wanted = check_name(wanted)
    except UserError as error:
        problems.append(Problem(where, error.problems[0].sentence))
        return None
    path = find(wanted, folder, CENSUSES, where, problems)
    document = open_document(path, label(path, CENSUSES), problems) if path else None
    if path is None or document is None:
        return None
    if "extends" in document.root:
        place = document.where(document.root, "extends")
        problems.append(Problem(place, "a census extends no other; write all of its figures."))
        return None
    builder.add(document)
    if builder.checked(f"{document.name}:1") is None or problems:
        return None
    shipped = path.parent == CENSUSES.resolve()
    leaves = {name: builder.leaves[(name,)] for name in Margins.model_fields}
    return Named(path.stem if shipped else document.name, leaves)
