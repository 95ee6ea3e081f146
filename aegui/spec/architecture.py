"""The layers around the code."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from aegui.spec.layers import Dense, Layer
from aegui.spec.value import Value, param

MOST_LAYERS = 100  # of encoder or decoder

Output = Literal["auto", "sigmoid", "linear"]


def _dense_by_default(layers: Any) -> Any:
    """A layer that does not say what it is, is dense: ``{ units = 128 }`` is enough."""
    if not isinstance(layers, list | tuple):
        return layers
    return [
        {"kind": "dense", **layer} if isinstance(layer, dict) and "kind" not in layer else layer
        for layer in layers
    ]


Layers = Annotated[
    tuple[Layer, ...], Field(strict=False, max_length=MOST_LAYERS), BeforeValidator(_dense_by_default)
]


class Architecture(Value):
    """The hidden layers of encoder and decoder. The code and the output layer are added to them."""

    encoder: Layers = param(
        (Dense(units=128),),
        "hidden layers between the input and the code",
        label="Encoder",
        symbol="g",
        formula="h = g(x)",
    )
    decoder: Literal["mirror", "tied"] | Layers = param(
        "mirror",
        "hidden layers between the code and the output; mirror repeats the encoder's backwards,"
        " tied does so with the encoder's own weights, transposed",
        label="Decoder",
        symbol="f",
        formula="x̂ = f(h)",
    )
    output: Output = param(
        "auto",
        "activation of the reconstruction; auto takes sigmoid for pictures between 0 and 1 and for bce,"
        " else linear",
        label="Output",
        symbol="x̂",
    )
