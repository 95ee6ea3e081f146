"""A whole data set as a reader hands it over: before labels, limits and scaling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Ints, Split
from aegui.plan import Layout


@dataclass(frozen=True, eq=False)
class Stored:
    """What one source gives. The arrays are shared by everybody, and are not written to."""

    title: str
    shape: tuple[int, ...]  # of one sample: (H, W), (3, H, W) or (k,)
    layout: Layout
    train: Split  # every sample, where there is no official test part
    test: Split | None = None  # None: a share of ``train`` is drawn by seed
    low: float | None = None  # the declared range of the stored numbers; None: that of the data themselves
    high: float | None = None
    classes: tuple[str, ...] = ()
    features_named: tuple[str, ...] = ()  # (k,) where the columns have names
    source: str = ""  # one sentence: where the data come from, and their licence
    notes: tuple[str, ...] = ()  # what the reader found and did, a sentence each


def frozen(array: NDArray[np.generic]) -> NDArray[np.generic]:
    """The array itself, not to be written to any more."""
    array.flags.writeable = False
    return array


def selected(split: Split, rows: Ints) -> Split:
    """The samples of a split with these indices, in this order; nothing stored is copied."""
    if len(rows) == len(split) and np.array_equal(rows, np.arange(len(rows))):
        return split
    return Split(
        split.stored,
        None if split.labels is None else split.labels[rows],
        rows if split.rows is None else split.rows[rows],
        {name: values[rows] for name, values in split.columns.items()},
    )
