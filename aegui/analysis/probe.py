"""How much a straight cut through some features tells about the labels."""

from __future__ import annotations

import threading
import warnings

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.floating]
Ints = NDArray[np.int64]

LARGEST_TRAIN = 10_000  # samples that are worth fitting; raw MNIST then takes one second on one core
LARGEST_TEST = 50_000  # samples that are worth counting
_STEPS = 200  # of the optimiser; raw MNIST converges in about 40

# warnings.catch_warnings swaps state that all threads share: probes take turns.
_lock = threading.Lock()


def linear_probe(train_x: Features, train_y: Ints, test_x: Features, test_y: Ints) -> float | None:
    """Accuracy on the test samples of multinomial logistic regression on standardised features.

    ``train_x`` (n, d), ``train_y`` (n,), the same for the test part; with an L2 penalty of
    C = 1. None where there is no test sample, or fewer than two classes to tell apart.
    """
    if len(test_y) == 0 or train_x.shape[1] == 0 or len(np.unique(train_y)) < 2:
        return None
    return _accuracy(train_x, train_y, test_x, test_y)


def _accuracy(train_x: Features, train_y: Ints, test_x: Features, test_y: Ints) -> float:
    from sklearn.exceptions import ConvergenceWarning  # takes a second to import
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=_STEPS, tol=1e-3))
    with _lock, warnings.catch_warnings():
        # A probe that would still gain a little is good enough to compare features by.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(train_x, train_y)
    return float(model.score(test_x, test_y))
