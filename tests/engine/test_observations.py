"""A user's own measures read every citizen and change no bit."""

import numpy as np
import pytest

import underwatch as uw
from underwatch.engine.checkpoint import Checkpoints
from underwatch.engine.observations import named_functions
from underwatch.engine.population import build
from underwatch.engine.simulation import Simulation
from underwatch.errors import UserError
from underwatch.measurement.history import HISTORY
from underwatch.scenario import Scenario

CITIZENS, DAYS = 3_000, 70


@pytest.fixture(scope="module")
def population():
    return build(scenario())


def scenario(*settings):
    size = f"society.citizens={CITIZENS}"
    return Scenario.load("atlantic-2018", [size, "first_day=2020-01-02", *settings])


def simulate(population, until=None, checkpoints=None, world=None, **observing):
    simulation = Simulation(world or scenario(), population, DAYS, [], CITIZENS, **observing)
    simulation.run(until, checkpoints)
    return simulation


def mean_risk(columns):
    return columns.risk[columns.adult].mean()


def test_functions_without_names_are_refused_with_what_to_write():
    for given, written in (
        (mean_risk, r'a function, .* write observe=\{"name": mean_risk\}'),
        ([mean_risk], r'a list, .* write observe=\{"name": function\}'),
        ({"risk": 3}, "'risk' is mapped to a value of type int"),
    ):
        with pytest.raises(UserError, match=written):
            named_functions(given)


def test_observing_on_any_interval_changes_no_bit(population):
    plain = simulate(population)
    for every in (1, 9, np.int64(30), 500):
        observed = simulate(population, observe={"risk": mean_risk}, every=every)
        assert observed.hash() == plain.hash()
        assert (observed.daily == plain.daily).all()
        days, values = observed.observations["risk"]
        assert days.tolist() == sorted({*range(0, DAYS, every), DAYS - 1})
        assert values.shape == days.shape
    assert plain.observations == {}


def test_columns_agree_with_the_counts_of_the_same_evening(population):
    def levels(columns):
        adults = columns.adult
        return [
            adults.sum(), columns.risk.sum(), columns.trust.sum(), columns.opinion.sum(),
            (columns.score >= 0).sum(), np.floor(columns.score[columns.score >= 0] + 0.5).sum(),
            columns.ties[adults].sum(), columns.in_default[adults].sum(),
            columns.private_member[adults].sum(), columns.named[adults].sum(),
            sum(getattr(columns, f"records_{kind}")[adults].astype(int).sum()
                for kind in ("late", "repaid", "default", "favoured", "disfavoured",
                             "unpermitted", "contradicting", "minor_offence", "serious_offence",
                             "good_deed", "assembly", "evasion")),
        ]  # fmt: skip

    simulation = simulate(
        population, observe={"levels": levels, "restricted": lambda c: c.restricted.sum()}, every=7
    )
    names = [
        "adults", "risk_sum", "trust_sum", "opinion_sum", "scored", "score_sum", "ties_open",
        "in_default", "members", "named", "records",
    ]  # fmt: skip
    days, values = simulation.observations["levels"]
    from underwatch.measurement.catalogue import NAMES

    expected = simulation.daily[days[:-1]][:, [NAMES.index(name) for name in names]]
    assert (values[:-1] == expected).all()
    restricted = simulation.observations["restricted"][1]
    assert (restricted == simulation.daily[days, NAMES.index("restricted")]).all()


def test_history_counts_everyone_to_whom_an_event_happened(population):
    lasting = scenario("society.births_and_deaths=false")  # a newborn has no history

    def ever(columns):
        return [getattr(columns, f"ever_{event}").sum() for event in HISTORY]

    simulation = simulate(population, world=lasting, observe={"ever": ever}, every=1)
    _, values = simulation.observations["ever"]
    assert (np.diff(values, axis=0) >= 0).all()  # nothing is forgotten
    from underwatch.measurement.catalogue import NAMES

    total = simulation.daily.sum(0)
    counted = {
        "named": "namings", "wrongfully_named": "wrongful_namings", "dismissed": "dismissals",
        "stopped": "stops", "wrongfully_stopped": "wrongful_stops", "appealed": "appeals_filed",
        "appeal_upheld": "appeals_upheld", "wrongful_restriction": "wrongful",
        "association_only": "association_only", "false_record": "false_sightings",
        "defaulted": "defaults",
    }  # fmt: skip
    for event, measure in counted.items():
        people, events = values[-1][list(HISTORY).index(event)], total[NAMES.index(measure)]
        assert people <= events and (people > 0) == (events > 0), event


def test_observations_survive_a_checkpoint_and_a_branch(population, tmp_path):
    observing = {"observe": {"risk": mean_risk, "ages": lambda c: np.bincount(c.age // 10)}}
    whole = simulate(population, **observing, every=10)
    half = simulate(population, until=33, **observing, every=10)
    Checkpoints(tmp_path).save(half)
    resumed = simulate(population, checkpoints=Checkpoints(tmp_path), **observing, every=10)
    branch = half.branch(scenario())
    branch.run()
    for other in (resumed, branch):
        assert other.hash() == whole.hash()
        for name, (days, values) in whole.observations.items():
            assert (other.observations[name][0] == days).all()
            assert (other.observations[name][1] == values).all()
    with pytest.raises(UserError, match="it differs in the functions of `observe`"):
        simulate(population, checkpoints=Checkpoints(tmp_path), **observing, every=11)


def test_no_function_can_write_to_a_column(population):
    def write(columns):
        columns.risk[0] = 1

    def force(columns):
        columns.risk.flags.writeable = True
        columns.age.flags.writeable = True
        columns.risk[:] = columns.age[:] = 7
        return 0

    with pytest.raises(UserError, match="'write' failed on 2020-01-02: ValueError") as caught:
        simulate(population, observe={"write": write})
    assert isinstance(caught.value.__cause__, ValueError)
    assert simulate(population, observe={"force": force}).hash() == simulate(population).hash()


@pytest.mark.parametrize(
    "observing, sentence",
    [
        ({"observe": mean_risk}, "observe is a function, but each function needs a name"),
        ({"observe": {"a": 3}}, "'a' is mapped to a value of type int"),
        ({"observe": {"a": mean_risk}, "every": 0}, "every is 0, but it is a whole number"),
        ({"observe": {"a": mean_risk}, "every": 1.5}, "every is 1.5"),
        ({"observe": {"a": lambda c: c.rsik}}, "there is no column rsik; did you mean risk"),
        ({"observe": {"a": lambda c: "many"}}, "returned values of type"),
        ({"observe": {"a": lambda c: None}}, "returned values of type object"),
        ({"observe": {"a": lambda c: np.zeros(c.day + 1)}}, "of shape .31,. on 2020-02-01, but"),
    ],
)
def test_a_function_that_cannot_be_used_is_named_in_a_sentence(population, observing, sentence):
    with pytest.raises(UserError, match=sentence):
        simulate(population, **observing)


@pytest.mark.parametrize("observe", [5, [], "x", len, {5: len}, {"a": 5}])
def test_observe_is_refused_unless_it_maps_names_to_functions(observe):
    world = "unwatched"
    verbs = (
        lambda: uw.run(world, 20, 3, observe=observe),
        lambda: uw.compare(world, world, citizens=20, days=3, observe=observe),
    )
    for verb in verbs:
        with pytest.raises(UserError, match="^observe"):
            verb()
