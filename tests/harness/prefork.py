"""Commands in processes that have their libraries already: a trial without seconds of imports.

    python -m tests.harness.prefork      one job a line on standard input, one answer a line

Only libraries are imported beforehand: what the package itself writes when it is imported, such as
the folder of compiled code, is written by the process of the trial.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

LIBRARIES = (
    "numba", "pandas", "xarray", "netCDF4", "pyarrow.parquet", "pydantic", "ruamel.yaml", "typer",
    "rich.progress", "rich.table", "jinja2", "scipy.stats", "loky", "sqlite3", "distributed",
    "numba.core.registry",
)  # fmt: skip
_POLL = 0.01
TIMED_OUT = -1


class Ended(NamedTuple):
    """How a command ended; code: `TIMED_OUT` if it did not."""

    code: int
    stdout: str
    stderr: str


class Server:
    """A process that forks one process for each command; a context manager."""

    def __enter__(self):
        path = os.pathsep.join(map(os.path.abspath, sys.path))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.harness.prefork"], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait()

    def run(self, module: str, words: list[str], cwd: Path, seconds: float) -> Ended:
        """Run `python -m MODULE WORDS` in a folder, for so many seconds at most."""
        with tempfile.TemporaryDirectory() as place:
            streams = [f"{place}/{name}" for name in ("out", "err")]
            job = {"module": module, "words": words, "cwd": str(cwd), "seconds": seconds,
                   "streams": streams}  # fmt: skip
            print(json.dumps(job), file=self._process.stdin, flush=True)
            code = json.loads(self._process.stdout.readline())
            return Ended(code, *(Path(name).read_text("utf-8", "replace") for name in streams))


def serve() -> dict:
    """Fork for each job and answer with its exit code; returns the job in the process for it."""
    for name in LIBRARIES:
        import_module(name)
    registry = sys.modules["numba.core.registry"]
    registry.cpu_target.target_context.refresh()  # which loads much more
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            return job
        print(json.dumps(_code_of(child, job["seconds"])), flush=True)
    sys.exit()


def _code_of(child: int, seconds: float) -> int:
    """The exit code of a process, which is killed with its children if it takes too long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(_POLL)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMED_OUT


def become(job: dict) -> None:
    """Run a job as if this process had been started for it."""
    os.setsid()
    os.chdir(job["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, name in ((0, None), (1, job["streams"][0]), (2, job["streams"][1])):
        opened = nothing if name is None else os.open(name, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = [job["module"], *job["words"]]
    import_module(job["module"]).main()


if __name__ == "__main__":
    become(serve())
