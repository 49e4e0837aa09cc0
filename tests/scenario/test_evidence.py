"""The figures that everything is set by and compared with."""

import pytest

from underwatch.errors import UserError
from underwatch.scenario.evidence import cite, figures

KEYS = """face_law npl_2023 nist_2018 demographic_differential_2019 south_wales_2017 met_trials_2019
met_jan_2022 ningbo_2018 sesame_weights rongcheng_grades rongcheng_points rongcheng_2021
court_blacklist refused_travel court_flow_2024 approval_kostka_2019 xu_2022 awareness camera_counts
jaywalking fico_2003 penney_2016 marthews_tucker granovetter_1978 kuran_1991 epstein_2002 ross_2019
king_2013 lichter_stasi stasi_density census_2020 online_share daily_contacts payments_2019
wechat_friends mcpherson_homophily feldstein_2019 bamman_2012 china_crime_2009 fbi_cleared_2019
credit_reporting_2013""".split()


def test_every_figure_that_scenarios_cite_is_there():
    assert set(KEYS) - set(figures()) == set()


def test_every_figure_says_what_it_is_and_how_sure_it_is():
    bare = [k for k, f in figures().items() if not (f.what and f.unit and f.source and f.year)]
    assert bare == []
    assert {f.confidence for f in figures().values()} <= set("VSMC")
    assert [k for k, f in figures().items() if not f.what.endswith(".")] == []


def test_what_was_taken_from_memory_or_the_press_is_not_called_read():
    known = {
        "M": ("king_2013", "met_trials_2019", "feldstein_2019", "rongcheng_grades", "kuran_1991"),
        "S": ("npl_2023", "camera_counts", "jaywalking", "granovetter_1978", "wechat_friends"),
    }
    for letter, keys in known.items():
        assert {figures()[key].confidence for key in keys} == {letter}


def test_wilson_intervals_hold_their_shares():
    for key in ("south_wales_2017", "met_trials_2019"):
        value = figures()[key].value
        assert value["wilson_low"] < value["precision"] < value["wilson_high"]


def test_the_face_law_is_the_law():
    value = figures()["face_law"].value
    for gallery in (1_000, 10_000, 1_000_000):
        law = 1 - (1 - value["fmr"]) ** gallery
        assert value[f"gallery_{gallery:_}"] == pytest.approx(law, rel=0.01)


def test_series_ascend_by_date():
    series = figures()["court_blacklist"].value
    assert list(series) == sorted(series) and list(series.values()) == sorted(series.values())


def test_a_citation_names_source_year_and_confidence():
    assert cite("nist_2018") == "NISTIR 8238 (2018), confidence V"
    with pytest.raises(UserError, match="did you mean nist_2018"):
        cite("nist_2081")
