"""One update of the weights in its parts, and the one that comes next, to be tried on a copy."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aegui.nets.autoencoder import Autoencoder, Passed
from aegui.objectives.noise import Space, corrupt
from aegui.objectives.objective import Terms, terms
from aegui.spec import Experiment, Training
from aegui.training.optimizers import rate_at
from aegui.training.samples import Samples
from aegui.training.updates import Updates


@dataclass(frozen=True, eq=False)
class Forward:
    """A batch on its way through the network, up to the terms of the objective."""

    seen: Tensor  # (B, k) x̃
    passed: Passed
    parts: Terms


def forward(
    experiment: Experiment, model: Autoencoder, clean: Tensor, generator: torch.Generator, space: Space
) -> Forward:
    """Corrupts a batch (B, k), passes it through the network and compares; the generator draws it all."""
    seen = corrupt(experiment.noise, clean, generator, space)
    passed = _passed(experiment, model, seen, generator)
    return Forward(seen, passed, terms(experiment, model, passed, seen, clean))


def _passed(experiment: Experiment, model: Autoencoder, seen: Tensor, generator: torch.Generator) -> Passed:
    """The pass of a batch (B, k), in float32 again where the network computes in mixed precision."""
    if experiment.training.precision == "single":
        passed: Passed = model(seen, generator)
        return passed
    with torch.autocast(seen.device.type, torch.bfloat16):
        passed = model(seen, generator)
    return passed.in_single()


def backward(parts: Terms, parameters: Sequence[nn.Parameter]) -> None:
    """Puts the gradient of the sum of all terms into the parameters."""
    for parameter in parameters:  # what zero_grad does, without its hooks
        parameter.grad = None
    first, *others = parts.values()
    (torch.stack([first, *others]).sum() if others else first).backward()


def descend(
    training: Training,
    updates: Updates,
    parameters: Sequence[nn.Parameter],
    step: int,
    steps_per_epoch: int,
) -> None:
    """Clips the gradient if asked to, and does the update after ``step`` updates."""
    if training.clip_norm > 0:
        torch.nn.utils.clip_grad_norm_(parameters, training.clip_norm)
    updates(rate_at(training, step, steps_per_epoch))


@dataclass(frozen=True, eq=False)
class Upcoming:
    """The update that a network is about to get. Nothing is drawn or copied before it is asked for."""

    experiment: Experiment
    model: Autoencoder
    optimizer: torch.optim.Optimizer | None  # None for an earlier moment, whose optimiser is not kept
    train: Samples
    space: Space
    step: int  # updates done before it
    steps_per_epoch: int
    rows_of: Callable[[int], Tensor]  # the batch (B,) of the update after so many
    generator_of: Callable[[int], torch.Generator]  # and what draws in it

    @property
    def rate(self) -> float:
        """The learning rate of it."""
        return rate_at(self.experiment.training, self.step, self.steps_per_epoch)

    def rows(self) -> Tensor:
        """The rows (B,) of its batch in the training set."""
        return self.rows_of(self.step)

    def copied(self) -> tuple[Autoencoder, torch.optim.Optimizer | None]:
        """The network in train mode and its optimiser, both free to be changed."""
        model, optimizer = copy.deepcopy((self.model, self.optimizer))
        return model.train(), optimizer

    def forward(self, model: Autoencoder, clean: Tensor) -> Forward:
        """What a network makes of the batch; every time with the same noise and the same units dropped."""
        return forward(self.experiment, model, clean, self.generator_of(self.step), self.space)

    def descend(self, model: Autoencoder, optimizer: torch.optim.Optimizer) -> None:
        """Updates a copy by the gradient that it holds."""
        parameters = [*model.parameters()]
        updates = Updates(optimizer, parameters)
        descend(self.experiment.training, updates, parameters, self.step, self.steps_per_epoch)
