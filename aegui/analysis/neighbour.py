"""How much the nearest training sample tells about the label of another one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.probe import Features, Ints, Report, silent
from aegui.analysis.threads import one_thread

Floats = NDArray[np.float32]

_ROWS = 2_000  # samples that are made ready at once
_PRODUCTS = 2e9  # multiplications between two reports: a tenth of a second on one core


def nearest_neighbour(
    train_x: Features, train_y: Ints, test_x: Features, test_y: Ints, report: Report = silent
) -> float | None:
    """Accuracy of 1-NN: each test sample gets the label of the training sample nearest to it.

    By Euclidean distance of the features (n, d) as they are, not standardised, so that PCA with
    all of its axes gives what the raw input gives. Of equally near ones the first counts. None
    where there is no sample, or a feature that is not finite.
    """
    if len(test_y) == 0 or len(train_y) == 0 or train_x.shape[1] == 0:
        return None
    if not (np.isfinite(train_x).all() and np.isfinite(test_x).all()):
        return None
    origin, scale = train_x.mean(axis=0, dtype=np.float64), float(max(train_x.max(), -train_x.min())) or 1.0
    train, half = np.empty(train_x.shape, np.float32), np.empty(len(train_x), np.float32)
    for start in range(0, len(train), _ROWS):
        rows = slice(start, start + _ROWS)
        train[rows] = (train_x[rows] - origin) / scale
        half[rows] = 0.5 * np.square(train[rows]).sum(axis=1)
    step, hits = max(16, int(_PRODUCTS / train.size)), 0
    with one_thread():
        for start in range(0, len(test_y), step):
            report(start / len(test_y))
            rows = slice(start, start + step)
            test = ((test_x[rows] - origin) / scale).astype(np.float32)
            nearest = (half - test @ train.T).argmin(axis=1)  # half the squared distance, less its own part
            hits += int((train_y[nearest] == test_y[rows]).sum())
    return hits / len(test_y)
