"""One job: what is computed, how far it is, and the files that it leaves in its folder.

runs/lab/ID/
    job.json       kind, arguments, state: enough to start it again
    progress.json  written by the process while it works
    outcome.json   written by the process in the end: {} or {"sentence": why not}
    …              what the kind of job makes
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, NamedTuple

from underwatch.lab.json_files import read_json
from underwatch.lab.state import digest

JOB, PROGRESS, OUTCOME = "job.json", "progress.json", "outcome.json"
States = Literal["waiting", "running", "done", "failed", "cancelled"]
FINISHED = ("done", "failed", "cancelled")


class Kind(NamedTuple):
    """A kind of job.

    module: its function `work` does it. study: it simulates many runs, so that it gives way to
    what a reader waits for.
    """

    module: str
    study: bool = False

    @property
    def nice(self) -> int:
        """How much its process gives way to others."""
        return 10 if self.study else 5


# A new kind is one line here and one module with `work(folder, arguments, report)`.
KINDS = {
    "world": Kind("underwatch.lab.jobs.world"),
    "bands": Kind("underwatch.lab.jobs.bands", study=True),
    "life": Kind("underwatch.lab.jobs.life"),
    "assessment": Kind("underwatch.lab.jobs.assessment", study=True),
    "attribution": Kind("underwatch.lab.jobs.attribution", study=True),
    "safeguards": Kind("underwatch.lab.jobs.safeguards", study=True),
}


@dataclass
class Job:
    """A job as the queue knows it; `group` is whose turn it takes, mostly an experiment."""

    id: str
    kind: str
    arguments: dict[str, Any]
    group: str
    title: str
    folder: Path
    created: float
    state: States = "waiting"
    sentence: str = ""
    started: float | None = None
    seconds: float = 0.0
    size: int = 0
    used: float = 0.0
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in FINISHED

    def progress(self) -> dict[str, Any]:
        """How far its process says that it is: stage, day, days, seconds."""
        return read_json(self.folder / PROGRESS) or {}

    def as_data(self) -> dict[str, Any]:
        """What job.json holds."""
        names = ("id", "kind", "arguments", "group", "title", "created", "state", "sentence",
                 "started", "seconds", "size", "used", "notes")  # fmt: skip
        return {name: getattr(self, name) for name in names}


def id_of(kind: str, arguments: dict[str, Any]) -> str:
    """The same for equal requests: sixteen hexadecimal digits.

    `state` says how a world is made; its `scenario_hash` and sizes say what it is.
    """
    named = {key: value for key, value in arguments.items() if key != "state"}
    if "scenario_hash" not in arguments:
        named = arguments
    return digest([kind, named, version("underwatch")])
