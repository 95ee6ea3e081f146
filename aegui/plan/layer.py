"""One layer of a plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

from aegui.spec.layers import Activation

Shape = tuple[int, ...]  # (units,) or (channels, height, width)
Pair = tuple[int, int]  # down and across


@dataclass(frozen=True)
class PlannedLayer:
    """One layer with the shapes that it takes and gives; a dense layer flattens what it takes."""

    role: str  # "encoder", "code", "decoder" or "output"
    kind: str  # as in the experiment: "dense", "conv", ...
    input_shape: Shape
    output_shape: Shape
    activation: Activation = "linear"
    path: str = ""  # where its size stands in the experiment; empty for mirrored layers and the output
    kernel: Pair = (1, 1)
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    how: str = ""  # of a pool: "max", "mean"; of an upsample: "nearest", "bilinear"
    p: float = 0.0  # of a dropout
    tied: int | None = None  # place of the layer whose weights are used, transposed, counted with the code
    problem: str = ""  # why it is impossible; its output is then its input

    @property
    def inputs(self) -> int:
        """Numbers that go in."""
        return math.prod(self.input_shape)

    @property
    def units(self) -> int:
        """Numbers that come out."""
        return math.prod(self.output_shape)

    @property
    def weights(self) -> int:
        """Numbers of the weight matrix or of the kernels; those of a tied layer are another's."""
        if self.problem or self.tied is not None:
            return 0
        match self.kind:
            case "dense":
                return self.inputs * self.units
            case "conv" | "conv-transposed":
                return self.input_shape[0] * self.output_shape[0] * math.prod(self.kernel)
        return 0

    @property
    def parameters(self) -> int:
        """Every trainable number: weights, biases, and the two of each normalised unit."""
        if self.problem:
            return 0
        match self.kind:
            case "dense":
                return self.weights + self.units
            case "conv" | "conv-transposed":
                return self.weights + self.output_shape[0]
            case "batch-norm":
                return 2 * self.output_shape[0]
            case "layer-norm":
                return 2 * self.units
        return 0

    @property
    def is_picture(self) -> bool:
        """Whether it gives C×H×W."""
        return len(self.output_shape) == 3


def shape_text(shape: Shape) -> str:
    """``16×14×14``, or ``128``."""
    return "×".join(f"{n:,}" for n in shape)
