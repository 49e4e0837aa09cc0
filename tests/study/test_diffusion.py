"""Organs spread over invented states by trade and by what adopters measured in their nations."""

import json

import numba
import numpy as np
import pytest

import underwatch as uw
from helpers.command import underwatch
from underwatch.errors import UserError
from underwatch.results.ledger import Ledger, entries
from underwatch.results.run import run
from underwatch.scenario import evidence
from underwatch.study.diffusion import diffusion
from underwatch.study.diffusion.declaration import REGIMES, Study
from underwatch.study.diffusion.goals import GOALS
from underwatch.study.diffusion.populations import RATIOS, state_scenario
from underwatch.study.diffusion.spread import NEVER, NOBODY, spread
from underwatch.study.diffusion.states import invent
from underwatch.study.diffusion.study import read_study
from underwatch.study.diffusion.trials import TrialNations

REPLICATES = np.arange(1, 41)
POPULATIONS = Study.load("diffusion").trials.populations
SMALL = ["states.number=20", "nations.citizens=150", "years.first=2017", "years.last=2019",
         "adoption.innovation=0.1", "index.replicates=10", "trials.populations=1",
         "trials.days=120"]  # fmt: skip


def measuring(**gains):
    """What nations measure: each goal by the number of groups held; the other goals stay."""

    def measured(groups):
        found = np.zeros((POPULATIONS, len(GOALS)))
        for name, gain in gains.items():
            found[:, [*GOALS].index(name)] = gain * len(groups)
        return found

    return measured


NO_BENEFIT = measuring()


def spread_with(*settings, measured=NO_BENEFIT, replicates=REPLICATES, **more):
    study = Study.load("diffusion", settings)
    return spread(study, invent(study), replicates, measured, **more).adopted


# --- States and adoption


def test_regimes_have_their_shares_and_trade_sums_to_one():
    study = Study.load("diffusion")
    states = invent(study)
    found = np.bincount(states.regime) / study.states.number
    assert np.abs(found - study.states.regimes.values).max() < 1 / study.states.number
    whole = states.exporter + states.trade.sum(1)
    assert np.abs(whole - 65536).max() <= study.states.number / 2  # each share is rounded
    assert (np.diagonal(states.trade) == 0).all()


def test_the_order_of_states_and_the_number_of_threads_change_nothing():
    found = spread_with()
    backwards = spread_with(order=np.arange(176)[::-1])
    shuffled = spread_with(order=np.random.default_rng(1).permutation(176))
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        alone = spread_with()
    finally:
        numba.set_num_threads(threads)
    for other in (backwards, shuffled, alone):
        assert (other == found).all()
    assert (spread_with(replicates=REPLICATES + 40) != found).any()


def test_without_trade_and_without_innovation_no_state_adopts():
    assert (spread_with("adoption.innovation=0", "states.exporter_size=0") == NEVER).all()


def test_trade_with_the_exporter_alone_starts_adoption():
    assert (spread_with("adoption.innovation=0") < NEVER).any()


def test_adoption_without_news_prices_and_trade_is_the_first_year_of_the_bass_model():
    study = Study.load("diffusion", ["adoption.doubt=1000", "adoption.innovation=0.1"])
    first = spread(study, invent(study), np.arange(400), NO_BENEFIT).adopted[:, :, 0] == 2010
    # The exporter is the only seller; a state that has heard nothing chooses by a coin.
    chance = (0.1 + 0.38 * invent(study).exporter / 65536) / 2
    error = np.sqrt((chance * (1 - chance)).sum() / 400) / len(chance)
    assert abs(first.mean() - chance.mean()) < 4 * error


def test_if_adopters_nations_measure_no_benefit_adoption_is_slower_than_with_benefit():
    none, some = NO_BENEFIT, measuring(fewer_offences=0.1)
    slow, fast = spread_with(measured=none), spread_with(measured=some)
    assert (slow < NEVER).mean() < (fast < NEVER).mean() - 0.05
    assert np.median(slow[:, :, 0]) > np.median(fast[:, :, 0])
    fewer = [spread_with(measured=measuring(fewer_offences=gain)) for gain in (-0.3, 0, 0.05, 0.3)]
    holders = [(adopted < NEVER).mean() for adopted in fewer]
    assert holders == sorted(holders) and holders[0] < holders[-1] / 2


def test_what_silences_critics_spreads_among_autocracies_and_not_among_democracies():
    states = invent(Study.load("diffusion"))
    autocracies = states.regime >= REGIMES.index("electoral_autocracy")
    adopted = spread_with(measured=measuring(less_criticism=0.2))
    free, closed = ((adopted[:, who] < NEVER).mean() for who in (~autocracies, autocracies))
    assert closed > free + 0.2
    plain = spread_with()
    free, closed = ((plain[:, who] < NEVER).mean() for who in (~autocracies, autocracies))
    assert abs(closed - free) < 0.05


def test_neighbours_hear_what_the_adopters_before_them_measured():
    study = Study.load("diffusion", ["states.exporter_size=0"])  # nobody but states reports
    states = invent(study)
    lonely = states._replace(trade=states.trade * 0)
    good, bad = measuring(fewer_offences=0.3), measuring(fewer_offences=-0.3)
    first = study.years.first
    for among, hear in ((states, True), (lonely, False)):
        better, worse = (spread(study, among, REPLICATES, m).adopted for m in (good, bad))
        assert ((better == first) == (worse == first)).all()  # there is nothing to hear yet
        assert ((better < NEVER).mean() > (worse < NEVER).mean()) == hear
        assert hear or (better == worse).all()


def test_adopters_sell_on_and_a_seller_that_has_sold_sells_more():
    study = Study.load("diffusion")
    states = invent(study)
    found = spread(study, states, REPLICATES, measuring(fewer_offences=0.1))
    w, s, k = np.nonzero((found.adopted < NEVER) & (found.supplier != NOBODY))
    seller, year = found.supplier[w, s, k], found.adopted[w, s, k]
    own = seller < study.states.number
    assert own.any() and not own.all()
    assert (found.adopted[w, np.minimum(seller, 175), k] < year)[own].all()
    growing = Study.load("diffusion", ["adoption.seller_growth=1"])
    more = spread(growing, states, REPLICATES, measuring(fewer_offences=0.1)).adopted
    assert (more < NEVER).mean() > (found.adopted < NEVER).mean() + 0.01


def test_a_price_slows_adoption_and_falls_with_the_number_of_adopters():
    dear = [f"offers.{name}.price=0.15" for name in Study.load("diffusion").offers]
    cheap = spread_with(*dear, "adoption.price_fall=0.5")
    held = [(found < NEVER).mean() for found in (spread_with(*dear), cheap, spread_with())]
    assert held == sorted(held) and held[0] < held[2] - 0.05


def test_the_published_index_is_no_input_of_adoption(monkeypatch):
    declared = read_study("diffusion")
    used = {key: source for key, source in declared.sources.items()
            if "feldstein" in source and not key.startswith("index.")}  # fmt: skip
    assert set(used) == {"states.number"}  # how many states were looked at, not how many use it
    assert not [source for source in declared.sources.values() if "fitted" in source]
    assert not declared.study.index.fitted
    whole = spread_with()
    known = dict(evidence.figures())
    for key in ("feldstein_2019", "feldstein_2019_by_regime"):
        known.pop(key)
    monkeypatch.setattr(evidence, "figures", lambda: known)
    study = declared.study
    assert (spread(study, invent(study), REPLICATES, NO_BENEFIT).adopted == whole).all()


def test_trade_with_holders_hastens_adoption():
    study = Study.load("diffusion", ["adoption.doubt=1000"])
    states = invent(study)
    lonely = states._replace(trade=states.trade * 0)
    together, apart = (
        spread(study, among, REPLICATES, NO_BENEFIT).adopted for among in (states, lonely)
    )
    assert (together <= apart).all() and (together < apart).sum() > 100


def test_an_organ_held_hastens_the_next():
    plain, helped = (spread_with("adoption.doubt=1000", f"adoption.held_helps={h}") for h in (0, 1))
    assert (helped <= plain).all() and (helped < plain).any()


def test_no_adoption_precedes_the_offer_or_what_it_requires():
    study = Study.load("diffusion")
    found, groups = spread_with(measured=measuring(fewer_offences=0.2)), list(study.offers)
    for k, offer in enumerate(study.offers.values()):
        years = found[:, :, k]
        assert years.min() >= offer.offered_from
        for other in offer.after:
            before = found[:, :, groups.index(other)]
            assert (before < years)[years < NEVER].all()


def test_one_group_less_on_offer_leaves_the_draws_of_the_others_unchanged():
    study = Study.load("diffusion", ["adoption.held_helps=0"])
    fewer = study.model_copy(update={"offers": dict(list(study.offers.items())[:-1])})
    states = invent(study)
    whole, less = (spread(s, states, REPLICATES, NO_BENEFIT).adopted for s in (study, fewer))
    assert (whole[:, :, :-1] == less).all()


# --- Trial nations


def test_a_trial_measures_the_same_people_with_and_without_the_organs():
    study = Study.load("diffusion", ["nations.citizens=1500", *SMALL[-2:]])
    worlds = study.nations.worlds()
    trials = TrialNations(study, worlds, Ledger(None, ""))
    fall, _, silence, _, _ = trials(frozenset(["cameras", "face_matching"]))[0]
    assert fall > 0.01 and silence < 0.5
    assert (trials(frozenset()) == 0).all()
    deaf = [f"nations.settled=[{', '.join([*study.nations.settled, 'response.deterrence=0'])}]"]
    study = Study.load("diffusion", ["nations.citizens=1500", *SMALL[-2:], *deaf])
    trials = TrialNations(study, study.nations.worlds(), Ledger(None, ""))
    assert abs(trials(frozenset(["cameras", "face_matching"]))[0][0]) < fall / 4


# --- Populations


def simulated(**adopted):
    study = Study.load("diffusion", ["nations.citizens=3000", "years.last=2016", "index.year=2016"])
    tallies = run(state_scenario(study, study.nations.worlds(), adopted, 7)).tallies
    years = tallies["day"].dt.year
    return lambda name, year: int(tallies[name].values[years == year].sum())


def test_an_organ_that_is_not_adopted_leaves_no_trace_in_the_population():
    watched = simulated(cameras=2015, face_matching=2015, firewall=2015)
    assert watched("would_offences_watched", 2015) > 0 < watched("foreign_visits_blocked", 2015)
    for name in ("scored", "imposed", "namings", "watched", "stops", "true_news_flagged",
                 "false_by_reader", "regional_files", "national_files", "joined",
                 "neighbours_reports", "privileged"):  # fmt: skip
        assert watched(name, 2015) == watched(name, 2016) == 0, name


def test_an_organ_is_off_until_the_year_of_its_adoption():
    later = simulated(reading_of_platforms=2015, firewall=2016)
    assert later("foreign_visits_blocked", 2015) == 0 < later("foreign_visits_blocked", 2016)
    assert later("false_by_reader", 2015) > 0
    alone = simulated(reading_of_platforms=2015)
    for name in ("posts", "false_by_reader", "chilled_acts"):
        assert later(name, 2015) == alone(name, 2015), name


def test_all_organs_together_score_restrict_and_chill():
    study = Study.load("diffusion")
    everything = simulated(**dict.fromkeys(study.offers, 2015))
    for name in ("scored", "restricted", "chilled_acts", "stops", "namings", "posts_filtered",
                 "national_files"):  # fmt: skip
        assert everything(name, 2016) > 0, name


# --- The whole study


@pytest.fixture(scope="module")
def small():
    return diffusion(read_study("diffusion", settings=SMALL))


def test_a_study_is_written_and_read_back_with_the_same_page(small, tmp_path):
    same = uw.load(small.save(tmp_path / "study"))
    assert same.provenance == json.loads(json.dumps(small.provenance))
    assert same.states.identical(small.states) and same.report() == small.report()
    assert same.to_dataframe().equals(small.to_dataframe()) and len(repr(small)) < 300
    assert all({"units", "long_name"} <= set(v.attrs) for v in same.states.data_vars.values())
    with pytest.raises(UserError, match="never overwritten"):
        small.save(tmp_path / "study")
    (tmp_path / "study" / "states.nc").write_bytes(b"")
    with pytest.raises(UserError, match="has changed"):
        uw.load(tmp_path / "study")


def test_only_adopters_have_a_population(small):
    states = small.states
    adopters = states["adopted"].notnull().any("organ").values
    assert adopters.any() and not adopters.all()
    for name in RATIOS:
        assert states[name].isnull().values[~adopters].all(), name
    assert states["support"].notnull().values[adopters].all()
    assert ((states["years_simulated"] > 0).values == adopters).all()


def test_an_interrupted_study_resumes_to_the_same_bits(small, tmp_path):
    declared = read_study("diffusion", settings=SMALL)

    def stop(step):
        if step.stage == "states" and step.done == 3:
            raise KeyboardInterrupt

    partial = tmp_path / "partial"
    with pytest.raises(KeyboardInterrupt):
        diffusion(declared, checkpoint=partial, progress=stop)
    assert sum(key.startswith("state-") for key in entries(partial)) == 3
    resumed = diffusion(declared, checkpoint=partial)
    assert resumed.provenance["result_hash"] == small.provenance["result_hash"]
    assert resumed.states.identical(small.states)
    with pytest.raises(UserError, match="other scenarios"):
        diffusion(declared, seed=1, checkpoint=partial)


def test_evidence_that_was_not_read_in_its_source_is_shown_with_its_letter(small):
    page = small.report()
    assert "51.0 % (S)" in page and "42.6 % (M)" in page
    assert "No figure of the study was fitted to them" in page
    assert "Sources of the index: Feldstein" in page and "trial nations" in page
    assert "1 seed: no interval" in page and small.plot().to_dict()


def test_the_command_ends_with_one_json_object_and_leaves_a_folder(tmp_path):
    settings = [word for setting in SMALL for word in ("--set", setting)]
    words = ["diffusion", *settings, "--seed", "3", "--citizens", "100", "--out", "here", "--json",
             "--all"]  # fmt: skip
    done = underwatch(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout.splitlines()[-1])
    assert printed["seed"] == 3 and printed["citizens"] == 100 and printed["states"] == 20
    assert uw.load(tmp_path / "here").provenance["result_hash"] == printed["result_hash"]
    assert [path.name for path in tmp_path.iterdir()] == ["here"]
    assert "51.0 % (S)" in done.stderr


# --- Study files


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sead: 1", "mine.yaml:2: sead is not known here; did you mean seed?"),
        (
            "states: {number: {value: 1, source: feldstein_2019}}",
            "mine.yaml:2: states.number is 1, but",
        ),
        (
            "adoption: {held_helps: 1}\noffers: {kameras: {organs: [M11]}}",
            "mine.yaml:3: offers.kameras.offered_from is missing",
        ),
        (
            "offers:\n  cameras:\n    switches: [cameras.uptimes]",
            "mine.yaml:4: offers.cameras.switches: cameras.uptimes is no dated figure of a "
            "scenario; did you mean cameras.uptime?",
        ),
        (
            "offers:\n  cameras:\n    organs: [M26]",
            "mine.yaml:4: offers.cameras.organs: M26 is no organ of a nation",
        ),
        (
            "offers:\n  naming:\n    after: [faces]",
            "mine.yaml:2: offers: naming comes after faces, which",
        ),
        (
            "index:\n  year: {value: 2030, source: feldstein_2019}",
            "mine.yaml:2: index: 2030 is to be compared, but the years are 2010 to 2022.",
        ),
        (
            'states:\n  regimes:\n    liberal_democracy: {value: 0.5, source: "assumption: x"}',
            "mine.yaml:3: states.regimes: the shares of the regimes add up to 1.28, not to 1.",
        ),
        (
            'nations:\n  before: {value: unwached, source: "assumption: x"}',
            "mine.yaml:2: nations: there is no scenario unwached; did you mean unwatched?",
        ),
    ],
)
def test_a_bad_study_file_is_reported_by_file_and_line(tmp_path, monkeypatch, text, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(f"extends: diffusion\n{text}\n")
    with pytest.raises(UserError) as caught:
        Study.load("mine.yaml")
    assert str(caught.value).splitlines()[0].startswith(line), str(caught.value)
