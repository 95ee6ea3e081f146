"""The reconstruction error as a detector."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from aegui.analysis.anomaly import (
    Confusion,
    Errors,
    Ranking,
    detect,
    deviation_threshold,
    extremes,
    histogram,
    largest_shares,
    quantile_threshold,
    ranked,
    squared_error,
)


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


RANDOM = np.random.default_rng(3)
TIED = RANDOM.integers(0, 9, 200).astype(np.float32)
TRUTH = RANDOM.random(200) < 0.02 + 0.08 * TIED


def test_that_a_ranking_counts_as_scikit_learn_does_at_every_threshold() -> None:
    ranking = Ranking(TIED, TRUTH)
    for threshold in (-1.0, 0.0, 2.5, 4.0, 8.0, 9.0):
        found, called = ranking.confusion(threshold), threshold < TIED
        tn, fp, fn, tp = metrics.confusion_matrix(TRUTH, called, labels=[False, True]).ravel()
        assert (found.tp, found.fp, found.fn, found.tn) == (tp, fp, fn, tn)
        assert found.precision == metrics.precision_score(TRUTH, called, zero_division=0.0)
        assert found.recall == metrics.recall_score(TRUTH, called)
        assert found.f1 == pytest.approx(metrics.f1_score(TRUTH, called, zero_division=0.0))
        assert found.false_positive_rate == fp / (fp + tn)


def test_that_the_curves_and_their_areas_are_those_of_scikit_learn() -> None:
    ranking = Ranking(TIED, TRUTH)
    false, true, _ = metrics.roc_curve(TRUTH, TIED, drop_intermediate=False)
    np.testing.assert_allclose(ranking.roc, (false, true))
    precision, recall, _ = metrics.precision_recall_curve(TRUTH, TIED)
    np.testing.assert_allclose(ranking.precision_recall, (recall[::-1], precision[::-1]))
    assert ranking.auroc == pytest.approx(metrics.roc_auc_score(TRUTH, TIED))
    assert ranking.average_precision == pytest.approx(metrics.average_precision_score(TRUTH, TIED))


def test_that_the_operating_point_of_a_threshold_lies_on_both_curves() -> None:
    ranking = Ranking(TIED, TRUTH)
    found = ranking.confusion(5.5)
    assert (found.false_positive_rate, found.recall) in list(zip(*ranking.roc, strict=True))
    assert (found.recall, found.precision) in list(zip(*ranking.precision_recall, strict=True))


def test_that_areas_of_one_sort_are_unknown() -> None:
    normal = Ranking(TIED, np.zeros(200, bool))
    assert normal.auroc is None and normal.average_precision is None
    assert normal.confusion(4.0).fp == (TIED > 4).sum() and normal.confusion(4.0).precision == 0
    assert Ranking(TIED[:0], TRUTH[:0]).confusion(1.0) == Confusion(0, 0, 0, 0)


@pytest.mark.parametrize("log", [False, True])
def test_that_every_sample_is_in_one_bin_of_its_sort(log: bool) -> None:
    scores = RANDOM.lognormal(-4, 1, 1000).astype(np.float32)
    scores[0] = 0
    found = histogram((scores[:700], scores[700:]), log)
    assert [int(counts.sum()) for counts in found.counts] == [700, 300]
    assert len(found.edges) == 31 and np.allclose(np.diff(found.edges), found.edges[1] - found.edges[0])
    limits = 10**found.edges if log else found.edges
    inner = ((scores > limits[10]) & (scores < limits[11])).sum()
    assert sum(int(counts[10]) for counts in found.counts) == inner


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("scores", [[], [0.0], [0.3, 0.3], [0.0, 0.0]])
def test_that_few_or_equal_scores_have_a_histogram(scores: list[float], log: bool) -> None:
    found = histogram((np.array(scores), np.zeros(0)), log)
    assert found.counts[0].sum() == len(scores) and (np.diff(found.edges) > 0).all()


@pytest.mark.parametrize("shape", [(4, 5), (3, 4, 5), (20,)])
def test_that_the_squared_error_by_place_has_mse_i_as_its_mean(shape: tuple[int, ...]) -> None:
    x, made = RANDOM.random((2, int(np.prod(shape)))).astype(np.float32)
    errors = squared_error(x, made, shape)
    assert errors.shape == (20,)
    assert errors.mean() == pytest.approx(np.square(x - made).mean(), rel=1e-6)


def test_that_the_largest_shares_are_named_in_order() -> None:
    assert largest_shares(np.array([1.0, 4.0, 0.0, 3.0]), 3) == [(1, 0.5), (3, 0.375), (0, 0.125)]
    assert largest_shares(np.zeros(4), 3) == [] and largest_shares(np.array([np.nan, 1]), 1) == []


def test_that_extremes_leave_out_what_is_not_finite() -> None:
    errors = Errors(np.arange(5), np.array([3, np.nan, 1, np.inf, 2], np.float32), np.zeros(1, np.float32))
    most, least = extremes(errors, 2)
    assert most.tolist() == [0, 4] and least.tolist() == [2, 4]
    assert ranked(errors, np.array([True, True, False, False, True])).anomalies == 2
