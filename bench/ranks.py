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
_MESSAGES = 3  # a day to each other rank: signals, misidentifications, files


@dataclass(frozen=True)
class Measured:
    """What a run showed.

    rate: citizen-days a second of one core. sent: bytes a citizen-day, if nobody's contacts were of
    the same rank. packed: seconds of one core for each of these bytes, to take it out of a row and
    to put it into one. built: citizens a second of one core, before the first day.
    """

    rate: float
    sent: float
    packed: float
    built: float


@dataclass(frozen=True)
class Cluster:
    """Equal machines. network: bytes a second that each sends while it receives as many; latency:
    seconds that a message takes besides its bytes."""

    nodes: int
    cores: int
    network: float
    latency: float = 1e-5


def seconds_a_day(citizens: int, seen: Measured, on: Cluster) -> dict[str, float]:
    """The parts of a day on a cluster: nothing of one part is done beside another.

    Examples:
        >>> parts = seconds_a_day(10_000, Measured(100.0, 4.0, 0.0, 1.0), Cluster(2, 5, 1e4))
        >>> parts["days"], parts["network"]
        (10.0, 1.0)
    """
    each = citizens / on.nodes
    away = each * seen.sent * (1 - 1 / on.nodes)
    return {
        "days": each / (seen.rate * on.cores),
        "packing": away * seen.packed / on.cores,
        "network": away / on.network,
        "messages": _MESSAGES * (on.nodes - 1) * on.latency,
    }


def measure(citizens: int, days: int) -> dict:
    """Run some days on all ranks; what rank 0 saw. Seconds are those of its processor."""
    import numpy as np

    import underwatch as uw
    from underwatch.engine.ranks import launch

    launch.join()
    stages: list[tuple[str, int, float, float]] = []

    def progress(step) -> None:
        stages.append((step.stage, step.done, time.process_time(), time.perf_counter()))

    made = uw.run("atlantic-2018", citizens=citizens, days=days, threads=1, progress=progress)
    sent, simulation = made.provenance["ranks"], made.simulation
    begin, end = simulation.own
    began = max(seen for stage, _, seen, _ in stages if stage == "people")
    begun = next(seen for stage, _, seen, _ in stages if stage == "days")
    _, done, first, first_wall = next(s for s in stages if s[0] == "days" and s[1] > 0)
    _, _, last, last_wall = stages[-1]
    online = np.bitwise_count(simulation.world.candidate_slots[begin:end] >> 12).mean()
    return {
        "machine": made.provenance["machine"], "citizens": citizens, "days": days,
        "processes": sent["processes"], "threads": made.provenance["threads"],
        "citizen_days_per_second_of_a_core": (end - begin) * (days - done) / (last - first),
        "citizen_days_per_second": citizens * (days - done) / (last_wall - first_wall),
        "citizens_built_per_second_of_a_core": (end - begin) / (begun - began),
        "online_candidates": float(online),
        "bytes_a_citizen_day": sent["bytes_a_day"] / citizens,
        "bytes_a_citizen_day_by_kind": {
            kind: found / citizens for kind, found in sent["bytes_a_day_by_kind"].items()
        },
        "bytes_a_citizen_of_building": sent["bytes_of_building"] / citizens,
        "packing_seconds_a_byte": _packing(citizens),
    }  # fmt: skip


def seen_in(found: dict, rate: float | None = None) -> Measured:
    """What follows from a measurement for many ranks, among which no two contacts are of one."""
    away, kinds = 1 - 1 / found["processes"], found["bytes_a_citizen_day_by_kind"]
    of_contacts = 4 * found["online_candidates"] / kinds["signals"]  # nobody is needed twice there
    contacts = sum(kinds[k] for k in ("signals", "reviews of ties", "births and deaths"))
    sent = contacts * of_contacts + (kinds["files"] + kinds["misidentifications"]) / away
    return Measured(
        rate or found["citizen_days_per_second_of_a_core"], sent, found["packing_seconds_a_byte"],
        found["citizens_built_per_second_of_a_core"],
    )  # fmt: skip


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
        built = CHINA / (seen.built * cores * nodes)
        whole = f"{(total * SPAN + built) / 60:.0f} minutes, {built:.0f} s of them to build"
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
    seen = seen_in(found, given.rate)
    if given.json:
        json.dump(found, sys.stdout, indent=1)
        return
    for name, value in found.items():
        print(f"{name}: {value}")
    for gigabits in (25, 100):
        print(on_paper(seen, given.cores, gigabits))


if __name__ == "__main__":
    main()
