"""Plant faults in the science, one at a time, and count those that a few tests notice.

    python -m tests.mutation [--only TEXT] [--jobs N] [--limit S] [--out FILE] [--again]

Outcomes are kept in a file by fault and digest of the tree, so that a run that was stopped goes
on where it was. The exit code is 0 if at least 95 % of the faults are caught.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutation import trial
from tests.mutation.faults import Fault, faults, subset

WANTED = 0.95


def main(arguments: list[str] | None = None) -> int:
    asked = _asked(arguments)
    chosen = [fault for fault in faults() if asked.only in f"{fault.name} {fault.organ}"]
    kept = _Kept(asked.out, asked.again)
    waiting = [fault for fault in chosen if fault.name not in kept.outcomes]
    print(f"{len(chosen)} faults, {len(chosen) - len(waiting)} tried before", flush=True)
    if waiting and asked.jobs > 1:
        with ThreadPoolExecutor(asked.jobs) as pool:
            list(pool.map(lambda part: _in_a_process(part, asked), _dealt(waiting, asked.jobs)))
        kept.read()
    elif waiting:
        _try(waiting, kept, asked.limit)
    return _report(chosen, kept)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--only", default="", help="faults with this text in name or organ")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once")
    parser.add_argument("--limit", type=float, default=300, help="seconds for one fault")
    parser.add_argument("--out", type=Path, default=Path("mutation.jsonl"), help="outcomes")
    parser.add_argument("--again", action="store_true", help="forget earlier outcomes")
    return parser.parse_args(arguments)


class _Kept:
    """Outcomes by fault, one line of JSON each; those of another tree do not count."""

    def __init__(self, file: Path, again: bool):
        self.file, self.tree = file, _digest()
        if again:
            file.unlink(missing_ok=True)
        self.read()

    def read(self) -> None:
        """Read the outcomes of this tree."""
        lines = self.file.read_text("utf-8").splitlines() if self.file.exists() else []
        rows = [json.loads(line) for line in lines]
        self.outcomes = {row["fault"]: row for row in rows if row["tree"] == self.tree}

    def add(self, fault: Fault, outcome: trial.Outcome) -> None:
        row = {"fault": fault.name, "tree": self.tree, **outcome._asdict()}
        self.outcomes[fault.name] = row
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row) + "\n")


def _digest() -> str:
    """A hash of the sources, the twins and the tests."""
    digest = hashlib.sha256()
    for part in ("src", "reference", "tests"):
        for file in sorted((trial.ROOT / part).rglob("*.*")):
            if file.suffix in (".py", ".toml", ".yaml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _try(waiting: list[Fault], kept: _Kept, limit: float) -> None:
    """Try faults one after the other, on one copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        tree = trial.copied(Path(folder))
        for compiled in (False, True):
            here = [fault for fault in waiting if fault.compiled is compiled]
            if not here:
                continue
            sound = trial.tried(None, tuple(subset(here)), compiled, tree, 10 * limit)
            if sound.result != trial.SURVIVED:
                raise SystemExit(f"Without any fault the tests do not pass: {sound}")
            print(f"without a fault: {sound.seconds:.0f} s", flush=True)
            for fault in here:
                outcome = trial.tried(fault, fault.tests, compiled, tree, limit)
                kept.add(fault, outcome)
                print(f"{outcome.result}: {fault.name} ({outcome.seconds:.0f} s) {outcome.by}",
                      flush=True)  # fmt: skip


def _dealt(waiting: list[Fault], jobs: int) -> list[list[Fault]]:
    return [part for k in range(jobs) if (part := waiting[k::jobs])]


def _in_a_process(part: list[Fault], asked: argparse.Namespace) -> None:
    """Some faults in a process of their own, each named on its command line."""
    import subprocess

    code = (
        "import sys; from pathlib import Path; from tests.mutation import __main__ as m; "
        "names = set(sys.argv[3:]); kept = m._Kept(Path(sys.argv[1]), False); "
        "m._try([f for f in m.faults() if f.name in names], kept, float(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(asked.out), str(asked.limit)]
    subprocess.run([*command, *(fault.name for fault in part)], check=True, cwd=trial.ROOT)


def _report(chosen: list[Fault], kept: _Kept) -> int:
    """Print what survived, and how many were caught."""
    done = [(fault, kept.outcomes[fault.name]) for fault in chosen if fault.name in kept.outcomes]
    counts = Counter(row["result"] for _, row in done)
    for fault, row in done:
        if row["result"] != trial.CAUGHT:
            print(f"{row['result']}: {fault.name} ({fault.kind}; {fault.organ}; {fault.file})")
    caught = counts[trial.CAUGHT]
    share = 100 * caught / len(done) if done else 0.0
    seconds = sum(row["seconds"] for _, row in done)
    print(f"{caught} of {len(done)} faults caught ({share:.1f} %), {seconds:.0f} s; "
          f"{', '.join(f'{many} {what}' for what, many in sorted(counts.items()))}")  # fmt: skip
    print(f"Tests: {len(subset(chosen))} of the suite.")
    return 0 if done and len(done) == len(chosen) and caught >= WANTED * len(done) else 1


if __name__ == "__main__":
    sys.exit(main())
