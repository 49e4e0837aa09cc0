"""A nation on several ranks: bytes and seconds a day, and on paper 1.41 billion on many nodes.

    mpiexec -n 2 python -m bench.ranks --citizens 1000000 --days 30

Rank 0 prints what was measured, and what follows from it for 1.41 billion citizens.
"""

import argparse
import json
import sys
import time
from dataclasses import dataclass

CHINA, SPAN = 1_412_000_000, 2393  # people of the census of 2020; days, 2014-06-14 to 2020-12-31


@dataclass(frozen=True)
class Measured:
    """What a run showed.

    rate: citizen-days a second of one core. sent: bytes a citizen-day that would go to another
    rank if all others lived there. packed: seconds of one core for each of these bytes, to take it
    out of a row and to put it into one.
    """

    rate: float
    sent: float
    packed: float


@dataclass(frozen=True)
class Cluster:
    """Equal machines. network: bytes a second that each sends while it receives as many."""

    nodes: int
    cores: int
    network: float


def seconds_a_day(citizens: int, seen: Measured, on: Cluster) -> dict[str, float]:
    """The parts of a day on a cluster: nothing of one part is done beside another.

    Examples:
        >>> parts = seconds_a_day(10_000, Measured(100.0, 4.0, 0.0), Cluster(2, 5, 1e4))
        >>> parts["days"], parts["network"]
        (10.0, 1.0)
    """
    each = citizens / on.nodes
    away = each * seen.sent * (1 - 1 / on.nodes)
    return {
        "days": each / (seen.rate * on.cores),
        "packing": away * seen.packed / on.cores,
        "network": away / on.network,
    }


def measure(citizens: int, days: int) -> dict:
    """Run some days on all ranks; what rank 0 saw."""
    import underwatch as uw
    from underwatch.engine.ranks import launch

    launch.join()
    done: list[tuple[int, float]] = []

    def progress(step) -> None:
        if step.stage == "days":
            done.append((step.done, time.perf_counter()))

    made = uw.run("atlantic-2018", citizens=citizens, days=days, threads=1, progress=progress)
    first, last = next(d for d in done if d[0] > 0), done[-1]
    found = made.provenance["ranks"]
    return {
        "machine": made.provenance["machine"], "citizens": citizens, "days": days,
        "processes": found["processes"], "threads": made.provenance["threads"],
        "citizen_days_per_second": citizens * (last[0] - first[0]) / (last[1] - first[1]),
        "bytes_a_citizen_day": found["bytes_a_day"] / citizens,
        "bytes_a_citizen_day_by_kind": {
            kind: sent / citizens for kind, sent in found["bytes_a_day_by_kind"].items()
        },
        "bytes_a_citizen_of_building": found["bytes_of_building"] / citizens,
        "packing_seconds_a_byte": _packing(citizens),
    }  # fmt: skip


def _packing(citizens: int) -> float:
    """Seconds of this core for a byte that is taken out of a row of signals and put into one."""
    import numpy as np

    from underwatch.engine.ranks.packing import put, take

    rng = np.random.default_rng(1)
    row = np.zeros(citizens, np.uint32)
    who = np.sort(rng.choice(citizens, citizens // 2, replace=False)).astype(np.uint32)
    values, best = np.empty(len(who), np.uint32), np.inf
    for _ in range(6):
        begun = time.thread_time()
        take(row, who, values)
        put(row, who, values)
        best = min(best, time.thread_time() - begun)
    return best / values.nbytes


def on_paper(seen: Measured, cores: int, gigabits: float) -> str:
    """A table of the days of 1.41 billion people on 8 and on 64 nodes."""
    size, each_way = f"{CHINA:,} citizens × {SPAN:,} days", f"{gigabits:g} Gb/s each way"
    lines = [f"{size}, nodes of {cores} cores, {each_way}:"]
    for nodes in (8, 64):
        parts = seconds_a_day(CHINA, seen, Cluster(nodes, cores, gigabits * 1e9 / 8))
        total = sum(parts.values())
        each = ", ".join(f"{name} {1000 * value:,.0f}" for name, value in parts.items())
        whole = f"{total * SPAN / 3600:.2f} hours"
        lines.append(f"  {nodes:>2} nodes: {1000 * total:,.0f} ms a day ({each}); {whole}")
    return "\n".join(lines)


def main() -> None:
    """Measure on the ranks that are there, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--citizens", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=61)
    parser.add_argument("--cores", type=int, default=64, help="of a node, on paper")
    parser.add_argument("--rate", type=float, help="citizen-days/s of a core; default: measured")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.citizens, given.days)
    rate = given.rate or found["citizen_days_per_second"] / found["processes"]
    away = found["bytes_a_citizen_day"] / (1 - 1 / found["processes"])
    seen = Measured(rate, away, found["packing_seconds_a_byte"])
    if given.json:
        json.dump(found, sys.stdout, indent=1)
        return
    for name, value in found.items():
        print(f"{name}: {value}")
    for gigabits in (25, 100):
        print(on_paper(seen, given.cores, gigabits))


if __name__ == "__main__":
    main()
