"""The updates of the weights, straight by the fused kernels of torch where it has them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer

_Group = dict[str, Any]
_NAMES: dict[type, tuple[str, ...]] = {  # what torch's own optimisers keep of a parameter
    Adam: ("step", "exp_avg", "exp_avg_sq"),
    AdamW: ("step", "exp_avg", "exp_avg_sq"),
    SGD: ("momentum_buffer",),
}


class Updates:
    """The updates of one optimiser, with whose state they go on.

    What :meth:`torch.optim.Optimizer.step` does around its kernel takes as long again for a small network.
    """

    def __init__(self, optimizer: Optimizer, parameters: Sequence[nn.Parameter]) -> None:
        self._optimizer, self._parameters = optimizer, list[Tensor](parameters)
        self._names = _NAMES.get(type(optimizer), ())
        self._moments: list[list[Tensor]] = []  # of every parameter, by name
        self._state: object = None  # that they are of: another one is loaded as a whole

    def __call__(self, rate: float) -> None:
        """Updates the parameters by the gradients that they hold."""
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        gradients = [p.grad for p in self._parameters if p.grad is not None]
        group = self._optimizer.param_groups[0]
        with torch.no_grad():
            if not self._names or len(gradients) < len(self._parameters):
                inspect.unwrap(type(self._optimizer).step)(self._optimizer)  # its wrappers bring the compiler
            elif isinstance(self._optimizer, SGD):
                self._descend(gradients, group)
            else:
                self._adapt(gradients, group)

    def _adapt(self, gradients: list[Tensor], group: _Group) -> None:
        """Adam (Kingma & Ba 2015, algorithm 1), with decoupled decay AdamW (Loshchilov & Hutter 2019)."""
        self._take_up()
        steps, means, squares = self._moments
        torch._foreach_add_(steps, 1)
        kernel: Callable[..., None] = torch._fused_adam_
        if isinstance(self._optimizer, AdamW):
            kernel = torch._fused_adamw_
        kernel(
            self._parameters,
            gradients,
            means,
            squares,
            [],
            steps,
            lr=group["lr"],
            beta1=group["betas"][0],
            beta2=group["betas"][1],
            weight_decay=group["weight_decay"],
            eps=group["eps"],
            amsgrad=False,
            maximize=False,
        )

    def _descend(self, gradients: list[Tensor], group: _Group) -> None:
        """Gradient descent, with momentum (Polyak 1964; Nesterov's as Sutskever et al. 2013 have it)."""
        first = not self._optimizer.state
        if group["momentum"]:
            self._take_up()
        torch._fused_sgd_(
            self._parameters,
            gradients,
            self._moments[0] if group["momentum"] else [],
            weight_decay=group["weight_decay"],
            momentum=group["momentum"],
            lr=group["lr"],
            dampening=group["dampening"],
            nesterov=group["nesterov"],
            maximize=False,
            is_first_step=bool(group["momentum"]) and first,
        )

    def _take_up(self) -> None:
        """Has the tensors of the optimiser's state at hand; zeros where there is none yet."""
        state = self._optimizer.state
        if state is self._state and self._moments:
            return
        for p in self._parameters:
            if p not in state:
                shapes = {name: () if name == "step" else p.shape for name in self._names}
                state[p] = {name: torch.zeros(shape, device=p.device) for name, shape in shapes.items()}
        self._moments = [[state[p][name] for p in self._parameters] for name in self._names]
        self._state = state


def spare_compiler() -> None:
    """Keeps optimisers from importing torch's compiler when they are first asked for something.

    It takes a second and 70 MiB, only to tell it that these methods are not to be compiled.
    """
    for name in ("add_param_group", "state_dict", "load_state_dict", "zero_grad"):
        plain = getattr(getattr(Optimizer, name), "__wrapped__", None)
        if plain is not None:  # else this torch does not do so
            setattr(plain, "__dynamo_disable", plain)
