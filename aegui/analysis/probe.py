"""How much a straight cut through some features tells about the labels."""

from __future__ import annotations

import threading
import warnings

import numpy as np
from numpy.typing import NDArray

from aegui.data.draw import stratified

Features = NDArray[np.floating]
Ints = NDArray[np.int64]

LARGEST_TRAIN = 10_000  # samples; raw MNIST then takes one second on one core
_STEPS = 200  # of the optimiser; raw MNIST converges in about 40

# warnings.catch_warnings swaps state that all threads share: probes take turns.
_lock = threading.Lock()


def linear_probe(
    train_x: Features, train_y: Ints | None, test_x: Features, test_y: Ints | None, seed: int
) -> float | None:
    """Accuracy on the whole test set of multinomial logistic regression on standardised features.

    ``train_x`` (n, d), ``train_y`` (n,), the same for the test part. Fitted on at most
    ``LARGEST_TRAIN`` samples, drawn by ``seed`` and stratified, with an L2 penalty of C = 1.
    None where there are no labels, no test sample, or fewer than two classes to tell apart.
    """
    if train_y is None or test_y is None or len(test_y) == 0 or len(np.unique(train_y)) < 2:
        return None
    rows = stratified(train_y, LARGEST_TRAIN, seed)
    return _accuracy(train_x[rows], train_y[rows], test_x, test_y)


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
