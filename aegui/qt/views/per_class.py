"""One test sample of each class, and what is said where there is room for fewer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Dataset

Ints = NDArray[np.int64]


def drawn(total: int, seed: int = 0) -> Ints:
    """All of so many samples in an order drawn by a seed; views begin with that of seed 0."""
    return np.random.default_rng(seed).permutation(total)


def first_of_each(labels: Ints, order: Ints) -> Ints:
    """The first sample of each class in an order, by class."""
    _, first = np.unique(labels[order], return_index=True)
    return order[first]


def missing(dataset: Dataset, shown: Ints) -> str:
    """``7 of 10 classes`` where some class is not among the samples shown; else empty."""
    labels = dataset.test.labels
    if labels is None:
        return ""
    known, seen = len(np.unique(labels)), len(np.unique(labels[shown]))
    return "" if seen == known else f"{seen} of {known} classes"
