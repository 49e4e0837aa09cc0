"""Many readers at once: `python -m tests.harness.lab_clients --clients 50 --minutes 5`.

Each client opens pages and asks for figures, maps and people, with a pause between two requests as
a page that polls has, while runs go on. It prints errors, latencies and the memory of the server,
and exits with 1 if a request failed, or if 95 % of pages took more than 200 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Coroutine
from contextlib import contextmanager
from pathlib import Path

import httpx

SOURCE = Path(__file__).parents[2] / "src"
PAGES = ("/", "/worlds", "/worlds?citizens=3000&days=90&seed=3", "/life", "/assess", "/why")
MOST_MS = 200  # of 95 % of pages


@contextmanager
def served(runs: Path, port: int):
    """(address, process) of a lab that ends with the block."""
    command = [sys.executable, "-m", "underwatch", "lab", "--no-browser", "--port", str(port),
               "--runs", str(runs)]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(SOURCE)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            line = process.stdout.readline()
            assert "open at" in line, line
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait(20)


def memory(pid: int) -> tuple[float, float]:
    """(resident now, at most so far) of a process, in MB."""
    text = Path(f"/proc/{pid}/status").read_text()
    now, most = (int(re.search(rf"{key}:\s+(\d+)", text)[1]) for key in ("VmRSS", "VmHWM"))
    return now / 1e3, most / 1e3


def processor(pid: int) -> float:
    """Seconds of processor time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load:
    """What the clients ask for, and how long it took."""

    def __init__(self, address: str, until: float, pause: float, citizens: int):
        self.address, self.until, self.pause, self.citizens = address, until, pause, citizens
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.statuses: Counter[int] = Counter()
        self.errors: list[str] = []
        self.jobs: list[str] = []

    async def client(self, number: int) -> None:
        """One reader."""
        draw = random.Random(number)
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(base_url=self.address, timeout=30, limits=limits) as client:
            while time.monotonic() < self.until:
                kind, method, path, body = self._next(draw)
                await self._ask(client, kind, method, path, body)
                await asyncio.sleep(draw.expovariate(1 / self.pause))

    def _next(self, draw: random.Random) -> tuple[str, str, str, dict | None]:
        if draw.random() < 0.4 or not self.jobs:
            return "page", "GET", draw.choice(PAGES), None
        job = draw.choice(self.jobs)
        which = draw.choice(("", "/frames?measure=risk&since=30&most=60", "/map", "/summary",
                             "/people?order=restricted_days&most=20"))  # fmt: skip
        return "api", "GET", f"/api/jobs/{job}{which}", None

    async def _ask(self, client, kind, method, path, body) -> dict | None:
        begun = time.perf_counter()
        try:
            found = await client.request(method, path, json=body)
        except httpx.HTTPError as error:
            self.errors.append(f"{method} {path}: {type(error).__name__} {error}")
            return None
        self.seconds[kind].append(time.perf_counter() - begun)
        self.statuses[found.status_code] += 1
        if found.status_code >= 500 or found.status_code not in (200, 409, 429):
            self.errors.append(f"{method} {path}: {found.status_code} {found.text[:200]}")
        return (
            found.json() if found.headers["content-type"].startswith("application/json") else None
        )

    async def runs(self) -> None:
        """Two worlds after two worlds, so that the machine is never idle."""
        seed = 0
        async with httpx.AsyncClient(base_url=self.address, timeout=60) as client:
            while time.monotonic() < self.until:
                seed += 1
                state = {"citizens": self.citizens, "days": 730, "seed": seed}
                begun = await self._ask(client, "begin", "POST", "/api/experiments", state)
                if not begun:
                    continue
                jobs = [world["job"]["id"] for world in begun["worlds"]]
                self.jobs = [*self.jobs, *jobs][-8:]
                while time.monotonic() < self.until:
                    await asyncio.sleep(1)
                    found = [await self._ask(client, "api", "GET", f"/api/jobs/{job}", None)
                             for job in jobs]  # fmt: skip
                    if all(each and each["state"] == "done" for each in found):
                        break


def percentile(values: list[float], share: float) -> float:
    """In milliseconds."""
    ordered = sorted(values)
    return 1e3 * ordered[min(int(share * len(ordered)), len(ordered) - 1)]


async def readers(load: Load, clients: int, *more: Coroutine) -> None:
    """Everybody at once."""
    await asyncio.gather(*more, *(load.client(k) for k in range(clients)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--pause", type=float, default=0.5, help="mean seconds between requests")
    parser.add_argument("--citizens", type=int, default=20_000, help="of the runs beside")
    parser.add_argument("--port", type=int, default=8797)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, served(Path(place), given.port) as (address, lab):
        for path in (*PAGES, "/api/catalogue"):  # what a lab reads once
            httpx.get(f"{address}{path}", timeout=60)
        before, _ = memory(lab.pid)
        used_before = processor(lab.pid)
        until = time.monotonic() + 60 * given.minutes
        load = Load(address, until, given.pause, given.citizens)
        asyncio.run(readers(load, given.clients, load.runs()))
        after, most = memory(lab.pid)
        used = processor(lab.pid) - used_before
        done = sum(job["state"] == "done" for job in httpx.get(f"{address}/api/jobs").json())
    statuses = dict(sorted(load.statuses.items()))
    print(f"{given.clients} clients, {given.minutes:g} minutes: statuses {statuses}")
    print(f"{done} runs of {given.citizens:,} citizens ended beside")
    for kind, seconds in sorted(load.seconds.items()):
        shown = "  ".join(
            f"p{100 * p:.0f} {percentile(seconds, p):6.1f} ms" for p in (0.5, 0.95, 0.99)
        )
        print(f"{kind:6} {len(seconds):6} requests  {shown}")
    print(f"server: {before:.0f} MB before, {after:.0f} MB after, {most:.0f} MB at most")
    requests = sum(load.statuses.values())
    print(f"server: {used:.1f} s of processor time, {1e3 * used / requests:.1f} ms a request")
    print(f"errors: {len(load.errors)}")
    for error in load.errors[:10]:
        print(f"  {error}")
    slow = percentile(load.seconds["page"], 0.95) > MOST_MS
    return int(bool(load.errors) or slow)


if __name__ == "__main__":
    sys.exit(main())
