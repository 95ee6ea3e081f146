"""The decoder that undoes an encoder, layer by layer from behind.

A dense layer is undone by one of the size that it was given, a convolution by a transposed
one that comes out at exactly the size before it, a pool by upsampling. Dropout and norms
change no size, and are repeated where they stand; those in front of the first other layer
would stand behind the output, and are left out.
"""

from __future__ import annotations

import dataclasses

from aegui.plan.layer import PlannedLayer, Shape
from aegui.spec.layers import (
    Activation,
    BatchNorm,
    Conv,
    ConvTransposed,
    Dense,
    Dropout,
    Layer,
    LayerNorm,
    Padding,
    Pool,
    Reshape,
    Upsample,
)

_KEEPS_SIZE = ("dropout", "batch-norm", "layer-norm")
_WEIGHED = ("dense", "conv", "conv-transposed")


def mirrored(
    encoder: tuple[PlannedLayer, ...], code: PlannedLayer, output: Activation, *, tied: bool
) -> tuple[PlannedLayer, ...]:
    """Decoder and output for possible layers ``encoder``; the last one gives the input's shape.

    ``tied``: dense layers use the weights of those that they undo.
    """
    possible = [(i, layer) for i, layer in enumerate(encoder) if not layer.problem]
    while possible and possible[0][1].kind in _KEEPS_SIZE:
        possible.pop(0)
    layers = [layer for _, layer in possible]
    first = _undone(code, _activation_before(layers, len(layers)), len(encoder) if tied else None)
    decoder = [first]
    for n in range(len(possible) - 1, -1, -1):
        place, layer = possible[n]
        if layer.kind in _KEEPS_SIZE:
            decoder.append(dataclasses.replace(layer, role="decoder", path=""))
        else:
            tied_to = place if tied and layer.kind == "dense" else None
            decoder.append(_undone(layer, _activation_before(layers, n), tied_to))
    decoder[-1] = dataclasses.replace(decoder[-1], role="output", activation=output)
    return tuple(decoder)


def _activation_before(layers: list[PlannedLayer], n: int) -> Activation:
    """Of the nearest layer with weights among the first ``n``."""
    weighed = [layer for layer in layers[:n] if layer.kind in _WEIGHED]
    return weighed[-1].activation if weighed else "linear"


def _undone(layer: PlannedLayer, activation: Activation, tied: int | None) -> PlannedLayer:
    """The layer from this one's output back to its input."""
    given, wanted = layer.output_shape, layer.input_shape
    match layer.kind:
        case "conv":
            return _conv_undone(layer, activation)
        case "conv-transposed":
            return PlannedLayer(
                "decoder",
                "conv",
                given,
                wanted,
                activation,
                "",
                layer.kernel,
                layer.stride,
                layer.padding,
            )
        case "pool":
            return PlannedLayer("decoder", "upsample", given, wanted, stride=layer.stride, how="nearest")
        case "upsample":
            return PlannedLayer(
                "decoder", "pool", given, wanted, kernel=layer.stride, stride=layer.stride, how="mean"
            )
        case "reshape":
            return PlannedLayer("decoder", "reshape", given, wanted)
    return PlannedLayer("decoder", "dense", given, wanted, activation, tied=tied)


def _conv_undone(layer: PlannedLayer, activation: Activation) -> PlannedLayer:
    """A stride drops the pixels that do not fill it; the output's padding brings them back."""
    missing = [
        wanted - ((given - 1) * s - 2 * p + k)
        for wanted, given, k, s, p in zip(
            layer.input_shape[1:],
            layer.output_shape[1:],
            layer.kernel,
            layer.stride,
            layer.padding,
            strict=True,
        )
    ]
    return PlannedLayer(
        "decoder",
        "conv-transposed",
        layer.output_shape,
        layer.input_shape,
        activation,
        "",
        layer.kernel,
        layer.stride,
        layer.padding,
        (missing[0], missing[1]),
    )


def explicit_decoder(decoder: tuple[PlannedLayer, ...], output: PlannedLayer) -> tuple[Layer, ...]:
    """A mirrored decoder as layers that can be edited.

    Where the mirror's output layer enlarges the picture, it becomes a layer of its own, since the
    output of an explicit decoder is a convolution at full size.
    """
    layers = [layer for planned in decoder for layer in _as_layers(planned)]
    if output.kind == "upsample" or (output.kind == "conv-transposed" and max(output.stride) > 1):
        layers += _as_layers(dataclasses.replace(output, activation="relu", output_shape=_kept(output)))
    return tuple(layers)


def _kept(output: PlannedLayer) -> Shape:
    """As many channels as before, at the output's size."""
    return (output.input_shape[0], *output.output_shape[1:])


def _as_layers(planned: PlannedLayer) -> list[Layer]:
    reach, stride = max(planned.kernel), max(planned.stride)
    match planned.kind:
        case "dense":
            dense: list[Layer] = [Dense(units=planned.units, activation=planned.activation)]
            return dense + ([_reshape(planned.output_shape)] if planned.is_picture else [])
        case "conv" | "conv-transposed":
            make = Conv if planned.kind == "conv" else ConvTransposed
            padding: Padding = "same" if max(planned.padding) else "none" if reach > 2 else "same"
            return [
                make(
                    channels=planned.output_shape[0],
                    kernel=reach,
                    stride=stride,
                    padding=padding,
                    activation=planned.activation,
                )
            ]
        case "pool":
            return [Pool(how="mean" if planned.how == "mean" else "max", size=stride)]
        case "upsample":
            return [Upsample(factor=stride, how="nearest" if planned.how == "nearest" else "bilinear")]
        case "dropout":
            return [Dropout(p=planned.p)]
        case "batch-norm":
            return [BatchNorm(activation=planned.activation)]
        case "layer-norm":
            return [LayerNorm(activation=planned.activation)]
        case "reshape" if planned.is_picture:
            return [_reshape(planned.output_shape)]
    return []  # a picture that is flattened: a dense layer does that itself


def _reshape(shape: Shape) -> Reshape:
    return Reshape(channels=shape[0], height=shape[1], width=shape[2])
