"""Runs on disk as a list, and what two of them make of the same test samples. numpy, no torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aegui.analysis.comparison import ComparedRun
from aegui.data.dataset import Dataset, Floats
from aegui.spec import Experiment

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Notes:
    """What the user has written about a run."""

    tags: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, eq=False)
class LossCurve:
    """The reconstruction loss on the test set, an evaluation after every epoch."""

    term: str = ""  # "mse", "bce", …
    epochs: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # (E,) 0 first
    values: Floats = field(default_factory=lambda: np.zeros(0, np.float32))  # (E,)


@dataclass(frozen=True, eq=False)
class ListedRun:
    """One folder of the runs folder."""

    path: Path
    when: float  # seconds since 1970, of its last change
    experiment: Experiment
    metrics: Mapping[str, Any]  # empty where it was not measured
    curve: LossCurve
    notes: Notes

    @property
    def compared(self) -> ComparedRun:
        """The run as a comparison takes it."""
        return ComparedRun(str(self.path), self.experiment, self.metrics)


@dataclass(frozen=True)
class Unread:
    """A folder that looks like a run and cannot be read."""

    path: Path
    reason: str


@dataclass(frozen=True, eq=False)
class RunList:
    """Every run of a folder, the newest first."""

    folder: Path
    runs: tuple[ListedRun, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, eq=False)
class SeenRun:
    """The network of a run on its own test set, corrupted as its experiment says."""

    path: Path
    dataset: Dataset
    codes: Floats  # (N, d)
    errors: Floats  # (N,) MSE_i


@dataclass(frozen=True, eq=False)
class SeenSamples:
    """Some test samples through several networks."""

    indices: Ints  # (n,) into the test set
    original: Floats  # (n, k)
    made: tuple[Floats, ...]  # of each run, (n, k)
    errors: tuple[Floats, ...]  # of each run, (n,)


def same_samples(left: Dataset, right: Dataset) -> bool:
    """Whether two data sets have the same test samples in the same order and scaling."""
    if left is right:
        return True
    if left.shape != right.shape or len(left.test) != len(right.test):
        return False
    rows = np.unique(np.linspace(0, len(left.test) - 1, 200).astype(np.int64))
    return bool(np.array_equal(left.scaled(left.test, rows), right.scaled(right.test, rows)))
