"""Files that are made when they are first asked for: charts, tables and reports.

The server holds no run: a process of its own loads the run, makes one file, and ends.
"""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

from underwatch.errors import UserError
from underwatch.lab.jobs.job import Job
from underwatch.lab.jobs.process import Worker
from underwatch.lab.json_files import read_json, write_json
from underwatch.lab.refusals import Refused
from underwatch.lab.texts import texts

MADE, SECONDS = "made", 60.0
_NAME = re.compile(
    r"chart-([a-z_]+)\.(svg|png)|series-([a-z_]+)-([a-z]+)\.json|(data)\.csv|(report)\.html"
)
_ONE_AT_A_TIME = threading.Lock()
_IN_LINE = threading.BoundedSemaphore(8)  # requests that wait: the others of the server go on


def made(job: Job, name: str, grace: float) -> Path:
    """A file of a finished run, made now if it is not there yet.

    Raises Refused: 404 for what this run cannot have, 503 if it takes too long.
    """
    file = job.folder / MADE / name
    if file.is_file():
        return file
    if not _IN_LINE.acquire(blocking=False):
        raise Refused(503, texts()("refused.busy"), {"Retry-After": "10"})
    try:
        with _ONE_AT_A_TIME:
            if not file.is_file():
                _make(job, name, grace)
    finally:
        _IN_LINE.release()
    if file.is_file():
        return file
    why = read_json(file.with_name(f"{name}.refused"))
    if isinstance(why, dict):
        raise Refused(404, str(why["sentence"]))
    raise Refused(503, texts()("refused.busy"), {"Retry-After": "10"})


def _make(job: Job, name: str, grace: float) -> None:
    (job.folder / MADE).mkdir(exist_ok=True)
    worker = Worker(job.folder, "underwatch.lab.jobs.made", name)
    if worker.wait(SECONDS) is None:
        worker.stop(grace)
    worker.close()


def make(folder: Path, name: str) -> None:
    """Make one file in a folder of a job, in a process of its own."""
    from underwatch.lab.jobs.world import RUN

    found = _NAME.fullmatch(name)
    if found is None:
        return
    chart, form, series, by, data, page = found.groups()
    file = folder / MADE / name
    part = file.with_name(f".{file.name}")
    try:
        _write(part, folder / RUN, chart, form, series, by, data, page)
        part.replace(file)
    except UserError as error:
        write_json(file.with_name(f"{name}.refused"), {"sentence": str(error)})


def _write(
    part: Path, folder: Path, chart: str | None, form: str | None, series: str | None,
    by: str | None, data: str | None, page: str | None,
) -> None:  # fmt: skip
    import underwatch as uw
    from underwatch.lab.figures import course

    run = uw.Run.load(folder)
    if chart:
        scale = {"scale_factor": 2} if form == "png" else {}
        run.plot(chart).save(str(part), format=form, **scale)
    elif series:
        write_json(part, course(run, series, None if by == "all" else by))
    elif data:
        run.to_dataframe("daily").to_csv(part, index=False)
    elif page:
        run.report(part)


if __name__ == "__main__":
    from underwatch.lab.jobs.worker import begin

    begin()
    make(Path(sys.argv[1]), sys.argv[2])
