"""The data sets that travel with the program or with scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from aegui.data.dataset import Split
from aegui.data.entry import Entry
from aegui.data.idx import read_idx
from aegui.data.sklearn_sets import sklearn_datasets
from aegui.data.stored import frozen
from aegui.errors import InvalidInput, OperationFailed
from aegui.resources import resource


def idx_set(facts: Entry) -> tuple[Split, Split]:
    """Pictures in MNIST's format, in the folder of their name. Raises OperationFailed if they are damaged."""
    return _idx_part(facts, "train", facts.train), _idx_part(facts, "t10k", facts.test)


def _idx_part(facts: Entry, part: str, count: int) -> Split:
    images = _bundled(facts.name, f"{part}-images-idx3-ubyte.gz", (count, *facts.shape))
    labels = _bundled(facts.name, f"{part}-labels-idx1-ubyte.gz", (count,)).astype(np.int64)
    frozen(labels)
    return Split(frozen(images.reshape(count, -1)), labels)


def _bundled(folder: str, name: str, shape: tuple[int, ...]) -> NDArray[np.generic]:
    path = resource("data", folder, name)
    try:
        array = read_idx(path)
    except InvalidInput as error:
        raise OperationFailed(f"{error}; please install aegui again") from None
    if array.shape != shape:
        raise OperationFailed(f"{path}: must have the shape {shape}, has {array.shape}; install aegui again")
    if array.dtype != np.uint8:
        raise OperationFailed(f"{path}: must hold bytes, holds {array.dtype}; install aegui again")
    return array


def digits() -> Split:
    """scikit-learn's digits, bytes (1797, 64)."""
    return _labelled(sklearn_datasets().load_digits(), np.uint8)


def breast_cancer() -> Split:
    """scikit-learn's measurements of tumours, float32 (569, 30)."""
    return _labelled(sklearn_datasets().load_breast_cancer(), np.float32)


def wine() -> Split:
    """scikit-learn's analyses of wines, float32 (178, 13)."""
    return _labelled(sklearn_datasets().load_wine(), np.float32)


def _labelled(bunch: Any, dtype: type[np.generic]) -> Split:
    labels = bunch.target.astype(np.int64)
    frozen(labels)
    return Split(frozen(bunch.data.astype(dtype)), labels)
