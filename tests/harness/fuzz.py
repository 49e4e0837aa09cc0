"""Malformed input: a sentence, soon, and never a traceback or nonsense that is accepted.

    python -m tests.harness.fuzz --malformed 1000 --valid 300

Draws malformed scenarios, studies and command lines and prints what became of them; then
simulates valid scenarios, drawn over the whole range that the schema accepts, by the engine and
by its twin in plain Python. The exit code is 1 if anything is amiss.
"""

import argparse
import contextlib
import io
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.harness.malformed import Case, of_commands, of_documents

REFUSED, ACCEPTED = "refused", "accepted"
TRACEBACK, SLOW, NONSENSE, MUTE = "TRACEBACK", "SLOW", "NONSENSE ACCEPTED", "NO SENTENCE"
BAD = (TRACEBACK, SLOW, NONSENSE, MUTE)
SECONDS = 10  # of processor time that a refusal may take
HANGS = 120  # seconds after which a trial is ended


class Hangs(BaseException):
    """A trial has given no answer for long."""


def _hangs(*_) -> None:
    raise Hangs


class Started(BaseException):
    """Work that would take long was about to start, so the input was accepted."""


def documents(times: int, seed: int) -> Iterator[tuple[Case, str, str]]:
    """(case, outcome, remark) of malformed scenarios and studies."""
    from underwatch.errors import UserError
    from underwatch.scenario import Scenario
    from underwatch.scenario.loading.schema import Shape
    from underwatch.study.diffusion.declaration import Study
    from underwatch.study.sweep.plan import Plan

    chosen = random.Random(seed)
    kinds = [(Scenario, "atlantic-2018"), (Scenario, "met-lfr"), (Study, "diffusion"),
             (Plan, "association")]  # fmt: skip
    cases = [of_documents(Shape(model), base, chosen) for model, base in kinds]
    with _place():
        for k in range(times):
            (model, base), case = kinds[k % len(kinds)], next(cases[k % len(kinds)])
            path = Path("any.yaml")
            path.write_bytes(b"extends: " + base.encode() if case.text is None else case.text)

            def load(model=model, case=case, path=path) -> str:
                try:
                    loaded = model.load(path, case.settings)
                except UserError as error:
                    return _sentences(str(error))
                _use(loaded)
                return ACCEPTED

            yield case, *_judged(case, load)


def _use(loaded) -> None:
    """What is done with a scenario before its first day: none of it may fail."""
    from underwatch.model.parameters.timetable import timetable
    from underwatch.scenario import Scenario

    assert repr(loaded)
    if isinstance(loaded, Scenario):
        loaded.describe()
        timetable(loaded, min(loaded.days, 400))


def commands(times: int, seed: int) -> Iterator[tuple[Case, str, str]]:
    """(case, outcome, remark) of malformed command lines."""
    from tests.harness.corrupt import make_run
    from typer.main import get_command

    from underwatch import cli

    chosen = random.Random(seed)
    known = get_command(cli.app).commands
    size = ["--citizens", "100", "--days", "5", "--out", "z"]
    good = {
        "run": ["unwatched", *size], "compare": ["unwatched", "atlantic-2018", *size],
        "attribute": ["atlantic-2018", "--measure", "restricted", "--organs", "M2,M10", *size],
        "frontier": ["atlantic-2018", "--safeguards", "wall,minimise", *size],
        "diffusion": ["--out", "z"], "show": ["whole"], "find": ["whole"],
        "explain": ["whole", "7"], "resume": ["whole"],
        "sweep": ["association", "--out", "z"],
        "organs": [], "safeguards": [], "measures": [], "census": [],
        "new": ["mine.yaml"],
    }  # fmt: skip
    with _place():
        make_run(Path("whole"))
        with nothing_starts():
            for case in islice(of_commands(known, good, chosen), times):
                yield case, *_judged(case, lambda case=case: _command(case))
                Path("mine.yaml").unlink(missing_ok=True)


def _command(case: Case) -> str:
    """Run one command line in this process."""
    from underwatch import cli

    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace") for _ in range(2))
    before, sys.argv = sys.argv, ["underwatch", *case.settings]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = cli._exit_code()
    except Started:
        return ACCEPTED
    finally:
        sys.argv = before
    err.flush()
    if code == 0:
        return ACCEPTED
    return _sentences(err.buffer.getvalue().decode()) if code == 2 else f"{TRACEBACK}: exit {code}"


def judged_command(line: tuple[str, ...]) -> tuple[str, str]:
    """(outcome, message) of one command line that must be refused."""
    case = Case("command", None, line, True)
    return _judged(case, lambda: _command(case))


def _judged(case: Case, trial) -> tuple[str, str]:
    """(outcome, remark) of one trial."""
    started = time.process_time()  # of this process alone, on a machine with other work
    signal.signal(signal.SIGALRM, _hangs)
    signal.alarm(HANGS)
    try:
        found = trial()
    except Hangs:
        return SLOW, f"no answer within {HANGS} s"
    except Exception as error:
        import traceback

        where = traceback.extract_tb(error.__traceback__)[-1]
        return TRACEBACK, f"{error!r:.300} at {where.filename}:{where.lineno}"
    finally:
        signal.alarm(0)
    seconds = time.process_time() - started
    if seconds > SECONDS:
        return SLOW, f"{seconds:.0f} s"
    if found == ACCEPTED and case.refused:
        return NONSENSE, ""
    outcome, _, remark = found.partition(": ")
    return outcome, remark


def _sentences(text: str) -> str:
    """REFUSED, if the message is one that a user can read."""
    if not text.strip():
        return MUTE
    if len(text) > 100_000 or "Traceback" in text or "pydantic" in text:
        return f"{TRACEBACK}: {text[:300]}"
    plain = all(line.isprintable() for line in text.splitlines())
    return (
        f"{REFUSED}: {text[:1000]}" if plain else f"{TRACEBACK}: it is not printable: {text!r:.200}"
    )


@contextlib.contextmanager
def _place() -> Iterator[None]:
    """A working directory with some awkward names."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as place:
        os.chdir(place)
        try:
            Path("taken.txt").touch()
            Path("dangling").symlink_to("nowhere")
            Path("link-loop").symlink_to("link-loop")
            Path("full-folder").mkdir()
            Path("full-folder/precious.txt").touch()
            os.mkfifo("pipe.yaml")
            yield
        finally:
            os.chdir(before)


_STARTS = ("engine.population.build", "engine.simulation.Simulation.run",
           "explanation.replay.replay", "study.shared.run_all",
           "study.sweep.study.run_all")  # fmt: skip


@contextlib.contextmanager
def nothing_starts() -> Iterator[None]:
    """Whatever would simulate raises `Started` instead."""
    from unittest.mock import patch

    def started(*_, **__):
        raise Started

    with contextlib.ExitStack() as stack:
        for name in _STARTS:
            with contextlib.suppress(AttributeError, ImportError):
                stack.enter_context(patch(f"underwatch.{name}", started))
        yield


def agreements(times: int) -> tuple[int, list[str]]:
    """(how many valid scenarios were simulated, where engine and twin disagree)."""
    from hypothesis import HealthCheck, given, settings

    sys.path.insert(0, str(Path(__file__).parent.parent))
    from helpers.random_scenarios import disagreements, scenarios

    seen: list[str] = []
    found: list[str] = []

    @settings(max_examples=times, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(scenarios(citizens=300))
    def compare(drawn) -> None:
        scenario, changes = drawn
        differing = disagreements(scenario, days=20)
        seen.append(scenario.hash)
        if differing:
            found.append(f"{changes}: {differing[:3]}")

    compare()
    return len(seen), found


def main() -> int:
    """Run the trials that the command line asks for, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--malformed", type=int, default=1000)
    parser.add_argument("--valid", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    counts: Counter[tuple[str, str, str]] = Counter()
    kinds = (("file", documents, given.malformed * 2 // 3),
             ("command", commands, given.malformed - given.malformed * 2 // 3))  # fmt: skip
    for name, trials, times in kinds:
        for case, outcome, remark in trials(times, given.seed) if times else ():
            counts[name, case.kind, outcome] += 1
            if outcome in BAD:
                print(
                    f"{outcome} {name}, {case.kind}: {remark}\n  {case.settings} {case.text!r:.400}"
                )
    for (name, kind, outcome), number in sorted(counts.items()):
        print(f"{name:8} {kind:22} {outcome:18} {number:6,}")
    bad = sum(number for (_, _, outcome), number in counts.items() if outcome in BAD)
    print(f"{given.malformed:,} malformed inputs, {bad:,} amiss.")
    differing: list[str] = []
    if given.valid:
        number, differing = agreements(given.valid)
        print(*differing, sep="\n")
        print(f"{number:,} valid scenarios, engine and twin differ in {len(differing):,}.")
    return min(bad + len(differing), 1)


if __name__ == "__main__":
    sys.exit(main())
