"""What single units do, against numpy and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from aegui.analysis import units as module
from aegui.analysis.units import BINS, histogram, strongest, units_of


def codes(n: int = 300, d: int = 5, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, d)).astype(np.float32) * np.arange(
        1, d + 1, dtype=np.float32
    )


def test_that_histograms_are_numpys_over_one_range_for_all_units() -> None:
    h = codes()
    found = units_of(h)
    assert (found.low, found.high) == (h.min(), h.max())
    for unit in range(5):
        expected, _ = np.histogram(h[:, unit].astype(np.float64), BINS, (found.low, found.high))
        assert found.counts[unit].tolist() == expected.tolist()


def test_that_class_means_are_the_means_of_the_classes() -> None:
    h, labels = codes(), np.arange(300) % 3
    found = units_of(h, labels, classes=4)
    for label in range(3):
        assert found.class_means[label] == pytest.approx(h[labels == label].mean(axis=0), abs=1e-5)
    assert np.isnan(found.class_means[3]).all()
    assert units_of(h).class_means == pytest.approx(h.mean(axis=0, keepdims=True), abs=1e-6)


def test_that_units_are_ordered_by_variance_or_index() -> None:
    found = units_of(codes())
    assert found.order(by_variance=False).tolist() == [0, 1, 2, 3, 4]
    assert found.order(by_variance=True).tolist() == [4, 3, 2, 1, 0]
    assert found.spread == pytest.approx(codes().std(axis=0), rel=1e-5)


def test_that_a_unit_is_dead_only_if_no_sample_wakes_it() -> None:
    h = np.zeros((10, 3), np.float32)
    h[:, 0], h[4, 1], h[:, 2] = 1, 0.002, 0.0009
    activity = units_of(h).activity
    assert activity.unit_dead.tolist() == [False, False, True]
    assert activity.unit_active == pytest.approx([1, 0.1, 0])


def test_that_codes_that_are_not_finite_are_left_out() -> None:
    h = codes(20)
    h[3, 1], h[7, 0] = np.nan, np.inf
    found = units_of(h, np.zeros(20, np.int64), 1)
    assert found.samples.tolist() == [i for i in range(20) if i not in (3, 7)]
    assert np.isfinite(found.class_means).all() and found.counts.sum() == 18 * 5
    assert units_of(np.full((4, 2), np.nan, np.float32)) is None
    assert units_of(np.zeros((0, 2), np.float32)) is None


def test_that_one_value_everywhere_is_one_bin() -> None:
    assert units_of(np.ones((6, 2), np.float32)).counts.max(axis=1).tolist() == [6, 6]


def test_that_large_codes_are_counted_on_evenly_spaced_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST", 500)
    found = units_of(codes(300, 5))
    assert found.counted == 100 and found.counts.sum(axis=1).tolist() == [100] * 5
    assert len(found.samples) == 300


def test_that_the_strongest_samples_come_first() -> None:
    h = codes()
    order = np.argsort(-h[:, 2], kind="stable")
    assert strongest(h, 2, 7).tolist() == order[:7].tolist()
    assert strongest(h, 2, 7, lowest=True).tolist() == order[::-1][:7].tolist()
    assert strongest(h, 2, 999).tolist() == order.tolist()
    h[order[0], 2] = np.nan
    assert strongest(h, 2, 3).tolist() == order[1:4].tolist()


def test_that_the_large_histogram_covers_the_units_own_range() -> None:
    h = codes()
    counts, edges = histogram(h[:, 1])
    assert counts.sum() == 300 and edges[0] == h[:, 1].min() and edges[-1] == h[:, 1].max()


def test_that_many_samples_count_as_few_do_block_by_block() -> None:
    h, labels = codes(1_000, 4), np.arange(1_000) % 7
    found = units_of(h, labels, classes=7)
    for label in range(7):
        assert found.class_means[label] == pytest.approx(h[labels == label].mean(axis=0), abs=1e-5)
    assert found.counts.sum(axis=1).tolist() == [1_000] * 4
    assert found.spread == pytest.approx(h.std(axis=0), rel=1e-5)
    assert found.activity.unit_mean_abs == pytest.approx(np.abs(h).mean(axis=0), rel=1e-5)
    assert found.activity.unit_active == pytest.approx((np.abs(h) > 0.001).mean(axis=0))
    large = units_of(np.full((600, 2), 3e38, np.float32), np.zeros(600, np.int64), 1)
    assert large.means.tolist() == large.class_means[0].tolist() == [np.float32(3e38)] * 2
