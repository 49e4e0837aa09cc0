"""A targets file as it is read, with its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import PrivateAttr

from underwatch.calibration.checks import check_leaves
from underwatch.calibration.declaration import TARGETS, Declared
from underwatch.scenario.loading import is_path, read

if TYPE_CHECKING:
    from underwatch.scenario.loading.builder import Builder


class Targets(Declared):
    """What is fitted, and to what.

    Attributes
    ----------
    scenario: the name of a shipped scenario or a path, seen from the folder of the file.
    settings: scenario key → value, for all runs.
    citizens, days: of every run; by default those of the scenario, and up to the last target.
    seeds: runs at each point, each with a seed of its own. seed: the first of all seeds.
    points: of each wave; by default ten for each parameter. waves: at most so many.
    draws: points of the posterior that are simulated in the end.
    people: how many people the counts of the targets are of; simulated counts are scaled to it.
    discrepancy: of every target that declares none; see `Target`.
    fit: scenario key → {low: …, high: …}, or `default` for the range of the assumption; for a
        key with values by date, date → {low: …, high: …}. Before any run, every value between
        the two ends is as plausible as every other.
    targets: name → `Target`. held_out: the same; never fitted, and compared in the end.
    correlated: name → {targets: […], correlation: …}: targets whose errors are correlated; those
        of all others are independent.

    Examples
    --------
    >>> Targets.load("atlantic-2018").scenario
    'atlantic-2018'
    """

    _folder: Path = PrivateAttr(default=Path())

    @classmethod
    def load(cls, name: str | Path, settings: Iterable[str] = ()) -> Targets:
        """Read a shipped file by its name, or a file by its path; settings are "key=value".

        Raises UserError with every fault, each with its line.
        """
        folder = Path(name).expanduser().parent if is_path(str(name)) else Path()

        def check(builder: Builder[Targets]) -> None:
            check_leaves(builder, folder)

        found: Targets = read(name, cls, settings, TARGETS, check=check).value
        found._folder = folder
        return found
