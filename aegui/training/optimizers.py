"""The optimiser of an experiment, its rate at each step, and when a run is over before its last epoch."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import torch
from torch import nn

from aegui.spec import SGD, AdamW, Experiment, RMSprop, Training
from aegui.spec.rates import factor
from aegui.training.snapshot import Floats
from aegui.training.updates import spare_compiler

spare_compiler()


def make_optimizer(experiment: Experiment, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The optimiser as the experiment has it, where possible fused into one pass over the parameters."""
    training, parameters = experiment.training, list(parameters)
    match training.optimizer:
        case SGD(momentum=momentum, nesterov=nesterov):
            return torch.optim.SGD(
                parameters, lr=training.rate, momentum=momentum, nesterov=nesterov, fused=True
            )
        case AdamW(decay=decay):
            return torch.optim.AdamW(parameters, lr=training.rate, weight_decay=decay, fused=True)
        case RMSprop(smoothing=smoothing):
            return torch.optim.RMSprop(parameters, lr=training.rate, alpha=smoothing, foreach=True)
    return torch.optim.Adam(parameters, lr=training.rate, fused=True)


def rate_at(training: Training, step: int, steps_per_epoch: int) -> float:
    """The learning rate of the update after ``step`` updates."""
    return training.rate * factor(training.schedule, step, steps_per_epoch, training.epochs)


def reason_to_stop(training: Training, test: Floats) -> str:
    """Why a run is over after the evaluations ``test`` (E + 1,) of its loss; empty where it is not.

    The first evaluation, before any update, is no epoch and counts for nothing.
    """
    losses = test[1:]
    if not len(losses):
        return ""
    with np.errstate(over="ignore"):  # a target that single precision does not hold is reached by any loss
        target = np.float32(training.target_loss)
    if training.target_loss > 0 and losses[-1] <= target:
        return f"the test loss has reached its target of {training.target_loss:g}"
    since_best = len(losses) - 1 - int(np.argmin(losses))
    if training.patience and since_best >= training.patience:
        return f"the test loss has not fallen for {since_best} epoch{'s' * (since_best != 1)}"
    return ""
