"""The autoencoder: encoder h = g(x), decoder x̂ = f(h)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aegui.plan import Plan, PlannedLayer

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda x: x,
    "relu": F.relu,
    "leaky-relu": F.leaky_relu,
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


class DenseLayer(nn.Module):
    """σ(W·x + b) with weights of shape (units, inputs)."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(plan.units, plan.inputs))
        self.bias = nn.Parameter(torch.empty(plan.units))
        self.activation = ACTIVATIONS[plan.activation]

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(F.linear(x, self.weight, self.bias))


@dataclass(frozen=True, eq=False)
class Passed:
    """What one pass through the network gives."""

    code: Tensor  # (B, d); a sample of it where the code is variational and a generator was given
    logits: Tensor  # (B, k), the output before its activation
    log_var: Tensor | None = None  # (B, d), variational only
    mean: Tensor | None = None  # (B, d), variational only


class Autoencoder(nn.Module):
    """A dense autoencoder as planned; ``generator`` decides its initial weights."""

    def __init__(self, plan: Plan, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.plan = plan
        self.encoder = nn.ModuleList(DenseLayer(layer) for layer in plan.encoder)
        self.code = DenseLayer(plan.code)
        self.log_var = DenseLayer(plan.code) if plan.variational else None
        self.decoder = nn.ModuleList(DenseLayer(layer) for layer in plan.decoder)
        self.output = DenseLayer(plan.output)
        initialise(self, generator)

    def hidden(self, x: Tensor) -> Tensor:
        """The last hidden layer before the code, from input (B, k)."""
        for layer in self.encoder:
            x = layer(x)
        return x

    def encode(self, x: Tensor) -> Tensor:
        """The code (B, d) of input (B, k); of a variational code its mean."""
        code: Tensor = self.code(self.hidden(x))
        return code

    def logits(self, code: Tensor) -> Tensor:
        """The output (B, k) for a code (B, d), before the output's activation."""
        for layer in self.decoder:
            code = layer(code)
        return F.linear(code, self.output.weight, self.output.bias)

    def reconstruction(self, logits: Tensor) -> Tensor:
        """x̂ from the output before its activation."""
        return self.output.activation(logits)

    def decode(self, code: Tensor) -> Tensor:
        """x̂ = f(h): reconstruction (B, k) of a code (B, d)."""
        return self.reconstruction(self.logits(code))

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> Passed:
        """One pass of input (B, k); a variational code is sampled if there is a generator."""
        if self.log_var is None:
            code = self.encode(x)
            return Passed(code, self.logits(code))
        hidden = self.hidden(x)
        mean, log_var = self.code(hidden), self.log_var(hidden)
        code = mean
        if generator is not None:
            noise = torch.empty_like(mean).normal_(generator=generator)
            code = mean + torch.exp(log_var / 2) * noise  # reparametrised: the gradient reaches the head
        return Passed(code, self.logits(code), log_var, mean)

    def matrices(self) -> Iterator[nn.Parameter]:
        """Every weight matrix, no biases: what a weight penalty acts on."""
        return (p for name, p in self.named_parameters() if name.endswith("weight"))


def initialise(model: nn.Module, generator: torch.Generator | None) -> None:
    """Weights and biases uniform in ±1/√inputs, as torch's own layers have them."""
    with torch.no_grad():
        for module in model.modules():
            if isinstance(module, DenseLayer):
                bound = 1 / math.sqrt(module.weight.shape[1])
                module.weight.uniform_(-bound, bound, generator=generator)
                module.bias.uniform_(-bound, bound, generator=generator)
