"""The modules that a planned layer becomes. Each gives its output before and behind its activation."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aegui.plan import PlannedLayer

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
_MOMENTUM = 0.1  # share of a batch in the running moments of a batch norm, as torch has it
_EPSILON = 1e-5  # added to a variance before its root


class PlannedModule(nn.Module):
    """One layer as planned; ``generator`` is that of the training step, None where nothing is drawn."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__()
        self.plan = plan
        self.activation = ACTIVATIONS[plan.activation]

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """The output (B, ...) of an input (B, ...), before the activation."""
        raise NotImplementedError

    def forward(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return self.activation(self.before(x, generator))

    def initialise(self, generator: torch.Generator | None) -> None:
        """Draws the first weights; a layer without any draws nothing."""


class DenseLayer(PlannedModule):
    """σ(W·x + b) with weights of shape (units, inputs)."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__(plan)
        self.weight = nn.Parameter(torch.empty(plan.units, plan.inputs))
        self.bias = nn.Parameter(torch.empty(plan.units))

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return _affine(x, self.weight, self.bias, self.plan)

    def initialise(self, generator: torch.Generator | None) -> None:
        """Uniform in ±1/√inputs, as torch's own layers have them."""
        _uniform(self.weight, self.plan.inputs, generator)
        _uniform(self.bias, self.plan.inputs, generator)


class TiedLayer(PlannedModule):
    """σ(Wᵀ·x + b), where W are the weights of the layer that it undoes."""

    def __init__(self, plan: PlannedLayer, undone: DenseLayer) -> None:
        super().__init__(plan)
        self._undone = (undone,)  # in a tuple, or its weights would count as this layer's too
        self.bias = nn.Parameter(torch.empty(plan.units))

    @property
    def weight(self) -> Tensor:
        """(units, inputs): a view of the weights of the layer that is undone."""
        return self._undone[0].weight.t()

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return _affine(x, self.weight, self.bias, self.plan)

    def initialise(self, generator: torch.Generator | None) -> None:
        _uniform(self.bias, self.plan.inputs, generator)


class KernelLayer(PlannedModule):
    """A layer with kernels of shape (rows, columns, height, width) and a bias for each channel."""

    def __init__(self, plan: PlannedLayer, rows: int, columns: int) -> None:
        super().__init__(plan)
        self.weight = nn.Parameter(torch.empty(rows, columns, *plan.kernel))
        self.bias = nn.Parameter(torch.empty(plan.output_shape[0]))

    def initialise(self, generator: torch.Generator | None) -> None:
        """Uniform in ±1/√(numbers under a kernel), as torch's own layers have them."""
        fan_in = math.prod(self.weight.shape[1:])
        _uniform(self.weight, fan_in, generator)
        _uniform(self.bias, fan_in, generator)


class ConvLayer(KernelLayer):
    """σ(W ∗ x + b) with kernels of shape (channels, channels before, height, width)."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__(plan, plan.output_shape[0], plan.input_shape[0])

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return F.conv2d(x, self.weight, self.bias, self.plan.stride, self.plan.padding)


class ConvTransposedLayer(KernelLayer):
    """The transpose of a convolution, with kernels of shape (channels before, channels, height, width)."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__(plan, plan.input_shape[0], plan.output_shape[0])

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        plan = self.plan
        return F.conv_transpose2d(x, self.weight, self.bias, plan.stride, plan.padding, plan.output_padding)


class PoolLayer(PlannedModule):
    """The largest value or the mean of every window."""

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        pool = F.max_pool2d if self.plan.how == "max" else F.avg_pool2d
        pooled: Tensor = pool(x, self.plan.kernel, self.plan.stride)
        return pooled


class UpsampleLayer(PlannedModule):
    """The picture at the planned size."""

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        size = self.plan.output_shape[1:]
        return F.interpolate(x, size=size, mode=self.plan.how)


class ReshapeLayer(PlannedModule):
    """The same numbers in another shape."""

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return x.reshape(-1, *self.plan.output_shape)


class DropoutLayer(PlannedModule):
    """Zeros for a share p of the units, the others divided by 1 − p; only where a generator draws."""

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        if generator is None:
            return x
        drawn = torch.rand(x.shape, generator=generator, device=x.device)
        return x * (drawn >= self.plan.p) / (1 - self.plan.p)


class BatchNormLayer(PlannedModule):
    """γ·(x − μ)/√(s² + ε) + β by unit or channel: moments of the batch in train mode, else running ones."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__(plan)
        size = plan.output_shape[0]
        self.scale, self.shift = nn.Parameter(torch.ones(size)), nn.Parameter(torch.zeros(size))
        self.running_mean: Tensor
        self.running_var: Tensor
        self.register_buffer("running_mean", torch.zeros(size))
        self.register_buffer("running_var", torch.ones(size))

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        several = x.numel() > x.shape[1]  # one number alone has no variance
        return F.batch_norm(
            x,
            self.running_mean,
            self.running_var,
            self.scale,
            self.shift,
            self.training and several,
            _MOMENTUM,
            _EPSILON,
        )


class LayerNormLayer(PlannedModule):
    """γ·(x − μ)/√(s² + ε) + β with the moments of all units of one sample."""

    def __init__(self, plan: PlannedLayer) -> None:
        super().__init__(plan)
        self.scale = nn.Parameter(torch.ones(plan.output_shape))
        self.shift = nn.Parameter(torch.zeros(plan.output_shape))

    def before(self, x: Tensor, generator: torch.Generator | None = None) -> Tensor:
        return F.layer_norm(x, self.plan.output_shape, self.scale, self.shift, _EPSILON)


_MODULES: dict[str, type[PlannedModule]] = {
    "dense": DenseLayer,
    "conv": ConvLayer,
    "conv-transposed": ConvTransposedLayer,
    "pool": PoolLayer,
    "upsample": UpsampleLayer,
    "reshape": ReshapeLayer,
    "dropout": DropoutLayer,
    "batch-norm": BatchNormLayer,
    "layer-norm": LayerNormLayer,
}


def module_of(plan: PlannedLayer) -> PlannedModule:
    """The module of a planned layer that is not tied."""
    return _MODULES[plan.kind](plan)


def _affine(x: Tensor, weight: Tensor, bias: Tensor, plan: PlannedLayer) -> Tensor:
    """W·x + b of flattened inputs, in the planned shape."""
    x = F.linear(x.flatten(1), weight, bias)
    return x.view(-1, *plan.output_shape) if plan.is_picture else x


def _uniform(parameter: nn.Parameter, fan_in: int, generator: torch.Generator | None) -> None:
    bound = 1 / math.sqrt(fan_in)
    with torch.no_grad():
        parameter.uniform_(-bound, bound, generator=generator)
