"""What a lab serves and what it refuses: its folder, its address, and its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

HOSTS = ("127.0.0.1", "localhost", "[::1]")
PORT = 8765


@dataclass(frozen=True)
class Settings:
    """One lab.

    Attributes:
        runs: the folder of results; the lab keeps its own in `lab` inside it.
        port: where it is served; pages of another host or port are refused.
        citizens, days: the largest run that is accepted.
        seeds: the most seeds of one comparison.
        processes: runs that are simulated at the same time.
        waiting: jobs that may wait.
        jobs_a_minute: new jobs that are accepted within a minute.
        body: bytes of a request; query: characters of an address.
        kept: bytes of finished runs; above, the one that was used longest ago is removed.
        grace: seconds between asking a process to end and ending it.
    """

    runs: Path = field(default_factory=lambda: Path("runs"))
    port: int = PORT
    citizens: int = 200_000
    days: int = 3_000
    seeds: int = 20
    processes: int = 2
    waiting: int = 50
    jobs_a_minute: int = 60
    body: int = 64_000
    query: int = 4_000
    kept: int = 4_000_000_000
    grace: float = 1.0

    @property
    def folder(self) -> Path:
        """Where the lab keeps its jobs."""
        return self.runs / "lab"

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The values of `Host` under which the lab answers."""
        return frozenset(f"{host}:{self.port}" for host in HOSTS)
