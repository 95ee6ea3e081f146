"""The autoencoder: encoder h = g(x), decoder x̂ = f(h)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aegui.nets.layers import DenseLayer, PlannedModule, TiedLayer, module_of
from aegui.plan import Plan, PlannedLayer


@dataclass(frozen=True, eq=False)
class Passed:
    """What one pass through the network gives."""

    code: Tensor  # (B, d); a sample of it where the code is variational and a generator was given
    logits: Tensor  # (B, k), the output before its activation
    log_var: Tensor | None = None  # (B, d), variational only
    mean: Tensor | None = None  # (B, d), variational only

    def in_single(self) -> Passed:
        """The same in float32."""
        parts = (self.code, self.logits, self.log_var, self.mean)
        code, logits, log_var, mean = (None if part is None else part.float() for part in parts)
        assert code is not None and logits is not None
        return Passed(code, logits, log_var, mean)


class Autoencoder(nn.Module):
    """An autoencoder as planned; ``generator`` decides its initial weights.

    Samples go in and come out as rows of k features, whatever the layers make of them.
    A generator that is given to a pass draws what is random in it: dropped units, and the
    sample of a variational code. Without one a pass draws nothing.
    """

    def __init__(self, plan: Plan, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.plan = plan
        self.encoder = nn.ModuleList(module_of(layer) for layer in plan.encoder)
        self.code = DenseLayer(plan.code)
        self.log_var = DenseLayer(plan.code) if plan.variational else None
        self.decoder = nn.ModuleList(self._decoding(layer) for layer in plan.decoder)
        self.output = self._decoding(plan.output)
        self._grid = _grid_of_input(plan)
        for module in self.modules():
            if isinstance(module, PlannedModule):
                module.initialise(generator)

    def hidden(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """The last hidden layer before the code, from input (B, k)."""
        if self._grid is not None:
            x = x.view(-1, *self._grid)
        for layer in self.encoder:
            x = layer(x, generator)
        return x

    def encode(self, x: Tensor) -> Tensor:
        """The code (B, d) of input (B, k); of a variational code its mean."""
        code: Tensor = self.code(self.hidden(x))
        return code

    def logits(self, code: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """The output (B, k) for a code (B, d), before the output's activation."""
        for layer in self.decoder:
            code = layer(code, generator)
        return self.output.before(code).flatten(1)

    def reconstruction(self, logits: Tensor) -> Tensor:
        """x̂ from the output before its activation."""
        return self.output.activation(logits)

    def decode(self, code: Tensor) -> Tensor:
        """x̂ = f(h): reconstruction (B, k) of a code (B, d)."""
        return self.reconstruction(self.logits(code))

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> Passed:
        """One pass of input (B, k)."""
        hidden = self.hidden(x, generator)
        mean: Tensor = self.code(hidden)
        if self.log_var is None:
            return Passed(mean, self.logits(mean, generator))
        log_var: Tensor = self.log_var(hidden)
        code = mean if generator is None else reparametrised(mean, log_var, generator)
        return Passed(code, self.logits(code, generator), log_var, mean)

    def matrices(self) -> Iterator[nn.Parameter]:
        """Every weight matrix and kernel once, no biases, no norms: what a weight penalty acts on."""
        return (p for name, p in self.named_parameters() if name.endswith("weight"))

    def _decoding(self, layer: PlannedLayer) -> PlannedModule:
        if layer.tied is None:
            return module_of(layer)
        undone = [*self.encoder, self.code][layer.tied]
        assert isinstance(undone, DenseLayer)  # the plan has a problem otherwise
        return TiedLayer(layer, undone)


def reparametrised(mean: Tensor, log_var: Tensor, generator: torch.Generator) -> Tensor:
    """A sample (B, d) of the code that lets the gradient reach both (Kingma & Welling 2014, section 2.4)."""
    noise = torch.empty_like(mean).normal_(generator=generator)
    return mean + torch.exp(log_var / 2) * noise


@contextmanager
def evaluating(model: nn.Module) -> Iterator[None]:
    """Eval mode for a while, so that looking at a network in training leaves no trace in it."""
    training = model.training
    model.eval()
    try:
        yield
    finally:
        model.train(training)


def _grid_of_input(plan: Plan) -> tuple[int, ...] | None:
    """C×H×W where the first layer takes a sample as a picture; a dense one takes the row as it is."""
    grid = plan.facts.grid
    dense = not plan.encoder or plan.encoder[0].kind == "dense"
    return None if dense or len(grid) != 3 else grid
