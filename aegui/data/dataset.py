"""A data set in memory: raw numbers as they were stored, and the scaling that is applied on the way out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aegui.plan import Facts

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Affine:
    """``scaled = (raw − shift) · factor``, with one pair for all features, as for pixels, or one each."""

    kind: str  # "unit", "minmax", "standard" or "none"
    shift: Floats  # (), (1,) or (k,)
    factor: Floats  # (), (1,) or (k,)

    def apply(self, raw: NDArray[np.generic]) -> Floats:
        """Raw samples (n, k) as scaled float32 (n, k)."""
        scaled = raw.astype(np.float32)
        scaled -= self.shift
        scaled *= self.factor
        return scaled

    def invert(self, scaled: Floats) -> Floats:
        """The inverse of :meth:`apply`; constant features come back as their constant."""
        return scaled / self.factor + self.shift


@dataclass(frozen=True, eq=False)
class Split:
    """Samples of one part of a data set, in their stored type."""

    raw: NDArray[np.generic]  # (n, k), uint8 for pictures: bytes until a batch needs floats
    labels: NDArray[np.int64] | None  # (n,) indices into Dataset.classes

    def __len__(self) -> int:
        return len(self.raw)


@dataclass(frozen=True, eq=False)
class Dataset:
    """Training and test part of one data set under one ``spec.Data`` and seed."""

    name: str
    title: str
    shape: tuple[int, ...]  # of one sample: (28, 28), or (k,) for a row of a table
    train: Split
    test: Split
    scaling: Affine
    low: float  # of the scaled data, train and test; with ``unit`` the declared range
    high: float
    classes: tuple[str, ...] = ()
    anomalous: NDArray[np.bool_] | None = None  # (n_test,) where data.normal is set
    source: str = field(default="")  # one sentence: where the data come from, and their licence

    @property
    def features(self) -> int:
        """k, the number of features of one sample."""
        return int(np.prod(self.shape))

    def scaled(self, split: Split, rows: slice | NDArray[np.int64] | None = None) -> Floats:
        """Samples of a split in the scaled units, float32 (n, k)."""
        return self.scaling.apply(split.raw if rows is None else split.raw[rows])

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
        )
