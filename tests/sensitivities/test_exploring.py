"""The design of a sensitivity study, on functions whose indices are known exactly."""

import numpy as np
import pytest

from underwatch.sensitivities.exploring import (
    Design,
    Measured,
    effects_of,
    explore,
    few_events,
    indices_of,
    most_important,
    saltelli,
    screening,
)


def measured(**values):
    none = np.full(len(next(iter(values.values()))), np.nan)
    return Measured(values, dict.fromkeys(values, none))


def test_the_indices_of_the_ishigami_function_are_found():
    # Exact, for a = 7 and b = 0.1: first order .3139, .4424, 0; total .5576, .4424, .2437.
    def ishigami(points):
        x = 2 * np.pi * points - np.pi
        values = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
        return measured(y=values)

    found = explore(ishigami, 3, Design(band=16, trajectories=32, samples=1024, matter=3))
    indices = {one.factor: one for one in found.indices["y"]}
    for factor, first, total in ((0, 0.3139, 0.5576), (1, 0.4424, 0.4424), (2, 0.0, 0.2437)):
        assert indices[factor].first == pytest.approx(first, abs=0.04)
        assert indices[factor].total == pytest.approx(total, abs=0.04)
        assert indices[factor].total_low < total < indices[factor].total_high


def test_the_indices_of_sobols_g_function_are_found_among_factors_that_do_nothing():
    # g = Π (|4x − 2| + a) / (1 + a); first order V_i / V with V_i = 1 / (3 (1 + a)²).
    a = np.array([0, 1, 4.5, 9])
    alone = 1 / (3 * (1 + a) ** 2)
    variance = np.prod(1 + alone) - 1
    total = alone * np.prod(1 + alone) / (1 + alone) / variance

    def g(points):
        x = np.nan_to_num(points[:, 2:6], nan=0.5)  # two factors before and two after do nothing
        return measured(y=np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1))

    # Whole steps of a trajectory with four levels hide |4x − 2|, so that many are needed.
    found = explore(g, 8, Design(trajectories=64, samples=1024, matter=4, band=16))
    assert set(found.mattering) <= {2, 3, 4, 5}
    for one in found.indices["y"]:
        assert one.total == pytest.approx(total[one.factor - 2], abs=0.06)
    inert = {one.factor: one.size for one in found.effects["y"] if one.factor not in (2, 3, 4, 5)}
    assert set(inert.values()) == {0}


def test_the_effects_of_a_line_are_its_slopes_without_spread():
    slopes = np.array([5.0, -3.0, 0.0, 1.0])
    design = Design(trajectories=6)
    paths = screening(4, design)
    effects = effects_of(paths, paths @ slopes, design)
    assert [one.factor for one in effects] == [0, 1, 3, 2]
    for one in effects:
        assert one.size == pytest.approx(abs(slopes[one.factor]))
        assert one.mean == pytest.approx(slopes[one.factor])
        assert one.spread == pytest.approx(0, abs=1e-9)


def test_trajectories_and_base_points_with_an_undefined_value_are_left_out():
    design = Design(trajectories=6, samples=64)
    paths = screening(2, design)
    values = paths @ np.array([2.0, 1.0])
    values[0] = np.nan
    assert [one.size for one in effects_of(paths, values, design)] == pytest.approx([2, 1])
    assert effects_of(paths, np.where(np.arange(len(values)) < 9, np.nan, values), design) == []
    points = saltelli(2, design)
    whole = points @ np.array([2.0, 1.0])
    whole[5] = np.nan
    totals = [one.total for one in indices_of(whole, (0, 1), design)]
    assert totals == pytest.approx([0.8, 0.2], abs=0.1)
    assert indices_of(np.ones(len(points)), (0, 1), design) == []


def test_what_rests_on_too_few_events_chooses_no_factor():
    def both(points):
        known = np.nan_to_num(points, nan=0.5)
        values = {"rare": known[:, 0], "common": known[:, 1]}
        counts = {"rare": np.full(len(known), 12.0), "common": np.full(len(known), 900.0)}
        return Measured(values, counts)

    found = explore(both, 2, Design(band=4, trajectories=4, samples=4, matter=2))
    assert found.mattering == (1,)
    assert few_events(np.array([12.0, 29, 31])) == 29 and few_events(np.array([np.nan])) is None


def test_the_first_of_every_measure_come_before_the_second_of_any():
    design = Design(trajectories=4)
    paths = screening(3, design)
    effects = {
        "a": effects_of(paths, paths @ np.array([9.0, 8.0, 0.0]), design),
        "b": effects_of(paths, paths @ np.array([0.0, 1.0, 2.0]), design),
    }
    assert most_important(effects, 2) == (0, 2)
    assert most_important(effects, 9) == (0, 2, 1)


def test_at_other_points_than_those_of_indices_no_factor_is_as_declared():
    seen = []

    def noted(points):
        seen.append(np.isnan(points))
        return measured(y=np.nan_to_num(points, nan=0.5) @ np.array([3.0, 2.0, 0.0]))

    design = Design(band=5, trajectories=4, samples=4, matter=1)
    explore(noted, 3, design)
    first, second = seen
    assert first[0].all() and not first[1:].any()
    assert second[:, 1:].all() and not second[:, 0].any()
    assert sum(map(len, seen)) == design.most_points(3)
