"""Many runs, killed at random on the way: is the Dataset the same, and what does a run cost?

`python -m tests.harness.sweep --runs 1000 --kills 20` simulates a sweep once without a break, and
once more with so many `kill -9` at random moments, each followed by the same command. It prints
the wall-clock time of the whole sweep beside the sum of the times that its runs take alone on one
thread, and whether both Datasets agree value for value.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import underwatch as uw
from underwatch.results.ledger import entries, facts
from underwatch.study.memory import cores
from underwatch.study.runs import Task, run_task
from underwatch.study.tasks import compile_first

SEEDS = 5
TIMED = 6  # runs that are timed alone
ALLOWED = 1.15


def plan_of(runs: int, citizens: int, days: int) -> str:
    """A plan file of so many runs."""
    return (
        "scenarios: [atlantic-2018]\nplan: latin-hypercube\nfactors:\n"
        "  scoring.association: {low: 0, high: 0.5}\n"
        "  restrictions.below: {low: 700, high: 900}\n"
        "  cameras.uptime: {low: 0.1, high: 1}\n"
        f"samples: {-(-runs // SEEDS)}\nseeds: {SEEDS}\ncitizens: {citizens}\ndays: {days}\n"
    )


def alone(citizens: int, days: int) -> tuple[float, float]:
    """(seconds of a run on one thread, seconds of building its people), medians."""
    import numba

    numba.set_num_threads(1)
    world = uw.Scenario.load("atlantic-2018", [f"society.citizens={citizens}"])
    run_task(Task("warm", {"w": world}, 1, 40), citizens, lambda _: None)
    times = []
    for k in range(TIMED):  # the first of each pair builds its people, the second has them
        begun = time.perf_counter()
        run_task(Task("timed", {"w": world}, 100 + k // 2, days), citizens, lambda _: None)
        times.append(time.perf_counter() - begun)
    run = float(np.median(times[1::2]))
    return run, max(0.0, float(np.median(times[::2])) - run)


def command(plan: Path, out: Path) -> list[str]:
    """The command line of the sweep."""
    return [sys.executable, "-m", "underwatch", "sweep", str(plan), "--out", str(out), "--quiet"]


def killed(plan: Path, out: Path, kills: int, mean: float, seed: int) -> list[int]:
    """Run the sweep with so many kills; the number of finished runs after each."""
    draw, partial = random.Random(seed), out.with_name(f".{out.name}.partial")
    counts = [0]
    for _ in range(kills):
        process = subprocess.Popen(command(plan, out))
        try:
            if draw.random() < 0.8:  # the others are killed while they start
                _wait_for_begin(process, partial)
            process.wait(draw.uniform(0.2, 1.4 * mean))  # on the whole before the sweep is done
            break  # it was done before it could be killed
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        counts.append(len(entries(partial)) if facts(partial) else 0)
        if counts[-1] < counts[-2]:
            raise SystemExit(f"A run was lost: {counts[-2]} and then {counts[-1]} were kept.")
    if not out.exists():
        subprocess.run(command(plan, out), check=True)
    return counts[1:]


def _wait_for_begin(process: subprocess.Popen, partial: Path) -> None:
    """Wait until a command holds the lock of its ledger, or has ended."""
    lock = partial / "lock"
    while process.poll() is None:
        if lock.exists() and lock.read_text().startswith(f"process {process.pid} "):
            return
        time.sleep(0.05)


def main() -> int:
    """Run the trial; exit code 1 if a value differs, a kill is missing or a run costs too much."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--citizens", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1, help="of the moments of the kills")
    wanted = parser.parse_args()
    place = Path(tempfile.mkdtemp(prefix="underwatch-sweep-"))
    plan = place / "plan.yaml"
    plan.write_text(plan_of(wanted.runs, wanted.citizens, wanted.days))
    world = uw.Scenario.load("atlantic-2018", ["society.citizens=1000"])
    compile_first(Task("compile", {"w": world}, 1, 40))
    load = os.getloadavg()[0]
    run, people = alone(wanted.citizens, wanted.days)
    begun = time.perf_counter()
    subprocess.run(command(plan, place / "whole"), check=True)
    wall = time.perf_counter() - begun
    whole = uw.load(place / "whole")
    count = whole.counts["runs"]
    ideal = count * (run + people) / cores()
    print(
        f"{count:,} runs of {wanted.citizens:,} citizens × {wanted.days:,} days on {cores()} cores "
        f"(load {load:.1f} before): {wall:,.1f} s. One run alone on one thread: {run:.3f} s, and "
        f"{people:.3f} s for its people. Sum / cores: {ideal:,.1f} s; ratio {wall / ideal:.3f} "
        f"(allowed {ALLOWED}).",
        flush=True,
    )
    mean = wall / max(1, wanted.kills)
    counts = killed(plan, place / "killed", wanted.kills, mean, wanted.seed)
    same = uw.load(place / "killed").dataset.identical(whole.dataset)
    print(
        f"Killed {len(counts)} times of {wanted.kills}, with {counts} runs kept. "
        f"The same Dataset: {same}."
    )
    return 0 if same and len(counts) == wanted.kills and wall <= ALLOWED * ideal else 1


if __name__ == "__main__":
    sys.exit(main())
