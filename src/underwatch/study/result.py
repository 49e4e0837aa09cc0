"""What the results of all studies have in common: provenance, a page, and a folder."""

from __future__ import annotations

import json
import time
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from underwatch.errors import UserError
from underwatch.results import folder as store
from underwatch.results.base import Page, Result, write_page
from underwatch.results.provenance import made_with
from underwatch.scenario import Scenario
from underwatch.study.schemas import codebook

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

    from underwatch.study.worlds import Worlds


class Study(Result):
    """The result of a study of several worlds.

    kind: what `run.json` calls it. provenance: scenarios, sources, seeds, versions and machine.
    """

    kind: ClassVar[str]
    provenance: dict[str, Any]

    @property
    def title(self) -> str:
        """What the study is about, as its page is headed."""
        return str(self.provenance["title"])

    def save(self, folder: str | Path) -> Path:
        """Write the study to a new folder that `underwatch.load` reads back.

        Raises UserError if the folder holds something already.
        """
        path = store.as_path(folder)
        record = self.provenance | {"result": self._record()}
        tables, tallies = self._tables(), self._dataset()
        store.save_study(
            path, record, tables, self.report(), tallies, codebook=codebook(tables, tallies)
        )
        return path

    def report(self, file: str | Path | None = None) -> Page:
        """The study as one HTML page that needs no network; written to `file` if given."""
        return write_page(self._page(), file)

    @abstractmethod
    def _page(self) -> str:
        """The HTML page."""

    @abstractmethod
    def _record(self) -> dict[str, Any]:
        """The findings as JSON."""

    @abstractmethod
    def _tables(self) -> dict[str, pa.Table]:
        """The Parquet files of the folder by their stems, each of a fixed schema."""

    def _dataset(self) -> xr.Dataset | None:
        """The tallies, where the study keeps any."""
        return None


def study_provenance(
    kind: str, title: str, worlds: Worlds, days: int, seeds: Iterable[int], clock: float
) -> dict[str, Any]:
    """What every study records about its origin.

    clock: `time.perf_counter()` at the start of the study.
    """
    _, first = worlds.baseline
    return {
        **made_with(),
        "kind": kind,
        "title": title,
        "worlds": [*worlds.scenarios],
        "scenarios": {n: s.model_dump(mode="json") for n, s in worlds.scenarios.items()},
        "scenario_hashes": {name: s.hash for name, s in worlds.scenarios.items()},
        "sources": worlds.sources,
        "citizens": first.society.citizens,
        "first_day": first.first_day.isoformat(),
        "days": days,
        "seeds": [*seeds],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }


class Recorded(NamedTuple):
    """What `run.json` holds of a study."""

    provenance: dict[str, Any]
    scenarios: dict[str, Scenario]
    findings: dict[str, Any]


def load_record(folder: str | Path, kind: str, *files: str) -> Recorded:
    """What a study recorded in its folder, if the folder is unchanged.

    Raises UserError if the folder has changed, or holds something else than this kind of study.
    """
    path = store.as_path(folder)
    provenance = store.load_provenance(path, *files)
    if provenance.get("kind") != kind or not isinstance(provenance.get("result"), dict):
        raise UserError(f"{path} does not hold a study of the kind {kind!r}.")
    # The keys of JSON objects are sorted; scenarios have an order, and so have their sections.
    found = {name: _scenario(provenance["scenarios"][name]) for name in provenance["worlds"]}
    provenance["scenarios"] = {name: s.model_dump(mode="json") for name, s in found.items()}
    return Recorded(provenance, found, provenance.pop("result"))


def _scenario(declared: Mapping[str, Any]) -> Scenario:
    return Scenario.model_validate_json(json.dumps(declared), strict=True)
