"""A data set as tensors: bytes until a batch needs floats."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from aegui.data.dataset import Dataset, Split


class Samples:
    """The raw samples of one split on a device, scaled on the way out."""

    def __init__(self, dataset: Dataset, split: Split, device: torch.device) -> None:
        self.raw = _tensor(split.raw).to(device)  # (n, k)
        scaling = dataset.scaling
        self.shift = torch.as_tensor(np.array(scaling.shift), dtype=torch.float32, device=device)
        self.factor = torch.as_tensor(np.array(scaling.factor), dtype=torch.float32, device=device)
        self._shifted = bool((self.shift != 0).any())

    def __len__(self) -> int:
        return len(self.raw)

    def take(self, rows: Tensor | slice) -> Tensor:
        """Samples in the scaled units, a new float32 tensor (n, k)."""
        x = self.raw[rows].to(torch.float32, copy=True)
        if self._shifted:
            x -= self.shift
        return x.mul_(self.factor)

    def chunks(self, size: int) -> Iterator[tuple[slice, Tensor]]:
        """Every sample in order, ``size`` at a time, with the rows that they stand in."""
        for start in range(0, len(self), size):
            rows = slice(start, min(start + size, len(self)))
            yield rows, self.take(rows)


def _tensor(raw: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Tensor:
    with warnings.catch_warnings():
        # The arrays are read-only on purpose, and nothing here writes to them.
        warnings.filterwarnings("ignore", message="The given NumPy array is not writable")
        return torch.from_numpy(raw)
