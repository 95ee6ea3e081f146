"""A data set as tensors: bytes until a batch needs floats."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from aegui.data.dataset import Affine, Dataset, Split, working_type
from aegui.data.mapped import check_whole, mapping_of


class Samples:
    """The stored samples of one split, scaled on the way out.

    On the processor nothing is copied: the numbers stay where the data set has them, which may
    be a file that is larger than the memory. Another device gets the samples of this split.
    """

    def __init__(self, dataset: Dataset, split: Split, device: torch.device) -> None:
        here = device.type == "cpu"
        scaling = dataset.scaling
        self._type: torch.dtype = getattr(torch, working_type(split.stored.dtype).__name__)
        if not here and self._type is torch.float64:  # some devices have no float64
            split, scaling = _scaled(dataset, split)
            self._type = torch.float32
        self._stored = _tensor(split.stored if here else split.raw).to(device)  # (m, k)
        self._mapped = split.stored if here and mapping_of(split.stored) is not None else None
        self._rows = None if split.rows is None or not here else torch.from_numpy(split.rows)  # (n,)
        self._count = len(split)
        self.shift = torch.as_tensor(np.array(scaling.shift), dtype=self._type, device=device)
        self.factor = torch.as_tensor(np.array(scaling.factor), dtype=self._type, device=device)
        self._shifted = bool((self.shift != 0).any())
        self._places: tuple[Tensor, Tensor] | None = None  # of a batch as it is stored, and scaled

    def __len__(self) -> int:
        return self._count

    @property
    def features(self) -> int:
        """k, the number of features of one sample."""
        return self._stored.shape[1]

    @property
    def device(self) -> torch.device:
        """Where batches are."""
        return self._stored.device

    def take(self, rows: Tensor | slice) -> Tensor:
        """Samples in the scaled units, a new float32 tensor (n, k).

        Raises OperationFailed where they stay in a file that has become shorter.
        """
        if self._mapped is not None:
            check_whole(self._mapped)
        stored = self._stored[rows if self._rows is None else self._rows[rows]]
        return self._scale(stored.to(self._type, copy=True)).float()

    def batch(self, rows: Tensor) -> Tensor:
        """The same as :meth:`take` (B, k), in a place that the next batch takes over."""
        if self._mapped is not None or self._type is not torch.float32:
            return self.take(rows)
        if self._places is None or len(self._places[0]) != len(rows):
            raw = self._stored.new_empty(len(rows), self.features)
            self._places = (
                raw,
                raw if raw.dtype is torch.float32 else torch.empty_like(raw, dtype=torch.float32),
            )
        raw, x = self._places
        torch.index_select(self._stored, 0, rows if self._rows is None else self._rows[rows], out=raw)
        if x is not raw:
            x.copy_(raw)
        return self._scale(x)

    def _scale(self, x: Tensor) -> Tensor:
        """Stored numbers (B, k) in the scaled units, where they are."""
        if self._shifted:
            x -= self.shift
        return x.mul_(self.factor)

    def chunks(self, size: int) -> Iterator[tuple[slice, Tensor]]:
        """Every sample in order, ``size`` at a time, with the rows that they stand in."""
        for start in range(0, len(self), size):
            rows = slice(start, min(start + size, len(self)))
            yield rows, self.take(rows)


def _scaled(dataset: Dataset, split: Split) -> tuple[Split, Affine]:
    """A split whose stored numbers are the scaled ones."""
    nothing = Affine("none", np.zeros((), np.float32), np.ones((), np.float32))
    return Split(dataset.scaled(split), split.labels), nothing


def _tensor(stored: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
    with warnings.catch_warnings():
        # The arrays are read-only on purpose, and nothing here writes to them.
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(stored)
