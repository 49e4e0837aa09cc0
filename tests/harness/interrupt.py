"""Send Ctrl-C and SIGTERM to runs at random moments: `python -m tests.harness.interrupt`.

A run must end with 130 or 143 and without a traceback, and what its last sentence says of
the folder must be true. It prints counts, and exits with 1 if a trial failed.
"""

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from underwatch.storage import faults

CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}


def started(words: list[str], place: Path) -> subprocess.Popen[str]:
    """The command line, as a shell starts it."""
    return subprocess.Popen(
        [sys.executable, "-m", "underwatch", *words], cwd=place, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip


def judged(code: int, number: int, printed: str, folder: Path) -> tuple[str, str]:
    """(the phase in which a run ended, what is wrong with its end)."""
    last = printed.strip().splitlines()[-1:] or [""]
    if code == -number or ("KeyboardInterrupt" in printed and "underwatch/" not in printed):
        return "while Python started", "" if not folder.exists() else "a folder is left"
    if "Traceback" in printed or "ignored" in printed:
        return "failed", printed[-600:]
    if code == 0:
        return "after the run", "" if not faults(folder) else "not complete"
    if code != CODES[signal.Signals(number)]:
        return "failed", f"exit {code}: {last}"
    if kept := re.search(r"kept up to day ([\d,]+)", last[0]):
        place = folder / "checkpoint" / f"day-{int(kept[1].replace(',', '')):05}"
        return "while days were simulated", "; ".join(faults(place))
    if "nothing of the run is kept" in last[0]:
        return "before the first day", "a folder is left" if folder.exists() else ""
    if "complete and kept" in last[0]:
        return "while it was saved", "; ".join(faults(folder))
    if last[0] == "Interrupted.":
        return "before a folder was reserved", "a folder is left" if folder.exists() else ""
    return "failed", f"{last}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--citizens", type=int, default=20_000)
    parser.add_argument("--days", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draws, phases, failed = random.Random(given.seed), Counter[str](), 0
    words = ["run", "atlantic-2018", "--citizens", str(given.citizens), "--days", str(given.days)]
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        begun = time.monotonic()
        started([*words, "--out", "whole"], place).communicate()
        seconds = time.monotonic() - begun
        for trial in range(given.times):
            number = draws.choice([*CODES])
            process = started([*words, "--out", f"trial-{trial}"], place)
            time.sleep(draws.uniform(0, 1.1 * seconds))
            if process.poll() is None:
                os.kill(process.pid, number)
            _, printed = process.communicate()
            phase, wrong = judged(process.returncode, number, printed, place / f"trial-{trial}")
            phases[phase] += 1
            failed += bool(wrong)
            if wrong:
                print(f"trial {trial}, {phase}: {wrong}", flush=True)
    for phase, count in sorted(phases.items()):
        print(f"{count:6} {phase}")
    print(f"{given.times:6} signals; {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
