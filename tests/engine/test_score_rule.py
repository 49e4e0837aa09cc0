"""A user's own scoring rule sees a dossier and contacts' scores, and nothing else."""

import math
import pickle
from functools import cache
from importlib import import_module
from typing import NamedTuple

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

import underwatch as uw
from underwatch.engine.checkpoint import Checkpoints
from underwatch.engine.population import build
from underwatch.engine.rebind import simulate_days_for
from underwatch.engine.simulation import Simulation
from underwatch.errors import UserError
from underwatch.model import day_with_rule
from underwatch.model.scoring.rule import ScoreRule
from underwatch.model.scoring.rule_arguments import Contacts, Dossier
from underwatch.model.scoring.scores import Associates
from underwatch.results.run import _note_compiling
from underwatch.scenario import Scenario

CITIZENS, DAYS = 9_000, 120


class Switch(NamedTuple):
    association: int


class Office(NamedTuple):
    """The parameters that decide what a rule sees."""

    base: int
    floor: int
    ceiling: int
    association: int
    sees: int
    score_reads: int = 1


@cache
def evaluator():
    """Compiled: (total, own, rightful, the morning's total) of `steps` for one file."""
    new = day_with_rule.replacements(ScoreRule.compile(steps))
    read_file, assess, morning_score = new["read_file"], new["assess"], new["morning_score"]

    @njit
    def evaluate(file, observed, office):
        score = assess(read_file(file, 0, office), file, observed, 0, office)
        morning = morning_score(file, observed, 0, office)
        return score.total, score.own, score.rightful, morning

    return evaluate


def evaluate(file, *others):
    return evaluator()(int(np.uint64(file).astype(np.int64)), *others)


BASE, ASSOCIATION = 1000, round(0.2 * 65536)


def published(dossier, contacts):
    """The points of the default scenario, written as a rule."""
    return (
        BASE - 5 * dossier.late + dossier.repaid - 50 * dossier.default + dossier.favoured
        - dossier.disfavoured - 10 * dossier.unpermitted - 30 * dossier.contradicting
        - 5 * dossier.minor_offence - 50 * dossier.serious_offence + 10 * dossier.good_deed
        - 8 * dossier.assembly - 6 * dossier.evasion
    )  # fmt: skip


@pytest.fixture(scope="module")
def rule():
    return ScoreRule.compile(published)


def scenario(reads):
    names = (
        "late", "repaid", "default", "favoured", "disfavoured", "unpermitted", "contradicting",
        "minor_offence", "serious_offence", "good_deed", "assembly", "evasion",
    )  # fmt: skip
    points = zip(names, (-5, 1, -50, 1, -1, -10, -30, -5, -50, 10, -8, -6), strict=True)
    settings = [f"scoring.points.{name}={value}" for name, value in points]
    settings += [f"scoring.reads={reads}", "scoring.association=0", "scoring.base=1000"]
    settings += ["first_day=2019-11-02", f"society.citizens={CITIZENS}"]
    return Scenario.load("atlantic-2018", settings)


def simulate(reads, rule=None, threads=2, days=DAYS):
    before = numba.get_num_threads()
    numba.set_num_threads(min(threads, numba.config.NUMBA_NUM_THREADS))
    world = scenario(reads)
    simulation = Simulation(world, build(world), days, [], 4_096, score=rule)
    simulation.run()
    numba.set_num_threads(before)
    return simulation


@pytest.mark.long
@pytest.mark.parametrize("reads", ["local", "regional", "national"])
def test_a_rule_that_repeats_the_scenarios_points_gives_the_same_bits(rule, reads):
    default = simulate(reads)
    for threads in (1, 2):
        ours = simulate(reads, rule, threads)
        assert ours.hash() == default.hash()
        assert (ours.daily == default.daily).all()
    assert default.daily[-1].any() and default.world.history.any()


def test_a_rule_that_must_be_compiled_is_announced_without_being_asked(monkeypatch, capsys):
    monkeypatch.setattr("underwatch.kernel.compile.CACHE", "")
    world = scenario("local")
    new = ScoreRule.compile(lambda dossier, contacts: 1234 - dossier.late)
    for rule, stage, shown in (
        (
            new,
            "compiling the rule",
            ["compiling the scoring rule (10 to 30 s, once for each rule)"],
        ),
        (None, "compiling", []),
    ):
        stages = []
        simulation = Simulation(world, build(world), 1, [], 4_096, stages.append, score=rule)
        monkeypatch.setattr(Simulation, "_stride", lambda self, until: setattr(self, "day", until))
        monkeypatch.setattr(Simulation, "_simulate_days", NotYetCompiled)
        simulation.run()
        assert [step.stage for step in stages] == [stage, "days"]
        _note_compiling(stages[0])
        _note_compiling(stages[1])
        assert capsys.readouterr().err.splitlines() == shown


class NotYetCompiled:
    signatures = ()


@pytest.mark.long
def test_a_rule_is_part_of_what_a_checkpoint_belongs_to(rule, tmp_path):
    half = simulate("local", rule, days=DAYS)
    Checkpoints(tmp_path).save(half)
    other = Simulation(half.scenario, half.population, DAYS, [], 4_096)
    with pytest.raises(UserError, match="it differs in the scoring rule"):
        other.run(checkpoints=Checkpoints(tmp_path))


@pytest.mark.long
def test_a_run_with_its_own_rule_that_was_interrupted_ends_in_the_bits_of_one_that_was_not(
    tmp_path,
):
    def interrupt(step):
        if step.stage == "days" and step.done > DAYS // 2:
            raise KeyboardInterrupt

    given = dict(days=DAYS, score=published)
    whole = uw.run(scenario("local"), **given)
    with pytest.raises(KeyboardInterrupt):
        uw.run(scenario("local"), **given, checkpoint=tmp_path / "x", progress=interrupt)
    assert 0 < last_day_kept(tmp_path / "x") < DAYS
    resumed = uw.resume(tmp_path / "x", score=published)
    assert resumed.state_hash == whole.state_hash
    assert resumed.tallies.identical(whole.tallies)
    assert uw.load(tmp_path / "x").provenance["score_rule"] == ScoreRule.compile(published).digest


def last_day_kept(folder):
    return Checkpoints(folder / "checkpoint").last_day()


def test_a_rule_travels_to_other_processes_and_is_known_by_what_it_computes(rule):
    assert pickle.loads(pickle.dumps(rule)) == rule

    def stricter(line):
        return ScoreRule.compile(lambda dossier, contacts: line - dossier.late)

    first, second, third = map(stricter, (900, 900, 901))
    assert first == second != third
    assert first.digest == second.digest != third.digest


def test_the_compiled_code_of_a_rule_can_be_loaded_by_the_next_process():
    few, line = 3, 900
    rules = [
        lambda d, c: 1000 - d.late,
        lambda d, c: 900 - d.late,
        lambda d, c: line - few * d.late,
    ]
    names = set()
    for rule in map(ScoreRule.compile, rules):
        (overload,) = rule.kernel.overloads.values()
        module = overload.environment.globals["__name__"]
        assert import_module(module).ScoreRule is ScoreRule
        names.add(overload.fndesc.mangled_name.split("$")[0])
    assert len(names) == 3  # the linker finds code by name; each of them is called <lambda>


def test_the_kernels_around_two_rules_have_different_names():
    first, second = (simulate_days_for(ScoreRule.compile(rule)) for rule in (published, steps))
    assert first.py_func.__qualname__ != second.py_func.__qualname__
    assert first.py_func.__module__ == second.py_func.__module__ == "underwatch.engine.threads"


def test_a_rule_may_count_compare_and_loop():
    step = np.int64(3)

    def winding(dossier, contacts):
        total = 100 // step % -7 // max(dossier.late, step) % max(1, min(contacts.scored, 4))
        for kind in range(min(5, dossier.late + 2)):
            total += kind * step
        for records in dossier:
            total -= max(0, records - 2)
        return total if contacts.scored and total > 0 else int(bool(dossier.default)) + len(dossier)

    assert ScoreRule.compile(winding).numbers == {"step": 3}


def test_a_rule_finds_zero_where_the_reader_may_not_look():
    see = njit(lambda file, sees: day_with_rule.dossier_of(file, sees))
    full = sum(kind + 1 << 4 * kind for kind in range(12))
    everything = (1 << 12) - 1
    assert see(full, everything) == Dossier(*range(1, 13))
    assert see(full, everything - (1 << 5)) == Dossier(1, 2, 3, 4, 5, 0, *range(7, 13))


def test_a_rule_learns_of_no_contacts_while_association_is_off():
    learn = njit(lambda observed, u, params: day_with_rule.contacts_of(observed, u, params))
    three, u = Associates(3, 16 * 2_900), 5 << 16 | 77
    assert learn(three, u, Switch(1)) == Contacts(3, 2_900, 966, 77)
    assert learn(three, u, Switch(0)) == Contacts(0, 0, 0, 0)


def test_a_rule_can_round_the_mean_of_contacts_without_bias():
    def associated(dossier, contacts):
        above = contacts.total_score - BASE * contacts.scored
        exact = ASSOCIATION * above // max(1, contacts.scored)
        return BASE + (exact + contacts.rounding >> 16)

    ScoreRule.compile(associated)  # nothing in it is refused
    for total in (2_990, 3_010):
        scores = [associated(None, Contacts(3, total, 0, u)) for u in range(0, 65_536, 16)]
        assert np.mean(scores) - BASE == pytest.approx((total / 3 - BASE) * 0.2, abs=0.001)


def steps(dossier, contacts):
    """A rule whose points do not add up: steps, and contacts who count only above a mean."""
    score = 1_000 - 100 * (dossier.default > 1) - 7 * min(3, dossier.minor_offence)
    if dossier.unpermitted + dossier.contradicting > 4:
        score -= 60
    score += 5 * dossier.repaid // max(1, dossier.late)
    return score + (contacts.total_score - 900 * contacts.scored) // 4


@given(
    st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 16) - 1), st.integers(0, 4_095),
    st.integers(0, 12), st.integers(0, 1),
)  # fmt: skip
def test_scores_of_a_rule_are_those_that_python_computes(kinds, wrong, sees, scored, association):
    owners = (2, 5, 7, 10)  # the kinds of which a file counts wrong records
    for k, kind in enumerate(owners):  # never more of them than records
        most = kinds >> 4 * kind & 15
        wrong = wrong & ~(15 << 4 * k) | min(most, wrong >> 4 * k & 15) << 4 * k
    counts = [(kinds >> 4 * k & 15) * (sees >> k & 1) for k in range(12)]
    rightful = list(counts)
    for k, kind in enumerate(owners):
        rightful[kind] -= (wrong >> 4 * k & 15) * (sees >> kind & 1)
    total = 911 * scored
    nobody = Contacts(0, 0, 0, 0)
    contacts = Contacts(scored, total, 911 if scored else 0, 0) if association else nobody
    own = steps(Dossier(*counts), nobody)
    added = steps(Dossier(*counts), contacts) - own
    base, floor, ceiling = 1_000, 600, 1_300
    wanted = own + added, own, steps(Dossier(*rightful), nobody)
    office = Office(base, floor, ceiling, association, sees)
    found = evaluate(kinds | wrong << 48, Associates(scored, 16 * total), office)
    clipped = tuple(16 * min(ceiling, max(floor, score)) for score in wanted)
    assert found == (*clipped, clipped[0])


SECRET, HALF = {"a": 1}, 0.5


def _writes(dossier, contacts):
    global HALF
    HALF = 2
    return 1


def _imports(dossier, contacts):
    import random

    return random.randrange(3)


def _while(dossier, contacts):
    left = dossier.late
    while left > 0:
        left -= 1
    return left


def _sometimes(dossier, contacts):
    if dossier.late > 3:
        return 900


def _tries(dossier, contacts):
    try:
        return 1000
    except ValueError:
        return 0


@pytest.mark.parametrize(
    "function, sentence",
    [
        (3, "score is a int, but a scoring rule is a Python function of two arguments"),
        (lambda dossier: 1, "it takes 1 argument, but a rule takes two: dossier and contacts"),
        (lambda dossier, contacts, person: 1, "it takes 3 arguments"),
        (lambda dossier, *contacts: 1, "it takes arguments with \\* or"),
        (lambda dossier, contacts: 1000 // dossier.late, "the divisor may be 0; write a number"),
        (lambda dossier, contacts: 9 // (0 if dossier.late else max(1, 2)), "divisor may be 0"),
        (lambda dossier, contacts: 9 % max(0, dossier.late), "divisor may be 0"),
        (lambda dossier, contacts: 9 // (max(1, dossier.late) - 1), "divisor may be 0"),
        (lambda dossier, contacts: dossier.age, "it reads .age, but a rule has no such field"),
        (lambda dossier, contacts: dossier.lates, "did you mean late"),
        (lambda dossier, contacts: dossier._replace(late=1).late, "it reads ._replace"),
        (lambda dossier, contacts: SECRET["a"], "it reads SECRET, a dict, but a rule sees its"),
        (lambda dossier, contacts: math.floor(3), "it reads math, a module"),
        (lambda dossier, contacts: print(1), "it uses print, but besides its arguments"),
        (lambda dossier, contacts: nowhere, "it reads nowhere, but besides"),  # noqa: F821
        (lambda dossier, contacts: dossier.late * HALF, "HALF is 0.5, but a rule computes with"),
        (lambda dossier, contacts: dossier.late * 0.2, "a constant is 0.2"),
        (lambda dossier, contacts: dossier.late / 2, "line 1: it divides with /"),
        (lambda dossier, contacts: dossier.late**2, "it computes with \\*\\*"),
        (lambda dossier, contacts: 1 << dossier.late, "it shifts bits by a number that is not"),
        (lambda dossier, contacts: dossier[0], "reads an element by its place"),
        (lambda dossier, contacts: [1][0], "builds a list|reads an element"),
        (lambda dossier, contacts: sum(x for x in dossier), "defines a function|uses sum"),
        (lambda dossier, contacts: "good", "it contains 'good'"),
        (lambda dossier, contacts: 1 << 70, "is too large"),
        (lambda dossier, contacts: dossier.late > 3, "it returns bool, but a score is a whole"),
        (lambda dossier, contacts: (1, 2), "it returns Tuple"),
        (lambda dossier, contacts: dossier, "it returns Dossier"),
        (lambda dossier, contacts: dossier + 1, "it does not compile"),
        (_writes, "line 3: it writes to something outside itself"),
        (_imports, "line 2: it imports a module"),
        (_while, "it has a while loop"),
        (_sometimes, "it returns OptionalType|it returns Optional|does not compile"),
        (_tries, "raises or catches an exception"),
    ],
)  # fmt: skip
def test_a_function_that_is_no_rule_is_refused_in_a_sentence(function, sentence):
    with pytest.raises(UserError, match=sentence):
        ScoreRule.compile(function)
