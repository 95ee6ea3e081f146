"""A data set: raw numbers as they were stored, and the scaling that is applied on the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aegui.data.mapped import check_whole
from aegui.plan import Facts, Layout

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Rows = slice | NDArray[np.int64]


def working_type(dtype: np.dtype[Any]) -> type[np.float32] | type[np.float64]:
    """The floats in which numbers of a stored type are scaled: what float32 cannot hold is rounded last."""
    exact = dtype.itemsize < 4 or dtype == np.float32
    return np.float32 if exact else np.float64


@dataclass(frozen=True, eq=False)
class Affine:
    """``scaled = (raw − shift) · factor``, with one pair for all features, as for pixels, or one each."""

    kind: str  # "unit", "minmax", "standard" or "none"
    shift: NDArray[np.floating]  # (), (1,) or (k,); float64 where the stored numbers need it
    factor: Floats  # (), (1,) or (k,)

    def apply(self, raw: NDArray[np.generic]) -> Floats:
        """Raw samples (n, k) as scaled float32 (n, k)."""
        scaled: NDArray[np.floating] = raw.astype(working_type(raw.dtype))
        scaled -= self.shift.astype(scaled.dtype)
        scaled *= self.factor
        return scaled.astype(np.float32, copy=False)

    def invert(self, scaled: Floats) -> Floats:
        """The inverse of :meth:`apply`; constant features come back as their constant."""
        return scaled / self.factor + self.shift


@dataclass(frozen=True, eq=False)
class Split:
    """Samples of one part of a data set, in their stored type.

    ``stored`` may be a memory-mapped file that is larger than the memory. ``rows`` are the
    stored samples that belong to this part; None means all of them in order.
    """

    stored: NDArray[np.generic]  # (m, k), uint8 for pictures: bytes until a batch needs floats
    labels: Ints | None = None  # (n,) indices into Dataset.classes
    rows: Ints | None = None  # (n,)
    columns: Mapping[str, Floats] = field(default_factory=dict)  # (n,): known factors

    def __len__(self) -> int:
        return len(self.stored) if self.rows is None else len(self.rows)

    def take(self, rows: Rows) -> NDArray[np.generic]:
        """Stored samples (n, k) of this part, in their stored type.

        Raises OperationFailed where they stay in a file that has become shorter.
        """
        check_whole(self.stored)
        chosen: NDArray[np.generic] = self.stored[rows if self.rows is None else self.rows[rows]]
        return chosen

    @property
    def raw(self) -> NDArray[np.generic]:
        """Every stored sample (n, k) of this part: all of them in memory, unless all were stored in order."""
        check_whole(self.stored)
        return self.stored if self.rows is None else self.stored[self.rows]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test part of one data set under one ``spec.Data`` and seed."""

    name: str
    title: str
    shape: tuple[int, ...]  # of one sample: (H, W), (C, H, W) with C = 3, or (k,)
    train: Split
    test: Split
    scaling: Affine
    low: float  # of the scaled data, train and test; with ``unit`` the declared range
    high: float
    classes: tuple[str, ...] = ()
    anomalous: NDArray[np.bool_] | None = None  # (n_test,) where data.normal is set
    source: str = field(default="")  # one sentence: where the data come from, and their licence
    layout: Layout = "picture"  # what a sample is
    features_named: tuple[str, ...] = ()  # (k,) names of the columns of a table; empty where there are none

    @property
    def features(self) -> int:
        """k, the number of features of one sample."""
        return int(np.prod(self.shape))

    def scaled(self, split: Split, rows: Rows | None = None) -> Floats:
        """Samples of a split in the scaled units, float32 (n, k)."""
        return self.scaling.apply(split.raw if rows is None else split.take(rows))

    def facts(self, memory: int | None = None) -> Facts:
        """What the plan needs to know."""
        return Facts(
            shape=self.shape,
            low=self.low,
            high=self.high,
            train=len(self.train),
            test=len(self.test),
            classes=len(self.classes),
            memory=memory,
            layout=self.layout,
        )
