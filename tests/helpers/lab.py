"""A lab in this process: its application with a client, its jobs in processes of their own."""

import os
import time
from contextlib import contextmanager
from pathlib import Path

from starlette.testclient import TestClient

from underwatch.lab.server import create_app
from underwatch.lab.settings import Settings

ADDRESS = "http://127.0.0.1:8765"
SMALL = {"citizens": 2000, "days": 60}


@contextmanager
def lab(runs: Path, **settings):
    """A client of a lab; its jobs end with it."""
    os.environ.setdefault("PYTHONPATH", str(Path(__file__).parents[2] / "src"))
    app = create_app(Settings(runs=runs, **settings))
    with TestClient(app, base_url=ADDRESS, raise_server_exceptions=False) as client:
        yield client


def finished(client: TestClient, job: str, seconds: float = 120) -> dict:
    """A job once it has ended."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = client.get(f"/api/jobs/{job}").json()
        if found["state"] in ("done", "failed", "cancelled"):
            return found
        time.sleep(0.1)
    raise AssertionError(f"{job} has not ended in {seconds} s: {found}")
