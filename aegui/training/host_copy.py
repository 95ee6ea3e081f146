"""A run's state in the memory of the machine: all that is left of it when a graphics card fails."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from aegui.training.kept_weights import all_finite

_EVERY = 3.0  # seconds between two copies, at least
_SHARE = 0.02  # of the time that copying may take


@dataclass(frozen=True, eq=False)
class HostCopy:
    """Weights and optimiser after so many updates; ``weights_step`` is earlier where the run diverged."""

    step: int
    weights_step: int
    seconds: float
    model: dict[str, Tensor]
    optimizer: dict[str, Any]


class HostCopies:
    """The last good copy, renewed every few seconds and never for more than a small share of the time."""

    def __init__(self) -> None:
        self.last: HostCopy | None = None
        self._next = 0.0  # when the next one is due

    @property
    def due(self) -> bool:
        """Whether it is time for another."""
        return time.monotonic() >= self._next

    def renew(
        self, model: nn.Module, optimizer: torch.optim.Optimizer, step: int, weights_step: int, seconds: float
    ) -> None:
        """Copies the state; weights that are not finite are no state to go on from."""
        started = time.monotonic()
        weights = _on_host(model.state_dict())
        if all_finite(weights.values()):
            moments = _on_host(optimizer.state_dict())
            self.last = HostCopy(step, weights_step, seconds, weights, moments)
        now = time.monotonic()
        self._next = now + max(_EVERY, (now - started) / _SHARE)


def _on_host(value: Any) -> Any:
    """The same nest of dicts and lists with copies of its tensors."""
    match value:
        case Tensor():
            return value.detach().to("cpu", copy=True)
        case dict():
            return {key: _on_host(v) for key, v in value.items()}
        case list() | tuple():
            return [_on_host(v) for v in value]
    return value
