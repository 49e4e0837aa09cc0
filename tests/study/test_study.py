"""The same people in two worlds, and in many: what differs, and who is responsible."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from underwatch.errors import UserError
from underwatch.results.run import run
from underwatch.scenario import Scenario
from underwatch.study.attribute import (
    attribute,
    check_measure,
    marginal,
    organ_parts,
    safeguard_parts,
    shapley,
)
from underwatch.study.compare import compare
from underwatch.study.frontier import GOALS, HARMS, check, frontier, unbettered
from underwatch.study.pool import run_all
from underwatch.study.runs import Task

SMALL = ["society.citizens=3000"]
LATE = [*SMALL, "first_day=2019-11-01"]


def world(name="atlantic-2018", *settings):
    return Scenario.load(name, [*LATE, *settings])


def underwatch(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "underwatch", *map(str, words)],
        cwd=cwd, capture_output=True, text=True, env=os.environ | {"COLUMNS": "100"}, check=False,
    )  # fmt: skip


def last_object(done):
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# --- Two worlds


def test_a_world_beside_itself_differs_in_nothing(tmp_path):
    said = last_object(
        underwatch("compare", "atlantic-2018", "atlantic-2018", "--citizens", 2000, "--days", 300,
                   "--seeds", 2, "--out", "here", "--json", cwd=tmp_path)
    )  # fmt: skip
    assert len(said["differences"]) > 50
    for measure, told in said["differences"].items():
        assert told["difference"] in (0, None), measure
        assert told["low"] in (0, None) and told["high"] in (0, None), measure
    for by_world in said["state_hashes"].values():
        assert len(set(by_world.values())) == 1
    shown = underwatch("show", "here", cwd=tmp_path)
    assert shown.returncode == 0 and "atlantic-2018-2" in shown.stdout
    assert (tmp_path / "here" / "report.html").exists()


def test_before_the_day_on_which_they_differ_two_worlds_are_the_same_people_to_the_bit():
    day, last = date(2020, 2, 1), 92  # the first day of February is day 92
    late = world("atlantic-2018", "safeguards.no_speech={2020-02-01: 1}")
    for days, same in ((last, True), (last + 60, False)):
        one, other = run(world(), days=days), run(late, days=days)
        assert (one.provenance["state_hash"] == other.provenance["state_hash"]) == same
    # Branched off on that day, the world is the one that was lived from the beginning.
    found = compare({"a": world(), "b": late}, last + 60, seeds=1, diverge_on=day)
    (outcomes,) = found.outcomes.values()
    assert outcomes["b"].state_hash == other.provenance["state_hash"]
    tallies = found.dataset()
    daily = [name for name, counts in tallies.items() if counts.dims == ("world", "seed", "day")]
    a, b = (tallies[daily].sel(world=w, drop=True).to_dataarray() for w in "ab")
    assert (a == b).isel(day=slice(None, last)).all() and not (a == b).all()


def test_with_the_same_luck_fewer_lives_tell_worlds_apart():
    found = compare({"a": world(), "b": world("without-deterrence")}, 120, seeds=4)
    by_name = {d.measure: d for d in found.differences}
    told = by_name["offences"]
    assert told.low > 0  # without fear of detection there are more
    assert told.unpaired_seeds > 3 * len(found.seeds)
    assert told.difference == pytest.approx(told.here - told.first)
    assert set(found.dataset().dims) >= {"world", "seed", "day"}
    assert found.table().num_rows == len(found.differences)


def test_worlds_of_other_people_or_days_are_not_compared():
    with pytest.raises(UserError, match="has other people"):
        compare({"a": world(), "b": world("atlantic-2018", "society.citizens=2000")}, 30)
    with pytest.raises(UserError, match="begins on"):
        compare({"a": world(), "b": Scenario.load("atlantic-2018", SMALL)}, 30)
    with pytest.raises(UserError, match="--from 2010-01-01 is no day within the run"):
        compare({"a": world(), "b": world()}, 30, diverge_on=date(2010, 1, 1))


def test_side_by_side_or_one_after_the_other_worlds_come_to_the_same():
    tasks = [Task(str(seed), {"w": world()}, seed, 60) for seed in (1, 2, 3)]
    one, two = (run_all(tasks, workers=workers) for workers in (1, 2))
    hashes = [{k: v["w"].state_hash for k, v in found.items()} for found in (one, two)]
    assert hashes[0] == hashes[1] and len(set(hashes[0].values())) == 3


def test_ctrl_c_keeps_the_worlds_that_are_finished_and_the_same_command_goes_on(tmp_path):
    words = ["compare", "unwatched", "thaw", "--citizens", "30000", "--days", "400", "--seeds",
             "3", "--json", "--quiet"]  # fmt: skip
    started = subprocess.Popen(
        [sys.executable, "-m", "underwatch", *words, "--out", "a"], cwd=tmp_path,
        stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    while started.poll() is None and not list(tmp_path.glob(".a.halfway/*.pickle")):
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    _, said = started.communicate()
    assert started.returncode == 130 and "go on with the same command" in said
    kept = {p.name: p.stat().st_mtime_ns for p in (tmp_path / ".a.halfway").glob("*.pickle")}
    assert 0 < len(kept) < 6 and not (tmp_path / "a").exists()
    other = underwatch(*words[:-2], "--seed", 5, "--out", "a", cwd=tmp_path)
    assert other.returncode == 2 and "interrupted study of other worlds" in other.stderr
    resumed = last_object(underwatch(*words, "--out", "a", cwd=tmp_path))
    whole = last_object(underwatch(*words, "--out", "b", cwd=tmp_path))
    assert resumed["differences"] == whole["differences"]
    assert not list(tmp_path.glob(".a*"))


# --- Who is responsible

PARTS = "abcd"
SETS = [frozenset(c) for n in range(5) for c in combinations(PARTS, n)]
games = st.lists(st.integers(-(10**9), 10**9), min_size=16, max_size=16).map(
    lambda values: dict(zip(SETS, map(Fraction, values), strict=True))
)


@given(games)
def test_shares_add_up_to_the_whole_whatever_the_parts_do_to_each_other(game):
    shares = [shapley(key, PARTS, game) for key in PARTS]
    assert sum(shares) == game[frozenset(PARTS)] - game[frozenset()]
    assert sum(marginal("cadb", game).values()) == sum(shares)


@given(st.lists(st.integers(-1000, 1000), min_size=4, max_size=4))
def test_where_parts_only_add_a_share_is_what_the_part_adds(added):
    worth = dict(zip(PARTS, added, strict=True))
    game = {s: Fraction(sum(worth[key] for key in s)) for s in SETS}
    assert [shapley(key, PARTS, game) for key in PARTS] == added


def test_two_that_only_work_together_share_alike_and_a_third_gets_nothing():
    game = {s: Fraction(10 * ({"a", "b"} <= s)) for s in SETS}
    assert [shapley(key, PARTS, game) for key in PARTS] == [5, 5, 0, 0]


def test_the_harm_is_shared_out_among_the_organs_to_the_last_bit(tmp_path):
    said = last_object(
        underwatch("attribute", "--measure", "chilled_acts", "--organs", "M7,M14,M11", "--citizens",
                   3000, "--days", 250, "--set", "first_day=2019-11-01", "--out", "here", "--json",
                   cwd=tmp_path)
    )  # fmt: skip
    assert set(said["parts"]) == {"M7", "M14", "M11"} and said["worlds"] == 8
    assert sum(part["value"] for part in said["parts"].values()) == said["total"]
    assert said["total"] == said["with_all"] - said["without"] > 0
    assert said["parts"]["M7"]["value"] > 0
    assert (tmp_path / "here" / "shares.parquet").exists()


def test_over_sampled_orders_shares_add_up_too_and_come_with_intervals():
    parts = safeguard_parts("atlantic-2018", LATE)
    found = attribute(parts, "chilled_share", days=40, orders=2)
    assert len(found.parts) == 13 and not found.exact
    assert sum(part.value for part in found.parts) == found.total
    assert sum(part.value for part in reversed(found.parts)) == found.total
    assert all(part.low <= part.value <= part.high for part in found.parts)


def test_what_is_no_measure_organ_or_safeguard_is_told_before_anything_is_lived():
    with pytest.raises(UserError, match="did you mean chilled_acts"):
        check_measure("chiled_acts")
    with pytest.raises(UserError, match="M24 is no organ that can be switched off"):
        organ_parts("atlantic-2018", [], ["M24"])
    with pytest.raises(UserError, match="did you mean retain"):
        safeguard_parts("atlantic-2018", [], ["retian"])
    with pytest.raises(UserError, match="support is no harm"):
        check("support", "offences_deterred")
    with pytest.raises(UserError, match="chilled_acts is no stated goal"):
        check("chilled_acts", "chilled_acts")


# --- What safeguards take away, and what they give up


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=40))
def test_what_stays_is_what_nothing_betters(places):
    stay = unbettered(places)
    for one in set(places):
        bettered = any(
            other != one and other[0] <= one[0] and other[1] <= one[1] for other in places
        )
        assert (one in stay) != bettered


def test_the_frontier_lists_only_sets_that_no_set_of_safeguards_betters(tmp_path):
    parts = safeguard_parts("atlantic-2018", LATE, ["minimise", "no_speech", "coverage"])
    found = frontier(parts, "chilled_acts", "offences_deterred", days=250)
    assert found.finished and len(found.lived) == found.sets == 8
    for point in found.points:
        for other in found.lived:
            assert not (other.harm < point.harm and other.benefit > point.benefit)
        for goal, worse in point.gives_up.items():
            assert GOALS[goal] * worse < 0
    best = min(found.points, key=lambda point: point.harm)
    assert best.harm < found.none.harm and "offences_deterred" in best.gives_up


def test_no_harm_is_a_goal_and_the_search_knows_nothing_but_safeguards():
    assert not set(GOALS) & set(HARMS)
    said = subprocess.run(
        [sys.executable, "-m", "underwatch", "frontier", "--help"],
        capture_output=True, text=True, env=os.environ | {"COLUMNS": "200"}, check=True,
    ).stdout  # fmt: skip
    assert "--safeguards" in said and "--organs" not in said
    readme = Path(__file__).parents[2] / "README.md"
    assert "searches safeguards only" in readme.read_text("utf-8")


def test_many_safeguards_are_searched_from_none_upwards_and_no_further_than_allowed():
    parts = safeguard_parts("atlantic-2018", LATE)
    found = frontier(parts, "records_held", "offences_deterred", days=40, most=20)
    assert len(found.lived) == 20 and found.sets == 2**13
    assert {len(point.safeguards) for point in found.lived[:15]} == {0, 1, 13}
    assert np.isfinite([point.harm for point in found.lived]).all()
