"""One nation on several ranks: the same bits, whatever happens on the way."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

import underwatch as uw
from helpers import on_ranks
from underwatch.engine.ranks import memory
from underwatch.engine.ranks.lookalikes import Lookalikes
from underwatch.engine.ranks.pages import clear
from underwatch.engine.ranks.partition import Partition, divisible, mirrored, partition
from underwatch.engine.ranks.simulation import RankSimulation
from underwatch.engine.simulation import Simulation
from underwatch.engine.world import lookalike_of
from underwatch.model.society.people import BLOCK, DISTRICT
from underwatch.model.streams import delivers_today

_HELPERS = Path(on_ranks.__file__).parent


def _missing() -> str:
    """Why ranks cannot be started here; "" if they can."""
    try:
        from mpi4py import MPI  # noqa: F401
    except (ImportError, RuntimeError):
        return "mpi4py and an MPI are missing: pip install 'underwatch[mpi]'"
    return "" if _mpiexec() else "mpiexec is missing: pip install 'underwatch[mpi]'"


def _mpiexec() -> str | None:
    return shutil.which("mpiexec", path=str(Path(sys.executable).parent))


needs_ranks = pytest.mark.skipif(bool(_missing()), reason=_missing() or "ranks can be started")


def _on_ranks(ranks: int, *words: object, timeout: int = 900) -> subprocess.CompletedProcess:
    """What so many ranks of Python do, on one thread each."""
    return subprocess.run(
        [_mpiexec(), "-n", str(ranks), sys.executable, *map(str, words)],
        env=os.environ | {"NUMBA_NUM_THREADS": "1"}, capture_output=True, text=True,
        timeout=timeout,
    )  # fmt: skip


@needs_ranks
def test_an_interrupted_run_whose_ranks_die_ends_on_other_ranks_as_one_process_would(tmp_path):
    folder = tmp_path / "run"
    killed = _on_ranks(2, _HELPERS / "on_ranks.py", folder)
    assert killed.returncode != 0
    assert f"The last checkpoint is that of day {on_ranks.STOPS}; " in killed.stderr
    assert f"underwatch resume {folder}" in killed.stderr
    assert killed.stderr.count(": No checkpoint of day") == 1  # and the run went on
    resumed = _on_ranks(3, "-m", "underwatch", "resume", folder, "--quiet")
    assert (resumed.returncode, resumed.stdout, resumed.stderr) == (0, "", "")

    found = uw.load(folder)
    alone = uw.run(on_ranks.scenario(), **on_ranks.SIZE)
    assert found.state_hash == alone.state_hash
    assert xr.Dataset.identical(found.tallies, alone.tallies)
    assert found.panel.equals(alone.panel)
    assert found.people.equals(alone.people)
    moved = found.provenance["ranks"]["bytes_a_day_by_kind"]
    assert min(moved.values()) > 0


@needs_ranks
@pytest.mark.parametrize(
    ("ranks", "words", "sentence"),
    [
        (3, ("run", "--citizens", 100_000), "100,000 citizens live in 2 districts"),
        (2, ("run", "--seeds", 2), "--seeds does not run on several ranks"),
        (2, ("run", "--citizens", 4 * 10**9), "4,000,000,000 citizens on 2 ranks, all here, need"),
    ],
)
def test_what_ranks_cannot_do_is_refused_in_one_sentence(tmp_path, ranks, words, sentence):
    refused = _on_ranks(ranks, "-m", "underwatch", *words, "--out", tmp_path / "run")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1 and sentence in refused.stderr


@needs_ranks
def test_a_script_whose_first_run_is_refused_ends_on_every_rank():
    refused = _on_ranks(2, "-c", "import underwatch as uw; uw.run('no such')", timeout=60)
    assert refused.returncode == 1 and refused.stderr.count("there is no scenario") == 1


@needs_ranks
def test_a_signal_to_any_rank_ends_a_run_whose_nation_is_being_built():
    program = """
import os, signal
from mpi4py import MPI
import underwatch as uw
pids = MPI.COMM_WORLD.gather(os.getpid())
def signal_another(step):
    if step.stage == "ties":
        os.kill(pids[-1], signal.SIGINT)
try:
    uw.run("unwatched", citizens=140_000, days=30, progress=signal_another)
except KeyboardInterrupt:
    print("interrupted")
"""
    ended = _on_ranks(2, "-c", program, timeout=60)
    assert ended.returncode == 1 and ended.stdout == "interrupted\n"


@needs_ranks
def test_a_rank_that_ends_before_its_first_run_ends_the_others():
    script = "import os, sys, underwatch as uw; "
    script += "os.environ['PMI_RANK'] == '1' and sys.exit('no data here'); "
    ended = _on_ranks(2, "-c", script + "uw.run('unwatched', citizens=140_000)", timeout=60)
    assert ended.returncode == 1 and "no data here" in ended.stderr
    assert "Rank 1 ended before its first run" in ended.stderr


@needs_ranks
def test_a_run_on_ranks_is_forecast_once():
    words = ("run", "unwatched", "--citizens", 140_000, "--days", 5, "--estimate")
    forecast = _on_ranks(2, "-m", "underwatch", *words)
    assert (forecast.returncode, forecast.stderr) == (0, "")
    assert forecast.stdout.count("1 run of 140,000 citizens and 5 days, on 2 ranks.") == 1
    each = memory.bytes_of_rank(140_000, 2) / 2**20
    assert f"about {each:,.1f} MiB a rank, " in forecast.stdout


def test_if_any_rank_compiles_in_its_first_stride_all_simulate_it_before_they_agree(monkeypatch):
    simulation = RankSimulation.__new__(RankSimulation)
    monkeypatch.setattr(Simulation, "_next_stage", lambda _: "days")
    for elsewhere, stage in ((True, "compiling"), (False, "days")):
        simulation.messages = SimpleNamespace(any=lambda _, found=elsewhere: found)
        assert simulation._next_stage() == stage


def test_a_nation_too_large_for_this_machine_is_told_how_many_would_hold_it(monkeypatch):
    monkeypatch.setattr("underwatch.engine.resources.free_bytes", lambda: 20 << 30)
    for citizens, sentence in (
        (300_000_000, r"fit: write .* On 4 machines like this one it fits: mpiexec -n 4"),
        (4 * 10**9, r"Even on 64 machines, a rank on each by mpiexec -n 64, each of them needs"),
    ):
        with pytest.raises(uw.UserError, match=sentence):
            memory.check_memory(citizens)


@given(st.integers(1, 40 * DISTRICT), st.integers(1, 12), st.data())
def test_ranks_hold_whole_districts_and_everyone_once(total, ranks, data):
    ranks = min(ranks, divisible(total))
    part = partition(total, ranks)
    assert part.bounds[0] == 0 and part.total == total
    assert (part.bounds[:-1] % DISTRICT == 0).all() and (np.diff(part.bounds) > 0).all()
    lo = data.draw(st.integers(0, total - 1))
    hi = data.draw(st.integers(lo + 1, total))
    pieces = part.pieces(lo, hi)
    assert [a for _, a, _ in pieces] == [lo, *(b for _, _, b in pieces[:-1])]
    assert pieces[-1][2] == hi
    assert all(part.of(rank)[0] <= a < b <= part.of(rank)[1] for rank, a, b in pieces)
    assert (part.owners(np.array([a for _, a, _ in pieces])) == [r for r, _, _ in pieces]).all()


@given(st.integers(1, 500), st.data())
def test_the_lookalikes_of_a_range_are_one_or_two_ranges(total, data):
    lo = data.draw(st.integers(0, total - 1))
    hi = data.draw(st.integers(lo + 1, total))
    rotation = data.draw(st.integers(0, total - 1))
    found = [j for a, b in mirrored(rotation, lo, hi, total) for j in range(a, b)]
    assert sorted(found) == sorted(lookalike_of.py_func(rotation, i, total) for i in range(lo, hi))


@given(st.sets(st.integers(1, 6_000), min_size=2, max_size=5), st.data())
def test_two_ranks_agree_on_what_they_show_each_other_of_lookalikes(ends, data):
    part = Partition(np.array([0, *sorted(ends)]))
    total, ranks = part.total, range(len(ends))
    rotation, day = data.draw(st.integers(0, total - 1)), data.draw(st.integers(0, 60))
    params = {"region_every": 3, "nation_every": 0, "compelled": 2, "market_every": np.arange(2, 6)}
    each = [Lookalikes(part, SimpleNamespace(rank=rank)) for rank in ranks]
    for here in ranks:
        own, needed = part.of(here), np.zeros(total, int)
        for there, pieces in each[here].mirrors(rotation).items():
            back = each[there].mirrors(rotation)[here]
            assert sorted(p.own for p in pieces) == sorted(p.theirs for p in back)
            asked = [(p.theirs, p.own) for p in pieces]
            given = [(p.own, p.theirs) for p in back]
            who = each[here]._namesakes(asked, day, params)
            assert who.tolist() == each[there]._namesakes(given, day, params).tolist()
            needed[who] += 1
        for i in range(*own):
            other, block = lookalike_of.py_func(rotation, i, total), i // BLOCK
            due = delivers_today.py_func(block, 3, day)  # to the tier, and by a marketplace
            away = not own[0] <= other < own[1]
            assert needed[other] == (due and away)


@given(st.integers(0, 400_000), st.integers(0, 400_000), st.sampled_from(["u1", "u2", "u8"]))
def test_memory_that_is_given_back_is_zero_and_nothing_beside_it_is(first, last, dtype):
    row = np.ones(400_000, dtype)
    first, last = sorted((first, last))
    clear(row, first, last)
    assert not row[first:last].any() and row[:first].all() and row[last:].all()
