"""Activity of a code."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis.sparsity import sparsity


def test_that_activity_is_counted_per_unit_and_over_all() -> None:
    codes = np.array([[1, -3, 0, 5e-4], [0, -1, 0, -1e-3]], np.float32)
    found = sparsity(codes)
    np.testing.assert_allclose(found.unit_mean_abs, [0.5, 2, 0, 7.5e-4])
    assert found.mean_abs == pytest.approx(2.50075 / 4)
    assert found.unit_active.tolist() == [0.5, 1, 0, 0]
    assert found.active_fraction == pytest.approx(3 / 8)
    assert found.unit_dead.tolist() == [False, False, True, True]  # never above 1e-3
    assert found.dead_units == 2


def test_that_a_dense_code_has_no_dead_unit() -> None:
    found = sparsity(np.random.default_rng(0).standard_normal((500, 8)).astype(np.float32))
    assert found.dead_units == 0 and found.active_fraction > 0.99
    assert found.mean_abs == pytest.approx(np.sqrt(2 / np.pi), rel=0.05)
