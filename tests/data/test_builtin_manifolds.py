"""Swiss roll and S-curve satisfy their equations, and keep their position through every selection."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.data.load import load_dataset
from aegui.data.manifolds import s_curve, swiss_roll
from aegui.spec import Data


def test_that_the_swiss_roll_is_a_spiral_times_a_height() -> None:
    roll = swiss_roll()
    x, h, z = roll.stored.T.astype(np.float64)
    t = roll.columns["position"].astype(np.float64)
    np.testing.assert_allclose(x, t * np.cos(t), atol=1e-4)
    np.testing.assert_allclose(z, t * np.sin(t), atol=1e-4)
    np.testing.assert_allclose(np.hypot(x, z), t, atol=1e-5)
    assert 1.5 * np.pi <= t.min() < 4.8 and 14.1 < t.max() <= 4.5 * np.pi
    assert 0 <= h.min() < 0.1 and 20.9 < h.max() <= 21


def test_that_the_s_curve_is_two_arcs_times_a_height() -> None:
    curve = s_curve()
    x, h, z = curve.stored.T.astype(np.float64)
    t = curve.columns["position"].astype(np.float64)
    np.testing.assert_allclose(x, np.sin(t), atol=1e-6)
    np.testing.assert_allclose(z, np.sign(t) * (np.cos(t) - 1), atol=1e-6)
    np.testing.assert_allclose(x**2 + (np.abs(z) - 1) ** 2, 1, atol=1e-5)
    assert -1.5 * np.pi <= t.min() < -4.7 and 4.7 < t.max() <= 1.5 * np.pi
    assert 0 <= h.min() < 0.01 and 1.99 < h.max() <= 2


@pytest.mark.parametrize("name", ["swiss-roll", "s-curve"])
def test_that_the_height_says_nothing_about_the_position(name: str) -> None:
    dataset = load_dataset(Data(source=name), 0)
    height = dataset.train.raw[:, 1]
    assert abs(np.corrcoef(height, dataset.train.columns["position"])[0, 1]) < 0.05


def test_that_the_position_goes_with_its_point_through_split_and_limit() -> None:
    dataset = load_dataset(Data(source="swiss-roll", train=500, test=50), 3)
    for split, count in ((dataset.train, 500), (dataset.test, 50)):
        t = split.columns["position"]
        assert len(split) == len(t) == count
        np.testing.assert_allclose(split.raw[:, 0], t * np.cos(t), atol=1e-3)
    assert dataset.features_named == ("x", "y", "z") and dataset.classes == ()
