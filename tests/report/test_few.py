"""What stands beside "too few events": exact intervals against the distributions they invert."""

import subprocess
import sys

import numpy as np
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from underwatch.measurement.estimates import too_few
from underwatch.measurement.summary import SummaryLine
from underwatch.report.bands import bands_for
from underwatch.report.brief import headline, in_brief
from underwatch.report.chance import one_draw
from underwatch.report.few import (
    beside,
    count_interval,
    in_cell,
    over_points,
    ratio_interval,
    share_interval,
    without_few,
)
from underwatch.report.series import all_series
from underwatch.results.base import Value
from underwatch.scenario import Scenario


@given(st.integers(0, 400))
def test_the_ends_of_a_count_are_where_each_tail_holds_a_fortieth(count):
    low, high = count_interval(count)
    assert np.isclose(poisson.cdf(count, high), 0.025)
    assert low == 0 if count == 0 else np.isclose(poisson.sf(count - 1, low), 0.025)


@given(st.integers(1, 300), st.data())
def test_the_ends_of_a_share_are_where_each_tail_holds_a_fortieth(whole, data):
    part = data.draw(st.integers(0, whole))
    low, high = (end / 100 for end in share_interval(part, whole))
    assert high == 1 if part == whole else np.isclose(binom.cdf(part, whole, high), 0.025)
    assert low == 0 if part == 0 else np.isclose(binom.sf(part - 1, whole, low), 0.025)
    inside = ratio_interval((whole, part))
    assert inside[0] <= part / whole <= inside[1]


def test_the_import_of_special_functions_leaves_out_what_nobody_uses_until_it_is_used():
    code = (
        "import sys; from underwatch.report.special import special\n"
        "assert special().gammaincinv(1, 0.5) > 0\n"
        "assert not {'numpy.f2py.f2py2e', 'unittest'} & {*sys.modules}\n"
        "import numpy, numpy.testing\n"
        "numpy.testing.assert_equal(1, 1); numpy.f2py.main\n"
        "assert 'numpy.f2py.f2py2e' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=3))
def test_every_count_of_a_note_gets_its_interval_and_nothing_else_is_touched(counts):
    note = too_few(*counts)
    noted = beside(f"Groups are not compared: {note}.")
    if not note:
        assert noted == "Groups are not compared: ."
        return
    assert noted.count(" to ") == in_cell(note).count(" to ") == len(counts)
    assert noted.startswith(f"Groups are not compared: {note} [exact 95 % interval")


@given(st.floats(0, 100), st.integers(0, 60), st.sampled_from(["% of stops", "% of adults"]))
def test_a_share_on_few_events_has_no_value_and_nobody_of_many_is_one(share, events, unit):
    (value,), (shown,) = without_few([share], [unit], [events])
    nobody_of_many = share in (0, 100) and unit == "% of adults"
    assert (value is None) == (events < 30 and not nobody_of_many) == (shown != unit)


def test_neither_a_title_nor_a_caption_rests_on_a_handful_of_events():
    days = np.arange("2020-01-01", "2020-01-11", dtype="datetime64[D]")
    daily = {"adults": [50] * 10, "restricted": [0] * 9 + [2], "imposed": [0] * 9 + [2],
             "wrongful": [0] * 10, "association_only": [0] * 10}  # fmt: skip
    tallies = xr.Dataset({n: ("day", np.array(one)) for n, one in daily.items()}, {"day": days})
    shown = {series.name: series for series in all_series(tallies)}
    assert shown["restricted"].finding == shown["wrongful"].finding == ""
    assert "On the last day 2 of 50 adults are under" in shown["restricted"].caption
    assert "0 of 2 (exact 95 % interval 0 % to 84" in shown["wrongful"].caption.replace("\xa0", " ")
    lines = [SummaryLine("restricted_now", "Now", 4.0, "% of adults", "burden", events=2)]
    assert headline(lines) == "" and "rests on too few events (2)" in in_brief(lines)[0].text


def test_a_run_with_few_wrongful_restrictions_gives_the_exact_share_and_the_citizens_it_takes():
    lines = [
        SummaryLine("imposed", "Imposed", 200, "restrictions", "burden", events=200),
        SummaryLine("wrongful", "Wrongful", 6, "restrictions", "error", events=6),
        SummaryLine("wrongful_share", "Share", 3.0, "%", "error", events=6),
    ]
    (found,) = in_brief(lines, citizens=10_000)
    assert found.text == (
        "6 restrictions have no act of the person's own as a reason; for a share these are too "
        "few events (6) [exact 95 % interval 2.2 to 13; 30 take about 50,000 citizens]: 6 of 200, "
        "or 3 % (exact 95 % interval 1.1 to 6.4)."
    )
    assert found.mark == "exact interval"


def test_the_command_for_an_interval_is_the_one_that_was_given_with_more_seeds():
    given = ["underwatch", "run", "my file.yaml", "--seeds=2", "--out", "x", "--seed", "7"]
    text = one_draw({"kind": "replicates", "seeds": [7, 8], "command": given})
    assert text.startswith("Two seeds show two draws of chance")
    assert "`underwatch run 'my file.yaml' --seed 7 --seeds 5`" in text
    assert "`uw.run(…, seeds=5)`" in one_draw({"command": ["underwatch", "resume", "x"]})


def test_a_sentence_without_an_interval_has_the_band_that_the_assumptions_leave():
    scenario = Scenario.load("atlantic-2018").model_dump(mode="json")
    known = {"scenario": scenario, "days": 2393, "citizens": 9_000}
    line = SummaryLine("chilled_share", "", 4.3127, "% of intended acts", "expression")
    bands = bands_for(known)
    (alone,) = in_brief([line], bands=bands)
    assert alone.text.endswith(
        f"they intend (the assumptions leave {bands.band('chilled_share')} %)."
    )
    over_seeds = Value(line.name, "", 4.3, line.unit, "", line.kind, 4.1, 4.5)
    assert "assumptions" not in in_brief([over_seeds], bands=bands)[0].text
    assert in_brief([line], bands=bands_for(known | {"days": 90})) == in_brief([line])


def test_too_few_events_at_the_points_of_a_study_say_how_many_citizens_would_do():
    assert over_points("undefined at 3 of 24 points", 4_000) == "undefined at 3 of 24 points"
    note = over_points("too few events (3), median over the points", 3_000)
    assert note.endswith("; 30 take about 30,000 citizens at each")
