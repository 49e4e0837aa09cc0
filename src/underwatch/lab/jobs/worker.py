"""The process of one job: `python -m underwatch.lab.jobs.worker FOLDER`.

It reads job.json, does what the kind of job says, writes progress.json while it works and
outcome.json in the end. It ends when its standard input closes, which is when its server ends.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from underwatch.errors import UserError, printable
from underwatch.lab.jobs.job import JOB, KINDS, OUTCOME
from underwatch.lab.jobs.progress import Progress
from underwatch.lab.json_files import read_json, write_json

_LAST_SECONDS = 3.0  # for a checkpoint, once the server is gone


def main(folder: Path) -> int:
    """Do the job of a folder; the exit code."""
    described = read_json(folder / JOB)
    kind = KINDS[described["kind"]]
    os.nice(kind.nice)
    if kind.study:  # its runs are simulated one after the other, beside what a reader waits for
        os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    report = Progress(folder)
    report("starting")
    try:
        import_module(kind.module).work(folder, described["arguments"], report)
    except UserError as error:
        write_json(folder / OUTCOME, {"sentence": str(error)})
        return 2
    except MemoryError:
        write_json(folder / OUTCOME, {"sentence": "This machine has too little free memory."})
        return 2
    except OSError as error:
        sentence = f"A file cannot be written or read ({error.strerror or error})."
        write_json(folder / OUTCOME, {"sentence": printable(sentence)})
        return 2
    write_json(folder / OUTCOME, {})
    return 0


def end_with_the_server() -> None:
    """End this process when the server ends: its end of the pipe closes then."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LAST_SECONDS)
    os.killpg(os.getpid(), signal.SIGKILL)


def begin() -> None:
    """Set up a process of the lab: it ends with the server, and Ctrl-C is not for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=end_with_the_server, daemon=True).start()


def run(argv: list[str]) -> Any:
    """Run the job of the folder that is named."""
    begin()
    return main(Path(argv[1]))


if __name__ == "__main__":
    sys.exit(run(sys.argv))
