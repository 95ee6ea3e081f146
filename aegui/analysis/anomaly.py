"""The reconstruction error as a detector: what was not learned is reconstructed badly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]

QUANTILE = 0.95


@dataclass(frozen=True)
class Anomaly:
    """How well the error tells anomalies, the positive class, from normal samples."""

    auroc: float  # probability that an anomaly scores above a normal sample, ties count half
    threshold: float  # a score above it is called an anomaly
    precision: float  # share of anomalies among the called; 0 if none is called
    recall: float  # share of the anomalies that are called


def quantile_threshold(normal: Scores, q: float = QUANTILE) -> float:
    """The score below which the share ``q`` of normal training samples (n,) lies."""
    return float(np.quantile(normal.astype(np.float64), q))


def deviation_threshold(normal: Scores, s: float) -> float:
    """Mean plus ``s`` standard deviations of the scores of normal training samples (n,)."""
    scores = normal.astype(np.float64)
    return float(scores.mean() + s * scores.std())


def detect(scores: Scores, anomalous: NDArray[np.bool_], threshold: float) -> Anomaly | None:
    """Scores (n,) of test samples against the truth (n,); None if all are of one sort.

    ``threshold`` must come from training normals, by one of the functions above.
    """
    if anomalous.all() or not anomalous.any():
        return None
    from sklearn.metrics import roc_auc_score  # takes a second to import

    called = scores > threshold
    hits = int((called & anomalous).sum())
    return Anomaly(
        auroc=float(roc_auc_score(anomalous, scores)),
        threshold=threshold,
        precision=hits / max(int(called.sum()), 1),
        recall=hits / int(anomalous.sum()),
    )
