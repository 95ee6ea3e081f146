"""Draws some of many samples, by seed, with every label in its share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


def stratified(labels: Ints | None, count: int, seed: int, total: int | None = None) -> Ints:
    """Sorted indices of exactly ``count`` samples, or of all if there are not more.

    Each label keeps its share, rounded by largest remainder, and has at least one sample as
    long as ``count`` allows. With ``labels`` None all ``total`` samples are alike. The same
    seed draws the same samples, and for one label more of them contain the fewer.
    """
    groups = np.zeros(total or 0, np.int64) if labels is None else labels
    if count >= len(groups):
        return np.arange(len(groups))
    random = np.random.default_rng(seed)
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    drawn = [
        random.permutation(np.flatnonzero(group_of == group))[:quota]
        for group, quota in enumerate(shares(sizes, count))
    ]
    return np.sort(np.concatenate(drawn))


def shares(sizes: Ints, count: int) -> Ints:
    """How many of each group make exactly ``count`` of ``sizes.sum()``, in proportion.

    ``count`` must not be above the sum. Ties go to the earlier group.
    """
    exact = sizes * count / sizes.sum()
    quotas: Ints = np.floor(exact).astype(np.int64)
    if count >= len(sizes):
        quotas = np.maximum(quotas, 1)
    while (missing := count - int(quotas.sum())) != 0:
        if missing > 0:
            quotas[np.argmax(np.where(quotas < sizes, exact - quotas, -np.inf))] += 1
        else:
            quotas[np.argmax(np.where(quotas > 1, quotas - exact, -np.inf))] -= 1
    return quotas
