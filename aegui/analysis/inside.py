"""What can be asked about the inside of a network: weights, activations, gradients, the next update.

Layers are numbered as in ``Plan.layers``; the input is layer −1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from aegui.plan import Plan, PlannedLayer
from aegui.training.snapshot import Look

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Order = Literal["index", "norm"]
How = Literal["rows", "columns", "kernels"]

MEAN, COLOURS = -1, -2  # instead of a channel
INPUT = -1  # the number of the input among the layers
SHARE_BEYOND = 1e-3  # of the weights that the scale leaves beyond its ends
MOST_MAPS = 64  # feature maps of a layer that are sent
MOST_UNITS = 4_096  # units of a dense layer that are sent
PROBED = 200  # test samples that tell dead units from others


@dataclass(frozen=True)
class Drawn:
    """Weights of a layer that can be drawn, one picture for each of its units."""

    layer: int
    how: How  # rows: what a unit sees; columns: what a unit adds to the output; kernels: what slides
    units: int
    shape: tuple[int, ...]  # of one unit's weights: C×H×W, or (k,)

    @property
    def channels(self) -> int:
        """Pictures of a single unit, one above the other."""
        return self.shape[0] if len(self.shape) == 3 else 1


def drawn_layers(plan: Plan) -> tuple[Drawn, ...]:
    """The layers whose weights can be drawn as what they act on, from the input to the output."""
    found = [_drawn(plan, number, layer) for number, layer in enumerate(plan.layers)]
    return tuple(drawn for drawn in found if drawn is not None)


def _drawn(plan: Plan, number: int, layer: PlannedLayer) -> Drawn | None:
    match layer.kind:
        case "conv":
            shape = (layer.input_shape[0], *layer.kernel)
            return Drawn(number, "kernels", layer.output_shape[0], shape)
        case "conv-transposed":
            shape = (layer.output_shape[0], *layer.kernel)
            return Drawn(number, "kernels", layer.input_shape[0], shape)
        case "dense" if layer.role == "output":
            return Drawn(number, "columns", layer.inputs, layer.output_shape)
        case "dense" if number == _first_weighed(plan) or len(layer.input_shape) == 3:
            return Drawn(number, "rows", layer.units, layer.input_shape)
    return None


def _first_weighed(plan: Plan) -> int:
    """The first layer with weights that is given the sample as it is, but for norms and dropped units."""
    plain = ("dropout", "batch-norm", "layer-norm")
    return next(i for i, layer in enumerate(plan.layers) if layer.kind not in plain)


def one_scale(plan: Plan, drawn: Drawn) -> tuple[Drawn, ...]:
    """The layers that share one scale with a layer: dense ones with all dense ones, kernels with none."""
    if drawn.how == "kernels":
        return (drawn,)
    return tuple(other for other in drawn_layers(plan) if other.how != "kernels")


@dataclass(frozen=True)
class Filters(Look):
    """Weights of a layer as pictures, a page of them; answered by :class:`FiltersSeen`."""

    layer: int
    channel: int = MEAN  # a channel, their mean, or three of them as colours
    order: Order = "index"
    first: int = 0
    count: int = 64


@dataclass(frozen=True, eq=False)
class FiltersSeen:
    """The weights of some units, and the scale of all."""

    look: Filters
    values: Floats  # (n, k)
    shape: tuple[int, ...]  # of one picture: (H, W), (3, H, W) or (k,)
    units: Ints  # (n,)
    norms: Floats  # (n,) ‖w‖ of all weights of a unit, every channel
    total: int  # units of the layer
    limit: float  # all but a thousandth of the weights that share the scale are not larger
    largest: float  # the largest |w| among them


@dataclass(frozen=True)
class Activations(Look):
    """What a test sample makes of every unit; answered by :class:`ActivationsSeen`."""

    sample: int


@dataclass(frozen=True, eq=False)
class LayerSeen:
    """One layer under one sample. Of very many units the first ones."""

    number: int
    values: Floats  # (n, k): feature maps of H·W, or (1, units)
    shape: tuple[int, ...]  # of the whole layer
    least: float
    most: float
    active: float  # share of units with |a| above ``sparsity.ACTIVE``
    dead: int | None = None  # units or maps that are not active in any probed sample

    @property
    def maps(self) -> bool:
        """Whether the layer gives pictures."""
        return len(self.shape) == 3


@dataclass(frozen=True, eq=False)
class ActivationsSeen:
    """A test sample on its way through the network, in eval mode."""

    sample: int
    clean: Floats  # (k,)
    seen: Floats  # (k,) x̃; the clean sample where there is no noise
    made: Floats  # (k,) x̂
    error: float  # MSE_i
    layers: tuple[LayerSeen, ...]
    probed: int  # test samples behind ``LayerSeen.dead``


@dataclass(frozen=True)
class NextUpdate(Look):
    """The gradient of the whole objective for the next batch; answered by :class:`Update`."""


@dataclass(frozen=True)
class Move:
    """What an update does to the parameters of one layer."""

    layer: int
    gradient: float  # ‖∂L/∂w‖ over weights and biases, before any clipping
    size: float  # ‖w‖ before
    change: float | None  # ‖Δw‖; None where the optimiser is not known
    spread: bool = False  # whether it is the head of log σ² of a variational code


@dataclass(frozen=True, eq=False)
class Update:
    """The next update, tried on a copy in train mode."""

    step: int  # updates done before it
    size: int  # B, samples of its batch
    terms: dict[str, float]  # of the objective before it, as the history will have them
    after: dict[str, float] | None  # the same batch, noise and dropped units behind it
    norm: float  # of the whole gradient, before any clipping
    clip: float  # the norm to which it is clipped, 0 for none
    rate: float
    moves: tuple[Move, ...]

    @property
    def total(self) -> float:
        """The objective: the sum of its terms."""
        return sum(self.terms.values())

    @property
    def total_after(self) -> float | None:
        """The objective behind the update."""
        return None if self.after is None else sum(self.after.values())


@dataclass(frozen=True)
class SlowUpdate(Look):
    """The next update, followed with one sample of its batch; answered by :class:`SlowSeen`."""

    place: int = 0  # of the sample in the batch; the last one where the batch is smaller


@dataclass(frozen=True, eq=False)
class SlowSeen:
    """One sample of the next batch on its way through the network, in train mode."""

    update: Update
    place: int
    row: int  # of the training set
    clean: Floats  # (k,)
    seen: Floats  # (k,) x̃
    encoder: tuple[LayerSeen, ...]  # up to the code
    decoder: tuple[LayerSeen, ...]  # behind the code, up to the output
    made: Floats  # (k,) x̂
    error: float  # MSE_i
    noise_error: float  # mean over features of (x̃ − x)²
    batch_error: float  # mean of MSE_i over the batch
    batch_noise_error: float
    mean: LayerSeen | None = None  # μ and log σ² of a variational code, which is drawn from them
    log_var: LayerSeen | None = None
