"""One peer in a process of its own: `python -m bench.peers.worker KEY AGENTS`.

It checks the peer against the rule, builds it, simulates a few steps, says so in a line of JSON,
and then, for each line with a number of seconds that it reads, simulates whole steps for at least
so long and says how many they were.
"""

import importlib
import importlib.metadata
import json
import os
import sys
import time

from bench.peers import rule
from bench.peers.peers import PEERS, Peer

SEED = 1
BATCH = 0.3  # seconds of steps from one look at the clock to the next


def versions(peer: Peer) -> dict[str, str]:
    """The versions of the packages of a peer, as they are installed here."""
    return {
        name: importlib.metadata.version(name) for name in peer.packages if name != "underwatch"
    }


class Worker:
    """A peer that is ready to be measured."""

    def __init__(self, peer: Peer, agents: int):
        make = getattr(importlib.import_module(peer.module), peer.where.split(":")[1])
        self.checked = rule.faults(make) if peer.same else []
        begun = time.perf_counter()
        self.model = make(*rule.network(agents, SEED), rule.FLIPS, SEED)
        self.built = time.perf_counter() - begun
        self.model.step(1)  # what is compiled is compiled
        begun = time.perf_counter()
        self.model.step(peer.warm)
        self.batch = max(peer.together, round(BATCH * peer.warm / (time.perf_counter() - begun)))

    def round(self, seconds: float) -> dict[str, float]:
        """Steps for at least so many seconds, their time, and that of all processors."""
        steps, begun, used = 0, time.perf_counter(), time.process_time()
        while True:
            self.model.step(self.batch)
            steps += self.batch
            spent = time.perf_counter() - begun
            if spent >= seconds:
                return {"steps": steps, "seconds": spent,
                        "processor_seconds": time.process_time() - used}  # fmt: skip


def main() -> None:
    """Serve one peer until the input ends."""
    # Whatever a library prints goes to the error stream; the old output has only our lines.
    lines = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    peer = next(peer for peer in PEERS if peer.key == sys.argv[1])
    try:
        known = versions(peer)
        worker = Worker(peer, int(sys.argv[2]))
    except (ImportError, importlib.metadata.PackageNotFoundError) as problem:
        print(json.dumps({"missing": f"not installed: {problem}"}), file=lines, flush=True)
        return
    ready = {"versions": known, "faults": worker.checked, "build_seconds": worker.built}
    print(json.dumps(ready), file=lines, flush=True)
    for line in sys.stdin:
        print(json.dumps(worker.round(float(line))), file=lines, flush=True)


if __name__ == "__main__":
    main()
