"""The reconstruction error as a detector: what was not learned is reconstructed badly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from aegui.training.snapshot import Look

Scores = NDArray[np.floating]
Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int64]
Truth = NDArray[np.bool_]

QUANTILE = 0.95
DEVIATIONS = 3.0


@dataclass(frozen=True)
class Anomaly:
    """How well the error tells anomalies, the positive class, from normal samples."""

    auroc: float  # probability that an anomaly scores above a normal sample, ties count half
    threshold: float  # a score above it is called an anomaly
    precision: float  # share of anomalies among the called; 0 if none is called
    recall: float  # share of the anomalies that are called


@dataclass(frozen=True)
class ErrorsOf(Look):
    """MSE_i of test and of training samples under the same weights; answered by :class:`Errors`.

    Where there are more samples than asked for, they are drawn once and stratified by label.
    """

    test: int  # at most so many
    train: int


@dataclass(frozen=True, eq=False)
class Errors:
    """Errors of samples that are corrupted as the experiment says, against the clean samples."""

    rows: Ints  # (n,) into the test set, ascending
    test: Floats  # (n,) MSE_i
    train: Floats  # (m,) MSE_i


@dataclass(frozen=True)
class Confusion:
    """Counts at one threshold. Positive: called an anomaly."""

    tp: int  # anomalies that are called
    fp: int  # normal samples that are called
    fn: int  # anomalies that are missed
    tn: int  # normal samples that are let pass

    @property
    def precision(self) -> float:
        """Share of anomalies among the called; 0 if none is called."""
        return self.tp / max(self.tp + self.fp, 1)

    @property
    def recall(self) -> float:
        """Share of the anomalies that are called: the true positive rate; 0 if there are none."""
        return self.tp / max(self.tp + self.fn, 1)

    @property
    def false_positive_rate(self) -> float:
        """Share of the normal samples that are called; 0 if there are none."""
        return self.fp / max(self.fp + self.tn, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall: 2·TP / (2·TP + FP + FN); 0 if there is nothing to find."""
        return 2 * self.tp / max(2 * self.tp + self.fp + self.fn, 1)


class Ranking:
    """Samples in the order of their scores, so that the outcome of every threshold is known at once."""

    def __init__(self, scores: Scores, anomalous: Truth) -> None:
        """Finite scores (n,) against the truth (n,)."""
        order = np.argsort(scores, kind="stable")
        self.scores: Doubles = scores[order].astype(np.float64)  # ascending
        self.anomalies = int(anomalous.sum())
        self.normals = len(scores) - self.anomalies
        self._below: Ints = np.append(0, np.cumsum(anomalous[order]))  # anomalies among the first i

    def confusion(self, threshold: float) -> Confusion:
        """The counts if a score above the threshold is called an anomaly."""
        passed = int(np.searchsorted(self.scores, threshold, side="right"))
        missed = int(self._below[passed])
        called = len(self.scores) - passed
        tp = self.anomalies - missed
        return Confusion(tp=tp, fp=called - tp, fn=missed, tn=passed - missed)

    @property
    def auroc(self) -> float | None:
        """Area under the ROC curve by trapezoid; None if all samples are of one sort."""
        if not self.anomalies or not self.normals:
            return None
        false, true = self.roc
        return float(np.trapezoid(true, false))

    @property
    def average_precision(self) -> float | None:
        """Σ (R_n − R_{n−1})·P_n over the distinct scores from above; None without an anomaly."""
        if not self.anomalies:
            return None
        recall, precision = self.precision_recall
        return float(np.sum(np.diff(recall) * precision[1:]))

    @cached_property
    def roc(self) -> tuple[Doubles, Doubles]:
        """False and true positive rates (m,) from (0, 0) to (1, 1), a point per distinct score."""
        tp, called = self._called
        return (called - tp) / max(self.normals, 1), tp / max(self.anomalies, 1)

    @cached_property
    def precision_recall(self) -> tuple[Doubles, Doubles]:
        """Recall and precision (m,) as more is called; the first is (0, 1), where nothing is."""
        tp, called = self._called
        precision = np.append(1.0, tp[1:] / called[1:])
        return tp / max(self.anomalies, 1), precision

    @cached_property
    def _called(self) -> tuple[Ints, Ints]:
        """Anomalies and samples that are called as the threshold falls past each distinct score, (m,)."""
        starts = np.flatnonzero(np.diff(self.scores, prepend=-np.inf))[::-1]
        tp = self.anomalies - self._below[starts]
        called = len(self.scores) - starts
        return np.append(0, tp), np.append(0, called)


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of samples in bins that both sorts share."""

    edges: Doubles  # (b + 1,) decimal logarithms where ``log``
    counts: tuple[Ints, ...]  # one (b,) for each sort
    log: bool


def quantile_threshold(normal: Scores, q: float = QUANTILE) -> float:
    """The score below which the share ``q`` of normal training samples (n,) lies."""
    return float(np.quantile(normal.astype(np.float64), q))


def deviation_threshold(normal: Scores, s: float) -> float:
    """Mean plus ``s`` standard deviations of the scores of normal training samples (n,)."""
    scores = normal.astype(np.float64)
    return float(scores.mean() + s * scores.std())


def detect(scores: Scores, anomalous: Truth, threshold: float) -> Anomaly | None:
    """Scores (n,) of test samples against the truth (n,); None if all are of one sort.

    ``threshold`` must come from training normals, by one of the functions above.
    """
    ranking = Ranking(scores, anomalous)
    auroc, counts = ranking.auroc, ranking.confusion(threshold)
    return None if auroc is None else Anomaly(auroc, threshold, counts.precision, counts.recall)


def histogram(sorts: tuple[Scores, ...], log: bool) -> Histogram:
    """Finite scores of each sort (n,) in common bins, evenly wide in the score or in its logarithm.

    There are three times the cube root of n of them (Rice's rule with half as many again), 10 to 80.
    In logarithms a score of 0 counts in the lowest bin.
    """
    whole = np.concatenate(sorts).astype(np.float64)
    if log:
        least = float(np.min(whole, where=whole > 0, initial=np.inf))
        least = least if np.isfinite(least) else 1.0
        sorts = tuple(np.log10(np.maximum(s.astype(np.float64), least)) for s in sorts)
        whole = np.concatenate(sorts)
    bins = int(np.clip(np.ceil(3 * np.cbrt(len(whole))), 10, 80))
    low, high = (float(whole.min()), float(whole.max())) if len(whole) else (0.0, 1.0)
    if not log:
        low = 0.0 if low < 0.25 * high else low  # from nothing, where that is near
    if high - low <= 1e-9 * abs(high):
        low, high = low - 0.5 * (abs(low) or 1.0), high + 0.5 * (abs(high) or 1.0)
    edges = np.linspace(low, high, bins + 1)
    return Histogram(edges, tuple(np.histogram(s, edges)[0] for s in sorts), log)


def ranked(errors: Errors, anomalous: Truth | None) -> Ranking:
    """The finite errors of test samples against the truth of the whole test set; None: all are normal."""
    finite = np.isfinite(errors.test)
    rows = errors.rows[finite]
    truth = np.zeros(len(rows), np.bool_) if anomalous is None else anomalous[rows]
    return Ranking(errors.test[finite], truth)


def extremes(errors: Errors, most: int) -> tuple[Ints, Ints]:
    """Places in ``errors.rows`` of the largest and of the smallest finite errors, in order."""
    finite = np.flatnonzero(np.isfinite(errors.test))
    order: Ints = finite[np.argsort(errors.test[finite], kind="stable")]
    return order[::-1][:most], order[:most]


def squared_error(original: Scores, reconstruction: Scores, shape: tuple[int, ...]) -> Doubles:
    """(x − x̂)² of one sample by place: (H·W,), the mean over its channels, or (k,). Their mean is MSE_i."""
    squares: Doubles = np.square(original.astype(np.float64) - reconstruction.astype(np.float64))
    if len(shape) == 3:
        squares = squares.reshape(shape[0], -1).mean(axis=0)
    return squares


def largest_shares(errors: Doubles, most: int) -> list[tuple[int, float]]:
    """The places with the largest squared error, each with its share of the sum; none where all are 0."""
    total = float(errors.sum())
    if not np.isfinite(total) or total <= 0:
        return []
    order = np.argsort(-errors, kind="stable")[:most]
    return [(int(i), float(errors[i]) / total) for i in order]
