"""Scaling: its statistics come from the training part alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.data.dataset import Split
from aegui.data.load import load_dataset
from aegui.data.scaling import chosen, fit_scaling, scaled_range, stored_range
from aegui.spec import Data, Scaling


def test_that_auto_is_unit_for_pictures_standard_for_tables_and_minmax_for_signals_and_points() -> None:
    assert chosen("auto", "picture") == "unit"
    assert chosen("auto", "table") == "standard"
    assert chosen("auto", "signal") == chosen("auto", "points") == "minmax"
    assert chosen("minmax", "picture") == "minmax"


@pytest.mark.parametrize("scaling", ["unit", "minmax", "standard", "none"])
def test_that_every_scaling_can_be_inverted(scaling: str) -> None:
    dataset = load_dataset(Data(source="digits", scaling=scaling), 0)  # type: ignore[arg-type]
    for split in (dataset.train, dataset.test):
        np.testing.assert_allclose(dataset.scaling.invert(dataset.scaled(split)), split.raw, atol=1e-4)


def test_that_minmax_fills_0_to_1_in_every_feature_of_a_table_that_varies() -> None:
    split = load_dataset(Data(source="digits"), 0).train
    train = fit_scaling("minmax", split, 0, 16).apply(split.raw)
    varies = np.ptp(train, axis=0) > 0
    assert (train.min(axis=0) == 0).all()
    np.testing.assert_allclose(train[:, varies].max(axis=0), 1, rtol=1e-6)


def test_that_standard_gives_every_feature_of_a_table_mean_0_and_deviation_1() -> None:
    split = load_dataset(Data(source="digits"), 0).train
    train = fit_scaling("standard", split, 0, 16).apply(split.raw).astype(np.float64)
    deviation = train.std(axis=0)
    np.testing.assert_allclose(train.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(deviation[deviation > 0], 1, rtol=1e-5)


def test_that_the_pixels_of_pictures_are_scaled_together_by_the_training_part() -> None:
    dataset = load_dataset(Data(source="digits", scaling="standard"), 0)
    train, test = dataset.scaled(dataset.train).astype(np.float64), dataset.scaled(dataset.test)
    assert train.mean() == pytest.approx(0, abs=1e-5) and train.std() == pytest.approx(1, rel=1e-5)
    assert abs(test.mean()) > 1e-4
    assert dataset.low == pytest.approx(min(train.min(), test.min()))
    assert dataset.high == pytest.approx(max(train.max(), test.max()))
    together = load_dataset(Data(source="digits", scaling="minmax"), 0)
    alone = load_dataset(Data(source="digits", scaling="unit"), 0)
    np.testing.assert_allclose(together.scaled(together.test), alone.scaled(alone.test), rtol=1e-6)


def test_that_the_range_counts_test_samples_that_leave_that_of_the_training_part() -> None:
    train, test = Split(np.array([[0.0], [2.0]])), Split(np.array([[-1.0], [3.0]]))
    scaling = fit_scaling("minmax", train, 0, 1)
    assert scaled_range(scaling, (train, test), 0, 1) == (-0.5, 1.5)


def test_that_none_leaves_the_bytes_alone() -> None:
    dataset = load_dataset(Data(source="digits", scaling="none"), 0)
    np.testing.assert_array_equal(dataset.scaled(dataset.train), dataset.train.raw)
    assert (dataset.low, dataset.high) == (0, 16)


@pytest.mark.parametrize("kind", ["minmax", "standard"])
def test_that_a_constant_feature_is_measured_by_the_declared_range(kind: str) -> None:
    train = np.array([[0, 7, 0.1], [10, 7, 0.1], [4, 7, 0.1]])
    scaling = fit_scaling(kind, Split(train), 0, 20)  # type: ignore[arg-type]
    scaled = scaling.apply(train)
    np.testing.assert_allclose(scaled[:, 1:], 0, atol=1e-7)
    np.testing.assert_allclose(scaling.apply(np.array([[0, 17, 0.1]]))[0, 1], 0.5)
    np.testing.assert_allclose(scaling.invert(scaled), train, atol=1e-6)


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=2, max_size=30))
@settings(deadline=None)
def test_that_minmax_never_leaves_0_to_1_on_its_own_data(numbers: list[float]) -> None:
    train = Split(np.array(numbers, np.float32)[:, None])
    scaling = fit_scaling("minmax", train, 0, 1)
    low, high = scaled_range(scaling, (train,), 0, 1)
    assert 0 <= low <= high <= 1
    scaled = scaling.apply(train.raw)
    assert scaled.min() == low and scaled.max() == high


@pytest.mark.parametrize("kind", ["minmax", "standard"])
@pytest.mark.parametrize("pooled", [False, True])
def test_that_many_samples_in_any_order_are_scaled_as_if_they_were_one_block(kind: str, pooled: bool) -> None:
    random = np.random.default_rng(0)
    stored = random.normal([3, -200, 1e4], [1, 30, 1e3], (10_000, 3)).astype(np.float32)
    rows = random.permutation(10_000)[:9_000]  # more than are looked at in one go
    some = fit_scaling(kind, Split(stored, rows=rows), 0, 1, pooled=pooled)  # type: ignore[arg-type]
    chosen_rows = stored[rows].astype(np.float64)
    axis = None if pooled else 0
    shift = chosen_rows.mean(axis) if kind == "standard" else chosen_rows.min(axis)
    spread = chosen_rows.std(axis) if kind == "standard" else np.ptp(chosen_rows, axis)
    np.testing.assert_allclose(some.shift, np.atleast_1d(shift), rtol=1e-5)
    np.testing.assert_allclose(1 / some.factor, np.atleast_1d(spread), rtol=1e-5)


def test_that_a_range_that_nobody_declared_is_that_of_the_data() -> None:
    parts = (Split(np.array([[1.0, 2.0]])), Split(np.array([[-3.0, 0.5]])))
    assert stored_range(None, None, parts) == (-3, 2)
    assert stored_range(0, 16, parts) == (0, 16)
    assert stored_range(None, None, (Split(np.full((2, 2), 5.0)),)) == (5, 6)


def test_that_points_keep_their_proportions() -> None:
    roll = load_dataset(Data(source="swiss-roll"), 0)
    assert roll.scaling.factor.size == 1


@pytest.mark.parametrize("kind", ["standard", "minmax", "unit"])
@pytest.mark.parametrize(("middle", "spread"), [(1e9, 1.0), (2e4, 0.01), (1.7e9, 1e5)])
def test_that_a_large_offset_costs_no_digits_of_a_column(kind: Scaling, middle: float, spread: float) -> None:
    values = middle + spread * np.random.default_rng(0).standard_normal((400, 2))
    split, low, high = Split(values), float(values.min()), float(values.max())
    scaling = fit_scaling(kind, split, low, high)
    expected = {
        "standard": (values - values.mean(axis=0)) / values.std(axis=0),
        "minmax": (values - values.min(axis=0)) / np.ptp(values, axis=0),
        "unit": (values - low) / (high - low),
    }[kind]
    np.testing.assert_allclose(scaling.apply(values), expected, atol=2e-6)
    assert scaling.apply(values).dtype == np.float32


@pytest.mark.parametrize("kind", ["standard", "minmax", "unit", "none"])
def test_that_no_sample_left_for_training_is_left_to_the_plan(kind: Scaling) -> None:
    nothing = Split(np.zeros((0, 3)))
    scaling = fit_scaling(kind, nothing, 0, 5)
    assert scaled_range(scaling, (nothing, nothing), 0, 5) == (0, 1)
