"""The optimiser of an experiment, its rate at each step, and when a run is over before its last epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from aegui.spec import SGD, AdamW, Experiment, RMSprop, Training
from aegui.spec.rates import factor
from aegui.training.snapshot import Floats


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


class Updates:
    """The updates of one optimiser. Those of Adam go straight to its fused kernel.

    What :meth:`torch.optim.Optimizer.step` does around that takes as long again for a small network.
    """

    def __init__(self, optimizer: torch.optim.Optimizer, parameters: Sequence[nn.Parameter]) -> None:
        self._optimizer, self._parameters = optimizer, list(parameters)
        self._kernel = _KERNELS.get(type(optimizer))
        self._state: object = None  # whose tensors are at hand below: another one is loaded as a whole
        self._moments: list[list[Tensor]] = []

    def __call__(self, rate: float) -> None:
        """Updates the parameters by the gradients that they hold."""
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        state = self._optimizer.state
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        if self._kernel is None or not state or len(gradients) < len(self._parameters):
            self._optimizer.step()
            return
        if state is not self._state:
            names = ("exp_avg", "exp_avg_sq", "step")
            self._moments = [[state[p][name] for p in self._parameters] for name in names]
            self._state = state
        means, squares, steps = self._moments
        (group,) = self._optimizer.param_groups
        with torch.no_grad():
            torch._foreach_add_(steps, 1)
            self._kernel(
                self._parameters,
                gradients,
                means,
                squares,
                [],
                steps,
                lr=rate,
                beta1=group["betas"][0],
                beta2=group["betas"][1],
                weight_decay=group["weight_decay"],
                eps=group["eps"],
                amsgrad=False,
                maximize=False,
                grad_scale=None,
                found_inf=None,
            )


_KERNELS: dict[type, Callable[..., None]] = {
    torch.optim.Adam: torch._fused_adam_,
    torch.optim.AdamW: torch._fused_adamw_,
}


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
