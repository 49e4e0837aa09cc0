"""The same small workload in other libraries and in Underwatch: `make bench-peers`.

Each peer is a process of its own and is checked against the rule (rule.py) before it is measured.
All are started first; then rounds alternate: each peer simulates for some seconds while the others
wait. The best round counts. Writes docs/data/peers.json; `python -m docs.peers` draws it.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from bench.peers.environment import python_of_peers
from bench.peers.machine import machine
from bench.peers.peers import PEERS, Peer
from bench.peers.rule import CHECKED, CONTACTS, FLIPS, NEEDED, TINY

ROOT = Path(__file__).parents[2]
DATA = ROOT / "docs" / "data" / "peers.json"


class Measured:
    """One peer, its process, and what has been measured of it."""

    def __init__(self, peer: Peer, python: Path, scale: float):
        self.peer, self.rounds = peer, []
        self.agents = max(1_000, round(peer.agents * scale))
        command = [str(python), "-m", "bench.peers.worker", peer.key, str(self.agents)]
        self.errors = tempfile.TemporaryFile("w+")  # a pipe that nobody reads would fill
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=self.errors, text=True
        )
        self.ready: dict[str, Any] = {}

    def begin(self) -> None:
        """Wait until it is built."""
        self.ready = self._answer()
        if self.ready.get("faults"):
            self.ready = {"missing": "does not follow the rule: " + self.ready["faults"][0]}
        print(f"{self.peer.title}: {self.ready.get('missing', 'ready')}", file=sys.stderr)

    @property
    def works(self) -> bool:
        """Whether it can be measured."""
        return "missing" not in self.ready

    def round(self, seconds: float) -> None:
        """One round, while the others wait."""
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        found = self._answer()
        if "missing" in found:
            self.ready = found
            return
        self.rounds.append(found)
        speed = self.agents * found["steps"] / found["seconds"] / 1e6
        print(f"{self.peer.title}: {speed:.3g} M agent-steps/s", file=sys.stderr)

    def _answer(self) -> dict[str, Any]:
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        self.process.wait()
        self.errors.seek(0)
        last = self.errors.read().strip().splitlines() or ["no word"]
        return {"missing": f"ended: {last[-1]}"}

    def row(self) -> dict[str, Any]:
        """What is kept of it."""
        peer = self.peer
        kept = {"key": peer.key, "title": peer.title, "form": peer.form, "same_rule": peer.same}
        if not self.works:
            return kept | {"not_measured": self.ready["missing"]}
        speeds = [self.agents * r["steps"] / r["seconds"] for r in self.rounds]
        best = self.rounds[speeds.index(max(speeds))]
        by_processor = max(self.agents * r["steps"] / r["processor_seconds"] for r in self.rounds)
        return kept | {
            "versions": self.ready["versions"],
            "agents": self.agents,
            "agent_steps_per_second": round(max(speeds)),
            "slowest_round": round(min(speeds)),
            "agent_steps_per_processor_second": round(by_processor),
            "steps": best["steps"],
            "seconds": round(best["seconds"], 3),
            "cores_used": round(best["processor_seconds"] / best["seconds"], 2),
            "build_seconds": round(self.ready["build_seconds"], 2),
        }


def main() -> None:
    """Measure all peers and write the data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of a round, at least")
    parser.add_argument("--scale", type=float, default=1, help="of the number of agents")
    parser.add_argument("--only", nargs="+", choices=[p.key for p in PEERS], help="these peers")
    parser.add_argument("--out", type=Path, default=DATA)
    given = parser.parse_args()
    about = machine()
    theirs = python_of_peers()
    chosen = [peer for peer in PEERS if not given.only or peer.key in given.only]
    measured = [
        Measured(p, Path(sys.executable) if p.ours else theirs, given.scale) for p in chosen
    ]
    for one in measured:
        one.begin()
    for _ in range(given.rounds):
        for one in measured:
            if one.works:
                one.round(given.seconds)
    for one in measured:
        one.process.stdin.close()
        one.process.wait()
    data = {
        "measured": date.today().isoformat(),
        "machine": about,
        "rule": {"contacts": CONTACTS, "needed": NEEDED, "flips": FLIPS,
                 "checked_agents": TINY, "checked_steps": 2 * CHECKED},
        "rounds": given.rounds,
        "seconds_a_round": given.seconds,
        "peers": [one.row() for one in measured],
    }  # fmt: skip
    given.out.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
