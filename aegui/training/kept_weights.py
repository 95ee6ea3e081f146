"""Copies of a network's weights while they were good: what is left of a run that diverges."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn


@dataclass(eq=False)
class _Copy:
    """Weights, and the running moments of norms, after so many updates."""

    step: int
    tensors: list[Tensor]


class KeptWeights:
    """The last good weights of a network, on its own device.

    A copy is noted before it is known whether the loss under it is finite, and kept once it is. The
    last one whose evaluation was finite stays beside it: in eval mode and with other samples a
    network may fail that does well in training.
    """

    def __init__(self, model: nn.Module, step: int) -> None:
        self._live = list(itertools.chain(model.parameters(), model.buffers()))
        self._noted, self._kept, self._evaluated = (self._copied(step) for _ in range(3))

    @property
    def step(self) -> int:
        """The step of the weights that are kept."""
        return self._kept.step

    def note(self, step: int) -> None:
        """Copies the weights, which are kept once the loss under them proves to be finite."""
        self._copy_to(self._noted, step)

    @property
    def waits(self) -> bool:
        """Whether a copy was noted that is not kept yet."""
        return self._noted.step > self._kept.step

    def noted_is_finite(self) -> bool:
        """Whether the copy that was noted last may be kept at all."""
        return all_finite(self._noted.tensors)

    def confirm(self) -> None:
        """Keeps what was noted, since the loss under it is good."""
        self._kept, self._noted = self._noted, self._kept

    def evaluated(self, step: int) -> None:
        """Keeps the weights, under which an evaluation was finite."""
        self._copy_to(self._evaluated, step)
        self._copy_to(self._kept, step)

    def put_back(self) -> None:
        """Gives the network the weights that are kept."""
        self._put(self._kept)

    def put_back_evaluated(self) -> None:
        """Gives the network the last weights whose evaluation was finite, which are kept from now on."""
        self._kept = _Copy(self._evaluated.step, [t.clone() for t in self._evaluated.tensors])
        self._put(self._kept)

    def all_finite(self) -> bool:
        """Whether the network's own weights are."""
        return all_finite(self._live)

    def _copied(self, step: int) -> _Copy:
        return _Copy(step, [t.detach().clone() for t in self._live])

    @torch.no_grad()
    def _copy_to(self, copy: _Copy, step: int) -> None:
        for mine, live in zip(copy.tensors, self._live, strict=True):
            mine.copy_(live)
        copy.step = step

    @torch.no_grad()
    def _put(self, copy: _Copy) -> None:
        for mine, live in zip(copy.tensors, self._live, strict=True):
            live.copy_(mine)


@torch.no_grad()
def all_finite(tensors: Iterable[Tensor]) -> bool:
    """Whether every number is finite; one wait for the device, whatever the count, where they all are."""
    tensors = [*tensors]
    sums = [t.sum() for t in tensors]  # a tenth of the time of a norm; finite only if every number is
    if not sums or bool(torch.stack(sums).isfinite().all()):
        return True
    return all(bool(t.isfinite().all()) for t in tensors)  # large numbers have a sum that is not finite
