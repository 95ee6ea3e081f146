"""Scaling: its statistics come from the training part alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aegui.data.load import load_dataset
from aegui.data.scaling import chosen, fit_scaling, scaled_range
from aegui.spec import Data


def test_that_auto_is_unit_for_pictures_and_standard_for_tables() -> None:
    assert chosen("auto", (28, 28)) == "unit"
    assert chosen("auto", (13,)) == "standard"
    assert chosen("minmax", (28, 28)) == "minmax"


@pytest.mark.parametrize("scaling", ["unit", "minmax", "standard", "none"])
def test_that_every_scaling_can_be_inverted(scaling: str) -> None:
    dataset = load_dataset(Data(source="digits", scaling=scaling), 0)  # type: ignore[arg-type]
    for split in (dataset.train, dataset.test):
        np.testing.assert_allclose(dataset.scaling.invert(dataset.scaled(split)), split.raw, atol=1e-4)


def test_that_minmax_fills_0_to_1_in_every_feature_of_a_table_that_varies() -> None:
    raw = load_dataset(Data(source="digits"), 0).train.raw
    train = fit_scaling("minmax", raw, 0, 16).apply(raw)
    varies = np.ptp(train, axis=0) > 0
    assert (train.min(axis=0) == 0).all()
    np.testing.assert_allclose(train[:, varies].max(axis=0), 1, rtol=1e-6)


def test_that_standard_gives_every_feature_of_a_table_mean_0_and_deviation_1() -> None:
    raw = load_dataset(Data(source="digits"), 0).train.raw
    train = fit_scaling("standard", raw, 0, 16).apply(raw).astype(np.float64)
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
    train, test = np.array([[0.0], [2.0]]), np.array([[-1.0], [3.0]])
    scaling = fit_scaling("minmax", train, 0, 1)
    assert scaled_range(scaling, (train, test), 0, 1) == (-0.5, 1.5)


def test_that_none_leaves_the_bytes_alone() -> None:
    dataset = load_dataset(Data(source="digits", scaling="none"), 0)
    np.testing.assert_array_equal(dataset.scaled(dataset.train), dataset.train.raw)
    assert (dataset.low, dataset.high) == (0, 16)


@pytest.mark.parametrize("kind", ["minmax", "standard"])
def test_that_a_constant_feature_is_measured_by_the_declared_range(kind: str) -> None:
    train = np.array([[0, 7, 0.1], [10, 7, 0.1], [4, 7, 0.1]])
    scaling = fit_scaling(kind, train, 0, 20)  # type: ignore[arg-type]
    scaled = scaling.apply(train)
    np.testing.assert_allclose(scaled[:, 1:], 0, atol=1e-7)
    np.testing.assert_allclose(scaling.apply(np.array([[0, 17, 0.1]]))[0, 1], 0.5)
    np.testing.assert_allclose(scaling.invert(scaled), train, atol=1e-6)


@given(st.lists(st.floats(-1e6, 1e6, width=32), min_size=2, max_size=30))
@settings(deadline=None)
def test_that_minmax_never_leaves_0_to_1_on_its_own_data(numbers: list[float]) -> None:
    train = np.array(numbers, np.float32)[:, None]
    scaling = fit_scaling("minmax", train, 0, 1)
    low, high = scaled_range(scaling, (train,), 0, 1)
    assert 0 <= low <= high <= 1
    scaled = scaling.apply(train)
    assert scaled.min() == low and scaled.max() == high
