"""The layers that encoder and decoder are made of.

Pictures run through them as C×H×W; a signal of k values is one channel of 1×k, so that
kernels, strides and windows act along it alone. Where a layer of units follows a picture,
the picture is flattened.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param

Activation = Literal["linear", "relu", "leaky-relu", "elu", "gelu", "silu", "sigmoid", "tanh"]
Padding = Literal["same", "none"]

_ACTIVATION = "nonlinearity behind the layer"


class Dense(Value):
    """A fully connected layer: every unit sees every unit of the layer before."""

    kind: Literal["dense"] = "dense"
    units: int = param(128, "number of units", label="Units", ge=1)
    activation: Activation = param("relu", _ACTIVATION, label="Activation", symbol="σ", formula="σ(W·x + b)")


class Conv(Value):
    """A convolution: the same small kernels slide over the whole picture (LeCun et al. 1989)."""

    kind: Literal["conv"] = "conv"
    channels: int = param(16, "number of kernels, each of which gives one channel", label="Channels", ge=1)
    kernel: int = param(3, "side of a kernel in pixels", label="Kernel", ge=1)
    stride: int = param(1, "pixels from one place of the kernel to the next", label="Stride", ge=1)
    padding: Padding = param(
        "same",
        "same surrounds the picture with zeros, so that an odd kernel at stride 1 keeps its size;"
        " none shrinks it",
        label="Padding",
    )
    activation: Activation = param(
        "relu", _ACTIVATION, label="Activation", symbol="σ", formula="σ(W ∗ x + b)"
    )


class ConvTransposed(Value):
    """A transposed convolution: every pixel paints a kernel; with a stride it enlarges the picture."""

    kind: Literal["conv-transposed"] = "conv-transposed"
    channels: int = param(16, "number of channels that come out", label="Channels", ge=1)
    kernel: int = param(3, "side of a kernel in pixels", label="Kernel", ge=1)
    stride: int = param(2, "how many times larger the picture gets", label="Stride", ge=1)
    padding: Padding = param(
        "same",
        "same cuts the border so that the picture grows by the stride exactly (an even kernel at"
        " stride 1 adds a pixel); none leaves it",
        label="Padding",
    )
    activation: Activation = param(
        "relu", _ACTIVATION, label="Activation", symbol="σ", formula="σ(Wᵀ ∗ x + b)"
    )


class Pool(Value):
    """Keeps the largest value or the mean of every window."""

    kind: Literal["pool"] = "pool"
    how: Literal["max", "mean"] = param("max", "what is kept of a window", label="Keeps")
    size: int = param(2, "side of a window in pixels; windows lie side by side", label="Window", ge=2)


class Upsample(Value):
    """Enlarges the picture by repeating pixels or by straight lines between them."""

    kind: Literal["upsample"] = "upsample"
    factor: int = param(2, "how many times larger the picture gets", label="Factor", ge=2)
    how: Literal["nearest", "bilinear"] = param("nearest", "what is put in between", label="Fills by")


class Reshape(Value):
    """Takes a row of units as a picture."""

    kind: Literal["reshape"] = "reshape"
    channels: int = param(16, "channels of the picture", label="Channels", ge=1)
    height: int = param(7, "height of the picture", label="Height", ge=1)
    width: int = param(7, "width of the picture", label="Width", ge=1)


class Dropout(Value):
    """Sets a share of the units to zero while training, and scales the rest (Srivastava et al. 2014)."""

    kind: Literal["dropout"] = "dropout"
    p: float = param(
        0.2, "share of units that are dropped in each batch", label="Dropped share", symbol="p", ge=0, lt=1
    )


class BatchNorm(Value):
    """Brings each unit or channel to mean 0 and deviation 1 over the batch (Ioffe & Szegedy 2015)."""

    kind: Literal["batch-norm"] = "batch-norm"
    activation: Activation = param(
        "linear", _ACTIVATION, label="Activation", symbol="σ", formula="σ(γ·(x − μ)/√(s² + ε) + β)"
    )


class LayerNorm(Value):
    """Brings the units of each sample to mean 0 and deviation 1 (Ba, Kiros & Hinton 2016)."""

    kind: Literal["layer-norm"] = "layer-norm"
    activation: Activation = param(
        "linear", _ACTIVATION, label="Activation", symbol="σ", formula="σ(γ·(x − μ)/√(s² + ε) + β)"
    )


Layer = Annotated[
    Dense | Conv | ConvTransposed | Pool | Upsample | Reshape | Dropout | BatchNorm | LayerNorm,
    Field(discriminator="kind"),
]
