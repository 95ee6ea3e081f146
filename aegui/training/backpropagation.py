"""The gradient of fully connected networks, written out layer by layer (Rumelhart, Hinton & Williams 1986).

The kernels are those that autograd calls. What is saved is the graph, and memory that is asked for and
given back at each step: every number of a batch has its place, which the next batch takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aegui.nets.autoencoder import Autoencoder, Passed, reparametrised
from aegui.nets.layers import DenseLayer
from aegui.objectives.objective import Terms, regularisers
from aegui.objectives.reconstruction import reconstruction_loss
from aegui.spec import Experiment, Training

_aten = torch.ops.aten
_mse_loss: Callable[..., Tensor] = torch._C._nn.mse_loss  # F.mse_loss broadcasts before
_MEAN = 1  # what torch calls the reduction to a mean

_Activation = tuple[Callable[[Tensor], object], Callable[[Tensor, Tensor], object]]

# In place: what is done to an input, and what makes the gradient by it of the gradient by the output.
_ACTIVATIONS: dict[str, _Activation] = {
    "linear": (lambda x: x, lambda slope, out: slope),
    "relu": (
        torch.relu_,
        lambda slope, out: _aten.threshold_backward.grad_input(slope, out, 0, grad_input=slope),
    ),
    "sigmoid": (
        torch.sigmoid_,
        lambda slope, out: _aten.sigmoid_backward.grad_input(slope, out, grad_input=slope),
    ),
    "tanh": (
        torch.tanh_,
        lambda slope, out: _aten.tanh_backward.grad_input(slope, out, grad_input=slope),
    ),
}


class Backpropagation:
    """A batch on its way through one network and back."""

    def __init__(self, model: Autoencoder) -> None:
        self._model = model
        self._gradients = {p: torch.empty_like(p.detach()) for p in model.parameters()}
        self._encoder = [self._pass(layer) for layer in model.encoder]
        self._heads = [self._pass(head) for head in (model.code, model.log_var) if head is not None]
        self._decoder = [self._pass(layer) for layer in model.decoder]
        self._output = self._pass(model.output, "linear")  # its own is part of the loss
        self._activation = _ACTIVATIONS[model.output.plan.activation]
        self._one = torch.ones((), device=model.code.weight.device)
        self._count = 0  # samples that there are places for

    @classmethod
    def of(cls, model: Autoencoder) -> Self | None:
        """That of a network; None unless it is made of dense layers, each with weights of its own."""
        layers = [*model.encoder, model.code, *model.decoder, model.output]
        able = all(type(layer) is DenseLayer and layer.plan.activation in _ACTIVATIONS for layer in layers)
        return cls(model) if able and model.code.weight.device.type in ("cpu", "cuda") else None

    def can(self, experiment: Experiment) -> bool:
        """Whether it does what an experiment asks for: a penalty on the Jacobian needs autograd."""
        return not experiment.penalty.jacobian and experiment.training.precision == "single"

    def run(self, experiment: Experiment, seen: Tensor, clean: Tensor, generator: torch.Generator) -> Terms:
        """Puts the gradient of the sum of all terms into the parameters, and returns the terms.

        ``seen`` (B, k) is what the network gets, ``clean`` (B, k) the target; the generator draws the
        sample of a variational code.
        """
        if len(clean) != self._count:
            self._make_room(len(clean))
        for parameter in self._gradients:
            parameter.grad = None
        hidden = _forward(self._encoder, seen)
        # From here to the decoder there is a graph, for whatever terms there are of the code.
        heads = [head.forward(hidden).detach().requires_grad_() for head in self._heads]
        sampled, log_var, mean = heads[0], None, None
        if len(heads) == 2:
            mean, log_var = heads
            sampled = reparametrised(mean, log_var, generator)
        code = sampled.detach()
        logits = self._output.forward(_forward(self._decoder, code))
        passed = Passed(sampled, logits, log_var, mean)
        others = regularisers(experiment, self._model, passed, seen, clean.shape[1])
        loss = self._compare(experiment.training, logits, clean)
        _backward([*self._decoder, self._output], code, into=self._heads[0].slope)
        self._differentiate(sampled, heads, others)
        for number, head in enumerate(self._heads):
            head.backward(hidden, self._encoder[-1].slope if self._encoder else None, add=number > 0)
        _backward(self._encoder, seen)
        for parameter, gradient in self._gradients.items():
            if parameter.grad is not None:  # that of a penalty on the weights
                gradient += parameter.grad
        self.hand_over()
        return {experiment.training.loss: loss} | others

    def hand_over(self) -> None:
        """Gives the parameters the gradients of the last pass."""
        for parameter, gradient in self._gradients.items():
            parameter.grad = gradient

    def _pass(self, layer: nn.Module, activation: str = "") -> _Pass:
        assert isinstance(layer, DenseLayer)
        return _Pass(layer, self._gradients, activation or layer.plan.activation)

    def _make_room(self, count: int) -> None:
        for layer in [*self._encoder, *self._heads, *self._decoder, self._output]:
            layer.make_room(count)
        self._count = count

    def _compare(self, training: Training, logits: Tensor, clean: Tensor) -> Tensor:
        """The reconstruction loss, a scalar, and its gradient by the output (B, k) before its activation."""
        slope = self._output.slope
        match training.loss:
            case "mse":
                activate, differentiate = self._activation
                activate(logits)
                loss = _mse_loss(logits, clean, _MEAN)
                _aten.mse_loss_backward.grad_input(self._one, logits, clean, _MEAN, grad_input=slope)
                differentiate(slope, logits)
            case "bce":
                loss = F.binary_cross_entropy_with_logits(logits, clean)
                torch.sigmoid(logits, out=slope)
                slope.sub_(clean).div_(slope.numel())
            case _:
                leaf = logits.detach().requires_grad_()
                loss = reconstruction_loss(training, self._model, leaf, clean)
                (gradient,) = torch.autograd.grad(loss, leaf)
                slope.copy_(gradient)
        return loss.detach()

    def _differentiate(self, sampled: Tensor, heads: Sequence[Tensor], others: Terms) -> None:
        """From the gradient by the decoder's input to those by the heads, the other terms' with them.

        The decoder has left its own in the place of the first head.
        """
        variational = len(heads) == 2
        if not others and not variational:
            return
        first = self._heads[0].slope
        roots = [term for term in others.values() if term.requires_grad]
        gradients: list[Tensor | None] = [None] * len(roots)
        if variational:
            roots, gradients = [*roots, sampled], [*gradients, first.clone()]
            first.zero_()
        if roots:
            torch.autograd.backward(roots, gradients)
        for head, place in zip(heads, self._heads, strict=True):
            if head.grad is None:
                continue
            if place is self._heads[0]:
                place.slope += head.grad
            else:
                place.slope.copy_(head.grad)


class _Pass:
    """One dense layer with what a batch leaves in it: its output and the gradient by that, (B, units)."""

    def __init__(self, layer: DenseLayer, gradients: Mapping[nn.Parameter, Tensor], activation: str) -> None:
        self._weight, self._bias = layer.weight.detach(), layer.bias.detach()
        self._transposed = self._weight.t()
        self._by_weight, self._by_bias = gradients[layer.weight], gradients[layer.bias]
        self._activate, self._differentiate = _ACTIVATIONS[activation]
        self.make_room(0)

    def make_room(self, count: int) -> None:
        """For batches of so many samples."""
        self.out, self.slope = (self._weight.new_empty(count, len(self._weight)) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """The output of an input (B, inputs)."""
        torch.addmm(self._bias, x, self._transposed, out=self.out)
        self._activate(self.out)
        return self.out

    def backward(self, x: Tensor, into: Tensor | None, *, add: bool = False) -> None:
        """The gradients by the parameters, and by the input (B, inputs) if there is a place for them."""
        slope = self.slope
        self._differentiate(slope, self.out)
        torch.mm(slope.t(), x, out=self._by_weight)
        torch.sum(slope, 0, out=self._by_bias)
        if into is None:
            return
        if add:
            into.addmm_(slope, self._weight)
        else:
            torch.mm(slope, self._weight, out=into)


def _forward(layers: Sequence[_Pass], x: Tensor) -> Tensor:
    for layer in layers:
        x = layer.forward(x)
    return x


def _backward(layers: Sequence[_Pass], x: Tensor, into: Tensor | None = None) -> None:
    """From the last layer to the first, whose input is x (B, inputs)."""
    for number in reversed(range(len(layers))):
        if number:
            layers[number].backward(layers[number - 1].out, layers[number - 1].slope)
        else:
            layers[0].backward(x, into)
