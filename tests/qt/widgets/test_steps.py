from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aegui.qt.widgets.steps import (
    Scale,
    decade_step,
    format_float,
    format_int,
    grid_step,
    nice_step,
    parse_float,
    parse_int,
    size_step,
    snapped_size,
)

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_that_a_number_reads_back_as_it_was_written(value: float) -> None:
    assert parse_float(format_float(value)) == value


@given(FINITE)
def test_that_the_decimal_comma_means_the_point(value: float) -> None:
    assert parse_float(format_float(value).replace(".", ",")) == value


@given(st.integers(min_value=-(2**60), max_value=2**60), st.booleans())
def test_that_a_whole_number_reads_back_as_it_was_written(value: int, grouped: bool) -> None:
    assert parse_int(format_int(value, grouped)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.3, "0.3"), (0.001, "0.001"), (0.01, "0.01"), (1e-4, "1e-4"), (2.5e-6, "2.5e-6"), (128.0, "128")],
)
def test_that_numbers_are_written_as_people_do(value: float, text: str) -> None:
    assert format_float(value) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e-3", 0.001), ("0,5", 0.5), (" 1 000,5 ", 1000.5), ("1,234.5", 1234.5), (".5", 0.5)],
)
def test_that_both_marks_and_exponents_are_read(text: str, value: float) -> None:
    assert parse_float(text) == value


@pytest.mark.parametrize("text", ["", "-", "1e", "e5", "1.2.3", "abc", "1e999", "nan", "inf"])
def test_that_half_a_number_is_none(text: str) -> None:
    assert parse_float(text) is None


@pytest.mark.parametrize("text", ["60000", "60,000", "60 000", "60.000", "6e4"])
def test_that_groups_are_read_in_any_spelling(text: str) -> None:
    assert parse_int(text) == 60000


@pytest.mark.parametrize("text", ["", "1.5", "12.50", "x", "1e-1"])
def test_that_a_fraction_is_no_whole_number(text: str) -> None:
    assert parse_int(text) is None


def test_that_logarithmic_steps_go_1_2_5() -> None:
    values = [1e-4]
    for _ in range(6):
        values.append(decade_step(values[-1], 1))
    assert values == [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2]
    assert decade_step(3e-3, -1) == 2e-3


@given(st.floats(min_value=1e-200, max_value=1e200))
def test_that_a_step_up_then_down_does_not_pass_the_start(value: float) -> None:
    assert decade_step(value, 1) > value
    assert decade_step(decade_step(value, 1), -1) <= value * (1 + 1e-9)


def test_that_linear_steps_land_on_the_grid() -> None:
    assert grid_step(0.33, 1, 0.05) == 0.35
    assert grid_step(0.33, -1, 0.05) == 0.3
    assert grid_step(0.3, 1, 0.05) == 0.35
    assert nice_step(1.0, 20) == 0.05


def test_that_sizes_have_four_steps_per_octave() -> None:
    sizes, size = [], 1
    while size < 128:
        sizes.append(size)
        size = size_step(size, 1)
    assert sizes == [*range(1, 16), 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112]


@given(st.integers(min_value=1, max_value=100_000))
def test_that_steps_among_sizes_stay_on_sizes(size: int) -> None:
    snapped = snapped_size(size)
    assert snapped_size(snapped) == snapped
    assert size_step(size_step(snapped, 1), -1) == snapped


@given(st.floats(min_value=0, max_value=1), st.booleans())
def test_that_a_slider_shows_the_value_that_it_gave(position: float, zero: bool) -> None:
    scale = Scale(1e-6, 1e-1, log=True, zero=zero)
    assert math.isclose(scale.position(scale.value(position)), position, abs_tol=0.04)


def test_that_the_left_end_of_a_logarithmic_slider_is_zero() -> None:
    scale = Scale(1e-6, 1e-1, log=True, zero=True)
    assert scale.value(0.0) == 0.0
    assert scale.position(0.0) == 0.0
    assert scale.value(1.0) == 0.1
    assert Scale(1e-5, 1.0, log=True).value(0.0) == 1e-5
