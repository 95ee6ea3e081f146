"""The order in which a run sees its training samples."""

from __future__ import annotations

import torch
from torch import Tensor

from aegui.data.streams import stream_seed


class Order:
    """Shuffled anew for every epoch, from the seed alone, and cut into batches; the last may be smaller."""

    def __init__(self, seed: int, count: int, batch: int, device: torch.device) -> None:
        self._seed, self._count, self._batch, self._device = seed, count, batch, device
        self._epoch, self._rows = -1, torch.empty(0, dtype=torch.int64)
        self.steps_per_epoch = -(-count // batch)

    def batch_of(self, step: int) -> Tensor:
        """The rows (B,) that the update after ``step`` updates learns from."""
        epoch, position = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._rows = epoch, self.of_epoch(epoch)
        return self._rows[position * self._batch : (position + 1) * self._batch]

    def of_epoch(self, epoch: int) -> Tensor:
        """Every row (N,), as they come in an epoch."""
        generator = torch.Generator().manual_seed(stream_seed(self._seed, "shuffle", epoch))
        return torch.randperm(self._count, generator=generator).to(self._device)

    def samples_until(self, step: int) -> int:
        """Samples of the first ``step`` batches."""
        epochs, within = divmod(step, self.steps_per_epoch)
        return epochs * self._count + within * self._batch

    def epoch_mean(self, rows: Tensor) -> list[float]:
        """The mean over an epoch's samples of what was measured per batch (S, columns)."""
        sizes = torch.full((len(rows),), float(self._batch), dtype=torch.float64)
        sizes[-1] = self._count - self._batch * (len(rows) - 1)
        mean: list[float] = (rows.double() * sizes[:, None]).sum(dim=0).div(sizes.sum()).tolist()
        return mean
