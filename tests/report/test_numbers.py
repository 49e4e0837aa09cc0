"""Numbers carry the digits that their uncertainty allows, and a column has one precision."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from underwatch.report.numbers import (
    NOT_DEFINED,
    format_column,
    format_interval,
    format_value,
)

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)
ERRORS = st.floats(1e-6, 1e9)


def decimals(cell: str) -> int:
    return len(cell.partition(".")[2])


@pytest.mark.parametrize("value", [None, float("nan"), np.nan, float("inf")])
def test_a_missing_value_is_not_defined_and_never_zero(value):
    assert format_value(value, unit="%") == NOT_DEFINED
    assert format_column([value, 1.0]) == [NOT_DEFINED, "1.00"]


def test_the_interval_sets_two_significant_digits_of_the_standard_error():
    assert format_value(4.312789, 4.1, 4.5, "%") == "4.31 %"
    assert format_value(4.312789, 3.9123, 4.7, "%") == "4.31 %"
    assert format_value(431.2789, 391, 471) == "431"
    assert format_value(1_489_726.5, 1_480_000, 1_500_000, "records") == "1,489,700 records"
    assert format_interval(431.2789, 391.4, 471.2) == "431 (95 % interval 391 to 471)"


def test_without_an_interval_events_or_three_digits_set_the_precision():
    assert format_value(42.3456, events=10, unit="%") == "42 %"
    assert format_value(42.3456, events=100_000, unit="%") == "42.3 %"
    assert format_value(12.3456) == "12.3" and format_value(0.0123456) == "0.0123"


def test_counts_are_whole_with_thousands_separators():
    assert format_value(1_489_726) == "1,489,726"
    assert format_value(np.int64(2**53 + 1)) == "9,007,199,254,740,993"
    assert format_value(3887.37, unit="person-days") == "3,887 person-days"
    assert format_column([1_489_726.5, 12], unit="records") == ["1,489,726", "12"]


def test_a_difference_has_its_sign_and_zero_has_none():
    assert format_column([1.25, -2.5, 0.0], signed=True) == ["+1.25", "-2.50", "0.00"]


def test_units_in_one_column_have_each_their_own_precision():
    cells = format_column([3887, 0.514, 12, 20.1], unit=["records", "%", "records", "%"])
    assert cells == ["3,887", "0.51", "12", "20.1"]
    assert format_column([97.123, 0.514], unit=["% of adults", "of 100"]) == ["97.1", "0.51"]


def test_a_small_value_beside_large_ones_keeps_two_significant_digits():
    assert format_column([3882.1, 1200.4, 4.98]) == ["3,882", "1,200", "5.0"]
    assert format_column([3882.1, 4.98], [(3800, 3960), (-60, 70)]) == ["3,882", "5"]


def test_a_number_of_four_digits_has_no_decimals():
    rates = [3984.31, 4.8, 0.19, 9.09]
    assert format_column(rates, unit="per 1,000 adults a year") == ["3,984", "4.80", "0.19", "9.09"]
    spans = [(3650, 4317), (4.7, 4.9), (0.1, 0.2), (9.0, 9.1)]
    assert format_column(rates, spans, "per 1,000 adults a year")[0] == "3,984"


def test_a_value_that_is_the_same_for_every_seed_sets_no_precision():
    assert format_column([100.0, 99.7412], [(100, 100), (99.7, 99.8)], "%") == ["100.000", "99.741"]


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match="differ in length"):
        format_column([1, 2], unit=["a"])


@given(st.lists(st.tuples(NUMBERS, ERRORS), min_size=1, max_size=12))
@example([(0.0, 1.0), (0.0, 1.0), (0.5, 1000.0)])
@example([(0.0, 0.015625), (1.0, 0.015625)])
def test_a_column_has_one_precision_and_no_value_is_lost(rows):
    values = [value for value, _ in rows]
    cells = format_column(values, [(value - error, value + error) for value, error in rows])
    large = [abs(value) + error >= 1000 for value, error in rows]
    usual = min(
        (decimals(c) for c, whole in zip(cells, large, strict=True) if not whole and c != "0"),
        default=0,
    )
    for value, cell, whole in zip(values, cells, large, strict=True):
        read = float(cell.replace(",", ""))
        if decimals(cell) > (0 if whole else usual):
            # What would have been zero keeps one significant digit.
            assert len(cell.lstrip("-0.").replace(".", "")) == 1
        if abs(value) >= 1e-9 and decimals(cell):
            assert read != 0
        assert "-0" not in (cell, cell.rstrip("0.") + "0" if read == 0 else "")


@given(NUMBERS, ERRORS)
def test_what_is_written_lies_within_half_a_standard_error(value, error):
    error = max(error, 1e-9 * abs(value))  # a float carries no more
    written = format_value(value, value - 1.96 * error, value + 1.96 * error)
    assert abs(float(written.replace(",", "")) - value) <= 0.06 * error + 1e-8


@given(st.integers(-(10**15), 10**15))
def test_an_integer_is_written_whole(value):
    assert format_value(value) == f"{value:,}"
