"""The built-in data sets as they are stored: bytes and labels, nothing scaled, nothing left out."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aegui.data.catalog import Entry, entry
from aegui.data.draw import stratified
from aegui.data.idx import read_idx
from aegui.data.streams import stream_seed
from aegui.errors import InvalidInput, OperationFailed
from aegui.resources import resource

TEST_SHARE = 0.2  # of the samples of a set without an official test part


@dataclass(frozen=True, eq=False)
class Samples:
    """Stored samples and their labels. Shared by everybody, so the arrays are read-only."""

    raw: NDArray[np.generic]  # (n, k) uint8
    labels: NDArray[np.int64]  # (n,)

    def __post_init__(self) -> None:
        self.raw.flags.writeable = False
        self.labels.flags.writeable = False

    def rows(self, rows: NDArray[np.int64]) -> Samples:
        """The samples with these indices, in this order; itself if that is all of them in order."""
        if len(rows) == len(self.labels) and np.array_equal(rows, np.arange(len(rows))):
            return self
        return Samples(self.raw[rows], self.labels[rows])


def stored(name: str, seed: int) -> tuple[Samples, Samples]:
    """Training and test part of a built-in data set; kept in memory after the first call.

    A set without an official test part gives ``TEST_SHARE`` of its samples to it, drawn by
    ``seed`` and stratified. Raises InvalidExperiment for an unknown name, OperationFailed if
    the bundled files are missing or damaged.
    """
    facts = entry(name)
    parts = _cached(facts)
    if len(parts) == 2:
        return parts[0], parts[1]
    (whole,) = parts
    count = round(TEST_SHARE * len(whole.labels))
    test = stratified(whole.labels, count, stream_seed(seed, "split", 0))
    train = np.setdiff1d(np.arange(len(whole.labels)), test, assume_unique=True)
    return whole.rows(train), whole.rows(test)


_cache: dict[str, tuple[Samples, ...]] = {}
_lock = threading.Lock()


def _cached(facts: Entry) -> tuple[Samples, ...]:
    """The lock also makes a second thread wait for the first one's reading, not repeat it."""
    with _lock:
        if facts.name not in _cache:
            _cache[facts.name] = _READERS[facts.name](facts)
        return _cache[facts.name]


def _mnist(facts: Entry) -> tuple[Samples, ...]:
    return _idx_part(facts, "train", facts.train), _idx_part(facts, "t10k", facts.test)


def _idx_part(facts: Entry, part: str, count: int) -> Samples:
    images = _bundled(f"{part}-images-idx3-ubyte.gz", (count, *facts.shape))
    labels = _bundled(f"{part}-labels-idx1-ubyte.gz", (count,))
    return Samples(images.reshape(count, -1), labels.astype(np.int64))


def _bundled(name: str, shape: tuple[int, ...]) -> NDArray[np.generic]:
    path = resource("data", "mnist", name)
    try:
        array = read_idx(path)
    except InvalidInput as error:
        raise OperationFailed(f"{error}; please install aegui again") from None
    if array.shape != shape:
        raise OperationFailed(f"{path}: must have the shape {shape}, has {array.shape}; install aegui again")
    return array


def _digits(_facts: Entry) -> tuple[Samples, ...]:
    from sklearn.datasets import load_digits  # takes a second to import

    raw, labels = load_digits(return_X_y=True)
    return (Samples(raw.astype(np.uint8), labels.astype(np.int64)),)


_READERS: dict[str, Callable[[Entry], tuple[Samples, ...]]] = {"mnist": _mnist, "digits": _digits}
