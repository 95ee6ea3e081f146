"""The code as features: what a classifier makes of it, of principal components and of the raw input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.neighbour import nearest_neighbour
from aegui.analysis.pca import Pca
from aegui.analysis.probe import LARGEST_TEST, LARGEST_TRAIN, Report, linear_probe, silent
from aegui.data.dataset import Dataset
from aegui.data.draw import stratified
from aegui.training.snapshot import Look

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
FeatureSet = Literal["codes", "pca", "raw"]
_NUMBERS = 2**27  # that raw features may take: half a gigabyte
_FEWEST = 1_000  # samples, however large they are

Progress = Callable[[float, FeatureSet], None]


@dataclass(frozen=True)
class CleanCodes(Look):
    """Codes of the clean samples that features are judged by; answered by :class:`Parts`, or by None
    where there are no labels."""


@dataclass(frozen=True)
class DecoderNorms(Look):
    """How long the vector is by which a unit enters the decoder: the norm of its column of the first
    decoder layer's weights, (d,); None where that layer is not dense."""


@dataclass(frozen=True)
class NetworkCopy(Look):
    """The network with its data, copied, for what takes long; answered by a ``metrics.Subject``, which
    views only hand on."""


@dataclass(frozen=True, eq=False)
class Parts:
    """Features of the training samples (n, d) and of the test samples (m, d) that are judged by."""

    train: Floats
    test: Floats


@dataclass(frozen=True, eq=False)
class Examples:
    """Labelled samples: those that a classifier learns from, and those that it is tried on."""

    train: Ints  # (n,) rows of the training part
    test: Ints  # (m,) rows of the test part, of classes that there are to learn
    train_y: Ints
    test_y: Ints

    @property
    def chance(self) -> float:
        """Accuracy of naming the largest class of the test samples every time."""
        return float(np.bincount(self.test_y).max() / len(self.test_y))


@dataclass(frozen=True)
class Accuracy:
    """Share of the test samples that are named rightly; None where it cannot be measured."""

    probe: float | None  # logistic regression on standardised features
    neighbour: float | None  # 1-NN on the features as they are


def examples(dataset: Dataset, seed: int) -> Examples | None:
    """As many samples as a probe can make use of and the memory can hold, by seed, every class in its share.

    None where there are no labels, or fewer than two classes to tell apart.
    """
    train_y, test_y = dataset.train.labels, dataset.test.labels
    if train_y is None or test_y is None:
        return None
    most = max(_FEWEST, _NUMBERS // dataset.features)
    train = stratified(train_y, min(LARGEST_TRAIN, most), seed)
    test = stratified(test_y, min(LARGEST_TEST, most), seed)
    test = test[np.isin(test_y[test], train_y)]
    if len(test) == 0 or len(np.unique(train_y[train])) < 2:
        return None
    return Examples(train, test, train_y[train], test_y[test])


def features_of(kind: FeatureSet, dataset: Dataset, chosen: Examples, pca: Pca | None, d: int) -> Parts:
    """The raw input, or its first ``d`` principal components."""
    raw = dataset.scaled(dataset.train, chosen.train), dataset.scaled(dataset.test, chosen.test)
    if kind == "raw":
        return Parts(*raw)
    assert pca is not None
    return Parts(pca.project(raw[0], d), pca.project(raw[1], d))


def judge(parts: Parts, chosen: Examples, report: Report = silent) -> Accuracy:
    """What both classifiers make of some features."""
    given = parts.train, chosen.train_y, parts.test, chosen.test_y
    probe = linear_probe(*given, lambda share: report(share / 2))
    return Accuracy(probe, nearest_neighbour(*given, lambda share: report((1 + share) / 2)))


@dataclass(frozen=True, eq=False)
class Job:
    """What is to be judged: codes, and what the code is compared with where that is not yet known."""

    dataset: Dataset
    chosen: Examples
    codes: Parts | None = None
    pca: Pca | None = None
    size: int = 1  # axes of PCA
    raw: bool = False

    def sets(self) -> Iterator[tuple[FeatureSet, int]]:
        """What there is to do, with the number of features of each, which says how long it takes."""
        if self.codes is not None:
            yield "codes", self.codes.train.shape[1]
        if self.pca is not None:
            yield "pca", self.size
        if self.raw:
            yield "raw", self.dataset.features


def measure(job: Job, progress: Progress, part: Callable[[tuple[FeatureSet, Accuracy]], None]) -> None:
    """Judges one set of features after the other and hands each over by ``part``.

    ``progress`` takes the share that is done and what is being done; it may raise to give up.
    """
    todo = list(job.sets())
    total, before = sum(width for _, width in todo), 0
    for kind, width in todo:

        def told(share: float, at: int = before, of: int = width, what: FeatureSet = kind) -> None:
            progress((at + share * of) / total, what)

        told(0.0)
        known = job.codes if kind == "codes" else None
        parts = known or features_of(kind, job.dataset, job.chosen, job.pca, job.size)
        part((kind, judge(parts, job.chosen, told)))
        before += width
