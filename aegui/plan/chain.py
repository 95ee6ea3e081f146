"""Shapes through a list of layers, one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from aegui.plan.layer import Pair, PlannedLayer, Shape, shape_text
from aegui.spec.layers import (
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


def chain(
    layers: tuple[Layer, ...], shape: Shape, role: str, path: str, *, along: bool
) -> Iterator[PlannedLayer]:
    """Every layer with its shapes. ``along``: kernels act along a signal only, not down.

    An impossible layer carries the reason, and hands on what it was given.
    """
    for i, layer in enumerate(layers):
        planned = _planned(layer, shape, role, f"{path}[{i}]", along)
        yield planned
        shape = planned.output_shape


def _planned(layer: Layer, shape: Shape, role: str, path: str, along: bool) -> PlannedLayer:
    match layer:
        case Dense():
            return PlannedLayer(role, "dense", shape, (layer.units,), layer.activation, f"{path}.units")
        case Reshape():
            return _reshaped(layer, shape, role, path)
        case Dropout():
            return PlannedLayer(role, layer.kind, shape, shape, path=path, p=layer.p)
        case BatchNorm() | LayerNorm():
            return PlannedLayer(role, layer.kind, shape, shape, layer.activation, path)
    if len(shape) != 3:
        why = f"needs a picture or a signal, but is given {shape_text(shape)} units; put it before the"
        return _impossible(layer, shape, role, path, f"{why} dense layers, or a reshape in between")
    match layer:
        case Conv():
            return _conv(layer, shape, role, path, along)
        case ConvTransposed():
            return _conv_transposed(layer, shape, role, path, along)
        case Pool():
            return _pool(layer, shape, role, path, along)
        case Upsample():
            factor = pair(layer.factor, 1, along)
            grown = (shape[0], shape[1] * factor[0], shape[2] * factor[1])
            return PlannedLayer(role, layer.kind, shape, grown, path=path, stride=factor, how=layer.how)


def pair(across: int, down: int, along: bool) -> Pair:
    """A number for both directions, or with ``along`` for the second one alone."""
    return (down, across) if along else (across, across)


def border(kernel: int, padding: Padding) -> int:
    """Zeros on each side."""
    return (kernel - 1) // 2 if padding == "same" else 0


def _conv(layer: Conv, shape: Shape, role: str, path: str, along: bool) -> PlannedLayer:
    kernel, stride = pair(layer.kernel, 1, along), pair(layer.stride, 1, along)
    padding = pair(border(layer.kernel, layer.padding), 0, along)
    sizes = [(n + 2 * p - k) // s + 1 for n, k, s, p in zip(shape[1:], kernel, stride, padding, strict=True)]
    if min(sizes) < 1:
        why = f"a kernel of {layer.kernel} does not fit into {shape_text(shape)}"
        return _impossible(layer, shape, role, path, f"{why}; take a smaller kernel or pool less before it")
    return PlannedLayer(
        role,
        "conv",
        shape,
        (layer.channels, *sizes),
        layer.activation,
        f"{path}.channels",
        kernel,
        stride,
        padding,
    )


def _conv_transposed(layer: ConvTransposed, shape: Shape, role: str, path: str, along: bool) -> PlannedLayer:
    kernel, stride = pair(layer.kernel, 1, along), pair(layer.stride, 1, along)
    padding = pair(border(layer.kernel, layer.padding), 0, along)
    missing = (
        [max(0, s - (k - 2 * p)) for k, s, p in zip(kernel, stride, padding, strict=True)]
        if layer.padding == "same"
        else [0, 0]
    )
    sizes = [
        (n - 1) * s - 2 * p + k + more
        for n, k, s, p, more in zip(shape[1:], kernel, stride, padding, missing, strict=True)
    ]
    return PlannedLayer(
        role,
        "conv-transposed",
        shape,
        (layer.channels, *sizes),
        layer.activation,
        f"{path}.channels",
        kernel,
        stride,
        padding,
        (missing[0], missing[1]),
    )


def _pool(layer: Pool, shape: Shape, role: str, path: str, along: bool) -> PlannedLayer:
    window = pair(layer.size, 1, along)
    sizes = [n // w for n, w in zip(shape[1:], window, strict=True)]
    if min(sizes) < 1:
        why = f"a window of {layer.size} does not fit into {shape_text(shape)}"
        return _impossible(layer, shape, role, path, f"{why}; take it out, or a smaller window")
    return PlannedLayer(
        role, "pool", shape, (shape[0], *sizes), path=path, kernel=window, stride=window, how=layer.how
    )


def _reshaped(layer: Reshape, shape: Shape, role: str, path: str) -> PlannedLayer:
    wanted = (layer.channels, layer.height, layer.width)
    planned = PlannedLayer(role, "reshape", shape, wanted, path=path)
    if planned.inputs != planned.units:
        why = f"{shape_text(wanted)} are {planned.units:,} numbers, but it is given {planned.inputs:,}"
        return _impossible(layer, shape, role, path, why)
    return planned


def _impossible(layer: Layer, shape: Shape, role: str, path: str, why: str) -> PlannedLayer:
    return PlannedLayer(role, layer.kind, shape, shape, path=path, problem=why)
