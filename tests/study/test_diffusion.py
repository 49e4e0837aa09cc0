"""Organs spread over invented states by demand and by trade, and do in each nation what they do."""

import io
import json
import subprocess
import sys

import numba
import numpy as np
import pytest

from underwatch.cli.told_diffusion import tell
from underwatch.errors import UserError
from underwatch.results import contents
from underwatch.results import folder as store
from underwatch.results.run import run
from underwatch.study.diffusion.declaration import REGIMES, Study, reading
from underwatch.study.diffusion.export import compare, export
from underwatch.study.diffusion.nations import RATIOS, nation
from underwatch.study.diffusion.spread import NEVER, spread
from underwatch.study.diffusion.states import invent

REPLICATES = np.arange(1, 41)
NO_DEMAND = [f"offers.{name}.demand.{regime}=0" for name in Study.load("diffusion").offers
             for regime in REGIMES]  # fmt: skip
SMALL = ["states.number=20", "nations.citizens=150", "years.first=2017", "years.last=2019",
         "offers.firewall.demand.electoral_democracy=0.5", "index.replicates=10"]  # fmt: skip


def spread_with(*settings, replicates=REPLICATES, **more):
    study = Study.load("diffusion", settings)
    return spread(study, invent(study), replicates, **more)


# --- States and adoption


def test_regimes_are_dealt_in_their_shares_and_trade_adds_up():
    study = Study.load("diffusion")
    states = invent(study)
    dealt = np.bincount(states.regime) / study.states.number
    assert np.abs(dealt - study.states.regimes.values).max() < 1 / study.states.number
    whole = states.exporter + states.trade.sum(1)
    assert np.abs(whole - 65536).max() <= study.states.number / 2  # each share is rounded
    assert (np.diagonal(states.trade) == 0).all()


def test_states_take_the_same_in_whatever_order_and_on_however_many_threads_they_are_asked():
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


def test_without_trade_ties_and_without_demand_nobody_takes_anything():
    assert (spread_with(*NO_DEMAND, "states.exporter_size=0") == NEVER).all()


def test_trade_with_the_exporter_alone_is_enough_to_begin():
    assert (spread_with(*NO_DEMAND) < NEVER).any()


def test_who_trades_more_with_the_exporter_takes_nothing_later_and_much_sooner():
    less, more = spread_with("states.exporter_size=10"), spread_with("states.exporter_size=100")
    assert (more <= less).all() and (more < less).sum() > 100


def test_who_trades_more_with_those_who_have_it_is_sooner():
    study = Study.load("diffusion")
    states = invent(study)
    lonely = states._replace(trade=states.trade * 0)
    together, apart = spread(study, states, REPLICATES), spread(study, lonely, REPLICATES)
    assert (together <= apart).all() and (together < apart).sum() > 100


def test_what_a_state_has_helps_it_to_the_next():
    plain, helped = spread_with("held_helps=0"), spread_with("held_helps=1")
    assert (helped <= plain).all() and (helped < plain).any()


def test_nothing_comes_before_it_is_offered_or_before_what_it_needs():
    study = Study.load("diffusion")
    found, groups = spread_with(), list(study.offers)
    for k, offer in enumerate(study.offers.values()):
        years = found[:, :, k]
        assert years.min() >= offer.offered_from
        for other in offer.after:
            before = found[:, :, groups.index(other)]
            assert (before < years)[years < NEVER].all()


def test_one_group_less_on_offer_changes_nobodys_luck_with_the_others():
    study = Study.load("diffusion", ["held_helps=0"])
    fewer = study.model_copy(update={"offers": dict(list(study.offers.items())[:-1])})
    states = invent(study)
    whole, less = spread(study, states, REPLICATES), spread(fewer, states, REPLICATES)
    assert (whole[:, :, :-1] == less).all()


def test_the_shipped_demand_reproduces_what_it_was_fitted_to():
    study = Study.load("diffusion")
    states = invent(study)
    for row in compare(study, states, spread(study, states, np.arange(400))):
        assert abs(row["mean"] - row["index"]) < 3, row
        assert row["fitted"] and row["confidence"] in ("S", "M")


# --- Nations


def lived(**own):
    study = Study.load("diffusion", ["nations.citizens=3000", "years.last=2016", "index.year=2016"])
    tallies = run(nation(study, study.nations.worlds(), own, 7)).tallies
    years = tallies["day"].dt.year
    return lambda name, year: int(tallies[name].values[years == year].sum())


def test_an_organ_not_taken_leaves_no_trace_in_the_nation():
    watched = lived(cameras=2015, face_matching=2015, firewall=2015)
    assert watched("would_offences_watched", 2015) > 0 < watched("foreign_visits_blocked", 2015)
    for name in ("scored", "imposed", "namings", "watched", "stops", "true_news_flagged",
                 "false_by_reader", "regional_files", "national_files", "joined",
                 "neighbours_reports", "privileged"):  # fmt: skip
        assert watched(name, 2015) == watched(name, 2016) == 0, name


def test_an_organ_is_nothing_until_the_year_in_which_it_is_taken():
    later = lived(reading_of_platforms=2015, firewall=2016)
    assert later("foreign_visits_blocked", 2015) == 0 < later("foreign_visits_blocked", 2016)
    assert later("false_by_reader", 2015) > 0
    alone = lived(reading_of_platforms=2015)
    for name in ("posts", "false_by_reader", "chilled_acts"):
        assert later(name, 2015) == alone(name, 2015), name


def test_all_organs_together_score_restrict_and_chill():
    study = Study.load("diffusion")
    everything = lived(**dict.fromkeys(study.offers, 2015))
    for name in ("scored", "restricted", "chilled_acts", "stops", "namings", "posts_filtered",
                 "national_files"):  # fmt: skip
        assert everything(name, 2016) > 0, name


# --- The whole study


@pytest.fixture(scope="module")
def small():
    read = reading("diffusion", SMALL)
    return read, export(read.value, read.sources)


def test_a_study_is_written_whole_and_read_back(small, tmp_path):
    _, found = small
    store.save_states(tmp_path / "study", found.provenance, found.states)
    provenance, states = store.load_states(tmp_path / "study")
    assert provenance == json.loads(json.dumps(found.provenance))
    assert states.identical(found.states)
    assert all({"units", "long_name"} <= set(v.attrs) for v in states.data_vars.values())
    with pytest.raises(UserError, match="never overwritten"):
        store.save_states(tmp_path / "study", found.provenance, found.states)
    with pytest.raises(UserError, match="does not list tallies.nc"):
        contents.load(tmp_path / "study")
    (tmp_path / "study" / "states.nc").write_bytes(b"")
    with pytest.raises(UserError, match="has changed"):
        store.load_states(tmp_path / "study")


def test_only_who_takes_something_has_a_nation(small):
    states = small[1].states
    takers = states["adopted"].notnull().any("organ").values
    assert takers.any() and not takers.all()
    for name in RATIOS:
        assert states[name].isnull().values[~takers].all(), name
    assert states["support"].notnull().values[takers].all()
    assert ((states["years_lived"] > 0).values == takers).all()


def test_an_interrupted_study_goes_on_to_the_same_bits(small, tmp_path):
    read, found = small

    def stop(step):
        if step.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(read.value, read.sources, tmp_path / "half", stop)
    assert len(list((tmp_path / "half").glob("state-*.pickle"))) == 3
    on = export(read.value, read.sources, tmp_path / "half")
    assert on.provenance["result_hash"] == found.provenance["result_hash"]
    assert on.states.identical(found.states)
    with pytest.raises(UserError, match="interrupted study of other worlds"):
        export(Study.load("diffusion", [*SMALL, "seed=1"]), {}, tmp_path / "half")


def test_what_was_not_read_in_its_source_is_printed_with_its_letter(small):
    said = io.StringIO()
    tell(small[1].provenance, small[1].states, "here", said)
    text = said.getvalue()
    assert "51.0 % (S)" in text and "42.6 % (M)" in text
    assert "reproduced, not predicted" in text and "fitted to: Feldstein" in text


def test_the_command_ends_with_one_json_object_and_leaves_a_folder(tmp_path):
    settings = [word for setting in SMALL for word in ("--set", setting)]
    words = ["diffusion", *settings, "--seed", "3", "--citizens", "100", "--out", "here", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "underwatch", *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["seed"] == 3 and said["citizens"] == 100 and said["states"] == 20
    assert store.load_states(tmp_path / "here")[0]["result_hash"] == said["result_hash"]
    assert [path.name for path in tmp_path.iterdir()] == ["here"]


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
            "held_helps: 1\noffers: {kameras: {organs: [M11]}}",
            "mine.yaml:3: offers.kameras.offered_from is missing",
        ),
        (
            "offers:\n  cameras:\n    switches: [cameras.uptimes]",
            "mine.yaml:4: offers.cameras.switches: cameras.uptimes is no dated figure of a scenario; did "
            "you mean cameras.uptime?",
        ),
        (
            "offers:\n  cameras:\n    organs: [M26]",
            "mine.yaml:4: offers.cameras.organs: M26 is no organ",
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
def test_a_bad_study_file_is_told_by_file_and_line(tmp_path, monkeypatch, text, line):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text(f"extends: diffusion\n{text}\n")
    with pytest.raises(UserError) as caught:
        Study.load("mine.yaml")
    assert str(caught.value).splitlines()[0].startswith(line), str(caught.value)
