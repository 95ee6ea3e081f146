"""The layers around the code."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from aegui.spec.value import Value, param

Activation = Literal["linear", "relu", "leaky-relu", "elu", "gelu", "silu", "sigmoid", "tanh"]
Output = Literal["auto", "sigmoid", "linear"]


class Dense(Value):
    """A fully connected layer: every unit sees every unit of the layer before."""

    kind: Literal["dense"] = "dense"
    units: int = param(128, "number of units", label="Units", ge=1)
    activation: Activation = param(
        "relu", "nonlinearity behind the layer", label="Activation", symbol="σ", formula="σ(W·x + b)"
    )


Layer = Dense
Layers = Annotated[tuple[Layer, ...], Field(strict=False)]


class Architecture(Value):
    """The hidden layers of encoder and decoder. The code and the output layer are added to them."""

    encoder: Layers = param(
        (Dense(units=128),),
        "hidden layers between the input and the code",
        label="Encoder",
        symbol="g",
        formula="h = g(x)",
    )
    decoder: Literal["mirror"] | Layers = param(
        "mirror",
        "hidden layers between the code and the output; mirror repeats the encoder's backwards",
        label="Decoder",
        symbol="f",
        formula="x̂ = f(h)",
    )
    output: Output = param(
        "auto",
        "activation of the reconstruction; auto takes sigmoid for data between 0 and 1, else linear",
        label="Output",
        symbol="x̂",
    )
