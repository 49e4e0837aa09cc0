"""A summary is defined where there is something to divide by, and says why where not."""

import warnings

import numpy as np
import pytest
import xarray as xr

from underwatch.measurement.catalogue import LAYERS, SHAPE
from underwatch.measurement.estimates import MIN_EVENTS, critics_degree, group_ratio
from underwatch.measurement.summary import LINES, remembered, summarise
from underwatch.results.run import run
from underwatch.scenario import Scenario


def strata(months: int, **counts) -> xr.Dataset:
    """Tallies by month and stratum."""
    dims = ("month", *LAYERS)
    found = {
        f"{name}_by_month": (dims, np.broadcast_to(values, (months, *SHAPE)).astype(float))
        for name, values in counts.items()
    }
    return xr.Dataset(found, {layer: list(labels) for layer, labels in LAYERS.items()})


@pytest.fixture(scope="module")
def short():
    """Tallies of a run that ends in a month without a measurement of levels."""
    return run(Scenario.load("atlantic-2018", ["society.citizens=700"]), days=18).tallies


def test_a_run_that_ends_before_the_months_first_measurement_uses_the_last_one(short):
    assert np.isnan(short["adults_by_month"].values[-1]).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        lines = {line.name: line for line in summarise(short)}
    assert lines["critics_degree"].value == critics_degree(short, 0)
    assert lines["critics_degree"].value > 0
    values = [line.value for line in lines.values() if line.value is not None]
    assert np.isfinite(values).all()


def test_what_is_not_defined_has_a_reason_and_what_is_defined_has_none(short):
    for line in summarise(short):
        assert bool(line.note) == (line.value is None), line.name
        assert line.definition and line.label == LINES[line.name].label
    notes = {line.name: line.note for line in summarise(short)}
    assert notes["mobility"] == "fewer than two score classes a year apart"
    assert notes["appeal_wait"] == "no appeals served"


def test_a_share_rests_on_the_rarer_of_its_two_outcomes(short):
    lines = {line.name: line for line in summarise(short)}
    kept, due = (int(short[name].sum()) for name in ("instalments_kept", "instalments_due"))
    assert lines["repayment"].events == min(kept, due - kept)
    assert lines["trust"].events is None


def test_critics_are_matched_with_others_of_their_group_age_and_place():
    ties = np.full(SHAPE, 1000.0)
    ties[0] = 3000  # group A has more ties, critics included
    ties[..., 2] *= 0.9
    tallies = strata(2, ties_open=ties, adults=np.full(SHAPE, 100.0))
    assert critics_degree(tallies) == pytest.approx(90)
    assert critics_degree(tallies.isel(month=slice(0, 1)) * np.nan) is None


@pytest.mark.parametrize(("least", "defined"), [(MIN_EVENTS - 1, False), (MIN_EVENTS, True)])
def test_groups_are_not_compared_on_a_handful_of_events(least, defined):
    cases = np.zeros(SHAPE)
    cases[:, 0, 0, 0] = [90, 60, 70, least]
    found = group_ratio(strata(1, wrongful=cases, adults=np.ones(SHAPE)), "wrongful")
    assert found.value == (pytest.approx(90 / least) if defined else None)
    assert found.note == ("" if defined else f"too few events (90 and {least})")
    assert found.events == least


def test_a_stored_summary_stands_as_it_is_whatever_this_version_knows():
    stored = {
        "chilled_share": {"value": 4.5, "unit": "% of acts"},
        "no_longer": {"value": 3, "unit": "people"},
        "repayment": {"value": None, "unit": "%"},
    }
    lines = {line.name: line for line in remembered(stored)}
    assert lines["chilled_share"].value == 4.5 and lines["chilled_share"].unit == "% of acts"
    assert lines["no_longer"].kind == "others" and lines["no_longer"].label == "no_longer"
    assert list(lines)[-1] == "no_longer" and lines["repayment"].value is None
