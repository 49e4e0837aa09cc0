"""The equations of the organ pages give the numbers of the kernels: read from the page, computed.

The page's text is the expected side, word for word; the kernel, uncompiled, is the other.
"""

import re
from math import exp
from types import SimpleNamespace

import numpy as np
import pytest

from underwatch.cli.pages import PAGES
from underwatch.model.parameters import params_on
from underwatch.model.scoring import precursor
from underwatch.model.scoring.precursor import company_score
from underwatch.model.society import acts
from underwatch.model.society.acts import flight_chance, minor_chance, miss_chance, train_chance
from underwatch.model.society.speech import foreign_visit_chance
from underwatch.scenario import Scenario
from underwatch.scenario.keys import leaves

DAY = 2_100  # of the default scenario: everything is on
WORDS = {
    "share of contacts boasting": "boasting", "rank of conviction": "rank", "½": "0.5",
}  # fmt: skip
PLACES = ("rural", "town", "metropolis")


@pytest.fixture(scope="module")
def world():
    """(scenario, day, parameters of the kernels on that day, values of keys by their last part)."""
    scenario = Scenario.load("atlantic-2018")
    day = scenario.first_day + np.timedelta64(DAY, "D").astype(object)
    record = params_on(scenario, day)[0]
    params = SimpleNamespace(**{name: record[name] for name in record.dtype.names})
    names = {}
    for key, value in leaves(scenario):
        names[key.rpartition(".")[2]] = value.on(day) if hasattr(value, "on") else value
    return scenario, day, params, names


@pytest.fixture(autouse=True)
def uncompiled(monkeypatch):
    """What the kernels call, as Python."""
    monkeypatch.setattr(acts, "earnings", acts.earnings.py_func)
    monkeypatch.setattr(precursor, "count", precursor.count.py_func)


def expression(organ: str, pattern: str) -> str:
    """What a pattern captures in the rules of an organ's page, as Python."""
    text = (PAGES / "organs" / f"{organ}.md").read_text("utf-8")
    rules = "\n".join(re.findall(r"^```\n(.*?)^```", text, re.M | re.S))
    found = re.search(pattern, rules)
    assert found, f"{organ}: the page has no equation {pattern!r}"
    made = found[1].replace("·", "*").replace("−", "-").replace("^", "**")
    for words, name in WORDS.items():
        made = made.replace(words, name)
    return made


def value(organ: str, pattern: str, **names) -> float:
    made = eval(f"({expression(organ, pattern)})", {"exp": exp, "min": min}, names)
    return float(made)


# organ, where the equation is on its page, the kernel, and what both read
CHANCES = [
    ("M16", r"flies\s+: u < (.+)", lambda t, s, p: flight_chance.py_func(t, t.income, p)),
    ("M16", r"rides\s+: u < (.+)", lambda t, s, p: train_chance.py_func(t, p)),
    ("M21", r"minor\s+: w = (.+)", lambda t, s, p: minor_chance.py_func(t, p)),
    ("M18", r"visit\s+:.* u < (.+?) · g", lambda t, s, p: foreign_visit_chance.py_func(t, p)),
    ("M9", r"missed : u < (.+) · care", lambda t, s, p: miss_chance.py_func(t, s, p)),
]


@pytest.mark.parametrize("organ, pattern, kernel", CHANCES, ids=[c[0] + c[1][:6] for c in CHANCES])
def test_a_chance_is_the_one_on_the_page(world, organ, pattern, kernel):
    _, _, params, names = world
    state = SimpleNamespace(standing=0)
    for quantile in (0, 60, 128, 255):
        other = 255 - quantile // 2
        traits = SimpleNamespace(
            income=quantile, mobility=other, independence=quantile, thrift=quantile // 2,
            prudence=other,
        )  # fmt: skip
        wanted = value(organ, pattern, **names | vars(traits))
        assert kernel(traits, state, params) / 2**32 == pytest.approx(wanted, rel=2e-3, abs=1e-7)


def test_fear_and_deterrence_fall_as_on_their_pages(world):
    _, _, params, names = world
    for x in (0, 20, 100, 255):
        felt = {**names, "x": x / 255}
        assert params.chill[x] / 65_536 == pytest.approx(
            value("M18", r"g\(x\)\s+= (.+?)  ", **felt), abs=2e-4
        )
        assert params.deter[x] / 65_536 == pytest.approx(
            value("M21", r"d\(x\)\s+= (.+)", **felt), abs=2e-4
        )


def test_criticism_rises_with_opinion_as_on_its_page(world):
    _, _, params, names = world
    for opinion in (10, 128, 255):
        c = value("M7", r"c\(o\)\s+= (.+)", o=opinion, **names)
        rate = value("M7", r"p\s+= (.+?) · c\(opinion\)", **names)
        mean = (128 + 127.5) / 256  # of the factor of sociability, which is 256ths in the kernel
        assert params.post_rate[opinion] / 2**32 * mean == pytest.approx(rate * c, rel=1e-3)


def test_cameras_cover_what_their_page_says(world):
    _, _, params, names = world
    shares = dict(world[0].cameras.share_covered_per_100)
    for at, place in enumerate(PLACES):
        made = value("M11", r"covered\[place\] = (.+)", **names | {
            "place": place, "share_covered_per_100": shares,
        })  # fmt: skip
        seen = made * names["uptime"]
        assert params.watched_spots[at] / 2**32 == pytest.approx(seen, rel=1e-3)


def test_the_private_score_is_that_of_its_page(world):
    scenario, _, params, _ = world
    company = scenario.precursor
    for late, repaid, favoured, disfavoured, boasting in ((0, 0, 0, 0, 0.0), (3, 2, 9, 1, 0.25)):
        file = late | repaid << 4 | favoured << 12 | disfavoured << 16
        wanted = value(
            "M4", r"score\s+= clip\((.+\n.+\n.+), rounded", base=company.base,
            points=company.points, late=late, repaid=repaid, favoured=favoured,
            disfavoured=disfavoured, connections=company.connections, boasting=boasting,
        )  # fmt: skip
        got = company_score.py_func(file, round(boasting * 65_536), params)
        assert got == pytest.approx(wanted, abs=0.5)


def test_people_join_a_private_score_as_on_its_page(world):
    _, _, params, names = world
    for boasting in (0.0, 0.1, 0.5):
        wanted = value("M4", r"u < (joining_alone.+)", **names, boasting=boasting)
        got = params.join_alone + (params.join_heard * round(boasting * 65_536) >> 16)
        assert got / 2**32 == pytest.approx(wanted, rel=1e-3)


def test_protest_begins_and_tires_as_on_its_page(world):
    _, _, params, names = world
    for opinion in (0, 100, 255):
        spark = value("M17", r"spark\s+= (.+)", opinion=opinion, **names)
        assert params.spark[opinion] / 2**32 == pytest.approx(spark, abs=1e-9)
    fatigue = world[0].protest.fatigue
    for days in range(16):
        tired = value("M17", r"t\s+= (.+)", protest=SimpleNamespace(fatigue=fatigue), fatigue=days)
        assert params.tired[days] / 65_536 == pytest.approx(tired, abs=1e-5)


def test_fear_is_lost_and_debtors_take_care_as_on_their_pages(world):
    _, _, params, names = world
    lost = value("M18", r"risk · (\(1 − .+\)\))", **names)
    assert params.risk_decay / 2**24 == pytest.approx(lost, rel=1e-4)
    for prudence in (0, 90, 255):
        care = value("M9", r"care\s+= (exp\(.+?\)) if", **names | {"prudence": prudence / 255})
        assert params.careful[prudence] / 65_536 == pytest.approx(care, abs=2e-4)


def test_people_die_at_the_rate_of_the_page(world):
    scenario, _, params, names = world
    bands = scenario.society.deaths_per_1000_a_year
    for age, band in ((0, 0), (20, 2), (95, 8)):
        dies = value("M19", r"dies if u < (.+)", **names | {
            "deaths_per_1000_a_year": {age: bands[band]}, "age": age,
        })  # fmt: skip
        assert params.deaths[age] / 2**32 == pytest.approx(dies, rel=1e-6)


def test_support_starts_as_on_its_page(world):
    scenario, _, params, names = world
    for conviction in (0, 128, 255):
        rank = (conviction / 255) ** (1 / scenario.society.conviction_skew)
        start = value("M22", r"start\s+= clip\((.+), 0, 1\)", rank=rank, **names)
        assert params.support_start[conviction] / 255 == pytest.approx(
            min(1, max(0, start)), abs=1 / 255
        )
