"""Errors of single samples and of all."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis.residuals import mse, mse_i, sse


def test_that_errors_are_means_over_features_sums_over_features_and_means_over_samples() -> None:
    x = np.array([[0, 0, 0, 0], [1, 1, 1, 1]], np.float32)
    y = np.array([[1, 0, 0, 0], [0, 0, 0, 2]], np.float32)
    assert mse_i(x, y).tolist() == [0.25, 1.0]
    assert mse(x, y) == 0.625
    assert sse(x, y) == 2.5


def test_that_one_picture_can_stand_for_all_reconstructions() -> None:
    x = np.random.default_rng(0).random((50, 7), np.float32)
    image = x.mean(axis=0)
    assert mse(x, image) == pytest.approx(x.astype(np.float64).var(axis=0).mean(), rel=1e-5)
