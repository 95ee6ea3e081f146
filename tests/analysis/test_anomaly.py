"""The reconstruction error as a detector."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis.anomaly import detect, deviation_threshold, quantile_threshold


def test_that_auroc_is_the_share_of_pairs_in_order_with_ties_by_half() -> None:
    random = np.random.default_rng(0)
    scores = random.integers(0, 6, 60).astype(np.float32)
    anomalous = random.random(60) < 0.4
    found = detect(scores, anomalous, 2.0)
    assert found is not None
    high, low = scores[anomalous][:, None], scores[~anomalous][None, :]
    assert found.auroc == pytest.approx(((high > low) + 0.5 * (high == low)).mean())


def test_that_precision_and_recall_count_what_is_called() -> None:
    scores = np.array([1, 2, 3, 4, 5], np.float32)
    found = detect(scores, np.array([False, True, False, True, True]), 2.5)
    assert found is not None
    assert found.precision == pytest.approx(2 / 3) and found.recall == pytest.approx(2 / 3)
    assert found.threshold == 2.5 and found.auroc == pytest.approx(5 / 6)


def test_that_a_threshold_nobody_reaches_calls_nothing() -> None:
    found = detect(np.array([1.0, 2.0]), np.array([False, True]), 9.0)
    assert found is not None and (found.precision, found.recall, found.auroc) == (0, 0, 1)


def test_that_one_sort_of_samples_cannot_be_told_apart() -> None:
    assert detect(np.array([1.0, 2.0]), np.array([True, True]), 0.0) is None
    assert detect(np.array([1.0, 2.0]), np.array([False, False]), 0.0) is None


def test_that_thresholds_come_from_normal_samples() -> None:
    normal = np.arange(101, dtype=np.float32)
    assert quantile_threshold(normal) == 95
    assert quantile_threshold(normal, 0.5) == 50
    assert deviation_threshold(normal, 2) == pytest.approx(50 + 2 * normal.std(dtype=np.float64))
